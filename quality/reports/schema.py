"""Makes the JSON Schema of the report; ``python -P -m quality.reports.schema`` writes it, and a test holds it in step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.schema import DIALECT, as_text
from quality.reports.document import Report

FILE = Path(__file__).parent / "quality-report.schema.json"


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of ``quality-report/1``."""
    return {"$schema": DIALECT, **Report.model_json_schema(by_alias=True, mode="serialization")}


if __name__ == "__main__":
    FILE.write_text(as_text(schema()), encoding="utf-8")
