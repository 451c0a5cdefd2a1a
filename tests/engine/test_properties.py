"""Random schemas: whatever validates also generates, loads and passes its audit; whatever does not says why."""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

import engine
from engine.errors import SchemaError
from engine.settings import Settings
from tests.faults.scale import scaled

NAMES = ["a", "b", "c", "d", "e"]
TABLES = ["t0", "t1", "t2", "t3", "t4", "t5"]
FRACTION = st.sampled_from([0.0, 0.01, 0.3, 1.0])


def maybe(strategy):
    return st.none() | strategy


@st.composite
def numbers(draw):
    kind = draw(st.sampled_from(["SMALLINT", "INT", "BIGINT", "DECIMAL(9,2)", "DECIMAL(38,6)", "FLOAT", "REAL"]))
    column = {"data_type": kind}
    if draw(st.booleans()):
        column["min_value"] = draw(st.integers(-300, 300))
    if draw(st.booleans()):
        column["max_value"] = draw(st.integers(-300, 300_000))
    if draw(st.integers(0, 3)) == 0:
        column["distribution"] = draw(
            st.sampled_from(
                [
                    {"type": "uniform"},
                    {"type": "normal", "parameters": {"mean": 50, "stddev": 20}},
                    {"type": "exponential", "parameters": {"scale": 10}},
                    {"type": "nonsense"},
                ]
            )
        )
    return column


@st.composite
def texts(draw):
    column = {"data_type": draw(st.sampled_from(["VARCHAR(3)", "VARCHAR(40)", "TEXT", "CHAR(8)"]))}
    column |= draw(
        st.sampled_from(
            [
                {},
                {"pattern": "??-###"},
                {"pattern": "#"},
                {"values": ["x", "it's", "zz"], "weights": [5, 3, 1]},
                {"values": ["x", "y"]},
                {"faker_rule": "first_name"},
                {"faker_rule": "email"},
                {"faker_rule": "no_such_rule"},
            ]
        )
    )
    return column


@st.composite
def moments(draw):
    kind = draw(st.sampled_from(["DATE", "TIMESTAMP", "TIMESTAMPTZ"]))
    column = {"data_type": kind}
    if draw(st.booleans()):
        column["date_start"] = draw(st.sampled_from(["2020-01-01", "2024-02-29"]))
    if draw(st.booleans()):
        column["date_end"] = draw(st.sampled_from(["2019-12-31", "2024-02-29", "2025-06-30"]))
    if draw(st.integers(0, 3)) == 0:
        column["weekday_weights"] = [1, 2, 3, 4, 5, 0, 0]
    if draw(st.integers(0, 3)) == 0 and kind != "DATE":
        column["hour_weights"] = [0] * 9 + [1] * 8 + [0] * 7
    return column


OTHERS = st.sampled_from(
    [
        {"data_type": "BOOLEAN"},
        {"data_type": "BOOLEAN", "probability": 0.2},
        {"data_type": "UUID"},
        {"data_type": "TIME", "time_start": "08:00:00", "time_end": "17:00:00"},
        {"data_type": "JSON"},
        {"data_type": "BINARY(6)"},
        {"data_type": "NOTATYPE"},
    ]
)


@st.composite
def references(draw):
    key = {"references_table": draw(st.sampled_from(TABLES)), "references_column": "id"}
    kind = draw(st.sampled_from(["plain", "plain", "unique", "fan_out", "zipf", "nullable", "root"]))
    if kind == "unique":
        key["unique"] = True
    elif kind == "fan_out":
        key["fan_out"] = draw(st.sampled_from([[0, 3], [1, 4], [2, 2], [5, 1]]))
    elif kind == "zipf":
        key["distribution"] = {"type": "zipf", "parameters": {"s": 1.2}}
    elif kind == "nullable":
        key |= {"nullable": True, "null_fraction": draw(FRACTION)}
    elif kind == "root":
        key["root_fraction"] = 0.2
    return {"data_type": "INT", "foreign_key": key}


