"""Figures that are counted in a thread of their own, so that the page stays alive and can stop them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from engine import QueryHandle
from engine.errors import WorkbenchError

T = TypeVar("T")


GREATEST_KEPT = 100
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


class Counting(Generic[T]):
    """One count that runs from the moment it is made: `found` or `error` is there when it has ended.

    `of` tells what is counted: the same is not counted twice, not even for another tab or after a reload, as long as
    it is among those found last.
    """

    def __init__(self, of: Hashable, count: Callable[[QueryHandle], T]) -> None:
        self.of = of
        self.found: T | None = None
        self.error: WorkbenchError | None = None
        self._count = count
        self._handle = QueryHandle()
        self._started = time.monotonic()
        self._ended = threading.Event()
        with _lock:
            self.found = _kept.get(of)
        if self.found is not None:
            self._ended.set()
        else:
            threading.Thread(target=self._run, name=f"counting {of}", daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._started

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody stopped it."""
        return self._handle.is_cancelled

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; return whether it has ended."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Stop it; harmless when it has ended."""
        self._handle.cancel()

    def forget(self) -> None:
        """Let the same be counted anew."""
        with _lock:
            _kept.pop(self.of, None)

    def _keep(self) -> None:
        with _lock:
            _kept[self.of] = self.found
            while len(_kept) > GREATEST_KEPT:
                _kept.popitem(last=False)

    def _run(self) -> None:
        try:
            self.found = self._count(self._handle)
            self._keep()
        except WorkbenchError as error:
            self.error = error
        except Exception as error:  # a defect of ours must not leave the page waiting for ever
            self.error = WorkbenchError(f"The data could not be counted: {type(error).__name__}: {error}")
        finally:
            self._ended.set()
