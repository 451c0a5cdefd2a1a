"""The customers on engines: this process, processes of this machine, Ray and Spark, and dbldatagen on the same Spark.

Sessions are started before the measurement. Beside the seconds stands the CPU time of all processes of the machine,
because the workers of Ray and Spark are not children of this process; it is right only on a quiet machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from faker.providers.person.en_US import Provider as Names

import engine
from tests.benchmarks.customer_peers import CITIES
from tests.benchmarks.customers import SCHEMA, SEED
from tests.benchmarks.jobs import Outcome, UnavailableError, Work

WORKERS = 2
_ROWS_PER_FILE = 5_000_000


def alone(rows: int, folder: Path) -> Work:
    """Export by this process."""
    return _export(rows, folder, on=None, workers=None)


def one_process(rows: int, folder: Path) -> Work:
    """Export by one process beside this."""
    return _export(rows, folder, on="local", workers=1)


def processes(rows: int, folder: Path) -> Work:
    """Export by two processes."""
    return _export(rows, folder, on="local", workers=WORKERS)


def ray(rows: int, folder: Path) -> Work:
    """Export by Ray with two workers."""
    from engine.scale.on_ray import RayExecutor

    _needs("ray")
    RayExecutor("ray", WORKERS)
    return _export(rows, folder, on="ray", workers=WORKERS)


def spark(rows: int, folder: Path) -> Work:
    """Export by Spark with two workers."""
    return _export(rows, folder, on=_session(), workers=WORKERS)


def dbldatagen(rows: int, folder: Path) -> Work:
    """Declare the same columns for dbldatagen, with even picks and simple e-mails, and let Spark write them."""
    _needs("dbldatagen")
    session = _session()
    from dbldatagen import DataGenerator, DateRange
    from dbldatagen.distributions import Normal
    from pyspark.sql.types import DateType, DecimalType, LongType, StringType

    mail = "concat(lower(first_name), '.', lower(last_name), id, '@example.com')"
    days = DateRange("2020-01-01 00:00:00", "2024-12-31 00:00:00", "days=1")
    people = (
        DataGenerator(session, name="customers", rows=rows, partitions=-(-rows // _ROWS_PER_FILE), randomSeed=SEED)
        .withIdOutput()
        .withColumn("first_name", StringType(), values=list(Names.first_names), random=True)
        .withColumn("last_name", StringType(), values=list(Names.last_names), random=True)
        .withColumn("email", StringType(), expr=mail, baseColumn=["id", "first_name", "last_name"])
        .withColumn("city", StringType(), values=CITIES, random=True)
        .withColumn("signup_date", DateType(), data_range=days, random=True)
        .withColumn(
            "balance", DecimalType(9, 2), minValue=0.0, maxValue=2000.0, distribution=Normal(1000, 250), random=True
        )
    )
    assert people.schema["id"].dataType == LongType()

    def work() -> Outcome:
        people.build().write.parquet(str(folder / "out"))
        return Outcome(rows)

    return _with_machine_time(work)


def _export(rows: int, folder: Path, *, on: Any, workers: int | None) -> Work:
    people = engine.Workbench(folder / "home").create(SCHEMA)

    def work() -> Outcome:
        made = people.export(
            folder / "out",
            on=on,
            workers=workers,
            rows={"customers": rows},
            seed=SEED,
            rows_per_file=_ROWS_PER_FILE,
        )
        return Outcome(made.rows)

    return _with_machine_time(work)


def _with_machine_time(work: Callable[[], Outcome]) -> Work:
    def timed() -> Outcome:
        before = _machine_seconds()
        outcome = work()
        return Outcome(outcome.rows, {"CPU of the machine": _machine_seconds() - before})

    return timed


def _machine_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice)


def _session() -> Any:
    _needs("pyspark")
    from engine.scale.on_spark import SparkExecutor

    return SparkExecutor("spark", WORKERS)._session


def _needs(package: str) -> None:
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise UnavailableError(f"It is not installed: pip install {package}.")
