"""How much of the long tests runs: a part by default, all of it with TESTS_FULL=1."""

import os

IS_FULL = os.environ.get("TESTS_FULL", "") not in ("", "0")


def scaled(full: int, part: int) -> int:
    """Return how often to repeat something."""
    return full if IS_FULL else part
