from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.nl import bsn as stdnum_bsn
from stdnum.nl import postcode as stdnum_postcode

from config import identifiers as ids

YES = {
    ids.is_bsn: ["111222333", "123456782", "1112.22.333", "111 222 333", "11122233 3".replace(" ", "-"), "12345684"],
    ids.is_iban: ["NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "nl91abna0417164300", "DE89370400440532013000", "BE68 5390 0754 7034"],
    ids.is_plate: ["AB-12-34", "12-34-AB", "12-AB-34", "AB-12-CD", "AB-CD-12", "12-AB-CD", "12-ABC-3", "1-ABC-23", "AB-123-C", "A-123-BC",
                   "ABC-12-D", "A-12-BCD", "1-AB-234", "123-AB-4", "gv123p"],
    ids.is_postcode: ["2011 RD", "2011RD", "1012ab"],
    ids.is_email: ["a@b.nl", "jan.jansen+x@sub.voorbeeld.example", "o'neil@x.org"],
    ids.is_phone: ["0612345678", "06-12345678", "+31 6 12345678", "0031612345678", "023-5123456",
                   "+31 (0)23 512 34 56", "0800-1234", "0900 1234567", "088 123 45 67"],
    ids.is_cbs_code: ["GM0392", "WK039200", "BU03920000", "PV27", "LD01", "NL00", "gm0392"],
}  # fmt: skip
NO = {
    ids.is_bsn: ["111222334", "000000000", "00000000", "1234567", "1234567890", "111222333a", "", "111--222333", "111222333 ", "١١١٢٢٢٣٣٣"],
    ids.is_iban: ["NL91ABNA0417164301", "NL91ABNA041716430", "XX00", "", "NL91 0417 1643 00AB CD", "GEMEENTE2024VERSLAG"],
    ids.is_plate: ["123456", "ABCDEF", "12-34-56", "A-B-C", "", "AB-1234-5", "2011RDX"],
    ids.is_postcode: ["0111 AB", "2011", "2011 SA", "2011 SS", "2011  RD", "20111RD"],
    ids.is_email: ["a@b", "@b.nl", "a b@c.nl", "a@b..nl", "a@-b.nl", "jan at x.nl"],
    ids.is_phone: ["12345678", "061234567", "06123456789", "0012345678", "2024-01-01", "+32 2 1234567", "0600000000"],
    ids.is_cbs_code: ["GM392", "BU0392", "XX0392", "GM0392a"],
}


@pytest.mark.parametrize(
    ("check", "text"), [(check, text) for check, texts in YES.items() for text in texts], ids=lambda x: getattr(x, "__name__", x)
)
def test_it_is_one(check: object, text: str) -> None:
    assert check(text)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("check", "text"), [(check, text) for check, texts in NO.items() for text in texts], ids=lambda x: getattr(x, "__name__", x)
)
def test_it_is_none(check: object, text: str) -> None:
    assert not check(text)  # type: ignore[operator]


@given(st.integers(0, 10**9 - 1))
def test_the_eleven_test_is_that_of_stdnum(number: int) -> None:
    assert ids.is_bsn(f"{number:09}") == stdnum_bsn.is_valid(f"{number:09}")


def test_one_in_eleven_numbers_passes_by_chance() -> None:
    share = sum(ids.is_bsn(f"{number:09}") for number in range(100_000_000, 100_110_000)) / 110_000
    assert share == pytest.approx(1 / 11, abs=1e-4)


@given(st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,20}", fullmatch=True))
def test_an_iban_is_one_for_stdnum_too(text: str) -> None:
    if ids.is_iban(text):
        assert stdnum_iban.is_valid(text, check_country=False)


@given(st.from_regex(r"[0-9]{4} ?[A-Z]{2}", fullmatch=True))
def test_a_postcode_is_that_of_stdnum(text: str) -> None:
    assert ids.is_postcode(text) == stdnum_postcode.is_valid(text)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    for check in YES:
        assert check(text) in {True, False}
