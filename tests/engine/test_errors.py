import inspect

import pytest

from engine import errors
from engine.errors import Problem, QueryError, SchemaError, WorkbenchError, did_you_mean


def test_an_error_says_where_what_and_what_to_do():
    error = WorkbenchError("There is no such column.", where="orders.id", hint='Did you mean "order_id"?')

    assert str(error) == 'orders.id: There is no such column. Did you mean "order_id"?'
    assert (error.message, error.where, error.hint) == (
        "There is no such column.",
        "orders.id",
        'Did you mean "order_id"?',
    )


def test_an_error_without_place_and_hint_is_its_message():
    assert str(WorkbenchError("The disk is full.")) == "The disk is full."


def test_a_schema_error_lists_every_problem():
    problems = [Problem("orders.id", "is missing.", "Add it."), Problem("", "The name is missing.")]

    error = SchemaError(problems, source="shop.json")

    assert error.problems == tuple(problems)
    assert str(error).splitlines() == [
        "shop.json has 2 problems:",
        "  - orders.id: is missing. Add it.",
        "  - The name is missing.",
    ]
    assert error.hint == "Fix these 2 problems and try again."


def test_one_problem_is_counted_in_the_singular():
    assert str(SchemaError([Problem("", "It is empty.")])).startswith("the schema has 1 problem:\n")


def test_a_query_error_knows_its_place():
    error = QueryError("Syntax error.", line=2, column=8, caret="from !\n     ^")

    assert error.where == "line 2, column 8"
    assert (error.line, error.column, error.caret) == (2, 8, "from !\n     ^")


def test_a_query_error_without_a_place_names_none():
    assert str(QueryError("It took too long.", hint="Ask for less.")) == "It took too long. Ask for less."


def test_every_error_is_a_workbench_error():
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]

    assert len(kinds) > 5
    assert all(issubclass(kind, WorkbenchError) and kind.__doc__ for kind in kinds)


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("ordrs", 'Did you mean "Orders"?'),
        ("ORDERS", 'Did you mean "Orders"?'),
        ("zebra", ""),
    ],
)
def test_did_you_mean_names_the_nearest_word_as_it_is_spelled(word: str, answer: str):
    assert did_you_mean(word, ["Orders", "customers"]) == answer
