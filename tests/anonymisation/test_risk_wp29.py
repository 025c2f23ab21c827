"""The three questions of WP29: their numbers are those of brute force over the published rows, and each verdict can come out."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from anonymisation.protect import public_report
from anonymisation.report_page import page
from anonymisation.risks.wp29 import certainties, verdicts
from config.models.privacy import PrivacyModel

ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["p", "q"]), st.sampled_from(["x", "y", None])), max_size=25)


def surest(rows: list[Any], at: int) -> float:
    """Give the highest share of one value in any class, by counting."""
    classes = defaultdict(list)
    for row in rows:
        classes[row[:at]].append(row[at])
    return max((max(Counter(values).values()) / len(values) for values in classes.values()), default=0.0)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_certainty_is_counted_class_by_class(tmp_path: Any, rows: list[Any]) -> None:
    names = ["plaats", "soort", "ziek"]
    pq.write_table(
        pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)}), tmp_path / "t.parquet"
    )
    assert certainties(tmp_path / "t.parquet", names[:2], ["ziek"])["ziek"] == pytest.approx(surest(rows, 2))
    assert certainties(tmp_path / "t.parquet", [], ["ziek"])["ziek"] == pytest.approx(surest([row[2:] for row in rows], 0))


def asked(k: int, *, model: dict[str, Any] | None = None, certainty: float | None = None, pseudonym: bool = False) -> dict[str, str]:
    after = {"k": k, "prosecutor_max": 1 / k, "prosecutor_avg": 1 / k, "uniques": int(k == 1)}
    known = {} if certainty is None else {"ziek": certainty}
    found = verdicts(after, PrivacyModel.model_validate(model or {"k": 2}), known, pseudonym=pseudonym)
    return {name: told["verdict"] for name, told in found.items()}


@pytest.mark.parametrize(
    ("k", "verdict"),
    [(1, "unsafe"), (2, "attention"), (4, "attention"), (5, "safe"), (50, "safe")],
)
def test_pointing_out_and_linking_follow_the_size_of_the_classes(k: int, verdict: str) -> None:
    assert asked(k) == {"singling_out": verdict, "linkability": verdict, "inference": "safe"}


def test_a_promise_about_persons_counts_persons() -> None:
    assert asked(1, model={"k_map": {"k": 5}})["singling_out"] == "safe"
    assert asked(1, model={"k_map": {"k": 5}, "k": 2})["singling_out"] == "unsafe"


def test_a_pseudonym_links_rows() -> None:
    assert asked(9, pseudonym=True)["linkability"] == "attention"
    assert asked(1, pseudonym=True)["linkability"] == "unsafe"


@pytest.mark.parametrize(
    ("certainty", "verdict"), [(0.5, "safe"), (0.8, "safe"), (0.81, "attention"), (0.999, "attention"), (1.0, "unsafe")]
)
def test_inference_follows_the_surest_guess(certainty: float, verdict: str) -> None:
    assert asked(9, certainty=certainty)["inference"] == verdict


@pytest.mark.parametrize("named", [True, False])
def test_the_report_answers_from_the_written_rows(workshop: Any, *, named: bool) -> None:
    rows = [("a", "griep")] * 3 + [("a", "hoest")] * 3 + [("b", "griep")] * 4 + [("b", "hoest")] + [("c", "hoest")]
    model = {"k": 5, "suppression_limit": 0.2, **({"l": {"column": "ziek", "value": 2}} if named else {})}
    cells = workshop.columns(plaats="string quasi", ziek="string sensitive")
    done = workshop.protect(cells, rows, workshop.privacy(kind="microdata", model=model))
    told = done.report["wp29"]
    assert told["singling_out"]["number"] == 0.2
    assert told["inference"]["number"] == 0.8
    assert {one["verdict"] for one in told.values()} == {"safe"}
    assert "certainty" not in done.report["after"]
    assert public_report(done.report)["wp29"] == told
    for language in ("nl", "en"):
        html = page(done.report, language)
        assert all(str(escape(one[language])) in html for one in told.values())


def test_a_class_of_one_value_is_told(workshop: Any) -> None:
    cells = workshop.columns(plaats="string quasi", ziek="string sensitive")
    done = workshop.protect(cells, [("a", "griep")] * 6, workshop.privacy(kind="microdata", model={"k": 5}))
    assert done.report["wp29"]["inference"]["verdict"] == "unsafe"
    assert "griep" not in str(done.report)
