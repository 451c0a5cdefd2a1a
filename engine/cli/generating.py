"""A run in a terminal: progress bars, and Ctrl+C, which cancels the run.

The run has its own thread, so that the main thread can handle Ctrl+C at any time and cancel the run the way
`dw-sim experiment cancel` does, instead of killing it in the middle of a file.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Self, TypeVar

import typer

from engine.cli.exit_codes import EXIT_INTERRUPTED
from engine.cli.output import is_terminal, print_status

if TYPE_CHECKING:
    from engine import Experiment, Run, RunProgress
    from engine.runs.terminal_bars import TerminalBars

_POLL_SECONDS = 0.1
T = TypeVar("T")


def run_with_progress(experiment: Experiment, work: Callable[[Callable[[RunProgress], None]], Run]) -> Run:
    """Call `work` with a progress listener, and show progress when stderr is a terminal.

    Raises what the run raises; exits with 130 on Ctrl+C.
    """
    with _progress_bars() as bars:
        listener = bars.show if bars else _ignore_progress
        return run_interruptibly(
            lambda: work(listener), lambda run: _stop(experiment, run), "run", "The loaded data is unchanged."
        )


def run_interruptibly(work: Callable[[], T], stop: Callable[[Future[T]], None], what: str, unchanged: str) -> T:
    """Call `work` in a thread of its own; the first Ctrl+C calls `stop`, and the program exits with 130.

    `what` names the work, and `unchanged` says what a cancelled one leaves as it was. Raises what the work raises.
    """
    from engine.errors import CancelledError

    with _InterruptHandler() as interrupt:
        thread, run = _run_in_thread(work)
        while not run.done() and not interrupt.is_interrupted:
            _wait_briefly(run)
        if not run.done():
            print_status(f"Cancelling the {what} (press Ctrl+C again to quit immediately) ...")
            stop(run)
        thread.join()  # the program must not end before the thread
    try:
        return run.result()
    except (CancelledError, KeyboardInterrupt) as error:  # Polars also raises on Ctrl+C, in the thread of the run
        if isinstance(error, CancelledError) and not interrupt.is_interrupted:
            raise
        print_status(f"{what.capitalize()} cancelled. {unchanged}")
        raise typer.Exit(EXIT_INTERRUPTED) from None


class _InterruptHandler:
    """Record the first Ctrl+C, and raise `KeyboardInterrupt` on the second.

    An exception at any point of the main thread would be lost where Python cannot raise one, such as in a finalizer.
    """

    def __init__(self) -> None:
        self.is_interrupted = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_interrupted:
            raise KeyboardInterrupt
        self.is_interrupted = True


def _progress_bars() -> AbstractContextManager[TerminalBars | None]:
    if not is_terminal(sys.stderr):
        return nullcontext()
    from engine.cli.output import console
    from engine.runs.terminal_bars import TerminalBars

    return TerminalBars(console(stderr=True))


def _ignore_progress(progress: RunProgress) -> None:
    """Discard the progress of a run."""


def _run_in_thread(work: Callable[[], T]) -> tuple[Thread, Future[T]]:
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    thread = Thread(target=run, name="dw-sim-generate", daemon=True)
    thread.start()
    return thread, future


def _wait_briefly(run: Future[T]) -> None:
    """Wait for the run to end, but no longer than the Ctrl+C polling interval."""
    from concurrent.futures import wait

    wait([run], timeout=_POLL_SECONDS)


def _stop(experiment: Experiment, run: Future[Run]) -> None:
    """Request cancellation until the run has ended; it may not have started at the first request."""
    from engine.errors import ConflictError

    while not run.done():
        with suppress(ConflictError):
            experiment.cancel()
        _wait_briefly(run)
