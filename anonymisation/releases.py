"""Earlier releases: every version stays public, so two of them can be subtracted, and the difference must point nobody out.

A release of micro-data is laid beside every earlier one that is public. Rows that would stand out by the comparison are held back to a
later release (`held_back`; they are not suppressed: they comply, but come too few at a time). What is compared is what is public: the files
as they were released, at the finest steps at which both can be read. Steps are nested, so the labels of one step follow from those of a
finer one. Where neither release is coarser than the other in every column, rows that can be told apart by their other columns would be
known at the finer step of each; then steps are chosen anew, from those of the earlier releases up.

What cannot be compared is refused; the way out is `publication.replaces: true`, by which earlier versions are withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anonymisation.models.base import Guarantee, summed
from anonymisation.models.delta_presence import DeltaPresence
from anonymisation.models.k_anonymity import KAnonymity
from anonymisation.models.k_map import KMap
from anonymisation.releases_choice import Lines, publishable
from anonymisation.releases_compare import compare, numbered
from anonymisation.releases_read import Cells, FileLines, read_lines
from anonymisation.releases_same import NAMES, Reason, same
from config.errors import Message, Place, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.lattice import Node
    from anonymisation.models.base import ClassModel
    from anonymisation.plan import Planned
    from anonymisation.releases_compare import Comparison
    from anonymisation.tuples import Coded, Tuples
    from config.errors import Problem
    from config.models.privacy import PrivacyModel

INCOMPARABLE = Message(
    "anonymise.incomparable",
    nl="Deze uitgave kan niet naast versie {version} worden gelegd, die openbaar blijft: {why}. Uit het verschil kan dan iemand te "
    "herkennen zijn. Maak dat weer zoals het was, of kies dat eerdere versies worden ingetrokken: publication: {{replaces: true}}",
    en="This release cannot be laid beside version {version}, which stays public: {why_en}. Somebody might then be recognised by the "
    "difference. Put that back as it was, or choose that earlier versions are withdrawn: publication: {{replaces: true}}",
)
ALL_HELD = Message(
    "anonymise.all-held-back",
    nl="Er blijft geen rij over: naast de eerdere versies zou elke groep te veel zeggen over wie erbij kwam of wegging. Wacht tot er meer "
    "is veranderd, of kies dat eerdere versies worden ingetrokken: publication: {{replaces: true}}",
    en="No row is left: beside the earlier versions every group would say too much of who came or went. Wait until more has changed, or "
    "choose that earlier versions are withdrawn: publication: {{replaces: true}}",
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A public release of the same source.

    Attributes:
        version: its version.
        path: its rows as Parquet, in whatever format they were published; None where no format can be read.
        report: its public report of protection (``privacy/1``).
        exact: whether the file has the types of its columns; else its cells were text.
    """

    version: str
    path: Path | None
    report: Mapping[str, Any]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """The earlier releases, once they are known to be comparable.

    Attributes:
        earlier: the releases.
        levels: of each the level of every quasi-identifier, in the order of the columns.
    """

    earlier: tuple[Earlier, ...] = ()
    levels: tuple[tuple[int, ...], ...] = ()

    def nested(self, node: Node) -> bool:
        """Say whether levels are nowhere finer, or nowhere coarser, than those of each earlier release."""
        return all(
            all(own <= one for own, one in zip(node, levels, strict=True)) or all(own >= one for own, one in zip(node, levels, strict=True))
            for levels in self.levels
        )

    def above(self, lowest: Sequence[int]) -> list[int]:
        """Give the lowest levels that are nowhere finer than those of any earlier release."""
        return [max(column) for column in zip(lowest, *self.levels, strict=True)]


def look_back(
    earlier: Sequence[Earlier], planned: Sequence[Planned], model: PrivacyModel | None, digests: Mapping[str, str]
) -> tuple[Past, tuple[Problem, ...]]:
    """Say whether a release can be laid beside the earlier ones.

    Args:
        earlier: the public releases of the source.
        planned: what happens to each column now.
        model: the guarantee now.
        digests: column → the digest of what decides on its values; see `releases_same`.

    Returns:
        the earlier releases; a problem for each that cannot be compared.
    """
    problems = [_refused(one.version, why) for one in earlier if (why := same(one.report, planned, model, digests, one.path)) is not None]
    if problems:
        return Past(), tuple(problems)
    names = [one.column.name for one in planned if one.fate == "quasi"]
    levels = tuple(tuple(one.report["transformation"][name] for name in names) for one in earlier)
    return Past(tuple(earlier), levels), ()


