"""The public quality and privacy reports of a manifest in the shape of their pages; what a report does not say is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config import lists
from config.models.base import Text
from pages.texts import Sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from config.lists import Ground
    from config.models.dataset import Dataset
    from publication.release import Manifest


@dataclass(frozen=True, slots=True)
class DimensionView:
    """How one dimension came out; `score` is a share."""

    name: str
    checks: int
    passed: int
    score: float


@dataclass(frozen=True, slots=True)
class ResultView:
    """One check: `wrong` of `total` rows failed it; `unknown` where it could not be established."""

    text: Text
    type: str
    dimension: str
    severity: str
    success: bool
    unknown: bool
    wrong: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class QualityView:
    """The report of the gate after.

    Attributes:
        repaired: shapes that were not valid in the source and were mended.
        approved: whether a person looked at what failed and approved.
        roles: in which roles people signed for the release.
    """

    results: tuple[ResultView, ...]
    dimensions: tuple[DimensionView, ...]
    quarantined: int
    repaired: int
    approved: bool
    roles: tuple[str, ...] = ()

    @property
    def checks(self) -> int:
        """How many checks there were."""
        return len(self.results)

    @property
    def passed(self) -> int:
        """How many succeeded."""
        return sum(result.success for result in self.results)


@dataclass(frozen=True, slots=True)
class WithheldView:
    """A column of the source that is not public, and the ground."""

    name: str
    title: Text | None
    ground: Ground | None


@dataclass(frozen=True, slots=True)
class CoarserView:
    """A column that is coarser than in the source."""

    name: str
    title: Text | None
    level: str


@dataclass(frozen=True, slots=True)
class PrivacyView:
    """How persons are protected.

    Attributes:
        kind: ``open``, ``microdata``, ``frequency`` or ``magnitude``.
        sentences: what is guaranteed, and what it cost.
        judged: findings of the scan that a person judged.
    """

    kind: str
    personal: bool
    sentences: tuple[Sentence, ...]
    withheld: tuple[WithheldView, ...]
    coarser: tuple[CoarserView, ...]
    justification: Text | None
    judged: int


def quality(manifest: Manifest) -> QualityView:
    """Read the public quality report (``quality/1``)."""
    report = manifest.quality
    results = tuple(_result(result) for result in report.get("results", ()))
    dimensions = tuple(
        DimensionView(name, told["checks"], told["passed"], told["score"]) for name, told in sorted(report.get("dimensions", {}).items())
    )
    failed = any(not result.success for result in results)
    repaired = int(report.get("notes", {}).get("repaired_geometries", 0))
    roles = tuple(dict.fromkeys(one["role"] for one in manifest.approvals))
    return QualityView(results, dimensions, int(report.get("quarantined_rows") or 0), repaired, failed and bool(roles), roles)


def _result(result: Mapping[str, Any]) -> ResultView:
    told = result.get("text") or {"nl": result["type"]}
    return ResultView(
        text=Text(nl=_sentence(told["nl"]), en=_sentence(told["en"]) if told.get("en") else None),
        type=result["type"],
        dimension=result.get("dimension", ""),
        severity=result.get("severity", ""),
        success=bool(result.get("success")),
        unknown=bool(result.get("error")),
        wrong=result.get("unexpected_count"),
        total=result.get("element_count"),
    )


def _sentence(text: str) -> str:
    """Give a text with a capital in front."""
    return text[:1].upper() + text[1:]


def privacy(manifest: Manifest) -> PrivacyView:
    """Read the public privacy report (``privacy/1``)."""
    report = manifest.privacy
    kind = report.get("kind", "open")
    kept = {column.name for column in manifest.columns}
    return PrivacyView(
        kind=kind if kind in {"open", "microdata", "frequency", "magnitude"} else "open",
        personal=manifest.personal,
        sentences=tuple(_sentences(kind, report, manifest)),
        withheld=tuple(_withheld(report, kept)),
        coarser=tuple(CoarserView(column.name, column.title, column.level) for column in manifest.columns if column.level),
        justification=_text(report.get("justification")),
        judged=len(report.get("findings") or ()),
    )


def declared(dataset: Dataset, kept: Collection[str]) -> dict[str, Any]:
    """Give what the public privacy report takes from the declaration, for the manifest: the columns withheld, and why it is done so.

    `kept` names the columns of the release. A column that is not among them is told of when it was dropped or has a ground; what a table
    was computed with and has no ground is no column that anybody misses.
    """
    dropped = {name for name, rule in dataset.privacy.columns.items() if rule.action == "drop"}
    withheld = [column for column in dataset.columns if column.name not in kept and (column.ground or column.name in dropped)]
    justification = dataset.privacy.justification
    return {
        "withheld": [{"name": column.name, "title": _words(column.title), "ground": column.ground} for column in withheld],
        "justification": _words(justification),
    }


def _words(text: Text | None) -> dict[str, str | None] | None:
    return {"nl": text.nl, "en": text.en} if text else None


def _withheld(report: Mapping[str, Any], kept: Collection[str]) -> Iterator[WithheldView]:
    """Give the columns of the source that are not in the release: as declared, else those that the report says were dropped."""
    told = report.get("withheld")
    if told is None:
        told = [column for column in report.get("columns") or () if column["action"] == "dropped" and column["name"] not in kept]
    for column in told:
        yield WithheldView(column["name"], _text(column.get("title")), _ground(column.get("ground")))


def _ground(code: str | None) -> Ground | None:
    return lists.woo_grounds().get(code) if code else None


def _text(value: Any) -> Text | None:
    return Text(nl=value["nl"], en=value.get("en")) if isinstance(value, dict) and value.get("nl") else None


def _sentences(kind: str, report: Mapping[str, Any], manifest: Manifest) -> Iterator[Sentence]:
    if kind == "microdata":
        yield from _microdata(report)
    elif kind in {"frequency", "magnitude"}:
        yield from _table(report, manifest)


def _microdata(report: Mapping[str, Any]) -> Iterator[Sentence]:
    model, after = report.get("model") or {}, report.get("after") or {}
    k = model.get("k") if isinstance(model, dict) else None
    if k:
        yield Sentence("privacy.k_sentence", numbers={"k": k})
    suppressed = report.get("suppressed_rows")
    if suppressed:
        yield Sentence("privacy.suppressed_sentence", count=suppressed)
    elif suppressed == 0:
        yield Sentence("privacy.suppressed_none")
    risk = after.get("prosecutor_max")
    if isinstance(risk, float) and 0 < risk < 1:
        yield Sentence("privacy.risk_sentence", shares={"share": risk})


def _table(report: Mapping[str, Any], manifest: Manifest) -> Iterator[Sentence]:
    rules = report.get("rules") or {}
    if rules.get("min_count"):
        yield Sentence("privacy.min_count_sentence", numbers={"below": rules["min_count"] - 1})
    if rules.get("min_contributors"):
        yield Sentence("privacy.min_contributors_sentence", numbers={"count": rules["min_contributors"]})
    primary = report.get("primary") or {}
    if {"p_percent", "dominance"} & (set(rules) | set(primary)):
        yield Sentence("privacy.share_sentence")
    cells = report.get("cells")
    hidden = sum(count for count in primary.values() if isinstance(count, int)) if isinstance(primary, dict) else 0
    hidden += report.get("secondary") or 0
    if isinstance(cells, int) and cells and hidden:
        yield Sentence("privacy.cells_sentence", numbers={"total": cells, "hidden": hidden})
    elif isinstance(cells, int) and cells:
        yield Sentence("privacy.cells_none", numbers={"total": cells})
    if any(column.name == "status" for column in manifest.columns):
        yield Sentence("privacy.status_sentence")
