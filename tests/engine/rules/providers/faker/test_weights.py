"""Faker's own weights, at a million rows: chi-square at the 10^-6 level."""

import numpy as np
import pytest
from scipy.stats import chi2

from engine.rules.providers.faker.generators import get_generator, get_provider
from tests.engine.rules.building import values_of

ROWS = 1_000_000


@pytest.mark.parametrize(
    ("rule", "elements"),
    [
        ("first_name", "first_names"),
        ("first_name_female", "first_names_female"),
        ("last_name", "last_names"),
        ("prefix_male", "prefixes_male"),
    ],
)
def test_names_have_their_weights(rule, elements):
    weights = getattr(get_provider(get_generator("en_US"), "person"), elements)
    if not isinstance(weights, dict):
        weights = dict.fromkeys(weights, 1.0)
    counts = dict(values_of(ROWS, data_type="VARCHAR", faker_rule=rule).value_counts().iter_rows())
    assert set(counts) <= set(weights)
    total = sum(weights.values())
    expected = {name: weight / total * ROWS for name, weight in weights.items()}
    common = [name for name, count in expected.items() if count >= 5]
    seen = np.array([counts.get(name, 0) for name in common], dtype=float)
    meant = np.array([expected[name] for name in common])
    assert float(((seen - meant) ** 2 / meant).sum()) < chi2.ppf(1 - 1e-6, len(common) - 1)
    rare = sum(count for name, count in counts.items() if expected[name] < 5)
    rest = abs(ROWS - float(meant.sum()))
    assert abs(rare - rest) <= 6 * np.sqrt(rest) + 1


def test_formats_have_their_weights():
    cities = values_of(200_000, data_type="VARCHAR", faker_rule="city")
    shares = [cities.str.contains(pattern).mean() for pattern in (r"^(North|South|East|West|New|Lake|Port) ",)]
    assert 0.48 < shares[0] < 0.52


def test_elements_given_with_weights():
    column = {"faker_rule": "random_element", "faker_args": {"elements": {"a": 0.7, "b": 0.2, "c": 0.1}}}
    counts = dict(values_of(100_000, data_type="VARCHAR", **column).value_counts().iter_rows())
    assert abs(counts["a"] - 70_000) < 800
    assert abs(counts["c"] - 10_000) < 500
