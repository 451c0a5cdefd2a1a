"""Libraries that later pages need, imported while the first page is being looked at.

They take a second or two, which nobody should wait for at the first screen, nor at the first chart.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib import import_module

LIBRARIES = ("pandas", "altair", "altair.vegalite", "faker", "scipy.stats")


@cache
def warm_up() -> threading.Thread:
    """Begin to import them in the background, once in a process; returns the thread that does."""
    thread = threading.Thread(target=_import_all, name="warm up", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for library in LIBRARIES:
        import_module(library)
