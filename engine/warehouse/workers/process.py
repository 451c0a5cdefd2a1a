"""A query worker as its server sees it: a process, two pipes, and ways to end it."""

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
    """The process of a worker ended; `status` is how, as `Popen.returncode` has it."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        super().__init__(f"worker ended with {status}")


class WorkerProcess:
    """One process that answers queries, started at once and ready a moment later."""

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
        self._deaf: threading.Timer | None = None

    @property
    def process_id(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for its first message, and end it when there is none within `seconds`; raises `WorkerGoneError`."""
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
            raise self._gone() from error

    def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame; raises `WorkerGoneError`."""
        try:
            return receive(self._from)
        except (EOFError, OSError, ValueError) as error:
            raise self._gone() from error

    def cancel(self) -> None:
        """Ask it to stop its query, and end it when it does not hear; `calm()` when it has heard."""
        if self._deaf is None:
            self._deaf = threading.Timer(_CANCEL_GRACE_SECONDS, self.kill)
            self._deaf.daemon = True
            self._deaf.start()
            with suppress(WorkerGoneError):
                self.send(CANCEL)

    def calm(self) -> None:
        """Forget a cancellation that has been answered."""
        if self._deaf is not None:
            self._deaf.cancel()
            self._deaf = None

    def kill(self) -> None:
        """End the process at once."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and its pipes."""
        self.calm()
        self.kill()
        self._process.wait()
        for stream in (self._to, self._from):
            with suppress(OSError):
                stream.close()

    def _gone(self) -> WorkerGoneError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        return WorkerGoneError(self._process.returncode)
