"""The macro file: created once, complete, and reused."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from engine.warehouse.querying.macros import attach_macros, macro_file

CALLS = {"redshift": "rs_len('abc')", "snowflake": "sf_length('abc')"}


def run_macro(path: Path, dialect: str) -> list[tuple[int]]:
    with duckdb.connect() as connection:
        connection.execute(f"set search_path = '{attach_macros(connection, path)}'")
        return connection.execute(f"select {CALLS[dialect]}").fetchall()


@pytest.mark.parametrize("dialect", CALLS)
def test_the_file_is_created_once(tmp_path: Path, dialect: str, monkeypatch: pytest.MonkeyPatch):
    path = macro_file(tmp_path / "temp", dialect)
    gone = {path.name: tmp_path / "gone" / path.name}  # this process made one, which was removed with its home
    monkeypatch.setattr("engine.warehouse.querying.macros._made", gone)
    assert run_macro(path, dialect) == [(3,)]
    stamp = path.stat().st_mtime_ns
    assert run_macro(path, dialect) == [(3,)]
    assert path.stat().st_mtime_ns == stamp
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_concurrent_processes_find_a_complete_file(tmp_path: Path):
    path = macro_file(tmp_path, "snowflake")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: run_macro(path, "snowflake"), range(8))) == [[(3,)]] * 8
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_every_process_names_the_same_file():
    code = "from pathlib import Path; from engine.warehouse.querying.macros import macro_file as f; "
    code += "print(f(Path(), 'redshift'), f(Path(), 'snowflake'))"
    names = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in "12"
    }
    assert len(names) == 1


def test_another_folder_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first, second = (macro_file(tmp_path / folder, "redshift") for folder in "ab")
    assert run_macro(first, "redshift") == [(3,)]
    monkeypatch.setattr("engine.warehouse.querying.macros.macro_statements", lambda _: pytest.fail("made again"))
    assert run_macro(second, "redshift") == [(3,)]


@pytest.mark.parametrize("dialect", CALLS)
def test_without_a_writable_file_a_session_creates_its_own_macros(tmp_path: Path, dialect: str):
    (tmp_path / "file").touch()
    assert run_macro(macro_file(tmp_path / "file", dialect), dialect) == [(3,)]
