"""The part `privacy:`: what is dropped, made coarser, counted and proven; the same model reads a policy of `anonymise`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from config.models.base import ByKind, Model, SecretRef, Share, Text
from config.models.hierarchy import HierarchyOptions
from config.models.transform import TransformOptions
from config.registry import HIERARCHIES, TRANSFORMS

Hierarchy = Annotated[HierarchyOptions, ByKind(HIERARCHIES, "type")]
"""A ladder of values from fine to coarse: a block whose `type` says which keys it has."""


Transform = Annotated[TransformOptions, ByKind(TRANSFORMS, "type")]
"""A method that replaces values: a block whose `type` says which keys it has."""


class ColumnRule(Model):
    """What happens to one column: dropped, replaced, made coarser along a hierarchy. A column without a rule stays.

    Attributes:
        action: `pseudonym` puts a keyed pseudonym in the place of every value of a direct identifier.
        hierarchy: the steps along which values are made coarser.
        transform: values are replaced first; a hierarchy then starts from what they became.
        key: of `pseudonym`: the secret, at least 32 characters.
        rotation: of `pseudonym`: while this label stays, pseudonyms stay from release to release; without it every release has its own.
        length: of `pseudonym`: hexadecimal characters; 32 when it is not given.
    """

    action: Literal["drop", "keep", "pseudonym", "scan"] | None = None
    hierarchy: Hierarchy | None = None
    transform: Transform | None = None
    key: SecretRef | None = None
    rotation: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    length: Annotated[int, Field(ge=12, le=64)] | None = None


Above = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A finite number above 0."""
Part = Annotated[float, Field(gt=0, le=1)]
"""A share above 0 and at most 1."""


class Diversity(Model):
    """l-diversity of one sensitive column: its values in every class differ enough.

    Attributes:
        type: `distinct` counts the values, `entropy` and `recursive` weigh how they are spread.
        value: l; a whole number, except with `entropy`.
        c: of `recursive`: the most frequent value occurs less than c times as often as the values from the l-th on together.
    """

    column: str
    type: Literal["distinct", "entropy", "recursive"] = "distinct"
    value: Annotated[float, Field(gt=1, le=1_000_000)]
    c: Above | None = None


class Closeness(Model):
    """t-closeness of one sensitive column: its distribution in every class is at most `value` from that in the whole source.

    Attributes:
        type: the distance between two values: `equal` for all pairs, `ordered` by rank, `hierarchical` along `hierarchy`.
        value: t, above 0 and at most 1.
        hierarchy: of `hierarchical`: the ladder of the sensitive column; it is not made coarser by it.
        order: of `ordered`: all values from low to high as they stand in the data; without it numbers and dates have their own order.
    """

    column: str
    type: Literal["equal", "ordered", "hierarchical"] = "equal"
    value: Part
    hierarchy: Hierarchy | None = None
    order: tuple[str, ...] = ()


class Likeness(Model):
    """beta-likeness of one sensitive column: in no class does a value become relatively more frequent than by `value`.

    Attributes:
        type: `basic`, or `enhanced`, which also binds the gain of a frequent value.
        value: beta: 1 lets a value be twice as frequent in a class as in the whole source.
    """

    column: str
    type: Literal["basic", "enhanced"] = "basic"
    value: Above


class Disclosure(Model):
    """delta-disclosure privacy of one sensitive column: log2 of how much the share of a value changes in a class stays below `value`."""

    column: str
    value: Above


class KMap(Model):
    """k-map: every combination fits at least k persons of the population.

    Attributes:
        significance: with `population.size` alone the persons are estimated: the chance of being wrong for one combination.
    """

    k: Annotated[int, Field(ge=2)]
    significance: Annotated[float, Field(gt=0, lt=1)] | None = None


class Presence(Model):
    """delta-presence: of the persons of the population that fit a combination, this share is in the data."""

    min: Share = 0.0
    max: Share


