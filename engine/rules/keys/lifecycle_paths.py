"""The ways of rows through a life cycle: how many rows take each, so that each transition has its share to the row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from engine.rules.keys.row_shares import share_rows
from engine.schema.lifecycles import MAX_PATHS, Lifecycle


@dataclass(frozen=True)
class Way:
    """States in the order in which rows pass through them, and the number of those rows."""

    states: tuple[str, ...]
    rows: int


def find_ways(lifecycle: Lifecycle, rows: int) -> list[Way]:
    """Return the ways of all rows; the rows that leave a state are shared by weight, by the largest remainders."""
    if lifecycle.count_paths() > MAX_PATHS:
        raise ValueError("too many ways")  # the check of the schema names the problem
    return list(_found_ways(lifecycle.model_dump_json(include={"states", "transitions"}), rows))


@lru_cache(maxsize=64)
def _found_ways(described: str, rows: int) -> tuple[Way, ...]:
    lifecycle = Lifecycle.model_validate_json(described)
    arrived: dict[str, list[Way]] = {state: [] for state in lifecycle.states}
    arrived[lifecycle.states[0]] = [Way((lifecycle.states[0],), rows)]
    found: list[Way] = []
    for state in lifecycle.order:
        steps = lifecycle.steps.get(state, {})
        if not steps:
            found += arrived[state]
            continue
        total = sum(way.rows for way in arrived[state])
        weights = [Fraction(str(weight)) for weight in steps.values()]
        left = share_rows(total, weights, [0] * len(steps), [total] * len(steps))
        for way in arrived[state]:
            parts = share_rows(way.rows, list(map(Fraction, left)), [0] * len(steps), left)
            left = [each - part for each, part in zip(left, parts, strict=True)]
            for after, part in zip(steps, parts, strict=True):
                if after == state:
                    found.append(Way(way.states, part))
                else:
                    arrived[after].append(Way((*way.states, after), part))
    return tuple(way for way in found if way.rows)


def possible_ways(lifecycle: Lifecycle) -> Iterator[tuple[str, ...]]:
    """Yield every part of a way that a row can have gone by some time, from the first state on."""
    waiting: list[tuple[str, ...]] = [(lifecycle.states[0],)]
    while waiting:
        way = waiting.pop()
        yield way
        waiting += [(*way, after) for after in lifecycle.steps.get(way[-1], {}) if after != way[-1]]
