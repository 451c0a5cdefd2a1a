"""Spark: each task is a job of one partition, whose Python worker writes the file itself.

With a context, a task is a job of Spark's core, which costs 0.1 seconds of processor time; one of a frame is planned
and compiled by the JVM first, about a second for each of the first dozen. Spark Connect has frames alone.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from engine.errors import StorageError
from engine.scale.executors import processors, shipped_task

_TRIES_OF_TASK = 4
_CONNECT_WORKERS = 8


class SparkExecutor:
    """A session of Spark: the given one, the server of `sc://host`, or for `spark` the running or a new local one."""

    def __init__(self, on: Any, workers: int | None) -> None:
        self._is_own = False
        self._session: Any = on if not isinstance(on, str) else self._open(on, workers)
        self._context = _context_of(self._session)
        self.workers = workers or (_CONNECT_WORKERS if self._context is None else self._context.defaultParallelism)
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="part")
        self._run_task, self._run_batches = shipped_task(), _batch_runner()

    def _open(self, on: str, workers: int | None) -> Any:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        try:
            if on.startswith("sc://"):
                self._is_own = True
                return SparkSession.builder.remote(on).getOrCreate()
            running = SparkSession.getActiveSession()
            if running is not None:
                return running
            self._is_own = True
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            count = workers or processors()
            builder = SparkSession.builder.master(f"local[{count},{_TRIES_OF_TASK}]").appName("dw-simulator")
            settings = {
                "ui.enabled": "false",
                "ui.showConsoleProgress": "false",
                "driver.host": "127.0.0.1",
                "driver.bindAddress": "127.0.0.1",
            }
            for name, value in settings.items():
                builder = builder.config(f"spark.{name}", value)
            session = builder.getOrCreate()
            session.sparkContext.setLogLevel("OFF")
            return session
        except (PySparkException, RuntimeError, OSError) as error:
            hint = "Check its address; a session on this machine needs Java 17 or later."
            raise StorageError(f"Spark did not start: {str(error)[:300]}", where=on, hint=hint) from error

    def submit(self, packed: str) -> Future[str]:
        """Give a task to Spark; as many jobs run at once as there are workers."""
        return self._threads.submit(self._run, packed)

    def _run(self, packed: str) -> str:
        if self._context is not None:
            (answer,) = self._context.parallelize([packed], 1).map(self._run_task).collect()
            return str(answer)
        frame = self._session.createDataFrame([(packed,)], "task string").coalesce(1)
        (row,) = frame.mapInArrow(self._run_batches, "answer string").collect()
        return str(row["answer"])

    def close(self) -> None:
        """Cancel the jobs of this export, and end a session that was started for it."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._is_own:
            with contextlib.suppress(Exception):
                self._session.stop()
        self._threads.shutdown(wait=True)


def _context_of(session: Any) -> Any:
    """Return the context of a session; None for one of Spark Connect."""
    try:
        return session.sparkContext
    except Exception:
        return None


def _batch_runner() -> Any:
    run = shipped_task()

    def run_batches(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for batch in batches:
            for packed in batch.column(0).to_pylist():
                yield pyarrow.RecordBatch.from_pydict({"answer": [run(packed)]})

    return run_batches
