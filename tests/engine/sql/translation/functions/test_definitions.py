"""Definitions of functions: the lines, and the macros they make."""

import pytest

from engine.sql.translation.functions import DEFINITIONS, REWRITES, macro_statements
from engine.sql.translation.functions.definitions import alias, define
from engine.sql.translation.functions.refused_functions import REDSHIFT, reason_for


def test_line_defines_parameters_result_and_target():
    found = define(
        "sf",
        """
LEFT_OF(t,i=1) VARCHAR := left(a,
    b)
WIDE(n) DECIMAL(12,2)
ALL_OF(a*) * greatest
PACKED(t,v[]) JSON := b
""",
    )
    left = found["LEFT_OF"]
    assert (left.letters, left.min_arguments, left.max_arguments, left.target) == (("t", "i"), 1, 2, "sf_left_of")
    assert left.create_sql() == "create macro sf_left_of(a, b := 1) as left(a, b)"
    assert (found["WIDE"].result, found["WIDE"].target, found["WIDE"].body) == ("DECIMAL(12,2)", "wide", None)
    assert (found["ALL_OF"].min_arguments, found["ALL_OF"].max_arguments, found["ALL_OF"].target) == (
        0,
        None,
        "greatest",
    )
    assert (found["PACKED"].packs, found["PACKED"].letter(5)) == (True, "v")


def test_alias_is_the_same_function():
    found = define("dw", "LENGTH(t) INTEGER")
    alias(found, "LEN=LENGTH")
    assert found["LEN"] is found["LENGTH"]


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_every_macro_is_created_once_and_after_those_it_calls(dialect: str):
    statements = macro_statements(dialect)
    names = [statement.split("(")[0].removeprefix("create macro ").strip() for statement in statements]
    assert len(names) == len(set(names)) > 200
    other = {"redshift": "sf_", "snowflake": "rs_"}[dialect]
    assert [name for name in names if name.startswith(other)] == []


def test_refused_function_is_not_defined():
    known = {**DEFINITIONS["redshift"], **REWRITES["redshift"]}
    assert [name for name in known if reason_for(name, REDSHIFT)] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("ST_X", "spatial"), ("VECTOR_L2_DISTANCE", "vectors"), ("SYSTEM$WAIT", "no warehouse"), ("LOWER", None)],
)
def test_whole_families_are_refused(name: str, reason: str | None):
    found = reason_for(name, {})
    assert found is None if reason is None else reason in str(found)
