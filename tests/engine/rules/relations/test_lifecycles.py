"""Life cycles: only legal ways, transitions with exact shares, times that increase, for any rows alone."""

from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest

from engine.errors import SchemaError
from engine.generation.preview import preview
from engine.review.structure import drop_column, rename_column
from engine.rules.keys.lifecycle_paths import find_ways
from engine.schema.files import read_schema, schema_to_json
from engine.schema.lifecycles import Lifecycle
from tests.engine.rules.relations.shops import read, rows_of

STATES = ["new", "paid", "shipped", "delivered", "cancelled"]
STEPS = {
    "new": {"paid": 8, "cancelled": 1, "new": 1},
    "paid": {"shipped": 0.9, "cancelled": 0.1},
    "shipped": {"delivered": 1},
}
GAPS = {"paid": ["5m", "2d"], "delivered": ["1d", "1w"], "*": ["1h", "3d"]}
TIMES = [f"{state}_at" for state in STATES]


def orders(rows=1000, columns=None, kind="TIMESTAMP", **lifecycle):
    described = {
        "id": {"data_type": "BIGINT", "is_unique": True},
        "status": {"data_type": "VARCHAR(12)"},
        "new_at": {"data_type": kind, "date_start": "2024-01-01", "date_end": "2024-06-30"},
        **{name: {"data_type": kind, "required": False} for name in TIMES[1:]},
        **(columns or {}),
    }
    given = {"states": STATES, "transitions": STEPS, "gaps": GAPS, **lifecycle}
    table = {
        "name": "orders",
        "target_rows": rows,
        "columns": [{"name": name, **column} for name, column in described.items() if column],
        "lifecycle": {key: each for key, each in given.items() if each is not None},
    }
    return {"name": "shop", "tables": [table]}


def ways_of(frame):
    """The states of each row by its times, in the order of the times."""
    found = []
    for row in frame.select("status", *TIMES).iter_rows():
        times = {state: at for state, at in zip(STATES, row[1:], strict=True) if at is not None}
        found.append((row[0], tuple(sorted(times, key=times.__getitem__)), sorted(times.values())))
    return found


def test_every_row_goes_a_legal_way():
    for status, states, times in ways_of(rows_of(read(orders()), "orders")):
        assert states[0] == "new" and states[-1] == status
        assert all(after in STEPS[before] for before, after in pairwise(states))
        assert all(before < after for before, after in pairwise(times))


@pytest.mark.parametrize("rows", [1000, 997, 7, 1, 0])
def test_transitions_have_their_share_to_the_row(rows):
    frame = rows_of(read(orders(rows=rows)), "orders")
    counts = dict(frame.select("status").group_by("status").len().iter_rows())
    paid = frame["paid_at"].is_not_null().sum()
    assert abs(paid - rows * 0.8) < 1 and abs(counts.get("new", 0) - rows * 0.1) < 1
    assert abs(frame["shipped_at"].is_not_null().sum() - paid * 0.9) < 1
    assert counts.get("delivered", 0) == frame["shipped_at"].is_not_null().sum()
    if rows == 1000:
        assert counts == {"new": 100, "delivered": 720, "cancelled": 180}


def test_gaps_are_within_their_bounds():
    frame = rows_of(read(orders()), "orders")
    paid = (frame["paid_at"] - frame["new_at"]).drop_nulls()
    assert timedelta(minutes=5) <= paid.min() < timedelta(hours=2)
    assert timedelta(hours=46) < paid.max() <= timedelta(days=2)
    delivered = (frame["delivered_at"] - frame["shipped_at"]).drop_nulls()
    assert timedelta(days=1) <= delivered.min() and delivered.max() <= timedelta(days=7)


def test_what_comes_after_until_has_not_happened():
    whole = rows_of(read(orders()), "orders")
    until = datetime(2024, 6, 1)
    frame = rows_of(read(orders(until="2024-06-01")), "orders")
    for name in TIMES[1:]:
        kept = whole[name].set(whole[name] > until, None)
        assert frame[name].equals(kept)
    assert set(frame["status"]) == {"new", "paid", "shipped", "delivered", "cancelled"}
    for status, states, _ in ways_of(frame):
        assert states[-1] == status


