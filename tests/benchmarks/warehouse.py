"""Creating, loading and querying the e-commerce experiment, beside DuckDB alone on the same files and statements.

Its rows are generated before the clock starts. The rows of `creation` are tables, those of `queries` are queries.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

import engine
from tests.benchmarks.jobs import Outcome, Work

_SCHEMA = Path(__file__).parents[2] / "schemas" / "ecommerce.json"
_REPEATS = 20
_QUERIES = (
    "select status, count(*) as orders from orders group by status order by orders desc",
    "select order_id, ordered_at from orders where status = 'cancelled' order by ordered_at desc limit 100",
    "select state, sum(quantity * unit_price) as revenue from order_items join orders using (order_id) "
    "join customers using (customer_id) group by state order by revenue desc",
    "select c.customer_id, count(o.order_id) as orders from customers c left join orders o "
    "on o.customer_id = c.customer_id group by c.customer_id order by orders desc, c.customer_id limit 10",
)


def create_again(_rows: int, folder: Path) -> Work:
    """Create the experiment in a home where it was created before; imports count."""
    code = f"import engine; engine.Workbench({str(folder)!r}).create({str(_SCHEMA)!r}, name='before')"
    subprocess.run([sys.executable, "-c", code], check=True)
    return create_first(_rows, folder)


def create_first(_rows: int, folder: Path) -> Work:
    """Create the experiment, in a new home unless the folder has one."""

    def work() -> Outcome:
        return Outcome(len(engine.Workbench(folder).create(_SCHEMA).schema.tables))

    return work


def create_in_duckdb(_rows: int, folder: Path) -> Work:
    """Create the same tables with DuckDB."""
    script = engine.export_ddl(engine.read_schema(_SCHEMA), "duckdb")

    def work() -> Outcome:
        with duckdb.connect(folder / "shop.duckdb") as connection:
            connection.execute(script)
            (tables,) = connection.execute("select count(*) from duckdb_tables()").fetchall()[0]
        return Outcome(tables)

    return work


def load(rows: int, folder: Path) -> Work:
    """Load a completed run, with its checks."""
    shop, run = _generated(rows, folder, load=False)

    def work() -> Outcome:
        return Outcome(sum(shop.load(run.id).row_counts.values()))

    return work


def load_in_duckdb(rows: int, folder: Path) -> Work:
    """Load the Parquet files of a run with DuckDB."""
    shop = engine.Workbench(folder).create(_SCHEMA)
    run = shop.generate(total_rows=rows, seed=42, load=False, output_dir=folder / "files", progress=lambda _: None)
    files = {key: folder / "files" / key / "*.parquet" for key in run.row_counts}

    def work() -> Outcome:
        with duckdb.connect(folder / "shop.duckdb") as connection:
            for name, pattern in files.items():
                connection.execute(f"create table {name} as from read_parquet('{pattern}')")
            connection.execute("checkpoint")
        return Outcome(sum(run.row_counts.values()))

    return work


def ask(rows: int, folder: Path) -> Work:
    """Ask through the notebook API, after each query was asked once."""
    shop, _ = _generated(rows, folder)
    for sql in _QUERIES:
        shop.query(sql)

    def work() -> Outcome:
        for sql in _QUERIES * _REPEATS:
            shop.query(sql).frame  # noqa: B018 - the frame is made on demand
        return Outcome(len(_QUERIES) * _REPEATS)

    return work


def ask_duckdb(rows: int, folder: Path) -> Work:
    """Ask DuckDB itself, on the same file."""
    shop, _ = _generated(rows, folder)
    connection = duckdb.connect(shop.path(), read_only=True)
    for sql in _QUERIES:
        connection.sql(sql).pl()

    def work() -> Outcome:
        for sql in _QUERIES * _REPEATS:
            connection.sql(sql).pl()
        return Outcome(len(_QUERIES) * _REPEATS)

    return work


def _generated(rows: int, folder: Path, *, load: bool = True) -> tuple[engine.Experiment, engine.Run]:
    shop = engine.Workbench(folder).create(_SCHEMA)
    run = shop.generate(total_rows=rows, seed=42, load=load, progress=lambda _progress: None)
    return shop, run
