"""The ledger: every change of it is found at its line, and what a crash leaves is never read as an entry."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import IntegrityError
from publication.keys import home_key
from publication.ledger import Ledger

LINES = 5


def filled(folder: Path, lines: int = LINES) -> Ledger:
    from datetime import UTC, datetime

    (folder / "keys").mkdir(parents=True)
    ledger = Ledger(folder / "ledger" / "publications.jsonl", home_key(folder / "keys"))
    for number in range(lines):
        ledger.append(
            "approve",
            now=datetime(2026, 1, 1 + number, tzinfo=UTC),
            dataset="bomen",
            version=f"2026-01-01.{number + 1}",
            digest="a" * 64,
            person="p1",
        )
    return ledger


@pytest.fixture(scope="module")
def whole() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        ledger = filled(Path(folder))
        yield ledger, ledger.path.read_bytes()


def broken_at(ledger: Ledger, content: bytes) -> int | None:
    """Give the line that is called broken in a changed ledger."""
    before = ledger.path.read_bytes()
    ledger.path.write_bytes(content)
    try:
        problems = ledger.verify()
        if problems:
            with pytest.raises(IntegrityError):
                ledger.entries()
    finally:
        ledger.path.write_bytes(before)
    return problems[0].place.line if problems else None


def test_a_whole_ledger_verifies_and_is_chained(whole: Any) -> None:
    ledger, content = whole
    entries = ledger.entries()
    assert [entry.n for entry in entries] == list(range(1, LINES + 1))
    assert ledger.head() == entries[-1].head
    lines = [json.loads(line) for line in content.splitlines()]
    assert [line["previous"] for line in lines] == ["0" * 64, *(entry.head for entry in entries[:-1])]
    assert ledger.verify([("bomen@2026-01-01.1", entries[0].head)]) == ()


@settings(max_examples=200)
@given(data=st.data())
def test_any_changed_byte_is_found_at_its_line(whole: Any, data: st.DataObject) -> None:
    ledger, content = whole
    place = data.draw(st.integers(0, len(content) - 2))  # the last newline is the torn tail below
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    found = broken_at(ledger, content[:place] + bytes([byte]) + content[place + 1 :])
    line = content[:place].count(b"\n") + 1
    assert found in ({line, line + 1} if content[place] == ord("\n") else {line})


@given(data=st.data())
def test_lines_swapped_removed_or_repeated_are_found(whole: Any, data: st.DataObject) -> None:
    ledger, content = whole
    lines = content.splitlines(keepends=True)
    one, other = sorted(data.draw(st.lists(st.integers(0, LINES - 1), min_size=2, max_size=2, unique=True)))
    swapped = [*lines]
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert broken_at(ledger, b"".join(swapped)) == one + 1
    assert broken_at(ledger, b"".join(lines[:one] + lines[one + 1 :])) == one + 1
    assert broken_at(ledger, b"".join([*lines[: one + 1], *lines[one:]])) == one + 2


def test_a_cut_off_end_is_found_by_the_releases_that_name_it(whole: Any) -> None:
    ledger, content = whole
    last = ledger.entries()[-1].head
    ledger.path.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
    try:
        assert ledger.verify() == ()
        (problem,) = ledger.verify([("bomen@2026-01-01.5", last)])
    finally:
        ledger.path.write_bytes(content)
    assert "bomen@2026-01-01.5" in problem.nl


def test_another_home_cannot_write_here(whole: Any, tmp_path: Path) -> None:
    ledger, content = whole
    (tmp_path / "keys").mkdir()
    stranger = Ledger(ledger.path, home_key(tmp_path / "keys"))
    assert stranger.verify()[0].place.line == 1
    assert ledger.path.read_bytes() == content


@given(cut=st.integers(1, 300))
def test_what_a_crash_left_of_an_entry_is_set_aside_and_kept(cut: int) -> None:
    from datetime import UTC, datetime

    with tempfile.TemporaryDirectory() as folder:
        ledger = filled(Path(folder), 2)
        content = ledger.path.read_bytes()
        first, second = content.splitlines(keepends=True)
        torn = second[: min(cut, len(second) - 1)]
        ledger.path.write_bytes(first + torn)
        assert [entry.n for entry in ledger.entries()] == [1]
        added = ledger.append("reject", now=datetime(2026, 2, 1, tzinfo=UTC), dataset="bomen", version="2026-01-01.9", digest="b" * 64)
        assert added.n == 2
        assert [entry.version for entry in ledger.entries()] == ["2026-01-01.1", "2026-01-01.9"]
        assert [file.read_bytes() for file in ledger.path.parent.glob("torn-*")] == [torn]


def append_many(folder: str, name: str) -> None:
    from datetime import UTC, datetime

    ledger = Ledger(Path(folder) / "ledger" / "publications.jsonl", home_key(Path(folder) / "keys"))
    for number in range(20):
        ledger.append("approve", now=datetime(2026, 1, 1, tzinfo=UTC), dataset=name, version=f"2026-01-01.{number + 1}", digest="c" * 64)


def test_two_processes_append_at_once(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 1)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(str(tmp_path), name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    entries = ledger.entries()
    assert [entry.n for entry in entries] == list(range(1, 42))
    assert {name: sum(entry.dataset == name for entry in entries) for name in ("a", "b")} == {"a": 20, "b": 20}


def test_a_home_remembers_how_far_its_ledger_went(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from publication.home import Home

    home = Home(tmp_path / "home")
    home.prepare()
    ledger = Ledger.of(home)
    for number in range(3):
        ledger.append("approve", now=datetime(2026, 1, 1, tzinfo=UTC), dataset="bomen", version=f"2026-01-01.{number + 1}", digest="a" * 64)
    whole = home.ledger.read_bytes()
    for kept in range(3):
        home.ledger.write_bytes(b"".join(whole.splitlines(keepends=True)[:kept]))
        (problem,) = ledger.verify()
        assert "3" in problem.nl
        with pytest.raises(IntegrityError):
            ledger.entries()
    home.ledger.write_bytes(whole)
    assert ledger.verify() == ()