def test_any_rows_alone_are_equal():
    schema = read(orders())
    whole = rows_of(schema, "orders")
    assert pl.concat([rows_of(schema, "orders", first=first, rows=50) for first in range(0, 1000, 50)]).equals(whole)


def test_rows_far_away():
    schema = read(orders(rows=2 * 10**9))
    counts = {"orders": 2 * 10**9}
    far = preview(schema, schema.table("orders"), rows=200, offset=10**9, seed=7, counts=counts)
    later = preview(schema, schema.table("orders"), rows=5, offset=10**9 + 5, seed=7, counts=counts)
    assert far[5:10].equals(later)
    assert far["status"].n_unique() == 3


def test_a_preview_beyond_the_rows_starts_over():
    schema = read(orders(rows=50))
    assert rows_of(schema, "orders", first=50, rows=9)["status"].equals(rows_of(schema, "orders", rows=9)["status"])


@pytest.mark.parametrize("kind", ["TIMESTAMPTZ", "DATE"])
def test_other_types_of_times(kind):
    frame = rows_of(read(orders(kind=kind, gaps={"*": ["1d", "3d"]})), "orders")
    for status, states, times in ways_of(frame):
        assert states[-1] == status
        assert all(1 <= (after - before).days <= 3 for before, after in pairwise(times))


def test_without_transitions_states_follow_each_other():
    states = ["draft", "in review", "Done"]
    columns = {
        **dict.fromkeys(["new_at", *TIMES[1:]]),
        "draft_at": {"data_type": "TIMESTAMP"},
        "in_review_at": {"data_type": "TIMESTAMP", "required": False},
        "done_at": {"data_type": "TIMESTAMP", "required": False},
    }
    frame = rows_of(read(orders(columns=columns, states=states, transitions=None, gaps=None)), "orders")
    assert frame["status"].unique().to_list() == ["Done"]
    assert (frame["draft_at"] < frame["in_review_at"]).all() and (frame["in_review_at"] < frame["done_at"]).all()


def test_columns_of_other_names_and_states_without_a_column():
    columns = {
        "status": None, "state": {"data_type": "INT"}, "new_at": None, "opened": {"data_type": "TIMESTAMP"},
        "closing": {"data_type": "TIMESTAMP", "required": False}, **dict.fromkeys(TIMES[1:]),
    }  # fmt: skip
    data = orders(
        columns=columns, status="state", start="opened", states=["1", "2", "3"], at={"3": "closing"}, gaps=None,
        transitions={"1": {"2": 1}, "2": {"3": 1, "2": 1}},
    )  # fmt: skip
    frame = rows_of(read(data), "orders")
    assert dict(frame.select("state").group_by("state").len().iter_rows()) == {2: 500, 3: 500}
    assert (frame["closing"].is_null() == (frame["state"] == 2)).all()
    assert (frame["closing"] > frame["opened"] + timedelta(hours=2)).all()  # the gap of 2 counts


def test_other_columns_read_them():
    columns = {"days": {"data_type": "INT", "required": False, "expression": "date_diff('day', new_at, paid_at)"},
               "is_open": {"data_type": "BOOLEAN", "expression": "status in ('new', 'paid')"}}  # fmt: skip
    frame = rows_of(read(orders(columns=columns)), "orders")
    assert frame["days"].null_count() == frame["paid_at"].null_count() > 0
    assert frame["is_open"].sum() == 100


def test_ways_share_rows_exactly():
    lifecycle = Lifecycle(
        states=["a", "b", "c", "d", "e"],
        transitions={"a": {"b": 1, "c": 2}, "b": {"d": 1, "e": 1}, "c": {"d": 1, "b": 3}, "d": {"e": 1, "d": 2}},
    )
    for rows in (0, 1, 2, 17, 1000, 12345):
        ways = find_ways(lifecycle, rows)
        assert sum(way.rows for way in ways) == rows
        for state, weights in lifecycle.transitions.items():
            total = sum(way.rows for way in ways if state in way.states)
            for after, weight in weights.items():
                pairs = (
                    way.rows * (way.states[-1] == state if after == state else after in way.states[1:]
                    and way.states[way.states.index(after) - 1] == state)
                    for way in ways
                )  # fmt: skip
                assert abs(sum(pairs) - total * weight / sum(weights.values())) < 1


