"""The areas of Statistics Netherlands: buurt → wijk → gemeente, by the structure of their codes.

``BU03920101``, ``bu 03920101`` and ``03920101`` are the same neighbourhood; labels have the prefix. A value may be coarser than a
neighbourhood (``WK039201``), as long as the finest step asks no more of it. Numbers have lost their leading zeros, so for a column of
numbers `values` says what they are.

Two files are named or not used; none is guessed. `areas` lists the codes that exist (CSV without a header, first column the code; more
columns, such as names, are not read): another code does not fit, and a table has a cell for every area. `lookup` says in which area a
value lies that is no code itself, such as a postcode (CSV without a header: value, code).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from anonymisation.hierarchies._areas import AREAS, area_codes, digits
from anonymisation.hierarchies._lines import MAX_PROBLEMS, TWICE, read_lines
from anonymisation.hierarchies.base import ANY, as_text
from config.errors import ConfigurationError, Message, Place
from config.models.base import WrongError
from config.models.hierarchy import HierarchyOptions, chosen

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

LEVELS = ("buurt", "wijk", "gemeente", "any")

NO_CODE = Message(
    "hierarchy.cbs-code",
    nl="Op deze regel staat in kolom {column} geen CBS-code van een buurt, wijk of gemeente, zoals BU03920101.",
    en="On this line there is no CBS code of a buurt, wijk or gemeente in column {column}, such as BU03920101.",
)
TWO_COLUMNS = Message(
    "hierarchy.cbs-lookup",
    nl="Deze regel heeft niet twee kolommen: een waarde en een CBS-code, gescheiden door `{delimiter}`.",
    en="This line does not have two columns: a value and a CBS code, separated by `{delimiter}`.",
)
NOT_LISTED = Message(
    "hierarchy.cbs-not-listed",
    nl="Het gebied op deze regel staat niet in het bestand bij `areas`. Vul dat aan, of verbeter de code.",
    en="The area on this line is not in the file at `areas`. Complete that file, or correct the code.",
)


class Options(HierarchyOptions):
    """Areas of Statistics Netherlands, by their codes.

    Attributes:
        levels: steps out of `buurt`, `wijk`, `gemeente` and `any`, in that order.
        values: what the codes of the column are; needed where they are numbers.
        areas: CSV without a header, its first column the codes that exist; relative to the file that names it.
        lookup: CSV without a header, value and code, where the values are no codes (postcodes); relative to the file that names it.
        delimiter: the character between cells of both files.
    """

    fits = frozenset({"string", "integer"})

    type: Literal["cbs"]
    levels: Annotated[tuple[Literal["buurt", "wijk", "gemeente", "any"], ...], Field(min_length=1), AfterValidator(chosen(LEVELS))]
    values: Literal["buurt", "wijk", "gemeente"] | None = None
    areas: str | None = None
    lookup: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"

    def files(self) -> tuple[str, ...]:
        """Give the two files, where they are named."""
        return tuple(file for file in (self.areas, self.lookup) if file)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        """With a lookup the values are no codes."""
        if self.values and self.lookup:
            raise WrongError(
                "Met `lookup` zijn de waarden zelf geen codes. Haal `values` weg.",
                "With `lookup` the values are no codes themselves. Remove `values`.",
            )
        return self


@dataclass(frozen=True, slots=True)
class CbsLadder:
    """Steps of `LEVELS`, in their order.

    Attributes:
        exist: the digits of the areas that exist; None: not known.
        lookup: values and the digits of their areas, each of one length; None: the values are codes.
        own: what the codes are.
    """

    names: tuple[str, ...]
    exist: pa.Array | None = None
    lookup: tuple[pa.Array, pa.Array] | None = None
    own: str | None = None

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the areas of the codes."""
        import pyarrow as pa

        codes = self._codes(values)
        return [pa.array([ANY] * len(values), pa.string()) if name == "any" else area_codes(codes, name) for name in self.names]

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Give the areas that exist, or that the lookup names; the values themselves may be written in many ways."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if level and self.names[level - 1] == "any":
            return pa.array([ANY])
        listed = self.exist if self.exist is not None else self.lookup[1] if self.lookup else None
        return None if not level or listed is None else pc.unique(pc.drop_null(area_codes(listed, self.names[level - 1])))

    def _codes(self, values: pa.Array) -> pa.Array:
        """Give the digits of the area of each value; null where it has none."""
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import types

        texts = as_text(values)
        if self.lookup:
            return self.lookup[1].take(pc.index_in(_plain(texts), value_set=self.lookup[0]))
        length = AREAS[self.own][1] if self.own else None
        if types.is_integer(values.type):
            # Without `values` nobody knows which zeros are gone: then no number fits.
            texts = pc.utf8_lpad(texts, length, "0") if length else pa.nulls(len(texts), pa.string())
        codes = digits(texts)
        if length:
            codes = pc.if_else(pc.equal(pc.utf8_length(codes), length), codes, None)
        return codes if self.exist is None else pc.if_else(pc.is_in(codes, value_set=self.exist), codes, None)


