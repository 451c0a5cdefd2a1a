import polars as pl
import pytest

from tests.engine.rules.building import frame_of, schema_of, values_of


@pytest.mark.parametrize(("fraction", "expected"), [(None, 0.05), (0.0, 0.0), (0.3, 0.3), (1.0, 1.0)])
def test_null_share(fraction, expected):
    given = {} if fraction is None else {"null_fraction": fraction}
    share = values_of(40_000, data_type="INT", required=False, **given).is_null().mean()
    assert abs(share - expected) <= 4 * (expected * (1 - expected) / 40_000) ** 0.5


def test_columns_have_their_own_nulls():
    columns = [{"name": name, "data_type": "INT", "required": False, "null_fraction": 0.5} for name in "abc"]
    masks = frame_of(schema_of(t=columns), "t", 10_000).select(pl.col(name).is_null() for name in "abc")
    for first, second in ("ab", "bc", "ac"):
        both = (masks[first] & masks[second]).mean()
        assert both == pytest.approx(0.25, abs=0.02)
