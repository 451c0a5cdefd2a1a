"""What the routes about a warehouse's script give: how much of it was understood, and what came of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from app.api.answers import Answer, ExperimentDetail
from engine import Draft, Experiment, ExperimentSchema


class NoteAnswer(Answer):
    """What an import changed, guessed or left out."""

    line: int
    object: str
    level: Literal["info", "warning", "skipped"]
    message: str


class ScriptAnswer(Answer):
    """How much of a script was understood."""

    dialect: str
    statements: int
    imported: int
    imported_with_notes: int
    skipped: int
    notes: list[NoteAnswer]


class ImportedExperiment(ExperimentDetail, ScriptAnswer):
    """A new experiment and how much of its script was understood."""

    @classmethod
    def of_draft(cls, experiment: Experiment, draft: Draft) -> ImportedExperiment:
        """Describe the experiment that was made from `draft`."""
        imported = cls.of(experiment, **_told(draft))
        assert isinstance(imported, cls)
        return imported


class ReviewedScript(ScriptAnswer):
    """What a script would become; nothing is saved. Change `schema` as you like, and create the experiment with it."""

    samples: dict[str, dict[str, list[str | None]]]
    """Values by table and column."""
    definition: ExperimentSchema = Field(alias="schema")

    @classmethod
    def of_draft(cls, draft: Draft, samples: dict[str, dict[str, list[str | None]]]) -> ReviewedScript:
        """Describe a draft, with sample values of its columns."""
        return cls(**_told(draft), samples=samples, schema=draft.schema)


def _told(draft: Draft) -> dict[str, Any]:
    return ScriptAnswer.model_validate(draft).model_dump()
