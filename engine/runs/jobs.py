"""Background work in threads of this process: at most one job per key.

Threads are daemons: the program does not wait for them at exit. A job reports its own errors; an unhandled error is
logged and stored.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from engine.errors import BusyError

_log = logging.getLogger(__name__)
_LAST_STEPS_SECONDS = 1.0


class Jobs:
    """The jobs of one workbench by key."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}
        self._errors: dict[str, BaseException] = {}
        self._lock = threading.Lock()

    def start(self, key: str, work: Callable[[], None]) -> None:
        """Run `work` in a new thread; raises `BusyError` while a job of that key runs.

        Waits briefly for the thread of a job whose work is done.
        """
        self.wait(key, _LAST_STEPS_SECONDS)
        with self._lock:
            if self._is_alive(key):
                raise BusyError(f'A job of "{key}" is still running.', hint="Wait until it has finished.")
            self._errors.pop(key, None)
            thread = threading.Thread(target=self._run, args=(key, work), name=f"job {key}", daemon=True)
            self._threads[key] = thread
            thread.start()

    def is_running(self, key: str) -> bool:
        """Return whether a job of that key runs."""
        with self._lock:
            return self._is_alive(key)

    def wait(self, key: str, timeout_seconds: float | None = None) -> bool:
        """Wait for the job of that key; returns whether it has ended (True when there was none)."""
        with self._lock:
            thread = self._threads.get(key)
        if thread is None or thread is threading.current_thread():
            return thread is None
        thread.join(timeout_seconds)
        return not thread.is_alive()

    def error(self, key: str) -> BaseException | None:
        """Return the unhandled error of the last job of that key."""
        with self._lock:
            return self._errors.get(key)

    def _is_alive(self, key: str) -> bool:
        thread = self._threads.get(key)
        return thread is not None and thread.is_alive()

    def _run(self, key: str, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            _log.exception("The job %s failed.", key)
            with self._lock:
                self._errors[key] = error
