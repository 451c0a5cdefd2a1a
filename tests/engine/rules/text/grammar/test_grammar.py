"""Grammars as expressions: the texts, their shares, shared draws, and grammars too long to list."""

from collections import Counter
from random import Random

import polars as pl
import pytest

from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.text.grammar.alternatives import count_combinations, list_alternatives, list_texts
from engine.rules.text.grammar.checked import digit, fixed, make_checked
from engine.rules.text.grammar.expression import plan_text, text_expression
from engine.rules.text.grammar.nodes import (
    Choice,
    Draw,
    Joined,
    Pick,
    choice,
    map_text,
    max_length,
    number,
    sample_text,
    sequence,
)
from tests.engine.rules.building import schema_of

DIGIT = Pick(tuple("0123456789"))


def made(node, rows=20_000, length=None, places=None):
    schema = schema_of(t=[{"name": "x", "data_type": "VARCHAR"}])
    table = schema.tables[0]
    stages = Stages()
    site = Site(stages, 3, "en_US", {"t": rows}, rows, table, table.columns[0], stages.row)
    supplied = {name: (stages.row % 2).cast(pl.UInt32) for name in places or ()}
    text = text_expression(plan_text(node), site, length=length, places=supplied)
    return stages.frame(0, rows, [text.cast(pl.String).alias("x")]).collect()["x"]


def shares(values):
    return {text: count / len(values) for text, count in Counter(values).items()}


def test_weighted_alternatives():
    node = choice([sequence(["a", DIGIT]), sequence(["b", DIGIT, DIGIT]), "c"], [0.6, 0.3, 0.1])
    found = shares(made(node).str.head(1))
    assert found["a"] == pytest.approx(0.6, abs=0.02)
    assert found["b"] == pytest.approx(0.3, abs=0.02)
    assert found["c"] == pytest.approx(0.1, abs=0.02)
    assert set(made(node).str.len_chars()) == {1, 2, 3}


def test_weighted_picks_in_a_sequence():
    first = Pick(("x", "y"), (0.9, 0.1))
    values = made(sequence([first, "-", Pick(tuple(map(str, range(5000))))]))
    assert shares(values.str.head(1))["x"] == pytest.approx(0.9, abs=0.02)
    assert values.n_unique() > 4500


def test_picks_with_one_draw_use_the_same_index():
    draw = Draw(3)
    low, high = Pick(tuple("abc"), None, draw), Pick(tuple("ABC"), None, draw)
    assert set(made(sequence([low, "-", high]))) == {"a-A", "b-B", "c-C"}


def test_the_caller_supplies_named_draws():
    draw = Draw(2, None, "who")
    node = sequence(
        [Pick(("ann", "bob"), None, draw), Choice((sequence(["1", DIGIT]), sequence(["22", DIGIT, DIGIT])))]
    )
    assert made(node, 6, places=["who"]).str.head(3).to_list() == ["ann", "bob"] * 3


def test_named_draws_reach_closed_parts():
    draw = Draw(2, None, "who")
    name = Pick(("ann", "bob"), None, draw)
    words = Pick(tuple(f"w{index}" for index in range(3000)), (1.0,) * 2999 + (2.0,))
    part = Choice(tuple(sequence([name, str(index), words]) for index in range(20)))
    assert made(sequence([part, part, part]), 4, places=["who"]).str.head(3).to_list() == ["ann", "bob"] * 2


def test_texts_are_cut():
    assert set(made(choice(["alpha", "be"]), length=3)) == {"alp", "be"}
    assert made(sequence([DIGIT] * 9), length=4).str.len_chars().max() == 4


def test_empty_grammar():
    assert set(made("", 3)) == {""}
    assert set(made("same", 3)) == {"same"}


@pytest.mark.parametrize(
    ("node", "low", "high", "length"),
    [
        (number(5, 9), 5, 9, 1),
        (number(0, 10**9), 0, 10**9, None),
        (number(7, 999_999_999, width=9), 7, 999_999_999, 9),
        (number(0, 10**12 - 1, width=12), 0, 10**12 - 1, 12),
        (number(100, 900, 100), 100, 900, 3),
    ],
)
def test_numbers(node, low, high, length):
    values = made(node)
    numbers = values.cast(pl.Int64)
    assert numbers.is_between(low, high).all()
    assert numbers.mean() == pytest.approx((low + high) / 2, rel=0.03)
    if length:
        assert set(values.str.len_chars()) == {length}


def test_a_choice_too_long_to_expand():
    sentence = Choice(tuple(sequence([Pick(tuple(f"{a}{b}." for b in range(900)))] * (a + 1)) for a in range(6)))
    node = Choice(tuple(sequence([sentence] * size) for size in (1, 2, 3, 4)))
    assert count_combinations(node) > 10**9
    assert len(list_alternatives(node)) <= 256
    values = made(node, 4_000)
    assert values.str.count_matches(r"\.").mean() == pytest.approx(3.5 * 2.5, abs=0.4)


def test_a_choice_of_many_alternatives():
    node = Choice(tuple(sequence([f"{index:03d}", DIGIT, "x" * index]) for index in range(600)))
    heads = made(node).str.head(3)
    assert heads.n_unique() == 600
    assert heads.cast(pl.Int64).mean() == pytest.approx(299.5, abs=5)


def test_listing():
    assert list_texts(sequence([Pick(("a", "b")), Pick(("1", "2"), (3.0, 1.0))]), 10) == (
        ["a1", "a2", "b1", "b2"],
        [0.375, 0.125, 0.375, 0.125],
    )
    assert list_texts(sequence([DIGIT] * 3), 100) is None
    draw = Draw(2)
    both = sequence([Pick(("a", "b"), None, draw), choice([Pick(("A", "B"), None, draw), "?"])])
    assert list_texts(both, 10) == (["aA", "a?", "bB", "b?"], [0.25] * 4)


def test_nodes_are_as_simple_as_possible():
    assert sequence(["a", "", "b"]) == "ab"
    assert isinstance(choice(["a", "b"]), Pick)
    assert isinstance(sequence([DIGIT, "x", sequence([DIGIT, "y"])]), Joined)
    assert max_length(choice([sequence(["ab", DIGIT]), number(1, 10**7)])) == 8
    upper = map_text(choice([sequence(["ab", DIGIT]), "cd"]), str.upper)
    assert {sample_text(upper, Random(index))[:2] for index in range(50)} == {"AB", "CD"}


def test_check_characters():
    positions = [fixed("97", 9 * 1 + 7 * 3), *[digit(factor) for factor in (1, 3, 1, 3)]]
    node = make_checked(positions, 10, tuple("0987654321"))
    values = made(node, 2_000)
    for text in [*values, sample_text(node, Random(5))]:
        digits = list(map(int, text))
        assert sum(value * (3 if index % 2 else 1) for index, value in enumerate(digits)) % 10 == 0
        assert len(digits) == 7
