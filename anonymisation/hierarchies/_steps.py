"""The last step of a hierarchy that names it ``any``: all values are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa


def with_any(steps: list[pa.Array], names: Sequence[str], count: int) -> list[pa.Array]:
    """Add that step to the labels of `count` values where there is one more name than there are steps."""
    import pyarrow as pa

    return [*steps, pa.array([ANY] * count, pa.string())] if len(names) > len(steps) else steps
