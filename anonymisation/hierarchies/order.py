"""Groups of neighbours in a given order: levels of education, classes of size, answers from *never* to *always*.

A step names the values at which a new group starts. The label of a group is its first and its last value with an en dash between spaces, or
the value itself where it is alone. Values are compared as a person types them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from anonymisation.hierarchies._steps import with_any
from anonymisation.hierarchies.base import ANY, as_text
from config.models.base import WrongError
from config.models.hierarchy import HierarchyOptions, named

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


class Options(HierarchyOptions):
    """Groups of neighbours in a given order.

    Attributes:
        levels: the names of the steps; without it they are numbered from 1. A last name `any` adds a step on which all values are one.
        values: every value, in its order, as it stands in the data.
        cuts: on each step the values at which a new group starts; each list is a part of the one before.
    """

    fits = frozenset({"string", "integer", "number", "decimal", "boolean"})

    type: Literal["order"]
    values: Annotated[tuple[str, ...], Field(min_length=2)]
    cuts: Annotated[tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...], Field(min_length=1)]

    def steps(self) -> tuple[str, ...]:
        """Give the names of the steps."""
        return named(self.levels, len(self.cuts))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Let every value stand there once, and every step be a part of the one before."""
        if len(set(self.values)) < len(self.values):
            raise WrongError("Een waarde staat twee keer bij `values`. Noem elke waarde één keer.", "A value stands twice at `values`.")
        rank = {value: position for position, value in enumerate(self.values)}
        if any(not set(step) <= set(self.values[1:]) for step in self.cuts):
            raise WrongError(
                "Bij `cuts` staan waarden uit `values` waar een nieuwe groep begint; de eerste waarde hoort er niet bij.",
                "At `cuts` stand values out of `values` at which a new group starts; the first value is not one of them.",
            )
        if any(list(step) != sorted(set(step), key=rank.__getitem__) for step in self.cuts) or any(
            not set(few) < set(many) for many, few in pairwise(self.cuts)
        ):
            raise WrongError(
                "Elke lijst bij `cuts` staat in de volgorde van `values`, en is een deel van de vorige.",
                "Every list at `cuts` is in the order of `values`, and is a part of the one before.",
            )
        self.steps()
        return self


@dataclass(frozen=True, slots=True)
class OrderLadder:
    """The values, and the label of each on every step."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Look the values up."""
        import pyarrow as pa
        import pyarrow.compute as pc

        places = pc.index_in(as_text(values), value_set=pa.array(self.values, pa.string()))
        return with_any([pa.array(step, pa.string()).take(places) for step in self.groups], self.names, len(values))

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give the groups of a step; of level 0 the values, where they are text."""
        import pyarrow as pa
        from pyarrow import types

        if not level:
            return pa.array(self.values, pa.string()) if types.is_string(of) else None
        return pa.array(dict.fromkeys(self.groups[level - 1]) if level <= len(self.groups) else [ANY], pa.string())


def open_ladder(options: Options, base: Path) -> OrderLadder:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the ladder."""
    return OrderLadder(options.steps(), options.values, tuple(_labels(options.values, step) for step in options.cuts))


def _labels(values: tuple[str, ...], cuts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the label of the group of each value."""
    starts = [0, *(values.index(cut) for cut in cuts), len(values)]
    found: list[str] = []
    for start, end in pairwise(starts):
        one = values[start] if end - start == 1 else f"{values[start]} \N{EN DASH} {values[end - 1]}"
        found += [one] * (end - start)
    return tuple(found)
