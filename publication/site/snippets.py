"""Lines of code that open a dataset: with curl, pandas, R and DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publication.site.views import ReleaseView


def snippets(release: ReleaseView) -> tuple[tuple[str, str], ...]:
    """Give pairs of a tool (a key of the texts ``code.…``) and its lines, for the formats that this release has."""
    found = {file.format: file.address for file in release.files}
    table = found.get("parquet") or found.get("csv")
    lines = [("curl", f"curl -O {next(iter(found.values()))}")] if found else []
    if csv := found.get("csv"):
        lines.append(("pandas", f'import pandas as pd\n\ntabel = pd.read_csv("{csv}")'))
        lines.append(("r", f'library(readr)\n\ntabel <- read_csv("{csv}")'))
    elif parquet := found.get("parquet"):
        lines.append(("pandas", f'import pandas as pd\n\ntabel = pd.read_parquet("{parquet}")'))
    if table:
        lines.append(("duckdb", f"SELECT * FROM '{table}' LIMIT 10;"))  # noqa: S608 - shown to people, never run
    return tuple(lines)
