from random import Random

import pytest

from engine.rules.text.grammar.nodes import Choice, Draw, Pick, max_length, sample_text, sequence
from engine.rules.text.grammar.numbering import number_texts
from engine.rules.text.grammar.shortening import shorten

DIGITS = Pick(tuple("0123456789"))


def test_parts_that_can_be_told_apart_are_counted():
    numbered = number_texts(sequence([Pick(("a", "bb")), "-", DIGITS]))
    assert numbered is not None and numbered.size == 20


@pytest.mark.parametrize(
    "node",
    [
        sequence([Pick(("a", "ab")), Pick(("b", "c"))]),  # "ab" comes about in two ways
        Pick(("a", "b"), None, Draw(2)),
    ],
)
def test_texts_that_two_numbers_would_make_are_refused(node):
    assert number_texts(node) is None


def test_of_formats_that_overlap_one_is_counted():
    both = Choice((sequence(["1", DIGITS]), sequence([Pick(("1", "2")), DIGITS])))
    numbered = number_texts(both)
    assert numbered is not None and numbered.size == 20


def test_a_shorter_grammar_makes_only_texts_of_the_grammar_that_fit():
    node = Choice((sequence([Pick(("Lee", "Montgomery")), "-", Pick(("Kim", "Zimmerman"))]), "Incorporated"))
    short = shorten(node, 8)
    assert short is not None and max_length(short) == 7
    assert {sample_text(short, Random(place)) for place in range(20)} == {"Lee-Kim"}
    assert shorten(node, 6) is None
