"""Figures that are counted in a thread of their own, so that the page stays alive and can stop them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from engine import QueryHandle
from engine.errors import WorkbenchError

T = TypeVar("T")


class Counting(Generic[T]):
    """One count that runs from the moment it is made: `found` or `error` is there when it has ended.

    `of` tells what is counted: the same is not counted twice.
    """

    def __init__(self, of: Hashable, count: Callable[[QueryHandle], T]) -> None:
        self.of = of
        self.found: T | None = None
        self.error: WorkbenchError | None = None
        self._count = count
        self._handle = QueryHandle()
        self._started = time.monotonic()
        self._ended = threading.Event()
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

    def _run(self) -> None:
        try:
            self.found = self._count(self._handle)
        except WorkbenchError as error:
            self.error = error
        except Exception as error:  # a defect of ours must not leave the page waiting for ever
            self.error = WorkbenchError(f"The data could not be counted: {type(error).__name__}: {error}")
        finally:
            self._ended.set()
