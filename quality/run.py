"""The one place where Great Expectations runs: lazily imported, one at a time, silent, and without ever giving a value back.

Great Expectations keeps its context in a process-wide variable and its class-wide locks can dead-lock threads, so a module lock admits
one validation at a time. Failing values are kept out by asking for none (``partial_unexpected_count: 0``, ``exclude_unexpected_values``);
of an exception only the class is taken, because its text may quote a cell.
"""

from __future__ import annotations

import builtins
import logging
import re
import warnings
from contextlib import contextmanager
from importlib.metadata import version
from itertools import groupby
from threading import RLock
from typing import TYPE_CHECKING, Any

from engine.types import ROW
from quality import frames
from quality.judged import Judged
from quality.result import TOO_MANY_ROWS
from quality.suite import implementations, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from config.errors import Place
    from config.models.quality import Expectation
    from quality.suite import Prepared

MOST_ROWS = 2_000_000
"""Great Expectations holds a table in memory, at some 370 MB a million rows of twelve columns: larger ones are refused."""
LOCK = RLock()
"""Held while Great Expectations is at work."""

_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0, "exclude_unexpected_values": True}
_ROW_NUMBERS = {**_COUNTS_ONLY, "result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}


def engine_name() -> str:
    """Give the name and version that results carry."""
    return f"great_expectations {version('great_expectations')}"


@contextmanager
def quiet() -> Iterator[None]:
    """Let nobody else use Great Expectations meanwhile, and let it say nothing: its logs and warnings may quote cells."""
    with LOCK:
        logger = logging.getLogger("great_expectations")
        propagated, silent = logger.propagate, logging.NullHandler()
        logger.addHandler(silent)  # without any handler Python would write warnings to stderr itself
        logger.propagate = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            logger.propagate = propagated
            logger.removeHandler(silent)


def judge(
    path: Path, expectations: Mapping[int, Expectation], types: dict[str, str], places: Sequence[Place], *, set_aside: bool, rows: int = 0
) -> dict[int, Judged]:
    """Judge expectations on a Parquet file.

    Args:
        path: the file; only the columns that the checks use are read, once for each way of looking at them.
        expectations: their places in the suite → what they are.
        types: column → kind, from `frames.kinds`.
        places: where each stands in its file, for messages.
        set_aside: give the row numbers of failing checks that quarantine; the file has `_row`.
        rows: how many the file has; above `MOST_ROWS` no check of values is carried out.

    Raises:
        ConfigurationError: an unknown expectation or a wrong argument; all of them at once.
    """
    with quiet():
        prepared = prepare(expectations, types, places)
        missing = {one.index: name for one in prepared if (name := _missing(one, types))}
        refused = {one.index for one in prepared if one.used} if rows > MOST_ROWS else set()
        found = run(path, [one for one in prepared if one.index not in missing.keys() | refused], types, set_aside=set_aside)
    return {
        one.index: Judged(engine_name(), success=False, missing=missing[one.index])
        if one.index in missing
        else Judged(engine_name(), success=False, row_wise=one.row_wise, error=TOO_MANY_ROWS)
        if one.index in refused
        else _judged(one, found[one.index])
        for one in prepared
    }


def _missing(one: Prepared, types: dict[str, str]) -> str | None:
    """Give the first column that a check needs and the table has not."""
    return next((name for name in one.used if name not in types), None)


def _judged(one: Prepared, found: dict[str, Any]) -> Judged:
    rows = _rows(found["result"].get("unexpected_index_list"))
    return Judged(engine_name(), found["success"], found["result"], one.row_wise, rows, found["error"])


def _rows(listed: Any) -> tuple[int, ...]:
    """Give the row numbers out of GX's list of ``{"_row": [numbers]}``, each once, ascending."""
    return tuple(sorted({int(row) for entry in listed or () for row in entry[ROW]}))


def run(path: Path, checks: Sequence[Prepared], types: dict[str, str], *, set_aside: bool) -> dict[int, dict[str, Any]]:
    """Judge checks on a Parquet file.

    Args:
        path: the file; only the columns that the checks use are read, once for each way of looking at them.
        checks: prepared; every column they use is in the file.
        types: column → kind, from `frames.kinds`.
        set_aside: ask for the row numbers of quarantining checks; the file has `_row`.

    Returns:
        The index of each check → ``success``, ``result`` (counts, row numbers, observed value) and ``error`` (class of an exception).
    """

    def way(check: Prepared) -> tuple[frames.View, bool]:
        return frames.view_of(check, types), set_aside and check.expectation.on_fail == "quarantine"

    found: dict[int, dict[str, Any]] = {}
    for (view, rows), group in groupby(sorted(checks, key=way), key=way):
        together = list(group)
        columns = list(dict.fromkeys(name for check in together for name in check.used))
        found |= _validate(frames.frame(path, columns, view, with_row=rows), together, view, frames.file_scale(path, columns), rows=rows)
    return found


def _validate(frame: Any, checks: Sequence[Prepared], view: frames.View, scale: int, *, rows: bool) -> dict[int, dict[str, Any]]:
    """Let Great Expectations judge one frame in a context of its own that is never stored."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    definition = context.data_sources.add_pandas("table").add_dataframe_asset("table").add_batch_definition_whole_dataframe("table")
    suite = gx.ExpectationSuite(name="suite", expectations=[_expectation(check, view, scale) for check in checks])
    validated = definition.get_batch({"dataframe": frame}).validate(suite, result_format=_ROW_NUMBERS if rows else _COUNTS_ONLY)
    return dict(_outcome(result) for result in validated.results)


def _outcome(result: Any) -> tuple[int, dict[str, Any]]:
    """Give the index of a check and what came of it."""
    error = exception_class(result.exception_info)
    return result.expectation_config.meta["index"], {"success": bool(result.success), "result": dict(result.result), "error": error}


def _expectation(check: Prepared, view: frames.View, scale: int) -> Any:
    """Make the expectation that Great Expectations runs; `meta` tells results apart, which come in no order."""
    kwargs = dict(check.kwargs)
    if view == "scaled":
        kwargs["sum_total"] = frames.scaled_total(kwargs["sum_total"], scale)
    return implementations()[check.type](**kwargs, meta={"index": check.index})


def exception_class(info: Mapping[str, Any] | None) -> str | None:
    """Give the class of the exception behind a result, or None; only names of classes that exist are taken from the text.

    A trace shows the first cause first; ``Exception`` stands for a class that is not known here.
    """
    if not info or info.get("raised_exception") is False:
        return None
    traces = [info] if "raised_exception" in info else list(info.values())
    for trace in traces:
        for name in re.findall(r"^([A-Za-z_][\w.]*)(?::|$)", str(trace.get("exception_traceback", "")), re.MULTILINE):
            if name.rpartition(".")[2] in _known_exceptions():
                return str(name.rpartition(".")[2])
    return "Exception"


def _known_exceptions() -> frozenset[str]:
    """Give the names of exception classes of Python, pandas and Great Expectations."""
    import pandas.errors
    from great_expectations import exceptions

    return frozenset(
        name
        for module in (builtins, pandas.errors, exceptions)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    )
