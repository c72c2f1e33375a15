#!/usr/bin/env bash
# Installs DVC and Snakemake for `deno task bench:pipeline`, pinned, into artifacts/pipeline-venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=artifacts/pipeline-venv
[ -x "$venv/bin/dvc" ] && [ -x "$venv/bin/snakemake" ] && exit 0
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check dvc==3.67.1 snakemake==9.27.1
