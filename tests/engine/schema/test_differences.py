"""What differs between two schemas, each change with its place, its key and both values."""

import copy
from itertools import permutations

import pytest

from engine.schema.differences import Change, ChangeKind, SchemaDiff, common_tables, compare_schemas, summarize
from engine.schema.models import ExperimentSchema

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"], "weights": [2, 1]},
                {"name": "born_on", "data_type": "DATE"},
            ],
        },
        {"name": "orders", "columns": [{"name": "id", "data_type": "INT"}, {"name": "fee", "data_type": "INT"}]},
    ],
}


def changed(change):
    data = copy.deepcopy(SHOP)
    change(data)
    return data


def compared(change, old=SHOP):
    return compare_schemas(ExperimentSchema.model_validate(old), ExperimentSchema.model_validate(changed(change)))


def column(data, table, name):
    found = next(each for each in data["tables"] if each["name"] == table)
    return next(each for each in found["columns"] if each["name"] == name)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda data: None, []),
        (lambda data: data.update(name="store", description="A store."), []),
        (lambda data: data.update(locale="de_DE"), ['~ locale none → "de_DE"']),
        (
            lambda data: column(data, "customers", "city").update(weights=[5, 1]),
            ["~ customers.city: weights [2, 1] → [5, 1]"],
        ),
        (
            lambda data: column(data, "orders", "fee").update(data_type="BIGINT", null_fraction=0.5, required=False),
            [
                '~ orders.fee: data_type "INT" → "BIGINT"',
                "~ orders.fee: null_fraction none → 0.5",
                "~ orders.fee: required none → false",
            ],
        ),
        (lambda data: data["tables"][1].update(target_rows=9), ["~ orders: target_rows none → 9"]),
        (
            lambda data: data["tables"][1]["columns"].append({"name": "tax", "data_type": "DECIMAL(8,2)"}),
            ["+ orders.tax: added (DECIMAL(8,2))"],
        ),
        (lambda data: data["tables"][1]["columns"].pop(), ["- orders.fee: removed (INT)"]),
        (lambda data: column(data, "customers", "city").update(name="town"), ["~ customers.town: renamed from city"]),
        (lambda data: data["tables"][1].update(name="sales"), ["~ sales: renamed from orders"]),
        (lambda data: data["tables"][1].update(schema_name="eu"), ["~ eu.orders: renamed from orders"]),
        (
            lambda data: data["tables"][0]["columns"].reverse(),
            [
                "~ customers.born_on: moved to the start (was after id)",
                "~ customers.city: moved to the start (was after id)",
            ],
        ),
        (
            lambda data: data["tables"][0]["columns"].insert(0, data["tables"][0]["columns"].pop()),
            ["~ customers.born_on: moved to the start (was after city)"],
        ),
        (lambda data: data["tables"].reverse(), ["~ orders: moved to the start (was after customers)"]),
        (
            lambda data: data["tables"].append({"name": "t", "columns": [{"name": "a", "data_type": "INT"}]}),
            ["+ t: added (1 column)"],
        ),
        (lambda data: data["tables"].pop(), ["- orders: removed (2 columns)"]),
    ],
)
def test_each_change_is_a_line(change, lines):
    assert sorted(map(str, compared(change))) == sorted(lines)


def letters(names):
    columns = [{"name": name, "data_type": "INT", "min_value": ord(name)} for name in names]
    return ExperimentSchema.model_validate({"name": "s", "tables": [{"name": "t", "columns": columns}]})


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("abc", "cba", ["~ t.c: moved to the start (was after a)", "~ t.b: moved to the start (was after a)"]),
        ("rxa", "ax", ["~ t.a: moved to the start (was after x)", "- t.r: removed (INT)"]),
        ("abcxdefg", "defgxabc", [f"~ t.{name}: moved after g (was first)" for name in "xabc"]),
        ("abcd", "dabc", ["~ t.d: moved to the start (was after c)"]),
        ("abcd", "cdab", ["~ t.c: moved to the start (was after b)", "~ t.d: moved to the start (was after b)"]),
        ("ab", "nab", ["+ t.n: added (INT)"]),
        ("abc", "bc", ["- t.a: removed (INT)"]),
    ],
)
def test_what_moved_is_told_by_what_stays_before_it(before, after, lines):
    changes = compare_schemas(letters(before), letters(after))
    assert list(map(str, changes)) == lines
    assert all(change.old != change.new for change in changes)


def test_any_new_order_is_told_without_an_equal_place():
    for order in permutations("abcde"):
        changes = compare_schemas(letters("abcde"), letters(order))
        assert bool(changes) == (order != tuple("abcde"))
        assert all(change.kind is ChangeKind.MOVED and change.old != change.new for change in changes)


def test_a_change_has_its_place_and_both_values():
    (change,) = compared(lambda data: column(data, "customers", "city").update(weights=[5, 1]))
    assert change == Change(ChangeKind.CHANGED, "customers", "city", "weights", [2, 1], [5, 1])
    assert change.place == "customers.city"


def test_two_columns_renamed_at_once_are_paired_in_their_order():
    def change(data):
        data["tables"][1]["columns"] = [{"name": "no", "data_type": "INT"}, {"name": "tax", "data_type": "INT"}]

    assert list(map(str, compared(change))) == ["~ orders.no: renamed from id", "~ orders.tax: renamed from fee"]


def test_a_long_value_is_cut_in_its_line_only():
    values = [f"city {number}" for number in range(50)]
    (change,) = compared(lambda data: column(data, "customers", "city").update(values=values, weights=[2, 1]))
    assert change.new == values
    assert str(change).endswith("… (50 items)") and len(str(change)) < 250


def test_the_order_of_keys_is_no_difference():
    assert compared(lambda data: data["tables"].__setitem__(1, dict(reversed(data["tables"][1].items())))) == ()


def test_a_diff_prints_and_is_a_table_in_a_notebook():
    changes = compared(lambda data: column(data, "customers", "city").update(values=["<b>", "Bergen"]))
    diff = SchemaDiff("shop", 1, 2, changes)
    assert str(diff).splitlines() == [
        "Version 1 → 2 of shop: 1 change",
        '~ customers.city: values ["Oslo", "Bergen"] → ["<b>", "Bergen"]',
    ]
    assert diff and not SchemaDiff("shop", 2, 2, ())
    html = diff._repr_html_()
    assert "Version 1 → 2 of shop: 1 change" in html and "customers.city" in html and '<b>"' not in html


@pytest.mark.parametrize(
    ("tables", "summary"),
    [
        ([], ""),
        (["a"], "a: target_rows 1 → 2"),
        (["a", "a"], "2 changes in a"),
        (["a", "b"], "2 changes in a and b"),
        (["a", "b", "c", "d", "e"], "5 changes in a, b, c and 2 more tables"),
    ],
)
def test_changes_in_a_few_words(tables, summary):
    changes = [Change(ChangeKind.CHANGED, table, "", "target_rows", 1, 2) for table in tables]
    assert summarize(changes) == summary


def test_common_tables_have_the_columns_of_both():
    def change(data):
        data["tables"][0]["columns"].pop()
        data["tables"].pop()

    first, second = ExperimentSchema.model_validate(SHOP), ExperimentSchema.model_validate(changed(change))
    for found in (common_tables(first, second), common_tables(second, first)):
        assert [(table.key, [each.name for each in table.columns]) for table in found] == [
            ("customers", ["id", "city"])
        ]
