"""A JSON object whose one member is a long array, read an element at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
LONGEST = 256 << 20
"""Letters that one element may have."""
_CUT = 3
"""A number that was cut (``12``, ``12.``, ``12e+``) is read as a shorter one, with at most two letters behind it."""


class BadJsonError(Exception):
    """The text is not JSON, or not of the expected shape; holds nothing of the text."""


def _constant(_name: str) -> NoReturn:
    raise BadJsonError  # NaN and Infinity are no JSON


_DECODER = json.JSONDecoder(parse_constant=_constant)


class Stream:
    """A cursor in a JSON text; only the element at hand is in memory."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False

    def members(self, array: str) -> Iterator[tuple[str, Any]]:
        """Give the members of the outer object, and the elements of the member `array` one by one under its name.

        Raises:
            BadJsonError: the text is not such an object.
        """
        self._expect("{")
        if self._next() == "}":
            self._end()
            return
        while True:
            name = self._value()
            self._expect(":")
            if name == array and self._next() == "[":
                yield from ((array, element) for element in self._elements())
            else:
                yield str(name), self._value()
            if self._next() == "}":
                self._end()
                return
            self._expect(",")

    def _end(self) -> None:
        """Close the outer object; only white space may follow it."""
        self._expect("}")
        while self._text[self._at :].isspace() or self._at == len(self._text):
            self._at = len(self._text)
            if not self._more():
                return
        raise BadJsonError

    def _elements(self) -> Iterator[Any]:
        self._expect("[")
        if self._next() == "]":
            self._expect("]")
            return
        while True:
            yield self._value()
            if self._next() == "]":
                self._expect("]")
                return
            self._expect(",")

    def _next(self) -> str:
        """Give the next letter that is no white space, and stay before it."""
        while True:
            rest = self._text[self._at : self._at + 64]
            if not rest:
                if not self._more():
                    raise BadJsonError
                continue
            bare = rest.lstrip(" \t\r\n")
            self._at += len(rest) - len(bare)
            if bare:
                return bare[0]

    def _expect(self, letter: str) -> None:
        if self._next() != letter:
            raise BadJsonError
        self._at += 1

    def _value(self) -> Any:
        """Read one value; where it goes on beyond what is in memory, read on and try again."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError):
                if not self._more():
                    raise BadJsonError from None
                continue
            except ValueError:  # a whole number of thousands of digits, which Python does not read
                raise BadJsonError from None
            if isinstance(value, int | float) and end > len(self._text) - _CUT and self._more():
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        """Read on, twice as much as is held, so that a long element is not tried too often."""
        held = self._text[self._at :]
        if self._ended or len(held) > LONGEST:
            return False
        chunk = self._file.read(max(CHUNK, len(held)))
        self._ended = not chunk
        self._text, self._at = held + chunk, 0
        return bool(chunk)
