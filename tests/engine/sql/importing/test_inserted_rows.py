"""Rows of INSERT statements: they become the first rows of their table, and what is left out has a note."""

import pytest

from engine.review.imports import import_sql
from engine.sql.importing import insert_rows

TABLE = """create table t (
    id int primary key, code varchar(10), price decimal(10,2), is_on boolean, day date, extra {json}
);
"""


def read(sql, dialect="snowflake"):
    table = TABLE.format(json="super" if dialect == "redshift" else "variant" if dialect == "snowflake" else "json")
    return import_sql(table + sql, name="shop", dialect=dialect, suggest=False)


def rows(sql, dialect="snowflake"):
    return read(sql, dialect).schema.tables[0].rows


def notes(sql, dialect="snowflake"):
    return [(note.line, note.object, note.level, note.message) for note in read(sql, dialect).notes]


def test_a_lookup_has_the_rows_of_the_script():
    script = """
    create table order_state (id int primary key, code varchar(10) not null, is_final boolean not null);
    insert into order_state values (1, 'OPEN', false), (2, 'CLOSED', true), (3, 'VOID', true);
    create table orders (id int primary key, state_id int not null references order_state (id));
    """
    draft = import_sql(script, name="shop", dialect="redshift")
    states, orders = draft.schema.tables
    assert states.rows == [[1, "OPEN", False], [2, "CLOSED", True], [3, "VOID", True]]
    assert (states.target_rows, orders.rows) == (None, [])
    assert [(note.line, note.message) for note in draft.notes if note.line] == [
        (3, "3 inserted rows taken as the first rows of order_state, in their order.")
    ]


@pytest.mark.parametrize("dialect", ["redshift", "snowflake", "duckdb"])
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("insert into t values (1, 'a''b', -2.5, true, '2024-01-02', null);",
         [[1, "a'b", -2.5, True, "2024-01-02", None]]),
        ("INSERT INTO T (Code, ID) VALUES ('x', 1), ('(y', 2), ('z -- no', 3)",
         [{"code": "x", "id": 1}, {"code": "(y", "id": 2}, {"code": "z -- no", "id": 3}]),
        ("insert into t (id, day, price) values (1, date '2024-01-02', - 3), -- , (\n(+2, '2024-05-06'::date, "
         "cast('7.10' as decimal(10,2))) /* (3) */;",
         [{"id": 1, "day": "2024-01-02", "price": -3}, {"id": 2, "day": "2024-05-06", "price": "7.10"}]),
        ("insert into t (id, is_on, code) values (1, 'f', 55), (2, 1, true);",
         [{"id": 1, "is_on": False, "code": "55"}, {"id": 2, "is_on": True, "code": "true"}]),
        ("insert into t (id, code) select 1, 'a' union all select 2 as id, 'b' code;",
         [{"id": 1, "code": "a"}, {"id": 2, "code": "b"}]),
        ("insert into t (id, code) select * from (values (1, 'a'), (2, 'b')) as v (i, c);",
         [{"id": 1, "code": "a"}, {"id": 2, "code": "b"}]),
        ("insert into t (id, code) select v.c, 'k' from (values ('a', 1), ('b', 2)) as v (i, c);",
         [{"id": 1, "code": "k"}, {"id": 2, "code": "k"}]),
        ("insert into t values (1, 'a'), (2, 'b'); insert into t (id) values (3);",
         [{"id": 1, "code": "a"}, {"id": 2, "code": "b"}, {"id": 3}]),
        ("insert into t (id, code) values (1, 'a') on conflict do nothing;", [{"id": 1, "code": "a"}]),
        ("insert into t (id, price) values (1, 12345678.10), (2, 1e3);",
         [{"id": 1, "price": 12345678.1}, {"id": 2, "price": 1000.0}]),
        ("alter table t rename column code to name; insert into t (id, name) values (1, 'a');",
         [{"id": 1, "name": "a"}]),
        ("insert into t (id, code) values (1, 'a'); alter table t rename column code to name;",
         [{"id": 1, "name": "a"}]),
        ("insert into t (id, code) values (1, 'a'); alter table t drop column code;", [{"id": 1}]),
    ],
)  # fmt: skip
def test_forms_of_insert(dialect, sql, expected):
    assert rows(sql, dialect) == expected


