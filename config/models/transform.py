"""What every transform shares in a declaration; each method's module in `anonymisation/transforms` adds its own options."""

from __future__ import annotations

from typing import ClassVar

from config.models.base import Model

NUMERIC = frozenset({"integer", "number", "decimal"})


class TransformOptions(Model):
    """Values of one column, or of several together, that are replaced by others of the same type.

    Attributes:
        type: the method.
    """

    fits: ClassVar[frozenset[str]] = NUMERIC
    """The column types that it fits."""
    steady: ClassVar[bool] = False
    """Whether a value always becomes the same one, whatever else is in the data and whatever chance says."""

    type: str

    def others(self) -> tuple[str, ...]:
        """Give the columns that are treated together with the one it stands at."""
        return ()
