"""Value errors name the user's types, not those of DuckDB."""

from __future__ import annotations

import duckdb
import pytest

from engine.warehouse.querying.value_errors import explain_value_error

SAID = {
    "select 2147483647::int + 1": "Numeric overflow: 2147483647 + 1 is out of range for INTEGER.",
    "select -2147483647::int - 2": "Numeric overflow: -2147483647 - 2 is out of range for INTEGER.",
    "select 30000::smallint * 30000::smallint": "Numeric overflow: 30000 * 30000 is out of range for SMALLINT.",
    "select 9223372036854775807 + 1": "Numeric overflow: 9223372036854775807 + 1 is out of range for BIGINT.",
    "select x * x from (select 99999999999999999999.99::decimal(38, 2) x)": (
        "Numeric overflow: the result of * has more digits than DECIMAL(38) holds."
    ),
    "select abs(x) from (select (-9223372036854775807 - 1)::bigint x)": (
        "Numeric overflow: ABS(-9223372036854775808) is out of range for its type."
    ),
    "select -x from (select (-9223372036854775807 - 1)::bigint x)": (
        "Numeric overflow: the negated number is out of range for its type."
    ),
    "select 300000::smallint": "Numeric overflow: the value 300000 is out of range for SMALLINT.",
    "select x::int from (select range + 3000000000 x from range(1))": (
        "Numeric overflow: the value 3000000000 is out of range for INTEGER (column x)."
    ),
    "select 1e30::bigint": "Numeric overflow: the value 1e+30 is out of range for BIGINT.",
    "select 123456::decimal(5, 2)": "Numeric overflow: the value 123456 is out of range for DECIMAL(5, 2).",
    "select '1234'::decimal(3, 1)": 'Numeric overflow: the text "1234" is out of range for DECIMAL(3, 1).',
    "select 'x7'::int": 'The text "x7" is not a number.',
    "select 'x7'::decimal(5, 2)": 'The text "x7" is not a number.',
    "select 'maybe'::boolean": 'The text "maybe" is not a valid BOOL.',
    "select mod(5, 0)": "Division by zero.",
    "select 5.5 % 0": "Division by zero.",
    "select 'abc'::timestamp": 'The text "abc" is not a valid timestamp.',
    "select '0044-03-15 BC'::timestamp": 'Years before 1 are not supported: "0044-03-15 BC".',
    "select strptime('2024-99-01', '%Y-%m-%d')": ('The text "2024-99-01" does not match the format.'),
}


@pytest.mark.parametrize(("query", "said"), SAID.items())
def test_a_value_error_of_duckdb_is_reworded(query, said):
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute("set error_on_division_by_zero = true")
        connection.execute(query).fetchall()
    found = explain_value_error(str(caught.value).partition(" Error: ")[2].split("\n")[0])
    assert found is not None, str(caught.value)
    assert found[0] == said
    assert found[1]


def test_another_error_is_not_a_value_error():
    assert explain_value_error('Referenced column "x" not found in FROM clause!') is None
