"""Delimited text as blocks of whole records in UTF-8: decoding, lines that are not data, and the ends of records.

Everything streams; a block is a few megabytes. Where the encoding is not UTF-16, records are cut in the bytes of the file (a line end, a
quote and a delimiter are one ASCII byte there) and decoded a block at a time, which is much faster than decoding first.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from config.errors import Message, Place, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "windows-1252", "latin-1", "iso-8859-1", "utf-16", "utf-16-le", "utf-16-be"]

BLOCK = 2 << 20
"""Bytes read at a time."""
LONGEST_RECORD = 64 << 20
"""A record longer than this is taken for an unclosed quote."""

WRONG_ENCODING = Message(
    "source.csv.encoding",
    nl="Regel {line} van {path} is geen {encoding}. Verbeter source.encoding, of lever het bestand opnieuw.",
    en="Line {line} of {path} is not {encoding}. Correct source.encoding, or deliver the file again.",
)
OTHER_BOM = Message(
    "source.csv.bom",
    nl="{path} begint met het merkteken van {found}, en source.encoding zegt {encoding}. Zet daar: encoding: {found}",
    en="{path} begins with the mark of {found}, and source.encoding says {encoding}. Write there: encoding: {found}",
)
NUL = Message(
    "source.csv.nul",
    nl="Regel {line} van {path} heeft een NUL-teken. Het bestand is beschadigd, of is UTF-16: zet dan encoding: utf-16.",
    en="Line {line} of {path} has a NUL character. The file is damaged, or is UTF-16: then write encoding: utf-16.",
)
UNCLOSED = Message(
    "source.csv.unclosed-quote",
    nl="In {path} blijft een aanhalingsteken van na regel {line} open. Herstel het bestand, of verbeter source.quote.",
    en="In {path} a quote that opens after line {line} is never closed. Mend the file, or correct source.quote.",
)

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SINGLE_BYTE = {"cp1252": "cp1252", "windows-1252": "cp1252", "latin-1": "latin-1", "iso-8859-1": "latin-1"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How records stand in the text.

    Attributes:
        delimiter: one ASCII character between cells.
        quote: one ASCII character around cells, None where cells are never quoted.
        comment: lines that begin with it are no records.
        skip: lines before the header.
        footer: lines at the end that are no records; blank lines do not count.
    """

    delimiter: str
    quote: str | None
    comment: str | None = None
    skip: int = 0
    footer: int = 0


