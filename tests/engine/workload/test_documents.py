"""Documents: values of semi-structured columns with the paths and values that queries ask for."""

import json
from typing import Any

import pytest

from engine.review.imports import import_sql
from engine.review.sources import read_source
from engine.rules.keys.table_rows import default_counts
from engine.schema.models import ExperimentSchema
from engine.workload.document_paths import parts_of
from engine.workload.documents import fit_documents
from engine.workload.fitting import fit_schema
from engine.workload.mining import mine_workload
from engine.workload.reading import read_statements
from engine.workload.samples import Samples

SCRIPT = "create table e (id int primary key, kind varchar(10), doc variant not null, tags array not null, h object);"


def imported() -> ExperimentSchema:
    return import_sql(SCRIPT, name="s", dialect="snowflake").schema


def documents(text: str) -> dict[str, list[Any]]:
    """Return the documents that are added for a script, by column."""
    schema = imported()
    workload = mine_workload(schema, read_statements({"q.sql": text}, "snowflake"), "snowflake")
    changes = fit_documents(schema, workload.predicates, Samples(schema, default_counts(schema)))
    found: dict[str, list[Any]] = {}
    for change in changes:
        made = [json.loads(value) for value in change.new["values"]]
        count = change.new["weights"].count(change.new["weights"][-1])
        found[str(change.column)] = made[-count:]
    return found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("doc:a.b::string = 'x'", {"a": {"b": "x"}}),
        ("doc['a']['b']::string = 'x'", {"a": {"b": "x"}}),
        ("get_path(doc, 'a.b')::string = 'x'", {"a": {"b": "x"}}),
        ("doc:list[1].code::string = 'x'", {"list": [None, {"code": "x"}]}),
        ("doc:n::int = 5 and doc:a::string = 'x'", {"n": 5, "a": "x"}),
        ("doc:on::boolean", {"on": True}),
        ("doc:rate::float = 0.5", {"rate": 0.5}),
        ("typeof(doc:v) = 'BOOLEAN' and is_null_value(doc:w)", {"v": True, "w": None}),
        ("lower(doc:os::string) = 'ios'", {"os": "ios"}),
        ("coalesce(doc:m::boolean, true) = false", {"m": False}),
        ("array_contains('red'::variant, doc:colors)", {"colors": ["red"]}),
        ("array_size(doc:colors) = 2", {"colors": [{"no": 1}, {"no": 1}]}),
    ],
)
def test_a_document_has_what_conditions_ask_for(condition: str, expected: object) -> None:
    assert documents(f"select id from e where {condition}")["doc"] == [expected]


def test_a_range_and_a_list_give_several_documents() -> None:
    found = documents("select id from e where doc:n::int between 10 and 20 and doc:c::string in ('a', 'b')")

    assert found["doc"] == [{"n": 13, "c": "a"}, {"n": 15, "c": "b"}, {"n": 18, "c": "a"}]


def test_elements_of_flatten_hold_their_conditions_together() -> None:
    sql = "select 1 from e, lateral flatten(input => e.doc:rows) r where r.value:k::string = 'x' and r.value:n::int = 2"

    assert documents(sql)["doc"] == [{"rows": [{"k": "x", "n": 2}]}]


def test_keys_of_objects_are_made() -> None:
    of_keys = "select 1 from e, lateral flatten(input => object_keys(e.h)) k where k.value::string = 'beta'"
    by_key = "select 1 from e, lateral flatten(input => e.h) k where k.key = 'beta' and k.value::int = 3"

    assert documents(of_keys)["h"] == [{"beta": "x"}]
    assert documents(by_key)["h"] == [{"beta": 3}]


def test_an_array_column_gets_arrays() -> None:
    assert documents("select id from e where array_contains('red'::variant, tags)")["tags"] == [["red"]]


def test_documents_of_queries_that_agree_are_merged() -> None:
    found = documents("select 1 from e where doc:a::int = 1; select 1 from e where doc:b::int = 2 and doc:a::int = 1;")
    apart = documents("select 1 from e where doc:a::int = 1; select 1 from e where doc:a::int = 2;")

    assert found["doc"] == [{"a": 1, "b": 2}]
    assert apart["doc"] == [{"a": 1}, {"a": 2}]


def test_what_is_excluded_asks_for_no_document() -> None:
    assert documents("select 1 from e where doc:a::int <> 1 and not (doc:b::int = 2 or doc:c::int = 3)") == {}


def test_a_fitted_schema_is_valid() -> None:
    schema = imported()
    statements = read_statements(
        {"q.sql": "select 1 from e where doc:a::string like 'it''s %' and h:x:y = 1"}, "snowflake"
    )

    fitted = fit_schema(schema, mine_workload(schema, statements, "snowflake"))

    read_source(fitted.schema)
    assert {change.column for change in fitted.kept} == {"doc", "h"}


def test_parts_of_a_path() -> None:
    assert parts_of("""a[0].b["c d"]""") == ["a", 0, "b", "c d"]
    assert parts_of("$['User-Agent']") == ["User-Agent"]
