"""The part `privacy:`: what is dropped, made coarser, counted and proven; the same model reads a policy of `anonymise`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from config.models.base import Model, SecretRef, Share, Text

DATE_LEVELS = ("day", "month", "quarter", "year", "5y", "10y", "any")
POSTCODE_LEVELS = ("PC6", "PC5", "PC4", "PC3", "PC2", "PC1", "any")
"""The steps of the built-in hierarchies, from fine to coarse."""


class Hierarchy(Model):
    """A ladder of values from fine to coarse; level 0 is the value itself, `levels` name the steps that follow.

    Attributes:
        type: `file` (CSV without a header, delimiter ``;``, first column the value: ARX's format), `date` or `nl-postcode`.
        levels: steps of `DATE_LEVELS` or `POSTCODE_LEVELS` in their order; of a file the names of its columns, optional.
        path: of a file, relative to the file that names it.
    """

    type: Literal["file", "date", "nl-postcode", "interval", "cbs", "grid", "order", "redaction", "codelist"]
    levels: tuple[str, ...] = ()
    path: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"


class ColumnRule(Model):
    """What happens to one column: it is dropped, or its values are made coarser along a hierarchy. A column without a rule stays."""

    action: Literal["drop", "keep", "pseudonym", "scan"] | None = None
    hierarchy: Hierarchy | None = None


class Diversity(Model):
    """l-diversity of one sensitive column."""

    column: str
    type: Literal["distinct", "entropy", "recursive"] = "distinct"
    value: float
    c: float | None = None


def _one_or_many(value: Any) -> str:
    """Name the member of `Diversities` that a value is meant for."""
    return "many" if isinstance(value, list | tuple) else "one"


def _as_tuple(value: Diversity | tuple[Diversity, ...]) -> tuple[Diversity, ...]:
    """Read one block as a list of one."""
    return (value,) if isinstance(value, Diversity) else value


Diversities = Annotated[
    Annotated[Diversity, Tag("one")] | Annotated[tuple[Diversity, ...], Tag("many")],
    Discriminator(_one_or_many),
    AfterValidator(_as_tuple),
]
"""One block or a list of them; always a tuple once it is read."""


class PrivacyModel(Model):
    """The guarantee for micro-data.

    Attributes:
        k: every combination of quasi-identifiers occurs at least k times.
        suppression_limit: the share of rows that may be left out at most.
        metric: what the search minimises; `entropy` is ARX's non-uniform entropy.
    """

    k: Annotated[int, Field(ge=2)]
    l: Diversities | None = None  # noqa: E741 - the name of the field's standard
    t: Diversities | None = None
    suppression_limit: Share = 0.0
    metric: Literal["entropy", "loss", "discernibility", "average-class-size", "precision"] = "entropy"


class Rules(Model):
    """Primary rules for cells of a table.

    Attributes:
        min_count: a count from 1 to min_count - 1 is not shown.
        zeros: whether a structural or sampling zero is published.
        min_contributors: a sum or mean over fewer contributors is not shown.
        p_percent: secret parameter, only as ``${NAME}``: no contributor may be estimated closer than p %.
        dominance: secret parameter (n, k), only as ``${NAME}``.
    """

    min_count: Annotated[int, Field(ge=1)] | None = None
    zeros: Literal["publish", "suppress"] = "publish"
    min_contributors: Annotated[int, Field(ge=1)] | None = None
    p_percent: SecretRef | None = None
    dominance: SecretRef | None = None
    group_disclosure: bool = False


class Protect(Model):
    """How a table is protected; with one breakdown and no totals the primary suppression is the whole protection."""

    method: Literal["suppress", "round", "cellkey"] = "suppress"


class DimensionRule(Model):
    """One dimension of a table, at the level of its values or one step of a hierarchy.

    Attributes:
        level: the step to use: a name out of `hierarchy.levels` or a number (0 is the value itself); without it the last step.
    """

    hierarchy: Hierarchy | None = None
    level: str | int | None = None


class OutputColumn(Model):
    """How a column that a table makes is called in the release."""

    title: Text
    description: Text | None = None
    unit: str | None = None


class Population(Model):
    """The population the data are drawn from, for the journalist's risk."""

    size: Annotated[int, Field(ge=1)]


class FindingVerdict(Model):
    """A person's judgement of what the scan found; part of what is approved."""

    column: str
    kind: str
    verdict: Literal["accepted", "false-alarm"]
    reason: str


class Privacy(Model):
    """How a dataset is protected.

    `kind` decides which keys count: `microdata` has `columns` and `model`; `frequency` and `magnitude` have `dimensions`, `rules`,
    `protect` and `output`, and `magnitude` also `value`, `measure`, `contributor` and `holding`.
    """

    kind: Literal["open", "microdata", "frequency", "magnitude"]
    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    model: PrivacyModel | None = None
    dimensions: dict[str, DimensionRule] = Field(default_factory=dict)
    value: str | None = None
    measure: Literal["sum", "mean"] = "sum"
    precision: Annotated[int, Field(ge=0, le=9)] = 2
    contributor: str | None = None
    holding: str | None = None
    rules: Rules = Rules()
    protect: Protect = Protect()
    output: dict[str, OutputColumn] = Field(default_factory=dict)
    population: Population | None = None
    findings: tuple[FindingVerdict, ...] = ()
    others: Literal["keep", "drop"] | None = None
    justification: Text | None = None
