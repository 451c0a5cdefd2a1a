"""Renaming an experiment: its record, its folder, its marks, and the names of its tables in the warehouse file.

Order: the new folder with a renamed copy of the warehouse file, the note of the move in the old folder's mark, the
record in one transaction, then the move. Before the transaction a killed rename is undone by the next opening,
after it it is completed (`store/moving.py`).
"""

from __future__ import annotations

from contextlib import suppress

from engine.errors import NotFoundError, SchemaError
from engine.runs.loading import Loader
from engine.schema.checks import check_experiment_name
from engine.schema.limits import check_text
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.creation import claim_folder
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import mark_experiment, mark_runs
from engine.store.marks import ExperimentMark, MarkState, write_experiment_mark
from engine.store.moving import complete_move
from engine.store.records import ExperimentRecord
from engine.warehouse.loading.layout import layout
from engine.warehouse.loading.renaming import copy_renamed


def rename_experiment(loader: Loader, name: str, new_name: str) -> ExperimentRecord:
    """Rename an experiment and return its record; an equal name changes nothing.

    Raises `BusyError` during a run or another change, `ConflictError` when the name is taken, and `SchemaError` for a
    text that is no name; then nothing is changed.
    """
    home, catalog = loader.home, loader.catalog
    with ExperimentLock(home, name, action="rename") as lock:
        record = catalog.experiment(name)
        catalog.abort_orphans(record.name, lambda: False)
        new = _renamed(record.schema, new_name)
        if new.name == record.name:
            return record
        for schema in (new, record.loaded_schema):
            layout(schema.model_copy(update={"name": new.name}))  # the name can clash with those of the tables
        if new.name.lower() == record.name.lower():
            renamed = catalog.rename_experiment(record.name, new.name, _copy_warehouse(loader, record, new.name))
            mark_runs(home, catalog, renamed.name)
            lock.note_ending()
            loader.sweep(renamed.name)
            return renamed
        with claim_folder(home, catalog, new):
            try:
                load_id = _copy_warehouse(loader, record, new.name)
                write_experiment_mark(home.mark_path(record.name), ExperimentMark(MarkState.READY, record, new.name))
                renamed = catalog.rename_experiment(record.name, new.name, load_id)
            except BaseException:
                if _has_old_name(catalog, record):
                    home.remove_experiment(new.name)
                    mark_experiment(home, record)
                raise
            complete_move(home, catalog, record.name, renamed)
            return renamed


def _copy_warehouse(loader: Loader, record: ExperimentRecord, new_name: str) -> int | None:
    """Write the warehouse file under the new name, in its folder; return its load id, None without a file."""
    if record.load_id is None:
        return None
    load_id = loader.catalog.next_load_id(record.name)
    old = record.loaded_schema
    copy_renamed(
        loader.home.warehouse_path(record.name, record.load_id),
        loader.home.warehouse_path(new_name, load_id),
        old,
        old.model_copy(update={"name": new_name}),
    )
    return load_id


def _renamed(schema: ExperimentSchema, name: str) -> ExperimentSchema:
    check_text(name, "The experiment name")
    if problems := list(check_experiment_name(name)):
        raise SchemaError(problems, source="the new name")
    return schema.model_copy(update={"name": name})


def _has_old_name(catalog: Catalog, record: ExperimentRecord) -> bool:
    with suppress(NotFoundError):
        return catalog.experiment(record.name).created_at == record.created_at
    return False
