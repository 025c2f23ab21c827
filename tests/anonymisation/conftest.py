"""Snapshots made on the spot, and the declarations that go with them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymisation.protect import Protected, protect
from config.models.privacy import Privacy
from config.models.schema import Column
from engine.snapshot import Snapshot
from engine.types import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymisation.releases import Earlier


class Workshop:
    """A folder in which tables are protected, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    @staticmethod
    def privacy(**keys: Any) -> Privacy:
        """Read a policy as a YAML file would give it."""
        return Privacy.model_validate_json(json.dumps(keys))

    @staticmethod
    def columns(**kinds: str) -> tuple[Column, ...]:
        """Declare columns: name=``type classification``."""
        pairs = {name: kind.split() for name, kind in kinds.items()}
        return tuple(Column(name=name, type=pair[0], classification=pair[1]) for name, pair in pairs.items())

    @staticmethod
    def rows(done: Protected) -> list[dict[str, Any]]:
        """Read the rows of a protected table."""
        assert done.table is not None, done.problems
        return pq.read_table(done.table.path).to_pylist()

    def snapshot(self, declared: Sequence[Column], rows: Sequence[Sequence[Any]], *, crs: str | None = None) -> Snapshot:
        """Write rows as a snapshot."""
        self.made += 1
        path = self.folder / f"snapshot{self.made}.parquet"
        schema = arrow_schema(declared, crs=crs)
        cells = [list(range(1, len(rows) + 1)), *([row[index] for row in rows] for index in range(len(declared)))]
        pq.write_table(pa.table([pa.array(column, field.type) for column, field in zip(cells, schema, strict=True)], schema=schema), path)
        return Snapshot(path, len(rows), len(rows), (), 0, "2026", "f" * 64, datetime(2026, 1, 1, tzinfo=UTC), crs)

    def protect(
        self,
        declared: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        policy: Privacy,
        *,
        secrets: Mapping[str, str] | None = None,
        exclude: frozenset[int] = frozenset(),
        crs: str | None = None,
        earlier: Sequence[Earlier] = (),
    ) -> Protected:
        """Protect rows."""
        snapshot = self.snapshot(declared, rows, crs=crs)
        work = self.folder / f"work{self.made}"
        work.mkdir()
        return protect(snapshot, declared, policy, base=self.folder, secrets=secrets or {}, work=work, exclude=exclude, earlier=earlier)

    def file(self, name: str, *lines: str) -> dict[str, Any]:
        """Write a hierarchy file and give the block that names it."""
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {"type": "file", "path": name}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)
