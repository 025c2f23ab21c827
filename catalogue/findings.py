"""What is wrong with a catalogue, for a person: the sentence, and which key to mend and what to type. Importing this module is light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from config.errors import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.errors import Language

Severity = Literal["violation", "warning"]


@dataclass(frozen=True, slots=True)
class CatalogueFinding:
    """One finding.

    Attributes:
        code: of the rule, ``catalogue.…``; the shapes share ``catalogue.shape``.
        severity: a violation stops publication, a warning does not.
        dataset: the id (ours) or IRI of the dataset it belongs to, None where it belongs to none.
        node: the IRI it is about, or ``_:blank``.
        prop: the property, as ``dcat:theme``; None where the resource as a whole is meant.
        key: the key to mend, as ``catalogue.theme``, in the file that `file` names; None where no key of ours leads to it.
        mend_nl, mend_en: what to type, empty where it cannot be typed.
        times: how many resources of the dataset have it (its versions and files too); `node` is the first.
        points: of the European score, that the dataset does not get as long as this stands.
        shape: the property shape that found it, as ``Dataset-dct-title``; None for a rule.
    """

    code: str
    severity: Severity
    dataset: str | None
    node: str
    prop: str | None
    nl: str
    en: str
    file: str | None = None
    key: str | None = None
    mend_nl: str = ""
    mend_en: str = ""
    times: int = 1
    points: int = 0
    shape: str | None = None

    def text(self, language: Language = "nl") -> str:
        """Give the finding on one line: where, what, and how to mend it."""
        where = " ".join(part for part in (self.dataset or self.node, self.prop) if part)
        sentence, mend = (self.nl, self.mend_nl) if language == "nl" else (self.en, self.mend_en)
        place = f" [{self.file}: {self.key}]" if self.key else ""
        place += f" ({self.times}x)" if self.times > 1 else ""
        if self.points:
            place += f" (-{self.points} {'punten' if language == 'nl' else 'points'})"
        return " ".join(part for part in (f"{where}: {sentence}", mend) if part) + place

    def as_json(self) -> dict[str, Any]:
        """Give the form that results carry."""
        return {
            "code": self.code,
            "severity": self.severity,
            "dataset": self.dataset,
            "node": self.node,
            "property": self.prop,
            "nl": self.nl,
            "en": self.en,
            "file": self.file,
            "key": self.key,
            "times": self.times,
            "points": self.points,
            "shape": self.shape,
            "mend": {"nl": self.mend_nl, "en": self.mend_en},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> CatalogueFinding:
        """Read the form that results carry."""
        fields = {key: value for key, value in told.items() if key not in ("property", "mend")}
        return cls(prop=told["property"], mend_nl=told["mend"]["nl"], mend_en=told["mend"]["en"], **fields)

    def as_problem(self) -> Problem:
        """Give the finding as a problem, for an outcome's reasons."""
        nl = " ".join(part for part in (self.nl, self.mend_nl) if part)
        en = " ".join(part for part in (self.en, self.mend_en) if part)
        place = Place(self.file, path=self.key or "")
        return Problem(self.code, nl, en, place, "error" if self.severity == "violation" else "warning")


def violations(findings: Iterable[CatalogueFinding]) -> tuple[CatalogueFinding, ...]:
    """Give those that stop publication."""
    return tuple(finding for finding in findings if finding.severity == "violation")
