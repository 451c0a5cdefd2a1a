"""A run in a terminal: progress bars while it lasts, and Ctrl+C that ends it as ABORTED.

The run is made in a thread of its own, so that the main thread is free to hear Ctrl+C at any moment and to ask the
run to stop the same way `dw-sim experiment cancel` does, instead of tearing it down in the middle of a file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from threading import Thread
from typing import TYPE_CHECKING

import typer

from engine.cli.output import is_terminal, tell

if TYPE_CHECKING:
    from engine import Experiment, Run, RunProgress
    from engine.progress_bar import ProgressBars

_GLANCE_SECONDS = 0.1


def watched(experiment: Experiment, work: Callable[[Callable[[RunProgress], None]], Run]) -> Run:
    """Do the work of a run, which takes a listener, showing progress when stderr is a terminal.

    Raises what the run raises, or exits 130 on Ctrl+C.
    """
    from engine.errors import CancelledError

    is_interrupted = False
    with _bars() as bars:
        listener = bars.show if bars else _unseen
        thread, run = _in_thread(lambda: work(listener))
        try:
            _wait(run)
        except KeyboardInterrupt:
            is_interrupted = True
            tell("Stopping the run (Ctrl+C again to leave at once) ...")
            _stop(experiment, run)
        thread.join()  # it has nothing left to do, and the program must not end before it
    try:
        return run.result()
    except (CancelledError, KeyboardInterrupt) as error:  # Polars hears Ctrl+C, too, in the thread of the run
        if isinstance(error, CancelledError) and not is_interrupted:
            raise
        tell("The run is ABORTED; the tables hold what they held before.")
        raise typer.Exit(130) from None


def _bars() -> AbstractContextManager[ProgressBars | None]:
    if not is_terminal(sys.stderr):
        return nullcontext()
    from engine.cli.output import console
    from engine.progress_bar import ProgressBars

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


def _wait(run: Future[Run], seconds: float | None = None) -> None:
    """Wait for the run to end, in short naps so that Ctrl+C is heard on every system."""
    from concurrent.futures import wait

    while not wait([run], timeout=_GLANCE_SECONDS if seconds is None else seconds).done and seconds is None:
        pass


def _stop(experiment: Experiment, run: Future[Run]) -> None:
    """Ask the run to stop until it has; it may not have begun when it is first asked."""
    from engine.errors import ConflictError

    while not run.done():
        try:
            experiment.cancel()
        except ConflictError:
            _wait(run, _GLANCE_SECONDS)
        else:
            _wait(run)
