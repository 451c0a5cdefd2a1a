"""The sample experiments of the project: the JSON files in `schemas/`, next to the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import engine
from app.shared_workbench import workbench


@dataclass(frozen=True)
class Sample:
    """A sample experiment."""

    schema: engine.ExperimentSchema

    @property
    def name(self) -> str:
        """The name of its experiment."""
        return self.schema.name

    @property
    def rows(self) -> int:
        """The number of rows of a run with default row counts."""
        return sum(workbench().planned_rows(self.schema).values())


def samples_folder() -> Path:
    """Return the folder of the sample experiments."""
    return Path(__file__).resolve().parent.parent / "schemas"


@cache
def samples() -> tuple[Sample, ...]:
    """Return the samples, the e-commerce one first; files that are not experiments are skipped."""
    found = []
    for path in sorted(samples_folder().glob("*.json"), key=lambda path: (path.stem != "ecommerce", path.stem)):
        if path.stem.endswith("schema"):
            continue  # the format's own JSON Schema is in the same folder
        try:
            found.append(Sample(engine.read_schema(path)))
        except engine.WorkbenchError:
            continue
    return tuple(found)
