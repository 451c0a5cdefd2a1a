import numpy as np
import polars as pl
import pytest
from scipy import stats

from engine.errors import RuleError
from engine.rules.compiler import TableCompiler
from engine.rules.distributions.distributions import draw_skewed_rank
from engine.rules.site import Site
from engine.schema.distribution import Distribution
from tests.engine.rules.building import schema_of


def ranks(size, kind, rows=200_000, **parameters):
    schema = schema_of(t=[{"name": "x", "data_type": "BIGINT"}])
    table = schema.table("t")
    plan = TableCompiler(schema, table, 7, {"t": rows})
    site = Site(plan._stages, 7, "en_US", {"t": rows}, rows, table, table.columns[0], plan._stages.row)
    rank = draw_skewed_rank(site, size, Distribution(type=kind, parameters=parameters), "parent")
    return plan.frame(0, rows, [rank.alias("x")]).collect(engine="streaming").get_column("x")


def test_zipf_over_ranks():
    drawn = ranks(1000, "zipf", s=1.1)
    assert drawn.dtype == pl.UInt64
    expected = np.arange(1, 1001) ** -1.1
    counts = np.bincount(drawn.to_numpy(), minlength=1000)
    assert stats.chisquare(counts, expected / expected.sum() * 200_000).pvalue > 0.001


@pytest.mark.parametrize("size", [1, 2, 10**12])
def test_zipf_stays_below_any_size(size):
    drawn = ranks(size, "zipf", s=0.5)
    assert drawn.max() < size
    assert drawn.max() >= size // 2


def test_zipf_of_0_is_even():
    counts = np.bincount(ranks(100, "zipf", s=0).to_numpy())
    assert stats.chisquare(counts).pvalue > 0.001


def test_continuous_laws_are_over_shares_of_the_ranks():
    expected = np.diff(stats.expon(scale=0.2).cdf(np.arange(101) / 100))
    counts = np.bincount(ranks(100, "exponential", **{"lambda": 5}).to_numpy(), minlength=100)
    assert stats.chisquare(counts, expected / expected.sum() * 200_000).pvalue > 0.001
    middle = ranks(10**12, "normal", mean=0.5, stddev=0.1)
    assert middle.mean() == pytest.approx(5e11, rel=0.01) and middle.std() == pytest.approx(1e11, rel=0.02)


def test_uniform_and_counting_laws():
    assert stats.chisquare(np.bincount(ranks(50, "uniform").to_numpy())).pvalue > 0.001
    favourite = np.bincount(ranks(50, "geometric", p=0.5).to_numpy())[0]
    assert favourite == pytest.approx(100_000, abs=900)


def test_a_law_outside_the_ranks_is_an_error():
    with pytest.raises(RuleError, match=r"t\.x: normal has no probability between these bounds"):
        ranks(100, "normal", mean=5000, stddev=10)
