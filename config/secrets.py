"""Values of ``${NAME}``: from the environment, or from a file `secrets/NAME` beside `municipality.yaml`.

No function here puts a value in a message, a repr or a log.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message, Place, Problem
from config.patterns import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

REFERENCE = re.compile(rf"\$\{{({NAME})\}}")
MAX_BYTES = 65_536

UNSET = Message(
    "config.unset",
    nl="${{{name}}} heeft geen waarde. Zet {name} in de omgeving of in het bestand secrets/{name}.",
    en="${{{name}}} has no value. Put {name} in the environment or in the file secrets/{name}.",
)
UNSET_WARNING = Message("config.unset-variable", nl=UNSET.nl, en=UNSET.en, severity="warning")
EXPOSED = Message(
    "config.secret-exposed",
    nl="Anderen op deze machine kunnen dit geheim lezen. Maak het alleen voor u leesbaar: chmod 600 {file}",
    en="Others on this machine can read this secret. Make it readable for you alone: chmod 600 {file}",
    severity="warning",
)
UNREADABLE = Message(
    "config.secret-unreadable",
    nl="Dit geheim kan niet worden gelezen. Het moet een gewoon bestand zijn met één regel UTF-8.",
    en="This secret cannot be read. It must be an ordinary file with one line of UTF-8.",
)


@dataclass(frozen=True)
class Secrets(Mapping[str, str]):
    """A lookup of values by name; an empty value counts as not set.

    Attributes:
        env: the environment; it goes before the folder.
        folder: the folder that holds `municipality.yaml`, or None.
    """

    env: Mapping[str, str] = field(repr=False)
    folder: Path | None = None

    def __getitem__(self, name: str) -> str:
        """Give a value; KeyError when it is not set, ConfigurationError when its file cannot be read."""
        if re.fullmatch(NAME, name) is None:
            raise KeyError(name)
        value = self.env.get(name) or self._from_file(name)
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        """Go over the names that have a value, sorted."""
        names = {name for name in self.env if re.fullmatch(NAME, name)} | {file.name for file in self._files()}
        return iter(sorted(name for name in names if name in self))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def exposed(self) -> tuple[Problem, ...]:
        """Give a warning for every secret file that others may read."""
        readable = stat.S_IRGRP | stat.S_IROTH
        return tuple(EXPOSED.at(Place(str(file)), file=str(file)) for file in self._files() if file.stat().st_mode & readable)

    def _files(self) -> list[Path]:
        folder = self.folder / "secrets" if self.folder else None
        if folder is None or not folder.is_dir():
            return []
        return sorted(file for file in folder.iterdir() if re.fullmatch(NAME, file.name) and file.is_file())

    def _from_file(self, name: str) -> str | None:
        """Read `secrets/NAME`, without the newline that an editor puts at its end."""
        file = self.folder / "secrets" / name if self.folder else None
        if file is None or not file.exists():
            return None
        try:
            with file.open("rb") as stream:
                content = stream.read(MAX_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(UNREADABLE.at(Place(str(file)))) from None
        return content.removesuffix("\n").removesuffix("\r")


def resolve(text: str, lookup: Mapping[str, str], place: Place | None = None) -> str:
    """Fill in every ``${NAME}``; ConfigurationError that names what has no value. A value is not searched for names again."""
    missing = sorted({name for name in REFERENCE.findall(text) if name not in lookup})
    if missing:
        raise ConfigurationError(*(UNSET.at(place, name=name) for name in missing))
    return REFERENCE.sub(lambda match: lookup[match[1]], text)


def names(part: BaseModel | Mapping[str, Any] | str | tuple[Any, ...] | list[Any] | None) -> tuple[str, ...]:
    """Give the names that a part of a declaration refers to, sorted."""
    from pydantic import BaseModel

    if isinstance(part, str):
        return tuple(sorted(set(REFERENCE.findall(part))))
    if isinstance(part, BaseModel):
        inner: Any = [getattr(part, name) for name in type(part).model_fields]
    elif isinstance(part, Mapping):
        inner = part.values()
    elif isinstance(part, tuple | list):
        inner = part
    else:
        return ()
    return tuple(sorted({name for item in inner for name in names(item)}))


def unset(part: BaseModel | None, lookup: Mapping[str, str]) -> list[str]:
    """Give the names that a part of a declaration refers to and that have no value."""
    return [name for name in names(part) if name not in lookup]
