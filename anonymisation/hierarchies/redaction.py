"""Characters that are masked, from the right or from the left: ``12345`` → ``123**`` → ``1****``.

Every value is first made `length` characters long with the mask, on the side that is masked: how long it was cannot be seen. A longer value
does not fit. Characters are those of Unicode, so ``é`` written as two of them counts for two.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from anonymisation.hierarchies._steps import with_any
from anonymisation.hierarchies.base import as_text
from config.models.base import WrongError
from config.models.hierarchy import HierarchyOptions, named

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


class Options(HierarchyOptions):
    """Masking of characters.

    Attributes:
        levels: the names of the steps; without it they are numbered from 1. A last name `any` adds a step on which all values are one.
        side: where masking starts.
        length: the length that every value is given; a longer one does not fit.
        characters: how many characters are masked on each step, rising.
        mask: the character that is put in their place.
    """

    fits = frozenset({"string", "integer"})

    type: Literal["redaction"]
    side: Literal["right", "left"]
    length: Annotated[int, Field(ge=1, le=1000)]
    characters: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    mask: Annotated[str, Field(min_length=1, max_length=1)] = "*"

    def steps(self) -> tuple[str, ...]:
        """Give the names of the steps."""
        return named(self.levels, len(self.characters))

    @model_validator(mode="after")
    def _rising(self) -> Self:
        """Mask more on every step, and no more than there is."""
        if any(more <= fewer for fewer, more in pairwise(self.characters)) or self.characters[-1] > self.length:
            raise WrongError(
                "De getallen bij `characters` lopen op, tot hoogstens `length`.",
                "The numbers at `characters` rise, up to `length` at most.",
            )
        self.steps()
        return self


@dataclass(frozen=True, slots=True)
class RedactionLadder:
    """Steps that mask ever more characters."""

    names: tuple[str, ...]
    options: Options

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Mask the values as a person types them."""
        import pyarrow.compute as pc

        options, texts = self.options, as_text(values)
        fitting = pc.if_else(pc.less_equal(pc.utf8_length(texts), options.length), texts, None)
        right = options.side == "right"
        pad = pc.utf8_rpad if right else pc.utf8_lpad
        padded = pad(fitting, options.length, options.mask)
        steps = []
        for count in options.characters:
            start, stop = (options.length - count, options.length) if right else (0, count)
            steps.append(pc.utf8_replace_slice(padded, start, stop, options.mask * count))
        return with_any(steps, self.names, len(values))

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Which values there are is not known here."""
        return None


def open_ladder(options: Options, base: Path) -> RedactionLadder:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the ladder."""
    return RedactionLadder(options.steps(), options)
