from __future__ import annotations

from typing import Any

import pytest

from config.digest import canonical, configuration_digest, file_digests, named_files


def digest(folder: Any, text: str, name: str = "proef") -> str:
    folder.dataset(name, text)
    declared = folder.load().datasets[name]
    assert declared.dataset is not None, [problem.text() for problem in declared.problems]
    return configuration_digest(declared.dataset, file_digests(named_files(declared.dataset, declared.file.parent)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("frequency: WEEKLY", "frequency: MONTHLY"),
        ('cron: "0 6 * * 1"', 'cron: "0 7 * * 1"'),
        ("  kind: csv\n", "  kind: csv   # a comment\n"),
        ("retention: P30D", 'retention: "P30D"'),
        ("  measure: sum\n", ""),
    ],
)
def test_a_change_that_publishes_nothing_else_keeps_the_digest(folder: Any, old: str, new: str) -> None:
    text = folder.texts["magnitude"]
    assert old in text
    assert digest(folder, text) == digest(folder, text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("min_contributors: 3", "min_contributors: 4"), ("P_PERCENT", "P2"), ("{nl: Meldingen}", "{nl: Melding}"), ("[csv, parquet]", "[csv]"),
     ("type: decimal", "type: number"), ("max_quarantine: 0.01", "max_quarantine: 0.02")],
)  # fmt: skip
def test_a_change_that_counts_changes_the_digest(folder: Any, old: str, new: str) -> None:
    text = folder.texts["magnitude"]
    assert old in text
    assert digest(folder, text) != digest(folder, text.replace(old, new))


def test_the_content_of_named_files_counts(folder: Any) -> None:
    text = folder.texts["frequency"]
    before = digest(folder, text)
    dataset = folder.load().datasets["proef"]
    assert sorted(named_files(dataset.dataset, dataset.file.parent)) == ["../hierarchies/buurten.csv", "codelists/soorten.csv"]
    folder.put("hierarchies/buurten.csv", "BU01;Wijk 2\n")
    after = digest(folder, text)
    assert before != after
    folder.put("codelists/soorten.csv", "code,nl\nafval,Rommel\n")
    assert digest(folder, text) not in {before, after}


def test_the_canonical_form_has_one_order() -> None:
    assert canonical({"b": [1, 2.5, None], "a": "é"}) == '{"a":"é","b":[1,2.5,null]}'.encode()
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(float("nan"))
