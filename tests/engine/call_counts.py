"""How much work something is, as a number of function calls or lines: the same on a busy machine and a quiet one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """Return how many Python functions `work` calls."""
    return _events("call", work, sys.getprofile, sys.setprofile)


def lines(work: Callable[[], object]) -> int:
    """Return how many lines of Python `work` runs, for loops that call nothing."""
    return _events("line", work, sys.gettrace, sys.settrace)


def _events(kind: str, work: Callable[[], object], installed: Callable[[], Any], install: Callable[[Any], None]) -> int:
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> object:
        nonlocal counted
        counted += event == kind
        return count

    before = installed()
    install(count)
    try:
        work()
    finally:
        install(before)
    return counted
