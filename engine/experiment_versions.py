"""The versions of an experiment's schema, its name and its description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from engine.experiment_state import ExperimentState
from engine.review.sources import read_source
from engine.runs.creating import create_experiment
from engine.runs.renaming import rename_experiment
from engine.runs.schema_versions import SchemaUpdate, save_description, save_version
from engine.schema.differences import SchemaDiff, compare_schemas
from engine.schema.models import ExperimentSchema
from engine.store.records import SchemaVersion

if TYPE_CHECKING:
    from engine.review.review import Review
    from engine.review.sources import Source


class ExperimentVersions(ExperimentState):
    """An experiment whose schema, name and description can be changed."""

    def update(self, source: Source, *, based_on: int | None = None, note: str = "") -> SchemaUpdate:
        """Save a schema as the new version; a path, JSON text, a mapping, a schema or a draft, as for `create`.

        The loaded data stays until the next run, and a run at work goes on with its own version. A schema equal to the
        current one makes no version. The name in the source is ignored; without a description the present one stays.
        `based_on` is the version that was changed, by default the one that this object has opened or saved.

        Raises `SchemaError` as `create` does, and `VersionConflictError` when another version came first; then nothing
        is saved.
        """
        schema = read_source(source, self.name)
        seen = self._seen_version if based_on is None else based_on
        update = save_version(self._loader(), self.name, schema, seen, note=note)
        self._seen_version = update.version
        return update

    def revert(self, version: int, *, based_on: int | None = None, note: str = "") -> SchemaUpdate:
        """Go back to an earlier version: its schema becomes a new version. Raises what `update` raises."""
        schema = self.version_schema(version)
        return self.update(schema, based_on=based_on, note=note or f"Reverted to version {version}")

    def review(self) -> Review:
        """Return the current schema to review and change before `update(edited(), based_on=version)`."""
        from engine.review.review import Review

        return Review(self.schema)

    def versions(self) -> list[SchemaVersion]:
        """Return the versions of the schema, newest first, each with its note, what changed, and its runs."""
        return self._services.catalog.versions(self.name)

    def version_schema(self, version: int) -> ExperimentSchema:
        """Return the schema of a version; raises `NotFoundError`."""
        return self._services.catalog.version_schema(self.name, version)

    def diff(self, first: int, second: int | None = None) -> SchemaDiff:
        """Return what changed from a version to another, by default the current one: `.changes`, or `print` it."""
        second = self.version if second is None else second
        changes = compare_schemas(self.version_schema(first), self.version_schema(second))
        return SchemaDiff(self.name, first, second, changes)

    def rename(self, name: str) -> None:
        """Rename the experiment, with its folder and the names of its tables in queries (`name__table`).

        Runs, versions, history and saved queries stay; the text of saved queries is not changed. Raises `BusyError`
        during a run or another change, and `ConflictError` when the name is taken.
        """
        self._record = rename_experiment(self._loader(), self.name, name)

    def copy(self, name: str) -> Self:
        """Create an experiment with the current schema under another name, as its version 1.

        Runs, data and saved queries are not copied; a run with the same seed makes the same data. Raises
        `ConflictError` when the name is taken.
        """
        create_experiment(self._loader(), read_source(self.schema, name))
        return type(self)(self._services, self._services.catalog.experiment(name))

    def describe(self, description: str) -> None:
        """Set the description; this makes no new version."""
        self._record = save_description(self._loader(), self.name, description)
