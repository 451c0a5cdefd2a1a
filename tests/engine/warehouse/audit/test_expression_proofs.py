"""The audit computes expressions again from the loaded rows, and bounds those with draws."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import damaged


def _column(name, data_type, expression=None, **keys):
    return {"name": name, "data_type": data_type, **({"expression": expression} if expression else {}), **keys}


DAYS = "uniform(1, 14, random())"
SHOP = {
    "name": "lab",
    "tables": [
        {
            "name": "product",
            "target_rows": 40,
            "columns": [
                _column("id", "INT", is_unique=True),
                _column("price", "DECIMAL(8,2)", min_value=1, max_value=99),
                _column("cost", "DECIMAL(8,2)", "round(price * uniform(0.35, 0.65, random()), 2)"),
                _column("code", "VARCHAR(9)", "'P-' || lpad(cast(id as varchar), 6, '0')"),
            ],
        },
        {
            "name": "day",
            "target_rows": 400,
            "columns": [
                _column("d", "DATE", sequence={"start": "2023-12-01", "step": 1}, is_unique=True),
                _column("date_key", "INT", "cast(to_char(d, 'YYYYMMDD') as int)"),
                _column("year_no", "SMALLINT", "year(d)"),
                _column("month_name", "VARCHAR(9)", "to_char(d, 'MMMM')"),
                _column("week_no", "SMALLINT", "weekiso(d)"),
                _column("is_weekend", "BOOLEAN", "dayofweekiso(d) > 5"),
                _column("month_end", "DATE", "last_day(d)"),
                _column("season", "DOUBLE", "sin(dayofyear(d) * 0.0172)"),
            ],
        },
        {
            "name": "sale",
            "target_rows": 900,
            "composite_keys": [["a", "b"]],
            "columns": [
                _column("a", "INT", min_value=1, max_value=40),
                _column("b", "INT", min_value=1, max_value=40),
                _column("product_id", "INT", foreign_key={"references_table": "product", "references_column": "id"}),
                _column("qty", "INT", min_value=1, max_value=9),
                _column("discount", "DECIMAL(4,2)", min_value=0, max_value="0.3"),
                _column("total", "DECIMAL(10,2)", "qty * product_id.price * (1 - discount)"),
                _column("check_in", "DATE"),
                _column("check_out", "DATE", f"check_in + {DAYS}"),
                _column("paid_at", "TIMESTAMPTZ", "dateadd(second, uniform(60, 3600, random()), check_out)",
                        required=False, null_when="qty = 1"),
                _column("tax", "DECIMAL(10,2)",
                        "total * case when random() < 0.3 then uniform(0.05, 0.25, random()) else 0 end"),
                _column("margin", "DECIMAL(10,2)", "total - qty * product_id.cost"),
                _column("state", "VARCHAR(9)", "case when random(1) < 0.3 then 'open' when random(1) < 0.5 then 'paid' "
                        "else lower(product_id.code) end"),
                _column("grade", "VARCHAR(2)", "decode(uniform(1, 3, random()), 1, 'a', 2, 'b', 'c')"),
                _column("amount", "VARCHAR(20)", "cast(uniform(5.00, 9.50, random()) as varchar)"),
                _column("day_text", "VARCHAR(10)", f"to_char(check_in + {DAYS}, 'YYYY-MM-DD')"),
                _column("row_no", "INT", "seq4() + 1"),
                _column("month_no", "INT", "month(check_in + uniform(0, 400, random()))"),
                _column("share", "DOUBLE", "uniform(0.0, 1.0, random()) * qty"),
                _column("score", "DOUBLE", "normal(0, 1, random())"),
                _column("note", "VARCHAR(20)", "'n-' || uniform(1, 9, random())"),
            ],
        },
        {
            "name": "refund",
            "target_rows": 100,
            "foreign_keys": [{"columns": ["a", "b"], "references_table": "sale", "references_columns": ["a", "b"]}],
            "columns": [
                _column("a", "INT"), _column("b", "INT"),
                _column("total", "DECIMAL(10,2)", "b.total"),
                _column("city", "VARCHAR(9)", "a.product_id.code"),
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHOP)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    by_check = {name: {each.column for each in audit.findings if each.check == name} for name in (
        "expression", "expression_bounds")}  # fmt: skip
    assert by_check["expression"] == {
        "code", "date_key", "year_no", "month_name", "week_no", "is_weekend", "month_end", "season", "total", "margin",
        "row_no", "city",
    }  # fmt: skip
    assert by_check["expression_bounds"] == {
        "cost", "check_out", "paid_at", "tax", "state", "grade", "amount", "day_text", "share", "month_no",
    }  # fmt: skip
    assert {each.column: each.found for each in audit.not_proved} == {
        "score": "a draw of NORMAL has no bounds",
        "note": "a draw becomes part of a text",
    }


DAMAGE = {
    "product.cost": "cost = price * 0.7",
    "product.code": "code = 'P-000001'",
    "day.date_key": "date_key = 20230101",
    "day.year_no": "year_no = 2022",
    "day.month_name": "month_name = 'Dec'",
    "day.week_no": "week_no = 54",
    "day.is_weekend": "is_weekend = not is_weekend",
    "day.month_end": "month_end = d - 1",
    "day.season": "season = season + 1e-15",
    "sale.total": "total = total + 0.01",
    "sale.check_out": "check_out = check_in",
    "sale.paid_at": "paid_at = paid_at + interval 1 day",
    "sale.tax": "tax = total * 0.26",
    "sale.margin": "margin = -margin - 1",
    "sale.state": "state = 'new'",
    "sale.grade": "grade = 'd'",
    "sale.amount": "amount = '9.51'",
    "sale.day_text": "day_text = cast(check_in as varchar)",
    "sale.row_no": "row_no = 0",
    "sale.month_no": "month_no = 13",
    "sale.share": "share = qty + 1",
    "refund.total": "total = total + 0.01",
    "refund.city": "city = 'x'",
}


@pytest.mark.parametrize("place", DAMAGE)
def test_a_broken_promise_is_found(made, place):
    table = place.split(".")[0]
    with damaged(made, f"update {table} set {DAMAGE[place]} where rowid % 50 = 7") as audit:
        failures = {f"{each.table}.{each.column}": each for each in audit.failures if "expression" in each.check}
    assert "t.rowid in (7" in failures[place].failing_sql
