"""Routes of exports: estimate one, start one in the background, show it with its result, cancel, download, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.export_places import allowed_place
from app.api.export_responses import ExportEstimateResponse, ExportList, ExportResponse
from app.api.requests import MAX_INTEGER, ExportedRows, ExportEstimateRequest, ExportRequest
from app.api.streaming import close_when_done
from engine.types import Export, ExportEstimate, ExportJob, ExportOptions

router = APIRouter(prefix="/experiments/{name}", tags=["exports"])

ExportId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The zip file",
    }
}


@router.post("/export/estimate", responses=error_responses(404, 409, 422))
def estimate_export(
    workbench: SharedWorkbench, name: str, request: ExportEstimateRequest | None = None
) -> ExportEstimateResponse:
    """Estimate an export from a sample of its rows: rows, files, bytes, seconds and scripts; nothing is written."""
    wanted = request or ExportEstimateRequest()
    return _estimate(workbench[name].estimate_export(workers=wanted.workers, **_options(wanted)))


@router.post("/export", status_code=202, responses=error_responses(404, 409, 422))
def start_export(workbench: SharedWorkbench, name: str, request: ExportRequest | None = None) -> ExportResponse:
    """Start an export in the background; `GET .../exports/{id}` returns its progress, `.../download` its zip file."""
    wanted = request or ExportRequest()
    experiment = workbench[name]
    to = None if wanted.to is None else allowed_place(wanted.to, workbench.settings.export_places)
    job = experiment.start_export(to, zipped=wanted.zip and to is not None, resume=wanted.resume, **_options(wanted))
    return _answer(job)


@router.get("/exports", responses=error_responses(404))
def list_exports(workbench: SharedWorkbench, name: str) -> ExportList:
    """List the exports of an experiment, newest first: the last ten, until the server stops."""
    return ExportList(exports=[_answer(job) for job in workbench[name].export_jobs()])


@router.get("/exports/{export_id}", responses=error_responses(404, 422))
def show_export(workbench: SharedWorkbench, name: str, export_id: ExportId) -> ExportResponse:
    """Show an export, its progress, and its result once it is COMPLETED. Exports end with the server."""
    return _answer(workbench[name].export_job(export_id))


@router.post("/exports/{export_id}/cancel", responses=error_responses(404, 422))
def cancel_export(workbench: SharedWorkbench, name: str, export_id: ExportId) -> ExportResponse:
    """Request cancellation of an export; it becomes ABORTED after its current file. No effect after its end."""
    return _answer(workbench[name].cancel_export(export_id))


@router.delete("/exports/{export_id}", status_code=204, responses=error_responses(404, 409, 422))
def delete_export(workbench: SharedWorkbench, name: str, export_id: ExportId) -> None:
    """Delete an export that has ended, with its download; what it put elsewhere stays."""
    workbench[name].delete_export(export_id)


@router.get(
    "/exports/{export_id}/download", response_class=StreamingResponse, responses=_ZIP | error_responses(404, 409, 422)
)
def download_export(workbench: SharedWorkbench, name: str, export_id: ExportId) -> StreamingResponse:
    """Stream a completed export as one zip file, which is made while it is sent."""
    job = workbench[name].export_job(export_id)
    return StreamingResponse(
        close_when_done(job.download()),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{job.file_name}"'},
    )


def _options(request: ExportedRows) -> ExportOptions:
    names = (
        "format", "target", "run", "rows", "total_rows", "seed", "tables", "codec", "rows_per_file",
        "any_size",
        "location", "role", "stage", "integration",
    )  # fmt: skip
    options: Any = {name: getattr(request, name) for name in names}
    return options  # type: ignore[no-any-return]


def _estimate(made: ExportEstimate) -> ExportEstimateResponse:
    return ExportEstimateResponse.model_validate(
        {
            "format": made.format,
            "rows": made.rows,
            "files": made.files,
            "bytes": made.size_bytes,
            "seconds": made.seconds,
            "workers": made.workers,
            "elapsed_seconds": made.elapsed_seconds,
            "tables": [
                {
                    "table": key,
                    "rows": size.rows,
                    "files": size.files,
                    "bytes": size.size_bytes,
                    "seconds": size.seconds,
                }
                for key, size in made.sizes.items()
            ],
            "scripts": made.scripts,
        }
    )


def _answer(job: ExportJob) -> ExportResponse:
    status, progress = job.status, job.progress
    return ExportResponse.model_validate(
        {
            "id": job.id,
            "experiment": job.experiment,
            "run": job.run,
            "status": status,
            "format": job.request.format,
            "target": job.request.target,
            "seed": job.request.seed,
            "progress": None if progress is None else {**vars(progress), "bytes": progress.size_bytes},
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "error": job.error,
            "is_downloadable": job.is_downloadable,
            "result": _result(job.result, is_here=job.folder is not None)
            if status == "COMPLETED" and job.result
            else None,
        }
    )


def _result(made: Export, *, is_here: bool) -> dict[str, Any]:
    only = made.only_file
    return {
        "url": None if is_here else made.url,
        "rows": made.rows,
        "bytes": made.size_bytes,
        "tables": [
            {
                "table": table.key,
                "format": table.format,
                "rows": table.rows,
                "files": len(table.files) if only is None else None,
                "bytes": table.size_bytes if only is None else None,
                "note": table.note,
            }
            for table in made.tables
        ],
        "files": list(made.files),
    }
