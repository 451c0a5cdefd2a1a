"""Exports in the background: at most one of an experiment; the last of each are known until the program ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from engine.errors import BusyError, CancelledError, ConflictError, NotFoundError, WorkbenchError
from engine.export.exporting import Export
from engine.export.job_folders import files_of, make_job_folder, remove_job_folder
from engine.export.request import ExportListener, ExportProgress, ExportRequest
from engine.export.zipping import zip_blocks

ExportStatus = Literal["RUNNING", "COMPLETED", "FAILED", "ABORTED"]
ExportWork = Callable[[Path, ExportListener], Export]
_KEPT = 10
_CLOSE_SECONDS = 10.0
_TURN_SECONDS = 0.1
_turn = threading.Lock()
"""Held by the export that works: the batch size of Polars, which decides about the bytes, is that of the process."""
_log = logging.getLogger(__name__)


@dataclass
class ExportJob:
    """An export that runs in the background, or has ended."""

    id: int
    experiment: str
    run: int | None
    """The exported run; None for rows of a seed."""
    request: ExportRequest = field(repr=False)
    started_at: datetime
    status: ExportStatus = "RUNNING"
    progress: ExportProgress | None = None
    """None until the first file is there."""
    finished_at: datetime | None = None
    result: Export | None = None
    """The export, once it is COMPLETED."""
    error: str | None = None
    folder: Path | None = field(default=None, repr=False)
    """The folder in the home folder that a download is made of; None for an export to another place."""
    downloads: int = 0
    """The number of downloads that are being read."""
    stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def is_downloadable(self) -> bool:
        """Whether it can be downloaded."""
        return self.status == "COMPLETED" and self.folder is not None

    @property
    def file_name(self) -> str:
        """The name of the zip file of a download."""
        what = f"run{self.run}" if self.run is not None else f"seed{self.request.seed}"
        return f"{self.experiment}-{what}-{self.request.format}.zip".replace(".gz.zip", "_gz.zip")

    def download(self) -> Iterator[bytes]:
        """Return the export as one zip file, in blocks that are made while they are read."""
        folder = self.folder
        if folder is None:
            raise ConflictError("This export is in another place.", hint="Only an export without `to` is downloaded.")
        if self.status != "COMPLETED":
            raise ConflictError(f"Export {self.id} is {self.status}.", hint="Only a completed one can be downloaded.")
        return self._blocks(files_of(folder))

    def _blocks(self, folder: Path) -> Iterator[bytes]:
        self.downloads += 1
        try:
            yield from zip_blocks(folder)
        finally:
            self.downloads -= 1


class ExportJobs:
    """The exports of one workbench; their folders are in its folder of temporary files."""

    def __init__(self, temp_dir: Path) -> None:
        self._temp_dir = temp_dir
        self._jobs: dict[int, ExportJob] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._last_id = 0
        self._lock = threading.Lock()

    def start(
        self, experiment: str, run: int | None, request: ExportRequest, work: ExportWork, *, is_kept: bool
    ) -> ExportJob:
        """Call `work` in a new thread, with a new folder if the export `is_kept` here.

        Raises `BusyError` while an export of the experiment runs. Of the finished ones, the last are kept.
        """
        with self._lock:
            if any(job.experiment == experiment and job.status == "RUNNING" for job in self._jobs.values()):
                raise BusyError(
                    f'An export of "{experiment}" is still running.', hint="Wait until it has finished, or cancel it."
                )
            self._last_id += 1
            folder = make_job_folder(self._temp_dir) if is_kept else None
            job = ExportJob(self._last_id, experiment, run, request, datetime.now(UTC), folder=folder)
            self._jobs[job.id] = job
            ended = [each for each in self._jobs.values() if each.status != "RUNNING" and not each.downloads]
            for old in ended[: max(0, len(self._jobs) - _KEPT)]:
                self._forget(old)
            thread = threading.Thread(target=_work, args=(job, work), name=f"export {job.id}", daemon=True)
            self._threads[job.id] = thread
        thread.start()
        return job

    def list(self, experiment: str) -> list[ExportJob]:
        """Return the exports of an experiment, newest first."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if job.experiment == experiment]

    def job(self, experiment: str, number: int) -> ExportJob:
        """Return an export of an experiment; raises `NotFoundError`."""
        job = self._jobs.get(number)
        if job is None or job.experiment != experiment:
            raise NotFoundError(
                f'"{experiment}" has no export {number}.',
                hint="Exports are known until the program ends, the last ten of them; start a new one.",
            )
        return job

    def delete(self, experiment: str, number: int) -> None:
        """Delete an export with its files; raises `BusyError` while it runs or is downloaded."""
        job = self.job(experiment, number)
        with self._lock:
            if job.status == "RUNNING" or job.downloads:
                doing = "still running" if job.status == "RUNNING" else "being downloaded"
                raise BusyError(f"Export {number} is {doing}.", hint="Cancel it, or wait until it has ended.")
            self._forget(job)

    def discard(self, experiment: str) -> None:
        """Cancel and delete the exports of an experiment that is deleted."""
        for job in self.list(experiment):
            job.stop.set()
            self.wait(job, _CLOSE_SECONDS)
            with self._lock:
                self._forget(job)

    def wait(self, job: ExportJob, timeout_seconds: float | None = None) -> None:
        """Wait for the end of an export."""
        thread = self._threads.get(job.id)
        if thread is not None:
            thread.join(timeout_seconds)

    def close(self) -> None:
        """Cancel all exports, wait until they have ended, and remove their folders."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.stop.set()
        for job in jobs:
            self.wait(job, _CLOSE_SECONDS)
            self._forget(job)

    def _forget(self, job: ExportJob) -> None:
        self._jobs.pop(job.id, None)
        self._threads.pop(job.id, None)
        if job.folder is not None:
            remove_job_folder(job.folder)


def _work(job: ExportJob, work: ExportWork) -> None:
    status: ExportStatus = "COMPLETED"

    def show(progress: ExportProgress) -> None:
        job.progress = progress
        _check_stopped(job)

    try:
        while not _turn.acquire(timeout=_TURN_SECONDS):
            _check_stopped(job)
        try:
            _check_stopped(job)
            job.result = work(files_of(job.folder) if job.folder is not None else Path(), show)
        finally:
            _turn.release()
    except CancelledError as error:
        status, job.error = "ABORTED", error.message
    except WorkbenchError as error:
        status, job.error = "FAILED", str(error)
    except Exception as error:
        _log.exception("The export failed.")
        status, job.error = "FAILED", f"{type(error).__name__}: {error}"
    if status != "COMPLETED" and job.folder is not None:
        remove_job_folder(job.folder)
        job.folder = None
    job.finished_at = datetime.now(UTC)
    job.status = status


def _check_stopped(job: ExportJob) -> None:
    if job.stop.is_set():
        raise CancelledError("The export was cancelled.")
