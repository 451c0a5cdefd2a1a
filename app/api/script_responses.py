"""Response models of the routes that import a script."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from app.api.experiment_responses import ExperimentDetail
from app.api.response_model import ResponseModel
from engine import Draft, Experiment, ExperimentSchema


class NoteResponse(ResponseModel):
    """Something an import changed, guessed or ignored."""

    line: int
    object: str
    level: Literal["info", "warning", "skipped"]
    message: str


class ScriptResponse(ResponseModel):
    """Statement counts and notes of a script."""

    dialect: str
    statements: int
    imported: int
    imported_with_notes: int
    skipped: int
    notes: list[NoteResponse]


class ImportedExperiment(ExperimentDetail, ScriptResponse):
    """A new experiment, with the statement counts and notes of its script."""

    @classmethod
    def of_draft(cls, experiment: Experiment, draft: Draft) -> ImportedExperiment:
        """Return the response for the experiment created from `draft`."""
        imported = cls.of(experiment, **_describe_script(draft))
        assert isinstance(imported, cls)
        return imported


class ReviewedScript(ScriptResponse):
    """The result of a dry import; nothing is saved. Edit `schema` as needed, then create the experiment from it."""

    samples: dict[str, dict[str, list[str | None]]]
    """Sample values by table and column."""
    definition: ExperimentSchema = Field(alias="schema")

    @classmethod
    def of_draft(cls, draft: Draft, samples: dict[str, dict[str, list[str | None]]]) -> ReviewedScript:
        """Return the response for a draft with sample values."""
        return cls(**_describe_script(draft), samples=samples, schema=draft.schema)


def _describe_script(draft: Draft) -> dict[str, Any]:
    return ScriptResponse.model_validate(draft).model_dump()
