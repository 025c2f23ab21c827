"""The command line as a user has it, and a small municipality to run it on."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = Path(sys.executable).parent / "vrijgave"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


town = _load("town")


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    @property
    def outcomes(self) -> dict[str, str]:
        return {outcome["dataset"]: outcome["outcome"] for outcome in self.json["outcomes"]}


@dataclass(frozen=True)
class Town:
    """A municipality, a home, and the command line over both."""

    config: Path
    home: Path

    def vrijgave(self, *arguments: str, epoch: str | None = town.EPOCH, **env: str) -> Result:
        """Run a verb in a process of its own."""
        verb, *rest = arguments
        words = verb.split()
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("CKAN_", "SOURCE_DATE_EPOCH"))} | env
        if epoch:
            environment["SOURCE_DATE_EPOCH"] = epoch
        done = subprocess.run(
            [str(CONSOLE), *words, *rest, "--config", str(self.config), "--home", str(self.home)],
            capture_output=True,
            text=True,
            env=environment,
            cwd=self.home.parent,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def approve(self, release: str, *people: str, **env: str) -> None:
        """Sign for a release as these people."""
        for person in people:
            result = self.vrijgave("approve", release, "--as", person, "--key", str(self.config / "keys" / f"{person}.pem"), **env)
            assert result.code == 0, result.err

    def tree(self) -> dict[str, bytes]:
        """Every file of the home by its path, with its bytes; links by their target."""
        found = {}
        for path in sorted(self.home.rglob("*")):
            name = path.relative_to(self.home).as_posix()
            if path.is_symlink():
                found[name] = str(path.readlink()).encode()
            elif path.is_file():
                found[name] = path.read_bytes()
        return found


@pytest.fixture
def small(tmp_path: Path) -> Town:
    """A fresh municipality with an empty home."""
    return Town(town.build(tmp_path / "config"), tmp_path / "home")


@pytest.fixture
def writer() -> ModuleType:
    """The functions that write the municipality's registers."""
    return town
