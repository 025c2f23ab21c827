"""Checks of Dutch identifiers in text: is this one? The checks say nothing of where it stands; `anonymisation.detect` weighs that.

Every function takes one trimmed text and answers at once; python-stdnum is imported at first use.
"""

from __future__ import annotations

import re

BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
SEPARATED = re.compile(r"[0-9]+(?:[ .-][0-9]+)*")
POSTCODE = re.compile(r"[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}", re.IGNORECASE)
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
PHONE_SHAPE = re.compile(r"(?:\+31|0031|0)[ .-]?(?:\(0\))?[0-9 .()-]{8,14}")
# Area codes are two or three digits after the 0; mobile 06 and nine digits in all; 0800 and 0900 have four or seven more.
PHONE_DIGITS = re.compile(
    r"(?:[1-5][0-9]{8}|6[1-8][0-9]{7}|7[0-9]{8}|8[4578][0-9]{7}|800(?:[0-9]{4}|[0-9]{7})|90[069](?:[0-9]{4}|[0-9]{7}))"
)
CBS_CODE = re.compile(r"(?:GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}|PV[0-9]{2}|LD[0-9]{2}|NL00)", re.IGNORECASE)
# The fourteen series of the RDW, the vehicle authority, in the order of issue (X letter, 9 digit).
PLATE_SERIES = frozenset(
    {
        "XX9999", "9999XX", "99XX99", "XX99XX", "XXXX99", "99XXXX", "99XXX9",
        "9XXX99", "XX999X", "X999XX", "XXX99X", "X99XXX", "9XX999", "999XX9",
    }
)  # fmt: skip
PLATE_SHAPE = re.compile(r"[A-Z0-9]{1,3}-?[A-Z0-9]{2,3}-?[A-Z0-9]{1,3}", re.IGNORECASE)
KVK = re.compile(r"[0-9]{8}")
BAG_KINDS = {
    "verblijfsobject": "01",
    "ligplaats": "02",
    "standplaats": "03",
    "pand": "10",
    "nummeraanduiding": "20",
    "openbare-ruimte": "30",
}
"""Kind of object in the BAG → the fifth and sixth digit of its identification."""
CBS_LEVELS = {"gemeente": ("GM", 4), "wijk": ("WK", 6), "buurt": ("BU", 8)}
"""Level of a regional code → its prefix and how many digits follow, the first four those of the municipality."""
DUTCH_IBAN = re.compile(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}")


def is_bsn(text: str) -> bool:
    """Say whether a text is a BSN: 8 or 9 digits, single separators allowed, that pass the eleven-test, and not all zeros.

    The test: nine digits with weights 9 8 7 6 5 4 3 2 -1 sum to a multiple of 11; eight digits get a zero in front. One in eleven random
    numbers passes.
    """
    if SEPARATED.fullmatch(text) is None:
        return False
    digits = re.sub(r"[ .-]", "", text)
    if len(digits) not in {8, 9} or not digits.strip("0"):
        return False
    padded = digits.zfill(9)
    return sum(weight * int(digit) for weight, digit in zip(BSN_WEIGHTS, padded, strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Say whether a text is an IBAN of any country: length and form of the country, and the check digits (ISO 13616, mod 97)."""
    compact = re.sub(r"[ -]", "", text).upper()
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", compact) is None:
        return False
    if compact.startswith("NL") and DUTCH_IBAN.fullmatch(compact) is None:
        return False
    from stdnum import iban

    return bool(iban.is_valid(compact, check_country=False))


def is_plate(text: str) -> bool:
    """Say whether a text is a Dutch licence plate of one of the RDW series, with or without hyphens."""
    if PLATE_SHAPE.fullmatch(text) is None:
        return False
    compact = text.replace("-", "").upper()
    return re.sub(r"[A-Z]", "X", re.sub(r"[0-9]", "9", compact)) in PLATE_SERIES


def is_postcode(text: str) -> bool:
    """Say whether a text is a full Dutch postcode, such as ``2011 RD``; SA, SD and SS are never used."""
    return POSTCODE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Say whether a text is an e-mail address of ordinary form."""
    return EMAIL.fullmatch(text) is not None and ".." not in text


def is_phone(text: str) -> bool:
    """Say whether a text is a Dutch telephone number, national or with +31, with the usual separators."""
    if PHONE_SHAPE.fullmatch(text) is None:
        return False
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    for prefix in ("+31", "0031", "0"):
        if digits.startswith(prefix):
            return PHONE_DIGITS.fullmatch(digits.removeprefix(prefix)) is not None
    return False


def is_cbs_code(text: str) -> bool:
    """Say whether a text is a regional code of Statistics Netherlands: municipality, district, neighbourhood, province, part, country."""
    return CBS_CODE.fullmatch(text.strip()) is not None


def is_rsin(text: str) -> bool:
    """Say whether a text is an RSIN: nine digits that pass the eleven-test of the BSN (one register, one series of numbers)."""
    return len(text) == len(BSN_WEIGHTS) and text.isascii() and text.isdigit() and is_bsn(text)


def is_kvk(text: str) -> bool:
    """Say whether a text has the form of a number of the chamber of commerce: eight digits; it has no check digit."""
    return KVK.fullmatch(text) is not None


def is_bag_id(text: str, kind: str | None = None) -> bool:
    """Say whether a text has the form of an identification in the BAG: municipality, two digits of the kind of object, ten digits.

    Args:
        text: sixteen digits; a town (`woonplaats`) has four.
        kind: a key of `BAG_KINDS`; without it any kind but a town.
    """
    return re.fullmatch(bag_pattern(kind), text) is not None


def bag_pattern(kind: str | None) -> str:
    """Give the form of an identification in the BAG as a regular expression (Catalogus BAG 2018, §7)."""
    if kind == "woonplaats":
        return "[0-9]{4}"
    numbers = "|".join([BAG_KINDS[kind]] if kind else BAG_KINDS.values())
    return f"[0-9]{{4}}(?:{numbers})[0-9]{{10}}"


def cbs_pattern(level: str, municipality: str | None = None) -> str:
    """Give the form of a code of Statistics Netherlands as a regular expression; of one municipality, given as ``GM0392``."""
    prefix, digits = CBS_LEVELS[level]
    own = municipality[2:] if municipality else ""
    return f"{prefix}{own}[0-9]{{{digits - len(own)}}}" if digits > len(own) else f"{prefix}{own}"
