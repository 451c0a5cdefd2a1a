"""Edits of a list of values with weights: both always have the same length."""

import pytest

from app.components.rule_panel.weights import apply_edits


@pytest.mark.parametrize(
    ("edits", "values", "weights"),
    [
        ({"edited_rows": {1: {"weight": 7}}}, ["a", "b"], [1, 7]),
        ({"edited_rows": {0: {"value": "x"}}}, ["x", "b"], [1, 2]),
        ({"added_rows": [{"value": "c"}]}, ["a", "b", "c"], [1, 2, 1]),
        ({"added_rows": [{"value": "c", "weight": 4}, {"weight": 3}]}, ["a", "b", "c"], [1, 2, 4]),
        ({"deleted_rows": [0]}, ["b"], [2]),
        ({"deleted_rows": [0], "edited_rows": {1: {"weight": None}}, "added_rows": [{"value": "c"}]},
         ["b", "c"], [0, 1]),
    ],
)  # fmt: skip
def test_values_and_weights_change_together(edits, values, weights):
    assert apply_edits(["a", "b"], [1.0, 2.0], {"edited_rows": {}, **edits}) == (values, weights)


def test_numbers_stay_numbers():
    edits = {"edited_rows": {0: {"value": "10"}}, "added_rows": [{"value": "2.5"}, {"value": "many"}]}
    assert apply_edits([1, 2], [1.0, 1.0], edits)[0] == [10, 2, 2.5, "many"]
    assert apply_edits(["1", "2"], [1.0, 1.0], edits)[0] == ["10", "2", "2.5", "many"]
