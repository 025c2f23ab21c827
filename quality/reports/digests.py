"""The digests by which an auditor can tell that a report is of these data, this suite and this program."""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from config.digest import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.models.quality import Expectation

JUDGES = Path(__file__).resolve().parents[1]
"""The package that judges."""


def named(files: Mapping[str, Path]) -> dict[str, str]:
    """Give the SHA-256 of each file under its name, and then that of the program."""
    from engine.hashing import sha256

    return {name: sha256(path) for name, path in files.items()} | program()


def suite(expectations: Iterable[Expectation]) -> str:
    """Give the SHA-256 of a suite: of its canonical JSON, so that comments and the order of keys do not matter."""
    return hashlib.sha256(canonical([one.model_dump(mode="json") for one in expectations])).hexdigest()


@cache
def program() -> dict[str, str]:
    """Give the SHA-256 over the code that judges, named with the version of the program and of Great Expectations."""
    found = hashlib.sha256()
    for path in sorted(JUDGES.rglob("*.py")):
        found.update(path.relative_to(JUDGES).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("vrijgave", "great_expectations"))
    return {f"code: {versions}": found.hexdigest()}
