"""The search for rows remembers its turns: short ones for all first, and none again where nothing changed."""

from dataclasses import replace

import pytest

import engine
from engine.workload import witness_repair
from engine.workload.mining import mine_workload
from engine.workload.reading import read_statements
from engine.workload.records import Statement
from engine.workload.repair_request import RepairRequest
from engine.workload.trials import ignore_progress
from engine.workload.witness_repair import WitnessRepair
from engine.workload.witnesses import Unsolved, Witness, WitnessRow, is_placed

SCRIPT = """
create table goods (good_id int primary key, kind varchar(20) not null);
create table sales (sale_id int primary key, good_id int not null references goods);
"""
QUERIES = {
    "goods.sql": "select * from goods where kind = 'ELF'",
    "sales.sql": "select * from sales where sale_id < 0 and good_id < 0",
}


class LoadedTrial:
    def __init__(self) -> None:
        self.counts = {"goods": 30, "sales": 60}


def test_turns_are_remembered_until_the_tables_change(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema
    statements = read_statements(QUERIES, "redshift", {})
    workload = mine_workload(schema, statements, "redshift")
    searched: list[tuple[str, float]] = []
    clock = [0.0]

    def find(_schema: object, statement: Statement, *_: object, seconds: float, **__: object) -> Unsolved:
        searched.append((statement.name, seconds))
        clock[0] += seconds if statement.name == "goods.sql" else seconds / 2  # the other one comes to its end
        return Unsolved(statement, "None.")

    monkeypatch.setattr(witness_repair, "find_witness", find)
    monkeypatch.setattr(witness_repair, "thread_time", lambda: clock[0])
    repair = WitnessRepair()
    request = RepairRequest(
        schema, workload, statements, LoadedTrial(), "redshift", 1, 1, lambda _: None, ignore_progress  # type: ignore[arg-type]
    )  # fmt: skip

    repair(request)
    assert searched == [("goods.sql", 1), ("sales.sql", 1), ("goods.sql", 4), ("goods.sql", 8)]
    repair(request)
    assert len(searched) == 4
    sales = schema.table("sales")
    columns = [each.model_copy(update={"because": "Another rule."}) for each in sales.columns]
    changed = [schema.table("goods"), sales.model_copy(update={"columns": columns})]
    repair(replace(request, schema=schema.model_copy(update={"tables": changed})))
    assert searched[4:] == [("sales.sql", 1)]
    repair.left = 0.5
    repair(request)
    assert len(searched) == 5


def test_a_statement_whose_name_ends_as_that_of_another_is_placed_by_itself() -> None:
    schema = engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema
    queries = {"11b.sql": QUERIES["goods.sql"], "1b.sql": QUERIES["sales.sql"]}
    long, short = read_statements(queries, "redshift", {})
    goods = schema.table("goods")
    scenarios = [{"name": "11b.sql 1", "rows": 1, "values": {"kind": "ELF"}, "serves": "11b.sql, line 1"}]
    placed = type(goods).model_validate({**goods.model_dump(exclude_unset=True), "scenarios": scenarios})
    schema = schema.model_copy(update={"tables": [placed, schema.table("sales")]})

    assert (is_placed(schema, long), is_placed(schema, short)) == (True, False)


def test_a_statement_that_finds_nothing_with_its_rows_gets_others_once(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema
    statements = read_statements({"goods.sql": QUERIES["goods.sql"]}, "redshift", {})
    goods = schema.table("goods")
    scenarios = [{"name": "goods.sql 1", "rows": 1, "values": {"kind": "ELF"}, "serves": "goods.sql, line 1"}]
    placed = type(goods).model_validate({**goods.model_dump(exclude_unset=True), "scenarios": scenarios})
    schema = schema.model_copy(update={"tables": [placed, schema.table("sales")]})
    searched: list[bool] = []

    def find(_schema: object, statement: Statement, *_: object, again: bool, **__: object) -> Witness:
        searched.append(again)
        return Witness(statement, (WitnessRow("goods", {"kind": "OAF"}, {}),), checked=True)

    monkeypatch.setattr(witness_repair, "find_witness", find)
    repair = WitnessRepair()
    workload = mine_workload(schema, statements, "redshift")
    request = RepairRequest(
        schema, workload, statements, LoadedTrial(), "redshift", 1, 1, lambda _: None, ignore_progress  # type: ignore[arg-type]
    )  # fmt: skip

    (change,) = repair(request)
    assert [each["name"] for each in change.new["scenarios"]] == ["goods.sql 2"]
    repair(request)
    assert searched == [True]
