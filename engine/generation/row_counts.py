"""How many rows each table of a run gets: what the schema says, what the caller asks for instead."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import GenerationError, Problem, did_you_mean
from engine.rules.compiler import default_counts
from engine.rules.seeds import GREATEST_SEED
from engine.schema.models import ExperimentSchema

GREATEST_ROWS = 10**12


def row_counts(schema: ExperimentSchema, rows: int | Mapping[str, int] | None) -> dict[str, int]:
    """Return the rows of each table by its key; `rows` is a number for all tables or one for each named table.

    Raises `GenerationError` that lists every unknown table and every number below 0 or above 10**12.
    """
    counts = default_counts(schema)
    if rows is None:
        return counts
    if not isinstance(rows, Mapping):
        rows = dict.fromkeys(counts, rows)
    problems: list[Problem] = []
    for name, number in rows.items():
        try:
            key = schema.table(name).key
        except KeyError:
            hint = did_you_mean(name, counts) or f"The tables are: {', '.join(list(counts)[:20])}."
            problems.append(Problem("rows", f'There is no table "{name}".', hint))
            continue
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= GREATEST_ROWS:
            problems.append(Problem(key, f"{number!r} is not a number of rows.", f"It is 0 to {GREATEST_ROWS:,}."))
            continue
        counts[key] = number
    if problems:
        raise GenerationError("\n".join(str(problem) for problem in problems))
    return counts


def checked_seed(seed: int) -> int:
    """Return the seed; raises `GenerationError` when it is not a whole number from 0 to 2**63 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= GREATEST_SEED:
        raise GenerationError(f"{seed!r} is not a seed.", where="seed", hint=f"It is 0 to {GREATEST_SEED}.")
    return seed
