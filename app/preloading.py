"""Background import of the libraries that later pages need.

They take a second or two, which would delay the first page or the first chart.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib import import_module

LIBRARIES = ("pandas", "altair", "altair.vegalite", "faker", "scipy.stats")


@cache
def warm_up() -> threading.Thread:
    """Start the import in the background, once per process; return its thread."""
    thread = threading.Thread(target=_import_all, name="warm up", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for library in LIBRARIES:
        import_module(library)
