"""Work in a thread of its own, so that the page stays responsive and can cancel it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from engine import QueryHandle
from engine.errors import WorkbenchError

T = TypeVar("T")

QUICK_SECONDS = 0.4
"""The page waits so long for a task: a quick one is drawn without a flicker."""

MAX_CACHED_RESULTS = 100
_results: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


class BackgroundTask(Generic[T]):
    """One task that runs from its creation on: it ends with a `result` or an `error`.

    `run` gets the handle that cancels it. The results of tasks with a `cache_key` are cached for all tabs; a task
    whose result is cached has ended at once.
    """

    def __init__(self, run: Callable[[QueryHandle], T], *, name: str, cache_key: Hashable | None = None) -> None:
        self.name = name
        self.cache_key = cache_key
        self.result: T | None = None
        self.error: WorkbenchError | None = None
        self._run_task = run
        self._handle = QueryHandle()
        self._started = time.monotonic()
        self._end: float | None = None
        self._ended = threading.Event()
        if cache_key is not None:
            with _lock:
                self.result = _results.get(cache_key)
        if self.result is not None:
            self._ended.set()
        else:
            threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def seconds(self) -> float:
        """The seconds since its start, up to its end."""
        return (self._end or time.monotonic()) - self._started

    @property
    def has_ended(self) -> bool:
        """Whether it has a result or an error."""
        return self._ended.is_set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody cancelled it."""
        return self._handle.is_cancelled

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for the end; return whether it has ended."""
        return self._ended.wait(seconds)

    def wait_briefly(self) -> bool:
        """Wait as long as a page can without drawing; return whether it has ended."""
        return self.wait(QUICK_SECONDS)

    def cancel(self) -> None:
        """Stop it; does nothing when it has ended."""
        self._handle.cancel()

    def clear_cache(self) -> None:
        """Delete its cached result, so that the next task runs again."""
        with _lock:
            _results.pop(self.cache_key, None)

    def _run(self) -> None:
        try:
            self.result = self._run_task(self._handle)
            self._cache()
        except WorkbenchError as error:
            self.error = error
        except Exception as error:  # a defect of ours must not leave the page waiting forever
            self.error = WorkbenchError(f"The {self.name} failed: {type(error).__name__}: {error}")
        finally:
            self._end = time.monotonic()
            self._ended.set()

    def _cache(self) -> None:
        if self.cache_key is not None:
            with _lock:
                _results[self.cache_key] = self.result
                while len(_results) > MAX_CACHED_RESULTS:
                    _results.popitem(last=False)
