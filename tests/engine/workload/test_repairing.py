"""Rounds of repair: starving conditions, changes that are taken back, and queries that are never lost."""

from collections.abc import Iterator, Sequence

import pytest

import engine
from engine.errors import CancelledError
from engine.trial_runs import TrialRuns
from engine.warehouse.querying.handle import QueryHandle
from engine.workload.changes import Change, change_column
from engine.workload.harmless import Attempt, Unit, keep_harmless, units_of
from engine.workload.mining import mine_workload
from engine.workload.reading import read_statements
from engine.workload.records import Statement
from engine.workload.repair_request import RepairRequest
from engine.workload.repairing import Repaired, repair_schema
from engine.workload.repairs import repair_nulls, repair_shares
from engine.workload.starving import find_starving
from engine.workload.trials import FitProgress
from engine.workload.wanted_rows import wanted_rows

SCRIPT = """
create table goods (good_id int primary key, kind varchar(20) not null, note varchar(10));
create table sales (sale_id int primary key, good_id int not null references goods, price numeric(8,2) not null);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("repairing")) as workbench:
        schema = engine.import_sql(SCRIPT, name="shop", dialect="redshift").schema
        goods = schema.table("goods")
        kind, note = goods.column("kind"), goods.column("note")
        weights = {"values": ["tool", "toy", "ELF"], "weights": [500, 500, 1]}
        columns = [
            goods.column("good_id"),
            type(kind).model_validate({"name": "kind", "data_type": "VARCHAR(20)", "required": True, **weights}),
            type(note).model_validate(
                {
                    "name": "note",
                    "data_type": "VARCHAR(10)",
                    "values": ["a", "b"],
                    "required": False,
                    "null_fraction": 0,
                }
            ),
        ]
        tables = [goods.model_copy(update={"columns": columns}), schema.table("sales")]
        yield workbench.create(schema.model_copy(update={"tables": tables}))


def _repair(
    shop: engine.Experiment, queries: dict[str, str], changes: Sequence[Change] = (), **options: object
) -> tuple[Repaired, TrialRuns]:
    schema = shop.schema
    workload = mine_workload(schema, read_statements(queries, "redshift", {}), "redshift")
    runs = TrialRuns(shop._services, lambda _: {"goods": 30, "sales": 200}, 1, "redshift")
    repairs = options.pop("repairs", (repair_nulls, repair_shares))
    return repair_schema(schema, workload, changes, runs.open, repairs, dialect="redshift", **options), runs  # type: ignore[arg-type]


def test_rounds_find_what_is_rare_and_what_is_null(shop: engine.Experiment) -> None:
    queries = {
        "elves.sql": "select * from sales join goods using (good_id) where price > 0 and kind = 'ELF'",
        "open.sql": "select count(*) from goods where note is null",
        "all.sql": "select * from sales",
        "never.sql": "select *\nfrom sales s, goods g\nwhere s.good_id = g.good_id\nand price > 1\nand s.sale_id = -1",
    }

    repaired, runs = _repair(shop, queries)

    assert [each.state == "finds rows" for each in repaired.before] == [False, False, True, False]
    assert [each.state == "finds rows" for each in repaired.after] == [True, True, True, False]
    assert repaired.failures == ()
    assert {change.place for change in repaired.kept} == {"goods.kind", "goods.note"}
    assert [(each.number, each.found) for each in repaired.rounds] == [(1, 3)]
    (starving,) = repaired.starving
    assert str(starving) == "never.sql: no row meets the condition s.sale_id = -1 (line 5)."
    assert runs.reused >= 1


def test_a_change_that_loses_a_query_or_fails_the_audit_is_taken_back(shop: engine.Experiment) -> None:
    table = shop.schema.table("goods")
    kind, note = table.column("kind"), table.column("note")
    harm = change_column(table, kind, "values", {"values": ["none"], "weights": None}, [], "Harm.")
    good = change_column(table, note, "values", {"values": ["x"]}, [], "Good.")
    queries = {"toys.sql": "select * from goods where kind = 'toy'", "x.sql": "select * from goods where note = 'x'"}

    repaired, _ = _repair(shop, queries, [harm, good], rounds=0)

    assert repaired.kept == (good,)
    assert [each.reason for each in repaired.dropped] == ["It is taken back. toys.sql would find no rows any more."]
    assert [each.state for each in repaired.after] == ["finds rows", "finds rows"]


def test_a_repair_that_finds_nothing_more_leaves_the_schema(shop: engine.Experiment) -> None:
    def rename(request: RepairRequest) -> list[Change]:
        table = request.schema.table("goods")
        return [change_column(table, table.column("note"), "values", {"values": ["q"]}, [], "Useless.")]

    repaired, _ = _repair(shop, {"no.sql": "select * from goods where good_id < 0"}, repairs=[rename])

    assert repaired.kept == ()
    assert repaired.schema.table("goods").column("note").values == ["a", "b"]
    assert [each.reason for each in repaired.dropped] == ["It is taken back. What queries find is no better with it."]


def test_a_cancelled_fit_leaves_the_schema(shop: engine.Experiment) -> None:
    handle, version = QueryHandle(), shop.version

    def cancel(progress: FitProgress) -> None:
        if progress.step == "running queries":
            handle.cancel()

    with pytest.raises(CancelledError, match="The fit was cancelled"):
        shop.fit({"elves.sql": "select * from goods where kind = 'ELF'"}, rows=30, handle=handle, progress=cancel)
    assert shop.version == version


@pytest.mark.parametrize(
    ("sql", "text", "line", "is_join", "is_alone"),
    [
        ("select a from t where a > 1\nand b = 2 and c = 3", "b = 2", 2, False, True),
        ("select a from t where a > 1 and c = 3 and d = 4", "d = 4", 1, False, False),
        ("select a from t join u on t.x = u.x\nand u.b = 2 where a > 1", "u.b = 2", 2, False, True),
        ("with k as (select a from t where b = 2)\nselect * from k where a > 1", "b = 2", 1, False, True),
        ("select a from t\ngroup by a\nhaving sum(b) > 5 and count(*) < 0", "COUNT(*) < 0", 3, False, True),
        ("select 1 from t, u where t.never = u.never and a = 1", "t.never = u.never", 1, True, True),
        ("select a from t where not exists (select 1 from u where b = 2) and b = 2", "b = 2", 1, False, True),
    ],
)
def test_the_first_starving_condition_is_told(sql: str, text: str, line: int, is_join: bool, is_alone: bool) -> None:
    (statement,) = read_statements({"q.sql": sql}, "redshift", {})

    def finds_rows(relaxed: Statement) -> bool:
        made = relaxed.sql.lower().replace("exists (", "exists(").partition("not exists(select 1 from u where b = 2)")
        kept = made[0] + made[2]
        starves = "b = 2" in kept or "count(*) < 0" in kept or "never" in kept or ("c = 3" in kept and "d = 4" in kept)
        return not starves

    found = find_starving(statement, "redshift", finds_rows)

    assert found is not None
    assert (found.text, found.line, found.is_join, found.is_alone) == (text, line, is_join, is_alone)


@pytest.mark.parametrize("harmful", [{3}, {0, 7}, {5}, set(range(8))])
def test_halving_takes_back_the_harmful_changes(harmful: set[int]) -> None:
    changes = [Change(f"t{number}", None, "rows", {}, {}, (), "") for number in range(8)]

    def attempt(units: Sequence[Unit]) -> Attempt[int]:
        numbers = {int(change.table[1:]) for unit in units for change in unit}
        return Attempt(len(numbers), not numbers & harmful, frozenset({"t3"}))

    result = keep_harmless(units_of(changes), attempt, most_trials=40)

    assert {int(unit[0].table[1:]) for unit in result.taken_back} == harmful
    assert result.result == (8 - len(harmful) or None)
    few = keep_harmless(units_of(changes), attempt, most_trials=2)
    assert not {int(unit[0].table[1:]) for unit in few.kept} & harmful


def test_shares_are_solved_for_wanted_rows(shop: engine.Experiment) -> None:
    queries = {
        "toys.sql": "-- rows: 12\nselect * from goods where kind = 'toy'",
        "tools.sql": "select *\nfrom goods -- all\nwhere kind = 'tool' limit 3",
        "all.sql": "select * from sales where price > 0",
    }
    statements = read_statements(queries, "redshift", {})
    history = "user,QUERY_TEXT,ROWS_PRODUCED\na,select * from GOODS where kind = 'tool'  limit 3;,3\nb,all.sql,50\n"

    wanted = wanted_rows(statements, queries, history)
    assert wanted == {"toys.sql": 12, "tools.sql": 3, "all.sql": 50}
    wanted["toys.sql"] = 4
    repaired, _ = _repair(shop, queries, rounds=0, wanted=wanted)

    found = {each.statement: each for each in repaired.cardinalities}
    assert found["toys.sql"].is_near
    assert str(found["all.sql"]) == "all.sql: 50 rows wanted, 200 found."
    assert [change.key for change in repaired.kept] == ["weights"] * len(repaired.kept) != []
    with pytest.raises(engine.WorkbenchError, match="no column of queries"):
        wanted_rows(statements, {}, "a,b\n1,2")
    with pytest.raises(engine.WorkbenchError, match="'many' is no number of rows"):
        wanted_rows(statements, {}, "query,rows\nall.sql,many")
