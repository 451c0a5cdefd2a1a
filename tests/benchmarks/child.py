"""One measurement, in the process that was started for it: `python -m tests.benchmarks.child JOB NUMBER ROWS FOLDER`.

The last line of the output is the result as JSON.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from tests.benchmarks.jobs import JOBS, UnavailableError


def main(job: str, number: str, rows: str, folder: str) -> None:
    module, function = JOBS[job].contenders[int(number)].function.split(":")
    try:
        work = getattr(importlib.import_module(module), function)(int(rows), Path(folder))
    except UnavailableError as error:
        print(json.dumps({"unavailable": str(error)}))
        return
    cpu_start, start = _cpu_seconds(), time.perf_counter()
    outcome = work()
    seconds, cpu_seconds = time.perf_counter() - start, _cpu_seconds() - cpu_start
    parts = {name: round(value, 3) for name, value in outcome.parts.items()}
    print(json.dumps({"rows": outcome.rows, "seconds": seconds, "cpu_seconds": cpu_seconds, "parts": parts}))


def _cpu_seconds() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main(*sys.argv[1:])
