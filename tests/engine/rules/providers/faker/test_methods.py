"""All Faker methods without required arguments work, and most are compiled."""

import pytest

from engine.rules.providers.faker.compiling import form_of
from tests.engine.rules.building import values_of
from tests.engine.rules.providers.faker.likeness import distance, drawn_by_faker, methods_without_arguments

ROWS = 300
POOLED = set(
    """binary color color_hsl color_hsv color_rgb color_rgb_float credit_card_full csv dga dsv firefox fixed_width
    image invalid_ssn json json_bytes passport_dates passport_full psv pydecimal pydict pyfloat pyiterable pylist pyset
    pystruct pytimezone pytuple sbn9 slug tar texts time_series tsv unix_time upc_e user_agent xml zip""".split()
)
# Faker halves a number of six places and shows the seventh, a 5, in every other row; we show six.
SHOWN_SHORTER = {"latitude", "latlng"}


def test_all_methods_exist_and_enough_of_them_are_compiled():
    names = methods_without_arguments("en_US")
    assert len(names) == 281
    assert set(names) >= POOLED
    assert 1 - len(POOLED) / len(names) > 0.84


@pytest.mark.parametrize("name", [name for name in methods_without_arguments("en_US") if name not in POOLED])
def test_compiled_values_are_like_fakers_own(name):
    assert not form_of("en_US", name).pool_size
    ours = [str(value) for value in values_of(ROWS, data_type="VARCHAR", faker_rule=name)]
    assert distance(ours, drawn_by_faker("en_US", name, ROWS)) < (6 if name not in SHOWN_SHORTER else 20)


@pytest.mark.parametrize("name", sorted(POOLED))
def test_pooled_methods_work(name, monkeypatch):
    if name == "pystruct":  # a thousand of its nested values take many seconds
        monkeypatch.setattr("engine.rules.providers.faker.pools.POOL_SIZE", 30)
    assert form_of("en_US", name).pool_size
    data_type = "VARBYTE" if name in ("binary", "tar", "zip", "image", "json_bytes") else "VARCHAR"
    values = values_of(20, data_type=data_type, faker_rule=name)
    assert values.null_count() == 0
    assert len(set(values)) > 1 or name == "passport_dates"
