"""Undo and redo: the states before each change, and those that an undo has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

State = TypeVar("State")
MAX_STEPS = 200
"""Changes that can be undone; earlier ones are forgotten."""


class History(Generic[State]):
    """The past and the undone states of something that changes, each with the name of the change."""

    def __init__(self) -> None:
        self._past: list[tuple[str, State]] = []
        self._undone: list[tuple[str, State]] = []

    @property
    def to_undo(self) -> str:
        """The name of the change that `undo` takes back; empty when there is none."""
        return self._past[-1][0] if self._past else ""

    @property
    def to_redo(self) -> str:
        """The name of the change that `redo` makes again; empty when there is none."""
        return self._undone[-1][0] if self._undone else ""

    def note(self, change: str, before: State) -> None:
        """Add a change with the state before it; what was undone can no longer be redone."""
        self._past = [*self._past[-MAX_STEPS + 1 :], (change, before)]
        self._undone.clear()

    def undo(self, current: Callable[[], State]) -> State | None:
        """Return the state before the last change, None without one."""
        return _step(self._past, self._undone, current)

    def redo(self, current: Callable[[], State]) -> State | None:
        """Return the state after the change that was undone last, None without one."""
        return _step(self._undone, self._past, current)


def _step(
    source: list[tuple[str, State]], target: list[tuple[str, State]], current: Callable[[], State]
) -> State | None:
    if not source:
        return None
    change, state = source.pop()
    target.append((change, current()))
    return state
