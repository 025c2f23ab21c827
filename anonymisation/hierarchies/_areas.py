"""Codes of the areas of Statistics Netherlands (CBS): neighbourhood (buurt), district (wijk), municipality (gemeente).

=========  ============  ==================================================================================
area       code          digits
=========  ============  ==================================================================================
buurt      BU03920101    municipality 4, district 2, neighbourhood 2
wijk       WK039201      municipality 4, district 2
gemeente   GM0392        municipality 4
=========  ============  ==================================================================================

So the code of a neighbourhood says in which district and municipality it lies (CBS, *Toelichting Wijk- en Buurtkaart*).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

AREAS = {"buurt": ("BU", 8), "wijk": ("WK", 6), "gemeente": ("GM", 4)}
"""Area → its prefix, and the number of digits behind it; from small to large."""
FORM = r"^(?:(?:BU)?[0-9]{8}|(?:WK)?[0-9]{6}|(?:GM)?[0-9]{4})$"


def digits(texts: pa.Array) -> pa.Array:
    """Give the digits of each code, with its prefix or without; null where a text is no code."""
    import pyarrow.compute as pc

    compact = pc.utf8_upper(pc.replace_substring_regex(texts, r"\s+", ""))
    return pc.replace_substring_regex(pc.if_else(pc.match_substring_regex(compact, FORM), compact, None), r"^[A-Z]{2}", "")


def area_codes(codes: pa.Array, area: str) -> pa.Array:
    """Give the code of the area that the area of each code (its digits) lies in, or is; null where that is smaller."""
    import pyarrow.compute as pc

    prefix, length = AREAS[area]
    enough = pc.greater_equal(pc.utf8_length(codes), length)
    short = pc.utf8_slice_codeunits(codes, 0, length)
    return pc.if_else(enough, pc.binary_join_element_wise(prefix, short, ""), None)
