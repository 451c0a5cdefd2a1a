"""Worker processes of this machine, each with one thread of Polars."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock, local


class WorkerLostError(Exception):
    """A worker process that ended in the middle of its task."""


class LocalExecutor:
    """A number of processes; one that is lost is started again by the next task."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="part")
        self._own = local()
        self._lock = Lock()
        self._processes: set[subprocess.Popen[str]] = set()
        self._is_closed = False

    @property
    def process_ids(self) -> list[int]:
        """The ids of the processes that are running."""
        return [process.pid for process in self._processes]

    def submit(self, packed: str) -> Future[str]:
        """Give a task to the next free process."""
        return self._threads.submit(self._run, packed)

    def _run(self, packed: str) -> str:
        process = self._process()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(packed + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        if not answer.endswith("\n"):
            self._end(process)
            raise WorkerLostError(f"Process {process.pid} ended with exit code {process.returncode}.")
        return answer

    def _process(self) -> subprocess.Popen[str]:
        process: subprocess.Popen[str] | None = getattr(self._own, "process", None)
        if process is None or process.poll() is not None:
            with self._lock:
                if self._is_closed:
                    raise WorkerLostError("The export has ended.")
                process = self._own.process = _start()
                self._processes.add(process)
        return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent yet
                    continue
        with self._lock:
            self._processes.discard(process)
        self._own.process = None

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._is_closed = True
            processes = list(self._processes)
        for process in processes:
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in processes:
            self._end(process)


def _start() -> subprocess.Popen[str]:
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "POLARS_MAX_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-P", "-m", "engine.scale.worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8")
