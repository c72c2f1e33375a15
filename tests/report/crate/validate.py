"""Checks an RO-Crate by roc-validator, without a network: `python3 validate.py FOLDER`.

Prints each requirement that is not met; the exit status is 0 where all REQUIRED ones are. The JSON-LD contexts that
a crate names are served from `contexts.json`, by address.
"""

import json
import pathlib
import sys
import tempfile

from requests_cache import CachedRequest, CachedResponse, CachedSession
from rocrate_validator import services
from rocrate_validator.models import Severity


def cache_contexts(cache: str) -> None:
    """Puts the contexts into the validator's HTTP cache, from which alone it reads when it is offline."""
    contexts = json.loads((pathlib.Path(__file__).parent / "contexts.json").read_text("utf-8"))
    with CachedSession(cache, backend="sqlite") as session:
        for url, terms in contexts.items():
            session.cache.save_response(
                CachedResponse(
                    request=CachedRequest(method="GET", url=url),
                    url=url,
                    status_code=200,
                    headers={"Content-Type": "application/ld+json"},
                    content=json.dumps({"@context": terms}).encode(),
                )
            )


with tempfile.TemporaryDirectory() as folder:
    cache = f"{folder}/http"
    cache_contexts(cache)
    result = services.validate(
        services.ValidationSettings(
            rocrate_uri=sys.argv[1],
            profile_identifier="workflow-run-crate-0.5",
            requirement_severity=Severity.REQUIRED,
            offline=True,
            cache_path=pathlib.Path(cache),
        )
    )
    for issue in result.get_issues():
        print(f"{issue.check.identifier} {issue.check.name}: {issue.message}")
    sys.exit(0 if result.passed() else 1)
