"""Randomly damaged queries: always a translation or a documented error."""

import random

import pytest

from engine.errors import WorkbenchError
from engine.sql.translation import translate
from tests.conformance.running import OWN, read_cases
from tests.engine.sql.importing.test_robustness import damage
from tests.faults.scale import scaled

TRIES = scaled(1000, 250)

PIECES = [
    " from ", " over (", " within group (order by ", " qualify ", "::", ":a", "[0]", " pivot(", " lateral ", "flatten(",
    " connect by ", "distinct ", "*", " ignore nulls", "case when ", " as ", " union ", "interval ", "$1", "->", "=>",
]  # fmt: skip


def splice(text: str, others: list[str], draw: random.Random) -> str:
    """Return the text with a piece of syntax, or a piece of another query, somewhere in it."""
    at = draw.randrange(len(text))
    other = draw.choice(others)
    start = draw.randrange(len(other))
    piece = draw.choice([draw.choice(PIECES), other[start : start + draw.choice([5, 20, 60])]])
    return text[:at] + piece + text[at + draw.choice([0, 0, 3]) :]


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_damaged_query_gives_a_translation_or_a_documented_error(dialect: str) -> None:
    texts = [case.query for case in read_cases(OWN) if case.dialect == dialect]
    draw = random.Random(20_240_817)
    translated = 0
    for _ in range(TRIES):
        query = splice(draw.choice(texts), texts, draw)
        if draw.random() < 0.3:
            query = damage(query, draw)
        try:
            translated += bool(translate(query, dialect).sql)
        except WorkbenchError:
            continue
    assert 0 < translated < TRIES
