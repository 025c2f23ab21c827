"""The files around the code: what they promise holds."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
TARGETS = {"help", "setup", "demo", "test", "services", "lint", "check", "serve", "bench", "clean"}
PAGES = sorted(file for file in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if file.is_file())
VERB = re.compile(r"(?:^|[`$/ ])vrijgave ([a-z][a-z-]+)(?: ([a-z]+))?", re.MULTILINE)


def code(page: Path) -> str:
    """The code blocks and the code in sentences of a page."""
    found = re.findall(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", page.read_text(encoding="utf-8"), re.DOTALL)
    return "\n".join(block or words for block, words in found)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    entries = re.split(r"\n(?=[a-z0-9])", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")).strip())
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry] == []


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": [*project["dependencies"], *project["optional-dependencies"]["dev"]],
    }
    for lock, requirements in wanted.items():
        pinned = set(re.findall(r"^([a-z0-9][a-z0-9-]*)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        assert {re.split(r"[<>=!~\[ ;]", requirement)[0].lower() for requirement in requirements} <= pinned


def test_both_locks_pin_the_same_versions() -> None:
    run, develop = (dict(re.findall(r"^(\S+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)) for lock in LOCKS)
    assert {name: version for name, version in run.items() if develop.get(name) != version} == {}


def test_make_lists_its_targets() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines()} == TARGETS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_exists(page: Path) -> None:
    from typer.main import get_command

    from flows.cli.app import app

    text = code(page)
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= TARGETS
    verbs = get_command(app).commands  # type: ignore[attr-defined]
    for verb, below in VERB.findall(text):
        assert verb in verbs, f"vrijgave {verb}"
        if hasattr(verbs[verb], "commands"):
            assert below in verbs[verb].commands, f"vrijgave {verb} {below}"
    for file in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / file).exists(), file


@pytest.mark.parametrize("script", [".ci/run", ".ci/setup", "tests/services/run"])
def test_scripts_run_and_name_no_machine(script: str) -> None:
    file = ROOT / script
    text = file.read_text(encoding="utf-8")
    assert os.access(file, os.X_OK)
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in text
    assert not re.search(r"https?://|index-url", text)
    subprocess.run(["bash", "-n", file], check=True)


def test_setup_says_what_it_needs_where_python_is_too_old(tmp_path: Path) -> None:
    for name in ("python3.11", "python3.12", "python3.13", "python3", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        (tmp_path / name).chmod(0o755)
    for name in ("requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "setup").write_bytes((ROOT / ".ci" / "setup").read_bytes())
    done = subprocess.run(
        ["bash", tmp_path / ".ci" / "setup"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "vrijgave needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_licence_is_the_whole_eupl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [int(number) for number in re.findall(r"^(\d+)\. [A-Z]", text, re.MULTILINE)] == list(range(1, 16))
    assert "Québec Free and Open-Source Licence" in text


def test_publiccode_agrees_with_pyproject() -> None:
    import yaml

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert public["name"] == project["name"]
    assert public["legal"]["license"] == project["license"] == "EUPL-1.2"
    for language in public["localisation"]["availableLanguages"]:
        words = public["description"][language]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in words["features"])


def test_no_installed_distribution_brings_the_names_of_our_folders() -> None:
    from importlib.metadata import distributions

    ours = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["root_packages"])
    assert {"config", "flows"} <= ours
    clashes = {
        (distribution.name, file.parts[0])
        for distribution in distributions()
        for file in distribution.files or ()
        if distribution.name != "vrijgave" and file.parts[0].removesuffix(".py") in ours
    }
    assert clashes == set()
