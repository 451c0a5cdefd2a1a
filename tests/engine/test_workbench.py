"""The facade: experiments come and go, and nothing is half done."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import engine
from engine.errors import BusyError, ConflictError, NotFoundError, SchemaError
from tests.engine.conftest import SHOP

SCRIPT = """
create table orders (id int not null primary key, amount numeric(9,2));
create table lines (order_id int, line int, primary key (order_id, line));
"""


def test_an_experiment_is_made_from_a_mapping(workbench: engine.Workbench):
    shop = workbench.create(SHOP)

    assert shop.name == "shop"
    assert [table.name for table in shop.schema.tables] == ["customers", "orders"]
    assert shop.row_counts() == {"customers": 0, "orders": 0}
    assert (shop.loaded_run_id, shop.runs(), shop.warnings) == (None, [], [])
    assert datetime.now(UTC) - shop.created_at < timedelta(minutes=1)
    assert shop.size_bytes() > 0


def test_its_tables_are_empty_and_can_be_queried_at_once(workbench: engine.Workbench, shop: engine.Experiment):
    assert workbench.query("select count(*) from shop__orders").records() == [(0,)]


@pytest.mark.parametrize(
    "kind", ["path", "text of a path", "JSON text", "JSON text of a file with a mark in front", "schema"]
)
def test_an_experiment_is_made_from_any_kind_of_source(workbench: engine.Workbench, tmp_path: Path, kind: str):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(SHOP))
    sources = {
        "path": path,
        "text of a path": str(path),
        "JSON text": json.dumps(SHOP),
        "JSON text of a file with a mark in front": "\ufeff" + json.dumps(SHOP),
        "schema": engine.read_schema(SHOP),
    }

    assert workbench.create(sources[kind]).schema == engine.read_schema(SHOP)


@pytest.mark.parametrize("source", [None, 5, [SHOP], b"{}"])
def test_anything_else_is_no_schema(workbench: engine.Workbench, source: object):
    with pytest.raises(SchemaError, match=r"A schema is not a (NoneType|int|list|bytes)"):
        workbench.create(source)


def test_an_experiment_is_made_from_a_draft(workbench: engine.Workbench):
    draft = engine.import_sql(SCRIPT, name="tickets", dialect="redshift")

    tickets = workbench.create(draft)

    assert tickets.schema == draft.schema
    assert [table.key for table in tickets.schema.tables] == ["orders", "lines"]
    (warning,) = tickets.warnings
    assert "Composite key (order_id, line) kept unique." in warning


def test_another_name_may_be_given(workbench: engine.Workbench):
    draft = engine.import_sql(SCRIPT, name="tickets", dialect="redshift")

    assert workbench.create(SHOP, name="north").name == "north"
    assert workbench.create(engine.read_schema(SHOP), name="south").name == "south"
    assert workbench.create(draft, name="west").name == "west"


def test_a_schema_file_brings_the_schema_back(workbench: engine.Workbench, shop: engine.Experiment):
    assert workbench.create(shop.to_json(), name="copy").schema.tables == shop.schema.tables


def test_every_problem_of_a_schema_is_reported_and_nothing_is_created(workbench: engine.Workbench, home: Path):
    columns = [
        {"name": "a", "data_type": "INTT"},
        {"name": "b", "data_type": "INT", "min_value": 2, "max_value": 1},
    ]

    with pytest.raises(SchemaError) as caught:
        workbench.create({"name": "lab", "tables": [{"name": "t", "columns": columns}]})

    assert [problem.where for problem in caught.value.problems] == ["t.a", "t.b"]
    assert workbench.experiments() == []
    assert list((home / "experiments").iterdir()) == []


def test_a_rule_that_cannot_be_made_is_a_problem_of_the_schema(workbench: engine.Workbench):
    columns = [
        {"name": "a", "data_type": "VARCHAR", "faker_rule": "no_such_rule"},
        {"name": "b", "data_type": "SMALLINT", "is_unique": True, "min_value": 1, "max_value": 3},
    ]

    with pytest.raises(SchemaError) as caught:
        workbench.create({"name": "lab", "tables": [{"name": "t", "columns": columns}]})

    assert {problem.where for problem in caught.value.problems} == {"t.a", "t.b"}
    assert "lab" not in workbench


def test_a_missing_file_is_not_found(workbench: engine.Workbench, tmp_path: Path):
    with pytest.raises(NotFoundError, match=r"nothing\.json"):
        workbench.create(tmp_path / "nothing.json")


@pytest.mark.parametrize("name", ["shop", "SHOP"])
def test_a_name_is_taken_whatever_its_case(workbench: engine.Workbench, shop: engine.Experiment, name: str):
    shop.generate(seed=1)

    with pytest.raises(ConflictError, match="shop"):
        workbench.create(SHOP, name=name)

    assert workbench["shop"].row_counts() == {"customers": 20, "orders": 50}


@pytest.mark.parametrize("name", ["", "../shop", "select", "a b", "x" * 64])
def test_an_invalid_name_is_rejected(workbench: engine.Workbench, name: str):
    with pytest.raises(SchemaError):
        workbench.create(SHOP, name=name)

    assert workbench.experiments() == []


def test_experiments_are_listed_by_name(workbench: engine.Workbench):
    for name in ("zoo", "Bank", "air"):
        workbench.create(SHOP, name=name)

    assert [experiment.name for experiment in workbench.experiments()] == ["air", "Bank", "zoo"]


def test_an_experiment_is_found_regardless_of_the_case(workbench: engine.Workbench):
    workbench.create(SHOP, name="Bank")

    assert workbench["BANK"].name == "Bank"
    assert "bank" in workbench
    assert "tank" not in workbench
    assert 7 not in workbench


def test_an_unknown_experiment_reports_the_nearest(workbench: engine.Workbench, shop: engine.Experiment):
    with pytest.raises(NotFoundError) as caught:
        workbench["shpo"]

    assert 'Did you mean "shop"?' in caught.value.hint


def test_an_unknown_table_reports_the_nearest(shop: engine.Experiment):
    with pytest.raises(NotFoundError, match='Did you mean "orders"'):
        shop.preview("ordrs")


def test_delete_removes_everything(workbench: engine.Workbench, shop: engine.Experiment, home: Path):
    shop.generate(seed=1)

    workbench.delete("SHOP")

    assert workbench.experiments() == []
    assert list((home / "experiments").iterdir()) == []
    with pytest.raises(NotFoundError):
        workbench.delete("shop")


def test_a_name_is_free_again_after_delete(workbench: engine.Workbench, shop: engine.Experiment):
    shop.generate(seed=1)
    workbench.delete("shop")

    anew = workbench.create(SHOP)

    assert (anew.runs(), anew.row_counts()) == ([], {"customers": 0, "orders": 0})


def test_a_busy_experiment_is_not_deleted(workbench: engine.Workbench, busy: engine.Experiment):
    with pytest.raises(BusyError, match="has been generating data"):
        workbench.delete("shop")

    assert "shop" in workbench


def test_two_workbenches_share_a_home(workbench: engine.Workbench, shop: engine.Experiment, home: Path):
    other = engine.Workbench(home)

    shop.generate(seed=1)
    assert other["shop"].row_counts() == {"customers": 20, "orders": 50}
    assert other.query("select count(*) from shop__orders").records() == [(50,)]

    other["shop"].reset()
    assert shop.row_counts() == {"customers": 0, "orders": 0}


def test_settings_keep_their_limits_at_another_home(tmp_path: Path):
    settings = engine.Settings(tmp_path / "here", chunk_rows=10)

    with engine.Workbench(tmp_path / "there", settings=settings) as workbench:
        assert workbench.settings == engine.Settings(tmp_path / "there", chunk_rows=10)
        workbench.create(SHOP).generate(seed=1)

    parts = list((tmp_path / "there" / "experiments" / "shop" / "runs" / "1" / "orders").iterdir())
    assert len(parts) == 5


def test_what_people_see_in_a_notebook(workbench: engine.Workbench, shop: engine.Experiment, home: Path):
    assert repr(shop) == "Experiment('shop', tables=['customers', 'orders'])"
    assert repr(workbench) == f"Workbench({str(home)!r})"
