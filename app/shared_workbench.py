"""The one workbench of this process, shared by the pages and the REST API.

Both must hold the same object: a run that a page starts is a thread of this workbench, and the API cancels and
reports the same thread.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import engine

QUERY_WORKERS = 4
"""How many queries run at once, each in its own process, unless DW_SIM_QUERY_WORKERS is set."""


@cache
def workbench() -> engine.Workbench:
    """Return the workbench on the home folder: DW_SIM_HOME, or the user's data folder."""
    settings = engine.Settings.from_environment()
    if settings.query_workers is None:
        settings = replace(settings, query_workers=QUERY_WORKERS)
    return engine.Workbench(settings=settings)
