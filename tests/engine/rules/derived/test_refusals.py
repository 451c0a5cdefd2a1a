"""Refusals of expressions: by name, with the position, before anything is made."""

import pytest

from engine.rules.rule_checks import check_rules
from tests.engine.rules.derived.building import table_with


def problem_of(expression: str, data_type: str = "VARCHAR(60)") -> str:
    (problem,) = check_rules(table_with(data_type=data_type, expression=expression, required=False))
    assert problem.where == "t.x"
    return str(problem).removeprefix("t.x: ")


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("1 + SUM(qty)", "SUM is an aggregate; an expression sees one row at a time (character 5)."),
        ("count(*)", "COUNT is an aggregate"),
        ("max(qty)", "MAX is an aggregate; an expression sees one row at a time (character 1). GREATEST(a, b)"),
        ("listagg(s, ',') WITHIN GROUP (ORDER BY s)", "An aggregate (WITHIN GROUP) is not allowed"),
        ("sum(qty) FILTER (WHERE ok)", "An aggregate (FILTER) is not allowed"),
        ("row_number() OVER (ORDER BY id)", "A window (OVER) is not allowed"),
        ("lag(qty)", "LAG is a window function"),
        ("(SELECT 1)", "A subquery is not allowed"),
        ("qty IN (SELECT 1)", "IN needs a list: a subquery"),
        ("EXISTS (SELECT 1)", "EXISTS is not allowed"),
        ("SELECT qty", "A query is not allowed"),
        ("rand()", "RAND is random; the same seed must give the same data (character 1). RANDOM() and UNIFORM("),
        ("nextval(s)", "NEXTVAL counts calls; an expression sees one row at a time (character 1). SEQ4() is"),
        ("uuid()", "UUID is random"),
        ("now()", "NOW changes from run to run"),
        ("d - current_date", "CURRENT_DATE changes from run to run; the same seed must give the same data (charac"),
        ("getdate()", "GETDATE changes from run to run"),
        ("*", "* is not allowed"),
        ("t.*", "* is not allowed"),
        ("flor(f)", 'Unknown function FLOR (character 1). Did you mean "FLOOR"?'),
        ("pg_sleep(5)", "Unknown function PG_SLEEP (character 1)."),
        ("s[1]", "[ ] is not allowed"),
        ("s -> 'a'", "-> is not allowed"),
        ("s ~ 'a'", "Regular expressions are not allowed"),
        ("qty & 1", "qty & 1 is not allowed in an expression (BitwiseAnd)"),
        ("?", "A parameter is not allowed"),
        ("qty; n", "Several statements are not allowed"),
        ("ROUND(f, 1, 2)", "ROUND takes 1 to 2 arguments, not 3 (character 1)."),
        ("UPPER()", "UPPER takes 1 argument, not 0"),
        ("ROUND(f, qty)", "ROUND: the number of places must be a literal whole number"),
        ("LPAD(s, 99999999)", "LPAD: the length must be a literal whole number from 0 to 10,000"),
        ("REPEAT(s, 101)", "REPEAT: the number of times must be a literal"),
        ("s LIKE maybe", "The pattern of LIKE must be a text literal"),
        ("qty AND ok", "qty AND ok: a number is not a condition (character 1). Compare it, for example x <> 0."),
        ("s + 1", "s + 1: cannot apply + to text and number (character 1). Use || to join texts."),
        ("d + 1.5", "d + 1.5: only whole days can be added to a date"),
        ("ts + 1", "ts + 1: cannot apply + to timestamp and number (character 1). Add INTERVAL '1 day'"),
        ("ts - ts", "ts - ts is an interval, which no column can store"),
        ("COALESCE(d, 1)", "COALESCE(d, 1) mixes date and number"),
        ("d > 'tomorrow'", "'tomorrow' is not a date (character 1)."),
        ("d > '2024-02-30'", "'2024-02-30' is not a date"),
        ("qty::money", '"money" is not a type'),
        ("DATEADD(fortnight, 1, d)", 'There is no unit "fortnight"'),
        ("EXTRACT(shoe FROM d)", 'There is no part "shoe"'),
        ("EXTRACT(hour FROM s)", "EXTRACT(HOUR FROM s): a text has no hour"),
        ("INTERVAL '1 fortnight' + d", 'There is no unit "fortnight"'),
        ("d + INTERVAL 'soon'", "'soon' is not an interval"),
        ("TO_CHAR(d, 'YYYY foo')", '"foo" is not a date format symbol'),
        ("STRFTIME(d, '%Q')", '"%Q" is not a date format code'),
        ("bytes || 'x'", '"bytes" is a binary column, which expressions cannot use (character 1).'),
        ("5.5 // 2", "5.5 // 2: // needs whole numbers"),
        ("f % 2", "f % 2: a remainder needs exact numbers"),
        ("quantity + 1", 'There is no column "quantity" in t (character 1).'),
        ("qty + prise", 'There is no column "prise" in t (character 7). Did you mean "price"?'),
    ],
)
def test_refused_by_name(expression, start):
    assert problem_of(expression).startswith(start)


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("qty +", 'Syntax error near "+" (character 5).'),
        ("qty +\n  * 2", 'Syntax error near "'),
        ("(qty", 'Syntax error near "qty" (character 2).'),
        ("qty n", 'Syntax error near "n" (character 5).'),
        ("'open", "Syntax error: a quote is not closed."),
        ("", "The expression is empty."),
        ("  ", "The expression is empty."),
        ("CASE WHEN ok THEN 1", "Syntax error"),
    ],
)
def test_syntax_errors(expression, start):
    assert problem_of(expression, "INT").startswith(start)


@pytest.mark.parametrize("expression", ["(" * 400 + "qty" + ")" * 400, " + ".join(["qty"] * 1_000), "-" * 3_000 + "1"])
def test_too_deep_nesting_is_an_error(expression):
    assert "levels deep" in problem_of(expression, "INT") or "Syntax error" in problem_of(expression, "INT")


def test_deepest_nesting_works():
    schema = table_with(data_type="INT", expression=" + ".join(["qty"] * 95))
    assert check_rules(schema) == []


def test_several_problems_are_all_reported():
    schema = table_with(data_type="INT", expression="now()")
    other = schema.model_copy(update={"tables": [schema.tables[0].model_copy(update={"name": "u"}), *schema.tables]})
    assert [problem.where for problem in check_rules(other)] == ["u.x", "t.x"]
