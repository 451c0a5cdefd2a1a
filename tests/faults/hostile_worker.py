"""Try hostile schemas, each in a process of its own that the system ends at 10 s of CPU or 4 GB of memory.

`python -m tests.faults.hostile_worker FOLDER` reads names of schemas from its input, a line each, and writes a line of
JSON for each: how its process ended, the CPU seconds it took, and its answer. A fork of a process that has imported
the engine saves that time for each of them; nothing may start a thread before the forks.
"""

import json
import os
import resource
import sys
from pathlib import Path

import duckdb  # noqa: F401  imported once, before the forks
import faker  # noqa: F401
import mimesis  # noqa: F401
import scipy.stats  # noqa: F401

import engine
import engine.workbench
from engine.errors import WorkbenchError
from engine.settings import Settings
from tests.faults.hostile_schemas import CASES

CPU_SECONDS = 10
MEMORY_BYTES = 4 * 1024**3


def answer(name: str, home: Path) -> str:
    """Create the schema, look at its first rows and at what a run of it would need; return how that ends."""
    settings = Settings.from_environment().at(home)
    with engine.Workbench(settings=settings) as workbench:
        try:
            experiment = workbench.create(CASES[name]())
            for table in experiment.schema.tables[:20]:
                experiment.preview(table.key, 10)
            experiment.estimate()
        except WorkbenchError as error:
            return f"refused: {str(error)[:2000]}"
    return "created"


def attempt(name: str, home: Path) -> dict[str, object]:
    """Return the answer of a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            said = answer(name, home)
        except BaseException as error:
            said = f"raised {type(error).__name__}: {str(error)[:500]}"
        os.write(writing, said.encode("utf-8", "backslashreplace")[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(child, 0)
    seconds = round(usage.ru_utime + usage.ru_stime, 2)
    return {"name": name, "code": os.waitstatus_to_exitcode(status), "cpu_seconds": seconds, "answer": said}


def main(folder: Path) -> None:
    """Answer the names of the input one after the other."""
    for number, line in enumerate(sys.stdin):
        print(json.dumps(attempt(line.strip(), folder / str(number))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
