"""Create, import, list, show, preview and delete: in process, on a real workbench, as a pipe sees them."""

import json
from pathlib import Path

import pytest

import engine
from tests.engine.cli.conftest import SHOP, Command, rows_of

SCRIPT = """
CREATE TABLE lineitem (orderkey INT NOT NULL, linenumber INT NOT NULL, PRIMARY KEY (orderkey, linenumber));
GRANT SELECT ON lineitem TO PUBLIC;
"""


def test_create_prints_table_and_column_counts(command: Command):
    Path("shop.json").write_text(json.dumps(SHOP))

    result = command("experiment", "create", "shop.json")

    assert (result.exit_code, result.stdout) == (0, "Created experiment shop: 2 tables, 4 columns.\n")


def test_create_under_another_name(command: Command):
    Path("shop.json").write_text(json.dumps(SHOP))

    assert "experiment mine" in command("experiment", "create", "shop.json", "--name", "mine").stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "x"}', json.dumps(SHOP | {"name": "se lect"})])
def test_create_from_a_bad_file_leaves_nothing(command: Command, text: str):
    Path("bad.json").write_text(text)

    result = command("experiment", "create", "bad.json")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert command("experiment", "list").stdout.count("\n") == 1


def test_create_from_a_missing_file(command: Command):
    result = command("experiment", "create", "none.json")

    assert result.exit_code == 1
    assert "none.json" in result.stderr


def test_create_of_a_taken_name(shop: Command):
    result = shop("experiment", "create", "shop.json", "--name", "Shop")

    assert result.exit_code == 1
    assert "shop" in result.stderr.lower()


def test_import_prints_warnings_notes_and_counts(command: Command):
    Path("script.sql").write_text(SCRIPT)

    result = command("experiment", "import-sql", "script.sql", "--name", "tpch", "--dialect", "redshift")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Created experiment tpch: 1 table, 3 columns."
    assert lines[1].startswith("Warning: ") and "lineitem" in lines[1]
    assert result.stdout.count("Composite key") == 1
    assert any(line.startswith("Line 3") and "(skipped)" in line for line in lines)
    assert lines[-1] == "1 table imported (1 warning), 1 statement ignored."


def test_import_reads_stdin_and_a_byte_order_mark(command: Command):
    arguments = ("experiment", "import-sql", "-", "--name", "t", "--dialect", "SNOWFLAKE")

    assert command(*arguments, stdin="\ufeffcreate table t (a int);").exit_code == 0


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "CREATE TABLE"), (b"SELECT 1;", "CREATE TABLE"), (b"caf\xe9", "UTF-8"), (None, "script.sql")],
)
def test_import_of_a_script_without_tables(command: Command, content: bytes | None, word: str):
    if content is not None:
        Path("script.sql").write_bytes(content)

    result = command("experiment", "import-sql", "script.sql", "--name", "t", "--dialect", "redshift")

    assert result.exit_code == 1
    assert word in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("missing", ["--name", "--dialect"])
def test_import_needs_a_name_and_a_dialect(command: Command, missing: str):
    options = {"--name": "t", "--dialect": "redshift"}
    given = [part for option in options.items() if option[0] != missing for part in option]

    assert command("experiment", "import-sql", "x.sql", *given).exit_code == 2


def test_list_has_one_line_for_each_experiment(filled: Command):
    result = filled("experiment", "list")

    header, row = rows_of(result)
    assert header == ["name", "tables", "rows", "last run", "created", "warnings"]
    assert row[:4] == ["shop", "2", "70", "1 COMPLETED"]
    assert row[4].endswith("+00:00")


def test_show_lists_tables(filled: Command):
    result = filled("experiment", "show", "SHOP")

    assert ["loaded run", "1"] in rows_of(result)
    assert ["orders", "2", "50", "50", "-", "customers"] in rows_of(result)


def test_show_lists_the_columns_of_a_table(shop: Command):
    assert rows_of(shop("experiment", "show", "shop", "customers"))[1:] == [
        ["customer_id", "INT", "no", "yes", "Random"],
        ["city", "VARCHAR(20)", "yes", "no", "List of values: Oslo, Bergen"],
    ]


