"""The three questions of the European supervisors about data that are called anonymous, each with a number that was measured.

Article 29 Working Party, Opinion 05/2014 on Anonymisation Techniques (WP216): can somebody be singled out, can records of one person
be linked, can something be inferred about somebody. The opinion has no numbers; the thresholds here are ours, and stand in every verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pages.numbers import integer, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.errors import Language
    from config.models.privacy import PrivacyModel

Answer = Literal["safe", "attention", "unsafe"]
POINTED_OUT = 0.2
"""A chance of one in five, so a class of five: what statistical offices ask of rows that anybody may see, at least."""
MORE_OFTEN_THAN_NOT = 0.5
GUESSED = 0.8
"""Four in five of a class have the same sensitive value: whoever guesses that is seldom wrong."""


class Verdict(TypedDict):
    """The answer to one question.

    Attributes:
        verdict: `safe`: the number is at most the threshold; `unsafe`: the question must be answered with yes; `attention` in between.
        number: what was measured, 0 to 1.
        threshold: what it is held against.
        nl: the sentence for people; `en` the same in English.
    """

    verdict: Answer
    number: float
    threshold: float
    nl: str
    en: str


def verdicts(after: Mapping[str, Any], model: PrivacyModel, certainty: Mapping[str, float], *, pseudonym: bool) -> dict[str, Verdict]:
    """Answer the three questions.

    Args:
        after: the figures of risk of the written file.
        model: what was promised.
        certainty: sensitive column of the file → the highest share that one value has in any class.
        pseudonym: whether rows of one person bear the same pseudonym.
    """
    return {
        "singling_out": _singling_out(after, model),
        "linkability": _linkability(after, model, pseudonym=pseudonym),
        "inference": _inference(certainty),
    }


def certainties(path: Path, quasi: Sequence[str], columns: Sequence[str]) -> dict[str, float]:
    """Count in a written file how sure one can be of a sensitive value: per column the highest share of one value in any class.

    A missing value counts as a value. A file without rows gives 0.
    """
    import pyarrow.parquet as pq

    found = {}
    for column in columns:
        counted = pq.read_table(path, columns=[*quasi, column]).group_by([*quasi, column]).aggregate([([], "count_all")])
        if not quasi:
            sums = counted.column("count_all").to_numpy()
            found[column] = float(sums.max() / sums.sum()) if len(sums) else 0.0
            continue
        classes = counted.group_by(list(quasi)).aggregate([("count_all", "sum"), ("count_all", "max")])
        shares = classes.column("count_all_max").to_numpy() / classes.column("count_all_sum").to_numpy()
        found[column] = float(shares.max(initial=0.0))
    return found


def _singling_out(after: Mapping[str, Any], model: PrivacyModel) -> Verdict:
    """Hold the highest chance of pointing out a row against one in five.

    Where only persons of the population were promised (k-map), it is the chance that this promise leaves.
    """
    if model.k_map and not model.k:
        number, persons = round(1 / model.k_map.k, 6), model.k_map.k
        nl = "Bij elke rij passen minstens {count} mensen uit de bevolking. De kans om de juiste aan te wijzen is hooguit {share}."
        en = "At least {count} people of the population fit every row. The chance of pointing out the right one is at most {share}."
    else:
        number, persons = float(after["prosecutor_max"]), int(after["k"] or 0)
        nl = "Elke rij heeft minstens {count} rijen in haar groep, zichzelf meegeteld. De kans om iemand aan te wijzen is hooguit {share}."
        en = "Every row has at least {count} rows in its group, itself included. The chance of pointing somebody out is at most {share}."
        if persons == 1:
            nl = "{alone} rijen staan alleen: wie iemand kent, vindt diens rij zeker terug."
            en = "{alone} rows stand alone: whoever knows somebody is sure to find their row."
        if not persons:
            nl, en = "Er zijn geen rijen.", "There are no rows."
    answer = _answer(number, POINTED_OUT, MORE_OFTEN_THAN_NOT)
    return _verdict(answer, number, POINTED_OUT, nl, en, count=persons, alone=int(after["uniques"]))


def _linkability(after: Mapping[str, Any], model: PrivacyModel, *, pseudonym: bool) -> Verdict:
    """Hold the share of rows that can be matched to another file against one in five; a pseudonym always asks for attention."""
    number = round(1 / model.k_map.k, 6) if model.k_map and not model.k else float(after["prosecutor_avg"])
    answer = _answer(number, POINTED_OUT, MORE_OFTEN_THAN_NOT)
    nl = "Wie deze rijen naast een ander bestand legt, koppelt gemiddeld hooguit {share} van de rijen goed."
    en = "Whoever lays these rows beside another file matches at most {share} of the rows rightly, on average."
    if pseudonym:
        answer = "attention" if answer == "safe" else answer
        nl += " Rijen van één persoon hebben dezelfde code en horen dus zichtbaar bij elkaar."
        en += " Rows of one person have the same code, so they visibly belong together."
    return _verdict(answer, number, POINTED_OUT, nl, en)


def _inference(certainty: Mapping[str, float]) -> Verdict:
    """Hold how sure one can be of a sensitive value against four in five; certainty is always unsafe."""
    if not certainty:
        return _verdict("safe", 0.0, GUESSED, "Er is geen gevoelige kolom.", "There is no sensitive column.")
    column, number = max(sorted(certainty.items()), key=lambda pair: pair[1])
    nl = "Wie weet in welke groep iemand zit, raadt de waarde van {column} in hooguit {share} van de gevallen goed."
    en = "Whoever knows somebody's group guesses the value of {column} rightly in at most {share} of the cases."
    if number >= 1:
        nl = "In minstens één groep heeft {column} maar één waarde: van wie in die groep zit is die waarde dan bekend."
        en = "In at least one group {column} has only one value: of whoever is in that group that value is then known."
    answer: Answer = "unsafe" if number >= 1 else "safe" if number <= GUESSED else "attention"
    return _verdict(answer, number, GUESSED, nl, en, column=column)


def _answer(number: float, threshold: float, unsafe: float) -> Answer:
    return "safe" if number <= threshold else "unsafe" if number > unsafe else "attention"


def _verdict(answer: Answer, number: float, threshold: float, nl: str, en: str, *, column: str = "", **counts: int) -> Verdict:
    def told(sentence: str, language: Language) -> str:
        numbers = {name: integer(count, language) for name, count in counts.items()}
        return sentence.format(share=percent(number, language), column=column, **numbers)

    return {"verdict": answer, "number": round(number, 6), "threshold": threshold, "nl": told(nl, "nl"), "en": told(en, "en")}
