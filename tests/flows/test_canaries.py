"""Two hundred planted personal values: after a full demo none is anywhere but in the restricted snapshots."""

from __future__ import annotations

import gzip
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _texts(path: Path):  # noqa: ANN202 - a generator of bytes
    spec = importlib.util.spec_from_file_location("decode", Path(__file__).with_name("decode.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.texts(path)


WORD = re.compile(rb"[0-9A-Za-z]+")


class Finder:
    """Finds many values in many bytes: the words of a text are looked up first, and only a value whose words are all there is searched."""

    def __init__(self, values: list[str]) -> None:
        spellings = {spelling for value in values for spelling in (value, value.replace(" ", ""), value.replace(" ", "").replace("-", ""))}
        self.by_word: dict[bytes, list[tuple[frozenset[bytes], re.Pattern[bytes]]]] = {}
        for spelling in sorted(spellings):
            words = WORD.findall(spelling.encode())
            exact = re.compile(rb"(?<![0-9A-Za-z])" + re.escape(spelling.encode()) + rb"(?![0-9A-Za-z])")
            self.by_word.setdefault(max(words, key=len), []).append((frozenset(words), exact))

    def holds(self, path: Path) -> bool:
        return any(self._in(text) for text in _texts(path))

    def _in(self, text: bytes) -> bool:
        words = set(WORD.findall(text))
        return any(all_of <= words and exact.search(text) for word in words & self.by_word.keys() for all_of, exact in self.by_word[word])


def _told_in_the_readme() -> str:
    block = re.search(r"```console\n\$ make demo\n.*?\n(1\. .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return block[1]


def _alike(text: str) -> list[str]:
    return re.sub(r"\d{4}-\d{2}-\d{2}\.\d+", "VERSION", text).replace(".venv/bin/", "").split()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_planted_value_leaves_the_run(tmp_path: Path) -> None:
    from config.voorbeeldgemeente.generate import planted_by_kind, write, write_secrets

    room = tmp_path / "checkout"
    shutil.copytree(
        ROOT / "config" / "voorbeeldgemeente",
        room / "config" / "voorbeeldgemeente",
        ignore=shutil.ignore_patterns("data", "secrets", "*.py"),
    )
    write(room / "config" / "voorbeeldgemeente" / "data")
    write_secrets(room / "config" / "voorbeeldgemeente" / "secrets")
    kinds = planted_by_kind()
    values = sorted({value for each in kinds.values() for value in each})
    assert len(values) >= 200
    finder = Finder(values)

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "SOURCE_DATE_EPOCH", "CKAN_"))}
    environment["PREFECT_HOME"] = str(tmp_path / "prefect")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "flows.demo"], cwd=room, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said.decode()[-2000:]
    assert _alike(done.stdout.decode()) == _alike(_told_in_the_readme()), "the README shows what the demo says"
    (tmp_path / "said.log").write_bytes(said)
    assert not finder.holds(tmp_path / "said.log")
    places = [
        path for folder in (room / "out", tmp_path / "prefect") for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    ]
    databases = [path for path in places if path.read_bytes()[:15] == b"SQLite format 3"]
    assert databases, "Prefect's database was looked at"
    open_places = [path for path in places if "snapshots" not in path.relative_to(tmp_path).parts]
    assert len(open_places) > 50
    leaks = [str(path.relative_to(tmp_path)) for path in open_places if finder.holds(path)]
    assert leaks == []
    restricted = [path for path in places if "snapshots" in path.relative_to(tmp_path).parts and path.suffix == ".parquet"]
    assert any(finder.holds(path) for path in restricted), "what may hold them does, so the search works"


def test_a_planted_value_is_found_in_every_format(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import xlsxwriter

    value = "jan.kanarie@mail.example"
    (tmp_path / "plain.csv").write_text(f"a,b\n1,{value}\n")
    with gzip.open(tmp_path / "packed.gz", "wb") as packed:
        packed.write(value.encode())
    with zipfile.ZipFile(tmp_path / "members.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", value)
    pq.write_table(pa.table({"a": [value] * 3}), tmp_path / "cells.parquet", compression="zstd")
    workbook = xlsxwriter.Workbook(tmp_path / "cells.xlsx")
    workbook.add_worksheet().write(0, 0, value)
    workbook.close()
    with sqlite3.connect(tmp_path / "rows.db") as connection:
        connection.execute("create table t (a text)")
        connection.execute("insert into t values (?)", (value,))
    finder = Finder([value])
    assert {path.name for path in tmp_path.iterdir() if finder.holds(path)} == {path.name for path in tmp_path.iterdir()}
