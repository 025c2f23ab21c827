"""Every type of hierarchy: its labels, that its steps nest, that what does not fit is told, and what may not be declared."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import random
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymisation.hierarchies import base
from anonymisation.hierarchies.base import Seen, forked, open_ladder, recode
from config.errors import ConfigurationError, RefusedError
from config.models.base import WrongError
from config.models.schema import Column
from config.registry import HIERARCHIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from anonymisation.hierarchies.base import Level
    from config.models.hierarchy import HierarchyOptions
    from config.models.schema import ColumnType

ARROW = {"string": pa.string(), "integer": pa.int64(), "decimal": pa.decimal128(38, 9), "number": pa.float64(), "geometry": pa.binary()}
DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def declared(type_: str, **keys: Any) -> HierarchyOptions:
    made: HierarchyOptions = HIERARCHIES.load(type_).Options.model_validate_json(json.dumps({"type": type_, **keys}))
    return made


def levels_of(hierarchy: HierarchyOptions, values: Iterable[Any], kind: ColumnType = "string", folder: Path = Path()) -> tuple[Level, ...]:
    """Code distinct values that all fit."""
    found, misfits = recode(pa.array(values, ARROW[kind]), kind, open_ladder(hierarchy, folder))
    assert not len(misfits)
    return found


def steps(hierarchy: HierarchyOptions, value: Any, kind: ColumnType = "string", folder: Path = Path()) -> list[Any]:
    return [level.labels[0].as_py() for level in levels_of(hierarchy, [value], kind, folder)[1:]]


def misfits(hierarchy: HierarchyOptions, values: list[Any], kind: ColumnType = "string", folder: Path = Path()) -> list[int]:
    return recode(pa.array(values, ARROW[kind]), kind, open_ladder(hierarchy, folder))[1].tolist()


def seen(
    workshop: Any, values: Sequence[Any], kind: str = "integer", crs: str | None = None, exclude: frozenset[int] = frozenset()
) -> Seen:
    snapshot = workshop.snapshot([Column(name="x", type=kind, classification="quasi")], [[value] for value in values], crs=crs)
    return Seen(snapshot, "x", exclude)


# intervals

AGES = declared("interval", widths=[5, 10], top=90, bottom=20, levels=["5 jaar", "10 jaar", "any"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, ["minder dan 20", "minder dan 20", "*"]),
        (19, ["minder dan 20", "minder dan 20", "*"]),
        (20, [f"20 {DASH} 24", f"20 {DASH} 29", "*"]),
        (89, [f"85 {DASH} 89", f"80 {DASH} 89", "*"]),
        (90, ["90 of meer", "90 of meer", "*"]),
        (104, ["90 of meer", "90 of meer", "*"]),
    ],
)
def test_ages(value: int, expected: list[str]) -> None:
    assert steps(AGES, value, "integer") == expected
    assert steps(AGES, str(value)) == expected


@pytest.mark.parametrize(
    ("keys", "value", "kind", "expected"),
    [
        ({"widths": [1]}, 1980, "integer", ["1980"]),
        ({"widths": [10]}, 1984, "integer", [f"1980 {DASH} 1989"]),
        ({"widths": [10_000]}, 25_000, "integer", [f"20.000 {DASH} 29.999"]),
        ({"widths": [10], "origin": 5}, 3, "integer", [f"{MINUS}5 {DASH} 4"]),
        ({"widths": [2.5, 5]}, Decimal("2.499999999"), "decimal", ["0 tot 2,5", "0 tot 5"]),
        ({"widths": [2.5, 5]}, Decimal("2.5"), "decimal", ["2,5 tot 5", "0 tot 5"]),
        ({"widths": [0.1]}, 0.3, "number", ["0,3 tot 0,4"]),
        ({"widths": [1e6]}, Decimal("12345678901234567890.5"), "decimal", ["12.345.678.901.234.000.000 tot 12.345.678.901.235.000.000"]),
        ({"cuts": [[18, 30, 65], [30]]}, 17, "integer", ["minder dan 18", "minder dan 30"]),
        ({"cuts": [[18, 30, 65], [30]]}, 65, "integer", ["65 of meer", "30 of meer"]),
        ({"cuts": [[18, 30, 65], [30]]}, 18, "integer", [f"18 {DASH} 29", "minder dan 30"]),
        ({"cuts": [[0.5, 3.2]]}, 3, "integer", [f"1 {DASH} 3"]),
        ({"cuts": [[-10, 0]]}, -3, "integer", [f"{MINUS}10 {DASH} {MINUS}1"]),
    ],
)
def test_typography(keys: dict[str, Any], value: Any, kind: ColumnType, expected: list[str]) -> None:
    assert steps(declared("interval", **keys), value, kind) == expected


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"widths": [5], "cuts": [[5]]},
        {"widths": [5, 12]},
        {"widths": [5, 5]},
        {"widths": [0]},
        {"widths": [5], "bottom": 10, "top": 10},
        {"widths": [5], "rounding": 10},
        {"cuts": [[5]], "top": 10},
        {"cuts": [[5, 3]]},
        {"cuts": [[5], [5, 6]]},
        {"cuts": [[5], [5]]},
        {"quantiles": [10, 5]},
        {"quantiles": [10, 4], "rounding": 1},
        {"widths": [5, 10], "levels": ["a"]},
        {"widths": [5, 10], "levels": ["a", "a"]},
        {"widths": [5, 10], "levels": ["any", "b"]},
        {"widths": [5], "levels": ["a", "b"]},
    ],
)
def test_intervals_that_say_nothing_or_two_things(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        declared("interval", **keys)
    for error in caught.value.errors():
        if "error" in error.get("ctx", {}):
            assert isinstance(error["ctx"]["error"], WrongError)


WIDTHS = st.lists(st.integers(2, 4), min_size=1, max_size=3).map(
    lambda factors: [math.prod(factors[: at + 1]) for at in range(len(factors))]
)


@given(
    values=st.sets(st.integers(-500, 500), min_size=1, max_size=60),
    widths=WIDTHS,
    origin=st.integers(-9, 9),
    ends=st.tuples(st.none() | st.integers(-300, -1), st.none() | st.integers(1, 300)),
)
def test_widths_are_what_a_person_would_count(
    values: set[int], widths: list[int], origin: int, ends: tuple[int | None, int | None]
) -> None:
    keys = {key: end for key, end in zip(("bottom", "top"), ends, strict=True) if end is not None}
    options = declared("interval", widths=widths, origin=origin, **keys)
    found = levels_of(options, sorted(values), "integer")
    assert forked(found) is None
    for width, level in zip(widths, found[1:], strict=True):
        group = {value: level.labels[int(code)].as_py() for value, code in zip(sorted(values), level.codes, strict=True)}
        for a in values:
            for b in values:
                assert (group[a] == group[b]) == (bin_of(a, width, origin, *ends) == bin_of(b, width, origin, *ends))


def bin_of(value: int, width: int, origin: int, bottom: int | None, top: int | None) -> object:
    if bottom is not None and value < bottom:
        return "bottom"
    return "top" if top is not None and value >= top else (value - origin) // width


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.sampled_from([0.1, 0.3, 2.5]), st.sampled_from([2, 5]))
def test_floating_point_steps_nest(values: list[float], width: float, times: int) -> None:
    options = declared("interval", widths=[width * 1000, round(width * 1000 * times, 6)])
    found, _ = recode(pa.array(sorted(set(values)), pa.float64()), "number", open_ladder(options, Path()))
    assert forked(found) is None


def test_what_is_no_number_does_not_fit() -> None:
    options = declared("interval", widths=[5])
    assert misfits(options, ["12", "12.5", "twaalf", "", "-3"]) == [1, 2, 3]
    assert misfits(options, [1.0, math.nan, math.inf], "number") == [1, 2]
    assert misfits(options, [None], "integer") == []


def test_a_width_that_is_too_small() -> None:
    with pytest.raises(RefusedError):
        levels_of(declared("interval", widths=[1e-9]), [0, 10_000_000], "integer")
    assert levels_of(declared("interval", widths=[1]), [0, 10_000_000], "integer")[1].labels.to_pylist() == ["0", "10.000.000"]
    ladder = open_ladder(declared("interval", widths=[1], bottom=0, top=9_000_000), Path())
    with pytest.raises(RefusedError):
        ladder.domain(1, pa.int64())


def test_every_interval_between_two_ends_is_known() -> None:
    ladder = open_ladder(AGES, Path())
    assert ladder.domain(2, pa.int64()).to_pylist() == ["minder dan 20", *(f"{a} {DASH} {a + 9}" for a in range(20, 90, 10)), "90 of meer"]
    assert ladder.domain(3, pa.int64()).to_pylist() == ["*"]
    assert open_ladder(declared("interval", widths=[5]), Path()).domain(1, pa.int64()) is None
    assert open_ladder(declared("interval", cuts=[[18]]), Path()).domain(1, pa.int64()).to_pylist() == ["minder dan 18", "18 of meer"]


@given(
    rows=st.lists(st.integers(0, 1000), min_size=1, max_size=200),
    groups=st.sampled_from([[2], [4, 2], [12, 4, 2]]),
    rounding=st.sampled_from([1, 10]),
    data=st.data(),
)
def test_quantiles(workshop_maker: Callable[[], Any], rows: list[int], groups: list[int], rounding: int, data: st.DataObject) -> None:
    options = declared("interval", quantiles=groups, rounding=rounding)
    assert options.needs_data
    ladder = open_ladder(options, Path(), seen(workshop_maker(), rows))
    found, wrong = recode(pa.array(sorted(set(rows)), pa.int64()), "integer", ladder)
    assert not len(wrong)
    assert forked(found) is None
    for count, level in zip(groups, found[1:], strict=True):
        assert len(level.labels) <= count
        if rounding == 1 and len(set(rows)) == len(rows) and len(rows) >= count:
            sizes = np.bincount(level.codes)
            assert set(sizes.tolist()) <= {len(rows) // count, -(-len(rows) // count)}
    shuffled = data.draw(st.permutations(rows))
    again = open_ladder(options, Path(), seen(workshop_maker(), shuffled))
    assert again == ladder


def test_quantiles_are_those_of_the_rows_that_take_part(workshop: Any) -> None:
    options = declared("interval", quantiles=[2], rounding=1)
    ladder = open_ladder(options, Path(), seen(workshop, [1, 2, 3, 4, 900, 901, 902, 903], exclude=frozenset({5, 6, 7, 8})))
    assert ladder.labels(pa.array([2, 3]))[0].to_pylist() == ["minder dan 3", "3 of meer"]
    with pytest.raises(ConfigurationError):
        open_ladder(options, Path())


@pytest.fixture(scope="module")
def workshop_maker(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """Give a snapshot's maker for tests of which hypothesis runs many examples."""

    class Maker:
        def __init__(self) -> None:
            self.folder = tmp_path_factory.mktemp("snapshots")

        def snapshot(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], *, crs: str | None = None) -> Any:
            return write_snapshot(self.folder, columns, rows, crs)

    return Maker


