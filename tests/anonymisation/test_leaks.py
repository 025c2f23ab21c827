"""What a table or a report must not let out, beside the cells that it hides."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
import pytest

from anonymisation.protect import public_report
from config.errors import ConfigurationError


@pytest.mark.parametrize("classification", ["direct", "text"])
def test_labels_that_identify_do_not_go_out_even_in_hidden_cells(workshop: Any, classification: str) -> None:
    file = workshop.file("namen.csv", "Jansen;J-L", "Maas;M-Z")
    cells, rows = workshop.columns(naam=f"string {classification}"), [("Jansen",)] * 6 + [("Maas",)]
    for rule in ({}, {"hierarchy": file, "level": 0}):
        policy = workshop.privacy(kind="frequency", dimensions={"naam": rule}, rules={"min_count": 5})
        done = workshop.protect(cells, rows, policy)
        assert done.table is None
        assert [(problem.code, problem.place.path) for problem in done.problems] == [
            ("anonymise.dimension-identifies", "privacy.dimensions.naam")
        ]
    policy = workshop.privacy(kind="frequency", dimensions={"naam": {"hierarchy": file, "level": 1}}, rules={"min_count": 5})
    assert [row["naam"] for row in workshop.rows(workshop.protect(cells, rows, policy))] == ["J-L", "M-Z"]


@pytest.mark.parametrize("unclassified", ["wijk", "bedrag", "wie"])
def test_nothing_is_made_of_a_column_that_is_not_classified(workshop: Any, unclassified: str) -> None:
    kinds = {"wijk": "string quasi", "bedrag": "integer sensitive", "wie": "string direct"}
    kinds[unclassified] = kinds[unclassified].split()[0] + " unclassified"
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", contributor="wie", rules={"min_contributors": 2})
    done = workshop.protect(workshop.columns(**kinds), [("n", 1, "p"), ("n", 2, "q")], policy)
    assert done.table is None
    assert [problem.code for problem in done.problems] == ["anonymise.table-unclassified"]
    assert unclassified in done.problems[0].nl


def test_a_text_is_not_added_up_and_not_repeated(workshop: Any) -> None:
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", rules={"min_contributors": 2})
    done = workshop.protect(workshop.columns(wijk="string quasi", bedrag="string sensitive"), [("n", "geheim")] * 3, policy)
    assert [problem.place.path for problem in done.problems] == ["privacy.value"]
    assert "geheim" not in done.problems[0].nl + done.problems[0].en


def test_hidden_figures_leave_no_trace_in_the_file(workshop: Any) -> None:
    """Not in its cells, and not in the statistics that Parquet keeps of them."""
    rows = [("n", 70_001), ("n", 1), ("z", 5), ("z", 5), ("z", 6), ("o", -80_009)]
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", rules={"min_contributors": 3})
    done = workshop.protect(workshop.columns(wijk="string quasi", bedrag="integer sensitive"), rows, policy)
    with pq.ParquetFile(done.table.path) as file:
        group = file.metadata.row_group(0)
        statistics = {group.column(index).path_in_schema: group.column(index).statistics for index in range(group.num_columns)}
    assert (statistics["bedrag"].min, statistics["bedrag"].max) == (16, 16)
    assert {row["wijk"]: row["bedrag"] for row in workshop.rows(done)} == {"n": None, "o": None, "z": 16}


def test_what_each_rule_hid_is_for_the_auditor(workshop: Any) -> None:
    """All hidden cells by `zeros` would say: they are all zero."""
    file = workshop.file("wijken.csv", "n;noord", "z;zuid", "o;oost")
    policy = workshop.privacy(kind="frequency", dimensions={"wijk": {"hierarchy": file}}, rules={"min_count": 3, "zeros": "suppress"})
    done = workshop.protect(workshop.columns(wijk="string quasi"), [("n",)] * 4, policy)
    assert done.report["primary"] == {"zeros": 2, "min_count": 0}
    public = public_report(done.report)
    assert public["primary"] == {"zeros": None, "min_count": None, "total": 2}
    assert public["after"] == {"published": 1, "suppressed": 2}
    assert done.report["primary"] == {"zeros": 2, "min_count": 0}, "the auditor's report stays as it is"


def test_the_public_report_has_no_exact_figures_on_raw_rows(workshop: Any) -> None:
    """A suppressed row may not be seen in any figure but the number of rows left out: whatever its value was, the report is the same."""
    ladder = workshop.file("p.csv", "a;noord;*", "b;noord;*", "c;zuid;*", "d;zuid;*")
    cells = workshop.columns(plaats="string quasi", ziek="string sensitive")
    policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": ladder}}, model={"k": 3, "suppression_limit": 0.2})
    reports = []
    for one in ("c", "d"):
        done = workshop.protect(cells, [("a", "x"), ("b", "y"), ("a", "x")] * 4 + [(one, "x")], policy)
        reports.append(public_report(done.report))
        assert "before" in done.report
        assert "score" in done.report
    assert reports[0] == reports[1]
    assert not {"before", "score"} & set(reports[0])
    assert reports[0]["suppressed_rows"] == 1


def test_a_report_of_a_table_tells_what_columns_were_for_and_holds_no_value(workshop: Any) -> None:
    cells = workshop.columns(wijk="string quasi", bedrag="integer sensitive", wie="string direct", over="string open", bsn="string direct")
    policy = workshop.privacy(
        kind="magnitude",
        columns={"bsn": {"action": "drop"}},
        dimensions={"wijk": {}},
        value="bedrag",
        contributor="wie",
        rules={"min_contributors": 2, "p_percent": "${P}"},
    )
    rows = [("kievitlaan", 7411, "groothandel", "spreeuw", "111222333"), ("kievitlaan", 7422, "kleinhandel", "merel", "123456782")]
    done = workshop.protect(cells, rows, policy, secrets={"P": "37"})
    assert {told["name"]: (told["classification"], told["action"]) for told in done.report["columns"]} == {
        "wijk": ("quasi", "dimension"),
        "bedrag": ("sensitive", "value"),
        "wie": ("direct", "contributor"),
        "over": ("open", "unused"),
        "bsn": ("direct", "dropped"),
    }
    text = json.dumps({key: value for key, value in done.report.items() if key != "digests"})
    for word in ("kievitlaan", "7411", "7422", "14833", "handel", "spreeuw", "111222333", "37"):
        assert word not in text


def test_a_value_outside_a_ladder_is_told_where_it_is_mended(workshop: Any) -> None:
    file = workshop.file("p.csv", "a;noord")
    policy = workshop.privacy(kind="frequency", dimensions={"plaats": {"hierarchy": file}}, rules={"min_count": 2})
    done = workshop.protect(workshop.columns(plaats="string quasi"), [("a",), ("geheim",)], policy)
    (problem,) = done.problems
    assert problem.place.path == "privacy.dimensions.plaats.hierarchy"
    assert "rij 2" in problem.nl
    assert "geheim" not in problem.nl + problem.en


@pytest.mark.parametrize("line", ['"geheim;noord', '"geheim"x;noord'])
def test_a_line_that_is_no_csv_is_told_without_its_text(workshop: Any, line: str) -> None:
    policy = workshop.privacy(kind="frequency", dimensions={"plaats": {"hierarchy": workshop.file("p.csv", "a;noord", line)}})
    with pytest.raises(ConfigurationError) as caught:
        workshop.protect(workshop.columns(plaats="string quasi"), [("a",)], policy)
    (problem,) = caught.value.problems
    assert problem.code == "hierarchy.quotes"
    assert (problem.place.file, problem.place.line) == ("p.csv", 2)
    assert "geheim" not in problem.nl + problem.en + repr(caught.value.__context__ if not caught.value.__suppress_context__ else "")
