"""A schema that contradicts itself is refused before the first row, with what, where and what to do."""

import copy

import pytest

import engine
from engine.errors import SchemaError, WorkbenchError

ID = {"name": "id", "data_type": "INT", "is_unique": True}
SHOP = {
    "name": "lab",
    "tables": [
        {
            "name": "buyer",
            "target_rows": 20,
            "columns": [ID, {"name": "kind", "data_type": "VARCHAR(9)", "values": ["new", "old"]},
                        {"name": "born", "data_type": "DATE", "required": False}],
        },
        {
            "name": "sale",
            "target_rows": 50,
            "columns": [
                ID,
                {"name": "buyer_id", "data_type": "INT",
                 "foreign_key": {"references_table": "buyer", "references_column": "id"}},
                {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 9},
                {"name": "price", "data_type": "DECIMAL(6,2)"},
                {"name": "day", "data_type": "DATE"},
                {"name": "note", "data_type": "VARCHAR(9)", "required": False},
            ],
        },
    ],
}  # fmt: skip
TREE = {"references_table": "sale", "references_column": "id"}


def _key(**keys):
    return {"foreign_key": {"references_table": "buyer", "references_column": "id", **keys}}


# a name, the table's changes, the changes of its columns by name (a new name is a new column), and part of the problem
CASES = [
    # checks
    ("check_against_bounds", {"checks": ["qty between 1 and 10"]}, {"qty": {"min_value": 20, "max_value": 30}}, "qty"),
    ("check_of_no_column", {"checks": ["amount > 0"]}, {}, "amount"),
    ("check_syntax", {"checks": ["qty >"]}, {}, "qty >"),
    ("check_aggregate", {"checks": ["sum(qty) > 0"]}, {}, "sum"),
    ("check_subquery", {"checks": ["qty in (select id from buyer)"]}, {}, "select"),
    ("check_window", {"checks": ["row_number() over () > 0"]}, {}, "row_number"),
    ("checks_of_each_other", {"checks": ["qty > 5", "qty < 5"]}, {}, "qty"),
    ("check_of_values", {"checks": ["note in ('a', 'b')"]}, {"note": {"values": ["c"]}}, "note"),
    ("check_of_expression", {"checks": ["price > qty"]}, {"price": {"expression": "qty - 1"}}, "price > qty"),
    ("check_of_null", {"checks": ["note is null"]}, {"note": {"required": True}}, "note is null"),
    ("check_of_text_number", {"checks": ["qty = 'x'"]}, {}, "qty"),
    # NULLs
    ("null_when_required", {}, {"qty": {"null_when": "price > 1"}}, "null_when"),
    ("null_when_unknown", {}, {"note": {"null_when": "amount > 1"}}, "amount"),
    ("null_when_number", {}, {"note": {"null_when": "qty"}}, "null_when"),
    ("null_when_syntax", {}, {"note": {"null_when": "qty ="}}, "null_when"),
    ("null_when_cycle", {}, {"note": {"null_when": "memo is null"},
                             "memo": {"data_type": "INT", "required": False, "null_when": "note is null"}}, "cycle"),
    ("null_fraction_required", {}, {"qty": {"null_fraction": 0.2}}, "null_fraction"),
    ("null_key", {"primary_key": ["id", "qty"]}, {"qty": {"required": False, "null_when": "price > 1"}}, "NULL"),
    # given rows
    ("given_beyond_bounds_of_type", {"rows": [[1, 1, 1, "99999.99", "2024-01-01", "a"]]}, {}, "99999.99"),
    ("given_null", {"rows": [[None, 1, 1, "1.00", "2024-01-01", "a"]]}, {}, "NULL"),
    ("given_too_long", {"rows": [[1, 1, 1, "1.00", "2024-01-01", "abcdefghij"]]}, {}, "abcdefghij"),
    ("given_width", {"rows": [[1, 1, 1]]}, {}, "row"),
    ("given_twice", {"rows": [[1, 1, 1, "1.00", "2024-01-01", "a"]] * 2}, {}, "id"),
    ("given_parent", {"rows": [[1, 10**6, 1, "1.00", "2024-01-01", "a"]]}, {}, "buyer"),
    ("given_date", {"rows": [[1, 1, 1, "1.00", "2024-02-30", "a"]]}, {}, "2024-02-30"),
    ("given_check", {"rows": [[1, 1, 7, "1.00", "2024-01-01", "a"]], "checks": ["qty <> 7"]},
     {"qty": {"min_value": 1, "max_value": 6}}, "qty <> 7"),
    # sequences
    ("sequence_step_0", {}, {"qty": {"sequence": {"start": 1, "step": 0}, "min_value": None, "max_value": None}},
     "step"),
    ("sequence_beyond_type", {}, {"small": {"data_type": "SMALLINT", "sequence": {"start": 32760, "step": 1}}},
     "small"),
    ("sequence_beyond_dates", {}, {"day": {"sequence": {"start": "9999-12-30", "step": 1}}}, "day"),
    ("sequence_and_values", {}, {"note": {"data_type": "INT", "sequence": {"start": 1}, "values": [1, 2]}},
     "cannot be combined"),
    ("sequence_and_expression", {}, {"price": {"sequence": {"start": 1}, "expression": "qty"}}, "cannot be combined"),
    ("sequence_and_bounds", {}, {"qty": {"sequence": {"start": 1}}}, "min_value"),
    ("sequence_of_text", {}, {"note": {"sequence": {"start": 1}}}, "sequence"),
    ("sequence_of_other_type", {}, {"day": {"sequence": {"start": 5}}}, "start 5"),
    ("sequence_date_bounds", {}, {"day": {"sequence": {"start": "2024-01-01"}, "date_end": "2024-01-10"}}, "date_end"),
    ("sequence_fraction", {}, {"whole": {"data_type": "INT", "sequence": {"start": 1, "step": 0.5}}}, "step"),
    ("sequence_nullable_key", {}, {"buyer_id": {"sequence": {"start": 1}}}, "sequence"),
    # where
    ("where_unknown", {}, {"buyer_id": _key(where="colour = 'red'")}, "colour"),
    ("where_empty", {}, {"buyer_id": _key(where=" ")}, "where"),
    ("where_number", {}, {"buyer_id": _key(where="id + 1")}, "not a condition"),
    ("where_of_the_child", {}, {"buyer_id": _key(where="qty > 1")}, "qty"),
    ("where_aggregate", {}, {"buyer_id": _key(where="max(id) = id")}, "MAX"),
    # fan-out
    ("fan_out_unique", {}, {"buyer_id": _key(fan_out=[1, 3], unique=True)}, "fan_out"),
    ("fan_out_unique_column", {}, {"buyer_id": {**_key(fan_out=[1, 3]), "is_unique": True}}, "fan_out"),
    ("fan_out_reversed", {}, {"buyer_id": _key(fan_out=[3, 1])}, "fan_out"),
    ("fan_out_distribution", {}, {"buyer_id": _key(
        fan_out=[1, 3], distribution={"type": "zipf", "parameters": {"s": 1}})}, "fan_out"),
    ("fan_out_beyond_partners", {"composite_keys": [["buyer_id", "qty"]]}, {"buyer_id": _key(fan_out=[1, 20])},
     "qty"),
    ("unique_beyond_parents", {}, {"buyer_id": _key(unique=True)}, "20"),
    ("line_number_without_fan_out", {}, {"line": {"data_type": "INT", "line_number_of": "buyer_id"}}, "fan_out"),
    ("line_number_unknown", {}, {"line": {"data_type": "INT", "line_number_of": "customer"}}, "customer"),
    ("line_number_and_bounds", {}, {"buyer_id": _key(fan_out=[1, 4]), "line": {
        "data_type": "INT", "line_number_of": "buyer_id", "max_value": 2, "min_value": 1}}, "line"),
    ("count_without_fan_out", {}, {"n": {"data_type": "INT", "expression": "buyer_id.count"}}, "not known"),
    ("count_of_nullable", {}, {"buyer_id": {**_key(fan_out=[1, 4]), "required": False, "null_fraction": 0.2},
                               "n": {"data_type": "INT", "required": False, "expression": "buyer_id.count"}}, "NULL"),
    ("count_of_no_key", {}, {"n": {"data_type": "INT", "expression": "qty.count"}}, "qty"),
    ("key_of_other_type", {}, {"buyer_id": {**_key(), "data_type": "DATE"}}, "type"),
    ("root_fraction_of_another", {}, {"buyer_id": _key(root_fraction=0.5)}, "root_fraction"),
    ("key_and_rule", {}, {"buyer_id": {**_key(), "expression": "qty"}}, "buyer_id"),
    ("key_and_values", {}, {"buyer_id": {**_key(), "values": [1, 2]}}, "buyer_id"),
    ("nullable_target", {}, {"buyer_id": {"data_type": "DATE", "foreign_key": {
        "references_table": "buyer", "references_column": "born"}}}, "NULL"),
    # defaults
    ("default_beyond_bounds", {}, {"qty": {"default_value": 20}}, "default_value"),
    ("default_beyond_type", {}, {"price": {"default_value": "99999.99"}}, "default_value"),
    ("default_of_other_type", {}, {"day": {"default_value": "soon"}}, "default_value"),
    ("default_of_no_value", {}, {"note": {"values": ["a"], "default_value": "b"}}, "default_value"),
    ("default_fraction_alone", {}, {"qty": {"default_fraction": 0.5}}, "default_fraction"),
    ("default_of_key", {}, {"id": {"default_value": 1}}, "default_value"),
    ("default_violates_check", {"checks": ["qty <> 5"]}, {"qty": {
        "min_value": 5, "max_value": 9, "default_value": 5, "default_fraction": 0.9}}, "qty <> 5"),
    ("default_of_pattern", {}, {"note": {"pattern": "##", "default_value": "abcdefghijk"}}, "default_value"),
    # locales
    ("locale_by_unknown_locale", {}, {"name": {"data_type": "VARCHAR", "faker_rule": "name", "locale_by": {
        "column": "note", "locales": {"a": "xx_YY"}}}}, "xx_YY"),
    ("locale_by_unknown_column", {}, {"name": {"data_type": "VARCHAR", "faker_rule": "name", "locale_by": {
        "column": "land", "locales": {"a": "de_DE"}}}}, "land"),
    ("locale_by_without_rule", {}, {"note": {"locale_by": {"column": "qty", "locales": {"a": "de_DE"}}}}, "locale_by"),
    ("locale_by_itself", {}, {"name": {"data_type": "VARCHAR", "faker_rule": "name", "locale_by": {
        "column": "name", "locales": {"a": "de_DE"}}}}, "name"),
    # expressions
    ("expression_unknown", {}, {"price": {"expression": "qty * rate"}}, "rate"),
    ("expression_cycle", {}, {"price": {"expression": "cost"}, "cost": {"data_type": "INT", "expression": "price"}},
     "cycle"),
    ("expression_of_itself", {}, {"price": {"expression": "price + 1"}}, "cycle"),
    ("expression_and_bounds", {}, {"qty": {"expression": "id"}}, "min_value"),
    ("expression_beyond_type", {}, {"price": {"expression": "id + 99999"}}, "price"),
    ("expression_divides_by_0", {}, {"price": {"expression": "qty / (qty - qty)"}}, "zero"),
    ("expression_reversed_draw", {}, {"price": {"expression": "uniform(9, 1, random())"}}, "lower bound"),
    ("expression_null_in_required", {}, {"price": {"expression": "case when qty > 100 then 1 end"}}, "NULL"),
    ("expression_unique", {}, {"price": {"expression": "qty", "is_unique": True}}, "unique"),
    ("expression_and_pattern", {}, {"note": {"expression": "'a'", "pattern": "##"}}, "cannot be combined"),
    ("expression_of_two_steps", {}, {"price": {"expression": "qty.kind"}}, "foreign key"),
    # numbers of rows
    ("unique_beyond_values", {}, {"note": {"required": True, "is_unique": True, "values": ["a", "b"]}}, "note"),
    ("unique_beyond_bounds", {}, {"qty": {"is_unique": True}}, "qty"),
    ("unique_beyond_pattern", {}, {"note": {"required": True, "is_unique": True, "pattern": "#"}}, "note"),
    ("unique_beyond_dates", {}, {"day": {"is_unique": True, "date_start": "2024-01-01", "date_end": "2024-01-10"}},
     "day"),
    ("key_beyond_bounds", {"composite_keys": [["qty", "flag"]]}, {"flag": {"data_type": "BOOLEAN"}}, "qty"),
    ("negative_rows", {"target_rows": -1}, {}, "target_rows"),
    ("given_beyond_unique", {"rows": [[n, 1, n, "1.00", "2024-01-01", "a"] for n in range(1, 4)], "target_rows": 50},
     {"qty": {"is_unique": True}}, "qty"),
    ("dates_reversed", {}, {"day": {"date_start": "2024-02-01", "date_end": "2024-01-01"}}, "date_start"),
    ("tree_required_where", {}, {"above": {"data_type": "INT", "foreign_key": {**TREE, "where": "qty > 1"}}}, "where"),
    ("tree_unique", {}, {"above": {"data_type": "INT", "foreign_key": {**TREE, "unique": True}}}, "unique"),
]  # fmt: skip


