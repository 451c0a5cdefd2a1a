"""How much work something is, as a number of function calls: the same on a busy machine and a quiet one."""

import sys
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """Return how many Python functions `work` calls."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