class StrictAverage(Model):
    """Strict-average risk: the average risk of the rows stays at or below `average`, and that of no row exceeds `highest`."""

    average: Part
    highest: Part = 0.5


def _one_or_many(value: Any) -> str:
    """Name the member of a union of one block and a list of them that a value is meant for."""
    return "many" if isinstance(value, list | tuple) else "one"


def _as_tuple(value: Any) -> tuple[Any, ...]:
    """Read one block as a list of one."""
    return value if isinstance(value, tuple) else (value,)


if TYPE_CHECKING:
    from typing import TypeVar

    Block = TypeVar("Block")
    Blocks = tuple[Block, ...]
else:

    class Blocks:
        """One block or a list of them, each told wrong at its own place; always a tuple once it is read."""

        def __class_getitem__(cls, block: type[Model]) -> Any:
            """Give the annotation for blocks of one model."""
            either = Annotated[block, Tag("one")] | Annotated[tuple[block, ...], Tag("many")]
            return Annotated[either, Discriminator(_one_or_many), AfterValidator(_as_tuple)]


class PrivacyModel(Model):
    """The guarantee for micro-data: every model that is named holds in the release.

    Attributes:
        k: every combination of quasi-identifiers occurs at least k times.
        l: the values of a sensitive column in a combination differ enough.
        t: the values of a sensitive column in a combination are spread much as in the whole source.
        beta: no value of a sensitive column becomes much more frequent in a combination.
        delta_disclosure: no value becomes much more or much less frequent in a combination.
        k_map: every combination fits at least k persons of `population`.
        delta_presence: of the persons that fit a combination, a share between two bounds is in the data.
        average_risk: combinations per row, at most: the average chance that a row is pointed out.
        strict_average_risk: that average, and the highest chance of any row.
        sample_uniqueness: the share of rows that are alone in their combination, at most.
        suppression_limit: the share of rows that may be left out at most.
        recoding: `full-domain` uses one step a column for all rows; `local` lets each group have its own, where that loses less.
        metric: what the search minimises; `entropy` is ARX's non-uniform entropy.
    """

    k: Annotated[int, Field(ge=2)] | None = None
    l: Blocks[Diversity] | None = None  # noqa: E741 - the name of the field's standard
    t: Blocks[Closeness] | None = None
    beta: Blocks[Likeness] | None = None
    delta_disclosure: Blocks[Disclosure] | None = None
    k_map: KMap | None = None
    delta_presence: Presence | None = None
    average_risk: Part | None = None
    strict_average_risk: StrictAverage | None = None
    sample_uniqueness: Share | None = None
    suppression_limit: Share = 0.0
    recoding: Literal["full-domain", "local"] = "full-domain"
    metric: Literal["entropy", "loss", "discernibility", "average-class-size", "precision"] = "entropy"

    @property
    def at_least(self) -> int:
        """The size of class that a row's risk is held against: k, else that of k-map, else 2 (not alone)."""
        return self.k or (self.k_map.k if self.k_map else 2)


def sensitive_columns(model: PrivacyModel | None) -> tuple[str, ...]:
    """Give the sensitive columns that a model mentions, sorted."""
    if model is None:
        return ()
    blocks: list[Diversity | Closeness | Likeness | Disclosure]
    blocks = [*(model.l or ()), *(model.t or ()), *(model.beta or ()), *(model.delta_disclosure or ())]
    return tuple(sorted({one.column for one in blocks}))


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


class PopulationTable(Model):
    """The population as a CSV file with a header: one column a quasi-identifier, by its name, as its values stand in the source.

    Attributes:
        path: relative to the file that names it.
        count: the column that says how many persons a line stands for; without it every line is one person.
    """

    path: str
    count: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"


class Population(Model):
    """The population the data are drawn from: its size, or a table of it; for k-map, delta-presence and the journalist's risk."""

    size: Annotated[int, Field(ge=1)] | None = None
    table: PopulationTable | None = None


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
