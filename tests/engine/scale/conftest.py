"""The experiment of the tests of exports, and its export by this process alone."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import engine
from tests.engine.export.kin import KIN, TABLES

SEED = 5
OPTIONS = {"seed": SEED, "rows_per_file": 100}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def hashes_of(files: dict[str, bytes]) -> dict[str, int]:
    """A number for the rows of each table, whatever their order and files."""
    found = {}
    for table in TABLES:
        folder = f"{table.replace('.', '/')}/" if "." in table else f"main/{table}/"
        parts = [pl.read_parquet(data) for name, data in files.items() if name.startswith(folder)]
        rows = pl.concat(parts).select(pl.all().cast(pl.String).fill_null("NULL?"))
        texts = rows.select(pl.concat_str(pl.all(), separator="\x1f")).to_series() if rows.height else []
        digests = (int.from_bytes(hashlib.sha256(text.encode()).digest()[:12]) for text in texts)
        found[table] = sum(digests) + (len(texts) << 128)
    return found


@pytest.fixture(scope="package")
def kin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        yield workbench.create(KIN)


@pytest.fixture(scope="package")
def alone(kin: engine.Experiment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The objects of an export that this process made alone."""
    folder = tmp_path_factory.mktemp("alone")
    kin.export(folder, **OPTIONS)
    return bytes_of(folder)
