"""A query worker on the server's side: its process, two pipes, and how to end it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine.warehouse.workers.protocol import CANCEL, receive, send

_COMMAND = (sys.executable, "-P", "-m", "engine.warehouse.workers.worker")
_SOURCE = Path(__file__).parents[3]
_GRACE_SECONDS = 3.0
_CANCEL_GRACE_SECONDS = 1.0


class WorkerGoneError(Exception):
    """The process of a worker ended; `status` is its `Popen.returncode`."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        super().__init__(f"worker ended with {status}")


class WorkerProcess:
    """One worker process, started at once and ready some seconds later."""

    def __init__(self) -> None:
        paths = [str(_SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._from: BinaryIO = self._process.stdout  # type: ignore[assignment]
        self._sending = threading.Lock()
        self._kill_timer: threading.Timer | None = None

    @property
    def process_id(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the first message; kills the process and raises `WorkerGoneError` if none comes within `seconds`."""
        limit = threading.Timer(seconds, self.kill)
        limit.daemon = True
        limit.start()
        try:
            self.receive()
        finally:
            limit.cancel()

    def send(self, kind: bytes, data: bytes = b"") -> None:
        """Send a frame; raises `WorkerGoneError`."""
        try:
            with self._sending:
                send(self._to, kind, data)
        except (OSError, ValueError) as error:
            raise self._gone_error() from error

    def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame; raises `WorkerGoneError`."""
        try:
            return receive(self._from)
        except (EOFError, OSError, ValueError) as error:
            raise self._gone_error() from error

    def cancel(self) -> None:
        """Request the query to stop, and kill the process unless `clear_cancellation()` is called in time."""
        if self._kill_timer is None:
            self._kill_timer = threading.Timer(_CANCEL_GRACE_SECONDS, self.kill)
            self._kill_timer.daemon = True
            self._kill_timer.start()
            with suppress(WorkerGoneError):
                self.send(CANCEL)

    def clear_cancellation(self) -> None:
        """Clear a cancellation that the worker has handled."""
        if self._kill_timer is not None:
            self._kill_timer.cancel()
            self._kill_timer = None

    def kill(self) -> None:
        """Kill the process."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill the process and close its pipes."""
        self.clear_cancellation()
        self.kill()
        self._process.wait()
        for stream in (self._to, self._from):
            with suppress(OSError):
                stream.close()

    def _gone_error(self) -> WorkerGoneError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        return WorkerGoneError(self._process.returncode)
