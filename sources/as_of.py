"""The date that the data describe: a fixed one, the greatest of a column, or that of the extraction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.errors import ConfigurationError, Message, Place, SourceError
from sources.cells import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import pyarrow as pa

    from config.models.schema import Column
    from config.models.source import AsOf

NO_COLUMN = Message(
    "source.as-of-column",
    nl="source.as_of.column noemt {column}, en die kolom is er niet. Noem een kolom uit schema:.",
    en="source.as_of.column names {column}, and there is no such column. Name a column out of schema:.",
)
NO_DATE = Message(
    "source.as-of-type",
    nl="Kolom {column} van source.as_of is van type {type}. Noem een date of datetime, of een integer met jaren en precision: year.",
    en="Column {column} of source.as_of is of type {type}. Name a date or datetime, or an integer of years with precision: year.",
)
NO_YEAR = Message(
    "source.as-of-year",
    nl="Kolom {column} van source.as_of heeft een getal dat geen jaar is (1000 tot 9999). Noem een andere kolom, of herstel de bron.",
    en="Column {column} of source.as_of holds a number that is no year (1000 to 9999). Name another column, or mend the source.",
)

YEARS = range(1000, 10_000)
_LENGTH = {"day": 10, "month": 7, "year": 4}


class Latest:
    """The as-of date of one extraction."""

    def __init__(self, as_of: AsOf | None, columns: Sequence[Column]) -> None:
        self._as_of = as_of
        self._greatest: date | datetime | int | None = None
        self.column = self._named(columns)

    def _named(self, columns: Sequence[Column]) -> Column | None:
        """Give the column that says the date.

        Raises:
            ConfigurationError: there is no such column, or it holds no dates.
        """
        if self._as_of is None or self._as_of.column is None:
            return None
        name, place = self._as_of.column, Place(path="source.as_of.column")
        column = next((column for column in columns if column.name == name), None)
        if column is None:
            raise ConfigurationError(NO_COLUMN.at(place, column=name))
        if column.type not in {"date", "datetime"} and not (column.type == "integer" and self._as_of.precision == "year"):
            raise ConfigurationError(NO_DATE.at(place, column=name, type=column.type))
        return column

    def update(self, values: pa.Array) -> None:
        """Look at the values of the column in one batch."""
        import pyarrow.compute as pc

        greatest = pc.max(values).as_py()
        if greatest is not None and (self._greatest is None or greatest > self._greatest):
            self._greatest = greatest

    def text(self, now: datetime) -> str:
        """Give the date at the declared precision (ISO 8601); in Dutch time, of `now` where the column is empty or none is named.

        Raises:
            SourceError: the greatest number of a column of years is no year.
        """
        if self._as_of is not None and self._as_of.value is not None:
            return self._as_of.value
        length = _LENGTH[self._as_of.precision if self._as_of else "day"]
        if isinstance(self._greatest, int):
            if self._greatest not in YEARS:
                raise SourceError(NO_YEAR.at(Place(path="source.as_of.column"), column=self.column.name if self.column else ""))
            return str(self._greatest)
        moment = self._greatest if self._greatest is not None else now
        zoned = moment.astimezone(ZoneInfo(AMSTERDAM)) if hasattr(moment, "astimezone") else moment
        return zoned.isoformat()[:length]
