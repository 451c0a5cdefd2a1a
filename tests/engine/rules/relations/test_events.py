"""Tables of events: the steps of each parent's life cycle, as functions of the row, and their way back."""

from datetime import datetime
from itertools import pairwise

import polars as pl
import pytest

from engine.errors import GenerationError, RuleError, SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.review.structure import drop_column, rename_column
from engine.rules.keys.event_rows import count_events
from engine.schema.files import read_schema, schema_to_json
from engine.schema.lifecycles import Lifecycle
from tests.engine.rules.relations.shops import key_to, read, rollup, rows_of
from tests.engine.rules.relations.test_lifecycles import STEPS, TIMES, orders


def logged(rows=1000, columns=None, events=None, kind="TIMESTAMP", table=None, more=(), **lifecycle):
    """Orders with a life cycle, and a table of their events."""
    data = orders(rows=rows, kind=kind, **lifecycle)
    own = {
        "order_id": {"data_type": "BIGINT", "foreign_key": key_to("orders")},
        "step": {"data_type": "INT", "line_number_of": "order_id"},
        "state": {"data_type": "VARCHAR(12)"},
        "changed_at": {"data_type": kind},
        **(columns or {}),
    }
    data["tables"][0]["columns"] += more
    data["tables"].append({
        "name": "events",
        "columns": [{"name": name, **column} for name, column in own.items() if column],
        "events_of": {"of": "order_id.status", "at": "changed_at", **(events or {})},
        **(table or {}),
    })  # fmt: skip
    return data


def ways_of(schema, rows=None):
    """The states and times of each order by its events, in the order of their steps."""
    frame = rows_of(schema, "events", rows=rows)
    grouped = frame.sort("step").group_by("order_id").agg("step", "state", "changed_at")
    return {order: (steps, states, times) for order, steps, states, times in grouped.iter_rows()}


@pytest.mark.parametrize("rows", [1000, 7, 1, 0])
def test_events_are_those_of_their_parents(rows):
    schema = read(logged(rows=rows))
    made, parents = ways_of(schema), rows_of(schema, "orders")
    assert len(made) == rows
    for order, status, *times in parents.select("id", "status", *TIMES).iter_rows():
        steps, states, moments = made[order]
        assert steps == [*range(1, len(steps) + 1)] and states[0] == "new" and states[-1] == status
        assert all(after in STEPS[before] for before, after in pairwise(states))
        assert all(before < after for before, after in pairwise(moments))
        assert moments == sorted(time for time in times if time is not None)


def test_events_of_a_row_follow_each_other_and_ways_are_mixed():
    frame = rows_of(read(logged(rows=20_000)), "events", rows=6000)
    changes = (frame["order_id"] != frame["order_id"].shift()).sum()
    assert changes == frame["order_id"].n_unique() - 1
    for part in frame.iter_slices(1500):  # each part of the table has all ways, in about the same shares
        last = part.group_by("order_id", maintain_order=True).agg(pl.last("state"))["state"].value_counts(sort=True)
        assert last["state"].to_list()[:3] == ["delivered", "cancelled", "new"]


def test_any_rows_alone_are_equal():
    schema = read(logged())
    whole = rows_of(schema, "events")
    size = len(whole)
    parts = [rows_of(schema, "events", first=first, rows=min(100, size - first)) for first in range(0, size, 100)]
    assert pl.concat(parts).equals(whole)
    assert rows_of(schema, "events", first=size, rows=9).equals(whole[:9])  # a preview beyond starts over


def test_rows_far_away_and_back():
    count = {"data_type": "BIGINT", "expression": "events.order_id.count"}
    schema = read(logged(rows=10**9, more=[{"name": "steps", **count}]))
    counts = row_counts(schema, None)
    far = preview(schema, schema.table("events"), rows=300, offset=2 * 10**9, seed=7, counts=counts)
    later = preview(schema, schema.table("events"), rows=5, offset=2 * 10**9 + 5, seed=7, counts=counts)
    assert far[5:10].equals(later)
    whole = far.group_by("order_id", maintain_order=True).agg(pl.len(), pl.last("state"))[1:-1]
    for order, steps, state in whole.head(5).iter_rows():
        (row,) = preview(schema, schema.table("orders"), rows=1, offset=order - 1, seed=7, counts=counts).to_dicts()
        if row["id"] == order:
            assert (row["steps"], row["status"]) == (steps, state)