def _refused(version: str, why: Reason) -> Problem:
    return INCOMPARABLE.at(Place(path="publication.replaces"), version=version, why=why.nl, why_en=why.en)


@dataclass(frozen=True, slots=True)
class Made:
    """The release that was made, before rows are held back.

    Attributes:
        path: the written file, Parquet.
        tuples: what it was made from.
        ladders: the hierarchies of the quasi-identifiers.
        levels: the level of each.
        guarantee: what its classes meet.
        least: the size of class that is promised.
    """

    path: Path
    tuples: Tuples
    ladders: Mapping[str, Ladder]
    levels: tuple[int, ...]
    guarantee: Guarantee
    least: int

    @property
    def k(self) -> int:
        """The rows that are too few to come or go: fewer than this."""
        sizes = [one.k for one in self.guarantee.classwise if isinstance(one, KAnonymity)]
        return max(self.least, *sizes, 2)


def hold_back(made: Made, past: Past) -> int:
    """Leave out of a written file the rows that would stand out beside the earlier releases; give how many.

    Raises:
        RefusedError: a release cannot be compared after all, or nothing is left.
    """
    import pyarrow.parquet as pq

    if not past.earlier:
        return 0
    schema = pq.read_schema(made.path)
    types = {name: schema.field(name).type for name in sorted(schema.names)}
    new = read_lines(made.path, types)
    comparisons = []
    for earlier, levels in zip(past.earlier, past.levels, strict=True):
        try:
            comparisons.append(_beside(made, new, earlier, levels, types))
        except ValueError:
            raise RefusedError(_refused(earlier.version, NAMES["figures"])) from None
    names = sorted(one.name for one in made.tuples.columns)
    classes, _ = numbered([_ranked(new.columns[name]) for name in names], len(new.rows))
    sensitive = {one.name: _known(new.columns[one.name], one) for one in made.tuples.sensitive}
    kept = publishable(Lines(new.rows, classes, sensitive), comparisons, _without_population(made.guarantee))
    held = int((new.rows - kept).sum())
    if held and not kept.any():
        raise RefusedError(ALL_HELD.at(Place(path="publication.replaces")))
    if held and made.guarantee.complete:
        raise RefusedError(_refused(past.earlier[-1].version, NAMES["presence"]))
    if held:
        _rewrite(made.path, new.expand(kept))
    return held


def _without_population(guarantee: Guarantee) -> Guarantee:
    """Leave out the models of a population: where no lower bound is asked, holding rows back breaks none of them."""
    return Guarantee(tuple(one for one in guarantee.classwise if not isinstance(one, KMap | DeltaPresence)), guarantee.overall)


def _beside(made: Made, new: FileLines, earlier: Earlier, levels: tuple[int, ...], types: Mapping[str, pa.DataType]) -> Comparison:
    """Lay the new rows beside those of an earlier release.

    Raises:
        ValueError: the earlier file is not as its report says.
        RefusedError: a label of it cannot be made coarser any more.
    """
    by_name = {coded.name: (coded, own, then) for coded, own, then in zip(made.tuples.columns, made.levels, levels, strict=True)}
    kinds = {name: by_name[name][0].levels[by_name[name][2]].labels.type if name in by_name else kind for name, kind in types.items()}
    if earlier.path is None:
        raise ValueError("no file")
    old = read_lines(earlier.path, kinds)
    _as_reported(old, sorted(by_name), earlier.report)
    classes = []
    for name in sorted(by_name):
        coded, own, then = by_name[name]
        both = [_coarser(cells, coded, made.ladders.get(name), level, max(own, then)) for cells, level in _two(new, old, name, own, then)]
        if both[1] is None or both[0] is None:
            raise RefusedError(_refused(earlier.version, NAMES["vanished"].of(name)))
        classes.append(_alike(both[0], both[1], exact=earlier.exact))
    others = {name: _alike(new.columns[name], old.columns[name], exact=earlier.exact) for name in sorted(types) if name not in by_name}
    return compare(classes, others, old.rows, k=made.k, models=list(_models(made, new, old)))


