"""The ready experiments that come with the project: the JSON files of `schemas/`, beside the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import engine
from app.shared_workbench import workbench


@dataclass(frozen=True)
class Sample:
    """A ready experiment: its schema and what a person sees of it first."""

    schema: engine.ExperimentSchema

    @property
    def name(self) -> str:
        """The name of the experiment it makes."""
        return self.schema.name

    @property
    def rows(self) -> int:
        """The number of rows it makes when nothing else is asked for."""
        return sum(workbench().planned_rows(self.schema).values())


def samples_folder() -> Path:
    """Return the folder of the ready experiments."""
    return Path(__file__).resolve().parent.parent / "schemas"


@cache
def samples() -> tuple[Sample, ...]:
    """Return the samples, the e-commerce one first; a file that is not an experiment is left out."""
    found = []
    for path in sorted(samples_folder().glob("*.json"), key=lambda path: (path.stem != "ecommerce", path.stem)):
        if path.stem.endswith("schema"):
            continue  # the format's own JSON Schema lies in the same folder
        try:
            found.append(Sample(engine.read_schema(path)))
        except engine.WorkbenchError:
            continue
    return tuple(found)
