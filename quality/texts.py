"""What a check asks for and what to do about it, in plain Dutch and English; column names and counts only, never a value or a bound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import Message
from quality.columns import named_columns

if TYPE_CHECKING:
    from config.models.quality import Expectation

ROWS_FAIL = Message(
    "quality.rows-fail",
    nl="{check}: dat klopt niet bij {count} van de {total} rijen. {action}",
    en="{check_en}: that does not hold for {count_en} of {total_en} rows. {action_en}",
)
TABLE_FAILS = Message(
    "quality.table-fails",
    nl="{check}: dat klopt niet{found}. {action}",
    en="{check_en}: that does not hold{found_en}. {action_en}",
)
NOT_EVALUATED = Message(
    "quality.not-evaluated",
    nl="{check}: dit kon niet worden nagegaan ({kind}); kijk of de toets {type} en zijn kwargs passen bij het type van de kolom",
    en="{check_en}: this could not be established ({kind}); see whether the check {type} and its kwargs fit the type of the column",
)
TOO_LARGE = Message(
    "quality.too-large",
    nl="{check}: deze toets is niet uitgevoerd, want de tabel heeft meer dan 2 miljoen rijen en {type} kan dan alleen zonder deze kwargs "
    "of op een kolom van een ander type. In docs/checks.md staat welke toetsen grote tabellen aankunnen.",
    en="{check_en}: this check was not carried out: the table has more than 2 million rows, and {type} can then only be done without these "
    "kwargs or on a column of another type. docs/checks.md says which checks can handle large tables.",
)
NO_COLUMN = Message(
    "quality.no-column",
    nl="de toets {type} gaat over kolom {column}, die niet in de tabel staat.{hint}",
    en="the check {type} is about column {column}, which is not in the table.{hint_en}",
)
EMPTY_INPUT = Message(
    "quality.empty-input",
    nl="de bron heeft geen enkele rij. Mag dat, leg het dan vast met expect_table_row_count_to_be_between en min_value: 0.",
    en="the source has no row at all. If that may be, say so with expect_table_row_count_to_be_between and min_value: 0.",
)
TOO_MANY_ASIDE = Message(
    "quality.too-many-aside",
    nl="{count} van de {total} rijen zijn apart gezet of onleesbaar ({share} %), en hooguit {ceiling} % mag. Herstel de bron, of verhoog "
    "quality.max_quarantine.",
    en="{count_en} of {total_en} rows were set aside or unreadable ({share_en} %), and at most {ceiling_en} % may be. Mend the source, "
    "or raise quality.max_quarantine.",
)

ACTIONS = {
    "critical": (
        "Er komt geen nieuwe uitgave; herstel de bron of pas de toets aan.",
        "There is no new release; mend the source or change the check.",
    ),
    "warning": (
        "De uitgave wacht tot iemand haar goedkeurt; herstel de bron of keur goed.",
        "The release waits for somebody's approval; mend the source or approve.",
    ),
    "info": ("Dit houdt de uitgave niet tegen.", "This does not hold up the release."),
    "aside": ("Deze rijen zijn apart gezet en staan niet in de uitgave.", "These rows were set aside and are not in the release."),
}

_ASKED: dict[str, tuple[str, str]] = {
    "expect_column_distinct_values_to_be_in_set": ("{c} heeft alleen waarden uit de lijst", "{c} has values of the list only"),
    "expect_column_distinct_values_to_contain_set": ("{c} heeft elke waarde uit de lijst", "{c} has every value of the list"),
    "expect_column_distinct_values_to_equal_set": ("{c} heeft precies de waarden uit de lijst", "{c} has exactly the values of the list"),
    "expect_column_kl_divergence_to_be_less_than": ("{c} is verdeeld zoals verwacht", "{c} is distributed as expected"),
    "expect_column_max_to_be_between": (
        "de hoogste waarde van {c} ligt binnen de grenzen",
        "the highest value of {c} is within its bounds",
    ),
    "expect_column_mean_to_be_between": ("het gemiddelde van {c} ligt binnen de grenzen", "the mean of {c} is within its bounds"),
    "expect_column_median_to_be_between": ("de mediaan van {c} ligt binnen de grenzen", "the median of {c} is within its bounds"),
    "expect_column_min_to_be_between": ("de laagste waarde van {c} ligt binnen de grenzen", "the lowest value of {c} is within its bounds"),
    "expect_column_most_common_value_to_be_in_set": (
        "de meest voorkomende waarde van {c} staat in de lijst",
        "the most common value of {c} is in the list",
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": ("{a} is groter dan {b}", "{a} is greater than {b}"),
    "expect_column_pair_values_to_be_equal": ("{a} en {b} zijn gelijk", "{a} and {b} are equal"),
    "expect_column_pair_values_to_be_in_set": ("{a} en {b} vormen een paar uit de lijst", "{a} and {b} form a pair of the list"),
    "expect_column_proportion_of_non_null_values_to_be_between": (
        "het deel van {c} dat gevuld is ligt binnen de grenzen",
        "the share of {c} that is filled in is within its bounds",
    ),
    "expect_column_proportion_of_unique_values_to_be_between": (
        "het deel unieke waarden in {c} ligt binnen de grenzen",
        "the share of unique values in {c} is within its bounds",
    ),
    "expect_column_quantile_values_to_be_between": (
        "de kwantielen van {c} liggen binnen de grenzen",
        "the quantiles of {c} are within their bounds",
    ),
    "expect_column_stdev_to_be_between": (
        "de spreiding (standaardafwijking) van {c} ligt binnen de grenzen",
        "the standard deviation of {c} is within its bounds",
    ),
    "expect_column_sum_to_be_between": ("het totaal van {c} ligt binnen de grenzen", "the total of {c} is within its bounds"),
    "expect_column_to_exist": ("{c} staat in de tabel", "{c} is in the table"),
    "expect_column_type_to_be": ("{c} heeft het verwachte type", "{c} has the expected type"),
    "expect_column_unique_value_count_to_be_between": (
        "het aantal verschillende waarden in {c} ligt binnen de grenzen",
        "the number of distinct values in {c} is within its bounds",
    ),
    "expect_column_value_lengths_to_be_between": ("{c} is niet te kort en niet te lang", "{c} is neither too short nor too long"),
    "expect_column_value_lengths_to_equal": ("{c} heeft de vaste lengte", "{c} has the fixed length"),
    "expect_column_value_z_scores_to_be_less_than": ("{c} heeft geen uitschieters (z-score)", "{c} has no outliers (z-score)"),
    "expect_column_values_to_be_between": ("{c} ligt binnen de grenzen", "{c} is within its bounds"),
    "expect_column_values_to_be_dateutil_parseable": ("{c} is als datum te lezen", "{c} can be read as a date"),
    "expect_column_values_to_be_decreasing": ("{c} loopt af", "{c} decreases"),
    "expect_column_values_to_be_in_set": ("{c} heeft een waarde uit de lijst", "{c} has a value of the list"),
    "expect_column_values_to_be_in_type_list": ("{c} heeft een van de verwachte typen", "{c} has one of the expected types"),
    "expect_column_values_to_be_increasing": ("{c} loopt op", "{c} increases"),
    "expect_column_values_to_be_json_parseable": ("{c} is geldige JSON", "{c} is valid JSON"),
    "expect_column_values_to_be_null": ("{c} is leeg", "{c} is empty"),
    "expect_column_values_to_be_of_type": ("{c} heeft het verwachte type", "{c} has the expected type"),
    "expect_column_values_to_be_unique": ("{c} heeft geen dubbele waarden", "{c} has no duplicate values"),
    "expect_column_values_to_be_valid_bag_id": ("{c} heeft de vorm van een BAG-nummer", "{c} has the form of an identification in the BAG"),
    "expect_column_values_to_be_valid_bsn": ("{c} is een geldig burgerservicenummer", "{c} is a valid citizen service number (BSN)"),
    "expect_column_values_to_be_valid_cbs_code": (
        "{c} heeft de vorm van een CBS-code",
        "{c} has the form of a code of Statistics Netherlands",
    ),
    "expect_column_values_to_be_valid_dutch_postcode": ("{c} is een Nederlandse postcode", "{c} is a Dutch postcode"),
    "expect_column_values_to_be_valid_iban": ("{c} is een geldig rekeningnummer (IBAN)", "{c} is a valid account number (IBAN)"),
    "expect_column_values_to_be_valid_kvk_number": (
        "{c} heeft de vorm van een KvK-nummer",
        "{c} has the form of a number of the chamber of commerce",
    ),
    "expect_column_values_to_be_valid_licence_plate": ("{c} is een Nederlands kenteken", "{c} is a Dutch licence plate"),
    "expect_column_values_to_be_valid_rsin": ("{c} is een geldig RSIN", "{c} is a valid RSIN"),
    "expect_column_values_to_be_of_geometry_type": ("{c} heeft een van de verwachte vormen", "{c} has one of the expected kinds of shape"),
    "expect_column_values_to_be_valid_geometry": ("{c} is een geldige vorm", "{c} is a valid shape"),
    "expect_column_values_to_be_within_area": ("{c} ligt in het gebied", "{c} lies within the area"),
    "expect_column_values_to_match_json_schema": ("{c} voldoet aan het JSON-schema", "{c} satisfies the JSON Schema"),
    "expect_column_values_to_match_regex": ("{c} heeft de juiste vorm", "{c} has the right form"),
    "expect_column_values_to_match_regex_list": ("{c} heeft een van de juiste vormen", "{c} has one of the right forms"),
    "expect_column_values_to_match_strftime_format": (
        "{c} is geschreven volgens het datumformaat",
        "{c} is written in the date format",
    ),
    "expect_column_values_to_not_be_in_set": ("{c} heeft geen waarde uit de lijst", "{c} has no value of the list"),
    "expect_column_values_to_not_be_null": ("{c} is gevuld", "{c} is filled in"),
    "expect_column_values_to_not_be_outliers": ("{c} heeft geen uitschieters", "{c} has no outliers"),
    "expect_column_values_to_not_match_regex": ("{c} heeft niet de verboden vorm", "{c} does not have the forbidden form"),
    "expect_column_values_to_not_match_regex_list": (
        "{c} heeft geen van de verboden vormen",
        "{c} has none of the forbidden forms",
    ),
    "expect_compound_columns_to_be_unique": (
        "{c} vormen samen geen dubbele combinatie",
        "{c} together form no duplicate combination",
    ),
    "expect_multicolumn_sum_to_equal": ("{c} tellen op tot het vaste totaal", "{c} add up to the fixed total"),
    "expect_multicolumn_values_to_be_equal": ("{c} zijn gelijk", "{c} are equal"),
    "expect_select_column_values_to_be_unique_within_record": ("{c} verschillen binnen een rij", "{c} differ within a row"),
    "expect_table_column_count_to_be_between": ("het aantal kolommen ligt binnen de grenzen", "the number of columns is within its bounds"),
    "expect_table_column_count_to_equal": ("het aantal kolommen klopt", "the number of columns is right"),
    "expect_table_columns_to_match_ordered_list": (
        "de tabel heeft de verwachte kolommen in de verwachte volgorde",
        "the table has the expected columns in the expected order",
    ),
    "expect_table_columns_to_match_set": ("de tabel heeft de verwachte kolommen", "the table has the expected columns"),
    "expect_table_row_count_to_be_between": ("het aantal rijen ligt binnen de grenzen", "the number of rows is within its bounds"),
    "expect_table_row_count_to_equal": ("het aantal rijen klopt", "the number of rows is right"),
}


def asked(expectation: Expectation) -> tuple[str, str]:
    """Give what a check asks for, in Dutch and English; the steward's own title where there is one."""
    if expectation.title:
        return expectation.title.get("nl"), expectation.title.get("en")
    nl, en = _ASKED.get(expectation.type, (expectation.type + " ({c})", expectation.type + " ({c})"))
    names = named_columns(expectation)
    return _fill(nl, names, ("kolom", "kolommen")), _fill(en, names, ("column", "columns"))


def _fill(sentence: str, names: tuple[str, ...], words: tuple[str, str]) -> str:
    """Put column names into a sentence, safely for names with braces."""
    one, many = words
    listed = f"{one if len(names) == 1 else many} {', '.join(names)}" if names else "-"
    first, second = (f"{one} {name}" for name in (*names, "-", "-")[:2])
    blanks = {"c": listed, "a": first, "b": second}
    return re.sub(r"\{([abc])\}", lambda match: blanks[match[1]], sentence)


def counts(**numbers: int) -> dict[str, str]:
    """Give the blanks of counts, ``name`` with points between thousands as in Dutch and ``name_en`` with commas."""
    return {
        key: text for name, count in numbers.items() for key, text in ((name, f"{count:,}".replace(",", ".")), (f"{name}_en", f"{count:,}"))
    }


def shares(*, percent: bool = False, **numbers: float) -> dict[str, str]:
    """Give the blanks of shares, as a percentage in two decimals or as they are in four; ``name`` with a decimal comma, ``name_en`` not."""
    written = {name: f"{100 * share:.2f}" if percent else f"{share:.4f}" for name, share in numbers.items()}
    return {key: text for name, told in written.items() for key, text in ((name, told.replace(".", ",")), (f"{name}_en", told))}
