"""What earlier runs took, for the estimate of the next one.

A table's duration is taken from earlier runs of the same version of the same experiment, loading from all runs of the
home folder: its speed depends on the machine and little on the tables. A run counts only if it had at least a tenth of
the rows: smaller runs are mostly startup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LOADED_CELLS_PER_SECOND = 12_000_000
_WRITTEN_CELLS_PER_SECOND = 4_000_000
_MAX_GROWTH = 10
_RUNS_USED = 3


@dataclass(frozen=True)
class TableTiming:
    """The rows of a table in an earlier run, the seconds they took, and the size of their files."""

    rows: int
    seconds: float
    size_bytes: int


@dataclass(frozen=True)
class RunTiming:
    """An earlier run: its tables by key, and its loading (`loaded_cells` are rows times columns)."""

    experiment: str
    run_id: int
    tables: Mapping[str, TableTiming]
    loading_seconds: float = 0.0
    loaded_cells: int = 0
    schema_version: int = 1


@dataclass(frozen=True)
class Earlier:
    """The earlier runs, the newest first, as a run of a version of an experiment's schema learns from them."""

    timings: Sequence[RunTiming] = ()
    experiment: str = ""
    schema_version: int = 1

    def of_version(self) -> list[RunTiming]:
        """Return the runs whose tables had the same columns and rules."""
        wanted = (self.experiment, self.schema_version)
        return [each for each in self.timings if (each.experiment, each.schema_version) == wanted]


NO_RUNS = Earlier()


@dataclass(frozen=True)
class LearnedTable:
    """A table's expected seconds and size, with the runs they come from."""

    seconds: float
    size_bytes: float
    run_ids: frozenset[int]


def learn_table(earlier: Earlier, table: str, rows: int) -> LearnedTable | None:
    """Return what so many rows of a table will take, from the newest fitting runs; None without one."""
    found = [
        (timing.run_id, of_table)
        for timing in earlier.of_version()
        if (of_table := timing.tables.get(table)) is not None
        and rows <= of_table.rows * _MAX_GROWTH
        and of_table.seconds > 0
    ][:_RUNS_USED]
    known = sum(of_table.rows for _, of_table in found)
    if not known:
        return None
    share = rows / known
    return LearnedTable(
        share * sum(of_table.seconds for _, of_table in found),
        share * sum(of_table.size_bytes for _, of_table in found),
        frozenset(run_id for run_id, _ in found),
    )


def loading_seconds(earlier: Earlier, cells: int) -> float:
    """Return the seconds that loading so many cells takes: as in earlier runs, those of the experiment first."""
    fitting = [
        each for each in earlier.timings if each.loading_seconds > 0 and cells <= each.loaded_cells * _MAX_GROWTH
    ]
    fitting.sort(key=lambda each: each.experiment != earlier.experiment)
    used = fitting[:_RUNS_USED]
    if not used:
        return cells / _LOADED_CELLS_PER_SECOND
    return cells * sum(each.loading_seconds for each in used) / sum(each.loaded_cells for each in used)


def expected_share(loading: float, earlier: Earlier, rows: Mapping[str, int], cells: int) -> float:
    """Return the share of a run's duration that its loading takes, when that takes `loading` seconds."""
    learned = [learn_table(earlier, table, number) for table, number in rows.items() if number]
    seconds = [each.seconds for each in learned if each is not None]
    writing = sum(seconds) if len(seconds) == len(learned) else cells / _WRITTEN_CELLS_PER_SECOND
    return loading / (loading + writing) if loading + writing > 0 else 0.0
