"""The marks: a file in each experiment and run folder that identifies it as the workbench's own.

They have all that is needed to rebuild the catalog: the schema, the loaded run, and each run with its parts. Only a
folder with its mark may be deleted, and only in the states CREATING and DELETING.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import WorkbenchError
from engine.generation.parts import Part
from engine.schema.files import schema_to_json
from engine.store.fields import stored_schema
from engine.store.home import Home
from engine.store.records import ExperimentRecord, Run, RunStatus
from engine.system.durable_files import read_json_object, write_atomically

_FORMAT = 1
_EXPERIMENT_KIND = "dw-sim experiment"
_RUN_KIND = "dw-sim run"


class MarkState(StrEnum):
    """The state of a folder: if CREATING or DELETING and not in the catalog, it is deleted."""

    CREATING = "creating"
    READY = "ready"
    DELETING = "deleting"


@dataclass(frozen=True)
class ExperimentMark:
    """The mark of an experiment folder; `renamed_to` is the new name while its contents move to another folder."""

    state: MarkState
    record: ExperimentRecord
    renamed_to: str | None = None


@dataclass(frozen=True)
class RunMark:
    """The mark of a run folder; `parts` are by table key."""

    state: MarkState
    run: Run
    parts: dict[str, list[Part]] = field(default_factory=dict)


def write_experiment_mark(path: Path, mark: ExperimentMark) -> None:
    """Write the mark of an experiment atomically; raises `WorkbenchError`."""
    _write(path, experiment_facts(mark) | {"schema": json.loads(schema_to_json(mark.record.schema))})


def experiment_facts(mark: ExperimentMark) -> dict[str, Any]:
    """Return the contents of an experiment's mark as JSON values, without its schema, which its version stands for."""
    record = mark.record
    return {
        "format": _FORMAT,
        "kind": _EXPERIMENT_KIND,
        "state": mark.state.value,
        "name": record.name,
        "created_at": record.created_at.isoformat(),
        "load_id": record.load_id,
        "loaded_run_id": record.loaded_run_id,
        "row_counts": record.row_counts,
        "version": record.version,
        "loaded_version": record.loaded_version,
        "description": record.schema.description,
        "renamed_to": mark.renamed_to,
    }


def write_run_mark(path: Path, mark: RunMark) -> None:
    """Write the mark of a run atomically, creating its folder if needed; raises `WorkbenchError`."""
    _write(path, run_facts(mark))


def run_facts(mark: RunMark) -> dict[str, Any]:
    """Return the contents of a run's mark as JSON values."""
    run = asdict(mark.run)
    del run["is_loaded"]  # the experiment's mark records what is loaded
    run |= {"started_at": mark.run.started_at.isoformat(), "notes": list(mark.run.notes)}
    run["finished_at"] = None if mark.run.finished_at is None else mark.run.finished_at.isoformat()
    parts = {key: [asdict(part) for part in of_table] for key, of_table in mark.parts.items()}
    return {"format": _FORMAT, "kind": _RUN_KIND, "state": mark.state.value, "run": run, "parts": parts}


def read_experiment_mark(home: Home, name: str) -> ExperimentMark | None:
    """Return the mark of an experiment folder; None when it is missing, unreadable or of another name."""
    data = read_json_object(home.mark_path(name))
    try:
        if data.get("kind") != _EXPERIMENT_KIND or data["format"] != _FORMAT or data["name"].lower() != name.lower():
            return None
        record = ExperimentRecord(
            name=data["name"],
            schema=stored_schema(json.dumps(data["schema"])),
            created_at=datetime.fromisoformat(data["created_at"]),
            load_id=data["load_id"],
            loaded_run_id=data["loaded_run_id"],
            row_counts=dict(data["row_counts"]),
            version=int(data.get("version", 1)),
            loaded_version=int(data.get("loaded_version", 1)),
        )
        return ExperimentMark(MarkState(data["state"]), record, data.get("renamed_to"))
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
        return None


def read_run_mark(home: Home, name: str, run_id: int) -> RunMark | None:
    """Return the mark of a run folder; None when it is missing, unreadable or of another run."""
    data = read_json_object(home.run_mark_path(name, run_id))
    try:
        if data.get("kind") != _RUN_KIND or data["format"] != _FORMAT:
            return None
        run = _run(data["run"])
        if run.id != run_id or run.experiment.lower() != name.lower():
            return None
        parts = {str(key): [Part(**part) for part in of_table] for key, of_table in data["parts"].items()}
        return RunMark(MarkState(data["state"]), run, parts)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _run(data: Mapping[str, Any]) -> Run:
    finished = data["finished_at"]
    notes: Sequence[str] = data["notes"]
    return Run(
        **{
            **data,
            "status": RunStatus(data["status"]),
            "started_at": datetime.fromisoformat(data["started_at"]),
            "finished_at": None if finished is None else datetime.fromisoformat(finished),
            "notes": tuple(notes),
        }
    )


def _write(path: Path, data: Mapping[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as unfinished:
            unfinished.write_text(json.dumps(data) + "\n", "utf-8")
    except OSError as error:
        raise WorkbenchError(
            f"The mark of the folder cannot be written: {error.strerror}.",
            where=str(path),
            hint="Check that the disk has space and that you may write there.",
        ) from error
