"""Life cycles of the rows of a table: states, the shares of the transitions between them, and how long each one takes.

Transitions lead forwards only, so that a row is in a state at most once, and one column can hold its time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from engine.schema.conditional import Case
from engine.schema.fields import Model, Name, Weight

ANY = "*"
"""The gap of all states without one of their own."""
DEFAULT_GAP = ("1h", "3d")
MAX_STATES = 64
MAX_PATHS = 4096
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_GAP = re.compile(r"(\d{1,9})([smhdw])", re.ASCII)
_NO_WORD = re.compile(r"\W+")

_Duration = Annotated[str, Field(max_length=20)]
_Gap = Annotated[list[_Duration], Field(min_length=2, max_length=2)]
_States = Annotated[list[Case], Field(min_length=2, max_length=MAX_STATES)]


class Lifecycle(Model):
    """The states through which each row goes; the columns `<state>_at` hold when, and the status is the last one."""

    states: _States
    """All states, the first one first: ["new", "paid", "shipped", "delivered", "cancelled"]."""
    status: Name = "status"
    """The column that has the state in which a row is."""
    start: Name | None = None
    """The column with the time of the first state, which has a rule of its own; by default `<first state>_at`."""
    at: Annotated[dict[Case, Name], Field(max_length=MAX_STATES)] = Field(default_factory=dict)
    """The columns of states that are not named `<state>_at`: {"paid": "payment_date"}."""
    transitions: Annotated[
        dict[Case, Annotated[dict[Case, Weight], Field(min_length=1, max_length=MAX_STATES)]],
        Field(max_length=MAX_STATES),
    ] = Field(default_factory=dict)
    """The weights of what follows each state: {"new": {"paid": 9, "cancelled": 1}}; the state itself is for rows that
    stay in it. A state without an entry is an end; without any, each state follows the one before."""
    gaps: Annotated[dict[Case, _Gap], Field(max_length=MAX_STATES + 1)] = Field(default_factory=dict)
    """How long it takes to enter a state, min and max: {"paid": ["5m", "2d"], "*": ["1h", "3d"]}; s, m, h, d or w."""
    until: datetime | None = None
    """The present: what would come later has not happened yet, so that some rows are still on their way."""

    @property
    def steps(self) -> dict[str, dict[str, float]]:
        """The weights of what follows each state, without those of 0."""
        if not self.transitions:
            return {state: {after: 1.0} for state, after in zip(self.states, self.states[1:], strict=False)}
        return {
            state: {after: weight for after, weight in weights.items() if weight > 0}
            for state, weights in self.transitions.items()
        }

    def column_of(self, state: str) -> str:
        """Return the name of the column with the time of a state."""
        if state == self.states[0] and self.start is not None:
            return self.start
        return self.at.get(state, f"{_NO_WORD.sub('_', state.casefold())}_at")

    @property
    def order(self) -> list[str]:
        """The states, each after all that can come before it; raises `ValueError` with a circle."""
        ordered: list[str] = []

        def visit(state: str, path: list[str]) -> None:
            if state in path:
                circle = path[path.index(state) :]
                first = circle.index(min(circle, key=self.states.index))
                raise ValueError(" -> ".join([*circle[first:], *circle[:first], circle[first]]))
            if state in ordered:
                return
            for after in self.steps.get(state, {}):
                if after != state:
                    visit(after, [*path, state])
            ordered.append(state)

        for state in reversed(self.states):
            visit(state, [])
        return ordered[::-1]

    def gap_of(self, state: str) -> tuple[int, int]:
        """Return the min and max seconds before a state; raises `ValueError` with the text that is none."""
        low, high = self.gaps.get(state, self.gaps.get(ANY, DEFAULT_GAP))
        return seconds_of(low), seconds_of(high)

    @property
    def longest(self) -> int:
        """The most states through which a row can go."""
        lengths: dict[str, int] = {}
        for state in reversed(self.order):
            lengths[state] = 1 + max((lengths.get(after, 0) for after in self.steps.get(state, {})), default=0)
        return lengths[self.states[0]]

    def count_paths(self) -> int:
        """Return the number of different ways through the states, without making them."""
        ways: dict[str, int] = {}
        for state in reversed(self.order):
            steps = self.steps.get(state, {})
            ways[state] = sum(1 if after == state else ways[after] for after in steps) or 1
        return ways[self.states[0]]


def seconds_of(text: str) -> int:
    """Return the seconds of a duration such as "90s", "5m", "12h", "3d" or "2w"; raises `ValueError`."""
    found = _GAP.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is no duration; write it as "90s", "5m", "12h", "3d" or "2w"')
    return int(found[1]) * _UNITS[found[2]]


def columns_of(lifecycle: Lifecycle, names: Sequence[str]) -> dict[str, str]:
    """Return the columns of `names` (of a table) that hold the time of each state, by state."""
    known = {name.casefold(): name for name in names}
    found = {state: known.get(lifecycle.column_of(state).casefold()) for state in lifecycle.states}
    return {state: name for state, name in found.items() if name is not None}


def is_made(lifecycle: Lifecycle | None, column: str) -> bool:
    """Return whether a life cycle makes the values of a column: the status, and all times but the first."""
    if lifecycle is None:
        return False
    folded = column.casefold()
    names = [lifecycle.status, *map(lifecycle.column_of, lifecycle.states[1:])]
    return folded in map(str.casefold, names)
