"""Experiments of tests, each in a home folder named by all that decides its data, and made by one process only.

A folder counts once it has `made.json`, which is written last; whatever else is found is made again. A file lock keeps
two processes from making the same one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

import engine
from engine.errors import WorkbenchError
from engine.experiment import Experiment
from engine.review.sources import read_source
from engine.scale.tasks import library_versions
from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema
from engine.store.records import RunProgress
from engine.workbench import Workbench

if TYPE_CHECKING:
    from engine.review.sources import Source

_MADE = "made.json"
_UNUSED_SECONDS = 14 * 24 * 3600


class StoredExperiments:
    """The experiments in `folder`, which this session has opened; paths of schemas are relative to `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self._opened: dict[str, tuple[Workbench, Experiment]] = {}

    def experiment(
        self,
        schema: Source,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        seed: int = 0,
    ) -> Experiment:
        """Return the experiment of a schema with its data loaded, made if it is not there.

        Raises `SchemaError` with every problem of the schema, `NotFoundError` for a missing file, and what
        `generate` raises.
        """
        made = read_source(self._find(schema))
        options = {"rows": dict(rows) if isinstance(rows, Mapping) else rows, "total_rows": total_rows, "seed": seed}
        key = _digest(made, options)
        if key not in self._opened:
            with FileLock(self.folder / f"{key}.lock"):
                self._remove_unused()
                self._opened[key] = self._reopen(key, made.name) or self._make(key, made, options)
        return self._opened[key][1]

    def made(self, source: Experiment | Source, rows: int | Mapping[str, int] | None, **options: Any) -> Experiment:
        """Return `source` if it is an experiment, else the one of that schema."""
        if not isinstance(source, Experiment):
            return self.experiment(source, rows, **options)
        if rows is not None or options:
            raise WorkbenchError(
                "An experiment has its rows and its seed.", hint="Give rows and seed to dw_experiment."
            )
        return source

    def close(self) -> None:
        """Close what was opened; the folders stay."""
        for workbench, _ in self._opened.values():
            workbench.close()
        self._opened.clear()

    def _find(self, schema: Source) -> Source:
        is_path = isinstance(schema, Path) or (isinstance(schema, str) and not schema.lstrip().startswith("{"))
        if is_path and (self.root / str(schema)).is_file():
            return self.root / str(schema)
        return schema

    def _reopen(self, key: str, name: str) -> tuple[Workbench, Experiment] | None:
        """Open a complete folder; None for one that was never completed, or that a test has changed."""
        home = self.folder / key
        if not (home / _MADE).is_file():
            return None
        workbench = None
        with suppress(WorkbenchError):
            workbench = Workbench(home)
            experiment = workbench[name]
            only = [(run.id, str(run.status)) for run in experiment.runs()] == [(1, "COMPLETED")]
            if only and experiment.loaded_run_id == 1 and experiment.version == 1:
                (home / _MADE).touch()
                return workbench, experiment
        if workbench is not None:
            workbench.close()
        return None

    def _make(self, key: str, schema: ExperimentSchema, options: Mapping[str, Any]) -> tuple[Workbench, Experiment]:
        home = self.folder / key
        shutil.rmtree(home, ignore_errors=True)
        workbench = Workbench(home)
        try:
            experiment = workbench.create(schema)
            experiment.generate(**options, progress=_quietly)
        except BaseException:
            workbench.close()
            shutil.rmtree(home, ignore_errors=True)
            raise
        (home / _MADE).write_text(json.dumps({"experiment": schema.name, **options}), "utf-8")
        return workbench, experiment

    def _remove_unused(self) -> None:
        """Delete the folders that no session has used for two weeks, and that no process is making."""
        for mark in self.folder.glob(f"*/{_MADE}"):
            key = mark.parent.name
            with suppress(OSError, Timeout):
                if key in self._opened or time.time() - mark.stat().st_mtime < _UNUSED_SECONDS:
                    continue
                with FileLock(self.folder / f"{key}.lock", blocking=False):
                    shutil.rmtree(mark.parent, ignore_errors=True)


def _digest(schema: ExperimentSchema, options: Mapping[str, Any]) -> str:
    """Return the name of a folder: a digest of the schema, the run's options, the libraries and the engine's files."""
    root = Path(str(engine.__file__)).parent
    files = [(str(path.relative_to(root)), path.stat().st_mtime_ns) for path in sorted(root.rglob("*.py"))]
    parts = (schema_to_json(schema), options, library_versions(), files)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def _quietly(_: RunProgress) -> None:
    """Show no progress: it would be among the output of a test."""
