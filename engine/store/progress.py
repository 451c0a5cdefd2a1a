"""The progress of a run: the note in its catalog row, and what it says about tables and phases.

A run waits (a resumed one checks the files it kept), then generates, then loads. The share of loading is fixed when the
run starts, so that the progress of the whole never falls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.store.fields import as_text
from engine.store.records import PhaseProgress, Run, RunProgress, RunStatus, TableProgress

WAITING, GENERATING, LOADING, DONE = "waiting", "generating", "loading", "done"

TableNumbers = tuple[int, int, float]
"""The rows written, all rows, and the seconds of a table."""


@dataclass(frozen=True)
class LoadingNote:
    """The loading of a run: its expected share of the duration and seconds, then its rows by table and its seconds.

    `cells` are the rows times the columns of all tables.
    """

    share: float = 0.0
    expected_seconds: float = 0.0
    seconds: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    cells: int = 0


@dataclass(frozen=True)
class ProgressNote:
    """The recorded progress of a run.

    `elapsed` are the seconds of generating so far, and `elapsed_before` those before the run was resumed, less the time
    that it waited since. `checked` are the kept rows that are checked, and all kept rows.
    """

    phase: str = WAITING
    tables: Mapping[str, TableNumbers] = field(default_factory=dict)
    elapsed: float = 0.0
    elapsed_before: float = 0.0
    checked: tuple[int, int] = (0, 0)
    loading: LoadingNote = LoadingNote()

    def to_json(self) -> str:
        """Return the note as the text of the catalog."""
        loading = vars(self.loading) | {"rows": dict(self.loading.rows)}
        tables = {key: list(numbers) for key, numbers in self.tables.items()}
        return json.dumps(vars(self) | {"tables": tables, "checked": list(self.checked), "loading": loading})


def read_note(value: object) -> ProgressNote:
    """Return the note in a catalog row, an empty one when it is missing or unreadable."""
    try:
        note = json.loads(as_text(value))
        tables = {key: (int(n[0]), int(n[1]), float(n[2])) for key, n in note.get("tables", {}).items()}
        checked = note.get("checked", (0, 0))
        return ProgressNote(
            str(note.get("phase", WAITING)),
            tables,
            float(note.get("elapsed", 0.0)),
            float(note.get("elapsed_before", 0.0)),
            (int(checked[0]), int(checked[1])),
            _read_loading(note.get("loading", {})),
        )
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return ProgressNote()


def _read_loading(loading: Any) -> LoadingNote:
    return LoadingNote(
        min(max(float(loading.get("share", 0.0)), 0.0), 1.0),
        float(loading.get("expected_seconds", 0.0)),
        float(loading.get("seconds", 0.0)),
        {key: int(rows) for key, rows in loading.get("rows", {}).items()},
        int(loading.get("cells", 0)),
    )


def run_progress(run: Run, note: ProgressNote) -> RunProgress:
    """Return the progress of a run from its note."""
    phase = note.phase if run.status is RunStatus.RUNNING else DONE
    is_whole = run.status is RunStatus.COMPLETED
    share = note.loading.share if run.is_to_be_loaded else 0.0
    numbers = _table_numbers(run, note)
    tables = tuple(
        _table_progress(key, *numbers[key], _loaded_rows(run, note, key, numbers[key][1]), share, is_whole=is_whole)
        for key in numbers
    )
    done, total = sum(table.rows_done for table in tables), sum(table.rows_total for table in tables)
    elapsed = note.elapsed or run.seconds or 0.0
    generating = _phase(GENERATING, done, total, elapsed, is_over=phase in (LOADING, DONE))
    phases = [_waiting(note, phase), generating]
    if run.is_to_be_loaded:
        loaded = sum(table.rows_loaded for table in tables)
        phases.append(_loading(note.loading, loaded, total, is_over=is_whole, is_active=phase == LOADING))
    fraction = sum(table.fraction * table.rows_total for table in tables) / total if total else float(is_whole)
    return RunProgress(
        run.id,
        run.status,
        phase,
        tables,
        done,
        total,
        phases[-1].rows_per_second if phase == LOADING else generating.rows_per_second,
        0.0 if is_whole else _sum_left(phases[1:]),
        1.0 if is_whole else min(fraction, 1.0),
        tuple(phases),
    )


def _table_numbers(run: Run, note: ProgressNote) -> dict[str, TableNumbers]:
    numbers = dict(note.tables)
    if run.status is RunStatus.COMPLETED:
        numbers = {key: (rows, rows, numbers.get(key, (0, 0, 0.0))[2]) for key, rows in run.row_counts.items()}
    for key, rows in run.row_counts.items():
        numbers.setdefault(key, (0, rows, 0.0))
    return numbers


def _loaded_rows(run: Run, note: ProgressNote, table: str, total: int) -> int:
    if not run.is_to_be_loaded:
        return 0
    return total if run.status is RunStatus.COMPLETED else min(note.loading.rows.get(table, 0), total)


def _table_progress(
    key: str, done: int, total: int, seconds: float, loaded: int, share: float, *, is_whole: bool
) -> TableProgress:
    if total == 0:  # nothing to do: complete with the whole run
        share = 0.0 if is_whole else 1.0
    return TableProgress(key, done, total, *_rate(done, total, seconds), loaded, share)


def _waiting(note: ProgressNote, phase: str) -> PhaseProgress:
    done, total = note.checked
    fraction = 1.0 if phase != WAITING else done / total if total else 0.0
    return PhaseProgress(WAITING, done, total, 0.0, None, 0.0 if phase != WAITING else None, fraction)


def _phase(name: str, done: int, total: int, seconds: float, *, is_over: bool) -> PhaseProgress:
    fraction = done / total if total else float(is_over)
    rate, left = _rate(done, total, seconds)
    return PhaseProgress(name, done, total, rate, seconds, left, fraction)


def _loading(note: LoadingNote, done: int, total: int, *, is_over: bool, is_active: bool) -> PhaseProgress:
    """Return the progress of loading; its seconds left are the expected ones until it has loaded a tenth."""
    measured = _phase(LOADING, done, total, note.seconds, is_over=is_over)
    if is_over or (is_active and measured.fraction >= 0.1):
        return measured
    left = max(note.expected_seconds - note.seconds, 0.0) if note.expected_seconds else None
    return PhaseProgress(LOADING, done, total, measured.rows_per_second, note.seconds, left, measured.fraction)


def _sum_left(phases: list[PhaseProgress]) -> float | None:
    lefts = [phase.seconds_left for phase in phases]
    return None if lefts[0] is None else sum(left for left in lefts if left is not None)


def _rate(done: int, total: int, seconds: float) -> tuple[float, float | None]:
    """Return rows per second and the seconds left, None while the rate is unknown."""
    rate = done / seconds if seconds > 0 else 0.0
    if done >= total:
        return rate, 0.0
    return rate, (total - done) / rate if rate > 0 else None