def test_what_reads_events():
    more = [
        rollup("steps", "INT", of="events.order_id", count=True),
        rollup("last_at", "TIMESTAMP", of="events.order_id", max="changed_at"),
        rollup("was_paid", "BOOLEAN", of="events.order_id", any="state = 'paid'"),
        {"name": "made", "data_type": "BIGINT", "expression": "events.order_id.count"},
    ]
    columns = {"prior": {"data_type": "VARCHAR(12)", "required": False, "expression": "order_id.previous.state"},
               "is_last": {"data_type": "BOOLEAN", "expression": "order_id.is_last"}}  # fmt: skip
    schema = read(logged(more=more, columns=columns))
    frame, parents = rows_of(schema, "events"), rows_of(schema, "orders")
    assert (frame["prior"].is_null() == (frame["step"] == 1)).all()
    lasts = frame.filter("is_last").sort("order_id")
    parents = parents.sort("id")
    assert lasts["state"].equals(parents["status"].alias("state"))
    assert (lasts["step"] == parents["steps"]).all() and (parents["steps"] == parents["made"]).all()
    assert (lasts["changed_at"] == parents["last_at"]).all()
    assert (parents["was_paid"] == parents["paid_at"].is_not_null()).all()


def test_steps_after_until_have_no_time():
    data = logged(until="2024-06-01", columns={"changed_at": {"data_type": "TIMESTAMP", "required": False}})
    schema = read(data)
    whole, made = ways_of(read(logged())), ways_of(schema)
    for order, status in rows_of(schema, "orders").select("id", "status").iter_rows():
        _, states, moments = made[order]
        come = [state for state, moment in zip(states, moments, strict=True) if moment is not None]
        assert come[-1:] == [status] or not come
        then = enumerate(whole[order][2])
        kept = [each if each <= datetime(2024, 6, 1) or step == 0 else None for step, each in then]
        assert (states, moments) == (whole[order][1], kept)


def test_other_types_and_names():
    columns = {"step": None, "state": {"data_type": "VARCHAR(9)"}, "changed_at": None, "day": {"data_type": "DATE"}}
    schema = read(logged(kind="DATE", gaps={"*": ["1d", "3d"]}, columns=columns, events={"at": "day"}))
    frame = rows_of(schema, "events")
    assert frame["day"].dtype == pl.Date and frame["day"].null_count() == 0
    primary = {"primary_key": ["order_id", "state"]}
    assert rows_of(read(logged(table=primary)), "events").select("order_id", "state").is_unique().all()
    named = logged(states=["1", "2", "3"], transitions=None, gaps=None, start="new_at", at={"3": "paid_at"})
    for table in named["tables"]:
        for column in table["columns"]:
            column.update({"data_type": "INT"} if column["name"] in ("state", "status") else {})
    assert rows_of(read(named), "events")["state"].unique().sort().to_list() == [1, 2, 3]


def test_many_ways_are_laid_out():
    states = [str(number) for number in range(12)]
    lifecycle = Lifecycle(
        states=states, transitions={state: dict.fromkeys(states[at + 1 :], 1) for at, state in enumerate(states[:-1])}
    )
    data = logged(rows=3000, states=states, transitions=lifecycle.transitions, gaps=None, start="new_at")
    schema = read(data)
    made = ways_of(schema)
    assert len(made) == 3000 and all(states[0] == "0" for _, states, _ in made.values())
    status = dict(rows_of(schema, "orders").select("id", "status").iter_rows())
    assert all(states[-1] == status[order] for order, (_, states, _) in made.items())
    assert count_events(lifecycle, 3000) == sum(len(states) for _, states, _ in made.values())


def test_the_number_of_rows_follows():
    schema = read(logged())
    for rows in (None, 500, {"orders": 500}):
        counts = row_counts(schema, rows)
        assert counts["events"] == count_events(schema.table("orders").lifecycle, counts["orders"])
    with pytest.raises(GenerationError, match="are the steps of its parents"):
        row_counts(schema, {"events": 10})
    total = row_counts(schema, None, total_rows=10_000)
    assert abs(sum(total.values()) - 10_000) < 10
    with pytest.raises(RuleError, match="goes 3,420 steps, and 10 rows"):
        preview(schema, schema.table("events"), rows=1, offset=0, seed=7, counts={"orders": 1000, "events": 10})


def logged_by_two_columns(**key):
    """Orders whose key is two columns, and events that reference both."""
    data = logged(rows=500, more=[rollup("steps", "INT", of="events.order_id", count=True)])
    orders_table, events = data["tables"]
    orders_table["columns"].insert(0, {"name": "shop", "data_type": "INT", "min_value": 1, "max_value": 3})
    orders_table["primary_key"] = ["shop", "id"]
    del orders_table["columns"][1]["is_unique"]
    del events["columns"][0]["foreign_key"]
    events["columns"].insert(0, {"name": "shop_id", "data_type": "INT"})
    targets = {"references_table": "orders", "references_columns": ["shop", "id"]}
    events["foreign_keys"] = [{"columns": ["shop_id", "order_id"], **targets, **key}]
    return data


