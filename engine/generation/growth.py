"""Runs that add to the run before: its rows become an earlier batch, so that none of them changes.

A run with the seed of the last completed one and at least as many rows in each table takes over that run's batches, and
its row counts as one more. Fewer rows or another seed start anew, and a note says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.display.wording import counted
from engine.errors import GenerationError
from engine.generation.requested_counts import row_counts
from engine.rules.keys.table_rows import following_key
from engine.schema.growth import can_grow, with_batches
from engine.schema.limits import MAX_BATCHES, MAX_ROWS
from engine.schema.models import ExperimentSchema

Rows = int | Mapping[str, int] | None
Batches = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class RunBefore:
    """The last completed run of an experiment: its rows by table key, and after each batch before it."""

    id: int
    seed: int
    counts: Mapping[str, int]
    batches: Batches
    schema_version: int = 1


@dataclass(frozen=True)
class Growth:
    """The rows of a run: the schema that makes them, which has its `batches`, and the row counts by table key."""

    schema: ExperimentSchema
    counts: dict[str, int]
    batches: dict[str, list[int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def plan_growth(
    schema: ExperimentSchema,
    rows: Rows,
    seed: int | None,
    before: RunBefore | None,
    *,
    total_rows: int | None = None,
    batches: Batches | None = None,
    schema_version: int = 1,
) -> Growth:
    """Return the rows that a run makes after the run `before`; `batches` are taken in place of that run's.

    Raises `GenerationError` for row counts or batches that cannot be.
    """
    if batches is not None:
        return _given(schema, rows, seed, batches, total_rows)
    anew = Growth(schema, row_counts(schema, rows, seed, total_rows=total_rows))
    if before is None or not before.counts or not can_grow(schema):
        return anew
    if before.seed != seed:
        note = f"The seed is not that of run {before.id}, {before.seed}: all rows are made anew."
        return Growth(schema, anew.counts, notes=(note,))
    ends = _ends(schema, before)
    grown = with_batches(schema, ends)
    counts = row_counts(grown, rows, seed, total_rows=total_rows)
    fewer = [key for key, count in counts.items() if count < before.counts.get(key, 0)]
    if fewer:
        key = fewer[0]
        less = f"{key} has {counted(before.counts[key] - counts[key], 'row')} less than in run {before.id}"
        return Growth(schema, anew.counts, notes=(f"{less}: all rows are made anew.",))
    if all(count == before.counts.get(key, 0) for key, count in counts.items()):
        same = {key: list(known) for key, known in before.batches.items() if known}
        return Growth(with_batches(schema, same), counts, same)
    number = max(map(len, ends.values()), default=0)
    if number > MAX_BATCHES:
        raise GenerationError(
            f"Run {before.id} is the last of {number:,} batches, and a run can add to at most {MAX_BATCHES:,}.",
            where="rows",
            hint="Use another seed, which makes all rows anew.",
        )
    notes = [f"Its rows are added to those of run {before.id}."]
    if before.schema_version != schema_version:
        version = f"version {before.schema_version} of the schema"
        notes.append(f"Run {before.id} was made by {version}: what has changed since is different in its rows, too.")
    kept = {
        key: known
        for key, known in ends.items()
        if following_key(schema.table(key)) is not None or any(end != counts[key] for end in known)
    }
    return Growth(with_batches(schema, kept), counts, kept, tuple(notes))


def _ends(schema: ExperimentSchema, before: RunBefore) -> dict[str, list[int]]:
    """Return the rows of each table after each earlier batch, that of the run before included.

    A table without batches in that run had its rows from the first batch on; one that is new had none.
    """
    number = max(map(len, before.batches.values()), default=0)
    found = {}
    for table in schema.tables:
        count = before.counts.get(table.key, 0)
        first = [count] * number if table.key in before.counts else [0] * number
        found[table.key] = [*(before.batches.get(table.key) or first), count]
    return found


def _given(schema: ExperimentSchema, rows: Rows, seed: int | None, batches: Batches, total_rows: int | None) -> Growth:
    """Return the rows of a run with given batches, such as those of a run that is repeated."""
    lengths = {len(ends) for ends in batches.values() if ends}
    for key, ends in batches.items():
        _check(schema, key, ends, lengths)
    known = {schema.table(key).key: list(ends) for key, ends in batches.items() if ends}
    grown = with_batches(schema, known)
    counts = row_counts(grown, rows, seed, total_rows=total_rows)
    for key, ends in known.items():
        if counts[key] < ends[-1]:
            raise GenerationError(
                f"Its last earlier batch, {ends[-1]:,} rows, is above its {counted(counts[key], 'row')}.",
                where=key,
                hint="Ask for at least as many rows, or leave the batch out.",
            )
    return Growth(grown, counts, known)


def _check(schema: ExperimentSchema, key: str, ends: Sequence[int], lengths: set[int]) -> None:
    try:
        table = schema.table(key)
    except KeyError:
        raise GenerationError(f'There is no table "{key}".', where="batches", hint="Name a table of it.") from None
    is_number = all(isinstance(end, int) and not isinstance(end, bool) and 0 <= end <= MAX_ROWS for end in ends)
    if not is_number or list(ends) != sorted(ends) or len(ends) > MAX_BATCHES or len(lengths) > 1:
        raise GenerationError(
            f"Its batches are no rising row counts, as many for each table: {list(ends)!r}.",
            where=table.key,
            hint="Take the batches of a run.",
        )
    if table.batches:
        raise GenerationError(
            "Its batches are listed in the schema.", where=table.key, hint="Leave them out here, or there."
        )
