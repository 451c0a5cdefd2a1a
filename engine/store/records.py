"""The records of the catalog: experiments, runs, and their progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.display.html_tables import html_table
from engine.errors import DamagedError
from engine.schema.hidden import stored_schema
from engine.schema.models import ExperimentSchema


class RunStatus(StrEnum):
    """The status of a run: FAILED has a traceback, ABORTED was cancelled or interrupted."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ABORTED = "ABORTED"


@dataclass(frozen=True)
class ExperimentRecord:
    """An experiment in the catalog.

    `load_id` identifies its current warehouse file and is None before the first one; `row_counts` are
    the rows in it by table key. `loaded_run_id` is the run they come from, None when the tables are empty.
    `version` is the number of the current schema, and `loaded_version` that of the schema of the warehouse file;
    `earlier_schema` is the latter's schema where they differ, and `earlier_fault` why it cannot be read.
    """

    name: str
    schema: ExperimentSchema
    created_at: datetime
    load_id: int | None
    loaded_run_id: int | None
    row_counts: dict[str, int]
    version: int = 1
    loaded_version: int = 1
    earlier_schema: ExperimentSchema | None = None
    earlier_fault: str = ""

    @property
    def loaded_schema(self) -> ExperimentSchema:
        """The schema of the loaded tables, without hidden columns: that of the loaded run, maybe an earlier version.

        Raises `DamagedError` if that version cannot be read; then everything but the loaded tables can still be used.
        """
        if self.earlier_fault:
            raise DamagedError(
                f'The catalog\'s record of version {self.loaded_version} of "{self.name}", which is loaded, is damaged'
                f" ({self.earlier_fault}).",
                where="schema_versions.schema",
                hint="Generate data, load a run of another version, or reset the tables.",
            )
        return stored_schema(self.made_schema)

    @property
    def made_schema(self) -> ExperimentSchema:
        """The schema by which the loaded tables were made, with its hidden columns; raises as `loaded_schema`."""
        if self.earlier_fault:
            return self.loaded_schema
        return self.earlier_schema or self.schema


@dataclass(frozen=True)
class SchemaVersion:
    """A version of an experiment's schema; `number` counts 1, 2, 3, ...

    `note` is what the user wrote, `changes` a line about what differs from the version before, empty for the first.
    """

    number: int
    saved_at: datetime
    note: str = ""
    changes: str = ""
    is_current: bool = False
    run_ids: tuple[int, ...] = ()
    """The runs made by this version, newest first."""


@dataclass(frozen=True)
class DamagedExperiment:
    """An experiment whose record in the catalog cannot be read: its name and the error."""

    name: str
    error: DamagedError


@dataclass(frozen=True)
class Run:
    """A generation run; `id` counts 1, 2, 3, ... within its experiment.

    `row_counts` are the rows requested while the run is RUNNING and the rows written once it has ended;
    `requested_rows` are always those requested. `error` is one line for people and `traceback` the details of a
    failure. Times are in UTC; resuming resets the start time, and `notes` record the earlier ends. A run whose record
    in the catalog cannot be read in full is FAILED and `is_damaged`: it can only be deleted. `schema_version` is the
    version of the schema that makes its data. `batches` has the rows of each table after each earlier run that it adds
    to, oldest first; it is empty for a run that made all rows anew.
    """

    id: int
    experiment: str
    status: RunStatus
    seed: int
    row_counts: dict[str, int]
    started_at: datetime
    finished_at: datetime | None = None
    error: str | None = None
    traceback: str | None = None
    is_loaded: bool = False
    output_dir: str | None = None
    notes: tuple[str, ...] = ()
    requested_rows: dict[str, int] = field(default_factory=dict)
    is_to_be_loaded: bool = True
    is_damaged: bool = False
    schema_version: int = 1
    batches: dict[str, list[int]] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """The duration of the run; None while it is RUNNING."""
        return None if self.finished_at is None else (self.finished_at - self.started_at).total_seconds()

    def _repr_html_(self) -> str:
        took = "" if self.seconds is None else f" in {self.seconds:.1f} s"
        loaded = ", loaded" if self.is_loaded else ""
        caption = f"Run {self.id} of {self.experiment}: {self.status}{took}, seed {self.seed}"
        caption += f", version {self.schema_version}{loaded}"
        if self.batches:
            caption += f", batch {max(map(len, self.batches.values())) + 1}"
        if self.error:
            caption += f". {self.error}"
        return html_table(caption, ["table", "rows"], self.row_counts.items())


@dataclass(frozen=True)
class TableProgress:
    """The progress of one table of a run.

    `rows_done` are written and `rows_loaded` loaded. Loading takes about `loading_share` of the run's duration, 0 for a
    run that is not loaded.
    """

    table: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    rows_loaded: int = 0
    loading_share: float = 0.0

    @property
    def fraction(self) -> float:
        """From 0 to 1: it is 1 when all rows are written and, in a run that loads, loaded."""
        if self.rows_total == 0:
            return 1.0 - self.loading_share
        written, loaded = self.rows_done / self.rows_total, self.rows_loaded / self.rows_total
        return written * (1 - self.loading_share) + loaded * self.loading_share


@dataclass(frozen=True)
class PhaseProgress:
    """The progress of one phase of a run; `seconds` is its duration so far, None when it is not measured.

    The rows of the phase "waiting" are those that a resumed run kept and checks.
    """

    name: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds: float | None
    seconds_left: float | None
    fraction: float


@dataclass(frozen=True)
class RunProgress:
    """The progress of a run; `phase` is "waiting", "generating", "loading" or "done".

    `fraction` runs from 0 to 1 over all phases and never falls: the mean of the tables' fractions by their rows.
    `phases` has the progress of each phase; a run that is not loaded has no phase "loading".
    """

    run_id: int
    status: RunStatus
    phase: str
    tables: tuple[TableProgress, ...]
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    fraction: float
    phases: tuple[PhaseProgress, ...] = ()

    @property
    def current(self) -> PhaseProgress | None:
        """The progress of the phase that the run is in; None when it has ended."""
        return next((phase for phase in self.phases if phase.name == self.phase), None)
