import pytest

import engine
from engine.errors import ConflictError, SchemaError

SHOP = {
    "name": "shop",
    "tables": [
        {"name": "customers", "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
        {
            "name": "orders",
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "id"},
                },
                {"name": "status", "data_type": "VARCHAR(9)", "values": ["open", "paid"], "required": False},
                {"name": "total", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 9, "suggested": True},
            ],
        },
    ],
}


@pytest.fixture
def bench(home):
    with engine.Workbench(home) as opened:
        yield opened


@pytest.fixture
def review(bench: engine.Workbench):
    return bench.review(SHOP)


def test_a_column_is_a_line_of_texts(review):
    _, customer, status, total = review.lines("orders")

    assert customer["references"] == "customers.id"
    assert (status["rule"], status["value"], status["nulls"]) == ("values", '["open", "paid"]', 0.05)
    assert (total["rule"], total["settings"]) == ("by type", '{"min_value": 1, "max_value": 9}')
    assert (total["suggested"], total["nulls"], total["unique"]) == (True, None, False)


def test_nothing_changed_is_the_same_schema(review, bench: engine.Workbench):
    assert bench.create(review.edited()).to_json() == bench.review(SHOP, name="other").to_json().replace(
        '"other"', '"shop"'
    )


def test_samples_follow_a_change(review):
    assert set(review.samples("orders")["status"]) <= {"open", "paid", None}

    review.change("orders", "status", {"value": "new, old", "nulls": None})

    assert set(review.samples("orders")["status"]) <= {"new", "old"}
    assert review.edited().table("orders").column("status").required


def test_a_rule_a_type_and_a_key_can_be_changed(review):
    review.change("orders", "status", {"rule": "pattern", "value": "A-##", "type": "VARCHAR(20)", "unique": False})
    review.change("orders", "customer", {"references": ""})
    review.change("orders", "total", {"settings": '{"min_value": 5, "max_value": 6}', "nulls": 0.5})

    changed = review.edited().table("orders")

    assert (changed.column("status").pattern, changed.column("status").data_type) == ("A-##", "VARCHAR(20)")
    assert changed.column("customer").foreign_key is None
    assert (changed.column("total").min_value, changed.column("total").null_fraction) == (5, 0.5)
    assert not changed.column("total").suggested


def test_a_key_can_be_added(review):
    review.change("orders", "id", {"references": "customers.id"})

    assert review.edited().table("orders").column("id").foreign_key.references_table == "customers"


@pytest.mark.parametrize(
    ("column", "changes", "message"),
    [
        ("total", {"type": "DECIMALL(1)"}, "orders.total"),
        ("total", {"settings": "{oops"}, "no JSON object"),
        ("total", {"settings": '{"min_valu": 1}'}, "min_valu"),
        ("total", {"rule": "faker_rule", "value": ""}, "has no value"),
        ("customer", {"references": "nowhere"}, "no column to reference"),
        ("status", {"rule": "faker_rule", "value": "frist_name"}, "first_name"),
    ],
)
def test_what_is_wrong_is_told_and_kept_as_typed(review, column, changes, message):
    review.change("orders", column, changes)

    with pytest.raises(SchemaError, match=message):
        review.edited()
    (line,) = (line for line in review.lines("orders") if line["column"] == column)
    assert line | changes == line


def test_a_change_taken_back_is_no_change(review):
    review.change("orders", "total", {"type": "NONSENSE"})
    review.change("orders", "total", {"type": "DECIMAL(8,2)"})

    assert review.edited().table("orders").column("total").suggested


def test_a_taken_name_is_refused_before_the_review(bench: engine.Workbench, review):
    bench.create(review.edited())

    with pytest.raises(ConflictError, match='already an experiment "shop"'):
        bench.review(SHOP)


def test_the_reviewed_schema_can_be_written_down(review):
    review.change("orders", "status", {"type": "VARCHAR(33)"})

    assert '"VARCHAR(33)"' in review.to_json()
    assert "VARCHAR(33)" in review.to_ddl("snowflake").upper()
    assert "varchar status" in review.diagram()