def test_snowflake_selects_columns_of_values():
    sql = "insert into t (id, extra) select $1, parse_json($2) from values (1, '{\"a\": 1}'), (2, null);"
    assert rows(sql) == [{"id": 1, "extra": '{"a": 1}'}, {"id": 2, "extra": None}]
    assert rows("insert into t (id, code) select column1, 'k' from values (5);") == [{"id": 5, "code": "k"}]
    assert rows("insert into t (id) values (1); insert overwrite into t (id) values (2);") == [{"id": 2}]


def test_redshift_reads_json():
    assert rows("insert into t (id, extra) values (1, json_parse('[1, 2]'));", "redshift") == [
        {"id": 1, "extra": "[1, 2]"}
    ]


def test_what_only_the_warehouse_knows_is_left_to_the_rule():
    sql = (
        "insert into t (id, day, code, price) values (1, current_date, DEFAULT, 2), "
        "(2, dateadd(day, 1, getdate()), upper('x'), 3);"
    )
    assert rows(sql, "redshift") == [{"id": 1, "price": 2}, {"id": 2, "price": 3}]
    found = [note for note in notes(sql, "redshift") if note[2] == "info" and "warehouse only" in note[3]]
    message = "Inserted value is known to the warehouse only; the column's rule fills it."
    assert found == [(4, "t.day", "info", message), (4, "t.code", "info", message)]


@pytest.mark.parametrize(
    ("sql", "line", "reason"),
    [
        (
            "insert into t (id, code) values (1, 'a'),\n(2, 'far too long');",
            5,
            "code 'far too long' is longer than 10.",
        ),
        ("insert into t (id) values (1),\n\n (null);", 6, "id is NULL, and the column is NOT NULL."),
        ("insert into t (id) values (1); insert into t (id) values (1);", 4, "(id) repeats the key 1."),
        ("insert into t (id, day) values (1, null), (2, 'soon');", 4, "day 'soon' is not a date in ISO form."),
    ],
)
def test_a_row_that_does_not_fit_is_left_out(sql, line, reason):
    assert [row["id"] for row in rows(sql)] == [1]
    message = f"1 inserted row left out; the first, at line {line}: {reason}"
    assert any(found[1:] == ("t", "warning", message) for found in notes(sql))


def test_rows_of_other_length_and_unknown_columns_have_notes():
    sql = "insert into t (id, nope) values (1, 2), (3);"
    assert rows(sql) == [{"id": 1}]
    messages = [found[3] for found in notes(sql)]
    assert 't has no column "nope"; its values are left out.' in messages
    assert "1 row left out, the first at line 4: the number of values is not that of the columns." in messages


@pytest.mark.parametrize(
    "sql",
    [
        "insert into unknown values (1);",
        "insert into t select * from other;",
        "insert into t default values;",
        "update t set id = 1;",
        "delete from t;",
        "copy t from 's3://x';",
        "merge into t using s on 1 = 1 when matched then delete;",
    ],
)
def test_rows_that_are_not_in_the_script_are_skipped_with_the_reason(sql):
    assert rows(sql) == []
    assert [found[2] for found in notes(sql)] == ["skipped"]


def test_a_long_list_is_cut_with_a_note(monkeypatch):
    monkeypatch.setattr(insert_rows, "MAX_ROWS", 5)
    listed = ",\n".join(f"({number}, 'c')" for number in range(9))
    sql = f"insert into t (id, code) values {listed};\ninsert into t (id) values (100);"
    assert [row["id"] for row in rows(sql)] == [0, 1, 2, 3, 4]
    assert next(found[3] for found in notes(sql)) == "Only the first 5 inserted rows are taken."


def test_a_swap_and_a_drop_take_the_rows_along():
    sql = """create table u (id int, code varchar(10));
    insert into t (id) values (1); insert into u values (2, 'u');
    alter table t swap with u;"""
    first, second = read(sql).schema.tables
    assert (first.rows, second.rows) == ([[2, "u"]], [{"id": 1}])
    assert read("create table v (id int); insert into v values (1); drop table v;").schema.tables[0].rows == []


def test_a_key_of_several_columns_without_its_surrogate():
    sql = "create table p (a int, b int, c int, primary key (a, b));"
    sql += "insert into p values (1, 2, 3), (1, 3, 3), (1, 2, 4);"
    table = import_sql(sql, name="shop", dialect="redshift", suggest=False).schema.tables[0]
    assert [(row["a"], row["b"], row["c"]) for row in map(dict, table.rows)] == [(1, 2, 3), (1, 3, 3)]
