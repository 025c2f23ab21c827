"""The hierarchy of Dutch postcodes: the first six, five … one characters (PC6 to PC1), then any.

``2011 rd`` is read as ``2011RD``. A value may be shorter than a full postcode (``2011``), as long as the finest step asks no more of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from anonymisation.hierarchies.base import ANY
from config.models.hierarchy import TEXT, HierarchyOptions, chosen

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

FORM = r"^[1-9][0-9]{3}[A-Z]{0,2}$"
LEVELS = ("PC6", "PC5", "PC4", "PC3", "PC2", "PC1", "any")
"""The steps, from fine to coarse."""


class Options(HierarchyOptions):
    """Dutch postcodes, by their first characters.

    Attributes:
        levels: steps out of `PC6`, `PC5`, `PC4`, `PC3`, `PC2`, `PC1` and `any`, in that order.
    """

    fits = TEXT

    type: Literal["nl-postcode"]
    levels: Annotated[
        tuple[Literal["PC6", "PC5", "PC4", "PC3", "PC2", "PC1", "any"], ...], Field(min_length=1), AfterValidator(chosen(LEVELS))
    ]


def open_ladder(options: Options, base: Path) -> PostcodeLadder:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the ladder."""
    return PostcodeLadder(options.levels)


@dataclass(frozen=True, slots=True)
class PostcodeLadder:
    """Steps of `LEVELS`, in their order."""

    names: tuple[str, ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the first characters of each postcode."""
        import pyarrow as pa
        import pyarrow.compute as pc

        compact = pc.utf8_upper(pc.replace_substring_regex(values.cast(pa.string()), r"\s+", ""))
        postcodes = pc.if_else(pc.match_substring_regex(compact, FORM), compact, None)
        steps = []
        for name in self.names:
            if name == "any":
                steps.append(pa.array([ANY] * len(values), pa.string()))
                continue
            length = int(name.removeprefix("PC"))
            enough = pc.greater_equal(pc.utf8_length(postcodes), length)
            steps.append(pc.if_else(enough, pc.utf8_slice_codeunits(postcodes, 0, length), None))
        return steps

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Which postcodes exist is not known here."""
        return None
