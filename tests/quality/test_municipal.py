"""The checks of Dutch identifiers: the engine, Great Expectations and Python say the same of every text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
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
    assert {name(what) for what in EXAMPLES} == set(KINDS)


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


@pytest.mark.parametrize(
    ("what", "kwargs"),
    [("bag_id", {"object_type": "huis"}), ("cbs_code", {}), ("cbs_code", {"level": "straat"}),
     ("cbs_code", {"level": "wijk", "municipality": "0392"}), ("bsn", {"level": "wijk"}), ("bsn", {"mostly": 2})],
)  # fmt: skip
def test_a_wrong_argument_is_refused(what: str, kwargs: dict[str, Any], parquet: Any) -> None:
    with pytest.raises(ConfigurationError):
        check(parquet({"a": ["x"]}), [one(what, **kwargs)], gate="file")
