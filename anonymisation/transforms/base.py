"""What every transform shares: the records it looks at, what it makes of them, and the keys that come from a secret.

A transform of a column reads the values as they are in the source, rows that a check set aside left out, and gives one new value a record.
What it does depends on what is in a record, never on where the record stands: the same records in another order get the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from config.errors import ConfigurationError, Message, Place
from config.secrets import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from config.models.base import Text
    from config.models.schema import ColumnType
    from config.models.transform import TransformOptions

SHORTEST_SECRET = 32
"""Characters that a secret must have: with a key that can be guessed, every citizen service number can be tried."""
DECIMALS = 2
"""Decimals of a made number, where the declaration does not say."""

SHORT = Message(
    "transform.short-secret",
    nl="Het geheim ${{{name}}} is te kort: het moet minstens {least} tekens hebben. Maak er een met: openssl rand -hex 32",
    en="The secret ${{{name}}} is too short: it must have at least {least} characters. Make one with: openssl rand -hex 32",
)


class Records(Protocol):
    """The records of a snapshot, column by column, all in the same order."""

    @property
    def types(self) -> Mapping[str, ColumnType]:
        """The declared type of each column of the release."""
        ...

    def column(self, name: str) -> pa.ChunkedArray:
        """Give the values of a column."""
        ...

    def marks(self, key: bytes) -> np.ndarray:
        """Give a number to every record that depends on all it holds (uint64, n x 2); records that are the same have the same."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """What a transform made.

    Attributes:
        columns: column → its new values, of the type that it had.
        told: what was done, for everybody to read: the method, nothing that would undo it.
        emptied: cells that were left empty because nothing safe could stand there.
        smallest: of micro-aggregation: the records in the smallest group.
    """

    columns: Mapping[str, pa.Array]
    told: Text
    emptied: int = 0
    smallest: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One transform to be done.

    Attributes:
        column: the column it stands at.
        options: what was declared.
        records: what to look at.
        secrets: the values of ``${NAME}``.
        scope: what keeps keys apart: the dataset.
    """

    column: str
    options: TransformOptions
    records: Records
    secrets: Mapping[str, str]
    scope: Sequence[str] = ()

    @property
    def place(self) -> Place:
        """Where it stands in the declaration."""
        return Place(path=f"privacy.columns.{self.column}.transform")

    def key(self, reference: str) -> bytes:
        """Derive the key of this column from a secret."""
        return derive(secret(reference, self.secrets, self.place), self.options.type, *self.scope, self.column)


def secret(reference: str, secrets: Mapping[str, str], place: Place) -> str:
    """Look up ``${NAME}``.

    Raises:
        ConfigurationError: it has no value, or is too short to be a key.
    """
    found = resolve(reference, secrets, place)
    if len(found) < SHORTEST_SECRET:
        raise ConfigurationError(SHORT.at(place, name=reference[2:-1], least=SHORTEST_SECRET))
    return found


def derive(material: str, *labels: str) -> bytes:
    """Derive a key of 32 bytes for one purpose: HKDF with SHA-256 (RFC 5869), the labels as its *info*."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    # The length stands before each label, so that no two lists of labels give the same bytes.
    info = b"".join(len(text).to_bytes(4, "big") + text for text in (label.encode() for label in ("vrijgave/1", *labels)))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(material.encode())


def in_type(values: np.ndarray, kind: ColumnType, decimals: int | None) -> pa.Array:
    """Give floats, NaN being a missing value, as the values of a column: whole, or rounded to some decimals."""
    from decimal import Decimal

    import numpy as np
    import pyarrow as pa

    from engine.types import arrow_type

    missing = np.isnan(values)
    if kind == "integer":
        return pa.array(np.rint(np.where(missing, 0, values)).astype(np.int64), mask=missing)
    digits = DECIMALS if decimals is None else decimals
    if kind == "number":
        return pa.array(np.round(values, digits) + 0.0, mask=missing)
    exact = [None if gone else Decimal(f"{value:.{digits}f}") for value, gone in zip(values.tolist(), missing.tolist(), strict=True)]
    return pa.array(exact, arrow_type("decimal"))


def as_floats(values: pa.ChunkedArray) -> np.ndarray:
    """Give numbers as float64, a missing one and one that is not a number as NaN."""
    import numpy as np
    import pyarrow as pa

    floats: np.ndarray = values.cast(pa.float64()).fill_null(np.nan).to_numpy()
    return floats