def open_ladder(options: Options, base: Path) -> CbsLadder:
    """Read and check the files, where there are any.

    Raises:
        ConfigurationError: with every line that is wrong (the first `MAX_PROBLEMS`).
    """
    exist = _listed(options, base) if options.areas else None
    lookup = _lookup(options, base, exist) if options.lookup else None
    return CbsLadder(options.levels, exist, lookup, options.values)


def _listed(options: Options, base: Path) -> pa.Array:
    """Read the areas that exist, with those that they lie in."""
    import pyarrow as pa
    import pyarrow.compute as pc

    typed = options.areas or ""
    lines = read_lines(typed, base, options.delimiter)
    codes = digits(pa.array([cells[0] for _, cells in lines], pa.string()))
    wrong = [NO_CODE.at(Place(typed, line), column=1) for (line, _), code in zip(lines, codes.to_pylist(), strict=True) if code is None]
    if wrong:
        raise ConfigurationError(*wrong[:MAX_PROBLEMS])
    around = [pc.utf8_slice_codeunits(codes, 0, length) for _, length in AREAS.values()]
    return pc.unique(pa.concat_arrays([codes, *around]))


def _lookup(options: Options, base: Path, exist: pa.Array | None) -> tuple[pa.Array, pa.Array]:
    """Read the areas of values."""
    import pyarrow as pa

    typed = options.lookup or ""
    lines = read_lines(typed, base, options.delimiter)
    wrong = [TWO_COLUMNS.at(Place(typed, line), delimiter=options.delimiter) for line, cells in lines if len(cells) != 2]  # noqa: PLR2004
    if wrong:
        raise ConfigurationError(*wrong[:MAX_PROBLEMS])
    values = _plain(pa.array([cells[0] for _, cells in lines], pa.string()))
    codes = digits(pa.array([cells[1] for _, cells in lines], pa.string()))
    known = set(exist.to_pylist()) if exist is not None else None
    first: dict[str, int] = {}
    for (line, _), value, code in zip(lines, values.to_pylist(), codes.to_pylist(), strict=True):
        if first.setdefault(value, line) != line:
            wrong.append(TWICE.at(Place(typed, line), first=first[value]))
        elif code is None:
            wrong.append(NO_CODE.at(Place(typed, line), column=2))
        elif known is not None and code not in known:
            wrong.append(NOT_LISTED.at(Place(typed, line)))
    if wrong:
        raise ConfigurationError(*wrong[:MAX_PROBLEMS])
    return values, codes


def _plain(texts: pa.Array) -> pa.Array:
    """Give texts in capitals and without spaces: ``2011 rd`` is ``2011RD``."""
    import pyarrow.compute as pc

    return pc.utf8_upper(pc.replace_substring_regex(texts, r"\s+", ""))
