"""Response models of the routes of versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from app.api.response_model import ResponseModel
from engine import ExperimentSchema
from engine.types import ChangeKind, SchemaDiff, SchemaUpdate, SchemaVersion


class VersionResponse(ResponseModel):
    """A version of a schema."""

    number: int
    saved_at: datetime
    note: str
    changes: str
    """What differs from the version before, in a few words; empty for the first."""
    is_current: bool
    run_ids: list[int]
    """The runs made by this version, newest first."""


class VersionList(ResponseModel):
    """The versions of a schema, newest first."""

    versions: list[VersionResponse]


class VersionDetail(VersionResponse):
    """A version with its schema."""

    definition: ExperimentSchema = Field(alias="schema")

    @classmethod
    def of_schema(cls, version: SchemaVersion, schema: ExperimentSchema) -> VersionDetail:
        """Return the response for a version with its schema."""
        return cls(**VersionResponse.model_validate(version).model_dump(), schema=schema)


class ChangeResponse(ResponseModel):
    """One change between two versions."""

    kind: ChangeKind
    table: str
    """Empty for a change of the experiment itself, such as its locale."""
    column: str
    """Empty for a change of the table."""
    key: str
    """The key whose value changed; empty when the whole table or column did."""
    old: Any
    """The old value of the key, name or definition, or the name before what moved; null when there was none."""
    new: Any
    text: str
    """The change as a line for people."""


class DiffResponse(ResponseModel):
    """The changes from one version to another."""

    first: int
    second: int
    summary: str
    """The changes in a few words; empty when there are none."""
    changes: list[ChangeResponse]

    @classmethod
    def of(cls, diff: SchemaDiff) -> DiffResponse:
        """Return the response for a comparison."""
        changes = [
            ChangeResponse(
                kind=each.kind,
                table=each.table,
                column=each.column,
                key=each.key,
                old=each.old,
                new=each.new,
                text=str(each),
            )
            for each in diff.changes
        ]
        return cls(first=diff.first, second=diff.second, summary=diff.summary, changes=changes)


class UpdateResponse(ResponseModel):
    """The result of saving a schema."""

    experiment: str
    version: int
    """The current version."""
    is_new: bool
    """False when the schema equals the current version: then no version was made."""
    message: str
    diff: DiffResponse

    @classmethod
    def of(cls, update: SchemaUpdate) -> UpdateResponse:
        """Return the response for a saved schema."""
        return cls(
            experiment=update.experiment,
            version=update.version,
            is_new=update.is_new,
            message=str(update),
            diff=DiffResponse.of(update.diff),
        )