def write_snapshot(folder: Path, columns: Sequence[Column], rows: Sequence[Sequence[Any]], crs: str | None) -> Any:
    from datetime import UTC, datetime

    import pyarrow.parquet as pq

    from engine.snapshot import Snapshot
    from engine.types import arrow_schema

    schema = arrow_schema(columns, crs=crs)
    cells = [list(range(1, len(rows) + 1)), *([row[at] for row in rows] for at in range(len(columns)))]
    path = folder / "snapshot.parquet"
    pq.write_table(pa.table([pa.array(cell, field.type) for cell, field in zip(cells, schema, strict=True)], schema=schema), path)
    return Snapshot(path, len(rows), len(rows), (), 0, "2026", "f" * 64, datetime(2026, 1, 1, tzinfo=UTC), crs)


# order

SCHOOL = ["basisonderwijs", "vmbo", "mbo", "havo", "vwo", "hbo", "wo"]


def test_order() -> None:
    options = declared("order", values=SCHOOL, cuts=[["mbo", "havo", "hbo"], ["hbo"]], levels=["fijn", "grof", "any"])
    assert steps(options, "vmbo") == [f"basisonderwijs {DASH} vmbo", f"basisonderwijs {DASH} vwo", "*"]
    assert steps(options, "mbo") == ["mbo", f"basisonderwijs {DASH} vwo", "*"]
    assert misfits(options, ["wo", "lts"]) == [1]
    ladder = open_ladder(options, Path())
    assert ladder.domain(1, pa.string()).to_pylist() == [f"basisonderwijs {DASH} vmbo", "mbo", f"havo {DASH} vwo", f"hbo {DASH} wo"]
    assert ladder.domain(3, pa.string()).to_pylist() == ["*"]


