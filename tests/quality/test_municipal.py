"""The checks of Dutch identifiers: the engine, Great Expectations and Python say the same of every text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import ConfigurationError
from config.identifiers import BSN_WEIGHTS
from config.models.quality import Expectation
from quality import frames
from quality import run as library
from quality.check import check
from quality.expectations.kinds import KINDS
from quality.native import judge as native

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = {
    "bag_id": ({}, ["0392010000000001", "0392100000000001"], ["0392990000000001", "392010000000001", "0392010000000001\n"]),
    "bsn": ({}, ["111222333", "123456782", "1112.22.333", "10000008"], ["111222334", "000000000", "", "11122233x", "1111222333"]),
    "cbs_code": ({"level": "wijk", "municipality": "GM0392"}, ["WK039201"], ["WK036301", "GM0392", "BU03920101", "wk039201"]),
    "dutch_postcode": ({}, ["2011 RD", "2011RD"], ["0011 RD", "2011 SS", "2011"]),
    "iban": ({}, ["NL91ABNA0417164300"], ["NL92ABNA0417164300", "NL91"]),
    "kvk_number": ({}, ["12345678"], ["1234567", "123456789", "\uff11\uff12345678"]),
    "licence_plate": ({}, ["12-ABC-3", "AB-12-34"], ["ABC", "1234567"]),
    "rsin": ({}, ["111222333"], ["10000008", "111.222.333", "000000000"]),
}


def name(what: str) -> str:
    return f"expect_column_values_to_be_valid_{what}"


def one(what: str, **kwargs: Any) -> Expectation:
    return Expectation.model_validate({"type": name(what), "kwargs": {"column": "a", **kwargs}, "dimension": "validity"})


def test_every_identifier_has_examples() -> None:
    assert {name(what) for what in EXAMPLES} == {kind for kind, one in KINDS.items() if not one.geometry}


@pytest.mark.parametrize("what", EXAMPLES)
def test_knows_right_from_wrong_in_both_engines(what: str, tmp_path: Path) -> None:
    kwargs, right, wrong = EXAMPLES[what]
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": [*right, *wrong, None]}), path)
    schema = pq.read_schema(path)
    suite, kinds = [one(what, **kwargs)], frames.kinds(schema)
    ours = native.judge(path, schema, suite, kinds, set_aside=False)[0]
    theirs = library.judge(path, {0: suite[0]}, kinds, (), set_aside=False)[0]
    assert (theirs.error, theirs.row_wise) == (None, True)
    for found in (ours, theirs):
        assert found.result["unexpected_count"] == len(wrong), found.engine
        assert not found.success


def passing(digits: list[int]) -> str:
    """Nine digits of which the last makes the eleven-test pass, where one digit can."""
    rest = sum(weight * digit for weight, digit in zip(BSN_WEIGHTS, digits, strict=False)) % 11
    return "".join(map(str, digits)) + str(rest % 10)


SHAPED = st.one_of(
    st.text("0123456789 .-x", max_size=12),
    st.lists(st.integers(0, 9), min_size=8, max_size=8).map(passing),
    st.integers(0, 10**10).map(str),
    st.from_regex(r"\A[0-9]{4}(01|10|20|99)[0-9]{10}\Z"),
    st.from_regex(r"\A(GM|WK|BU)0392[0-9]{0,4}\Z"),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(SHAPED, min_size=1, max_size=40))
def test_the_engine_judges_as_python_does(texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": texts}), path)
    schema = pq.read_schema(path)
    suite = [one(what, **kwargs) for what, (kwargs, _, _) in EXAMPLES.items()]
    found = native.judge(path, schema, suite, frames.kinds(schema), set_aside=False)
    for index, expectation in enumerate(suite):
        accepts = KINDS[expectation.type].accepts(expectation.kwargs)
        assert found[index].result["unexpected_count"] == sum(not accepts(text) for text in texts), expectation.type


def test_whole_numbers_are_judged_by_their_digits(parquet: Any) -> None:
    report = check(parquet({"a": pa.array([111222333, 111222334], pa.int64())}), [one("bsn"), one("iban")], gate="file")
    assert [result.unexpected_count for result in report.results] == [1, 2]


SHAPES = {
    "point": "POINT (100000 490000)",
    "far": "POINT (4.6 52.4)",
    "square": "POLYGON ((100000 490000, 100010 490000, 100010 490010, 100000 490010, 100000 490000))",
    "bow": "POLYGON ((100000 490000, 100010 490010, 100010 490000, 100000 490010, 100000 490000))",
    "nothing": "POINT EMPTY",
}
GEOMETRIES = [
    ("expect_column_values_to_be_valid_geometry", {}, {"bow", "nothing", "text"}),
    ("expect_column_values_to_be_of_geometry_type", {"geometry_types": ["Polygon", "MultiPolygon"]}, {"point", "far", "nothing", "text"}),
    ("expect_column_values_to_be_within_area", {"crs": "EPSG:28992"}, {"far", "nothing", "text"}),
    ("expect_column_values_to_be_within_area", {"box": [99_990, 489_990, 100_005, 490_005]}, {"far", "square", "bow", "nothing", "text"}),
]


@pytest.mark.parametrize(("kind", "kwargs", "wrong"), GEOMETRIES)
def test_judges_geometries_in_both_engines(kind: str, kwargs: dict[str, Any], wrong: set[str], tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    cells = {what: shapely.from_wkt(text).wkb for what, text in SHAPES.items()} | {"text": b"no wkb at all"}
    pq.write_table(pa.table({"_row": [*range(1, len(cells) + 2)], "a": pa.array([*cells.values(), None], pa.binary())}), path)
    suite = [
        Expectation.model_validate({"type": kind, "kwargs": {"column": "a", **kwargs}, "dimension": "validity", "on_fail": "quarantine"})
    ]
    schema = pq.read_schema(path)
    ours = native.judge(path, schema, suite, frames.kinds(schema), set_aside=True)[0]
    theirs = library.judge(path, {0: suite[0]}, frames.kinds(schema), (), set_aside=True)[0]
    assert theirs.error is None
    for found in (ours, theirs):
        assert {list(cells)[row - 1] for row in found.rows} == wrong, found.engine


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [("of_geometry_type", {"geometry_types": ["Circle"]}), ("of_geometry_type", {}), ("within_area", {}),
     ("within_area", {"crs": "EPSG:3035"}), ("within_area", {"box": [1, 2, 0, 3]}), ("within_area", {"box": [1, 2]}),
     ("within_area", {"box": [0, 0, 1, 1], "crs": "EPSG:4326"})],
)  # fmt: skip
def test_a_wrong_argument_of_a_geometry_is_refused(kind: str, kwargs: dict[str, Any], parquet: Any, expect: Any) -> None:
    path = parquet({"a": pa.array([b"x"], pa.binary())})
    with pytest.raises(ConfigurationError):
        check(path, [expect(f"expect_column_values_to_be_{kind}", column="a", **kwargs)], gate="file")


@pytest.mark.parametrize(
    ("what", "kwargs"),
    [("bag_id", {"object_type": "huis"}), ("cbs_code", {}), ("cbs_code", {"level": "straat"}),
     ("cbs_code", {"level": "wijk", "municipality": "0392"}), ("bsn", {"level": "wijk"}), ("bsn", {"mostly": 2})],
)  # fmt: skip
def test_a_wrong_argument_is_refused(what: str, kwargs: dict[str, Any], parquet: Any) -> None:
    with pytest.raises(ConfigurationError):
        check(parquet({"a": ["x"]}), [one(what, **kwargs)], gate="file")
