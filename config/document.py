"""A loaded YAML or JSON file: its plain data, the place of every part of it, and careful ways to look into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DocumentPath = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both 1-based."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of one file stand.

    Attributes:
        file: the path as the user would type it.
        values: document path → mark of the value.
        keys: document path → mark of the key that names the value.
    """

    file: str | None = None
    values: Mapping[DocumentPath, Mark] = field(default_factory=dict, repr=False)
    keys: Mapping[DocumentPath, Mark] = field(default_factory=dict, repr=False)

    def at(self, *path: str | int) -> Place:
        """Give the place of a value; of something that is not there, the nearest part around it, with the full path."""
        return self._place(path, self.values.get(path))

    def key(self, *path: str | int) -> Place:
        """Give the place of the key of a value."""
        return self._place(path, self.keys.get(path) or self.values.get(path))

    def _place(self, path: DocumentPath, mark: Mark | None) -> Place:
        around = path
        while mark is None and around:
            around = around[:-1]
            mark = self.values.get(around)
        line, column = mark or (None, None)
        return Place(self.file, line, column, ".".join(str(part) for part in path))


@dataclass(frozen=True, slots=True)
class Document:
    """What one file holds; the getters never fail on a shape that is wrong (the models report that), they just find nothing."""

    data: Any
    places: Places = field(default_factory=Places)

    def get(self, *path: str | int) -> Any:
        """Give the value at a path, or None."""
        value = self.data
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
                value = value[part]
            else:
                return None
        return value

    def has(self, *path: str | int) -> bool:
        """Say whether something is written at a path, even if it is empty."""
        return path in self.places.values

    def text(self, *path: str | int) -> str | None:
        """Give the text at a path, or None when it is absent or not a text."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """Give the block at a path; an empty one when it is absent or not a block."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}

    def items(self, *path: str | int) -> list[Any]:
        """Give the list at a path; an empty one when it is absent or not a list."""
        value = self.get(*path)
        return value if isinstance(value, list) else []

    def texts(self, *path: str | int) -> Iterator[tuple[DocumentPath, str]]:
        """Give the texts of a list with their paths; a lone text counts as a list of one."""
        value = self.get(*path)
        if isinstance(value, str):
            yield path, value
        for index, item in enumerate(self.items(*path)):
            if isinstance(item, str):
                yield (*path, index), item

    def strings(self, *path: str | int) -> Iterator[tuple[DocumentPath, str]]:
        """Give every text at or under a path with its path, in the order of the file."""
        value = self.get(*path)
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            for key in value:
                yield from self.strings(*path, key)
        elif isinstance(value, list):
            for index in range(len(value)):
                yield from self.strings(*path, index)
