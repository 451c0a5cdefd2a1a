"""Routes of fits: start one in the background, show it with its result, cancel it, save the accepted changes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.fit_responses import AcceptedResponse, FitChangeResponse, FitResponse, FitResultResponse
from app.api.requests import MAX_INTEGER, AcceptRequest, FitRequest
from engine.types import FitChange, FitJob, WorkloadFit

router = APIRouter(prefix="/experiments/{name}/fit", tags=["runs"])

FitId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.post("", status_code=202, responses=error_responses(404, 409, 422))
def start_fit(workbench: SharedWorkbench, name: str, request: FitRequest) -> FitResponse:
    """Start to fit the schema to queries in the background; `GET .../fit/{id}` returns its progress and result."""
    job = workbench[name].start_fit(
        request.queries,
        rows=request.rows,
        total_rows=request.total_rows,
        seed=request.seed,
        values=request.values,
        refused=request.refused,
        dry_run=request.dry_run,
        verify=request.verify,
        rounds=request.rounds,
        wanted=request.wanted,
    )
    return _answer(job)


@router.get("/{fit_id}", responses=error_responses(404, 422))
def show_fit(workbench: SharedWorkbench, name: str, fit_id: FitId) -> FitResponse:
    """Show a fit, its progress, and its result once it is COMPLETED. Fits are known until the server stops."""
    return _answer(workbench[name].fit_job(fit_id))


@router.post("/{fit_id}/cancel", responses=error_responses(404, 422))
def cancel_fit(workbench: SharedWorkbench, name: str, fit_id: FitId) -> FitResponse:
    """Request cancellation of a fit; it becomes ABORTED and the schema stays. No effect after its end."""
    return _answer(workbench[name].cancel_fit(fit_id))


@router.post("/{fit_id}/accept", responses=error_responses(404, 409, 422))
def accept_fit(workbench: SharedWorkbench, name: str, fit_id: FitId, request: AcceptRequest) -> AcceptedResponse:
    """Save the accepted changes of a dry run as a new version of the schema; those that are not valid fall away."""
    applied = workbench[name].accept_fit(fit_id, request.accepted)
    return AcceptedResponse(
        kept=[_change(each) for each in applied.kept],
        dropped=[_change(each.change, each.reason) for each in applied.dropped],
        schema_version=None if applied.update is None else applied.update.version,
    )


def _answer(job: FitJob) -> FitResponse:
    status = job.status
    return FitResponse.model_validate(
        {
            "id": job.id,
            "experiment": job.experiment,
            "status": status,
            "progress": _attributes(job.progress, "step", "round", "done", "total", "found"),
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "error": job.error,
            "result": _result(job.result) if status == "COMPLETED" else None,
        }
    )


def _attributes(record: object, *names: str) -> dict[str, Any]:
    """Return the named attributes of a record."""
    return {name: getattr(record, name) for name in names}


def _result(fitted: WorkloadFit) -> FitResultResponse:
    return FitResultResponse.model_validate(
        {
            "based_on": fitted.based_on,
            "kept": [_change(change) for change in fitted.kept],
            "dropped": [_change(each.change, each.reason) for each in fitted.dropped],
            "before": fitted.records(fitted.before),
            "after": fitted.records(fitted.after),
            "lost": fitted.lost,
            "audit_failures": fitted.audit_failures,
            "rounds": [
                {
                    **_attributes(each, "number", "seconds", "found", "failures"),
                    "kept": len(each.kept),
                    "taken_back": len(each.taken_back),
                }
                for each in fitted.rounds
            ],
            "starving": [
                {"statement": each.statement.name, **_attributes(each, "text", "line", "is_join", "is_alone")}
                for each in fitted.starving
            ],
            "too_large": dict(fitted.too_large),
            "cardinalities": [
                _attributes(each, "statement", "line", "wanted", "found") for each in fitted.cardinalities
            ],
            "schema_version": None if fitted.update is None else fitted.update.version,
        }
    )


def _change(change: FitChange, dropped: str | None = None) -> FitChangeResponse:
    named = _attributes(change, "place", "key", "old", "new", "serves", "reason", "unit")
    return FitChangeResponse.model_validate({**named, "dropped": dropped})
