import pytest

from engine.sql.quoting import literal, quote, quote_if_needed


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [("orders", '"orders"'), ("Kitchen Note", '"Kitchen Note"'), ('say "hi"', '"say ""hi"""'), ("", '""')],
)
def test_quote_always_quotes_and_doubles_quotes(identifier: str, expected: str) -> None:
    assert quote(identifier) == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [("orders", "orders"), ("order", '"order"'), ("Kitchen Note", '"Kitchen Note"'), ("2nd", '"2nd"')],
)
def test_quote_if_needed_leaves_plain_names_alone(identifier: str, expected: str) -> None:
    assert quote_if_needed(identifier) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("", "''"), ("plain", "'plain'"), ("it's", "'it''s'"), ('a"b', "'a\"b'")]
)
def test_literal_doubles_single_quotes(text: str, expected: str) -> None:
    assert literal(text) == expected
