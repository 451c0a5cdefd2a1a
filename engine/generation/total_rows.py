"""One number of rows for all tables together, spread in proportion of the schema's row counts.

Lookups, calendars and settings keep their rows, and so do tables whose count is given; lines follow their headers; no
table gets more rows than its unique keys can hold, and the others then get the rest. Counts grow with one factor; the
factor that gives the total is found by halving.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import GenerationError
from engine.rules.keys.row_capacity import RowCapacity
from engine.rules.keys.table_rows import default_counts, followed_tables, following_key
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.table_kinds import keeps_its_rows
from engine.schema.limits import MAX_ROWS, shown
from engine.schema.models import ExperimentSchema

TOLERANCE = 0.01
_UNIT = 2**32
"""A factor of 1: factors are integers, so that every machine finds the same counts."""


def spread_total(schema: ExperimentSchema, total: int, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the row count of each table by key, about `total` in all (within 1 percent, mostly exactly).

    A table that follows those parents that meet a `where` is left out: only a run counts these.
    `given` counts, by table key, are kept and are part of the total. Raises `GenerationError` when the tables cannot
    have so few or so many rows.
    """
    if isinstance(total, bool) or not isinstance(total, int) or not 1 <= total <= MAX_ROWS:
        raise GenerationError(
            f"{shown(total)} is not a number of rows in all.", where="total", hint=f"Use 1 to {MAX_ROWS:,}."
        )
    spread = _Spread(schema, given or {})
    counts = spread.near(total)
    found = sum(counts.values())
    if abs(found - total) > TOLERANCE * total:
        raise spread.refusal(total, found)
    conditional = {table.key for table in schema.tables if (key := following_key(table)) and key.where is not None}
    return {key: rows for key, rows in counts.items() if key not in spread.followers & conditional}


class _Spread:
    """The counts of a schema for a factor."""

    def __init__(self, schema: ExperimentSchema, given: Mapping[str, int]) -> None:
        self._given = given
        self._base = default_counts(schema, given)
        self._capacity = RowCapacity(schema)
        self._graph = KeyGraph(schema)
        self._tables = self._graph.ordered
        self._keys = [table.key for table in schema.tables]
        kept = keeps_its_rows(schema)
        self._kept = {key for key in self._keys if key in kept or self._base[key] == 0} - given.keys()
        self.followers = followed_tables(schema).keys() - given.keys() - self._kept

    def near(self, total: int) -> dict[str, int]:
        """Return the counts whose sum is nearest to the total, exact where one table can take the difference."""
        low, high = 0, _UNIT
        while high < _UNIT * MAX_ROWS and sum(self._counts(high).values()) < total:
            low, high = high, high * 2
        while high - low > 1 and (high - low) * 2**12 > low:
            middle = (low + high) // 2
            low, high = (middle, high) if sum(self._counts(middle).values()) <= total else (low, middle)
        counts = min((self._counts(each) for each in (low, high)), key=lambda found: abs(sum(found.values()) - total))
        return self._filled(counts, total)

    def refusal(self, total: int, found: int) -> GenerationError:
        """Return the error of a total that is too small or too large for the tables."""
        if found > total:
            kept = [key for key in self._keys if key in self._kept]
            named = f": {', '.join(kept[:5])} keep their rows" if kept else ""
            message, hint = f"The tables have at least {found:,} rows{named}.", f"Use {found:,} or more"
        else:
            message, hint = f"The tables can have no more than {found:,} rows in all.", f"Use {found:,} or less"
        hint += ", or give tables a number of their own."
        return GenerationError(f"About {total:,} rows in all are not possible. {message}", where="total", hint=hint)

    def _counts(self, factor: int) -> dict[str, int]:
        counts: dict[str, int] = {}
        for table in self._tables:
            key = table.key
            if key in self._given:
                counts[key] = self._given[key]
                continue
            wanted = self._base[key] if key in self._kept else max(1, self._base[key] * factor // _UNIT)
            if key in self.followers:
                natural = self._capacity.natural_rows(table, counts)
                wanted = wanted if natural is None else natural
            counts[key] = self._capacity.rows(table, min(wanted, MAX_ROWS), counts)
        return {key: counts[key] for key in self._keys}

    def _filled(self, counts: dict[str, int], total: int) -> dict[str, int]:
        """Return the counts with the difference to the total in the largest table that no other depends on."""
        bound = self._given.keys() | self._kept | self.followers
        free = [table for table in self._tables if table.key not in bound and not self._graph.is_referenced(table)]
        for table in sorted(free, key=lambda table: -counts[table.key])[:1]:
            wanted = counts[table.key] + total - sum(counts.values())
            counts = {**counts, table.key: self._capacity.rows(table, max(1, wanted), counts)}
        return counts
