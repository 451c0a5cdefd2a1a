"""A process that changes an experiment until it is killed: `python -m tests.faults.worker HOME ACTION EVENT`.

It says "ready", waits for a line, acts, and says "done". With EVENT above 0 it kills itself at that change of a file
or folder, counted from the line: just before the change is made.
"""

import copy
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import engine
from engine.settings import Settings

SHOP: dict[str, Any] = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 2000,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"]},
            ],
        },
        {
            "name": "orders",
            "target_rows": 10_000,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 99},
            ],
        },
    ],
}
CHANGED = copy.deepcopy(SHOP)
CHANGED["tables"][1]["columns"].append({"name": "fee", "data_type": "INT"})
_CHANGES = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir"})


def opened(home: Path) -> engine.Workbench:
    return engine.Workbench(settings=Settings(home=home, chunk_rows=1000, threads=1))


def quietly(progress: engine.RunProgress) -> None:
    pass


def act(workbench: engine.Workbench, action: str) -> None:
    match action:
        case "generate":
            workbench["shop"].generate(seed=2, progress=quietly)
        case "load":
            workbench["shop"].load(1)
        case "reset":
            workbench["shop"].reset()
        case "delete":
            workbench.delete("shop")
        case "create":
            workbench.create(SHOP, name="other")
        case "resume":
            shop = workbench["shop"]
            for run in shop.runs():
                if run.status in ("ABORTED", "FAILED"):
                    shop.resume(run.id, progress=quietly)
        case "delete-run":
            workbench["shop"].delete_run(2)
        case "update":
            workbench["shop"].update(CHANGED)
        case "rename":
            workbench["shop"].rename("store")
        case _:
            raise ValueError(action)


def end_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FileEvents:
    """Counts the changes of files that Python makes, and calls `end` at one of them and at each that follows."""

    def __init__(self, end: Callable[[], object] = end_process) -> None:
        self.count = 0
        self._end = end
        self._fatal = 0
        self._is_on = False
        sys.addaudithook(self._hear)

    @contextmanager
    def counted(self, fatal: int = 0) -> Iterator[None]:
        """Count what happens inside; the event number `fatal` (from 1) is not survived."""
        self.count, self._fatal, self._is_on = 0, fatal, True
        try:
            yield
        finally:
            self._is_on = False

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._is_on and (event in _CHANGES or (event == "open" and _is_writing(arguments))):
            self.count += 1
            if 0 < self._fatal <= self.count:
                self._end()


def _is_writing(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


if __name__ == "__main__":
    events = FileEvents()
    with opened(Path(sys.argv[1])) as workbench:
        print("ready", flush=True)
        sys.stdin.readline()
        with events.counted(int(sys.argv[3])):
            act(workbench, sys.argv[2])
        print("done", flush=True)
