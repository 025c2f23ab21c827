"""Find personal data in the columns of a table, without ever showing a value.

Every column passes every detector of `anonymisation.detectors`, batch by batch; a batch gives its distinct cells once, with their counts.
What cannot hold text or a whole number (dates, booleans, geometry as WKB) is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anonymisation.detectors.base import Detector, Found, Header
from config.registry import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from config.models.privacy import FindingVerdict


@dataclass(frozen=True)
class ColumnFinding:
    """What was found of one kind in one column.

    Attributes:
        hits: cells that hold it.
        share: of the cells that are filled, between 0 and 1.
        lift: how many times more often than by chance; None where chance makes none.
        pattern: the commonest form, never a value.
        hit: whether it stops a publication; a finding that is no hit says why not.
    """

    column: str
    kind: str
    hits: int
    share: float
    lift: float | None
    pattern: str
    reason_nl: str
    reason_en: str
    hit: bool


class _Scanned:
    """One column and its detectors."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.filled = 0
        self.detectors: list[Detector] = [DETECTORS.load(kind).Detector(header) for kind in DETECTORS.modules]

    def take(self, values: pa.Array) -> None:
        """Show the detectors the distinct cells of a batch."""
        import pyarrow.types as kinds

        self.filled += len(values) - values.null_count
        dictionary = kinds.is_dictionary(values.type)
        kind = values.type.value_type if dictionary else values.type
        if kinds.is_string(kind) or kinds.is_large_string(kind):
            texts, times = _texts(values.dictionary_decode() if dictionary else values)
            for detector in self.detectors:
                detector.texts(texts, times)
        elif kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind):
            whole, times = _whole(values.dictionary_decode() if dictionary else values)
            for detector in self.detectors:
                detector.numbers(whole, times)

    def findings(self) -> Iterable[ColumnFinding]:
        """Ask the detectors."""
        for detector in self.detectors:
            found: Found | None = detector.found()
            if found is not None:
                yield ColumnFinding(
                    column=self.header.column,
                    kind=detector.kind,
                    hits=found.hits,
                    share=round(found.hits / self.filled, 4),
                    lift=found.lift,
                    pattern=found.pattern,
                    reason_nl=found.reason_nl,
                    reason_en=found.reason_en,
                    hit=found.hit,
                )


def scan(batches: Iterable[pa.RecordBatch], titles: Mapping[str, str]) -> tuple[ColumnFinding, ...]:
    """Scan a table; findings in the order of its columns, then of their kinds.

    Args:
        batches: the table, in memory a batch at a time.
        titles: what each column is called for people; a column that is not named here has its own name.
    """
    columns: dict[str, _Scanned] = {}
    for batch in batches:
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            if name not in columns:
                columns[name] = _Scanned(Header(name, titles.get(name, name)))
            columns[name].take(values)
    return tuple(finding for column in columns.values() for finding in column.findings())


def unresolved(findings: Iterable[ColumnFinding], verdicts: Sequence[FindingVerdict]) -> tuple[ColumnFinding, ...]:
    """Give the hits of which no person wrote down in `privacy.findings` why they may stay."""
    judged = {(verdict.column, verdict.kind) for verdict in verdicts}
    return tuple(finding for finding in findings if finding.hit and (finding.column, finding.kind) not in judged)


def _texts(values: pa.Array) -> tuple[Any, np.ndarray]:
    """Give the distinct texts of a column and how often each occurs."""
    import pyarrow.compute as pc

    counted = pc.value_counts(values.drop_null())
    return counted.field("values"), counted.field("counts").to_numpy()


def _whole(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Give the distinct whole numbers between 0 and 2^53 of a column of numbers, int64, and how often each occurs."""
    import numpy as np
    import pyarrow as pa

    numbers = values.drop_null()
    if not pa.types.is_integer(numbers.type):
        numbers = numbers.cast(pa.float64(), safe=False)
    held = numbers.to_numpy(zero_copy_only=False)
    held = held[(held >= 0) & (held < 2**53)]
    held = held[held == np.floor(held)].astype(np.int64)
    return np.unique(held, return_counts=True)
