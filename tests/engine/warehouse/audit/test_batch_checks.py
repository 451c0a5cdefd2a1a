"""The audit proves that each row references a parent that its batch or an earlier one made."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import damaged


def column(name, data_type="INT", **rest):
    return {"name": name, "data_type": data_type, **rest}


def child(name, rows, **options):
    ident = column("id", "BIGINT", sequence={"start": 0}, is_unique=True)
    target = {"references_table": "customers", "references_column": "id"}
    key = column("c", "BIGINT", required="null_fraction" not in options, foreign_key=target | options)
    return {"name": name, "columns": [ident, key], **({} if rows is None else {"target_rows": rows})}


SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 100,
            "grows": True,
            "columns": [column("id", "BIGINT", sequence={"start": 0}, is_unique=True), column("vip", "BOOLEAN")],
        },
        child("orders", 1000),
        child("lines", None, fan_out=[1, 3]),
        child("cards", None, unique=True),
        child("visits", 400, counted=True, null_fraction=0.2, where="vip"),
        child("notes", 50),
    ],
}
ROWS = [{}, {"customers": 120, "orders": 1100, "visits": 450}, {"customers": 150, "orders": 1200, "visits": 500}]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHOP)
        for rows in ROWS:
            experiment.generate(rows, seed=3, progress=lambda _: None)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    found = {finding.table: finding.expected for finding in audit.findings if finding.check == "batches"}
    assert found == {
        "orders": "a row of customers made in the same or an earlier batch",
        "lines": "a row of customers made in the same batch",
        "cards": "a row of customers made in the same batch",
        "visits": "a row of customers made in the same or an earlier batch",
        "notes": "a row of customers made in the same or an earlier batch",
    }


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update orders set c = 100 where id = 999", "orders"),
        ("update orders set c = 120 where id = 1099", "orders"),
        ("update lines set c = 5 where rowid = (select max(rowid) from lines)", "lines"),
        ("update lines set c = 149 where id = 0", "lines"),
        ("update cards set c = case id when 0 then 149 when 149 then c else c end", "cards"),
        ("update visits set c = 149 where id = 0", "visits"),
        ("update notes set c = 100 where id = 49", "notes"),
    ],
)
def test_a_key_of_another_batch_fails(made, statement, table):
    with damaged(made, statement) as audit:
        failures = {(each.check, each.table): each.failing_sql for each in audit.failures}
        assert made.query(failures["batches", table]).frame.height > 0