@given(st.data())
def test_every_order_nests(data: st.DataObject) -> None:
    inner = data.draw(st.sets(st.sampled_from(SCHOOL[1:]), min_size=2))
    outer = data.draw(st.sets(st.sampled_from(sorted(inner)), min_size=1, max_size=len(inner) - 1))
    cuts = [[value for value in SCHOOL if value in chosen] for chosen in (inner, outer)]
    found = levels_of(declared("order", values=SCHOOL, cuts=cuts), SCHOOL)
    assert forked(found) is None
    for chosen, level in zip((inner, outer), found[1:], strict=True):
        together = [code for code, _ in itertools.groupby(level.codes.tolist())]
        assert len(together) == len(set(together)) == len(chosen) + 1


@pytest.mark.parametrize(
    "keys",
    [
        {"values": ["a", "a"], "cuts": [["a"]]},
        {"values": ["a", "b"], "cuts": [["a"]]},
        {"values": ["a", "b"], "cuts": [["c"]]},
        {"values": ["a", "b", "c"], "cuts": [["c", "b"]]},
        {"values": ["a", "b", "c"], "cuts": [["b"], ["c"]]},
        {"values": ["a", "b"], "cuts": []},
    ],
)
def test_orders_that_are_none(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared("order", **keys)


# redaction


@pytest.mark.parametrize(
    ("side", "value", "expected"),
    [
        ("right", "12345", ["1234**", "12****", "******"]),
        ("left", "12345", ["**2345", "****45", "******"]),
        ("right", "", ["******", "******", "******"]),
        ("right", "ÀÉ", ["ÀÉ****", "ÀÉ****", "******"]),
    ],
)
def test_redaction(side: str, value: str, expected: list[str]) -> None:
    assert steps(declared("redaction", side=side, length=6, characters=[2, 4, 6]), value) == expected


def test_redaction_of_numbers_and_of_what_is_too_long() -> None:
    options = declared("redaction", side="right", length=4, characters=[1], mask="x")
    assert steps(options, 1234, "integer") == ["123x"]
    assert misfits(options, ["1234", "12345"]) == [1]


@given(st.sets(st.text(max_size=6), min_size=1, max_size=30), st.sets(st.integers(1, 6), min_size=1), st.sampled_from(["left", "right"]))
def test_redaction_nests_and_hides_the_length(values: set[str], characters: set[int], side: str) -> None:
    found = levels_of(declared("redaction", side=side, length=6, characters=sorted(characters)), sorted(values))
    assert forked(found) is None
    assert {len(label.as_py()) for level in found[1:] for label in level.labels} == {6}


@pytest.mark.parametrize("characters", [[2, 2], [3, 2], [7], []])
def test_redaction_masks_more_on_every_step(characters: list[int]) -> None:
    with pytest.raises(ValidationError):
        declared("redaction", side="left", length=6, characters=characters)


# code lists

TREE = "code;nl;parent\nA;Landbouw;\n01;Akkerbouw;A\n011;Granen;01\n0111;Tarwe;011\n02;Bosbouw;A\nB;Delfstoffen;\n"


def tree(folder: Path, text: str = TREE, **keys: Any) -> HierarchyOptions:
    (folder / "sbi.csv").write_text(text, encoding="utf-8")
    return declared("codelist", path="sbi.csv", **keys)


def test_the_tree_of_a_code_list(tmp_path: Path) -> None:
    options = tree(tmp_path)
    assert steps(options, "0111", folder=tmp_path) == ["011", "01", "A"]
    assert steps(options, "02", folder=tmp_path) == ["02", "02", "A"]
    assert steps(options, "B", folder=tmp_path) == ["B", "B", "B"]
    assert misfits(options, ["0111", "0112"], folder=tmp_path) == [1]
    named = tree(tmp_path, levels=["groep", "afdeling", "sectie", "any"])
    assert open_ladder(named, tmp_path).names == ("groep", "afdeling", "sectie", "any")
    assert open_ladder(named, tmp_path).domain(3, pa.string()).to_pylist() == ["A", "B"]


@given(st.lists(st.integers(0, 30), min_size=2, max_size=30))
def test_every_tree_nests(above: list[int]) -> None:
    import tempfile

    lines = [f"{number};{'' if parent >= number else parent}" for number, parent in enumerate(above)]
    with tempfile.TemporaryDirectory() as room:
        (Path(room) / "t.csv").write_text("code;parent\n" + "\n".join(lines) + "\n", encoding="utf-8")
        options = declared("codelist", path="t.csv")
        if all(line.endswith(";") for line in lines):
            with pytest.raises(ConfigurationError):
                open_ladder(options, Path(room))
            return
        found = levels_of(options, sorted(str(number) for number in range(len(above))), folder=Path(room))
        assert forked(found) is None
        roots = {line.split(";")[0] for line in lines if line.endswith(";")}
        assert set(found[-1].labels.to_pylist()) == roots


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("code;ouder\nA;\n", "hierarchy.codelist-column", 1),
        ("code;parent\nA;\ngeheim;B\n", "hierarchy.codelist-parent", 3),
        ("code;parent\nA;B\nB;C\nC;B\nD;\n", "hierarchy.codelist-circle", 3),
        ("code;parent\nA;A\n", "hierarchy.codelist-circle", 2),
        ("code;parent\nA;\nA;\n", "hierarchy.twice", 3),
        ("code;parent\nA;\n;A\n", "hierarchy.codelist-code", 3),
        ("code;parent\nA\n", "hierarchy.codelist-line", 2),
        ("code;parent\nA;\nB;\n", "hierarchy.codelist-flat", None),
        ("", "hierarchy.empty", None),
    ],
)
def test_a_wrong_tree_is_told_by_its_line(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_ladder(tree(tmp_path, text), tmp_path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.line) == (code, line)
    assert "geheim" not in problem.nl + problem.en


def test_the_names_of_a_tree_are_as_many_as_its_steps(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_ladder(tree(tmp_path, levels=["een", "twee"]), tmp_path)
    assert caught.value.problems[0].code == "hierarchy.levels"


# areas of Statistics Netherlands

CBS = declared("cbs", levels=["buurt", "wijk", "gemeente", "any"])


@pytest.mark.parametrize("value", ["BU03920101", "bu03920101", "03920101", " BU 03920101"])
def test_a_neighbourhood_in_all_its_forms(value: str) -> None:
    assert steps(CBS, value) == ["BU03920101", "WK039201", "GM0392", "*"]


def test_a_number_says_what_it_is() -> None:
    assert steps(declared("cbs", levels=["wijk", "gemeente"], values="buurt"), 3920101, "integer") == ["WK039201", "GM0392"]
    assert steps(declared("cbs", levels=["gemeente"], values="wijk"), 1401, "integer") == ["GM0014"]
    assert misfits(CBS, [3920101], "integer") == [0]


def test_what_is_no_code_or_too_coarse_does_not_fit() -> None:
    assert misfits(CBS, ["BU03920101", "WK039201", "GM0392", "0392010", "PV27", ""]) == [1, 2, 3, 4, 5]
    assert misfits(declared("cbs", levels=["wijk"]), ["BU03920101", "WK039201", "GM0392"]) == [2]
    assert misfits(declared("cbs", levels=["gemeente"], values="wijk"), ["039201", "03920101"]) == [1]


@given(st.sets(st.tuples(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=40))
def test_areas_nest(codes: set[tuple[int, int, int]]) -> None:
    found = levels_of(CBS, sorted(f"BU{a:04d}{b:02d}{c:02d}" for a, b, c in codes))
    assert forked(found) is None
    assert found[3].labels.to_pylist() == sorted({f"GM{a:04d}" for a, _, _ in codes})


def test_areas_that_exist(tmp_path: Path) -> None:
    (tmp_path / "gebieden.csv").write_text("BU03920101;Oude Stad\nBU03920202;Zijlweg\n", encoding="utf-8")
    options = declared("cbs", levels=["buurt", "wijk"], areas="gebieden.csv")
    assert misfits(options, ["BU03920101", "BU03929999"], folder=tmp_path) == [1]
    assert open_ladder(options, tmp_path).domain(2, pa.string()).to_pylist() == ["WK039201", "WK039202"]
    assert options.files() == ("gebieden.csv",)


def test_postcodes_by_a_lookup(tmp_path: Path) -> None:
    (tmp_path / "pc6.csv").write_text("2011RD;BU03920101\n2012AB;03920202\n", encoding="utf-8")
    options = declared("cbs", levels=["buurt", "gemeente"], lookup="pc6.csv")
    assert steps(options, "2011 rd", folder=tmp_path) == ["BU03920101", "GM0392"]
    assert misfits(options, ["2012AB", "9999ZZ"], folder=tmp_path) == [1]
    assert open_ladder(options, tmp_path).domain(1, pa.string()).to_pylist() == ["BU03920101", "BU03920202"]


@pytest.mark.parametrize(
    ("areas", "lookup", "code", "file", "line"),
    [
        ("BU03920101\ngeheim\n", None, "hierarchy.cbs-code", "a.csv", 2),
        ("BU03920101\n", "2011RD;BU03929999\n", "hierarchy.cbs-not-listed", "l.csv", 1),
        (None, "2011RD;geheim\n", "hierarchy.cbs-code", "l.csv", 1),
        (None, "2011RD;BU03920101\n2011 rd;BU03920101\n", "hierarchy.twice", "l.csv", 2),
        (None, "2011RD,BU03920101\n", "hierarchy.cbs-lookup", "l.csv", 1),
    ],
)
def test_a_wrong_list_of_areas(tmp_path: Path, areas: str | None, lookup: str | None, code: str, file: str, line: int) -> None:
    keys = {}
    for key, name, text in (("areas", "a.csv", areas), ("lookup", "l.csv", lookup)):
        if text:
            (tmp_path / name).write_text(text, encoding="utf-8")
            keys[key] = name
    with pytest.raises(ConfigurationError) as caught:
        open_ladder(declared("cbs", levels=["buurt"], **keys), tmp_path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.file, problem.place.line) == (code, file, line)
    assert "geheim" not in problem.nl + problem.en


# squares

GRID = declared("grid", levels=["100m", "500m", "1km", "any"])


def wkb(*points: tuple[float, float] | None) -> list[bytes | None]:
    return [None if point is None else shapely.to_wkb(shapely.Point(point), byte_order=1) for point in points]


def squares(workshop: Any, points: list[bytes | None], crs: str = "EPSG:28992") -> tuple[tuple[Level, ...], list[int]]:
    ladder = open_ladder(GRID, Path(), seen(workshop, points, "geometry", crs))
    found, wrong = recode(pa.array(points, pa.binary()), "geometry", ladder)
    return found, wrong.tolist()


def test_the_squares_around_a_point(workshop: Any) -> None:
    found, wrong = squares(workshop, wkb((121_449.99, 486_700.0)))
    assert wrong == []
    assert [level.labels[0].as_py() for level in found[1:]] == ["E1214N4867", "E1210N4865", "E1210N4860", "*"]


def test_points_in_degrees_are_taken_to_rd(workshop: Any) -> None:
    # The church tower of Amersfoort, the origin of RD: (155000, 463000).
    found, wrong = squares(workshop, wkb((5.3872062 + 1e-3, 52.1551744 + 1e-3)), "EPSG:4326")
    assert wrong == []
    assert found[1].labels[0].as_py() == "E1550N4631"
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True).transform(4.6367, 52.3811)
    found, _ = squares(workshop, wkb((4.6367, 52.3811)), "EPSG:4326")
    assert found[1].labels[0].as_py() == f"E{int(x // 100):04d}N{int(y // 100):04d}"


def test_what_is_no_point_in_the_netherlands_does_not_fit(workshop: Any) -> None:
    line = shapely.to_wkb(shapely.LineString([(121_000, 487_000), (122_000, 487_000)]), byte_order=1)
    _, wrong = squares(workshop, [*wkb((121_000, 487_000), (0, 0), (500_000, 487_000)), line])
    assert wrong == [1, 2, 3]


@given(st.lists(st.tuples(st.floats(0, 299_999), st.floats(300_000, 629_999)), min_size=1, max_size=40, unique=True))
def test_squares_nest(workshop_maker: Callable[[], Any], points: list[tuple[float, float]]) -> None:
    found, wrong = squares(workshop_maker(), sorted(wkb(*points)))
    assert wrong == []
    assert forked(found) is None
    assert {label.as_py() for label in found[3].labels} == {f"E{int(x // 1000) * 10:04d}N{int(y // 1000) * 10:04d}" for x, y in points}


def test_squares_of_squares(workshop: Any) -> None:
    ladder = open_ladder(declared("grid", levels=["500m", "1km"]), Path(), seen(workshop, ["E1214N4867"], "string"))
    found, wrong = recode(pa.array(["E1214N4867", "E12N48", "e1214n4867"]), "string", ladder)
    assert wrong.tolist() == [1]
    assert [found[1].labels[int(found[1].codes[at])].as_py() for at in (0, 2)] == ["E1210N4865"] * 2


# files, as ARX reads and writes them


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_characters="\r\n\x00", codec="utf-8"), min_size=1), st.sampled_from("pqrs")),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[0],
    )
)
def test_a_file_of_arx_goes_round(rows: list[tuple[str, str]]) -> None:
    import tempfile

    coarser = {"p": "x", "q": "x", "r": "y;z", "s": '"y"'}
    lines = [[value, step, coarser[step], "*"] for value, step in rows]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(lines)
    with tempfile.TemporaryDirectory() as room:
        (Path(room) / "h.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        ladder = open_ladder(declared("file", path="h.csv"), Path(room))
        values = [line[0] for line in lines]
        again = [list(row) for row in zip(values, *(step.to_pylist() for step in ladder.labels(pa.array(values))), strict=True)]
    assert again == lines
    assert ladder.names == ("1", "2", "3")


# all of them


def test_every_type_is_registered_and_light() -> None:
    assert list(HIERARCHIES.modules) == [
        "area", "cbs", "codelist", "date", "file", "grid", "interval", "nl-postcode", "order", "redaction",
    ]  # fmt: skip
    assert {type_ for type_ in HIERARCHIES.modules if HIERARCHIES.load(type_).Options.lowest} == {"area"}


@pytest.mark.parametrize(
    ("options", "kind", "values"),
    [
        (AGES, "integer", list(range(0, 120, 7))),
        (declared("order", values=SCHOOL, cuts=[["mbo"]]), "string", SCHOOL),
        (declared("redaction", side="left", length=5, characters=[1, 3]), "string", ["12345", "123", "54321", "x"]),
        (CBS, "string", ["BU03920101", "03920102", "BU00140303"]),
        (declared("nl-postcode", levels=["PC5", "PC4"]), "string", ["2011RD", "2011 AB", "9711LM"]),
    ],
    ids=lambda option: option.type if hasattr(option, "type") else None,
)
def test_a_label_depends_on_the_value_alone(options: HierarchyOptions, kind: ColumnType, values: list[Any]) -> None:
    """Whatever else is in the column and in whatever order, so that batches can be labelled by themselves."""
    ladder = open_ladder(options, Path())
    whole = [step.to_pylist() for step in ladder.labels(pa.array(values, ARROW[kind]))]
    order = random.Random(1).sample(range(len(values)), len(values))
    mixed = [step.to_pylist() for step in ladder.labels(pa.array([values[at] for at in order], ARROW[kind]))]
    alone = [[step[0].as_py() for step in ladder.labels(pa.array([value], ARROW[kind]))] for value in values]
    assert [[step[at] for at in order] for step in whole] == mixed
    assert list(map(list, zip(*whole, strict=True))) == alone


def test_a_missing_value_stays_missing_but_where_all_are_one() -> None:
    for options, kind in ((AGES, "integer"), (CBS, "string")):
        ladder = open_ladder(options, Path())
        found = [step.to_pylist()[0] for step in ladder.labels(pa.array([None], ARROW[kind]))]
        assert found == [None] * (len(ladder.names) - 1) + [base.ANY]


class Crooked:
    """A ladder of a third party that puts values together and apart again."""

    names = ("fijn", "grof")

    def labels(self, values: pa.Array) -> list[pa.Array]:
        fine = {"a": "x", "b": "x", "c": "y"}
        return [pa.array([fine[value] for value in values.to_pylist()]), values]

    def domain(self, *_: object) -> None:
        return None


def test_a_ladder_that_does_not_nest_is_told_by_two_rows(workshop: Any) -> None:
    from anonymisation.tuples import collapse
    from engine.session import session

    columns = workshop.columns(x="string quasi")
    snapshot = workshop.snapshot(columns, [["c"], ["b"], ["b"], ["a"]])
    with session(workshop.folder / "spill") as engine:
        _, problems = collapse(engine, snapshot, columns, {"x": Crooked()}, frozenset())
    assert [problem.code for problem in problems] == ["anonymise.forked"]
    assert "rij 2 en rij 4" in problems[0].nl


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=12))
def test_two_values_that_part_again_are_found(rows: list[list[int]]) -> None:
    levels = [base.Level(str(at), "string", pa.array(range(4)), np.array(codes)) for at, codes in enumerate(zip(*rows, strict=True))]
    pair = forked(levels)
    parts = [
        (a, b)
        for a, b in itertools.combinations(range(len(rows)), 2)
        for at in (0, 1)
        if rows[a][at] == rows[b][at] and rows[a][at + 1] != rows[b][at + 1]
    ]
    assert (pair is None) == (not parts)
    assert pair is None or tuple(sorted(pair)) in parts
