"""Routes about generation runs: estimate, start, watch, cancel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.answers import EstimateAnswer, RunAnswer, RunDetail, RunList
from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import GREATEST_INTEGER, EstimateRequest, GenerateRequest

router = APIRouter(prefix="/experiments/{name}", tags=["runs"])

RunId = Annotated[int, Path(ge=1, le=GREATEST_INTEGER)]


@router.post("/estimate", responses=error_responses(404, 422))
def estimate_run(workbench: SharedWorkbench, name: str, request: EstimateRequest | None = None) -> EstimateAnswer:
    """Tell how much time and room a run would need; nothing is made."""
    wanted = request or EstimateRequest()
    return EstimateAnswer.model_validate(workbench[name].estimate(wanted.rows, load=wanted.load))


@router.post("/generate", status_code=202, responses=error_responses(404, 409, 422))
def start_run(workbench: SharedWorkbench, name: str, request: GenerateRequest | None = None) -> RunAnswer:
    """Start a run in the background; `GET .../runs/{id}` tells how far it is."""
    wanted = request or GenerateRequest()
    run = workbench[name].start(wanted.rows, seed=wanted.seed, load=wanted.load)
    return RunAnswer.model_validate(run)


@router.get("/runs", responses=error_responses(404))
def list_runs(workbench: SharedWorkbench, name: str) -> RunList:
    """List the runs of an experiment, newest first."""
    return RunList(runs=[RunAnswer.model_validate(run) for run in workbench[name].runs()])


@router.get("/runs/{run_id}", responses=error_responses(404, 422))
def show_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunDetail:
    """Show a run and how far it is."""
    experiment = workbench[name]
    return RunDetail.of(experiment.run(run_id), experiment.progress(run_id), experiment.run_sizes(run_id))


@router.post("/runs/{run_id}/cancel", responses=error_responses(404, 409, 422))
def cancel_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunAnswer:
    """Ask a run to stop; it is ABORTED when it has. Asking twice, or after its end, does no harm."""
    return RunAnswer.model_validate(workbench[name].cancel(run_id))


@router.post("/runs/{run_id}/resume", status_code=202, responses=error_responses(404, 409, 422))
def resume_run(workbench: SharedWorkbench, name: str, run_id: RunId) -> RunAnswer:
    """Go on with an ABORTED or FAILED run in the background; what it has written already is kept."""
    return RunAnswer.model_validate(workbench[name].start_resume(run_id))
