import pytest

from engine.schema.diagram import er_diagram, neighbourhood
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema
from tests.engine.rules.relations.test_events import logged


def schema_of(*tables) -> ExperimentSchema:
    return ExperimentSchema.model_validate({"name": "shop", "tables": tables})


def key_to(table, **more):
    return {"references_table": table, "references_column": "id"} | more


ID = {"name": "id", "data_type": "INT", "is_unique": True}
SHOP = schema_of(
    {"name": "customers", "columns": [ID, {"name": "Full Name", "data_type": "VARCHAR(9)", "quoted": True}]},
    {
        "name": "orders",
        "schema_name": "sales",
        "primary_key": ["id"],
        "columns": [
            {"name": "id", "data_type": "INT"},
            {"name": "customer", "data_type": "INT", "foreign_key": key_to("customers")},
            {
                "name": "giver",
                "data_type": "INT",
                "required": False,
                "foreign_key": key_to("customers", suggested=True),
            },
        ],
    },
    {"name": "apart", "columns": [ID | {"foreign_key": key_to("sales.orders", unique=True)}]},
)


def test_keys_and_cardinalities_are_drawn():
    assert er_diagram(SHOP).replace("\u2003", "").splitlines() == [
        "erDiagram",
        "  direction LR",
        '  "customers" {',
        "    int id UK",
        "    varchar Full_Name",
        "  }",
        '  "sales.orders" {',
        "    int id PK",
        "    int customer FK",
        "    int giver FK",
        "  }",
        '  "apart" {',
        "    int id UK, FK",
        "  }",
        '  "customers" ||--o{ "sales.orders" : "customer"',
        '  "customers" |o--o{ "sales.orders" : "giver (suggested)"',
        '  "sales.orders" ||--o| "apart" : "id"',
    ]


@pytest.mark.parametrize(
    ("table", "near"),
    [("customers", ["customers", "sales.orders"]), ("orders", ["customers", "sales.orders", "apart"])],
)
def test_a_neighbourhood_has_the_parents_and_children_of_a_table(table, near):
    assert neighbourhood(SHOP, table) == near


def test_only_the_neighbourhood_is_drawn_around_a_table():
    drawn = er_diagram(SHOP, around="customers")

    assert '"apart"' not in drawn
    assert '"sales.orders"' in drawn


def test_only_keys_are_listed_for_many_tables():
    many = schema_of(*({"name": f"t{n}", "columns": [ID, {"name": "x", "data_type": "INT"}]} for n in range(13)))

    assert "int id UK" in er_diagram(many)
    assert "int x" not in er_diagram(many)


def test_special_characters_in_names_are_replaced():
    odd = schema_of(
        {"name": 'a"b{c}', "quoted": True, "columns": [{"name": "1 %", "quoted": True, "data_type": "INT"}]}
    )

    assert er_diagram(odd).splitlines()[2:4] == ['  "a_b_c_" {', "    int c_1__"]


def test_a_surrogate_key_keeps_its_name():
    surrogate = schema_of({"name": "t", "columns": [ID | {"name": "_row_id"}]})
    assert "    int _row_id UK" in er_diagram(surrogate).splitlines()


def test_labels_are_padded():
    assert ': "\u2003customer\u2003"' in er_diagram(SHOP)


def test_what_the_rows_of_keys_tell_is_drawn():
    drawn = er_diagram(
        schema_of(
            {"name": "accounts", "columns": [
                ID,
                {"name": "balance", "data_type": "DECIMAL(9,2)", "rollup": {"of": "moves.account", "sum": "amount"}},
                {"name": "moves", "data_type": "INT", "rollup": {"of": "moves.ACCOUNT", "count": True}},
                {"name": "is_used", "data_type": "BOOLEAN", "rollup": {"of": "moves.account", "any": "amount > 1"}},
                {"name": "x", "data_type": "INT", "hidden": True, "rollup": {"of": "moves.account", "count": True}},
            ]},
            {"name": "moves", "columns": [
                {"name": "account", "data_type": "INT", "foreign_key": key_to("accounts", counted=True)},
                {"name": "day", "data_type": "INT", "foreign_key": key_to("days", fan_out_weights={"1": 1, "4": 2})},
                {"name": "amount", "data_type": "DECIMAL(9,2)"},
                {"name": "after", "data_type": "DECIMAL(9,2)", "running": {"sum": "amount", "within": "account"}},
                {"name": "part", "data_type": "DECIMAL(9,2)", "split_of": "day.fee"},
            ]},
            {"name": "days", "columns": [ID, {"name": "fee", "data_type": "DECIMAL(9,2)"}]},
        )
    )  # fmt: skip

    lines = drawn.replace("\u2003", "").splitlines()
    assert '    decimal balance "sum of amount"' in lines
    assert '    int moves "count of moves"' in lines
    assert '    boolean is_used "any of moves"' in lines
    assert '    decimal after "running total of amount"' in lines
    assert '    decimal part "share of fee"' in lines
    assert '  "accounts" ||--o{ "moves" : "account (counted, 3 roll-ups)"' in lines
    assert '  "days" ||--o{ "moves" : "day (weights)"' in lines


def test_a_table_of_events_is_drawn_as_one():
    drawn = er_diagram(read_schema(logged())).replace("\u2003", "").splitlines()
    assert '  "orders" ||--o{ "events" : "order_id (a row per step of status)"' in drawn
    assert '    varchar state "state of each step of order_id.status"' in drawn
    assert '    timestamp changed_at "time of each step of order_id.status"' in drawn
