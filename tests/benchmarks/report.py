"""The result of a job as a table for people and as JSON, one line for each contender."""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median

from rich.table import Table

from tests.benchmarks.jobs import Job
from tests.benchmarks.measuring import Measured


def table_of(job: Job, results: Sequence[Measured]) -> Table:
    """Return the table of a job; the ratio is how many times as fast ours is: min, median, max of the rounds."""
    table = Table(title=f"{job.name}: {job.title}", title_justify="left", caption_justify="left")
    table.add_column("contender")
    for heading in ("rows", "seconds", "CPU seconds", "rows/s", "ratios", "peak MB"):
        table.add_column(heading, justify="right")
    table.add_column("remark")
    for result in results:
        if not result.seconds:
            table.add_row(result.contender.name, *[""] * 6, result.fault)
            continue
        parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in result.parts.items())
        table.add_row(
            result.contender.name,
            f"{result.rows:,}",
            f"{min(result.seconds):.2f}",
            f"{min(result.cpu_seconds):.2f}",
            f"{result.rows_per_second:,.0f}",
            " ".join(f"{ratio:.2f}" for ratio in _ratios(results, result)),
            f"{result.peak_mb:.0f}",
            "; ".join(filter(None, (result.contender.note, parts))),
        )
    return table


def json_lines(job: Job, results: Sequence[Measured]) -> list[str]:
    """Return a JSON object for each contender."""
    return [json.dumps(_record(job, results, result)) for result in results]


def _record(job: Job, results: Sequence[Measured], result: Measured) -> dict[str, object]:
    names: dict[str, object] = {"job": job.name, "contender": result.contender.name}
    if not result.seconds:
        return {**names, "fault": result.fault}
    return {
        **names,
        "rows": result.rows,
        "rows_per_second": round(result.rows_per_second),
        "ratio_min_median_max": [round(ratio, 3) for ratio in _ratios(results, result)],
        "peak_mb": round(result.peak_mb, 1),
        "seconds": [round(value, 3) for value in result.seconds],
        "cpu_seconds": [round(value, 3) for value in result.cpu_seconds],
        "parts": result.parts,
    }


def _ratios(results: Sequence[Measured], result: Measured) -> tuple[float, ...]:
    """Return the minimum, median and maximum over the rounds of our rows per second by the contender's."""
    ours = results[0]
    found = [
        (ours.rows / own) / (result.rows / other) for own, other in zip(ours.seconds, result.seconds, strict=False)
    ]
    return (min(found), median(found), max(found)) if found else ()
