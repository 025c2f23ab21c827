"""Rows packed for a sort come out as they went in, in the order of their codes, however many columns there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonymisation import rewrite
from anonymisation.sorting import Packing

if TYPE_CHECKING:
    import pytest


@given(widths=st.lists(st.sampled_from([0, 1, 2, 1000, 2**31 - 1]), min_size=1, max_size=6), data=st.data())
def test_packing_and_unpacking(widths: list[int], data: st.DataObject) -> None:
    names = [str(len(widths) - place) for place in range(len(widths))]  # numbers as names, not those of the packed columns
    row = st.tuples(*(st.integers(0, max(width, 1) - 1) for width in widths), st.text(max_size=2))
    rows = data.draw(st.lists(row, max_size=20))
    schema = pa.schema([*(pa.field(name, pa.int32()) for name in names), pa.field("0", pa.string())])
    cells = [pa.array([one[place] for one in rows], field.type) for place, field in enumerate(schema)]
    batch = pa.RecordBatch.from_arrays(cells, schema=schema)
    packing = Packing.of(schema, dict(zip(names, widths, strict=True)))
    packed = packing.packed(batch)
    assert packing.unpacked(packed).equals(batch)
    order = sorted(range(len(rows)), key=lambda at: tuple(cell[at].as_py() for cell in packed.columns))
    assert [rows[at] for at in order] == sorted(rows)


def test_text_with_many_values_comes_along_as_it_is(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text column is coded when its values are few; the rows are the same when they are not, a missing value among them."""
    cells = workshop.columns(plaats="string quasi", ziekte="string sensitive", nummer="integer open")
    rows = [("ab"[n % 2], None if n % 5 == 0 else f"w{n % 7}", n) for n in range(40)]
    policy = workshop.privacy(kind="microdata", model={"k": 2})
    few = workshop.rows(workshop.protect(cells, rows, policy))
    monkeypatch.setattr(rewrite, "FEW", 3)
    many = workshop.rows(workshop.protect(cells, rows, policy))
    assert sorted(map(str, few)) == sorted(map(str, many)) == sorted(str(dict(zip(few[0], row, strict=True))) for row in rows)
