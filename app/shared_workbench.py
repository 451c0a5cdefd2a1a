"""The one workbench of this process, shared by the pages and the REST API.

Both sides must hold the same object: a run that a page starts lives in a thread of this workbench, and the API's
cancel, progress and lock answers are about the same thread.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import engine

QUERY_WORKERS = 4
"""How many queries run at once, each in a process of its own; DW_SIM_QUERY_WORKERS says otherwise."""


@cache
def workbench() -> engine.Workbench:
    """Return the workbench on the home folder that DW_SIM_HOME (or the user's data folder) names."""
    settings = engine.Settings.from_environment()
    if settings.query_workers is None:
        settings = replace(settings, query_workers=QUERY_WORKERS)
    return engine.Workbench(settings=settings)
