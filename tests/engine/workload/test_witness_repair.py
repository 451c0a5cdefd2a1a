"""The search for rows remembers its attempts: a few for all first, and none again where nothing changed."""

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
from engine.workload.witnesses import ATTEMPTS, Unsolved, Witness, WitnessRow, is_placed

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


def test_attempts_are_remembered_until_the_tables_change(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema
    statements = read_statements(QUERIES, "redshift", {})
    workload = mine_workload(schema, statements, "redshift")
    searched: list[tuple[str, range]] = []

    def find(_schema: object, statement: Statement, *_: object, attempts: range, **__: object) -> Unsolved:
        searched.append((statement.name, attempts))
        is_slow = statement.name == "sales.sql" and attempts.start == 6
        return Unsolved(statement, "None.", next_attempt=10 if is_slow else attempts.stop)

    monkeypatch.setattr(witness_repair, "find_witness", find)
    repair = WitnessRepair()
    request = RepairRequest(
        schema, workload, statements, LoadedTrial(), "redshift", 1, 1, lambda _: None, ignore_progress  # type: ignore[arg-type]
    )  # fmt: skip

    repair(request)
    first, rest = range(6), range(6, ATTEMPTS)
    assert searched == [("goods.sql", first), ("sales.sql", first), ("goods.sql", rest), ("sales.sql", rest)]
    repair(request)
    assert searched[4:] == [("sales.sql", range(10, ATTEMPTS))]  # it had no time for them
    repair(request)
    assert len(searched) == 5
    sales = schema.table("sales")
    columns = [each.model_copy(update={"because": "Another rule."}) for each in sales.columns]
    changed = [schema.table("goods"), sales.model_copy(update={"columns": columns})]
    request = replace(request, schema=schema.model_copy(update={"tables": changed}))
    repair.left = 0.0
    repair(request)
    assert len(searched) == 5
    repair.left = 9.0
    repair(request)
    assert searched[5:] == [("sales.sql", first), ("sales.sql", rest)]


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
    searched: list[range] = []

    def find(_schema: object, statement: Statement, *_: object, attempts: range, **__: object) -> Witness:
        searched.append(attempts)
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
    assert searched == [range(ATTEMPTS, ATTEMPTS + 6)]
