"""Rounding to the nearest multiple of a base; halfway goes away from zero, as people round: 15 to base 10 becomes 20, -15 becomes -20.

A. Hundepool et al., "Statistical disclosure control", Wiley 2012, §3.3.3 (there: rounding of micro-data).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from anonymisation.transforms.base import Made
from config.errors import ConfigurationError, Message
from config.models.base import Text
from config.models.transform import TransformOptions

if TYPE_CHECKING:
    from anonymisation.transforms.base import Job

WHOLE = Message(
    "transform.rounding-whole",
    nl="Kolom {column} heeft gehele getallen; dan is `base` ook een geheel getal.",
    en="Column {column} has whole numbers; then `base` is a whole number too.",
)
FAR = Message(
    "transform.rounding-range",
    nl="Kolom {column}: {count} verschillende waarden zijn na het afronden te groot voor dit type. Kies een kleinere `base`.",
    en="Column {column}: {count} different values are too large for this type once rounded. Choose a smaller `base`.",
)


class Options(TransformOptions):
    """Rounding.

    Attributes:
        base: values become multiples of it.
    """

    steady = True

    type: Literal["rounding"]
    base: Annotated[float, Field(ge=0.000001, le=1_000_000_000_000)]


def apply(options: Options, job: Job) -> Made:
    """Round a column; exact: on distinct values, in decimal arithmetic."""
    import pyarrow as pa

    from anonymisation.hierarchies.base import distinct_values

    kind = job.records.types[job.column]
    base = Decimal(repr(options.base)).normalize()
    if kind == "integer" and base != base.to_integral_value():
        raise ConfigurationError(WHOLE.at(job.place, column=job.column))
    values, codes = distinct_values(job.records.column(job.column))
    rounded = [_rounded(value, base) for value in values.to_pylist()]
    try:
        made = pa.array(rounded, values.type)
    except (pa.ArrowInvalid, OverflowError):
        raise ConfigurationError(FAR.at(job.place, column=job.column, count=len(rounded))) from None
    text = f"{base:f}"
    told = Text(nl=f"Afgerond op veelvouden van {text.replace('.', ',')}.", en=f"Rounded to multiples of {text}.")
    return Made({job.column: made.take(pa.array(codes))}, told)


def _rounded(value: Any, base: Decimal) -> Any:
    """Round one value; one that is missing or not finite stays."""
    if value is None or (isinstance(value, float) and value - value != 0):
        return value
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    found = (exact / base).quantize(Decimal(1), ROUND_HALF_UP) * base
    # A zero of its own sign would be a value of its own.
    return (type(value)(found) + 0) if not isinstance(value, Decimal) else found + 0
