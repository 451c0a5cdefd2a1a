"""The executor that `on` names."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from engine.errors import WorkbenchError
from engine.scale.executors import Executor, check_workers, missing_extra, processors
from engine.scale.local import LocalExecutor
from engine.scale.on_ray import RayExecutor
from engine.scale.on_spark import SparkExecutor

_HINT = "The engines are local, ray, ray://host:10001, spark, sc://host and a SparkSession."


def check_engine(on: Any, workers: int | None) -> None:
    """Raise `WorkbenchError` if there is no such engine, or no such number of workers."""
    check_workers(workers)
    is_named = on in (None, "local", "ray", "spark") if isinstance(on, str | None) else hasattr(on, "createDataFrame")
    if not is_named and not (isinstance(on, str) and on.startswith(("ray://", "sc://"))):
        raise WorkbenchError(f"There is no engine {on!r}.", where="on", hint=_HINT)
    for library, extra, names in (("ray", "ray", ("ray",)), ("pyspark", "spark", ("spark", "sc"))):
        if isinstance(on, str) and on.partition("://")[0] in names and find_spec(library) is None:
            raise missing_extra(library, extra)


def open_executor(on: Any, workers: int | None) -> Executor:
    """Return the executor of `local`, `ray`, `ray://host:10001`, `spark`, `sc://host` or a SparkSession."""
    check_engine(on, workers)
    if on in (None, "local"):
        return LocalExecutor(workers or processors())
    if isinstance(on, str) and on.startswith("ray"):
        return RayExecutor(on, workers)
    return SparkExecutor(on, workers)
