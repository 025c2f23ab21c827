"""What changed between two versions: their tables compared in the best format that both have, and what the catalogue says of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from config.models.base import Text
from publication import commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.diff import TableDiff
    from flows.context import Job, RunContext
    from publication.release import Release

FORMATS = ("parquet", "csv", "geojson", "xlsx")
"""Formats by which two versions can be compared, the most exact first."""
FINE, COARSE, FEW = 10, 100, 1000
"""A number of rows on persons is rounded to tens below a thousand, else to hundreds."""


class Side(NamedTuple):
    """One of two versions: the folder with its files, their names by format, and its columns."""

    folder: Path
    files: Mapping[str, str]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, release: Release) -> Side:
        """Give the side of a release."""
        told = release.manifest
        files = {file.format: file.name for file in told.distributions}
        return cls(release.folder, files, tuple(column.name for column in told.columns))


def compare(old: Side, new: Side, key: Sequence[str], room: Path | None = None) -> TableDiff | None:
    """Compare two versions by key where both have its columns, else as collections of rows; None where they share no format.

    Args:
        old: the older version.
        new: the newer version.
        key: the columns that name a row.
        room: a folder for what does not fit in memory.
    """
    from engine.diff import diff

    form = next((each for each in FORMATS if each in old.files and each in new.files), None)
    if form is None:
        return None
    usable = key if {*key} <= {*old.columns} & {*new.columns} else ()
    with tempfile.TemporaryDirectory(dir=room) as made:
        tables = [as_parquet(side.folder / side.files[form], form, Path(made) / f"{at}.parquet") for at, side in enumerate((old, new))]
        return diff(tables[0], tables[1], usable, spill=Path(made))


def as_parquet(path: Path, form: str, target: Path) -> Path:
    """Give a file of one of `FORMATS` as Parquet: written to `target`, cells of other formats as text, unless it is so already."""
    from distributions.write import writer
    from engine.parquet import sink

    if form == "parquet":
        return path
    batches = writer(form).read_back(path)
    first = next(batches)
    with sink(target, first.schema) as parquet:
        parquet.write(first)
        for batch in batches:
            parquet.write(batch)
    return target


def notes(ctx: RunContext, job: Job) -> dict[str, str]:
    """Say in both languages what changed since the version we stand for.

    Of data on persons only the columns and rounded totals are told: which rows came and went could tell who moved or fell ill.
    """
    standing = commit.current(ctx.home, job.id)
    if standing is None:
        return {"nl": "Eerste versie.", "en": "First version."}
    names = tuple(column.name for column in job.table.columns)
    files = {file.format: file.name for file in job.distributions}
    old, new = Side.of(standing), Side(ctx.stage_folder(job), files, names)
    personal = job.dataset.personal or standing.manifest.personal
    found = None if personal else compare(old, new, job.dataset.key, ctx.folder(job))
    rows = _totals(standing.manifest.rows, job.table.rows) if personal or found is None else _exact(found)
    told = [Text(nl=f"Vergeleken met versie {standing.manifest.version}:", en=f"Compared with version {standing.manifest.version}:"), rows]
    told += _columns(old.columns, names, found.columns_retyped if found else ())
    return {"nl": " ".join(text.nl for text in told), "en": " ".join(text.get("en") for text in told)}


def _exact(found: TableDiff) -> Text:
    """Say exactly how many rows are different; without a key a changed row is one that went and one that came."""
    if not (found.added or found.removed or found.changed):
        return Text(nl="dezelfde rijen.", en="the same rows.")
    counts = [(found.added, "erbij", "added"), (found.removed, "eraf", "removed")]
    if found.by_key:
        counts.append((found.changed, "gewijzigd", "changed"))
    else:
        counts = [(found.added, "nieuw of gewijzigd", "new or changed"), (found.removed, "weg of gewijzigd", "gone or changed")]
    nl = ", ".join(f"{_nl(count)} {_word(count, 'rij', 'rijen')} {word}" for count, word, _ in counts)
    en = ", ".join(f"{count:,} {_word(count, 'row', 'rows')} {word}" for count, _, word in counts)
    return Text(nl=f"{nl}.", en=f"{en}.")


def _totals(before: int, now: int) -> Text:
    """Say about how many rows there are, and were."""
    old, new = _rounded(before), _rounded(now)
    if old == new:
        return Text(nl=f"ongeveer evenveel rijen ({_nl(new)}).", en=f"about as many rows ({new:,}).")
    return Text(nl=f"ongeveer {_nl(new)} rijen, dat waren er ongeveer {_nl(old)}.", en=f"about {new:,} rows, which were about {old:,}.")


def _columns(before: Sequence[str], now: Sequence[str], retyped: Sequence[str]) -> Iterator[Text]:
    """Say which columns came, went, or have another type."""
    came, went = [name for name in now if name not in before], [name for name in before if name not in now]
    for names, nl, en in (
        (came, ("Nieuwe kolom", "Nieuwe kolommen"), ("New column", "New columns")),
        (went, ("Vervallen kolom", "Vervallen kolommen"), ("Removed column", "Removed columns")),
        (retyped, ("Kolom van een ander type", "Kolommen van een ander type"), ("Column of another type", "Columns of another type")),
    ):
        if names:
            listed = ", ".join(names)
            yield Text(nl=f"{_word(len(names), *nl)}: {listed}.", en=f"{_word(len(names), *en)}: {listed}.")


def _rounded(count: int) -> int:
    step = FINE if count < FEW else COARSE
    return (count + step // 2) // step * step


def _nl(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _word(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