def without_transition(**changed):
    return orders(transitions={**STEPS, **changed})


def with_column(name, **keys):
    data = orders()
    column = next(each for each in data["tables"][0]["columns"] if each["name"] == name)
    column.update(keys)
    return data


def growing():
    data = orders()
    data["tables"][0]["grows"] = True
    return data


REFUSED = {
    "growth": (growing(), "A table that grows cannot have a lifecycle"),
    "a circle": (without_transition(delivered={"paid": 1}), "a circle: paid -> shipped -> delivered -> paid"),
    "an unknown state": (without_transition(delivered={"payd": 1}), 'transitions names "payd"'),
    "a gap of no state": (orders(gaps={"payd": ["1h", "2h"]}), 'gaps names "payd"'),
    "a state twice": (orders(states=[*STATES, "new"]), 'The state "new" is listed twice'),
    "a state that no row reaches": (without_transition(shipped={"shipped": 1}), 'No row reaches the state "delivered"'),
    "weights of 0": (without_transition(shipped={"delivered": 0}), "All weights"),
    "a gap of no duration": (orders(gaps={"*": ["1 hour", "3d"]}), '"1 hour" is no duration; write it as "90s"'),
    "a gap of 0": (orders(gaps={"*": ["0s", "3d"]}), 'The gap of "*" can be 0'),
    "a gap that ends before": (orders(gaps={"paid": ["3d", "1d"]}), 'The gap of "paid" has its min above its max'),
    "parts of days": (orders(kind="DATE"), "is not one of whole days"),
    "no status": (orders(status="state"), 'status names "state", which orders does not have'),
    "no start": (orders(start="ordered"), 'orders has no column "ordered" with the time of "new"'),
    "an unknown time": (orders(at={"paid": "paying"}), 'at names "paying"'),
    "a column twice": (orders(at={"paid": "shipped_at"}), "is used for two states"),
    "a required time": (with_column("paid_at", required=True), 'rows that are not "paid" are NULL'),
    "an optional status": (with_column("status", required=False), "the status may be NULL"),
    "an optional start": (with_column("new_at", required=False), "the time of the first state may be NULL"),
    "another rule": (with_column("status", values=["new"]), "values cannot be combined with lifecycle"),
    "bounds": (with_column("paid_at", date_end="2024-12-31"), "date_end cannot be combined with lifecycle"),
    "a number as time": (with_column("paid_at", data_type="INT"), "the type is INT, and no date"),
    "a time of another type": (with_column("paid_at", data_type="DATE"), "differs from the type of new_at"),
    "a short status": (with_column("status", data_type="VARCHAR(4)"), '"shipped" is no value of VARCHAR(4)'),
    "a key": (with_column("status", is_unique=True), "cannot make the values of a key"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_what_contradicts_itself_is_refused(data, message):
    with pytest.raises(SchemaError) as raised:
        read(data)
    problems = [str(problem) for problem in raised.value.problems]
    assert any(message in problem for problem in problems), problems


def test_many_ways_are_refused():
    states = [str(number) for number in range(20)]
    transitions = {state: dict.fromkeys(states[number + 1 :], 1) for number, state in enumerate(states[:-1])}
    columns = {"0_at": {"data_type": "TIMESTAMP"}}
    with pytest.raises(SchemaError, match="262,144 different ways"):
        read(orders(states=states, transitions=transitions, start="new_at", gaps=None, columns=columns))


def test_a_schema_keeps_it_and_renames_follow():
    schema = read(orders(until="2024-05-01T00:00:00"))
    assert read_schema(schema_to_json(schema)) == schema
    table = schema.tables[0]
    whole = rows_of(schema, "orders")
    for old in ("status", "new_at", "paid_at"):
        renamed = read(rename_column(schema, table, old, "other"))
        if old != "new_at":  # whose values depend on its name
            assert rows_of(renamed, "orders")["other"].equals(whole[old].alias("other"))
        with pytest.raises(Exception, match=r"It is used by orders\.lifecycle"):
            drop_column(schema, table, old)
