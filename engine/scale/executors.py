"""Executors: where the tasks of an export run. `open_executor` chooses by what `on` names."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from engine.errors import WorkbenchError

MAX_WORKERS = 10_000


class Executor(Protocol):
    """Processes that make one file at a time each."""

    workers: int

    def submit(self, packed: str) -> Future[str]:
        """Start `run_task` with a packed task; an exception means that the worker was lost, and may be tried again."""
        ...

    def close(self) -> None:
        """End what was started for this executor, also tasks that are running."""
        ...


def check_workers(workers: int | None) -> None:
    """Raise `WorkbenchError` if it is not a number of workers."""
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise WorkbenchError("It is not a number of workers.", where="workers", hint="Use 1 or more.")
    if workers is not None and workers > MAX_WORKERS:
        raise WorkbenchError("There are too many workers.", where="workers", hint=f"Use up to {MAX_WORKERS:,}.")


def processors() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shipped_task() -> Callable[[str], str]:
    """Return `run_task` as a function that is sent with its code, so that it can say what a machine lacks."""

    def run(packed: str) -> str:
        import json
        import os

        os.environ["POLARS_MAX_THREADS"] = "1"  # before Polars is imported
        try:
            from engine.scale.making import run_task
        except ImportError as error:
            message = f"A worker cannot import the engine: {error}."
            hint = "Install the package on every machine, or send its wheel with the session."
            return json.dumps({"error": ["GenerationError", message, "worker", hint]})
        return run_task(packed)

    return run


def missing_extra(library: str, extra: str) -> WorkbenchError:
    """Return the error of an engine that is not installed."""
    return WorkbenchError(
        f"The library {library} is not installed.", where="on", hint=f"Install it: pip install 'dw-simulator[{extra}]'"
    )
