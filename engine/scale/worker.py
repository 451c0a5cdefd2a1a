"""A worker process of this machine: a packed task on each line of its input, an answer on each line of its output.

It ends when its input does: then whoever gave the tasks has ended or was killed.
"""

from __future__ import annotations

import os
import sys
from queue import SimpleQueue
from threading import Thread


def main() -> None:
    """Answer tasks until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # what a library prints is no answer
    tasks: SimpleQueue[str] = SimpleQueue()
    Thread(target=_read, args=(tasks,), daemon=True).start()
    from engine.scale.making import run_task

    while True:
        answers.write(run_task(tasks.get()) + "\n")
        answers.flush()


def _read(tasks: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)  # in the middle of a file, too: it is put whole or not at all


if __name__ == "__main__":
    main()
