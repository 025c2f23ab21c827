"""Reads YAML and JSON so that nothing is read otherwise than it looks, and remembers where everything stands.

PyYAML's parser gives events with marks; we build plain data from them ourselves (`config.scalars` says what a scalar means).
Refused, each with its place and what to do: duplicate keys, tags such as ``!!python/object``, several documents, alias bombs, deep
nesting, tabs, control characters, another encoding than UTF-8, and files above `MAX_BYTES`. A parser's own sentence is never shown:
it may quote the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from config.document import Document, DocumentPath, Mark, Places
from config.errors import ConfigurationError, Message, Place, Problem
from config.scalars import UnusableNumberError, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_ALIASES = 20
MAX_NODES = 100_000
"""Counted with every alias written out."""

UNREADABLE = Message(
    "yaml.unreadable",
    nl="Het bestand kan niet worden gelezen ({reason}). Kijk of het bestaat en of u het mag lezen.",
    en="The file cannot be read ({reason}). Check that it exists and that you may read it.",
)
TOO_LARGE = Message(
    "yaml.too-large",
    nl="Het bestand is groter dan {limit} bytes. Zet gegevens in een eigen bestand (CSV) en noem dat hier.",
    en="The file is larger than {limit} bytes. Put data in a file of its own (CSV) and name it here.",
)
ENCODING = Message(
    "yaml.encoding",
    nl="Het bestand is geen UTF-8. Sla het op als UTF-8 (in de editor: Opslaan met codering).",
    en="The file is not UTF-8. Save it as UTF-8 (in the editor: Save with encoding).",
)
CONTROL = Message(
    "yaml.control-character",
    nl="Hier staat een onzichtbaar stuurteken (U+{code}). Haal het weg.",
    en="There is an invisible control character here (U+{code}). Remove it.",
)
TAB = Message(
    "yaml.tab",
    nl="Hier springt een tab in. Gebruik spaties.",
    en="A tab indents here. Use spaces.",
)
SYNTAX = Message(
    "yaml.syntax",
    nl="Dit is geen geldige YAML: {reason}.",
    en="This is not valid YAML: {reason_en}.",
)
DUPLICATE = Message(
    "yaml.duplicate-key",
    nl="De sleutel `{key}` staat er twee keer; de eerste staat op regel {first}. Haal er één weg.",
    en="The key `{key}` stands here twice; the first is on line {first}. Remove one.",
)
KEY = Message(
    "yaml.key",
    nl="Een sleutel moet een tekst zijn, geen lijst of blok.",
    en="A key must be a text, not a list or a block.",
)
TAG = Message(
    "yaml.tag",
    nl="Een tag (`!…`) kan hier niet. Haal hem weg; zet een tekst zo nodig tussen aanhalingstekens.",
    en="A tag (`!…`) is not possible here. Remove it; quote a text where needed.",
)
DOCUMENTS = Message(
    "yaml.documents",
    nl="Het bestand heeft meer dan één document. Haal de regel `---` weg en zet elk document in een eigen bestand.",
    en="The file has more than one document. Remove the line `---` and put each document in a file of its own.",
)
EMPTY = Message("yaml.empty", nl="Het bestand is leeg.", en="The file is empty.")
ALIASES = Message(
    "yaml.aliases",
    nl="Het bestand verwijst te vaak met `*` (meer dan {limit} keer, of samen te groot). Schrijf de tekst voluit.",
    en="The file refers with `*` too often (more than {limit} times, or too large together). Write the text out.",
)
ALIAS_UNKNOWN = Message(
    "yaml.alias-unknown",
    nl="Deze verwijzing met `*` wijst naar niets dat erboven staat. Zet een tekst met een ster tussen aanhalingstekens.",
    en="This reference with `*` points to nothing above it. Put a text with an asterisk in quotes.",
)
DEPTH = Message(
    "yaml.depth",
    nl="Hier zijn meer dan {limit} blokken in elkaar gezet.",
    en="More than {limit} blocks are nested here.",
)
SIZE = Message(
    "yaml.nodes",
    nl="Het bestand heeft meer dan {limit} onderdelen. Zet gegevens in een eigen bestand (CSV) en noem dat hier.",
    en="The file has more than {limit} parts. Put data in a file of its own (CSV) and name it here.",
)
NUMBER = Message(
    "yaml.number",
    nl="Dit getal is oneindig, geen getal of te lang. Zet het tussen aanhalingstekens als het een code is.",
    en="This number is infinite, not a number or too long. Quote it if it is a code.",
)

# What the parser says → what the writer of the file sees. Matched on a fragment; libyaml and PyYAML differ in wording.
REASONS = (
    (
        "mapping values are not allowed",
        "een dubbele punt te veel of een verkeerde inspringing; zet een tekst met een dubbele punt tussen aanhalingstekens",
        "one colon too many or a wrong indentation; put a text with a colon in quotes",
    ),
    ("end of stream while scanning", "een aanhalingsteken is niet gesloten", "a quote is not closed"),
    ("unexpected end of stream", "een aanhalingsteken is niet gesloten", "a quote is not closed"),
    ("',' or ']'", "een lijst met [ is niet gesloten, of er ontbreekt een komma", "a list with [ is not closed, or a comma is missing"),
    ("',' or '}'", "een blok met { is niet gesloten, of er ontbreekt een komma", "a block with { is not closed, or a comma is missing"),
    ("expected ':'", "er ontbreekt een dubbele punt met een spatie erachter", "a colon followed by a space is missing"),
    ("expected key", "de inspringing klopt niet", "the indentation is wrong"),
    ("block end", "de inspringing klopt niet", "the indentation is wrong"),
    ("'-' indicator", "de inspringing klopt niet", "the indentation is wrong"),
    (
        "escape",
        'een \\ in een tekst met " is geen geldige code; gebruik enkele aanhalingstekens',
        'a \\ in a text with " is not a valid code; use single quotes',
    ),
    (
        "cannot start any token",
        "een tekst die met dit teken begint moet tussen aanhalingstekens",
        "a text that starts with this character must be quoted",
    ),
)
OTHER_REASON = ("kijk naar de inspringing, de dubbele punten en de aanhalingstekens", "look at the indentation, the colons and the quotes")

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""What YAML does not allow in a file, and the marks that turn the direction of text, which hide what a line says."""
JSON_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Node:
    """A part of the file: `value` is a scalar, a list of nodes, or a list of (key node, value node); `size` counts it and all inside."""

    kind: str
    mark: Mark
    value: Any = None
    size: int = 1
    closed: bool = False


