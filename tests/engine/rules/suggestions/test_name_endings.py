"""Endings of names: words, several words, and long ones glued to what is before them."""

import pytest

from engine.rules.suggestions.name_endings import split_endings


@pytest.mark.parametrize(
    ("name", "ends", "glued"),
    [
        (("unit", "price"), True, True),
        (("price",), False, True),
        (("extendedprice",), False, True),
        (("tax",), True, False),
        (("syntax",), False, False),
        (("rate", "of", "tax"), True, False),
        ((), False, False),
    ],
)
def test_a_name_is_compared_with_all_endings_at_once(name, ends, glued):
    endings = split_endings("unit price | tax", "price per unit | price list | eprice")
    assert endings.end(name) is ends
    assert split_endings("tax | price").end_glued(name) is glued
