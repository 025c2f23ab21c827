"""Top and bottom coding: what lies beyond a cut becomes the cut. The extremes are what people are recognised by.

A. Hundepool et al., "Statistical disclosure control", Wiley 2012, §3.3.2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from anonymisation.transforms.base import Made
from config.errors import ConfigurationError, Message
from config.models.base import Text, WrongError
from config.models.transform import TransformOptions

if TYPE_CHECKING:
    from anonymisation.transforms.base import Job

Cut = Annotated[float, Field(ge=-1e15, le=1e15)]

WHOLE = Message(
    "transform.cut-whole",
    nl="Kolom {column} heeft gehele getallen; dan zijn `top` en `bottom` dat ook.",
    en="Column {column} has whole numbers; then `top` and `bottom` are whole numbers too.",
)


class Options(TransformOptions):
    """Top and bottom coding.

    Attributes:
        top: a larger value becomes this one.
        bottom: a smaller value becomes this one.
    """

    steady = True

    type: Literal["top-bottom"]
    top: Cut | None = None
    bottom: Cut | None = None

    @model_validator(mode="after")
    def _cuts(self) -> Self:
        """Have at least one cut, the lower one below."""
        if self.top is None and self.bottom is None:
            raise WrongError("Noem `top`, `bottom` of beide.", "Name `top`, `bottom` or both.")
        if self.top is not None and self.bottom is not None and self.bottom >= self.top:
            raise WrongError("`bottom` moet kleiner zijn dan `top`.", "`bottom` must be smaller than `top`.")
        return self


def apply(options: Options, job: Job) -> Made:
    """Cut off a column at both ends."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = job.records.column(job.column)
    nl, en = [], []
    for cut, pick, words in (
        (options.top, pc.min_element_wise, ("of meer", "or more")),
        (options.bottom, pc.max_element_wise, ("of minder", "or less")),
    ):
        if cut is None:
            continue
        if job.records.types[job.column] == "integer" and not cut.is_integer():
            raise ConfigurationError(WHOLE.at(job.place, column=job.column))
        exact = Decimal(repr(cut)).normalize()
        bound = cut if pa.types.is_floating(values.type) else int(cut) if pa.types.is_integer(values.type) else exact
        values = pick(values, pa.scalar(bound, values.type), skip_nulls=False)
        nl.append(f"{exact:f} betekent {exact:f} {words[0]}".replace(".", ","))
        en.append(f"{exact:f} means {exact:f} {words[1]}")
    return Made({job.column: values.combine_chunks()}, Text(nl=_sentence(nl), en=_sentence(en)))


def _sentence(parts: list[str]) -> str:
    return f"{'; '.join(parts)}."