def _two(new: FileLines, old: FileLines, name: str, own: int, then: int) -> tuple[tuple[Cells, int], tuple[Cells, int]]:
    return (new.columns[name], own), (old.columns[name], then)


def _alike(new: Cells, old: Cells, *, exact: bool) -> np.ndarray:
    """Code a column of both releases alike."""
    return new.beside(old) if exact else new.blurred().beside(old.blurred())


def _as_reported(old: FileLines, quasi: Sequence[str], report: Mapping[str, Any]) -> None:
    """Hold what was read against what its report says, so that a file that reads otherwise is noticed; ValueError where it does not."""
    classes, first = numbered([_ranked(old.columns[name]) for name in quasi], len(old.rows))
    sizes = summed(classes, old.rows, len(first))
    told = report["after"]
    if (int(sizes.sum()), len(sizes), min(sizes.tolist(), default=0)) != (report["rows"], told["classes"], told["k"] or 0):
        raise ValueError("other figures")


def _ranked(cells: Cells) -> np.ndarray:
    """Code a column in the order of its values."""
    import numpy as np

    from anonymisation.hierarchies.base import distinct_values

    found: np.ndarray = distinct_values(cells.values)[1].astype(np.int64)[cells.codes]
    return found


def _coarser(cells: Cells, coded: Coded, ladder: Ladder | None, level: int, to: int) -> Cells | None:
    """Give labels of one level at a coarser one; None where one of them is no label of what the source holds now."""
    import numpy as np
    import pyarrow.compute as pc

    if level == to:
        return cells
    known, above = coded.levels[level], coded.levels[to]
    if level == 0 and ladder is not None:
        labels = ladder.labels(cells.values)[to - 1]
        fits = labels.is_valid().to_numpy(zero_copy_only=False) | cells.values.is_null().to_numpy(zero_copy_only=False)
        return Cells(labels.cast(above.labels.type), cells.codes) if fits.all() else None
    places = pc.index_in(cells.values, value_set=known.labels)
    if places.null_count:
        return None
    up = np.zeros(len(known.labels), dtype=np.int64)
    up[known.codes] = above.codes
    return Cells(above.labels.take(up[places.to_numpy()]), cells.codes)


def _models(made: Made, new: FileLines, old: FileLines) -> Iterator[tuple[ClassModel, np.ndarray]]:
    """Yield the models of sensitive columns, with the codes of the values as they know them."""
    import numpy as np

    by_name = {one.name: one for one in made.tuples.sensitive}
    for model in made.guarantee.classwise:
        if model.column is not None:
            coded = by_name[model.column]
            then = _known(old.columns[coded.name], coded)
            if not hasattr(model, "reference"):
                # Values that there are no more differ from all others; that is all that these models ask.
                then = np.where(then < 0, len(coded.values) + old.columns[coded.name].codes, then)
            yield model, np.concatenate([_known(new.columns[coded.name], coded), then])


def _known(cells: Cells, coded: Coded) -> np.ndarray:
    """Give the codes of values as the source has them; -1 where it does not."""
    import numpy as np
    import pyarrow.compute as pc

    places = pc.index_in(cells.values.cast(coded.values.type), value_set=coded.values).fill_null(-1)
    found: np.ndarray = places.to_numpy().astype(np.int64)[cells.codes]
    return found


def _rewrite(path: Path, kept: np.ndarray) -> None:
    """Write the file anew, in the same order, with the rows that are kept."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from engine.parquet import sink

    beside = path.with_name(f"{path.stem}.kept{path.suffix}")
    try:
        with pq.ParquetFile(path) as file, sink(beside, file.schema_arrow) as into:
            done = 0
            for batch in file.iter_batches():
                into.write(batch.filter(pa.array(kept[done : done + batch.num_rows])))
                done += batch.num_rows
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
