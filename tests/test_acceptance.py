"""The whole way through, from outside: scripts in, rows out, the same rows anywhere, bad input that changes nothing."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

import engine
from engine.cli import app as command_line
from tests.engine.conftest import ENDLESS, SHOP, until

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = PROJECT / "tests" / "scripts"
COMPOSITE_KEY = "Composite key"


class Answer(NamedTuple):
    code: int
    output: str
    errors: str


def dw_sim(*words: str) -> Answer:
    """Run a command in this process; anything raised but a refusal fails the test."""
    result = CliRunner().invoke(command_line, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def done(*words: str) -> str:
    answer = dw_sim(*words)
    assert answer.code == 0, answer.errors
    return answer.output


@pytest.mark.parametrize(
    ("script", "dialect", "table", "with_composite_keys"),
    [
        pytest.param(SCRIPTS / "library_redshift.sql", "redshift", "loan", {"title_author", "loan"}, id="library"),
        pytest.param(
            SCRIPTS / "workshop_snowflake.sql", "snowflake", "repair_line", {"shop.repair_line"}, id="workshop"
        ),
        pytest.param(PROJECT / "schemas" / "sample_redshift.sql", "redshift", "trip", None, id="sample redshift"),
        pytest.param(PROJECT / "schemas" / "sample_snowflake.sql", "snowflake", "plan", None, id="sample snowflake"),
    ],
)
def test_a_script_becomes_rows(script: Path, dialect: str, table: str, with_composite_keys: set[str] | None):
    said = done("experiment", "import-sql", str(script), "--name", "lab", "--dialect", dialect)
    generated = done("experiment", "generate", "lab", "--rows", "500", "--rows", f"{table}=1234", "--seed", "42")
    counted = done("query", "execute", f"SELECT COUNT(*) FROM lab__{table}")

    assert "COMPLETED" in generated
    assert counted.splitlines()[1:] == ["1234"]
    warnings = [line for line in said.splitlines() if line.startswith("Warning: ") and COMPOSITE_KEY in line]
    warned = {line.split()[1].rstrip(":") for line in warnings}
    assert with_composite_keys is None or warned == with_composite_keys


ROWS = {"customers": 2_000, "products": 700, "orders": 6_000, "payments": 5_000, "reviews": 3_000}
MAKE_AGAIN = f"""
import json, sys
sys.path.insert(0, {str(PROJECT)!r})
import engine, polars
from tests.test_acceptance import ROWS, fingerprints

assert polars.thread_pool_size() == 1
with engine.Workbench() as workbench:
    shop = workbench.create({str(PROJECT / "schemas" / "ecommerce.json")!r}, name="elsewhere")
    shop.generate(ROWS, seed=42)
    print(json.dumps(fingerprints(shop)))
