import json
from pathlib import Path

from tests.engine.cli.conftest import Command, rows_of

QUERIES = "select * from orders where order_id > :least;\nselect * from orders where order_id < 0;\nhello"


def test_coverage_prints_a_line_for_each_statement(filled: Command):
    Path("queries").mkdir()
    Path("queries/a.sql").write_text(QUERIES)

    result = filled("experiment", "coverage", "shop", "--queries", "queries", "--value", "least=0")

    assert result.exit_code == 0
    assert [row[:4] for row in rows_of(result)] == [
        ["statement", "line", "state", "rows"],
        ["a.sql #1", "1", "finds rows", "50"],
        ["a.sql #2", "2", "empty", "0"],
        ["a.sql #3", "3", "not understood", "0"],
    ]
    assert result.stderr == "Coverage of shop: 3 statements (1 finds rows, 1 empty, 1 not understood).\n"


def test_coverage_as_json(filled: Command):
    Path("a.sql").write_text(QUERIES)

    found = json.loads(filled("experiment", "coverage", "shop", "--queries", "a.sql", "--format", "json").stdout)

    assert found["counts"] == {"empty": 1, "does not run": 1, "not understood": 1}
    assert found["statements"][0]["reason"] == ":least has no value (line 1)."


def test_coverage_refuses_a_missing_folder_and_a_bad_value(shop: Command):
    assert "no file or folder" in shop("experiment", "coverage", "shop", "--queries", "none").stderr
    assert shop("experiment", "coverage", "shop", "--value", "x").exit_code == 2
