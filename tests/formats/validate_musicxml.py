"""Holds MusicXML files to the schema of the W3C, which the package partitura carries; says what is wrong with each."""

import importlib.util
import json
import pathlib
import sys

from lxml import etree

XSD = "http://www.w3.org/2001/XMLSchema"
# What the schema imports from elsewhere, as far as it names it: attributes that no score of ours has.
IMPORTED = {
    "xml.xsd": ("http://www.w3.org/XML/1998/namespace", ["lang", "space"]),
    "xlink.xsd": ("http://www.w3.org/1999/xlink", ["href", "type", "role", "title", "show", "actuate"]),
}


class Offline(etree.Resolver):
    def resolve(self, url, _id, context):
        if (known := IMPORTED.get(url.rsplit("/", 1)[1])) is None:
            return None
        namespace, names = known
        attributes = "".join(f'<attribute name="{name}"/>' for name in names)
        schema = f'<schema xmlns="{XSD}" targetNamespace="{namespace}">{attributes}</schema>'
        return self.resolve_string(schema, context)


parser = etree.XMLParser(no_network=True)
parser.resolvers.add(Offline())
(package,) = importlib.util.find_spec("partitura").submodule_search_locations
schema = etree.XMLSchema(etree.parse(str(pathlib.Path(package) / "assets" / "musicxml.xsd"), parser))


def wrong(path):
    # The doctype's file lies on the network, and says no more than the schema.
    document = etree.parse(path, etree.XMLParser(load_dtd=False, no_network=True))
    schema.validate(document)
    return [f"{error.line}: {error.message}" for error in schema.error_log]


print(json.dumps([wrong(path) for path in sys.argv[1:]]))
