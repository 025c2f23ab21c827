"""Delimited text as municipalities deliver it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.errors import SchemaChanged, SourceError, VrijgaveError
from engine.snapshot import Reject
from sources.extract import extract
from sources.readers.csv import Options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.models.schema import Column
    from engine.snapshot import Snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(name="read")
def _read(tmp_path: Path, column: Callable[..., Column]) -> Callable[..., tuple[list[dict[str, Any]], Snapshot]]:
    def read(content: bytes | str, types: dict[str, Any] | None = None, **options: Any) -> tuple[list[dict[str, Any]], Snapshot]:
        (tmp_path / "bron.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        made = Options.model_validate({"kind": "csv", "path": "bron.csv", "delimiter": ";", **options})
        columns = tuple(
            column(name, **({"kind": kind} if isinstance(kind, str) else kind))
            for name, kind in (types or {"a": "string", "b": "string"}).items()
        )
        names = frozenset(one.name for one in columns)
        snapshot = extract(made, columns, base=tmp_path, out=tmp_path / "uit.parquet", now=NOW, secrets={}, needed=names)
        return pq.read_table(snapshot.path).to_pylist(), snapshot

    return read


def cells(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(value for name, value in row.items() if name != "_row") for row in rows]


def test_dutch_conventions_all_at_once(read: Any) -> None:
    head = "Lijst van bedragen\r\n\r\nbedrag;datum;straat;open\r\n"
    text = head + "1.234,50;31-12-2024;'s-Gravenstraat €;ja\r\n-0,5;;Café;nee\r\nTotaal;;;\r\n\r\n"
    rows, snapshot = read(
        text.encode("cp1252"),
        {"bedrag": "decimal", "datum": "date", "straat": "string", "open": {"kind": "boolean", "format": "ja|nee"}},
        encoding="cp1252",
        decimal=",",
        thousands=".",
        date_format="%d-%m-%Y",
        skip_rows=2,
        skip_footer=1,
    )
    assert [(float(amount), *rest) for amount, *rest in cells(rows)] == [
        (1234.5, date(2024, 12, 31), "'s-Gravenstraat €", True),
        (-0.5, None, "Café", False),
    ]
    assert snapshot.rejected_rows == 0


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("block", [3, 1 << 20])
def test_encodings(read: Any, monkeypatch: pytest.MonkeyPatch, encoding: str, codec: str, block: int) -> None:
    monkeypatch.setattr("sources.lines.BLOCK", block)
    rows, _ = read("a;b\nÉlise;ĳs\n".replace("ĳ", "ÿ").encode(codec), encoding=encoding)
    assert cells(rows) == [("Élise", "ÿs")]


@pytest.mark.parametrize(
    ("content", "options", "line"),
    [
        (b"a;b\n1;2\n3;geheim\xff\n", {}, 3),
        (b"a;b\n1;2\n\xe9geheim;4\n", {"encoding": "utf-8"}, 3),
        (b"a;b\n1;geheim\x81\n", {"encoding": "cp1252"}, 2),
        (b"a;b\n1;2\n3;geheim\x80\n", {"encoding": "latin-1"}, 3),  # a control character there: it is cp1252
        (b"a;b\n1;2\n3;geheim\x00\n", {}, 3),
        ("a;b\n1;geheim\n".encode("utf-16"), {}, None),
        ("a;b\n1;geheim\n".encode("utf-16-le"), {}, 1),
        ("a;b\n1;geheim\n".encode("utf-16-le"), {"encoding": "utf-16"}, 1),
        ("a;b\n1;2\n3;geheim".encode("utf-16")[:-1], {"encoding": "utf-16"}, 3),
        (b"\xef\xbb\xbfa;b\n1;geheim\n", {"encoding": "cp1252"}, None),
        (b'a;b\n1;2\n3;"geheim\n5;6\n', {}, None),
        (b"", {}, None),
        (b"a;a\n1;geheim\n", {}, None),
        (b"a;b;\n1;geheim;\n", {}, None),
    ],
)
@pytest.mark.parametrize("block", [4, 1 << 20])
def test_broken_text_is_an_error_with_its_line_and_without_its_content(
    *, read: Any, monkeypatch: pytest.MonkeyPatch, content: bytes, options: dict[str, Any], line: int | None, block: int
) -> None:
    monkeypatch.setattr("sources.lines.BLOCK", block)
    with pytest.raises(SourceError) as broken:
        read(content, **options)
    (problem,) = broken.value.problems
    assert not isinstance(broken.value, SchemaChanged)
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__ or broken.value.__context__ is None
    assert "geheim" not in problem.nl + problem.en
    if line is not None:
        assert f"egel {line} van" in problem.nl
        assert f"ine {line} of" in problem.en


@pytest.mark.parametrize("block", [5, 64, 1 << 20])
def test_ragged_records_are_rejected_by_number(read: Any, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr("sources.lines.BLOCK", block)
    rows, snapshot = read('a;b\n1;2\n3\n\n"x\ny";0\n7;8;9\n1;z\n', {"a": "string", "b": "integer"})
    assert [(row["_row"], row["a"]) for row in rows] == [(1, "1"), (3, "x\ny")]
    assert snapshot.rejects == (Reject(2, "", "ragged"), Reject(4, "", "ragged"), Reject(5, "b", "not-integer"))
    assert (snapshot.read, snapshot.rows, snapshot.rejected_rows) == (5, 2, 3)


def test_a_lost_header_shows_no_value_of_the_first_record(read: Any) -> None:
    with pytest.raises(SchemaChanged) as stopped:
        read("Jansen;123456782\nDe Vries;111222333\n")
    assert "Jansen" not in str(stopped.value)
    assert "2 gedeclareerde kolommen" in stopped.value.problems[0].nl


def test_a_delimiter_behind_every_record(read: Any) -> None:
    """A common export: the header ends in a delimiter too, and the steward names the columns."""
    with pytest.raises(SourceError, match=r"Column 3 .* source\.names .* source\.skip_rows"):
        read("a;b;\n1;2;\n")
    rows, _ = read("a;b;\n1;2;\n", {"a": "string", "b": "string", "leeg": "string"}, names=("a", "b", "leeg"), skip_rows=1)
    assert cells(rows) == [("1", "2", None)]


@pytest.mark.parametrize(("years", "expected"), [("2023;2024", "2024"), ("2023;20240101", None), ("12", None)])
def test_a_column_of_years_says_the_date(read: Any, years: str, expected: str | None) -> None:
    text = "a\n" + years.replace(";", "\n") + "\n"
    if expected is None:
        with pytest.raises(SourceError, match="no year") as wrong:
            read(text, {"a": "integer"}, as_of={"column": "a", "precision": "year"})
        assert "20240101" not in str(wrong.value)
    else:
        assert read(text, {"a": "integer"}, as_of={"column": "a", "precision": "year"})[1].as_of == expected


def test_a_wrong_delimiter_is_told_as_such(read: Any) -> None:
    with pytest.raises(SchemaChanged, match="delimiter"):
        read("a,b\n1,2\n")


def test_comments_and_names_of_a_file_without_a_header(read: Any) -> None:
    rows, _ = read('# bron: "het stadhuis\n1;"#2"\n#3;4\n5;"x\n# y"\n', comment="#", names=("a", "b"))
    assert cells(rows) == [("1", "#2"), ("5", "x\n# y")]


def test_stray_quotes_are_text(read: Any) -> None:
    rows, _ = read('a;b\n5" buis;6"\n"x";"y""z"\n')
    assert cells(rows) == [('5" buis', '6"'), ("x", 'y"z')]


def test_no_quotes_at_all(read: Any) -> None:
    rows, _ = read('a;b\n"1;2"\n', quote=None)
    assert cells(rows) == [('"1', '2"')]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(read: Any, end: str) -> None:
    rows, _ = read(f"a;b{end}1;2{end}3;4")
    assert cells(rows) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
@pytest.mark.parametrize("footer", ["Bron: CBS", "Bron: CBS\n", "Bron: CBS\n\n  \n"])
def test_lines_behind_the_data(read: Any, monkeypatch: pytest.MonkeyPatch, block: int, footer: str) -> None:
    monkeypatch.setattr("sources.lines.BLOCK", block)
    rows, snapshot = read(f"a;b\n1;2\n3;4\n\n(c) stadhuis\n{footer}", skip_footer=2)
    assert cells(rows) == [("1", "2"), ("3", "4")]
    assert snapshot.rejects == ()


def test_points_out_of_two_columns(read: Any) -> None:
    rows, snapshot = read(
        "x;y\n155000,5;463000\n;463000\nhier;463000\n",
        {"x": "string", "y": "string", "geometry": "geometry"},
        decimal=",",
        point={"x": "x", "y": "y", "crs": "EPSG:28992"},
    )
    assert snapshot.crs == "EPSG:28992"
    assert [row["geometry"] is None for row in rows] == [False, True]
    assert snapshot.rejects == (Reject(3, "geometry", "not-geometry"),)


def test_geometry_in_text_needs_a_crs(read: Any) -> None:
    types = {"a": "string", "b": "geometry"}
    with pytest.raises(VrijgaveError, match="crs: EPSG:28992") as stopped:
        read("a;b\n1;POINT (1 2)\n", types)
    assert stopped.value.exit_code == 2
    _, snapshot = read("a;b\n1;POINT (1 2)\n2;POINT (1\n", types, crs="EPSG:28992")
    assert snapshot.rejects == (Reject(2, "b", "not-geometry"),)


def test_path_takes_variables_and_says_which_one_is_not_set(tmp_path: Path, column: Any) -> None:
    (tmp_path / "deel").mkdir()
    (tmp_path / "deel" / "bron.csv").write_text("a\n1\n")
    options = Options(kind="csv", path="${MAP}/bron.csv")
    call = {"base": tmp_path, "out": tmp_path / "uit.parquet", "now": NOW, "needed": frozenset({"a"})}
    assert extract(options, (column("a"),), secrets={"MAP": "deel"}, **call).rows == 1
    with pytest.raises(VrijgaveError, match="variable MAP is not set"):
        extract(options, (column("a"),), secrets={}, **call)


def test_options_are_checked() -> None:
    refused: tuple[dict[str, Any], ...] = (
        {"delimiter": ""},
        {"delimiter": "é"},
        {"delimiter": "\n"},
        {"delimiter": '"'},
        {"comment": ","},
        {"encoding": "ebcdic"},
        {"decimal": "x"},
        {"decimal": ",", "thousands": ","},  # 1,5 would be fifteen
        {"thousands": "."},
        {"skip_rows": -1},
        {"onbekend": 1},
    )
    for wrong in refused:
        with pytest.raises(ValidationError):
            Options.model_validate({"kind": "csv", "path": "x.csv", **wrong})


_CELL = st.text(st.sampled_from('ab;"\n\r#, é€'), max_size=6).map(lambda text: text.replace("\r", ""))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.tuples(_CELL, _CELL), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block=st.integers(1, 40),
    end=st.sampled_from(["\n", "\r\n"]),
    codec=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_whatever_python_writes_is_read_back(
    *, read: Any, records: list[tuple[str, str]], quoting: Any, block: int, end: str, codec: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", quoting=quoting, lineterminator=end).writerows([("a", "b"), *records])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.lines.BLOCK", block)
        rows, snapshot = read(text.getvalue().encode(codec), encoding=codec)
    assert cells(rows) == [(first or None, second or None) for first, second in records]
    assert snapshot.rejects == ()
    assert [row["_row"] for row in rows] == list(range(1, len(records) + 1))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('ab;"\n'), max_size=24), block=st.integers(1, 12))
def test_any_text_gives_the_same_whatever_the_blocks(read: Any, body: str, block: int) -> None:
    def outcome(size: int) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sources.lines.BLOCK", size)
            try:
                rows, snapshot = read(f"a;b\n{body}")
            except SourceError as error:
                return error.problems[0].code
            return rows, snapshot.rejects, snapshot.read, snapshot.fingerprint

    assert outcome(block) == outcome(1 << 20)