@st.composite
def columns(draw):
    column = draw(st.one_of(numbers(), numbers(), texts(), moments(), OTHERS, references(), references()))
    required = draw(maybe(st.booleans()))
    if required is not None:
        column["required"] = required
    if required is False:
        column["null_fraction"] = draw(FRACTION)
    if draw(st.integers(0, 5)) == 0:
        column["is_unique"] = True
    return column


@st.composite
def tables(draw, name):
    made = [{"name": "id", "data_type": draw(st.sampled_from(["INT", "BIGINT"])), "is_unique": True}]
    made += [{"name": column_name, **draw(columns())} for column_name in NAMES[: draw(st.integers(0, 4))]]
    keyed = [column["name"] for column in made if "fan_out" in column.get("foreign_key", {})]
    if keyed and draw(st.booleans()):
        made.append({"name": "line", "data_type": "INT", "line_number_of": keyed[0]})
    table = {"name": name, "columns": made}
    rows = draw(maybe(st.sampled_from([0, 1, 7, 60, 250])))
    if rows is not None:
        table["target_rows"] = rows
    if len(made) > 2 and draw(st.integers(0, 3)) == 0:
        table["composite_keys"] = [[made[1]["name"], made[2]["name"]]]
    return table


@st.composite
def schemas(draw):
    count = draw(st.integers(1, 6))
    return {"name": "random", "tables": [draw(tables(name)) for name in TABLES[:count]]}


COUNTS = {"valid": 0, "refused": 0}


def mended(schema, problems):
    """Return the schema without the columns, and table-wide keys, that the problems name."""
    faulty = {tuple(problem.where.split(" ")[0].split(".")[:2]) for problem in problems}
    tables = []
    for table in schema["tables"]:
        kept = [each for each in table["columns"] if (table["name"], each["name"]) not in faulty]
        names = {each["name"] for each in kept}
        kept = [each for each in kept if each.get("line_number_of", "id") in names]
        is_whole = table["name"] not in {place[0] for place in faulty} and len(kept) == len(table["columns"])
        rest = table if is_whole else {"name": table["name"]}
        tables.append({**rest, "columns": kept})
    tables = [table for table in tables if table["columns"]]
    if tables == schema["tables"]:  # it is the table as such
        tables = [table for table in tables if table["name"] not in {place[0] for place in faulty}]
    return {**schema, "tables": tables}


def created(workbench, schema):
    """Create the schema, mended by what is said of it until it is valid; None when nothing is left of it."""
    while schema["tables"]:
        try:
            return workbench.create(schema)
        except SchemaError as error:
            COUNTS["refused"] += 1
            assert error.problems
            assert all(problem.message.strip() for problem in error.problems)
            assert list(workbench.experiments()) == []
            better = mended(schema, error.problems)
            assert better != schema, [str(problem) for problem in error.problems]  # each says where
            schema = better
    return None


@settings(
    max_examples=scaled(300, 25),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(schemas())
def check_a_random_schema(schema):
    prove(schema)


def prove(schema):
    """Create a schema, corrected where it is refused, generate it, and see its audit pass."""
    with (
        tempfile.TemporaryDirectory() as folder,
        engine.Workbench(settings=Settings(home=Path(folder), chunk_rows=97, threads=1)) as workbench,
    ):
        made = created(workbench, schema)
        if made is None:
            return
        COUNTS["valid"] += 1
        run = made.generate(seed=3, progress=lambda progress: None)
        assert run.status == "COMPLETED"
        assert made.row_counts() == made.planned_rows()
        audit = made.audit()
        assert audit.passed, [(each, each.failing_sql) for each in audit.failures]


def test_what_validates_also_generates_loads_and_passes_its_audit():
    check_a_random_schema()
    print(f"{COUNTS['valid']} valid schemas passed, {COUNTS['refused']} faulty ones were refused with reasons")
    assert COUNTS["valid"] >= scaled(200, 15)
    assert COUNTS["refused"] >= scaled(100, 10)
