"""The audit proves values_by, distribution_by, null_by and rows drawn together, and leaves hidden columns out."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import find_damage

ID = {"name": "id", "data_type": "INT", "is_unique": True}
SHOP = {
    "name": "lab",
    "tables": [
        {
            "name": "customers",
            "target_rows": 500,
            "columns": [
                ID,
                {"name": "segment", "data_type": "VARCHAR(9)", "values": ["a", "b"], "required": False,
                 "null_fraction": 0.2},
                {"name": "secret", "data_type": "INT", "values": [1, 2], "hidden": True},
            ],
        },
        {
            "name": "orders",
            "target_rows": 20_000,
            "columns": [
                ID,
                {"name": "customer_id", "data_type": "INT",
                 "foreign_key": {"references_table": "customers", "references_column": "id"}},
                {"name": "channel", "data_type": "VARCHAR(9)", "values": ["web", "shop", "fax"]},
                {"name": "status", "data_type": "VARCHAR(9)",
                 "values_by": {"channel": {"web": {"paid": 8, "open": 2}, "*": {"paid": 1, "lost": 0}}}},
                {"name": "level", "data_type": "INT",
                 "values_by": {"customer_id.segment": {"a": {"1": 1, "2": 1}, "b": {"3": 1}, "null": {"9": 1}}}},
                {"name": "amount", "data_type": "DECIMAL(9,2)", "distribution_by": {"channel": {
                    "web": {"type": "normal", "parameters": {"mean": 100, "stddev": 5}},
                    "*": {"type": "exponential", "parameters": {"scale": 20}}}}},
                {"name": "note", "data_type": "VARCHAR(9)", "required": False,
                 "null_by": {"status": {"open": 1, "paid": 0.25, "*": 0}}},
                {"name": "city", "data_type": "VARCHAR(9)", "values_by": {
                    "columns": ["city", "state", "zip"], "weights": [5, 3, 2],
                    "rows": [["Ulm", "BW", 89073], ["Jena", "TH", 7743], ["Bonn", "NW", None]]}},
                {"name": "state", "data_type": "CHAR(2)"},
                {"name": "zip", "data_type": "INT", "required": False, "null_fraction": 0},
                {"name": "helper", "data_type": "INT", "hidden": True, "min_value": 1, "max_value": 9},
                {"name": "twice", "data_type": "INT", "expression": "helper * 2"},
                {"name": "kind", "data_type": "INT",
                 "values_by": {"customer_id.secret": {"1": {"5": 1}, "2": {"6": 1}}}},
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


def test_everything_that_is_stored_is_proved(made):
    result = made.audit()
    assert result.passed, [str(each) for each in result.failures]
    checks = {(each.check, each.column) for each in result.findings}
    assert {
        ("values_by", "status"), ("values_by_weights", "status"), ("values_by_covered", "level"),
        ("values_by_weights", "level"), ("distribution_by", "amount"), ("null_by", "note"), ("null_by_share", "note"),
        ("value_rows", "city"), ("value_row_weights", "city"),
    } <= checks  # fmt: skip
    assert {each.column for each in result.not_proved} == {"twice", "kind"}


def test_hidden_columns_are_not_in_the_tables_nor_in_what_shows_them(made):
    assert "helper" not in made.query("select * from orders limit 1").frame.columns
    assert "secret" not in made.profile("customers").frame["column"].to_list()
    assert "helper" not in made.to_ddl("snowflake")
    assert "helper" not in made.preview("orders", 3).columns
    assert "helper" not in [column.name for column in made.loaded_schema.table("orders").columns]
    assert made.key_coverage().height == 1


DAMAGES = [
    ("values_by", "update orders set status = 'lost' where id = 5"),
    ("values_by", "update orders set level = 3 where level = 9"),
    ("values_by_weights", "update orders set status = 'paid' where channel = 'web' and id % 4 = 0"),
    ("values_by_covered", "update customers set segment = 'c' where id = 5"),
    ("distribution_by", "update orders set amount = amount + 4 where channel = 'web'"),
    ("distribution_by", "update orders set amount = amount * 1.3 where channel <> 'web'"),
    ("null_by", "update orders set note = 'x' where id in (select min(id) from orders where status = 'open')"),
    ("null_by_share", "update orders set note = null where status = 'paid' and id % 10 = 0"),
    ("value_rows", "update orders set state = 'TH' where id in (select id from orders where city = 'Ulm' limit 1)"),
    ("value_rows", "update orders set zip = 1 where id in (select id from orders where city = 'Bonn' limit 1)"),
    ("value_row_weights", "update orders set city = 'Jena', state = 'TH', zip = 7743 where id % 10 = 0"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "change"), DAMAGES)
def test_damaged_values_are_found(made, check, change):
    assert check in {failed for failed, _ in find_damage(made, change)}


def test_a_locale_of_each_row_is_told_as_not_proved(workbench: engine.Workbench):
    choice = {"column": "land", "locales": {"DE": "de_DE", "FR": "fr_FR"}}
    columns = [
        {"name": "land", "data_type": "CHAR(2)", "values": ["DE", "FR"]},
        {"name": "who", "data_type": "VARCHAR(60)", "faker_rule": "name", "locale_by": choice},
    ]
    people = workbench.create({"name": "people", "tables": [{"name": "people", "columns": columns}]})
    people.generate(20, seed=1)

    (found,) = people.audit().not_proved

    assert (found.column, found.expected) == ("who", "the locale of land")
    assert found.found == "a text can be one of several locales"
