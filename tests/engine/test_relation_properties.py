"""Random schemas whose columns say something about other rows: what validates generates, loads and passes its audit."""

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

from tests.engine.test_properties import COUNTS, prove
from tests.faults.scale import scaled

TYPES = st.sampled_from(["INT", "BIGINT", "DECIMAL(9,2)", "DECIMAL(18,2)", "DECIMAL(18,4)"])
TIMES = {"data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-12-31"}
KEYS = st.sampled_from(
    [
        {"fan_out": [0, 3]},
        {"fan_out": [1, 4]},
        {"fan_out_weights": {"0": 1, "1": 5, "3": 2}},
        {"counted": True},
        {"counted": True},
        {"counted": True, "distribution": {"type": "zipf", "parameters": {"s": 1.1}}},
        {"counted": True, "nullable": True, "null_fraction": 0.2},
        {"counted": True, "fan_out": [1, 2]},
        {"fan_out_weights": {"0": 1}},
        {},
    ]
)
CONDITIONS = st.sampled_from(["amount > 20", "kind = 'web'", "kind in ('app', 'shop') or amount < 5", "nothing > 1"])
STATES = {"web": {"paid": 8, "open": 2}, "*": {"paid": 1, "void": 1}}


def optional(draw, column, chance=3):
    """The column, or one that may be NULL."""
    return {**column, "required": False} if draw(st.integers(0, chance)) == 0 else column


@st.composite
def rollups(draw, of):
    found = {"of": of}
    function = draw(st.sampled_from(["sum", "count", "min", "max", "avg", "count_distinct", "any", "all"]))
    if function == "count":
        found["count"] = True
    elif function in ("any", "all"):
        found[function] = draw(CONDITIONS)
    else:
        found[function] = draw(st.sampled_from(["amount", "amount", "part", "kind", "day", "total", "missing"]))
    if draw(st.integers(0, 3)) == 0:
        found["where"] = draw(CONDITIONS)
    kind = draw(TYPES)
    if function in ("any", "all"):
        kind = "BOOLEAN"
    elif function in ("min", "max") and found[function] in ("kind", "day"):
        kind = {"kind": "VARCHAR(9)", "day": "DATE"}[found[function]]
    return {"data_type": kind, "rollup": found, "required": draw(st.booleans())}


@st.composite
def dependent(draw):
    """A column that depends on others of its row or its parent."""
    return draw(
        st.sampled_from(
            [
                {"data_type": "VARCHAR(9)", "values_by": {"kind": STATES}},
                {"data_type": "VARCHAR(9)", "values_by": {"kind": {"web": {"paid": 1}}}},
                {"data_type": "VARCHAR(9)", "values_by": {"kind": STATES}, "values": ["a"]},
                {"data_type": "INT", "required": False, "null_by": {"kind": {"web": 0.5, "*": 0.1}}},
                {
                    "data_type": "INT",
                    "min_value": 0,
                    "max_value": 90,
                    "distribution_by": {
                        "kind": {"*": {"type": "normal", "parameters": {"mean": 40, "stddev": 9}}},
                    },
                },
                {"data_type": "DECIMAL(9,2)", "min_value": 0, "max_value": 500, "follows": {"mood": 0.8}},
                {"data_type": "DECIMAL(9,2)", "min_value": 0, "max_value": 500, "follows": {"up.mood": 0.5}},
                {"data_type": "INT", "min_value": 0, "max_value": 500, "follows": {"mood": 1.5}},
                {"data_type": "DATE", **TIMES, "follows": {"mood": -0.5, "up.mood": 0.5}},
                {"data_type": "INT", "hidden": True, "min_value": 1, "max_value": 3},
                {"data_type": "DECIMAL(18,2)", "split_of": "up.budget"},
                {"data_type": "DECIMAL(18,2)", "split_of": "up.budget", "split_weight": "amount"},
                {"data_type": "DECIMAL(18,2)", "running": {"sum": "amount", "within": "up"}},
                {"data_type": "DECIMAL(18,2)", "running": {"sum": "amount", "within": "up", "start": "up.budget"}},
                {"data_type": "DECIMAL(18,2)", "required": False, "expression": "up.previous.amount"},
                {"data_type": "BOOLEAN", "expression": "up.is_last"},
            ]
        )
    )


