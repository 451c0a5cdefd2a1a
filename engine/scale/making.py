"""One file, made by a worker: versions are compared, the table is compiled once, and a record comes back."""

from __future__ import annotations

import hashlib
import json
import traceback
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from engine import errors
from engine.errors import ConflictError, GenerationError, WorkbenchError
from engine.export.opening import open_place
from engine.export.part_files import put_part
from engine.generation.batches import restore_batches
from engine.generation.writer import TablePlan
from engine.rules.compiler import TableCompiler
from engine.scale.tasks import PartRecord, PartTask, library_versions, unpack
from engine.schema.files import read_schema

_MAX_PLANS = 64
_plans: OrderedDict[tuple[object, ...], TablePlan] = OrderedDict()


def make_part(task: PartTask) -> PartRecord:
    """Make one file with its record, or find both there; the same task gives the same bytes anywhere."""
    plan = compiled(task)
    place = open_place(task.url, task.store)
    with restore_batches(), place.scratch() as scratch:
        stored = put_part(plan, task.order, place, scratch)
    return PartRecord(task.table, task.number, task.name, stored.size_bytes, stored.sha256)


def compiled(task: PartTask) -> TablePlan:
    """Return the compiled table of a task, which is kept for the next one."""
    key = (hashlib.sha256(task.schema.encode()).digest(), task.table, task.seed, task.counts)
    plan = _plans.get(key)
    if plan is None:
        schema, counts = read_schema(json.loads(task.schema)), dict(task.counts)
        table = next(table for table in schema.tables if table.key == task.table)
        compiler = TableCompiler(schema, table, task.seed, counts)
        plan = _plans[key] = TablePlan(table, compiler, compiler.outputs(), counts[table.key])
        if len(_plans) > _MAX_PLANS:
            _plans.popitem(last=False)
    _plans.move_to_end(key)
    return plan


def run_task(text: str) -> str:
    """Make the file of a packed task; return its record, or the error, as text."""
    try:
        content = json.loads(text)
        check_versions(content["versions"])
        return json.dumps(asdict(make_part(unpack(content))))
    except WorkbenchError as error:
        kind = type(error).__name__
        return json.dumps({"error": [kind, error.message, error.where, error.hint]}, ensure_ascii=False)
    except Exception as error:
        trace = traceback.format_exc(limit=-3)
        message = f"A worker failed: {type(error).__name__}: {error}\n{trace}"
        return json.dumps({"error": ["GenerationError", message, "", ""]}, ensure_ascii=False)


def read_answer(text: str) -> PartRecord:
    """Return the record in an answer of `run_task`, or raise its error."""
    content: dict[str, Any] = json.loads(text)
    if "error" not in content:
        return PartRecord(**content)
    kind, message, where, hint = content["error"]
    found = getattr(errors, kind, GenerationError)
    raise (found if _is_plain(found) else WorkbenchError)(message, where=where, hint=hint)


def _is_plain(kind: type[WorkbenchError]) -> bool:
    return kind.__init__ is WorkbenchError.__init__


def check_versions(wanted: dict[str, str]) -> None:
    """Raise `ConflictError` if a library of this process is another one: it would make other bytes."""
    here = library_versions()
    different = [
        f"{name} {version} there, {here.get(name, 'none')} at the worker"
        for name, version in wanted.items()
        if here.get(name) != version
    ]
    if different:
        raise ConflictError(
            f"A worker has other libraries than the export: {'; '.join(different)}.",
            where="worker",
            hint="Install the same versions on every machine: pip install -r requirements.txt",
        )
