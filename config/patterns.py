"""The forms that texts of a declaration must have, and what each means, said for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME = r"[A-Z][A-Z0-9_]*"
SECRET = rf"^\$\{{{NAME}\}}$"
DURATION = r"^P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?$"
RESOLUTION = r"^(P\d+[YMD]|PT\d+[HMS])$"
MUNICIPALITY = r"^https://identifier\.overheid\.nl/tooi/id/gemeente/gm[0-9]{4}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
BASE_URI = r"^https://[^/?#\s]+(/[^?#\s]*[^/?#\s])?$"
SPARK_MASTER = r"^(local(\[(\d+|\*)\])?|local-cluster\[\d+,\d+,\d+\]|spark://[^\s/,]+:\d+(,[^\s/,]+:\d+)*|yarn|k8s://\S+)$"
EXPECTATION = r"^(expect_|unexpected_)[a-z0-9_]+$"
THEME = r"^http://publications\.europa\.eu/resource/authority/data-theme/[A-Z]+$"

DESCRIBED: Mapping[str, tuple[str, str]] = {
    ID: (
        "kleine letters, cijfers en losse streepjes, met een letter vooraan, zoals `meldingen-2026`",
        "lower-case letters, digits and single hyphens, a letter first, such as `meldingen-2026`",
    ),
    DURATION: ("een duur zoals `P30D` (30 dagen) of `P1Y`", "a duration such as `P30D` (30 days) or `P1Y`"),
    RESOLUTION: (
        "een duur zoals `P1D` (een dag), `P1M` (een maand) of `PT15M` (een kwartier)",
        "a duration such as `P1D` (a day), `P1M` (a month) or `PT15M` (a quarter of an hour)",
    ),
    MUNICIPALITY: (
        "de TOOI-URI van een gemeente, `https://identifier.overheid.nl/tooi/id/gemeente/gm` met vier cijfers",
        "the TOOI URI of a municipality, `https://identifier.overheid.nl/tooi/id/gemeente/gm` and four digits",
    ),
    EMAIL: ("een e-mailadres", "an e-mail address"),
    BASE_URI: (
        "een adres dat met `https://` begint en niet op `/` eindigt",
        "an address that starts with `https://` and does not end with `/`",
    ),
    SPARK_MASTER: (
        "een adres zoals `spark://host:7077`, `yarn` of `local[2]`",
        "an address such as `spark://host:7077`, `yarn` or `local[2]`",
    ),
    EXPECTATION: (
        "een naam van Great Expectations, zoals `expect_column_values_to_not_be_null`",
        "a name of Great Expectations, such as `expect_column_values_to_not_be_null`",
    ),
    THEME: (
        "een EU-thema, zoals `http://publications.europa.eu/resource/authority/data-theme/REGI`",
        "an EU data theme, such as `http://publications.europa.eu/resource/authority/data-theme/REGI`",
    ),
}


def described(pattern: str) -> tuple[str, str]:
    """Say what a pattern asks, in Dutch and English; one that is not listed is shown as it is."""
    return DESCRIBED.get(pattern) or (f"de vorm `{pattern}`", f"the form `{pattern}`")