def test_a_key_of_two_columns_leads_to_the_life_cycle():
    schema = read(logged_by_two_columns())
    events, parents = rows_of(schema, "events"), rows_of(schema, "orders")
    grouped = events.group_by("shop_id", "order_id").agg(pl.len(), pl.col("state").sort_by("step").last())
    both = parents.join(grouped, left_on=["shop", "id"], right_on=["shop_id", "order_id"], how="full")
    assert len(both) == 500 and both["steps"].equals(both["len"].cast(pl.Int32), check_names=False)
    assert both["state"].equals(both["status"], check_names=False)
    assert rows_of(schema, "events", first=900, rows=50).equals(events[900:950])


def test_a_key_of_two_columns_has_no_options_either():
    with pytest.raises(SchemaError, match="fan_out cannot be combined with events_of"):
        read(logged_by_two_columns(fan_out=[1, 3]))
    data = logged_by_two_columns()
    del data["tables"][0]["primary_key"]
    with pytest.raises(SchemaError, match="events_of needs a key of orders, and shop, id can repeat"):
        read(data)


def changed(name, **keys):
    data = logged()
    column = next(each for each in data["tables"][1]["columns"] if each["name"] == name)
    column.update(keys)
    return data


def with_key(**keys):
    return changed("order_id", foreign_key=key_to("orders", **keys))


REFUSED = {
    "no key": (logged(events={"of": "orderid.status"}), 'of names "orderid", which events does not have'),
    "no foreign key": (logged(events={"of": "step.status"}), "which is not one foreign key"),
    "another status": (logged(events={"of": "order_id.state"}), "the status of orders is status"),
    "no status": (logged(events={"of": "order_id"}), 'Write "of": "order_id.status"'),
    "no state": (logged(events={"state": "phase"}), 'state names "phase", which events does not have'),
    "no time": (logged(events={"at": "phase_at"}), 'at names "phase_at", which events does not have'),
    "one column for both": (logged(events={"at": "state"}), "is used for state and time"),
    "the key as state": (logged(events={"state": "order_id"}), "state names the key order_id"),
    "a number of rows": (logged(table={"target_rows": 9}), "A table with events_of cannot have target_rows"),
    "a fan-out": (with_key(fan_out=[1, 3]), "fan_out cannot be combined with events_of"),
    "a counted key": (with_key(counted=True), "counted cannot be combined with events_of"),
    "a condition": (with_key(where="status = 'new'"), "where cannot be combined with events_of"),
    "an optional key": (changed("order_id", required=False), "events_of: the key may be NULL"),
    "an optional state": (changed("state", required=False), "events_of: the state may be NULL"),
    "a short state": (changed("state", data_type="VARCHAR(4)"), '"shipped" is no value of VARCHAR(4)'),
    "another rule": (changed("state", values=["new"]), "values cannot be combined with events_of"),
    "bounds": (changed("changed_at", date_end="2024-12-31"), "date_end cannot be combined with events_of"),
    "a number as time": (changed("changed_at", data_type="INT"), "the type is INT, and no date"),
    "a time of another type": (changed("changed_at", data_type="DATE"), "differs from the type of the times of orders"),
    "required after until": (logged(until="2024-05-01"), "have no time yet, and the column is required"),
    "few steps": (changed("step", max_value=2), "Steps are numbered 1 to 4"),
    "a unique state": (changed("state", is_unique=True), "events_of cannot make the values of a key"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_what_contradicts_itself_is_refused(data, message):
    with pytest.raises(SchemaError) as raised:
        read(data)
    problems = [str(problem) for problem in raised.value.problems]
    assert any(message in problem for problem in problems), problems


def test_a_parent_without_lifecycle_is_refused():
    data = logged()
    del data["tables"][0]["lifecycle"]
    with pytest.raises(SchemaError, match="orders, which has no lifecycle of its own"):
        read(data)


def test_a_schema_keeps_it_and_renames_follow():
    schema = read(logged())
    assert read_schema(schema_to_json(schema)) == schema
    whole = rows_of(schema, "events")
    for name in ("order_id", "state", "changed_at"):
        renamed = read(rename_column(schema, schema.table("events"), name, "other"))
        if name != "order_id":  # its streams are those of its name
            assert rows_of(renamed, "events")["other"].equals(whole[name].alias("other"))
        with pytest.raises(Exception, match=r"It is used by .*events\.events_of"):
            drop_column(schema, schema.table("events"), name)
    renamed = read(rename_column(schema, schema.table("orders"), "status", "phase"))
    assert renamed.table("events").events_of.of == "order_id.phase"