def load(file: Path, *, name: str | None = None) -> Document:
    """Read a file; ConfigurationError with every problem found. `name` is how the file is called in messages."""
    shown = name or str(file)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(UNREADABLE.at(Place(shown), reason=type(error).__name__)) from None
    return parse(content, name=shown)


def parse(content: bytes, *, name: str = "") -> Document:
    """Read the content of a file; ConfigurationError with every problem found."""
    text = _decode(content, name)
    if name.endswith(".json"):
        text = JSON_PAIR.sub(_join_surrogates, text)
    builder = _Builder(name or None)
    root = builder.read(text)
    if root is None or builder.problems:
        raise ConfigurationError(*(builder.problems or [EMPTY.at(Place(name or None, 1, 1))]))
    data = builder.plain(root, ())
    if builder.problems:
        raise ConfigurationError(*sorted(builder.problems, key=lambda problem: (problem.place.line or 0, problem.place.column or 0)))
    return Document(data, Places(name or None, builder.values, builder.keys))


def _decode(content: bytes, name: str) -> str:
    """Give the text of a UTF-8 file, with or without BOM, in which every character is one that people can type."""
    if len(content) > MAX_BYTES:
        raise ConfigurationError(TOO_LARGE.at(Place(name or None), limit=MAX_BYTES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        raise ConfigurationError(ENCODING.at(_position(name, before))) from None
    odd = UNPRINTABLE.search(text)
    if odd is not None:
        raise ConfigurationError(CONTROL.at(_position(name, text[: odd.start()]), code=f"{ord(odd.group()):04X}"))
    return text


def _position(name: str, before: str) -> Place:
    """Give the place just after a piece of text."""
    return Place(name or None, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _join_surrogates(match: re.Match[str]) -> str:
    r"""Write the two halves of a JSON escape such as ``\ud83d\ude00`` as the one character they mean; YAML has no such pairs."""
    pair = bytes.fromhex(match[2] + match[3]).decode("utf-16-be")
    return match[1] + pair


def _mark(mark: Any) -> Mark:
    """Give a parser's mark with line and column from 1."""
    return (mark.line + 1, mark.column + 1)


class _Builder:
    """Builds nodes from the parser's events, with a stack of its own, and plain data from the nodes."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.values: dict[DocumentPath, Mark] = {}
        self.keys: dict[DocumentPath, Mark] = {}
        self._anchors: dict[str, _Node] = {}
        self._aliases = 0
        self._size = 0

    def read(self, text: str) -> _Node | None:
        """Give the root node, or None when there is none; what is wrong is in `problems`."""
        stack: list[_Node] = [_Node("root", (1, 1), [])]
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                if not self._event(event, stack):
                    return None
        except yaml.MarkedYAMLError as error:
            self.problems.append(self._syntax(error, text))
        except yaml.YAMLError:
            self.problems.append(SYNTAX.at(Place(self.name), reason=OTHER_REASON[0], reason_en=OTHER_REASON[1]))
        return stack[0].value[0] if stack[0].value else None

    def _event(self, event: yaml.Event, stack: list[_Node]) -> bool:
        """Take one event; False when reading on makes no sense."""
        mark = _mark(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent) and stack[0].value:
            return self._stop(DOCUMENTS.at(self._place(mark)))
        if isinstance(event, yaml.CollectionEndEvent):
            return self._close(stack)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, stack, mark)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            return self._open(event, stack, mark)
        return True

    def _open(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, stack: list[_Node], mark: Mark) -> bool:
        """Take a scalar, or the start of a list or block."""
        if event.tag is not None:
            self.problems.append(TAG.at(self._place(mark)))
        if isinstance(event, yaml.ScalarEvent):
            node = _Node("plain" if event.implicit[0] else "quoted", mark, event.value, closed=True)
            stack[-1].value.append(node)
        else:
            node = _Node("list" if isinstance(event, yaml.SequenceStartEvent) else "block", mark, [], size=-self._size)
            stack[-1].value.append(node)
            stack.append(node)
            if len(stack) > MAX_DEPTH:
                return self._stop(DEPTH.at(self._place(mark), limit=MAX_DEPTH))
        if event.anchor:
            self._anchors[event.anchor] = node
        self._size += 1
        return self._size <= MAX_NODES or self._stop(SIZE.at(self._place(mark), limit=MAX_NODES))

    def _close(self, stack: list[_Node]) -> bool:
        """Take the end of a list or block, whose size is what was counted since its start."""
        node = stack.pop()
        node.closed = True
        node.size += self._size
        return True

    def _alias(self, event: yaml.AliasEvent, stack: list[_Node], mark: Mark) -> bool:
        """Take a reference to an anchor; it counts for all that it stands for, and may not hold itself."""
        self._aliases += 1
        node = self._anchors.get(event.anchor or "")
        if node is None or not node.closed:
            return self._stop(ALIAS_UNKNOWN.at(self._place(mark)))
        self._size += node.size
        if self._aliases > MAX_ALIASES or self._size > MAX_NODES:
            return self._stop(ALIASES.at(self._place(mark), limit=MAX_ALIASES))
        stack[-1].value.append(_Node(node.kind, mark, node.value, node.size, closed=True))
        return True

    def plain(self, node: _Node, path: DocumentPath) -> Any:
        """Give the data of a node and note the place of every part."""
        self.values[path] = node.mark
        if len(path) > MAX_DEPTH:
            self.problems.append(DEPTH.at(self._place(node.mark, path), limit=MAX_DEPTH))
            return None
        if node.kind == "list":
            return [self.plain(item, (*path, index)) for index, item in enumerate(node.value)]
        if node.kind == "block":
            return {key: self.plain(value, (*path, key)) for key, value in self._pairs(node, path)}
        if node.kind == "quoted":
            return node.value
        try:
            return resolve(node.value)
        except UnusableNumberError:
            self.problems.append(NUMBER.at(self._place(node.mark, path)))
            return None

    def _pairs(self, node: _Node, path: DocumentPath) -> Iterator[tuple[str, _Node]]:
        """Give the keys (always text: a column may be called 2024 or no) with their values; the second of two equal keys is a problem."""
        for key, value in zip(node.value[::2], node.value[1::2], strict=True):
            if not isinstance(key.value, str):
                self.problems.append(KEY.at(self._place(key.mark, path)))
                continue
            inner = (*path, key.value)
            if inner in self.keys:
                self.problems.append(DUPLICATE.at(self._place(key.mark, inner), key=_brief(key.value), first=self.keys[inner][0]))
                continue
            self.keys[inner] = key.mark
            yield key.value, value

    def _place(self, mark: Mark, path: DocumentPath = ()) -> Place:
        return Place(self.name, *mark, ".".join(str(part) for part in path))

    def _stop(self, problem: Problem) -> bool:
        self.problems.append(problem)
        return False

    def _syntax(self, error: yaml.MarkedYAMLError, text: str) -> Problem:
        """Give our own sentence for a parser's error, at the place that the parser names."""
        mark = error.problem_mark or error.context_mark
        place = self._place(_mark(mark)) if mark else Place(self.name)
        said = f"{error.problem or ''} {error.context or ''}".casefold()
        if place.line and ("tab" in said or "cannot start any token" in said):
            indent = re.match(r"[\s-]*", [*text.split("\n"), ""][place.line - 1])
            if indent and "\t" in indent.group():
                return TAB.at(self._place((place.line, indent.group().index("\t") + 1)))
        nl, en = next(((nl, en) for fragment, nl, en in REASONS if fragment in said), OTHER_REASON)
        return SYNTAX.at(place, reason=nl, reason_en=en)


def _brief(key: str) -> str:
    """Give a key for a message, shortened."""
    return key if len(key) <= 60 else f"{key[:57]}…"  # noqa: PLR2004 - a line's worth