def _changed(change, columns):
    schema = copy.deepcopy(SHOP)
    table = schema["tables"][1]
    table |= change
    for name, keys in columns.items():
        found = next((column for column in table["columns"] if column["name"] == name), None)
        if found is None:
            table["columns"].append({"name": name, **keys})
        else:
            found |= keys
            for key in [key for key, value in found.items() if value is None]:
                del found[key]
    return schema


@pytest.mark.parametrize(("change", "columns", "part"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_it_is_refused_before_the_first_row(tmp_path, change, columns, part):
    with engine.Workbench(tmp_path) as workbench, pytest.raises(SchemaError) as caught:
        workbench.create(_changed(change, columns))
    assert any(part.casefold() in f"{each.where} {each.message}".casefold() for each in caught.value.problems)
    assert all(each.where and each.message for each in caught.value.problems)


def test_a_where_that_no_parent_meets_is_refused_before_the_first_row_of_a_run(tmp_path):
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(_changed({}, {"buyer_id": _key(where="kind = 'gone'")}))
        with pytest.raises(WorkbenchError, match="None of the 20 rows of buyer meets kind = 'gone'") as caught:
            experiment.generate(seed=1)
    assert caught.value.where == "sale.buyer_id"
    assert not list(tmp_path.rglob("*.parquet"))
