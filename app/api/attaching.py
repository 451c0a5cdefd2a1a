"""The route that reads an exported run back into an experiment."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.export_places import readable_place
from app.api.export_responses import AttachResponse
from app.api.requests import AttachRequest

router = APIRouter(prefix="/experiments", tags=["exports"])


@router.post("/attach", status_code=201, responses=error_responses(404, 409, 422))
def attach_export(workbench: SharedWorkbench, request: AttachRequest) -> AttachResponse:
    """Read an exported run, whole or as a sample, into a new experiment or one of its schema; answer when it is loaded.

    The place must be in DW_SIM_EXPORT_PLACES. Every file that is read is compared with the manifest.
    """
    place = readable_place(request.place, workbench.settings.export_places)
    experiment = workbench.attach(place, name=request.name, sample=request.sample)
    run = experiment.runs()[0]
    return AttachResponse(
        experiment=experiment.name,
        run_id=run.id,
        seed=run.seed,
        row_counts=run.row_counts,
        exported_rows=run.requested_rows,
        notes=list(run.notes),
    )
