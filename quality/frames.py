"""Arrow tables as the pandas frames that Great Expectations judges rightly.

One pandas type does not suit every check, so there is a frame for each way of looking (`View`), made of the columns that its checks use:

========  ==============================================  ======================================================
view      for                                             integers with gaps / decimals
========  ==============================================  ======================================================
plain     one column: bounds, sets, texts, figures        ``Int64`` (so that text checks see 1, not 1.0) / ``float64``
exact     equality and order of whole values              ``float64`` up to 2**53, else objects / ``Decimal`` objects
float     several columns, one of them a ``number``       ``float64`` / ``float64``
scaled    row sums with decimals                          both as whole numbers of 10**-s, so that 0.1 + 0.2 is 0.3
names     the names of the columns                        no rows
========  ==============================================  ======================================================

In every view a date or date-time is a naive ``datetime64[us]`` in UTC, a text ``str``, a boolean with gaps an object column, an integer
without gaps ``int64``. ``Int64`` with gaps makes comparisons of two columns fail, hence *exact* and *float*.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from engine.types import ROW
from quality.columns import NAMES_ONLY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from quality.suite import Prepared

View = Literal["plain", "exact", "float", "scaled", "names"]

EXACT_FLOAT = 2**53
"""Up to here every whole number is a float64."""

_WHOLE_VALUES = frozenset(
    {
        "expect_column_values_to_be_unique",
        "expect_column_values_to_be_increasing",
        "expect_column_values_to_be_decreasing",
        "expect_column_unique_value_count_to_be_between",
        "expect_column_proportion_of_unique_values_to_be_between",
    }
)
_ROOM = 2**55
"""Room for the sum of hundreds of columns in 64 bits."""
_SUM = "expect_multicolumn_sum_to_equal"
_PAIRS = "expect_column_pair_values_to_be_in_set"


def kinds(schema: pa.Schema) -> dict[str, str]:
    """Give column → kind of an Arrow schema without `_row`: date, datetime, integer, number, decimal, boolean, string or other."""
    from pyarrow import types

    def kind(of: pa.DataType) -> str:
        tests = {
            "date": types.is_date,
            "datetime": types.is_timestamp,
            "integer": types.is_integer,
            "number": types.is_floating,
            "decimal": types.is_decimal,
            "boolean": types.is_boolean,
            "string": lambda t: types.is_string(t) or types.is_large_string(t) or types.is_string_view(t),
        }
        return next((name for name, test in tests.items() if test(of)), "other")

    return {field.name: kind(field.type) for field in schema if field.name != ROW}


def view_of(check: Prepared, types: dict[str, str]) -> View:
    """Say which frame a check is judged on."""
    if check.type in NAMES_ONLY:
        return "names"
    if check.type in _WHOLE_VALUES:
        return "exact"
    if "column_list" not in check.kwargs and "column_A" not in check.kwargs:
        return "plain"
    found = {types[name] for name in check.used}
    if "number" in found or check.type == _PAIRS:
        return "float"
    return "scaled" if check.type == _SUM and "decimal" in found else "exact"


def frame(path: Path, columns: Sequence[str], view: View, *, with_row: bool = False) -> pd.DataFrame:
    """Read columns of a Parquet file as the frame of a view; without columns the rows are there all the same."""
    import pandas as pd
    import pyarrow.parquet as pq

    if view == "names":
        return pd.DataFrame({name: [] for name in pq.read_schema(path).names if name != ROW})
    table = pq.read_table(path, columns=[*([ROW] if with_row else []), *columns])
    scale = scale_of(table.schema)
    return pd.DataFrame(
        {name: _series(table.column(name), "plain" if name == ROW else view, scale) for name in table.column_names},
        index=pd.RangeIndex(table.num_rows),
    )


def scale_of(schema: pa.Schema) -> int:
    """Give the number of decimal places that holds every decimal column."""
    from pyarrow import types

    return max((field.type.scale for field in schema if types.is_decimal(field.type)), default=0)


def file_scale(path: Path, columns: Sequence[str]) -> int:
    """Give the number of decimal places that holds every decimal column among some of a file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    return scale_of(pa.schema([schema.field(name) for name in columns]))


def scaled_total(total: Any, scale: int) -> Any:
    """Give a total in units of 10**-scale; what is not a number stays as it is."""
    return float(Decimal(repr(total)).scaleb(scale)) if isinstance(total, int | float) else total


def _series(values: pa.ChunkedArray, view: View, scale: int) -> pd.Series[Any]:
    """Turn one Arrow column into the pandas column of a view."""
    import pyarrow as pa
    from pyarrow import types

    of = values.type
    if types.is_dictionary(of):
        return _series(values.cast(of.value_type), view, scale)
    if types.is_date(of) or types.is_timestamp(of):
        return values.cast(pa.timestamp("us", tz=of.tz if types.is_timestamp(of) else None)).cast(pa.timestamp("us")).to_pandas()
    if types.is_decimal(of):
        return _decimals(values, view, scale)
    if types.is_integer(of):
        return _integers(values, view, scale)
    if types.is_floating(of):
        return values.cast(pa.float64()).to_pandas()
    return values.to_pandas()


def _decimals(values: pa.ChunkedArray, view: View, scale: int) -> pd.Series[Any]:
    """Give decimals as nearest floats, as exact objects or as whole numbers of 10**-scale; a gap is NaN, which has an order."""
    import pandas as pd
    import pyarrow as pa

    if view in {"plain", "float"}:
        return values.cast(pa.float64()).to_pandas()
    cells = values.to_pylist()
    if view == "scaled":
        return _objects([None if cell is None else int(cell.scaleb(scale)) for cell in cells])
    return pd.Series([float("nan") if cell is None else cell for cell in cells], dtype=object)


def _integers(values: pa.ChunkedArray, view: View, scale: int) -> pd.Series[Any]:
    """Give integers; without gaps they are plain, with gaps it depends on the view."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if view == "scaled":
        return _objects([None if cell is None else cell * 10**scale for cell in values.to_pylist()])
    if not values.null_count:
        return values.to_pandas()
    if view == "plain":
        return values.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    ends = pc.min_max(values).as_py()
    if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) <= EXACT_FLOAT:
        return values.cast(pa.float64(), safe=False).to_pandas()
    return _objects(values.to_pylist())


def _objects(cells: list[Any]) -> pd.Series[Any]:
    """Give Python numbers as an object column with NaN for a gap, or as plain integers where they fit and none is missing."""
    import pandas as pd

    if all(cell is not None and -_ROOM < cell < _ROOM for cell in cells):
        return pd.Series(cells, dtype="int64")
    return pd.Series([float("nan") if cell is None else cell for cell in cells], dtype=object)
