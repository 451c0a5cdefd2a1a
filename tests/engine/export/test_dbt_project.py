"""The tests of a dbt project for keys of several columns, rendered as dbt renders them and run by DuckDB."""

import json
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest

import engine

PAIRS: dict[str, Any] = {
    "name": "pairs",
    "tables": [
        {
            "name": "stock",
            "target_rows": 20,
            "primary_key": ["place", "item"],
            "columns": [
                {"name": "place", "data_type": "INT"},
                {"name": "item", "quoted": True, "data_type": "VARCHAR(10)", "values": ["a", "b", "c", "d"]},
            ],
        },
        {
            "name": "moves",
            "target_rows": 100,
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "INT"},
                {"name": "place", "data_type": "INT", "required": False},
                {"name": "item", "data_type": "VARCHAR(10)", "required": False},
            ],
            "foreign_keys": [
                {
                    "columns": ["place", "item"],
                    "references_table": "stock",
                    "references_columns": ["place", "item"],
                    "null_fraction": 0.2,
                }
            ],
        },
    ],
}
UNIQUE = {"columns": ["place", '"item"']}
REFERENCES = {"columns": ["place", "item"], "fields": ["place", '"item"']}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("project") / "out"
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        workbench.create(PAIRS).export(to, format="dbt", target="duckdb", seed=3)
    return to


def test_sources_name_the_keys_of_several_columns(project: Path):
    lines = [line.strip() for line in (project / "models/_sources.yml").read_text().splitlines()]

    place = lines.index("- dw_sim_unique_together:")
    assert lines[place + 1 : place + 5] == ["arguments:", "columns:", "- place", '- "\\"item\\""']
    place = lines.index("- dw_sim_references:")
    assert lines[place + 1 :] == [
        "arguments:", "columns:", "- place", "- item",
        "to: \"source('pairs', 'stock')\"", "fields:", "- place", '- "\\"item\\""',
    ]  # fmt: skip
    manifest = json.loads((project / "manifest.json").read_text())
    assert "tests/generic/dw_sim_keys.sql" in [each["name"] for each in manifest["other_files"]]


def test_key_tests_find_exactly_what_breaks_a_key(project: Path):
    text = (project / "tests/generic/dw_sim_keys.sql").read_text()
    text = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    tests: Any = jinja2.Environment().from_string(text).module
    unique = tests.dw_sim_unique_together("stock", **UNIQUE)
    references = tests.dw_sim_references("moves", to="stock", **REFERENCES)
    with duckdb.connect() as connection:
        for table in ("stock", "moves"):
            connection.execute(f"create table {table} as from read_csv(?)", [str(project / f"seeds/{table}.csv")])
        assert connection.execute("select count(*) from moves where item is null").fetchall() != [(0,)]
        assert connection.execute(unique).fetchall() == []
        assert connection.execute(references).fetchall() == []

        connection.execute("insert into stock values (-1, 'a'), (-1, 'a'), (null, 'b'), (null, 'b')")
        connection.execute("insert into moves values (901, -2, 'a'), (902, -2, null)")

        assert connection.execute(unique).fetchall() == [(-1, "a")]
        assert connection.execute(references).fetchall() == [(-2, "a")]


def test_a_project_without_such_keys_has_no_tests_of_its_own(kin: engine.Experiment, tmp_path: Path):
    made = kin.export(tmp_path, format="dbt", tables=["people", "single"])

    assert made.files == ("seeds/_seeds.yml", "models/_sources.yml", "manifest.json")