@st.composite
def levels(draw, name, parent, child):
    """A table between its parent and its child, either of which may be missing."""
    amount = {"data_type": draw(TYPES), "min_value": draw(st.integers(0, 9)), "max_value": draw(st.integers(5, 300))}
    made = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "kind", "data_type": "VARCHAR(9)", "values": ["web", "app", "shop"], "weights": [5, 3, 2]},
        optional(draw, {"name": "amount", **amount}),
        {"name": "budget", "data_type": "DECIMAL(12,2)", "min_value": 0, "max_value": 9_000},
        {"name": "day", **TIMES},
    ]
    if parent:
        key = {"references_table": parent, "references_column": "id", **draw(KEYS)}
        made.append({"name": "up", "data_type": "INT", "foreign_key": key, "required": not key.get("nullable", False)})
        made += [{"name": f"d{n}", **draw(dependent())} for n in range(draw(st.integers(0, 3)))]
    if child:
        names = ["total", "part", "other"][: draw(st.integers(1, 3))]
        made += [{"name": each, **draw(rollups(f"{child}.up"))} for each in names]
    table = {"name": name, "columns": made, "latents": ["mood"]}
    if not parent or draw(st.booleans()):
        table["target_rows"] = draw(st.sampled_from([0, 1, 7, 40, 90]))
    if draw(st.integers(0, 3)) == 0:
        table.update(draw(st.sampled_from([{"grows": True}, {"batches": [5]}, {"batches": [3, 20]}])))
    return table


@st.composite
def with_events(draw, table):
    """A life cycle for a table, and a table with its steps."""
    until = draw(st.sampled_from([{}, {"until": "2024-07-01"}]))
    made = [{"name": "status", "data_type": "VARCHAR(9)"}, {"name": "new_at", **TIMES}]
    made += [{"name": f"{state}_at", "data_type": "DATE", "required": False} for state in ("paid", "sent")]
    cycle = {"states": ["new", "paid", "sent"], "gaps": {"*": ["1d", "9d"]}, **until}
    if draw(st.booleans()):
        cycle["transitions"] = {"new": {"paid": 3, "new": 1}, "paid": {"sent": 2, "paid": 1}}
    key = {"references_table": table["name"], "references_column": "id"}
    steps = [
        {
            "name": "up",
            "data_type": "INT",
            "foreign_key": {**key, **draw(st.sampled_from([{}, {}, {"counted": True}]))},
        },
        {"name": "step", "data_type": "INT", "line_number_of": "up"},
        {"name": "state", "data_type": "VARCHAR(9)"},
        {"name": "came", "data_type": "DATE", "required": False},
    ]
    log = {"name": "log", "columns": steps, "events_of": {"of": "up.status", "at": "came"}}
    counted = {"name": "steps", "data_type": "INT", "rollup": {"of": "log.up", "count": True}}
    kept = {name: each for name, each in table.items() if name not in ("grows", "batches")}
    return {**kept, "columns": [*table["columns"], *made, counted], "lifecycle": cycle}, log


@st.composite
def schemas(draw):
    names = ["t0", "t1", "t2"][: draw(st.integers(2, 3))]
    around = zip(names, [None, *names], [*names[1:], None], strict=False)
    tables = [draw(levels(name, parent, child)) for name, parent, child in around]
    if draw(st.integers(0, 2)) == 0:
        place = draw(st.integers(0, len(tables) - 1))
        tables[place], log = draw(with_events(tables[place]))
        tables.append(log)
    return {"name": "random", "tables": tables}


@settings(
    max_examples=scaled(400, 8),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(schemas())
def check_a_random_schema(schema):
    prove(schema)


def test_relations_that_validate_generate_and_pass_their_audit():
    COUNTS.update(valid=0, refused=0)
    check_a_random_schema()
    print(f"{COUNTS['valid']} valid schemas passed, {COUNTS['refused']} faulty ones were refused with reasons")
    assert COUNTS["valid"] >= scaled(200, 5)
    assert COUNTS["refused"] >= scaled(100, 3)
