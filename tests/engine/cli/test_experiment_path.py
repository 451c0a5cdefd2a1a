"""`dw-sim experiment path`: one line, a file that other programs open."""

from pathlib import Path

import duckdb


def test_the_path_of_the_loaded_tables_is_printed_alone(filled):
    result = filled("experiment", "path", "shop")

    (line,) = result.stdout.splitlines()
    assert Path(line).name == "experiment_tables.duckdb"
    with duckdb.connect(line, read_only=True) as connection:
        assert connection.execute("select count(*) from orders").fetchone() == (50,)


def test_without_loaded_data_it_says_what_to_do(shop):
    result = shop("experiment", "path", "shop")

    assert (result.exit_code, result.stdout) == (1, "")
    assert 'Nothing is loaded in "shop". Generate data, or load a completed run.' in " ".join(result.stderr.split())
