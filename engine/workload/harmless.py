"""The largest part of a round's changes that does no harm, found with few trials by halving."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.workload.changes import Change

T = TypeVar("T")
Unit = tuple[Change, ...]
"""Changes that are made together or not at all."""


@dataclass(frozen=True)
class Attempt(Generic[T]):
    """What a trial of changes gave, and the tables at fault if it did harm: empty if that is not known."""

    result: T
    is_harmless: bool
    blamed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Harmless(Generic[T]):
    """The units that are kept, those taken back, and what the trial of the kept ones gave: None if none is kept."""

    kept: tuple[Unit, ...]
    taken_back: tuple[Unit, ...]
    result: T | None
    failed: T | None = None
    """What the trial of all units gave, if it did harm."""


def units_of(changes: Sequence[Change]) -> list[Unit]:
    """Return the changes by unit, those without one by the table and column that they change."""
    units: dict[object, list[Change]] = {}
    for change in changes:
        units.setdefault(change.unit or ("", change.place), []).append(change)
    return [tuple(unit) for unit in units.values()]


def keep_harmless(
    units: Sequence[Unit], attempt: Callable[[Sequence[Unit]], Attempt[T]], most_trials: int
) -> Harmless[T]:
    """Return a part of the units that does no harm; those that were not tried in `most_trials` are taken back.

    Units of tables at fault are tried last, so that most of the others are kept with one trial.
    """
    first = attempt(units)
    if first.is_harmless:
        return Harmless(tuple(units), (), first.result)
    good: list[Unit] = []
    bad: list[Unit] = list(units) if len(units) == 1 else []
    best: T | None = None
    trials = 1
    groups = _by_blame(units, first.blamed) if len(units) > 1 else []
    while groups:
        group = groups.pop(0)
        if trials >= most_trials:
            bad += group
            continue
        trials += 1
        tried = attempt([*good, *group])
        if tried.is_harmless:
            good += group
            best = tried.result
        elif len(group) == 1:
            bad += group
        else:
            groups[:0] = _halves(group)
    order = {id(unit): number for number, unit in enumerate(units)}
    kept = sorted(good, key=lambda unit: order[id(unit)])
    return Harmless(tuple(kept), tuple(sorted(bad, key=lambda unit: order[id(unit)])), best, first.result)


def _by_blame(units: Sequence[Unit], blamed: Collection[str]) -> list[list[Unit]]:
    innocent = [unit for unit in units if not any(change.table in blamed for change in unit)]
    guilty = [unit for unit in units if any(change.table in blamed for change in unit)]
    return [innocent, guilty] if innocent and guilty else _halves(list(units))


def _halves(units: list[Unit]) -> list[list[Unit]]:
    middle = len(units) // 2
    return [units[:middle], units[middle:]]
