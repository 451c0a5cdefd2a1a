"""The file of macros: made once, whole, and found by whoever comes next."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from engine.warehouse.macros import attach_macros, macro_file


def test_the_file_is_made_once(tmp_path: Path):
    made = macro_file(tmp_path / "temp", "redshift")
    stamp = made.stat().st_mtime_ns
    assert macro_file(tmp_path / "temp", "redshift") == made
    assert made.stat().st_mtime_ns == stamp
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_several_at_once_find_a_whole_file(tmp_path: Path):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: macro_file(tmp_path, "snowflake"), range(8)))
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [made[0].name]


@pytest.mark.parametrize(("dialect", "sql"), [("redshift", "rs_len('abc')"), ("snowflake", "sf_length('abc')")])
def test_an_attached_file_answers(tmp_path: Path, dialect: str, sql: str):
    with duckdb.connect() as connection:
        schema = attach_macros(connection, macro_file(tmp_path, dialect))
        connection.execute(f"set search_path = '{schema}'")
        assert connection.execute(f"select {sql}").fetchall() == [(3,)]
