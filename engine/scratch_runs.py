"""Runs in a scratch home folder: a schema's data, generated, loaded and queried beside the user's, and then removed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.generation.requested_counts import row_counts
from engine.queries.query_dialects import DUCKDB
from engine.runs.creating import create_experiment
from engine.runs.jobs import Jobs
from engine.runs.loading import Loader
from engine.runs.run import RunWork, prepare
from engine.schema.models import ExperimentSchema
from engine.services import Services
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.system.durable_files import write_atomically
from engine.warehouse.querying.macros import macro_file


@contextmanager
def scratch_run(
    services: Services,
    schema: ExperimentSchema,
    rows: Mapping[str, int],
    seed: int,
    listener: Callable[[int, int], None] | None = None,
) -> Iterator[Services]:
    """Yield services with one experiment, of the schema's name, that has been generated and loaded.

    Its folder is beside the home folder's other temporary files and is removed at the end. Raises what a run raises.
    `listener` is called with the number of rows that are done, and of all; what it raises ends the run.
    """
    with tempfile.TemporaryDirectory(prefix="fit-", ignore_cleanup_errors=True) as folder:
        settings = services.settings.at(Path(folder))
        home = Home(Path(folder))
        dialect = schema.dialect
        kept = None if dialect in (None, DUCKDB) else macro_file(services.home.temp_dir, str(dialect))
        if kept is not None and kept.exists():
            home.temp_dir.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, home.temp_dir / kept.name)
        scratch = Services(home, Catalog(home.catalog_path), settings, Jobs())
        try:
            create_experiment(Loader(home, scratch.catalog, settings), schema)
            counts = row_counts(schema, rows)
            request = prepare(schema, counts, seed, load=True, output_dir=None, home=home.root)
            work = RunWork(home, scratch.catalog, settings, request)
            if listener is not None:
                notify = listener
                work.listener = lambda progress: notify(progress.rows_done, progress.rows_total)
            work.begin()
            work.work()
            yield scratch
        finally:
            scratch.close()
            if kept is not None and not kept.exists() and (home.temp_dir / kept.name).exists():
                with suppress(OSError), write_atomically(kept) as temporary:
                    shutil.copyfile(home.temp_dir / kept.name, temporary)
