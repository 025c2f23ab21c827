"""The checks of `kinds` as custom expectations of Great Expectations, registered there under their names when this module is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from great_expectations.compatibility import pydantic
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import column_condition_partial
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import ColumnMapMetricProvider

from quality.expectations.kinds import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _metric(name: str, kind: Kind) -> type[Any]:
    """Make the metric that judges the cells of a column, on pandas."""

    def _pandas(cls: type[Any], column: Any, **kwargs: Any) -> Any:  # noqa: ARG001 - the signature is the library's
        accepts = kind.accepts(kwargs)
        return column.map(lambda cell: kind.right(accepts, cell)).astype(bool)

    body = {
        "__module__": __name__,
        "condition_metric_name": name,
        "condition_value_keys": kind.arguments,
        "_pandas": column_condition_partial(engine=PandasExecutionEngine)(_pandas),
    }
    return type(f"Metric{name.title().replace('_', '').replace('.', '')}", (ColumnMapMetricProvider,), body)


def _validated(kind: Kind) -> Callable[[type[Any], Mapping[str, Any]], Mapping[str, Any]]:
    """Make the validator that holds arguments to what the kind takes."""

    def validate(cls: type[Any], values: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001 - the signature is the library's
        kind.accepts(values)
        return values

    return validate


def _expectation(name: str, kind: Kind) -> type[Any]:
    """Make the expectation, and with it the metric that it asks for."""
    metric = "column_values." + name.removeprefix("expect_column_values_to_be_")
    _metric(metric, kind)
    body: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"`{name}`: see docs/checks.md.",
        "__annotations__": dict.fromkeys(kind.arguments, Any)
        | {"map_metric": ClassVar[str], "success_keys": ClassVar[tuple[str, ...]], "args_keys": ClassVar[tuple[str, ...]]},
        **dict.fromkeys(kind.arguments),
        "map_metric": metric,
        "success_keys": (*kind.arguments, "mostly"),
        "args_keys": ("column", *kind.arguments),
        "held": pydantic.root_validator(allow_reuse=True)(_validated(kind)),
    }
    return type("".join(part.title() for part in name.split("_")), (ColumnMapExpectation,), body)


EXPECTATIONS = {name: _expectation(name, kind) for name, kind in KINDS.items()}
