"""The fingerprint of a table: SHA-256 over schema and rows, the same however the rows were cut into batches and files.

Canonical encoding (version 1). Every column feeds up to three running SHA-256 digests, so that no row is ever held back:

- *validity*: one byte a row, 1 for a value and 0 for null;
- *values*: little-endian values of fixed width, nulls as zero bytes, a boolean as one byte, ``-0.0`` as ``0.0`` and every NaN as one NaN;
  of text and binary the bytes, one value after the other;
- *lengths* (text and binary only): the length of each value in bytes as int64, null as 0.

Rows, validity and lengths say where each value begins, so two tables have the same encoding only if they are equal. The fingerprint is the
SHA-256 of the version, the number of rows, and per column in order its name, its canonical type, its CRS and its digests.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

VERSION = "fingerprint/1"


class Fingerprint:
    """A running fingerprint of record batches of one schema, in order."""

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = [_Column(field) for field in schema]
        self._rows = 0

    def update(self, batch: pa.RecordBatch) -> None:
        """Add the rows of a batch; its columns are those of the schema, in order.

        Raises:
            ValueError: a column's name is not the schema's.
        """
        if batch.schema.names != [column.name for column in self._columns]:
            raise ValueError("a batch of another schema")
        for column, values in zip(self._columns, batch.columns, strict=True):
            column.update(values)
        self._rows += batch.num_rows

    def hexdigest(self) -> str:
        """Give the fingerprint of the rows so far, in hexadecimal."""
        head = json.dumps([VERSION, self._rows, [column.summary() for column in self._columns]], ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(head.encode()).hexdigest()


def fingerprint(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
    """Give the fingerprint of a whole table."""
    running = Fingerprint(schema)
    for batch in batches:
        running.update(batch)
    return running.hexdigest()


class _Column:
    """The running digests of one column."""

    def __init__(self, field: pa.Field) -> None:
        self.name: str = field.name
        self._crs = (field.metadata or {}).get(b"crs", b"").decode()
        self._type = _canonical(field.type)
        self._validity = hashlib.sha256()
        self._values = hashlib.sha256()
        self._lengths = hashlib.sha256()

    def update(self, values: pa.Array) -> None:
        """Add the values of a batch."""
        import pyarrow.types as kinds

        if values.type != self._type:
            values = values.cast(self._type)
        self._validity.update(_validity(values))
        if kinds.is_string(self._type) or kinds.is_binary(self._type):
            self._update_text(values)
        else:
            self._values.update(_fixed(values))

    def _update_text(self, values: pa.Array) -> None:
        import numpy as np
        import pyarrow as pa

        if values.null_count:
            values = values.fill_null("" if pa.types.is_string(self._type) else b"")
        _, offsets_buffer, data = values.buffers()
        if len(values):
            offsets = np.frombuffer(offsets_buffer, np.int32)[values.offset : values.offset + len(values) + 1]
            self._lengths.update(np.diff(offsets).astype("<i8").data)
            if data is not None:
                self._values.update(memoryview(data)[int(offsets[0]) : int(offsets[-1])])

    def summary(self) -> list[str]:
        """Give name, type, CRS and digests."""
        return [self.name, str(self._type), self._crs, *(part.hexdigest() for part in (self._validity, self._values, self._lengths))]


def _canonical(kind: pa.DataType) -> pa.DataType:
    """Give the one Arrow type that stands for all encodings of the same values."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind):
        return _canonical(kind.value_type)
    if kinds.is_large_string(kind) or kinds.is_string_view(kind):
        return pa.string()
    if kinds.is_large_binary(kind) or kinds.is_binary_view(kind):
        return pa.binary()
    return kind


def _validity(values: pa.Array) -> memoryview:
    """Give one byte a row, 1 where there is a value."""
    import numpy as np

    if not values.null_count:
        return np.ones(len(values), np.uint8).data
    valid: np.ndarray[tuple[int], np.dtype[np.uint8]] = values.is_valid().to_numpy(zero_copy_only=False).astype(np.uint8)
    return valid.data


def _fixed(values: pa.Array) -> memoryview:
    """Give values of fixed width as contiguous little-endian bytes, nulls zeroed, floats canonical."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.types as kinds

    if not len(values):
        return memoryview(b"")
    if kinds.is_boolean(values.type):
        values, width = values.fill_null(False).cast(pa.uint8()), 1  # noqa: FBT003 - the value that nulls get
    else:
        width = values.type.bit_width // 8
    raw = np.frombuffer(values.buffers()[1], np.uint8)[values.offset * width : (values.offset + len(values)) * width]
    if kinds.is_floating(values.type):
        floats = raw.view(f"<f{width}") + 0.0  # turns -0.0 into 0.0
        floats[np.isnan(floats)] = np.nan
        raw = floats.view(np.uint8)
    if values.null_count:
        valid = values.is_valid().to_numpy(zero_copy_only=False)
        raw = (raw.reshape(-1, width) * valid[:, None]).reshape(-1)
    return np.ascontiguousarray(raw).data
