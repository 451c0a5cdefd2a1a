"""A run in a terminal: progress bars while it lasts, and Ctrl+C that ends it as ABORTED.

The run is made in a thread of its own, so that the main thread is free to hear Ctrl+C at any moment and to ask the
run to stop the same way `dw-sim experiment cancel` does, instead of tearing it down in the middle of a file.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Self

import typer

from engine.cli.output import is_terminal, tell

if TYPE_CHECKING:
    from engine import Experiment, Run, RunProgress
    from engine.runs.progress_bar import ProgressBars

_GLANCE_SECONDS = 0.1


def watched(experiment: Experiment, work: Callable[[Callable[[RunProgress], None]], Run]) -> Run:
    """Do the work of a run, which takes a listener, showing progress when stderr is a terminal.

    Raises what the run raises, or exits 130 on Ctrl+C.
    """
    from engine.errors import CancelledError

    with _bars() as bars, _CtrlC() as ctrl_c:
        listener = bars.show if bars else _unseen
        thread, run = _in_thread(lambda: work(listener))
        while not run.done() and not ctrl_c.is_heard:
            _nap(run)
        if not run.done():
            tell("Stopping the run (Ctrl+C again to leave at once) ...")
            _stop(experiment, run)
        thread.join()  # it has nothing left to do, and the program must not end before it
    try:
        return run.result()
    except (CancelledError, KeyboardInterrupt) as error:  # Polars hears Ctrl+C, too, in the thread of the run
        if isinstance(error, CancelledError) and not ctrl_c.is_heard:
            raise
        tell("The run is ABORTED; the tables hold what they held before.")
        raise typer.Exit(130) from None


class _CtrlC:
    """Within it the first Ctrl+C is only noted, and the second raises `KeyboardInterrupt`.

    An exception at any point of the main thread would be lost where Python cannot raise one, such as in a finalizer.
    """

    def __init__(self) -> None:
        self.is_heard = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_heard:
            raise KeyboardInterrupt
        self.is_heard = True


def _bars() -> AbstractContextManager[ProgressBars | None]:
    if not is_terminal(sys.stderr):
        return nullcontext()
    from engine.cli.output import console
    from engine.runs.progress_bar import ProgressBars

    return ProgressBars(console(stderr=True))


def _unseen(progress: RunProgress) -> None:
    """Take the progress of a run that nobody watches."""


def _in_thread(work: Callable[[], Run]) -> tuple[Thread, Future[Run]]:
    future: Future[Run] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    thread = Thread(target=run, name="dw-sim-generate", daemon=True)
    thread.start()
    return thread, future


def _nap(run: Future[Run]) -> None:
    """Wait for the run to end, but only as long as Ctrl+C may go unnoticed."""
    from concurrent.futures import wait

    wait([run], timeout=_GLANCE_SECONDS)


def _stop(experiment: Experiment, run: Future[Run]) -> None:
    """Ask the run to stop until it has; it may not have begun when it is first asked."""
    from engine.errors import ConflictError

    while not run.done():
        with suppress(ConflictError):
            experiment.cancel()
        _nap(run)
