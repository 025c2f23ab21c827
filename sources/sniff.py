"""Recognise what kind of file something is: for the verbs that work on any file. A declaration is never sniffed."""

from __future__ import annotations

import codecs
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
SAMPLE = 65_536


def sniff(file: Path) -> SourceOptions:
    """Give reader options for a file: the kind by its ending, and of delimited text the delimiter and encoding by its first 64 kB."""
    if not file.is_file():
        raise ConfigurationError(NOT_FOUND.at(file=str(file)))
    kind = BY_SUFFIX.get(file.suffix.lower())
    if kind is None:
        raise ConfigurationError(UNKNOWN.at(file=str(file), known=", ".join(sorted(BY_SUFFIX))))
    found: dict[str, Any] = {"kind": kind, "path": str(file.resolve())}
    if kind == "csv":
        found |= _text(file)
    options: SourceOptions = SOURCES.load(kind).Options.model_validate(found)
    return options


def _text(file: Path) -> dict[str, str]:
    """Find encoding (a BOM, else UTF-8 where the sample is valid, else cp1252) and delimiter (the commonest one in the first line)."""
    with file.open("rb") as stream:
        sample = stream.read(SAMPLE)
    encoding = "utf-16" if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = sample.decode(encoding, errors="replace")
    line = text.lstrip("\ufeff").partition("\n")[0]
    return {"encoding": encoding, "delimiter": max(DELIMITERS, key=line.count)}
