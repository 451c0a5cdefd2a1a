"""Inserted rows next to suggestions: samples of large tables, and keys that contradict them."""

import pytest

from engine.review.imports import import_sql


def read(sql):
    draft = import_sql(sql, name="shop", dialect="redshift")
    return draft.schema, [note.message for note in draft.notes]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("create table customers (id int primary key, name varchar(40));"
         "insert into customers values (1, 'Ann');", 1000),
        ("create table customer_type (id int primary key, name varchar(40));"
         "insert into customer_type values (1, 'A');", None),
        ("create table palette (id int primary key, name varchar(40)); insert into palette values (1, 'red');", None),
        (f"create table wide (id int primary key, {', '.join(f'c{n} int' for n in range(12))});"
         "insert into wide (id) values (1);", 1000),
        ("create table p (id int primary key); create table link (a int references p (id), b int references p (id));"
         "insert into link values (1, 1);", 1000),
    ],
)  # fmt: skip
def test_samples_of_a_large_table_come_first_and_rows_follow(sql, rows):
    schema, _ = read(sql)
    table = schema.tables[-1]
    assert table.target_rows == rows
    assert (table.because is not None) == (rows is not None)


def test_a_suggested_key_that_contradicts_given_rows_is_removed():
    schema, notes = read(
        "create table shop (id int primary key); create table visit (id int primary key, shop_id int);"
        "insert into visit values (1, 77777);"
    )
    assert schema.tables[1].columns[1].foreign_key is None
    assert schema.tables[1].rows == [[1, 77777]]
    assert any(note.startswith("Suggested foreign key of shop_id removed. Its given row 1 is 77777") for note in notes)


def test_values_of_a_stated_key_without_parent_are_left_to_the_key():
    schema, notes = read(
        "create table shop (id int primary key); create table visit (id int primary key, n int, "
        "shop_id int references shop (id)); insert into visit values (1, 5, 77777), (2, 6, 1);"
    )
    assert schema.tables[1].rows == [{"id": 1, "n": 5}, {"id": 2, "n": 6}]
    assert any(note.startswith("Inserted values of shop_id are left to the rules.") for note in notes)
