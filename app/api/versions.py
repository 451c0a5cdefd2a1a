"""Routes of a schema's versions: save, list, show, compare and revert; and renaming, describing and copying."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.api.errors import error_responses
from app.api.experiment_responses import ExperimentDetail, ExperimentResponse
from app.api.experiments import SCHEMA_BODY, SharedWorkbench, schema_text
from app.api.requests import MAX_INTEGER, ChangeRequest, CopyRequest
from app.api.version_responses import DiffResponse, UpdateResponse, VersionDetail, VersionList, VersionResponse

router = APIRouter(prefix="/experiments/{name}", tags=["versions"])

Version = Annotated[int, Path(ge=1, le=MAX_INTEGER)]
BasedOn = Annotated[
    int, Query(ge=1, le=MAX_INTEGER, description="The version that was changed; 409 if another came after it")
]
Note = Annotated[str, Query(max_length=500, description="What changed and why, for people")]


@router.put("", responses=error_responses(404, 409, 413, 422, 500), openapi_extra=SCHEMA_BODY)
def update_experiment(
    workbench: SharedWorkbench,
    name: str,
    schema: Annotated[str, Depends(schema_text)],
    based_on: BasedOn,
    note: Note = "",
) -> UpdateResponse:
    """Save a schema as a new version. The loaded data stays until the next run; the name in the schema is ignored."""
    return UpdateResponse.of(workbench[name].update(schema, based_on=based_on, note=note))


@router.patch("", responses=error_responses(404, 409, 422, 500))
def change_experiment(workbench: SharedWorkbench, name: str, request: ChangeRequest) -> ExperimentResponse:
    """Change the name, the description, or both; this makes no version."""
    experiment = workbench[name]
    if request.name is not None:
        experiment.rename(request.name)
    if request.description is not None:
        experiment.describe(request.description)
    return ExperimentResponse.of(experiment)


@router.post("/copy", status_code=201, responses=error_responses(404, 409, 422, 500))
def copy_experiment(workbench: SharedWorkbench, name: str, request: CopyRequest) -> ExperimentDetail:
    """Create an experiment with the current schema under another name, without runs and data."""
    return ExperimentDetail.of(workbench[name].copy(request.name))


@router.get("/versions", responses=error_responses(404))
def list_versions(workbench: SharedWorkbench, name: str) -> VersionList:
    """List the versions of the schema, newest first."""
    return VersionList(versions=[VersionResponse.model_validate(each) for each in workbench[name].versions()])


@router.get("/versions/{version}", responses=error_responses(404, 422, 500))
def show_version(workbench: SharedWorkbench, name: str, version: Version) -> VersionDetail:
    """Show a version with its schema."""
    experiment = workbench[name]
    schema = experiment.version_schema(version)
    found = next(each for each in experiment.versions() if each.number == version)
    return VersionDetail.of_schema(found, schema)


@router.get("/versions/{first}/diff/{second}", responses=error_responses(404, 422, 500))
def compare_versions(workbench: SharedWorkbench, name: str, first: Version, second: Version) -> DiffResponse:
    """Return what changed from one version to another, column by column."""
    return DiffResponse.of(workbench[name].diff(first, second))


@router.post("/versions/{version}/revert", responses=error_responses(404, 409, 422, 500))
def revert_experiment(
    workbench: SharedWorkbench, name: str, version: Version, based_on: BasedOn, note: Note = ""
) -> UpdateResponse:
    """Go back to an earlier version: its schema becomes a new version."""
    return UpdateResponse.of(workbench[name].revert(version, based_on=based_on, note=note))
