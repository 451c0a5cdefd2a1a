"""Attempts to get out: of the tables by a query, of the home folder by a name. None may succeed, each says why."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import engine
from app.api import create_api
from engine.cli import app as command_line
from engine.errors import QueryError, WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.request import Question
from tests.engine.conftest import SHOP

SECRET = "the secret of this machine"

# {file} is a text file with the secret, {csv} and {parquet} data files, {folder} theirs, {other} another experiment's
# warehouse file, {home} the home folder.
QUERIES = [
    "select * from read_csv('{csv}')",
    "select * from read_csv_auto('{csv}')",
    "select * from read_text('{file}')",
    "select * from read_blob('{file}')",
    "select * from read_json('{file}')",
    "select * from read_json_objects('{file}')",
    "select * from read_ndjson('{file}')",
    "select * from read_parquet('{parquet}')",
    "select * from parquet_scan('{parquet}')",
    "select * from parquet_metadata('{parquet}')",
    "select * from parquet_schema('{parquet}')",
    "select * from sniff_csv('{csv}')",
    "select * from glob('{folder}/*')",
    "select * from glob('/etc/*')",
    "select * from '{csv}'",
    "select * from '{parquet}'",
    'select * from "{csv}"',
    "from '{folder}/*.csv'",
    "with a as (from '{csv}') select * from a",
    "select (select max(content) from read_text('{file}'))",
    "select * from range(1) where exists (from read_text('{file}'))",
    "describe select * from read_csv('{csv}')",
    "summarize from '{csv}'",
    "explain analyze select * from read_csv('{csv}')",
    "explain select * from read_text('{file}')",
    "pivot (from read_csv('{csv}')) on a using count(*)",
    "copy (select 1) to '{folder}/out.csv'",
    "copy orders from '{csv}'",
    "explain analyze copy (select 1) to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "attach '{other}' as o",
    "attach '{folder}/new.duckdb'",
    "attach 'https://example.org/a.duckdb' as remote",
    "detach experiment_shop",
    "use experiment_shop",
    "create table t as select 1",
    "create or replace view orders as select 1",
    "create macro f() as 1",
    "create secret s (type s3)",
    "install httpfs",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "force install httpfs from 'http://example.org'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "reset all",
    "pragma enable_external_access",
    "pragma database_list",
    "call pragma_database_list()",
    "select * from 'https://example.org/a.csv'",
    "select * from read_csv('https://example.org/a.csv')",
    "select * from 's3://bucket/a.parquet'",
    "select * from sqlite_scan('{home}/catalog.sqlite', 'runs')",
    "select 1; copy (select 1) to '{folder}/out.csv'",
    "select 1; -- harmless\nattach '{other}' as o",
    "select 1 /* ; */ ; drop table orders",
    "/* select */ copy (select 1) to '{folder}/out.csv'",
    "-- select 1\ncopy (select 1) to '{folder}/out.csv'",
    "select 1 \x00; drop table orders",
    "begin; drop table orders; commit",
    "insert into orders values (1, 1, 1)",
    "update orders set amount = 0",
    "delete from orders",
    "truncate orders",
    "alter table orders drop column amount",
    "with gone as (delete from orders returning *) select * from gone",
    "prepare p as select * from read_text('{file}')",
    "execute p",
    "select * from query('select * from read_text(''{file}'')')",
    "select * from query('from duckdb_settings()')",
    "select * from query_table('{csv}')",
    "select * from duckdb_databases()",
    "select * from duckdb_databases",
    "select * from duckdb_settings()",
    "select * from system.main.duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from duckdb_temporary_files()",
    "select * from duckdb_logs",
    "select * from pragma_database_list",
    "select * from pg_catalog.pg_settings",
    "select * from pragma_storage_info('orders')",
    "explain analyze select * from duckdb_settings()",
    "pivot duckdb_settings() on name using count(*)",
    "select current_setting('temp_directory')",
    "select getenv('HOME')",
    "select * from which_secret('s3://x', 's3')",
    "select * from orders_of_this_program",
    'select * from "orders""; drop table orders; --"',
    "select * from duckdb_databases, (with duckdb_databases as (select 1) from duckdb_databases) as a",
    "select * from json_execute_serialized_sql(json_serialize_sql('from duckdb_settings()'))",
    "select * from json_execute_serialized_sql(json_serialize_sql('from read_text(''{file}'')'))",
    "select * from register_external_resource('a', 'b', 'c')",
    "select * from python_arrow_scan(1, 2, 3)",
    "explain analyze select * from json_execute_serialized_sql('x')",
    "select * from '{home}/catalog.sqlite'",
]
NAMES = [
    "..",
    "../shop",
    "../../etc",
    "/etc/passwd",
    "shop/../shop",
    "..\\shop",
    "C:\\shop",
    "shop\x00",
    "sh\nop",
    ".",
    "",
    " ",
    "shop.duckdb",
    "shop'; drop table experiments; --",
    'shop"',
    "%2e%2e%2fshop",
    "~",
    "$HOME",
    "a" * 300,
    "shop ",
    "sh:op",
    "*",
    "select",
    "ﬁle",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A home folder with two experiments, and a folder with files that no query may see."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "secret.txt").write_text(SECRET)
    (folder / "secret.csv").write_text(f"a,b\n1,{SECRET}\n")
    with engine.Workbench(settings=Settings(home=tmp_path_factory.mktemp("escapes") / "home", threads=1)) as workbench:
        shop = workbench.create(SHOP)
        shop.generate(seed=1, progress=lambda progress: None)
        leads = {"name": "leads", "data_type": "INT"}
        workbench.create({"name": "leads", "tables": [{"name": "leads", "columns": [leads]}]})
        shop.query("select 1 as a").frame.write_parquet(folder / "secret.parquet")
        yield workbench, folder


def filled(sql, workbench, folder):
    home = workbench.settings.home
    (other,) = home.glob("experiments/leads/warehouse-*.duckdb")
    names = {
        "{file}": folder / "secret.txt", "{csv}": folder / "secret.csv", "{parquet}": folder / "secret.parquet",
        "{folder}": folder, "{other}": other, "{home}": home,
    }  # fmt: skip
    for name, path in names.items():
        sql = sql.replace(name, str(path))
    return sql


def files_under(*folders):
    return {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*") if path.is_file()}


# Each payload, an expression, is tried in each position; {file} as above.
EXPRESSIONS = [
    "current_setting('temp_directory')",
    "current_setting/**/('secret_directory')",
    "current_setting --\n ('allowed_directories')::text",
    "main.\"CURRENT_Setting\"('temp_directory')",
    "system.main.current_setting('temp_directory')",
    "'temp_directory'.current_setting()",
    "getenv('HOME')",
    "getvariable('a')",
    "(select max(path) from duckdb_databases())",
    "(select max(path) from duckdb_databases)",
    "(select max(value) from duckdb_settings())",
    "(select max(value) from (show temp_directory))",
    "(select max(bin) from histogram_values('duckdb_databases', path))",
    "(select max(content) from read_text('{file}'))",
    "(select max(file) from glob('{folder}/*'))",
    "(select max(path) from query('from duckdb_databases'))",
    "(select max(path) from query_table('duckdb_databases'))",
    "(select max(table_name) from information_schema.tables)",
    "(select max(a) from '{csv}')",
]
POSITIONS = [
    "select {0} as a",
    "select 1 as a order by {0}",
    "select 1 as a where {0} > ''",
    "select 1 as a limit length({0})",
    "select max(a) filter (where {0} > '') from (select 1 as a)",
    "select row_number() over (order by {0}) as a qualify {0} > ''",
    "with a as (select {0} as b) from a",
    "values ({0})",
    "explain select {0} as a",
    "explain analyze select {0} as a",
    "describe select {0} as a",
    "summarize select {0} as a",
    "pivot (select {0} as a) on a using count(*)",
    "pivot (select 1 as a) on a using max({0})",
    "select list_transform([1], lambda x: {0} || x) as a",
]
COMBINED = [position.replace("{0}", expression) for expression in EXPRESSIONS for position in POSITIONS]


def test_no_expression_in_any_position_gives_an_answer_or_a_path(place):
    workbench, folder = place
    assert len(COMBINED) + len(QUERIES) >= 300
    hidden = [SECRET, str(workbench.settings.home), str(Path.home())]
    before = files_under(folder, workbench.settings.home / "experiments")
    answered = []
    session = workbench._querying._run(workbench._runner.open, Question("select 1"), "shop")  # one for all: fast
    with session:
        for sql in COMBINED:
            try:
                found = str(run_query(session, filled(sql, workbench, folder)).records())
                answered.append(sql)
            except QueryError as error:
                found = f"{error.message} {error.hint}"
            assert not [text for text in hidden if text in found], sql
    assert answered == []
    assert files_under(folder, workbench.settings.home / "experiments") == before


def test_there_are_enough_attempts():
    assert len(set(QUERIES)) == len(QUERIES) >= 80
    assert len(set(NAMES)) == len(NAMES) >= 20


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_stays_among_the_tables(place, sql):
    workbench, folder = place
    orders_of_this_program = [(1,)]  # a query must not see the variables around it
    assert orders_of_this_program
    before = files_under(folder, workbench.settings.home / "experiments")
    with pytest.raises(QueryError) as caught:
        workbench.query(filled(sql, workbench, folder), experiment="shop")
    error = caught.value
    assert len(error.message) > 10
    assert SECRET not in str(error)
    assert "Traceback" not in str(error)
    assert files_under(folder, workbench.settings.home / "experiments") == before
    assert workbench["shop"].row_counts() == {"customers": 20, "orders": 50}
    assert workbench.query("select count(*) from shop__orders").records() == [(50,)]


@pytest.mark.parametrize("dialect", ["snowflake", "redshift"])
@pytest.mark.parametrize("sql", [sql for sql in QUERIES if "read_" in sql or "copy" in sql or "duckdb_" in sql])
def test_a_translation_is_no_way_out(place, dialect, sql):
    workbench, folder = place
    with pytest.raises(WorkbenchError) as caught:
        workbench.query(filled(sql, workbench, folder), experiment="shop", dialect=dialect)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_name_stays_in_the_home_folder(place, name):
    workbench, _ = place
    around = files_under(workbench.settings.home.parent)
    for act in (
        lambda: workbench.create({**SHOP, "name": name}),
        lambda: workbench.create(SHOP, name=name),
        lambda: workbench.delete(name),
        lambda: workbench[name].generate(1),
        lambda: workbench.query("select 1", experiment=name),
        lambda: engine.import_sql("create table a (b int);", name=name, dialect="redshift"),
    ):
        with pytest.raises(WorkbenchError) as caught:
            act()
        assert str(caught.value).strip()
    assert name not in workbench
    assert files_under(workbench.settings.home.parent).keys() == around.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_table_or_column_name_stays_in_its_run(tmp_path, name):
    """A name that needs quotes is a name like any other; one that is none is refused."""
    column = {"name": "a", "data_type": "INT"}
    odd = {"name": name, "quoted": True, "data_type": "INT"}
    with engine.Workbench(tmp_path / "home") as workbench:
        try:
            made = workbench.create(
                {"name": "odd", "tables": [{"name": name, "quoted": True, "columns": [column, odd], "target_rows": 3}]}
            )
        except WorkbenchError as error:
            assert error.message
            assert list((tmp_path / "home" / "experiments").iterdir()) == []
            return
        made.generate(seed=1, progress=lambda progress: None)
        assert made.audit().passed
        quoted = '"' + name.replace('"', '""') + '"'
        assert made.query(f"select {quoted} from {quoted}").row_count == 3
    runs = tmp_path / "home" / "experiments" / "odd" / "runs" / "1"
    assert [path.parent.parent for path in runs.rglob("*.parquet")] == [runs]
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


@pytest.mark.parametrize("name", NAMES)
def test_the_api_takes_no_such_name(place, name):
    from urllib.parse import quote

    workbench, _ = place
    around = files_under(workbench.settings.home.parent)
    client = TestClient(create_api(workbench), raise_server_exceptions=False)
    answers = [
        client.post("/experiments", json={**SHOP, "name": name}),
        client.post(
            "/experiments/import-sql", json={"sql": "create table a (b int);", "name": name, "dialect": "redshift"}
        ),
        client.post("/query/execute", json={"sql": "select 1", "experiment": name}),
    ]
    if name.strip():
        there = quote(name, safe="")
        answers += [
            client.delete(f"/experiments/{there}"),
            client.get(f"/experiments/{there}/runs/1"),
            client.post(f"/experiments/{there}/reset"),
        ]
    for answer in answers:
        assert answer.status_code in (404, 405, 422), (answer.request.url, answer.text)
        body = answer.json()
        assert body["error"]
        assert str(workbench.settings.home) not in answer.text
    assert files_under(workbench.settings.home.parent).keys() == around.keys()


@pytest.mark.parametrize("name", [name for name in NAMES if "\0" not in name])
def test_the_command_line_takes_no_such_name(place, tmp_path, monkeypatch, name):
    workbench, _ = place
    monkeypatch.setenv("DW_SIM_HOME", str(workbench.settings.home))
    schema = tmp_path / "shop.json"
    schema.write_text(json.dumps(SHOP))
    around = files_under(workbench.settings.home.parent)
    for command in (
        ["create", str(schema), "--name", name],
        ["delete", "--yes", "--", name],
        ["reset", "-y", "--", name],
    ):
        result = CliRunner().invoke(command_line, ["experiment", *command])
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert files_under(workbench.settings.home.parent).keys() == around.keys()


def test_an_output_path_is_the_users_own_choice_and_nothing_else_is_overwritten(place, tmp_path):
    workbench, _ = place
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    with pytest.raises(WorkbenchError, match="not empty"):
        workbench["shop"].generate(1, output_dir=kept)
    assert [path.name for path in kept.iterdir()] == ["mine.txt"]
    assert Path(kept / "mine.txt").read_text() == "mine"