@dataclass
class Text:
    """One delimited file.

    Attributes:
        name: the path as the declaration has it, for messages.
    """

    path: Path
    name: str
    encoding: Encoding
    layout: Layout
    _line: int = field(default=1, init=False)

    def blocks(self) -> Iterator[bytes]:
        """Give the records as UTF-8, a whole number of them a block; the first block begins with the header.

        Raises:
            SourceError: the text is not of the encoding, has a NUL, or an unclosed quote.
        """
        self._line = 1
        chunks = _without_footer(self._skipped(self._raw()), self.layout.footer)
        for block in self._records(chunks):
            decoded = self._decoded(block)
            self._line += block.count(b"\n")
            yield self._without_comments(decoded)

    def _raw(self) -> Iterator[bytes]:
        """Give the bytes without byte-order mark; UTF-16 is decoded here."""
        with self.path.open("rb") as file:
            start = file.read(3)
            mark, found = next(((mark, name) for mark, name in _MARKS if start.startswith(mark)), (b"", None))
            if found is not None and not self.encoding.startswith(found):
                raise self._problem(OTHER_BOM, found=found, encoding=self.encoding)
            if self.encoding == "utf-16" and found is None:  # without a mark nobody knows which byte comes first
                raise self._problem(WRONG_ENCODING, encoding=self.encoding)
            file.seek(len(mark) if self.encoding != "utf-16" else 0)
            chunks = iter(lambda: file.read(BLOCK), b"")
            yield from self._utf16(chunks) if self.encoding.startswith("utf-16") else chunks

    def _utf16(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        line, decoder = 1, getincrementaldecoder(self.encoding)()
        try:
            for chunk in chunks:
                text = decoder.decode(chunk)
                line += text.count("\n")
                yield text.encode()
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(error.encoding, "replace").count("\n")
            raise self._problem(WRONG_ENCODING, line=line, encoding=self.encoding) from None
        except UnicodeEncodeError:  # half of a pair of characters
            raise self._problem(WRONG_ENCODING, line=line, encoding=self.encoding) from None

    def _skipped(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Leave the lines before the header out."""
        left = self.layout.skip
        for chunk in chunks:
            rest = chunk
            while left and (end := rest.find(b"\n") + 1):
                rest, left = rest[end:], left - 1
                self._line += 1
            if not left:
                yield rest

    def _records(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Cut the text behind the last whole record that has been read."""
        rest = b""
        for chunk in chunks:
            rest += chunk
            cut = self._last_end(rest)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > LONGEST_RECORD:
                raise self._problem(UNCLOSED)
        if rest:
            if self._last_end(rest + b"\n") != len(rest) + 1:
                raise self._problem(UNCLOSED)
            yield rest

    def _last_end(self, text: bytes) -> int:
        """Give the position behind the last line end that is not inside quotes; 0 where there is none."""
        quote = (self.layout.quote or "").encode()
        if not quote or quote not in text:
            return text.rfind(b"\n") + 1
        if self.layout.comment is None and self._well_placed(text, quote):
            return _even_end(text, quote)
        return self._scan(text)

    def _well_placed(self, text: bytes, quote: bytes) -> bool:
        """Whether every opening quote stands at the start of a cell, or doubles the one before; then quotes may simply be counted."""
        import numpy as np

        letters = np.frombuffer(text, np.uint8)
        opening = np.flatnonzero(letters == quote[0])[::2]
        before = letters[opening[opening > 0] - 1]
        starts = np.zeros(256, np.bool_)
        starts[list(self.layout.delimiter.encode() + b"\r\n" + quote)] = True
        return bool(starts[before].all())

    def _scan(self, text: bytes) -> int:
        """Find the last line end outside quotes by reading every quoted cell and comment."""
        last = 0
        for token in self._tokens().finditer(text):
            if token["cell"] is None and token[0].endswith(b"\n"):
                last = token.end()
        return last

    def _tokens(self) -> re.Pattern[bytes]:
        """Match a comment line, a quoted cell (open-ended at the end of the text), or a line end outside both."""
        quote = re.escape((self.layout.quote or "\0").encode())
        cell = (
            rb"(?:(?<=["
            + re.escape(self.layout.delimiter.encode())
            + rb"\r\n])|\A)"
            + quote
            + b"[^"
            + quote
            + b"]*(?:"
            + quote * 2
            + b"[^"
            + quote
            + b"]*)*"
        )
        comment = b"(?!)" if self.layout.comment is None else b"^" + re.escape(self.layout.comment.encode()) + b"[^\n]*\n?"
        return re.compile(rb"(?P<comment>" + comment + rb")|(?P<cell>" + cell + rb"(?:" + quote + rb"|\Z))|\n", re.MULTILINE)

    def _without_comments(self, block: bytes) -> bytes:
        mark = self.layout.comment
        if mark is None or mark.encode() not in block:
            return block
        return self._tokens().sub(lambda token: b"" if token["comment"] is not None else token[0], block)

    def _decoded(self, block: bytes) -> bytes:
        """Give a block in UTF-8."""
        nul = block.find(b"\0")
        if nul >= 0:
            raise self._problem(NUL, line=self._line + block.count(b"\n", 0, nul))
        if block.isascii():
            return block
        codec = _SINGLE_BYTE.get(self.encoding, "utf-8")
        try:
            text = block.decode(codec)
        except UnicodeDecodeError as error:
            raise self._problem(WRONG_ENCODING, line=self._line + block.count(b"\n", 0, error.start), encoding=self.encoding) from None
        if codec == "latin-1" and (control := re.search("[\x80-\x9f]", text)):
            raise self._problem(WRONG_ENCODING, line=self._line + block.count(b"\n", 0, control.start()), encoding=self.encoding)
        return block if codec == "utf-8" else text.encode()

    def _problem(self, message: Message, **fields: str | int) -> SourceError:
        return SourceError(message.at(Place(path="source.path"), path=self.name, **{"line": self._line, **fields}))


def _even_end(text: bytes, quote: bytes) -> int:
    """Give the position behind the last line end with an even number of quotes before it; 0 where there is none."""
    end, quotes = len(text), text.count(quote)
    while line := text.rfind(b"\n", 0, end) + 1:
        quotes -= text.count(quote, line, end)
        if quotes % 2 == 0:
            return line
        end = line - 1
    return 0


def _without_footer(chunks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """Hold the last lines back, and drop them at the end; blank lines among and behind them go too."""
    if not lines:
        yield from chunks
        return
    held = b""
    for chunk in chunks:
        held += chunk
        start = _tail(held, lines + 1)  # the last line may go on in the next chunk
        yield held[:start]
        held = held[start:]
    yield held[: _tail(held, lines)]


def _tail(text: bytes, lines: int) -> int:
    """Give where the last so many lines that are not blank begin; 0 where there are fewer."""
    end = len(text)
    for _ in range(lines):
        end = text.rfind(b"\n", 0, len(text[:end].rstrip())) + 1
    return end
