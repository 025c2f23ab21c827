"""Reading anybody's catalogue: Turtle, RDF/XML, JSON-LD or N-Triples, by suffix or by looking; nothing is fetched on the way."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException, SAXParseException

from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

FORMATS = {
    ".ttl": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".owl": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
    ".nt": "nt",
    ".ntriples": "nt",
}

MISSING = Message(
    "catalogue.file-missing",
    nl="dit bestand is er niet of mag niet gelezen worden; typ het pad van een bestand met een catalogus (.ttl, .rdf, .jsonld of .nt)",
    en="this file does not exist or may not be read; type the path of a file with a catalogue (.ttl, .rdf, .jsonld or .nt)",
)
EMPTY = Message(
    "catalogue.file-empty",
    nl="in dit bestand staat niets; een catalogus heeft minstens een dcat:Catalog of een dcat:Dataset",
    en="there is nothing in this file; a catalogue has at least a dcat:Catalog or a dcat:Dataset",
)
NOT_UTF8 = Message(
    "catalogue.file-encoding",
    nl="dit bestand is geen UTF-8; sla het op als UTF-8",
    en="this file is not UTF-8; save it as UTF-8",
)
BROKEN = Message(
    "catalogue.file-broken",
    nl="dit bestand is als {form} niet te lezen; kijk op deze plaats naar een ontbrekende punt, een haakje of een aanhalingsteken",
    en="this file cannot be read as {form}; look at this place for a missing full stop, bracket or quote",
)
REMOTE_CONTEXT = Message(
    "catalogue.remote-context",
    nl="dit bestand haalt zijn @context van een adres op het internet; zet de inhoud van die context in het bestand zelf",
    en="this file takes its @context from an address on the internet; put the content of that context into the file itself",
)
WEB_PAGE = Message(
    "catalogue.file-html",
    nl="dit is een webpagina en geen catalogus; zoek op de pagina een verwijzing naar .ttl, .rdf, .jsonld of .nt, en typ die",
    en="this is a web page and no catalogue; look on the page for a link to .ttl, .rdf, .jsonld or .nt, and type that",
)

_BASE = "https://catalogue.invalid/"
_NAMES = {"turtle": "Turtle", "xml": "RDF/XML", "json-ld": "JSON-LD", "nt": "N-Triples"}


def load(path: Path) -> Graph:
    """Read a catalogue; ConfigurationError with the place where it goes wrong."""
    try:
        content = path.read_bytes()
    except OSError:
        raise ConfigurationError(MISSING.at(Place(str(path)))) from None
    return loads(content, str(path), FORMATS.get(path.suffix.lower()))


def loads(content: bytes, name: str, form: str | None = None) -> Graph:
    """Read a catalogue out of bytes; ConfigurationError with the place where it goes wrong.

    Args:
        content: in UTF-8; a byte order mark is passed over.
        name: the file or address, for the place.
        form: as rdflib calls it; None to look at the content.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(NOT_UTF8.at(Place(name))) from None
    if re.match(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", text[:2000], re.IGNORECASE | re.DOTALL):
        raise ConfigurationError(WEB_PAGE.at(Place(name)))
    form = form or sniff(text)
    if form == "json-ld":
        _refuse_remote(text, name)
    graph = _parse(text, form, name)
    if not len(graph):
        raise ConfigurationError(EMPTY.at(Place(name)))
    return graph


def sniff(content: str) -> str:
    """Tell the syntax by the first character: XML starts with a tag, JSON with a bracket; anything else is Turtle, as N-Triples is."""
    start = content.lstrip()[:200]
    if start.startswith(("{", "[")):
        return "json-ld"
    return "xml" if start.startswith(("<?xml", "<rdf:", "<!--", "<!DOCTYPE")) else "turtle"


def _parse(content: str, form: str, name: str) -> Graph:
    """Parse; what a parser says may quote the file, so only the line is kept."""
    from rdflib import Graph
    from rdflib.exceptions import ParserError
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph = Graph(bind_namespaces="none")
    try:
        # The address of the file would put this machine's folders into relative IRIs.
        graph.parse(data=content, format=form, publicID=_BASE)
    except BadSyntax as error:
        line = _turtle_line(error)
    except SAXParseException as error:
        line = error.getLineNumber() or 0
    except json.JSONDecodeError as error:
        line = error.lineno
    except (ParserError, SAXException, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        line = 0
    else:
        return graph
    raise ConfigurationError(BROKEN.at(Place(name, line or None), form=_NAMES[form])) from None


def _turtle_line(error: BadSyntax) -> int:
    """Give the line of a syntax error: rdflib's own count runs ahead, the offset at which it stopped does not."""
    read, offset = getattr(error, "_str", ""), getattr(error, "_i", 0)
    text = read.decode("utf-8", "replace") if isinstance(read, bytes) else str(read)
    rest = text[offset:]
    return text.count("\n", 0, offset + len(rest) - len(rest.lstrip())) + 1


def _refuse_remote(content: str, name: str) -> None:
    """Refuse a JSON-LD file whose context lies elsewhere: reading it would reach over the network."""
    try:
        values = json.loads(content)
    except (json.JSONDecodeError, RecursionError):
        return  # the parser says where it breaks
    if any(_remote(context) for context in _contexts(values)):
        raise ConfigurationError(REMOTE_CONTEXT.at(Place(name)))


def _contexts(values: Any) -> list[Any]:
    """Find every `@context` in a JSON document, without recursion, and everything imported into one."""
    found, waiting = [], [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found += [value[key] for key in ("@context", "@import") if key in value]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _remote(context: Any) -> bool:
    """Whether a context is an address, or has one among its parts."""
    return isinstance(context, str) or (isinstance(context, list) and any(isinstance(part, str) for part in context))
