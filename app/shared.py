"""The one workbench of this process, shared by the pages and the REST API.

Both sides must hold the same object: a run that a page starts lives in a thread of this workbench, and the API's
cancel, progress and lock answers are about the same thread.
"""

from __future__ import annotations

from functools import cache

import engine


@cache
def workbench() -> engine.Workbench:
    """Return the workbench on the home folder that DW_SIM_HOME (or the user's data folder) names."""
    return engine.Workbench()