"""


def fingerprints(experiment: engine.Experiment) -> dict[str, list[int]]:
    """Two hashes and the rows of every table; the order of the rows does not matter."""
    found = {}
    for table in experiment.schema.tables:
        sql = f"select count(*), bit_xor(hash(t)), sum(hash(t) // 1048576) from {table.name} as t"
        found[table.key] = [int(value) for value in experiment.query(sql).records()[0]]
    return found


@pytest.fixture
def workbench(home: Path) -> Iterator[engine.Workbench]:
    with engine.Workbench(home) as opened:
        yield opened


def test_the_same_seed_makes_the_same_data_anywhere(workbench: engine.Workbench, tmp_path: Path):
    shop = workbench.create(PROJECT / "schemas" / "ecommerce.json")
    shop.generate(ROWS, seed=42)
    environment = os.environ | {
        "DW_SIM_HOME": str(tmp_path / "elsewhere"),
        "DW_SIM_CHUNK_ROWS": "1237",
        "DW_SIM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }

    made = subprocess.run(
        [sys.executable, "-c", MAKE_AGAIN], env=environment, capture_output=True, text=True, check=False
    )

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout) == fingerprints(shop)


def test_another_seed_makes_other_data(workbench: engine.Workbench):
    shop = workbench.create(PROJECT / "schemas" / "ecommerce.json")
    shop.generate(ROWS, seed=42)
    first = fingerprints(shop)
    shop.generate(ROWS, seed=43)

    assert {table for table, print_of in fingerprints(shop).items() if print_of == first[table]} <= {"categories"}


def state_of(home: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """Every file of the home folder with its size, without the cache, and every row of the catalog."""
    left_out = ("catalog.sqlite", "cache/")
    files = (path for path in home.rglob("*") if path.is_file())
    files = (path for path in files if not path.relative_to(home).as_posix().startswith(left_out))
    with closing(sqlite3.connect(home / "catalog.sqlite")) as catalog:
        rows = list(catalog.iterdump())
    return sorted((str(path.relative_to(home)), path.stat().st_size) for path in files), rows


def schema_with(**column: object) -> str:
    return json.dumps({"name": "bad", "tables": [{"name": "t", "columns": [{"name": "x", **column}]}]})


BAD_FILES = {
    "broken.json": '{"name": "bad", "tables": [',
    "type.json": schema_with(data_type="INTT"),
    "rule.json": schema_with(data_type="VARCHAR(20)", faker_rule="frist_name"),
    "key.json": schema_with(data_type="INT", requierd=True),
    "good.json": schema_with(data_type="INT"),
    "empty.sql": "  \n-- nothing here\n",
    "other.sql": "def tables():\n    return ['orders', 'customers']\n",
    "query.sql": "select * from orders;",
}


@pytest.fixture
def shop(workbench: engine.Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> engine.Experiment:
    """An experiment with one run, in a folder of bad files."""
    for name, text in BAD_FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    made = workbench.create(SHOP)
    made.generate(10, seed=1)
    return made


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("experiment create broken.json", "line 1"),
        ("experiment create type.json", 'Did you mean "INT"?'),
        ("experiment create rule.json", 'Did you mean "first_name"?'),
        ("experiment create key.json", 'Did you mean "required"?'),
        ("experiment create missing.json", "missing.json"),
        ("experiment create good.json --name SHOP", "shop"),
        ("experiment create good.json --name select", "reserved"),
        ("experiment import-sql empty.sql --name bad --dialect redshift", "has no SQL statements"),
        ("experiment import-sql other.sql --name bad --dialect snowflake", "No SQL statement found"),
        ("experiment import-sql query.sql --name bad --dialect snowflake", "CREATE TABLE"),
        ("experiment import-sql missing.sql --name bad --dialect redshift", "missing.sql"),
        ("experiment show shpo", 'Did you mean "shop"?'),
        ("experiment generate shpo", 'Did you mean "shop"?'),
        ("experiment preview shop ordrs", 'Did you mean "orders"?'),
        ("experiment generate shop --rows ordrs=5", 'Did you mean "orders"?'),
        ("experiment generate shop --rows orders=-1", "-1 is not a number of rows"),
        ("experiment generate shop --seed -1", "-1 is not a seed"),
        ("experiment load shop --run-id 7", "no run 7"),
        ("experiment runs shop 7", "no run 7"),
        ("experiment cancel shop", "active"),
        ("experiment delete shpo --yes", 'Did you mean "shop"?'),
        ("query execute|select * from shop__ordrs", "shop__orders"),
        ("query execute|select 1; select 2", "One statement"),
        ("query execute|select 1 frm x y", "line 1"),
        ("query execute|drop table shop__orders", "read-only"),
        ("query execute|", "empty"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(shop: engine.Experiment, home: Path, command: str, said: str):
    before = state_of(home)
    words, separator, sql = command.partition("|")

    answer = dw_sim(*words.split(), *([sql] if separator else []))

    assert answer.code == 1
    assert said in answer.errors
    assert "Traceback" not in answer.errors
    assert answer.output == ""
    assert state_of(home) == before


def test_a_second_run_is_refused_while_one_is_active(shop: engine.Experiment):
    shop.start({"orders": ENDLESS}, load=False)
    try:
        answer = dw_sim("experiment", "generate", "shop")
    finally:
        shop.cancel()
        until(lambda: shop.run(2).finished_at is not None)

    assert (answer.code, answer.output) == (1, "")
    assert f"process {os.getpid()}" in answer.errors
    assert "since" in answer.errors
    assert [run.status for run in shop.runs()] == ["ABORTED", "COMPLETED"]
