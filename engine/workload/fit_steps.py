"""The steps of a fit: a listener hears what it does now, and the processor time of each step is counted."""

from __future__ import annotations

from time import process_time

from engine.workload.trials import FitListener, FitProgress


class FitSteps:
    """The steps of one fit, in the round `round` (0 before the first repair)."""

    def __init__(self, listener: FitListener) -> None:
        self.round = 0
        self._listener = listener
        self._step = ("", process_time())
        self._seconds: dict[str, float] = {}

    def start(self, step: str, found: int | None) -> None:
        """Start a step; `found` is the number of statements that find rows, None where it is not known."""
        self.tell(FitProgress(step, self.round, found=found))

    def tell(self, progress: FitProgress) -> None:
        """Count the time of the step before, and tell the listener; its `CancelledError` is raised again."""
        self._count(progress.step)
        self._listener(progress)

    def take_seconds(self) -> dict[str, float]:
        """Return the processor time of each step, in seconds, since the last call."""
        self._count(self._step[0])
        taken = {step: round(seconds, 1) for step, seconds in self._seconds.items()}
        self._seconds = {}
        return taken

    def _count(self, step: str) -> None:
        """Count the processor time since the last step to that one."""
        before, started = self._step
        self._step = (step, process_time())
        if before:
            self._seconds[before] = self._seconds.get(before, 0.0) + self._step[1] - started
