"""Routes of generation runs: estimate, start, show, cancel, resume."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import MAX_INTEGER, EstimateRequest, GenerateRequest
from app.api.run_responses import EstimateResponse, RunDetail, RunList, RunResponse

router = APIRouter(prefix="/experiments/{name}", tags=["runs"])

RunId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.post("/estimate", responses=error_responses(404, 422))
def estimate_run(workbench: SharedWorkbench, name: str, request: EstimateRequest | None = None) -> EstimateResponse:
    """Estimate the time and disk space of a run; nothing is generated."""
    wanted = request or EstimateRequest()
    return EstimateResponse.model_validate(
        workbench[name].estimate(wanted.rows, total_rows=wanted.total_rows, load=wanted.load)
    )


@router.post("/generate", status_code=202, responses=error_responses(404, 409, 422))
def start_run(workbench: SharedWorkbench, name: str, request: GenerateRequest | None = None) -> RunResponse:
    """Start a run in the background; `GET .../runs/{id}` returns its progress."""
    wanted = request or GenerateRequest()
    run = workbench[name].start(
        wanted.rows, total_rows=wanted.total_rows, seed=wanted.seed, load=wanted.load, batches=wanted.batches
    )
    return RunResponse.model_validate(run)


@router.get("/runs", responses=error_responses(404))
def list_runs(workbench: SharedWorkbench, name: str) -> RunList:
    """List the runs of an experiment, newest first."""
    return RunList(runs=[RunResponse.model_validate(run) for run in workbench[name].runs()])


@router.get("/runs/{run_id}", responses=error_responses(404, 422))
def show_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunDetail:
    """Show a run and its progress."""
    experiment = workbench[name]
    return RunDetail.of(experiment.run(run_id), experiment.progress(run_id), experiment.run_sizes(run_id))


@router.post("/runs/{run_id}/cancel", responses=error_responses(404, 409, 422))
def cancel_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunResponse:
    """Request cancellation of a run; it becomes ABORTED. A second request, or one after its end, has no effect."""
    return RunResponse.model_validate(workbench[name].cancel(run_id))


@router.post("/runs/{run_id}/resume", status_code=202, responses=error_responses(404, 409, 422))
def resume_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunResponse:
    """Resume an ABORTED or FAILED run in the background; files it has already written are reused."""
    return RunResponse.model_validate(workbench[name].start_resume(run_id))
