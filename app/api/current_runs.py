"""The route of the runs of all experiments that run now; the chip of the pages asks it every second."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.run_responses import CurrentRunList

router = APIRouter(tags=["runs"])


@router.get("/runs", responses=error_responses(422))
def list_current_runs(workbench: SharedWorkbench, ended_after: AwareDatetime | None = None) -> CurrentRunList:
    """List the runs of all experiments that are RUNNING, with `ended_after` also those that ended after that time."""
    return CurrentRunList.of(workbench.current_runs(ended_after=ended_after))
