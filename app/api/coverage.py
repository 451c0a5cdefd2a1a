"""Routes of coverage: which queries of a workload find rows on the loaded data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.coverage_responses import CoverageJobResponse, CoverageResponse, StatementCoverageResponse
from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import MAX_INTEGER, CoverageJobRequest, CoverageRequest
from engine.types import Coverage, FitJob

router = APIRouter(prefix="/experiments/{name}/coverage", tags=["exploring"])

JobId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.get("", responses=error_responses(404, 422))
def cover_saved(workbench: SharedWorkbench, name: str) -> CoverageResponse:
    """Run the saved queries: which of them find rows on the loaded data."""
    return _answer(workbench[name].coverage())


@router.post("", responses=error_responses(404, 422))
def cover_queries(workbench: SharedWorkbench, name: str, request: CoverageRequest) -> CoverageResponse:
    """Run a workload: which of its statements find rows on the loaded data; nothing of it is saved."""
    found = workbench[name].coverage(
        request.queries,
        values=request.values,
        dialect=request.dialect,
        limit=request.limit,
        timeout_seconds=request.timeout_seconds,
    )
    return _answer(found)


@router.post("/jobs", status_code=202, responses=error_responses(404, 409, 422))
def start_coverage(workbench: SharedWorkbench, name: str, request: CoverageJobRequest) -> CoverageJobResponse:
    """Start to run a workload in the background; `GET .../coverage/jobs/{id}` returns its progress and result."""
    return _show(workbench[name].start_coverage(request.queries, values=request.values))


@router.get("/jobs/{job_id}", responses=error_responses(404, 422))
def show_coverage(workbench: SharedWorkbench, name: str, job_id: JobId) -> CoverageJobResponse:
    """Show a check, its progress, and its result once it is COMPLETED. Checks are known until the server stops."""
    return _show(workbench[name].coverage_job(job_id))


@router.post("/jobs/{job_id}/cancel", responses=error_responses(404, 422))
def cancel_coverage(workbench: SharedWorkbench, name: str, job_id: JobId) -> CoverageJobResponse:
    """Request cancellation of a check; it becomes ABORTED. No effect after its end."""
    return _show(workbench[name].cancel_coverage(job_id))


def _show(job: FitJob) -> CoverageJobResponse:
    status = job.status
    return CoverageJobResponse(
        id=job.id,
        experiment=job.experiment,
        status=status,
        done=job.progress.done,
        total=job.progress.total,
        started_at=job.started_at,
        finished_at=job.finished_at,
        error=job.error,
        result=_answer(job.result) if status == "COMPLETED" else None,
    )


def _answer(found: Coverage) -> CoverageResponse:
    return CoverageResponse(
        experiment=found.experiment,
        run_id=found.run_id,
        counts={str(state): number for state, number in found.counts.items()},
        statements=[StatementCoverageResponse.model_validate(each) for each in found.records()],
    )
