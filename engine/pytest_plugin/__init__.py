"""Fixtures for the tests of other projects: experiments that are made once, connections to them, and their tables.

pytest imports this module in every session of an environment that has the package, so it imports nothing but pytest:
the engine is imported by the first test that asks for an experiment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.pytest_plugin.stored_experiments import StoredExperiments
    from engine.warehouse.querying.own_connection import OwnConnection


@pytest.fixture(scope="session")
def _dw_stored_experiments(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredExperiments]:
    from engine.pytest_plugin.stored_experiments import StoredExperiments

    stored = StoredExperiments(_folder(request.config, tmp_path_factory), request.config.rootpath)
    yield stored
    stored.close()


@pytest.fixture(scope="session")
def dw_experiment(_dw_stored_experiments: StoredExperiments) -> Callable[..., Experiment]:
    """Return an experiment with loaded data: `dw_experiment("schemas/shop.json", rows=1000, seed=7)`.

    The schema is a path (relative to pytest's rootdir, or else to the current folder), JSON text, a mapping, a schema
    or a draft. `rows`, `total_rows` and `seed` (0 by default) are those of `Experiment.generate`. The data is made once
    and kept in pytest's cache, for all processes of pytest-xdist and later sessions: read it, but do not change it.
    """
    return _dw_stored_experiments.experiment


@pytest.fixture
def dw_connection(_dw_stored_experiments: StoredExperiments) -> Iterator[Callable[..., OwnConnection]]:
    """Return a read-only DuckDB connection: `dw_connection(experiment)`, or the arguments of `dw_experiment`.

    Tables have their plain names. The connection is closed at the end of the test.
    """
    opened: list[OwnConnection] = []

    def connect(source: Any, rows: int | Mapping[str, int] | None = None, **options: Any) -> OwnConnection:
        opened.append(_dw_stored_experiments.made(source, rows, **options).connect())
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def dw_tables(_dw_stored_experiments: StoredExperiments) -> Callable[..., dict[str, Any]]:
    """Return frames by table key: `dw_tables(experiment, "orders", kind="pandas")`, all tables without names.

    `kind` is polars (the default), pandas or arrow. Further arguments are those of `dw_experiment`, if the first one is
    a schema.
    """
    from engine.pytest_plugin.table_frames import table_frames

    def frames(
        source: Any, *tables: str, kind: str = "polars", rows: int | Mapping[str, int] | None = None, **options: Any
    ) -> dict[str, Any]:
        return table_frames(_dw_stored_experiments.made(source, rows, **options), tables, kind)

    return frames


def _folder(config: pytest.Config, temporary: pytest.TempPathFactory) -> Path:
    """Return the folder of the kept experiments: in pytest's cache, or else one of this session for all its workers."""
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is not None:
        with suppress(OSError):  # a project that cannot be written to
            folder: Path = cache.mkdir("dw-simulator")
            return folder
    base = temporary.getbasetemp()
    folder = (base.parent if hasattr(config, "workerinput") else base) / "dw-simulator"
    folder.mkdir(exist_ok=True)
    return folder
