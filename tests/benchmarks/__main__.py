"""The command line of the benchmarks."""

from __future__ import annotations

import argparse

from rich.console import Console

from tests.benchmarks.jobs import JOBS
from tests.benchmarks.measuring import busy_loops, measure
from tests.benchmarks.report import json_lines, table_of


def main() -> None:
    arguments = _arguments()
    console, progress = Console(width=150), Console(stderr=True, style="dim")
    for name in arguments.jobs or JOBS:
        job = JOBS[name]
        with busy_loops(arguments.busy):
            results = measure(
                job, arguments.rows or job.rows, arguments.repeat, only=arguments.only, say=progress.print
            )
        console.print(table_of(job, results))
        for line in json_lines(job, results):
            print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"all by default: {', '.join(JOBS)}")
    parser.add_argument("--rows", type=int, help="rows of the job (growth: of its greatest size)")
    parser.add_argument("--repeat", type=int, default=3, help="rounds, of which the best counts (default 3)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="ours and these contenders only")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="busy loops beside the work (default 0)")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.jobs if name not in JOBS]:
        parser.error(f"there is no job {', '.join(unknown)}; the jobs are {', '.join(JOBS)}")
    return arguments


if __name__ == "__main__":
    main()
