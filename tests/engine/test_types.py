"""The record types: each exists, and importing them loads none."""

import subprocess
import sys

import pytest

import engine.types


@pytest.mark.parametrize("name", engine.types.__all__)
def test_a_record_type_is_a_documented_class(name: str):
    assert getattr(engine.types, name).__doc__


def test_importing_the_module_loads_no_data_library():
    code = "import sys, engine.types; print(*{'polars', 'duckdb', 'sqlglot'} & set(sys.modules))"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert result.stdout.split() == []
