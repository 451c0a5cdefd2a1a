"""Fits and checks in the background: one of a kind for an experiment; the last are known until the program ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from engine.errors import BusyError, CancelledError, NotFoundError, WorkbenchError
from engine.warehouse.querying.handle import QueryHandle
from engine.workload.trials import FitListener, FitProgress

FitStatus = Literal["RUNNING", "COMPLETED", "FAILED", "ABORTED"]
_KEPT = 20
_CLOSE_SECONDS = 10.0
_log = logging.getLogger(__name__)


@dataclass
class FitJob:
    """A fit, or a check of a workload, that runs in the background, or has ended."""

    id: int
    experiment: str
    started_at: datetime
    status: FitStatus = "RUNNING"
    progress: FitProgress = field(default_factory=lambda: FitProgress("reading"))
    rounds: dict[int, FitProgress] = field(default_factory=dict)
    """The last progress of each round, with the queries that find rows as far as they were counted."""
    finished_at: datetime | None = None
    result: Any = None
    """A `WorkloadFit`, or the `Coverage` of a check, once it is COMPLETED."""
    error: str | None = None
    handle: QueryHandle = field(default_factory=QueryHandle, repr=False)

    def show(self, progress: FitProgress) -> None:
        """Take the progress."""
        self.progress = progress
        known = self.rounds.get(progress.round)
        found = progress.found if known is None or progress.found is not None else known.found
        self.rounds = {**self.rounds, progress.round: replace(progress, found=found)}


class FitJobs:
    """The fits of one workbench, or its checks, as `kind` says."""

    def __init__(self, kind: str = "fit") -> None:
        self._kind = kind
        self._jobs: dict[int, FitJob] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._last_id = 0
        self._lock = threading.Lock()

    def start(self, experiment: str, work: Callable[[QueryHandle, FitListener], Any]) -> FitJob:
        """Call `work` in a new thread; raises `BusyError` while one of the experiment runs."""
        with self._lock:
            if any(job.experiment == experiment and job.status == "RUNNING" for job in self._jobs.values()):
                raise BusyError(
                    f'A {self._kind} of "{experiment}" is still running.',
                    hint="Wait until it has finished, or cancel it.",
                )
            self._last_id += 1
            job = FitJob(self._last_id, experiment, datetime.now(UTC))
            self._jobs[job.id] = job
            for old in [each for each in self._jobs if each <= job.id - _KEPT]:
                if self._jobs[old].status != "RUNNING":
                    del self._jobs[old]
                    self._threads.pop(old, None)
            thread = threading.Thread(target=_work, args=(job, work), name=f"{self._kind} {job.id}", daemon=True)
            self._threads[job.id] = thread
        thread.start()
        return job

    def job(self, experiment: str, number: int) -> FitJob:
        """Return a job of an experiment; raises `NotFoundError`."""
        job = self._jobs.get(number)
        if job is None or job.experiment != experiment:
            raise NotFoundError(
                f'"{experiment}" has no {self._kind} {number}.',
                hint=f"{self._kind.capitalize()}s are known until the program ends; start a new one.",
            )
        return job

    def last(self, experiment: str, since: datetime) -> FitJob | None:
        """Return the job of an experiment that was started last, since its creation."""
        with self._lock:
            own = [each for each in self._jobs.values() if each.experiment == experiment and each.started_at >= since]
        return max(own, key=lambda job: job.id, default=None)

    def wait(self, job: FitJob, timeout_seconds: float | None = None) -> None:
        """Wait for the end of a job."""
        thread = self._threads.get(job.id)
        if thread is not None:
            thread.join(timeout_seconds)

    def close(self) -> None:
        """Cancel all jobs and wait until they have ended."""
        running = [job for job in list(self._jobs.values()) if job.status == "RUNNING"]
        for job in running:
            job.handle.cancel()
        for job in running:
            self.wait(job, _CLOSE_SECONDS)


def _work(job: FitJob, work: Callable[[QueryHandle, FitListener], Any]) -> None:
    status: FitStatus = "COMPLETED"
    try:
        job.result = work(job.handle, job.show)
    except CancelledError as error:
        status, job.error = "ABORTED", error.message
    except WorkbenchError as error:
        status, job.error = ("ABORTED" if job.handle.is_cancelled else "FAILED"), str(error)
    except Exception as error:
        _log.exception("The job failed.")
        status, job.error = "FAILED", f"{type(error).__name__}: {error}"
    job.finished_at = datetime.now(UTC)
    job.status = status
