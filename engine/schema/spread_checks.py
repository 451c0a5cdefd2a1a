"""Checks of how the rows of a table are spread over the parents of a foreign key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.errors import Problem
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import ExperimentSchema

MAX_GROUP = 4096
"""The most parents among which the shares of fan_out_weights come out exactly."""


def check_weights(weights: Mapping[int, float], has_bounds: bool, where: str) -> Iterator[Problem]:
    """Yield the problems of fan_out_weights."""
    if has_bounds:
        yield Problem(where, "fan_out cannot be combined with fan_out_weights.", "Keep one of them.")
    used = {rows: weight for rows, weight in weights.items() if weight > 0}
    if not used or not any(used):
        yield Problem(
            where,
            "fan_out_weights gives no parent a row.",
            'Give a number of rows above 0 a weight: {"0": 0.2, "1": 0.5, "2": 0.3}.',
        )
        return
    most, total = max(used), sum(used.values())
    rarest = min(used, key=lambda rows: used[rows])
    largest = largest_group(most)
    if used[rarest] * largest < total / 2:
        yield Problem(
            where,
            f"{rarest} rows per parent have a share of {used[rarest] / total:.3g}; with at most {most:,} rows "
            f"per parent the smallest possible share is {1 / largest:.3g}.",
            "Raise this weight, or lower the largest number of rows.",
        )


def check_counted(key: ForeignKey | CompositeForeignKey, where: str, *, is_own: bool) -> Iterator[Problem]:
    """Yield the problems of a counted key."""
    if not key.counted:
        return
    given = "fan_out" if key.spread is not None else "unique" if key.unique else ""
    if given:
        yield Problem(where, f"counted cannot be combined with {given}.", f"Remove counted: {given} is countable, too.")
    if is_own:
        yield Problem(
            where,
            "A key to its own table cannot be counted: each row references an earlier one.",
            "Remove counted.",
        )


def check_batches(schema: ExperimentSchema) -> Iterator[Problem]:
    """Yield the problems of the batches in which tables grow."""
    grown = [table for table in schema.tables if table.batches]
    for table in grown:
        if table.batches != sorted(table.batches):
            yield Problem(table.key, f"batches must rise: {table.batches}.", "List the rows after each batch in order.")
        elif table.target_rows is None or table.target_rows < table.batches[-1]:
            given = "which it does not give" if table.target_rows is None else f"{table.target_rows:,}"
            yield Problem(
                table.key,
                f"Its last earlier batch, {table.batches[-1]:,} rows, is above its target_rows, {given}.",
                "Set target_rows to the rows after the last batch.",
            )
        if len(table.batches) != len(grown[0].batches):
            yield Problem(
                table.key,
                f"It has {len(table.batches)} earlier batches, and {grown[0].key} has {len(grown[0].batches)}.",
                "List every batch in each table; one that does not grow repeats its number of rows.",
            )


def largest_group(most_rows: int) -> int:
    """Return the most parents of a group whose shuffles fit into their table."""
    return min(MAX_GROUP, max(2, 2**18 // max(1, most_rows)))
