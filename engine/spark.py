"""The engine for what outgrows one machine: the same expressions over Spark (the extra `spark`, and Java 17 or newer).

What counts and joins runs on the cluster; what comes out of it is small, and is sorted and written by the embedded engine. The files of a
run must be readable at the same path by every worker, as on a shared file system.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message
from engine.session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import narwhals as nw
    import pyarrow as pa
    import pyspark.sql

NOT_INSTALLED = Message(
    "engine.no-spark",
    nl="engine: spark vraagt om pyspark; typ: pip install 'vrijgave[spark]', of laat engine weg",
    en="engine: spark needs pyspark; type: pip install 'vrijgave[spark]', or leave engine out",
)
NO_START = Message(
    "engine.spark-start",
    nl="Spark start niet op {master}. Staat Java 17 of nieuwer op deze machine (apt install openjdk-17-jre-headless), en is het adres te "
    "bereiken?",
    en="Spark does not start on {master}. Is Java 17 or newer on this machine (apt install openjdk-17-jre-headless), and can the address "
    "be reached?",
)
HERE = "127.0.0.1"
SETTINGS = {
    "spark.app.name": "vrijgave",
    "spark.log.level": "OFF",  # a log line of Spark may quote a row
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class SparkSession(Session):
    """A cluster that computes, beside an embedded DuckDB that sorts and writes."""

    def __init__(self, spark: pyspark.sql.SparkSession, embedded: Session, room: Path) -> None:
        self._spark = spark
        self._embedded = embedded
        self._room = room

    def parquet(self, *paths: Path) -> nw.LazyFrame[Any]:
        """Open Parquet files as one lazy frame."""
        import narwhals as nw

        frame: nw.LazyFrame[Any] = nw.from_native(self._spark.read.parquet(*(str(path.resolve()) for path in paths)))
        return frame

    def arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Open an Arrow table as a lazy frame."""
        import narwhals as nw

        frame: nw.LazyFrame[Any] = nw.from_native(self._spark.createDataFrame(table))
        return frame

    def sort(self, batches: pa.RecordBatchReader, order: Sequence[str], size: int) -> Iterator[pa.RecordBatch]:
        """Give the rows of a stream sorted, by the embedded engine."""
        yield from self._embedded.sort(batches, order, size)

    def write(self, frame: nw.LazyFrame[Any], path: Path, *, order: Sequence[str] = ()) -> None:
        """Compute a frame on the cluster into files, and bring those together in one sorted file."""
        parts = self._room / "parts"
        try:
            frame.to_native().write.mode("overwrite").parquet(str(parts.resolve()))
            self._embedded.write(self._embedded.parquet(*sorted(parts.glob("*.parquet"))), path, order=order)
        finally:
            shutil.rmtree(parts, ignore_errors=True)


@contextmanager
def spark_session(spill: Path, *, master: str, settings: Mapping[str, str] | None = None) -> Iterator[Session]:
    """Open a cluster that spills to `spill`.

    Args:
        spill: a restricted folder.
        master: where it runs: ``local[2]``, ``local-cluster[2,1,1024]``, ``spark://host:7077``.
        settings: of Spark, which overrule ours; see its configuration guide.

    Raises:
        ConfigurationError: pyspark or Java is missing, or the cluster does not answer.
    """
    with session(spill) as embedded:
        spark = _started(master, {"spark.local.dir": str(spill.resolve()), **SETTINGS, **_bound(master), **(settings or {})})
        try:
            yield SparkSession(spark, embedded, spill)
        finally:
            spark.stop()


def _bound(master: str) -> dict[str, str]:
    """Listen to this machine alone, where the cluster is on it."""
    return {"spark.driver.bindAddress": HERE, "spark.driver.host": HERE} if master.startswith("local") else {}


def _started(master: str, settings: Mapping[str, str]) -> pyspark.sql.SparkSession:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession as Spark
    except ImportError:
        raise ConfigurationError(NOT_INSTALLED.at()) from None
    try:
        return Spark.builder.master(master).config(map=dict(settings)).getOrCreate()
    except (PySparkException, OSError):
        raise ConfigurationError(NO_START.at(master=master)) from None
