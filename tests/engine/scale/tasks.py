"""A task of the experiment of the tests."""

import json
from pathlib import Path

from engine.scale.tasks import PartTask
from tests.engine.export.kin import KIN


def kin_task(to: Path | str) -> PartTask:
    counts = tuple((key, 50) for key in ("hr.people", "Select", "single", "nothing"))
    return PartTask(
        json.dumps(KIN), "Select", 5, counts, 0, 0, 50, str(to), "main/Select/part-0000000.parquet",
        "parquet", "duckdb", "snappy", 50_000, "", 2,
    )  # fmt: skip
