"""Keys that a script leaves out, and references to them."""

import pytest

from engine.rules.suggestions.own_keys import with_suggested_own_keys
from engine.sql.importing.importer import import_sql
from tests.engine.rules.suggestions.building import imported, reason_of, rows_of


def own_keys(script: str) -> list[str]:
    return [str(key) for key in with_suggested_own_keys(import_sql(script, name="lab", dialect="redshift").schema)[1]]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("create table vessel (id bigint, name varchar(40));", "vessel (id)"),
        ("create table dim_vessels (vessel_key int, vessel_id varchar(20));", "dim_vessels (vessel_key)"),
        ("create table vessels (name varchar(40), vessel_id int);", "vessels (vessel_id)"),
        ("create table vessels (vesselid int, name varchar(40));", "vessels (vesselid)"),
        ("create table ports (port_code char(5), name varchar(40));", "ports (port_code)"),
        (
            "create table guest_opinions (opinion_id int, guest_id int, stars int, text varchar(90), lang char(2));",
            "guest_opinions (opinion_id)",
        ),
    ],
)
def test_a_table_without_a_key_gets_the_one_that_a_name_says(script: str, expected: str):
    assert own_keys(script) == [expected]


@pytest.mark.parametrize(
    "script",
    [
        "create table vessels (id int, imo varchar(9) primary key);",
        "create table cruise (vessel_id int, port_id int, sailed_on date);",
        "create table vessels (vessel_id int, name varchar(40), valid_from date, valid_to date);",
        "create table vessels (vessel_id int, snapshot_date date, crew int);",
        "create table vessel_history (vessel_id int, name varchar(40), changed_at timestamp);",
        "create table vessel_port (port_id int, vessel_id int);",
        "create table vessels (vessel_id float, name varchar(40));",
        "create table vessels (vessel_id int, name varchar(40)); insert into vessels values (1, 'A'), (1, 'B');",
    ],
)
def test_no_key_where_rows_repeat_it_or_the_script_declares_another(script: str):
    assert own_keys(script) == []


def test_the_only_number_of_a_table_that_others_refer_to_is_its_key():
    uses = "".join(f"create table {name} (member_no_id int, visited_on date, x_id int);" for name in ("a", "b", "c"))
    script = "create table people (member_no_id int, gender char(1), birth_date date);" + uses
    assert own_keys(script) == ["people (member_no_id)"]
    assert imported(script).table("a").column("member_no_id").foreign_key.references_table == "people"


def test_names_that_begin_with_the_name_of_their_source_are_read_without_it():
    script = """create table acme_vessels (vessel_id int); create table acme_ports (port_id int);
    create table acme_port_calls (call_id int, port_id int, vessel_id int, berth varchar(4), draft int, pilot int)"""
    assert own_keys(script) == ["acme_vessels (vessel_id)", "acme_ports (port_id)", "acme_port_calls (call_id)"]


def test_a_suggested_key_is_unique_filled_and_referred_to():
    script = """create table vessels (vessel_id varchar(20), name varchar(40));
    create table calls (id bigint, vessel_id varchar(20), called_at timestamp)"""
    frame = rows_of(script, "vessels")
    assert frame["vessel_id"].n_unique() == frame.height and frame["vessel_id"].null_count() == 0
    calls = rows_of(script, "calls")
    assert calls["id"].n_unique() == calls.height
    assert set(calls["vessel_id"].drop_nulls()) <= set(rows_of(script, "vessels", rows=100_000)["vessel_id"])
    assert reason_of("create table t (id int, name varchar(9))", "id").startswith("The name says that it identifies")


@pytest.mark.parametrize(
    ("script", "column"),
    [
        ("create table t (id int, parent_id int)", "parent_id"),
        ("create table branches (branch_id int, parent_branch_id int)", "parent_branch_id"),
        ("create table tasks (task_id int, previous_task_id int)", "previous_task_id"),
        ("create table tasks (task_id int primary key, task_parent_id int)", "task_parent_id"),
        ("create table employees (employee_id int, manager_id int)", "manager_id"),
    ],
)
def test_a_parent_of_the_same_kind_is_a_row_of_the_same_table(script: str, column: str):
    table = imported(script).tables[0]
    assert table.column(column).foreign_key.references_table == table.name
