"""Recognise what kind of file something is: for the verbs that work on any file. A declaration is never sniffed."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message
from config.registry import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from config.models.source import SourceOptions

UNKNOWN = Message(
    "sources.sniff.unknown",
    nl="{file}: het soort bestand is niet te herkennen; bekend zijn {known}",
    en="{file}: the kind of file is not recognised; known are {known}",
)
NOT_FOUND = Message("sources.sniff.missing", nl="er is geen bestand {file}", en="there is no file {file}")

BY_SUFFIX = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".geojson": "geojson", ".json": "geojson", ".shp": "shapefile",
}  # fmt: skip
DELIMITERS = ";,\t|"
PIECE = 1 << 20
LINES = 500


def sniff(file: Path) -> SourceOptions:
    """Give reader options for a file, relative to its folder: the kind by its ending, and of delimited text its delimiter and encoding."""
    if not file.is_file():
        raise ConfigurationError(NOT_FOUND.at(file=str(file)))
    kind = BY_SUFFIX.get(file.suffix.lower())
    if kind is None:
        raise ConfigurationError(UNKNOWN.at(file=str(file), known=", ".join(sorted(BY_SUFFIX))))
    found: dict[str, Any] = {"kind": kind, "path": file.name}
    if kind == "csv":
        found |= _text(file)
    options: SourceOptions = SOURCES.load(kind).Options.model_validate(found)
    return options


def _text(file: Path) -> dict[str, Any]:
    """Find encoding (a BOM, else UTF-8 where the whole file is, else cp1252), delimiter and the lines before the header."""
    with file.open("rb") as stream:
        sample = stream.read(PIECE)
    wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if wide else "utf-8" if _is_utf8(file) else "cp1252"
    lines = sample.decode(encoding, errors="replace").lstrip("\ufeff").splitlines()[:LINES]
    records = {delimiter: list(csv.reader(lines, delimiter=delimiter)) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: _width(records[one]))
    _, width = _width(records[delimiter])
    # A title above the table fills a cell or two; a header with a nameless column is still the header, and the reader says so.
    header = (number for number, cells in enumerate(records[delimiter]) if len(cells) == width and 2 * sum(map(bool, cells)) >= width)
    return {"encoding": encoding, "delimiter": delimiter, "skip_rows": next(header, 0)}


def _width(records: list[list[str]]) -> tuple[float, int]:
    """Give how well a delimiter fits: the share of records with the commonest number of cells, and that number; one cell is no table."""
    counts = Counter(len(cells) for cells in records)
    width, times = max(counts.items(), key=lambda each: (each[1], each[0]), default=(1, 0))
    return (times / len(records) if width > 1 else 0.0, width)


def _is_utf8(file: Path) -> bool:
    """Say whether every byte of a file is UTF-8; the first word with an accent may stand on its last line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        try:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
