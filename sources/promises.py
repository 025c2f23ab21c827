"""What a declaration promises of values beyond their type: `required`, `pattern` and `codelist`; a cell that breaks one is rejected.

Only columns that are read are held to it: a column that will be dropped and that nothing looks at does not leave its source for this.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.models.schema import Column
    from sources.cells import Mask

REQUIRED, PATTERN, CODELIST = "required", "not-pattern", "not-codelist"
"""The rules that such a cell breaks."""

NO_CODELIST = Message(
    "source.codelist",
    nl="De codelijst codelists/{name}.csv is er niet of is geen codelijst. Zet op regel 1 code;nl;en en daaronder een code per regel.",
    en="The code list codelists/{name}.csv is missing or is no code list. Write code;nl;en on line 1 and one code a line below it.",
)


@dataclass(frozen=True, slots=True)
class _Promise:
    """One column: `holds` says of the text of a value whether it is allowed, `rule` what it breaks where it is not."""

    required: bool
    tests: tuple[tuple[str, Callable[[str], object]], ...]


_NOTHING = _Promise(required=False, tests=())


class Promises:
    """What is promised of the columns of one extraction; nothing of a column that is read for its dates alone."""

    def __init__(self, columns: Sequence[Column], base: Path) -> None:
        """Read the code lists, from `codelists/` beside the folder of the declarations (or in the folder of a policy).

        Raises:
            ConfigurationError: a code list cannot be read.
        """
        self._promises = {column.name: _promise(column, base) for column in columns}

    def broken(self, column: Column, values: pa.Array, bad: Mask | None) -> Iterator[tuple[str, Mask]]:
        """Give each rule that cells of a batch break, and which cells do; a cell of the wrong type (`bad`) broke that rule already."""
        import numpy as np

        promise = self._promises.get(column.name, _NOTHING)
        if promise.required and values.null_count:
            missing = values.is_null().to_numpy(zero_copy_only=False)
            missing = missing if bad is None else missing & ~bad
            if missing.any():
                yield REQUIRED, missing
        if promise.tests and values.null_count < len(values):
            found = values.dictionary_encode()
            texts = [_text(value) for value in found.dictionary.to_pylist()]
            for rule, holds in promise.tests:
                wrong = np.array([not holds(text) for text in texts])
                if wrong.any():
                    yield rule, wrong[found.indices.fill_null(0).to_numpy()] & values.is_valid().to_numpy(zero_copy_only=False)


def _promise(column: Column, base: Path) -> _Promise:
    tests: list[tuple[str, Callable[[str], object]]] = []
    if column.type != "geometry":
        if column.pattern is not None:
            tests.append((PATTERN, re.compile(column.pattern).search))
        if column.codelist is not None:
            tests.append((CODELIST, _codes(column.codelist, base).__contains__))
    return _Promise(column.required, tuple(tests))


def _codes(name: str, base: Path) -> frozenset[str]:
    """Read the codes of a list: `codelists/NAME.csv`, delimiter ``;``, a header, the code in the first column."""
    problem = NO_CODELIST.at(Place(path="schema"), name=name)
    for folder in (base.parent, base):
        try:
            with (folder / "codelists" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                header, *rows = list(csv.reader(file, delimiter=";", strict=True)) or [[]]
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, csv.Error):
            break
        codes = frozenset(row[0] for row in rows if row)
        if header[:1] == ["code"] and codes:
            return codes
        break
    raise ConfigurationError(problem)


def _text(value: Any) -> str:
    """Give a value as a steward would write it in a code list: ``12``, ``1.5``, ``2024-12-31``, ``true``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