def test_show_says_why_rules_and_rows_were_suggested(command: Command):
    Path("shop.sql").write_text(
        "create table region (region_id int primary key, email varchar(80));"
        "create table sales (id int primary key, region_id int);"
    )
    command("experiment", "import-sql", "shop.sql", "--name", "why", "--dialect", "redshift")

    header, region, sales = rows_of(command("experiment", "show", "why"))[-3:]
    assert header[-1] == "why"
    assert (region[3], region[-1]) == ("5", "A lookup (region): as small as what it holds.")
    assert (sales[3], sales[-1]) == ("100000", "Events (sale), by the name.")
    assert rows_of(command("experiment", "show", "why", "region"))[-1][-1] == 'The name "email".'
    assert rows_of(command("experiment", "show", "why", "sales"))[-1][-1].startswith('The name "region_id" means')


def test_show_json_prints_a_schema_that_can_be_created_again(shop: Command):
    text = shop("experiment", "show", "shop", "--json").stdout

    Path("again.json").write_text(text)
    assert shop("experiment", "create", "again.json", "--name", "again").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "shpo"),
        ("preview", "shpo", "orders"),
        ("generate", "shpo"),
        ("load", "shpo"),
        ("cancel", "shpo"),
        ("reset", "shpo", "--yes"),
        ("runs", "shpo"),
        ("delete", "shpo", "--yes"),
    ],
)
def test_an_unknown_experiment_is_rejected_with_the_nearest_name(shop: Command, arguments: tuple[str, ...]):
    result = shop("experiment", *arguments)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "shpo" in result.stderr
    assert 'Did you mean "shop"?' in result.stderr


@pytest.mark.parametrize("arguments", [("show", "shop", "ordres"), ("preview", "shop", "ordres")])
def test_an_unknown_table_is_rejected_with_the_nearest_name(shop: Command, arguments: tuple[str, ...]):
    result = shop("experiment", *arguments)

    assert result.exit_code == 1
    assert 'Did you mean "orders"?' in result.stderr


def test_preview_prints_the_rows_of_a_run(filled: Command):
    preview = filled("experiment", "preview", "shop", "orders", "--rows", "50", "--seed", "7")
    stored = filled("query", "execute", "select * from shop__orders order by order_id")

    assert rows_of(preview)[0] == ["order_id", "customer_id"]
    assert sorted(rows_of(preview)[1:]) == sorted(rows_of(stored)[1:])
    skipped = filled("experiment", "preview", "shop", "orders", "--rows", "2", "--offset", "3", "--seed", "7")
    assert rows_of(skipped)[1:] == rows_of(preview)[4:6]


def test_preview_with_counts_equals_the_run_with_these_counts(shop: Command):
    previewed = shop("experiment", "preview", "shop", "orders", "--seed", "7", "--counts", "customers=2000")
    assert shop("experiment", "generate", "shop", "--rows", "customers=2000", "--seed", "7").exit_code == 0
    stored = shop("query", "execute", "select * from shop__orders order by order_id limit 10")

    assert rows_of(previewed) == rows_of(stored)
    assert rows_of(previewed) != rows_of(shop("experiment", "preview", "shop", "orders", "--seed", "7"))


def test_delete_removes_everything(filled: Command, tmp_path: Path):
    assert filled("experiment", "delete", "SHOP", "--yes").stdout == "Deleted shop.\n"
    assert filled("experiment", "show", "shop").exit_code == 1
    assert not list((tmp_path / "home").rglob("*.parquet"))


def test_export_ddl_prints_the_script(shop: Command):
    result = shop("experiment", "export-ddl", "shop", "--dialect", "redshift")

    assert result.exit_code == 0
    assert result.stdout.startswith("create table customers (\n    customer_id INT not null primary key,\n")
    assert "foreign key (customer_id) references customers (customer_id)" in result.stdout


def test_the_board_is_listed_and_written_to_a_file(shop: Command):
    with engine.Workbench() as workbench:
        workbench["shop"].queries.save("one", "select 1 as one", view="table")

    assert shop("experiment", "board", "shop", "--pin", "one").stdout.splitlines()[-1].split() == ["one", "table", "1"]
    assert shop("experiment", "board", "shop", "--to", "board.html").stdout == "Wrote 1 item to board.html.\n"
    assert "<td" in Path("board.html").read_text("utf-8")
    assert "one" not in shop("experiment", "board", "shop", "--unpin", "one").stdout
    assert shop("experiment", "board", "shop", "--pin", "two").exit_code == 1
