"""NULLs that another column decides go with every key and rule that follows other rows: the audit knows them."""

import polars as pl
import pytest

import engine

ID = {"name": "id", "data_type": "INT", "is_unique": True}
KIND = {"name": "kind", "data_type": "VARCHAR(3)", "values": ["all", "few"]}
FEW = {"required": False, "null_by": {"kind": {"all": 0, "few": 0.5}}}
CUSTOMER = {"references_table": "customers", "references_column": "id"}
ZIPF = {"type": "zipf", "parameters": {"s": 0.7}}


def number(name, **rule):
    return {"name": name, "data_type": "DECIMAL(12,2)", **rule}


PRICE = number("price", min_value=1, max_value=9)
SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 300,
            "columns": [
                ID,
                KIND,
                number("budget", min_value=50, max_value=90),
                number("spent", rollup={"of": "lines.customer_id", "sum": "price"}, **FEW),
            ],
        },
        {
            "name": "lines",
            "columns": [
                KIND,
                {"name": "customer_id", "data_type": "INT", "foreign_key": CUSTOMER | {"fan_out": [1, 4]}},
                {"name": "line", "data_type": "INT", "line_number_of": "customer_id"},
                PRICE,
                number("share", split_of="customer_id.budget"),
                number("so_far", running={"sum": "price", "within": "customer_id"}, **FEW),
                number("level", series={"within": "customer_id", "level": 5, "noise": 1}, **FEW),
                number("drawn", distribution={"type": "normal", "parameters": {"mean": 5, "stddev": 1}}, **FEW),
            ],
        },
        {
            "name": "visits",
            "target_rows": 1500,
            "columns": [
                ID,
                KIND,
                {"name": "guest", "data_type": "INT", "foreign_key": CUSTOMER | {"counted": True}, **FEW},
            ],
        },
        {
            "name": "calls",
            "target_rows": 1500,
            "columns": [
                ID,
                KIND,
                {
                    "name": "caller",
                    "data_type": "INT",
                    "foreign_key": CUSTOMER | {"counted": True, "distribution": ZIPF},
                    **FEW,
                },
            ],
        },
        {
            "name": "weighted",
            "columns": [
                ID,
                KIND,
                {
                    "name": "owner",
                    "data_type": "INT",
                    "foreign_key": CUSTOMER | {"fan_out_weights": {"0": 0.5, "3": 0.5}},
                    **FEW,
                },
            ],
        },
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHOP)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()

    assert audit.passed, audit.frame.filter(~pl.col("passed"))


@pytest.mark.parametrize(
    ("table", "column"),
    [("customers", "spent"), ("lines", "so_far"), ("lines", "level"), ("visits", "guest"),
     ("calls", "caller"), ("weighted", "owner")],
)  # fmt: skip
def test_only_the_case_with_a_share_has_nulls(made, table, column):
    sql = f"select kind, avg(case when {column} is null then 1.0 else 0 end) as share from {table} group by kind"
    shares = dict(made.query(sql).frame.rows())

    assert shares["all"] == 0
    assert 0.3 < shares["few"] < 0.7
