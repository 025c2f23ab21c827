from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymisation.safe import SafeColumn
from anonymisation.vouch import make_safe
from config.errors import ConfigurationError, IntegrityError, RefusedError
from distributions import sums
from distributions.base import Distribution
from distributions.write import limits, verify, write_all, writer

if TYPE_CHECKING:
    from pathlib import Path

    from distributions.base import WriteOptions

ALL = ("csv", "xlsx", "parquet", "geojson")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    return folder


def table_of(safe: Any) -> Any:
    return safe({"n": ("integer", [1, 2, 3]), "t": ("string", ["a", "b", None]), "p": ("geometry", [None] * 3)}, crs="EPSG:28992")


def test_writes_every_format_and_tells_what_it_is(safe: Any, release: Path, options: WriteOptions) -> None:
    found = write_all(table_of(safe), ALL, release, "bomen", options)
    assert [one.name for one in found] == ["bomen.csv", "bomen.xlsx", "bomen.parquet", "bomen.geojson"]
    assert sorted(path.name for path in release.iterdir()) == sorted(one.name for one in found)
    for one in found:
        content = (release / one.name).read_bytes()
        assert (one.size, one.sha256, one.rows) == (len(content), hashlib.sha256(content).hexdigest(), 3)
    assert found[0] == Distribution("bomen.csv", "csv", "CSV", "text/csv", found[0].size, found[0].sha256, 3)


def test_nothing_is_written_when_something_does_not_fit(safe: Any, release: Path, options: WriteOptions) -> None:
    table = safe({"n": ("integer", [1])})
    assert [problem.code for problem in limits(table, ALL)] == ["distribution.no-geometry"]
    with pytest.raises(RefusedError, match="without a geometry"):
        write_all(table, ALL, release, "x", options)
    assert list(release.iterdir()) == []


def test_a_refused_cell_leaves_no_file_of_that_format(safe: Any, release: Path, options: WriteOptions) -> None:
    with pytest.raises(RefusedError):
        write_all(safe({"t": ("string", ["=1"])}), ["parquet", "csv"], release, "x", options)
    assert [path.name for path in release.iterdir()] == ["x.parquet"]


def test_an_unknown_format_gets_a_hint(safe: Any) -> None:
    with pytest.raises(ConfigurationError, match="parquet"):
        limits(safe({"n": ("integer", [1])}), ["parqet"])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_file_is_noticed(name: str, damage: str, safe: Any, release: Path, options: WriteOptions) -> None:
    table = table_of(safe)
    (one,) = write_all(table, [name], release, "x", options)
    path = release / one.name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        other = safe({"n": ("integer", [1, 2, 4]), "t": ("string", ["a", "b", None]), "p": ("geometry", [None] * 3)}, crs="EPSG:28992")
        writer(name).write(other, path, options)
    with pytest.raises(IntegrityError) as caught:
        verify(table, writer(name), path, options)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    if damage == "flipped":
        assert "column n" in str(caught.value)


def test_a_table_that_miscounts_itself_is_refused(safe: Any, release: Path, options: WriteOptions) -> None:
    with pytest.raises(RefusedError, match="should have 5"):
        write_all(safe({"n": ("integer", [1, 2])}, rows=5), ["csv"], release, "x", options)


def test_a_column_of_another_type_than_it_says_is_refused_without_its_value(tmp_path: Path, release: Path, options: WriteOptions) -> None:
    pq.write_table(pa.table({"n": ["canary-17"]}), tmp_path / "odd.parquet")
    table = make_safe(tmp_path / "odd.parquet", (SafeColumn("n", "integer"),), 1)
    with pytest.raises(RefusedError) as caught:
        write_all(table, ["parquet"], release, "x", options)
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_sums_are_what_sha256sum_reads(release: Path) -> None:
    (release / "b.csv").write_bytes(b"b")
    (release / "a.csv").write_bytes(b"a")
    (release / "manifest.json").write_bytes(b"{}")
    digest = sums.write_sums(release)
    content = (release / "SHA256SUMS").read_bytes()
    assert digest == hashlib.sha256(content).hexdigest()
    assert [line.split("  ")[1] for line in content.decode().splitlines()] == ["a.csv", "b.csv"]
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert sums.write_sums(release) == digest
    assert sums.verify_sums(release) == {"a.csv": hashlib.sha256(b"a").hexdigest(), "b.csv": hashlib.sha256(b"b").hexdigest()}


def test_every_file_that_is_not_as_it_was_is_named(release: Path) -> None:
    for name in ("same", "changed", "gone"):
        (release / name).write_text(name)
    sums.write_sums(release)
    (release / "changed").write_text("other")
    (release / "gone").unlink()
    (release / "new").write_text("new")
    (release / "manifest.json").write_text("{}")
    with pytest.raises(IntegrityError) as caught:
        sums.verify_sums(release)
    assert [(problem.code, problem.nl.split()[1]) for problem in caught.value.problems] == [
        ("integrity.missing", "gone"), ("integrity.unlisted", "new"), ("integrity.changed", "changed"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [None, b"nonsense\n", b"\xff\xfe", b"00  x\n"])
def test_sums_that_cannot_be_read_are_an_integrity_error(content: bytes | None, release: Path) -> None:
    if content is not None:
        (release / "SHA256SUMS").write_bytes(content)
    with pytest.raises(IntegrityError):
        sums.verify_sums(release)


def test_a_folder_in_a_release_is_refused(release: Path) -> None:
    (release / "sub").mkdir()
    with pytest.raises(ValueError, match="plainly named"):
        sums.write_sums(release)
