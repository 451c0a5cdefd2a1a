"""The commands in process, on a real workbench, as a pipe sees them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app
from engine.cli.arguments import Dialect, row_counts
from engine.schema.models import Dialect as SchemaDialect

Command = Callable[..., Result]

SHOP: dict[str, Any] = {
    "name": "shop",
    "description": "A small shop.",
    "tables": [
        {
            "name": "customers",
            "target_rows": 20,
            "primary_key": ["customer_id"],
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"], "required": False},
            ],
        },
        {
            "name": "orders",
            "target_rows": 50,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
            ],
        },
    ],
}
SCRIPT = """
CREATE TABLE lineitem (orderkey INT NOT NULL, linenumber INT NOT NULL, PRIMARY KEY (orderkey, linenumber));
GRANT SELECT ON lineitem TO PUBLIC;
"""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in an empty home; its files are relative to `tmp_path`."""
    monkeypatch.setenv("DW_SIM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, prog_name="dw-sim")

    return run


@pytest.fixture
def shop(command: Command) -> Command:
    """An experiment named shop, without data."""
    Path("shop.json").write_text(json.dumps(SHOP))
    assert command("experiment", "create", "shop.json").exit_code == 0
    return command


@pytest.fixture
def filled(shop: Command) -> Command:
    """An experiment named shop, with run 1 loaded."""
    assert shop("experiment", "generate", "shop", "--seed", "7").exit_code == 0
    return shop


def rows_of(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_create_says_what_was_made(command: Command):
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


def test_create_from_a_file_that_is_not_there(command: Command):
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
    assert any(line.startswith("Line 3, ") and "(skipped)" in line for line in lines)
    assert lines[-1].startswith("Statements: ") and lines[-1].endswith("1 skipped.")


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


def test_the_dialects_are_the_engines():
    assert [dialect.value for dialect in Dialect] == list(SchemaDialect.__args__)  # type: ignore[attr-defined]


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
        ["customer_id", "INT", "no", "yes", "by type"],
        ["city", "VARCHAR(20)", "yes", "no", "one of Oslo, Bergen"],
    ]


def test_show_gives_the_schema_file_back(shop: Command):
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
def test_an_unknown_experiment_is_refused_with_the_nearest_name(shop: Command, arguments: tuple[str, ...]):
    result = shop("experiment", *arguments)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "shpo" in result.stderr
    assert 'Did you mean "shop"?' in result.stderr


@pytest.mark.parametrize("arguments", [("show", "shop", "ordres"), ("preview", "shop", "ordres")])
def test_an_unknown_table_is_refused_with_the_nearest_name(shop: Command, arguments: tuple[str, ...]):
    result = shop("experiment", *arguments)

    assert result.exit_code == 1
    assert 'Did you mean "orders"?' in result.stderr


def test_preview_prints_the_rows_that_a_run_makes(filled: Command):
    preview = filled("experiment", "preview", "shop", "orders", "--rows", "50", "--seed", "7")
    stored = filled("query", "execute", "select * from shop__orders order by order_id")

    assert rows_of(preview)[0] == ["order_id", "customer_id"]
    assert sorted(rows_of(preview)[1:]) == sorted(rows_of(stored)[1:])
    skipped = filled("experiment", "preview", "shop", "orders", "--rows", "2", "--offset", "3", "--seed", "7")
    assert rows_of(skipped)[1:] == rows_of(preview)[4:6]


def test_generate_prints_the_rows_of_each_table_and_the_seed(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "orders=1_000", "--rows", "customers=30", "--seed", "42")

    assert result.exit_code == 0
    assert rows_of(result)[:3] == [["table", "rows"], ["customers", "30"], ["orders", "1000"]]
    assert result.stdout.splitlines()[-1].startswith("Run 1 of shop COMPLETED in ")
    assert result.stdout.splitlines()[-1].endswith(" 1,030 rows, seed 42, loaded.")
    assert result.stderr == ""


def test_generate_with_one_number_for_all_other_tables(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "9", "--rows", "Orders=3", "--no-load")

    assert rows_of(result)[1:3] == [["customers", "9"], ["orders", "3"]]
    assert "not loaded" in result.stdout
    assert shop("query", "execute", "select count(*) from shop__orders").stdout.splitlines()[1] == "0"


def test_generate_into_a_folder(shop: Command):
    result = shop("experiment", "generate", "shop", "--output-dir", "out")

    assert result.exit_code == 0
    assert list(Path("out").rglob("*.parquet"))
    assert "out" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("rows", ["orders=-1", "-1", "ordres=5"])
def test_rows_that_cannot_be_start_no_run(shop: Command, rows: str):
    result = shop("experiment", "generate", "shop", f"--rows={rows}")

    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert shop("experiment", "runs", "shop").stdout.count("\n") == 1


@pytest.mark.parametrize("rows", ["orders=x", "many", "orders=", "1.5"])
def test_rows_that_are_no_number_are_wrong_usage(shop: Command, rows: str):
    assert shop("experiment", "generate", "shop", "--rows", rows).exit_code == 2


def test_rows_given_twice_are_wrong_usage(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "orders=1", "--rows", "orders=2")

    assert result.exit_code == 2
    assert "orders is given twice" in result.stderr


def test_row_counts():
    assert row_counts([]) is None
    assert row_counts(["7"]) == 7
    assert row_counts(["a.b=1,000", "5"]) == {"a.b": 1000, "": 5}


def test_runs_are_listed_newest_first(filled: Command):
    filled("experiment", "generate", "shop", "--rows", "1", "--seed", "8", "--no-load")

    header, second, first = rows_of(filled("experiment", "runs", "shop"))

    assert header == ["run", "status", "rows", "seed", "started", "seconds", "loaded", "error"]
    assert (second[:4], second[6]) == (["2", "COMPLETED", "2", "8"], "no")
    assert (first[:4], first[6:]) == (["1", "COMPLETED", "70", "7"], ["yes", "-"])


def test_one_run_is_shown_with_its_tables(filled: Command):
    result = filled("experiment", "runs", "shop", "1")

    assert ["seed", "7"] in rows_of(result)
    assert ["orders", "50"] in rows_of(result)
    assert filled("experiment", "runs", "shop", "9").exit_code == 1


def test_a_failed_load_is_kept_with_its_traceback(shop: Command, tmp_path: Path):
    shop("experiment", "generate", "shop", "--output-dir", "out")
    for part in (tmp_path / "out").rglob("*.parquet"):
        part.write_bytes(b"not Parquet")

    result = shop("experiment", "load", "shop", "--run-id", "1")

    assert result.exit_code == 1
    assert "customers" in result.stderr
    assert "Traceback" not in result.stderr


def test_reset_then_load_brings_the_rows_back(filled: Command):
    count = ("query", "execute", "SELECT COUNT(*) FROM shop__orders")

    reset = filled("experiment", "reset", "shop", "--yes")
    assert reset.stdout == "Emptied 2 tables of shop.\n"
    assert filled(*count).stdout.splitlines()[1] == "0"

    load = filled("experiment", "load", "shop")
    assert load.stdout.splitlines()[-1] == "Loaded run 1 of shop: 70 rows."
    assert filled(*count).stdout.splitlines()[1] == "50"


def test_load_without_a_run(shop: Command):
    assert shop("experiment", "load", "shop").exit_code == 1


def test_cancel_without_an_active_run(filled: Command):
    assert filled("experiment", "cancel", "shop").exit_code == 1
    assert filled("experiment", "cancel", "shop", "9").exit_code == 1
    assert filled("experiment", "cancel", "shop", "1").stdout == "Run 1 of shop had already ended: COMPLETED.\n"


@pytest.mark.parametrize("verb", ["reset", "delete"])
def test_destruction_needs_yes_without_a_terminal(filled: Command, verb: str):
    result = filled("experiment", verb, "shop", stdin="y\n")

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert filled("query", "execute", "select count(*) from shop__orders").stdout.splitlines()[1] == "50"


def test_delete_removes_everything(filled: Command, tmp_path: Path):
    assert filled("experiment", "delete", "SHOP", "--yes").stdout == "Deleted shop.\n"
    assert filled("experiment", "show", "shop").exit_code == 1
    assert not list((tmp_path / "home").rglob("*.parquet"))


def test_a_single_value_is_a_line_of_its_own(filled: Command):
    result = filled("query", "execute", "SELECT COUNT(*) FROM shop__orders")

    assert result.stdout == "count_star()\n50\n"
    assert result.stderr == ""


def test_values_in_a_pipe(command: Command):
    sql = (
        "select 1.50::decimal(4,2) as d, null as n, true as b, 'a' || chr(9) || chr(27) as s, [1, 2] as l, 1234567 as i"
    )

    assert rows_of(command("query", "execute", sql))[1] == ["1.50", "NULL", "true", "a\\t\\x1b", "[1, 2]", "1234567"]


def test_a_pipe_gets_every_row(command: Command):
    assert command("query", "execute", "select * from range(1234)").stdout.count("\n") == 1235


def test_a_query_from_stdin_with_plain_names(filled: Command):
    result = filled("query", "execute", "-", "--experiment", "shop", stdin="select count(*) n from customers")

    assert result.stdout == "n\n20\n"


def test_a_plan_is_printed_line_by_line(command: Command):
    result = command("query", "execute", "explain select 1")

    assert result.exit_code == 0
    assert "┌" in result.stdout
    assert "\\n" not in result.stdout


def test_a_query_to_a_csv_file(filled: Command):
    result = filled("query", "execute", "select * from shop__orders", "--output", "orders.csv")

    assert result.stdout == "Wrote 50 rows to orders.csv.\n"
    assert Path("orders.csv").read_text().splitlines()[0] == "order_id,customer_id"
    assert len(Path("orders.csv").read_text().splitlines()) == 51


def test_a_syntax_error_points_at_its_place(command: Command):
    result = command("query", "execute", "select 1\nfrm x y")

    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Error: line 2, column ")
    assert any(line.strip() == "^" for line in lines)


@pytest.mark.parametrize("sql", ["select 1; select 2", "drop table x", "", "select * from shop__nothing"])
def test_a_query_that_is_refused(shop: Command, sql: str):
    result = shop("query", "execute", sql)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")


def test_a_failed_query_writes_no_file(command: Command):
    assert command("query", "execute", "select nothing", "--output", "x.csv").exit_code == 1
    assert not Path("x.csv").exists()


def test_save_writes_the_text(command: Command):
    result = command("query", "save", "select 1", "--output", "one.sql")

    assert result.exit_code == 0
    assert Path("one.sql").read_text(encoding="utf-8").strip() == "select 1"
    assert "one.sql" in result.stdout


def test_save_into_a_folder_that_is_not_there(command: Command):
    result = command("query", "save", "select 1", "--output", "no/one.sql")

    assert result.exit_code == 1
    assert "Error: " in result.stderr


def test_a_home_that_cannot_be_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DW_SIM_HOME", str(tmp_path / "file" / "home"))

    result = command("experiment", "list")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


@pytest.mark.parametrize("arguments", [("experimnt",), ("experiment", "lst"), ("experiment", "list", "--all")])
def test_wrong_usage(command: Command, arguments: tuple[str, ...]):
    result = command(*arguments)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_the_version(command: Command):
    assert command("--version").stdout.startswith("dw-sim ")


@pytest.mark.parametrize("arguments", [("--help",), ("experiment", "--help"), ("experiment", "generate", "--help")])
def test_help(command: Command, arguments: tuple[str, ...]):
    result = command(*arguments)

    assert result.exit_code == 0
    assert "Usage: dw-sim" in result.stdout
    assert "\x1b" not in result.stdout
