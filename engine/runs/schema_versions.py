"""Saving a new version of an experiment's schema.

The loaded tables stay until the next run; empty tables become those of the new version. A run at work goes on with its
own version, so saving waits for no run: the catalog alone decides which of two changes came first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from engine.display.html_tables import html_table
from engine.errors import VersionConflictError, WorkbenchError
from engine.runs.loading import Loader
from engine.schema.differences import SchemaDiff, compare_schemas
from engine.schema.limits import MAX_COMMENT, check_text
from engine.schema.models import ExperimentSchema
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import mark_experiment, mark_versions
from engine.store.records import ExperimentRecord
from engine.store.version_rows import check_note
from engine.warehouse.loading.load import check_layout

_BESIDE = frozenset({"generate", "resume"})


@dataclass(frozen=True)
class SchemaUpdate:
    """The result of saving a schema: the current version, and what changed from the one before.

    `is_new` is False when the schema is that of the current version: then no version was made, and only the
    description may have changed.
    """

    experiment: str
    version: int
    is_new: bool
    diff: SchemaDiff
    is_described: bool = False

    def __str__(self) -> str:
        if self.is_new:
            return f"Saved version {self.version} of {self.experiment}: {self.diff.summary}."
        if self.is_described:
            return f"Saved the description of {self.experiment}; its schema is still version {self.version}."
        return f"Nothing was saved: the schema equals version {self.version} of {self.experiment}."

    def _repr_html_(self) -> str:
        return self.diff._repr_html_() if self.is_new else html_table(str(self), [], [])


def save_version(loader: Loader, name: str, schema: ExperimentSchema, based_on: int, *, note: str = "") -> SchemaUpdate:
    """Save a checked schema as the current version of an experiment, unless it equals that.

    Raises `VersionConflictError` when `based_on` is no longer the current version, `NotFoundError` when there is no
    such version, and `LoadError` when DuckDB cannot hold the tables.
    """
    home, catalog, note = loader.home, loader.catalog, check_note(note)
    with _changing_schema(home, name) as is_alone:
        old = catalog.experiment(name)
        schema = schema.model_copy(
            update={"name": old.name, "description": schema.description or old.schema.description}
        )
        catalog.version_schema(name, based_on)
        changes = compare_schemas(old.schema, schema)
        diff = SchemaDiff(old.name, old.version, old.version + bool(changes), changes)
        is_described = schema.description != old.schema.description
        if not changes:
            if is_described:
                record = catalog.describe_experiment(name, schema.description)
                if is_alone:
                    mark_experiment(home, record)
            return SchemaUpdate(old.name, old.version, is_new=False, diff=diff, is_described=is_described)
        if old.version != based_on:
            raise VersionConflictError(old.name, based_on, old.version)
        check_layout(schema)
        record = catalog.add_version(name, schema, based_on, note=note, changes=diff.summary)
        mark_versions(home, catalog, record)
        if is_alone:
            with suppress(WorkbenchError):  # the version is saved; what is missing is made at the next load
                if record.loaded_run_id is None:
                    loader.empty(name)
                else:
                    loader.sweep(name)
        return SchemaUpdate(old.name, record.version, is_new=True, diff=diff, is_described=is_described)


def save_description(loader: Loader, name: str, description: str) -> ExperimentRecord:
    """Set the description of an experiment and return its record; this makes no version."""
    _check_description(description)
    with _changing_schema(loader.home, name) as is_alone:
        record = loader.catalog.describe_experiment(name, description)
        if is_alone:
            mark_experiment(loader.home, record)
        return record


def _check_description(text: str) -> None:
    check_text(text, "The description")
    if len(text) > MAX_COMMENT:
        raise WorkbenchError(
            f"The description has {len(text):,} characters; the limit is {MAX_COMMENT:,}.", hint="Shorten it."
        )


@contextmanager
def _changing_schema(home: Home, name: str) -> Iterator[bool]:
    """Hold the experiment's lock, unless a run does; yield whether it is held. Raises `BusyError` for other changes."""
    lock = ExperimentLock(home, name, action="update")
    if not lock.try_acquire():
        owner = lock.owner()
        if owner is not None and owner.action in _BESIDE and not owner.is_ending:
            yield False
            return
        lock.acquire()
    try:
        lock.note_ending()  # it takes moments: others wait for it
        yield True
    finally:
        lock.release()
