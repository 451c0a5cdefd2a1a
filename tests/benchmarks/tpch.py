"""The TPC-H job: eight tables in the shape of TPC-H at scale 1, beside the generator written for just that.

`tpch.json` has TPC-H's types, key structure, row counts, value ranges and text lengths; the values are the
workbench's own. tpchgen-cli (Rust) makes the very rows that the standard prescribes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import engine
from tests.benchmarks.jobs import Outcome, UnavailableError, Work

SCALE_ROWS = 8_660_030
"""The rows of the eight tables at scale 1, as TPC-H counts them on average."""
SEED = 42


def generate(rows: int, folder: Path) -> Work:
    """Generate through the notebook API; `rows` other than scale 1 shrink the large tables."""
    tpch = create(folder)

    def work() -> Outcome:
        return Outcome(sum(tpch.generate(scaled_counts(tpch, rows), seed=SEED, load=False).row_counts.values()))

    return work


def create(folder: Path) -> engine.Experiment:
    """Create the experiment in a new home."""
    return engine.Workbench(folder).create(Path(__file__).with_name("tpch.json"))


def scaled_counts(tpch: engine.Experiment, rows: int) -> dict[str, int]:
    """Return the rows of each table when there are `rows` in all; regions and nations stay as they are."""
    scale = rows / SCALE_ROWS
    return {
        table.key: max(1, round(table.target_rows * scale))
        for table in tpch.schema.tables
        if table.target_rows is not None and table.name not in ("region", "nation")
    }


def tpchgen(rows: int, folder: Path) -> Work:
    """Run tpchgen-cli, with its own defaults for Parquet (all processors, Snappy)."""
    program = Path(sys.executable).with_name("tpchgen-cli")
    found = str(program) if program.exists() else shutil.which("tpchgen-cli")
    if found is None:
        raise UnavailableError("It is not installed: pip install 'dw-simulator[bench]'.")
    scale = rows / SCALE_ROWS
    command = [found, "parquet", "--quiet", "-s", f"{scale:g}", "--output-dir", str(folder)]

    def work() -> Outcome:
        subprocess.run(command, check=True, capture_output=True)
        return Outcome(rows)

    return work
