"""The scan: planted numbers are found in every spelling, chance is told from evidence, and no value is shown."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban

from anonymisation.detect import ColumnFinding, scan, unresolved
from anonymisation.detectors.bsn import CHANCE, survival
from config.identifiers import is_bsn
from config.models.privacy import FindingVerdict

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def checked(eight: int) -> int:
    """Give eight digits their check digit; where that would be ten, a number that is no BSN."""
    return eight * 10 + sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(eight), strict=True)) % 11


BSNS = st.integers(10_000_000, 99_999_998).map(checked).filter(lambda number: is_bsn(str(number)))


def find(cells: list[Any], *, column: str = "kolom", title: str | None = None, kind: pa.DataType | None = None) -> dict[str, ColumnFinding]:
    """Scan one column; findings by kind."""
    table = pa.table({column: pa.array(cells, kind)})
    return {finding.kind: finding for finding in scan(table.to_batches(max_chunksize=1_000), {column: title or column})}


def hits(cells: list[Any], **asked: Any) -> set[str]:
    """Give the kinds that stop a publication."""
    return {kind for kind, finding in find(cells, **asked).items() if finding.hit}


def bsns(count: int, seed: int = 3) -> list[int]:
    """Make distinct numbers that pass the eleven-test."""
    chance = random.Random(seed)
    found: dict[int, None] = {}
    while len(found) < count:
        number = chance.randint(100_000_000, 999_999_999)
        if is_bsn(str(number)):
            found[number] = None
    return list(found)


SPELLINGS = [
    lambda n: n,
    lambda n: f"{n[:3]} {n[3:6]} {n[6:]}",
    lambda n: f"{n[:4]}.{n[4:6]}.{n[6:]}",
    lambda n: f"{n[:3]}\u00a0{n[3:6]}\u00a0{n[6:]}",
    lambda n: f"{n[:3]}\u2011{n[3:6]}\u2011{n[6:]}",
]


@given(BSNS, st.sampled_from(SPELLINGS), st.sampled_from(["bsn", "melder_bsn", "BSN-nummer", "bsnMelder", "Burgerservicenummer", "sofinr"]))
def test_one_bsn_under_a_header_that_says_so_is_a_hit(number: int, spell: Any, header: str) -> None:
    assert hits([None, spell(str(number)), "n.v.t."], column=header) == {"bsn"}


def test_a_title_counts_as_much_as_a_name_and_a_lost_zero_is_given_back() -> None:
    assert hits([12345684], column="nr", title="Burgerservicenummer van de melder") == {"bsn"}
    assert hits([12345684.0], column="nr", title="BSN") == {"bsn"}
    assert hits(["12345684"], column="bsn") == {"bsn"}


def test_a_header_without_a_number_is_no_hit() -> None:
    assert find(["x93f", "a11c"], column="bsn") == {}
    assert find([3, 12, 40], column="aantal_bsn") == {}
    assert find([111222334], column="bsn") == {}, "does not pass the eleven-test"


@given(
    BSNS, st.sampled_from(["mijn bsn is {}", "BSN: {}.", "BSN{}", "({}) is haar burgerservicenummer", "sofi-nummer {}", "bsn nr {} bellen"])
)
def test_a_word_beside_the_number_is_a_hit(number: int, sentence: str) -> None:
    assert hits(["Lamp kapot", sentence.format(number), None]) == {"bsn"}


def test_a_word_far_away_or_inside_another_is_none() -> None:
    assert hits(["bsn onbekend, de lantaarnpaal met het nummer dat op de mast staat is 123456782"]) == set()
    assert hits(["absnorm 123456782"]) == set()


@given(st.integers(5, 200), st.integers(0, 2**32))
def test_a_column_of_bsns_is_a_hit_as_text_and_as_number(count: int, seed: int) -> None:
    numbers = bsns(count, seed)
    assert hits(numbers) == {"bsn"}
    assert hits([float(number) for number in numbers]) == {"bsn"}
    assert hits([str(number) for number in numbers]) == {"bsn"}
    assert hits(numbers, kind=pa.decimal128(38, 9)) == {"bsn"}


@pytest.mark.parametrize("rows", [1, 10, 1_000, 50_000])
def test_random_numbers_are_chance(rows: int) -> None:
    for seed in range(5):
        chance = random.Random(seed)
        numbers = [chance.randint(100_000_000, 999_999_999) for _ in range(rows)]
        found = find(numbers)
        assert not any(finding.hit for finding in found.values())
        if rows >= 1_000:
            assert found["bsn"].lift is not None
            assert 0.6 < found["bsn"].lift < 1.4
            assert "toeval" in found["bsn"].reason_nl


def test_one_number_that_is_repeated_is_one_piece_of_evidence() -> None:
    assert hits([123456782] * 10_000) == set()
    assert hits([f"{n}" for n in range(363_000_000, 363_020_000)]) == set(), "a row of numbers passes one in eleven times"


def test_some_bsns_among_many_numbers_are_clearly_above_chance() -> None:
    chance = random.Random(5)
    numbers = [chance.randint(100_000_000, 999_999_999) for _ in range(20_000)] + bsns(1_500)
    chance.shuffle(numbers)
    assert hits(numbers) == {"bsn"}


@given(st.integers(1, 60), st.data())
def test_the_tail_of_the_binomial_distribution(trials: int, data: st.DataObject) -> None:
    from math import comb

    passed = data.draw(st.integers(0, trials))
    exact = sum(comb(trials, n) * CHANCE**n * (1 - CHANCE) ** (trials - n) for n in range(passed, trials + 1))
    if passed > trials * CHANCE:
        assert survival(trials, passed, CHANCE) == pytest.approx(exact, rel=1e-9)
    else:
        assert survival(trials, passed, CHANCE) == 1.0


def iban(account: int, bank: str = "ABNA") -> str:
    """Make a Dutch IBAN with the right check digits."""
    rest = f"{bank}{account:010}"
    return f"NL{stdnum_iban.calc_check_digits('NL00' + rest)}{rest}"


@given(st.integers(1, 10**10 - 1), st.sampled_from(["{}", "rekening {}, dank u", "({})", "IBAN:{}"]), st.sampled_from(["", " ", "-"]))
def test_one_iban_is_a_hit_wherever_it_stands(account: int, sentence: str, between: str) -> None:
    number = iban(account)
    number = between.join(number[i : i + 4] for i in range(0, len(number), 4))
    assert "iban" in hits(["niets", sentence.format(number)])
    assert "iban" in hits([sentence.format(number.lower())])


@given(st.integers(1, 10**10 - 1), st.integers(1, 96))
def test_a_wrong_check_digit_is_no_iban(account: int, off: int) -> None:
    right = iban(account)
    wrong = f"NL{(int(right[2:4]) - 2 + off) % 97 + 2:02}{right[4:]}"
    assert "iban" not in hits([wrong])


@pytest.mark.parametrize("number", ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "BE68 5390 0754 7034 graag"])
def test_accounts_abroad(number: str) -> None:
    assert hits([number]) == {"iban"}


@pytest.mark.parametrize(
    "text",
    [
        "jan@voorbeeld.example",
        "Mail naar Jan.de-Vries+x@sub.voorbeeld.example.",
        "<jan@voorbeeld.nl>",
        "mailto:a@b.nl",
        "e-mail:jan@voorbeeld.nl,",
    ],
)
def test_one_address_of_mail_is_a_hit(text: str) -> None:
    assert hits(["niets", text]) == {"email"}


@pytest.mark.parametrize("text", ["3 @ 4", "@haarlem", "piet at voorbeeld.nl", "a@b", "prijs: 4@5"])
def test_an_at_sign_is_no_address(text: str) -> None:
    assert hits([text]) == set()


@pytest.mark.parametrize(
    "text",
    [
        "0612345678", "06-12345678", "06 12 34 56 78", "06.12.34.56.78", "+31612345678", "+31 6 12345678", "0031612345678",
        "+31 (0)6 12345678", "023-5123456", "023 512 34 56", "(023) 5123456", "0223-612345", "bel 06-12345678 na zes uur",
        "tel:0612345678", "06\u00a012345678",
    ],
)  # fmt: skip
def test_one_telephone_number_is_a_hit(text: str) -> None:
    assert hits(["niets", text]) == {"phone"}


@pytest.mark.parametrize(
    "text",
    [
        "0.612345678", "0,612345678", "0363010012345678", "01-02-2024 12:30", "06-05-2024 12:30", "2024-06-05 0612",
        "BU03920101", "12345678", "0392",
        "610612345678", "00-00-0000", "0612345678901", "a0612345678", "52.0612345678",
    ],
)  # fmt: skip
def test_what_looks_like_a_telephone_number_is_none(text: str) -> None:
    assert hits([text]) == set()


def test_a_whole_number_is_no_telephone_number() -> None:
    assert hits([612345678, 235123456]) == set()


KINDS = {"bsn": "123456782", "iban": iban(417164300), "email": "jan@voorbeeld.example", "phone": "06-12345678"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_finding_holds_the_value(kind: str) -> None:
    found = find([KINDS[kind]], column="bsn")[kind]
    assert found.hit
    assert KINDS[kind] not in str(found)
    assert KINDS[kind].replace("-", "") not in str(found)
    assert not any(digit in found.pattern for digit in "12345678")
    assert (found.hits, found.share) == (1, 1.0)


@given(
    st.lists(st.text(max_size=40), max_size=20),
    st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**60), 2**60).map(float)), max_size=20),
)
def test_any_text_and_any_number_is_scanned_without_an_error(texts: list[str], numbers: list[float | None]) -> None:
    find(texts, kind=pa.string())
    find(numbers, kind=pa.float64())


def test_columns_that_can_hold_nothing_and_empty_tables() -> None:
    from datetime import date

    assert find([date(2024, 1, 1)]) == {}
    assert find([True, None]) == {}
    assert find([b"0612345678"]) == {}
    assert find([None, None], kind=pa.string()) == {}
    assert find([None], kind=pa.null()) == {}
    assert scan([], {}) == ()


def test_dictionary_columns_are_texts_too() -> None:
    cells = pa.array(["jan@voorbeeld.example", "niets"]).dictionary_encode()
    assert [finding.kind for finding in scan([pa.record_batch({"a": cells})], {})] == ["email"]


def test_only_a_written_verdict_on_that_column_and_kind_resolves() -> None:
    findings = scan([pa.record_batch({"a": ["jan@voorbeeld.example 0612345678"], "b": ["jan@voorbeeld.example"]})], {})
    verdict = FindingVerdict(column="a", kind="email", verdict="accepted", reason="Een loket.")
    assert [(finding.column, finding.kind) for finding in unresolved(findings, [verdict])] == [("a", "phone"), ("b", "email")]
    assert unresolved([], [verdict]) == ()


def test_batches_do_not_matter() -> None:
    cells = [str(number) for number in bsns(300)] + ["jan@voorbeeld.example"] * 3
    table = pa.table({"a": cells})
    small, large = scan(table.to_batches(max_chunksize=7), {}), scan(table.to_batches(), {})
    assert small == large


@pytest.mark.skipif(not SHARED.exists(), reason="the real files stand outside the checkout and are not here")
@pytest.mark.parametrize(
    "name", ["cbs_kerncijfers_gemeenten_2022.csv", "leeuwarden_bomen.csv", "cbs_buurten_2014_haarlem_denhelder.geojson"]
)
def test_real_figures_give_no_false_alarm(name: str, tmp_path: Path) -> None:
    from flows import anyfile

    snapshot = anyfile.read(SHARED / name, tmp_path, {})
    names = [column for column in snapshot.schema().names if column != "_row"]
    assert snapshot.rows > 100
    assert [finding for finding in scan(snapshot.batches(names), {}) if finding.hit] == []
