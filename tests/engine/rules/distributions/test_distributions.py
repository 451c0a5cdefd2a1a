"""Distributions at 1,000,000 rows against scipy. Seeds are fixed: a tolerance of 4 standard errors cannot flake."""

import os
import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tests.engine.rules.building import frame_of, schema_of, values_of
from tests.engine.rules.counting import chi_square

ROWS = 1_000_000
CONTINUOUS = {
    "normal": ({"mean": 100, "stddev": 15}, stats.norm(100, 15)),
    "lognormal": ({"mean": 1, "sigma": 2}, stats.lognorm(2, scale=np.e)),
    "exponential": ({"lambda": 0.25}, stats.expon(scale=4)),
    "beta": ({"alpha": 2, "beta": 5}, stats.beta(2, 5)),
    "gamma": ({"shape": 0.5, "scale": 3}, stats.gamma(0.5, scale=3)),
    "triangular": ({"min": 1, "mode": 2, "max": 7}, stats.triang(1 / 6, 1, 6)),
    "pareto": ({"alpha": 1.2}, stats.pareto(1.2)),
    "weibull": ({"shape": 1.5, "scale": 2}, stats.weibull_min(1.5, scale=2)),
    "t": ({"df": 20}, stats.t(20)),
    "exponnorm": ({"K": 1.5}, stats.exponnorm(1.5)),
}


def drawn(kind, parameters, rows=ROWS, **column):
    return values_of(rows, **{"data_type": "DOUBLE", **column}, distribution={"type": kind, "parameters": parameters})


@pytest.mark.parametrize("kind", CONTINUOUS)
def test_values_follow_the_law_to_its_tails(kind):
    parameters, law = CONTINUOUS[kind]
    values = np.sort(drawn(kind, parameters).to_numpy())
    # Kolmogorov-Smirnov on every 50th value: its probability under the law is an even share, within 1.6 / sqrt(rows).
    shares = (np.arange(0, ROWS, 50) + 0.5) / ROWS
    assert np.abs(law.cdf(values[::50]) - shares).max() < 1.6e-3
    for share in (1e-5, 1e-4, 1e-2, 0.5, 1 - 1e-2, 1 - 1e-4, 1 - 1e-5):
        below = np.searchsorted(values, law.ppf(share))
        assert below == pytest.approx(ROWS * share, abs=4 * (ROWS * share * (1 - share)) ** 0.5)


@pytest.mark.parametrize("kind", [kind for kind in CONTINUOUS if kind not in ("lognormal", "pareto")])
def test_first_four_moments(kind):
    parameters, law = CONTINUOUS[kind]
    mean, variance, skewness, excess = (float(moment) for moment in law.stats("mvsk"))
    standard = (drawn(kind, parameters).to_numpy() - mean) / variance**0.5
    for order, moment in enumerate((0, 1, skewness, excess + 3), start=1):
        error = np.std(standard**order) / ROWS**0.5
        assert np.mean(standard**order) == pytest.approx(moment, abs=4 * error)


def test_heavy_tails_keep_their_truncated_moments():
    for kind in ("pareto", "lognormal"):
        parameters, law = CONTINUOUS[kind]
        values = drawn(kind, parameters).to_numpy()
        cut = law.isf(1e-4)
        tail = np.minimum(values, cut)
        even = np.minimum(law.ppf((np.arange(ROWS) + 0.5) / ROWS), cut)
        assert tail.mean() == pytest.approx(even.mean(), abs=4 * even.std() / ROWS**0.5)
        assert tail.std() == pytest.approx(even.std(), rel=0.05)


@pytest.mark.parametrize(("low", "high"), [(-1, 0.5), (6, 9), (-30, -5), (0, 30), (-0.001, 0.001), (3, 3.5)], ids=str)
def test_bounds_truncate_the_law_without_a_pile_at_the_ends(low, high):
    values = drawn("normal", {"mean": 0, "stddev": 1}, 200_000, min_value=low, max_value=high).to_numpy()
    law = stats.norm()
    survival = (law.sf(low) - law.sf(values)) / (law.sf(low) - law.sf(high))
    share = survival if low > 0 else (law.cdf(values) - law.cdf(low)) / (law.cdf(high) - law.cdf(low))
    assert low <= values.min() and values.max() <= high
    assert stats.kstest(share, "uniform").pvalue > 0.001
    assert len(np.unique(values)) == 200_000


def test_one_bound_leaves_the_other_side_alone():
    values = drawn("exponential", {"lambda": 1}, 200_000, min_value=3).to_numpy()
    assert values.min() >= 3
    assert stats.kstest(values - 3, "expon").pvalue > 0.001


def test_equal_bounds_give_that_value():
    assert set(drawn("normal", {"mean": 0, "stddev": 1}, 50, min_value=0.25, max_value=0.25)) == {0.25}


@pytest.mark.parametrize(
    ("data_type", "per_unit", "bounds"),
    [
        ("INT", 1, {}),
        ("SMALLINT", 1, {"min_value": 18, "max_value": 65}),
        ("DECIMAL(5,1)", 10, {}),
        ("DECIMAL(38,1)", 10, {"min_value": 0, "max_value": "60.5"}),
    ],
)
def test_whole_values_have_the_probability_of_the_numbers_that_round_to_them(data_type, per_unit, bounds):
    values = drawn("normal", {"mean": 40, "stddev": 12}, data_type=data_type, **bounds)
    units = (values.cast(pl.Float64) * per_unit).round().cast(pl.Int64).to_numpy()
    low, high = (int(Decimal(bounds.get(key, end)) * per_unit) for key, end in (("min_value", -60), ("max_value", 140)))
    grid = np.arange(low, high + 1)
    law = stats.norm(40 * per_unit, 12 * per_unit)
    expected = law.cdf(grid + 0.5) - law.cdf(grid - 0.5)
    assert low <= units.min() and units.max() <= high
    assert values.dtype == {"INT": pl.Int32(), "SMALLINT": pl.Int16()}.get(data_type, values.dtype)
    assert chi_square(np.bincount(units - low, minlength=len(grid)), expected * ROWS / expected.sum()) > 0.001


def test_a_type_truncates_the_law_to_its_range():
    values = drawn("normal", {"mean": 0, "stddev": 30_000}, 200_000, data_type="SMALLINT")
    assert -32768 <= values.min() < -32_700 and 32_700 < values.max() <= 32767
    assert values.value_counts()["count"].max() < 20
    assert drawn("pareto", {"alpha": 0.1}, 200_000, data_type="BIGINT").max() > 2**61
    assert drawn("cauchy", {"scale": 1e3}, 200_000, data_type="DECIMAL(6,2)").abs().max() <= Decimal("9999.99")


def test_decimals_keep_their_digits_around_a_large_mean():
    values = drawn("normal", {"mean": 1e18, "stddev": 10}, 200_000, data_type="DECIMAL(38,4)")
    apart = (values.cast(pl.Decimal(38, 4)) - Decimal(10**18)).cast(pl.Float64)
    assert apart.mean() == pytest.approx(0, abs=0.1) and apart.std() == pytest.approx(10, rel=0.01)
    assert apart.n_unique() > 140_000


def test_decimals_beyond_64_bits():
    values = drawn("normal", {"mean": 0, "stddev": 1e30}, 50_000, data_type="DECIMAL(38,4)").cast(pl.Float64)
    assert values.std() == pytest.approx(1e30, rel=0.02) and values.mean() == pytest.approx(0, abs=2e28)


def test_a_wide_law_keeps_its_middle_exact():
    values = drawn("cauchy", {"scale": 5}, data_type="BIGINT")
    law = stats.cauchy(0, 5)
    counts = np.bincount(values.filter(values.is_between(-100, 100)).to_numpy() + 100, minlength=201)
    grid = np.arange(-100, 101)
    assert chi_square(counts, (law.cdf(grid + 0.5) - law.cdf(grid - 0.5)) * ROWS) > 0.001


def test_uniform_bounds_are_exact():
    values = drawn("uniform", {"min": 0.1, "max": 0.3}, 2_000, data_type="DECIMAL(5,1)")
    assert sorted(values.unique()) == [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]
    assert drawn("uniform", {"min": 1, "max": 6}, 2_000, data_type="INT", min_value=3).unique().sort().to_list() == [
        3,
        4,
        5,
        6,
    ]
    assert drawn("uniform", {}, 100, min_value=5, max_value=6).is_between(5, 6).all()


def test_real_stays_within_its_bounds():
    values = drawn("normal", {"mean": 0, "stddev": 1}, 200_000, data_type="REAL", min_value="-0.1", max_value="0.1")
    assert values.dtype == pl.Float32
    assert values.cast(pl.Float64).abs().max() <= 0.1


def test_days_and_seconds_count_from_the_start_of_the_range():
    year = {"date_start": "2024-01-01", "date_end": "2024-12-31"}
    days = drawn("exponential", {"lambda": 0.05}, 200_000, data_type="DATE", **year)
    first = (days == date(2024, 1, 1)).mean()
    assert first == pytest.approx(1 - np.exp(-0.05), abs=0.002) and days.max() <= date(2024, 12, 31)
    noon = drawn("normal", {"mean": 12 * 3600, "stddev": 600}, 50_000, data_type="TIME")
    assert noon.dtype == pl.Time and time(11) < noon.min() < noon.max() < time(13)
    range_ = {"timestamp_start": "2024-05-01T10:00:00", "timestamp_end": "2024-05-01T11:00:00"}
    late = drawn("poisson", {"lambda": 60}, 50_000, data_type="TIMESTAMP", **range_)
    assert (late - datetime(2024, 5, 1, 10)).dt.total_seconds().mean() == pytest.approx(60, abs=0.2)
    even = drawn("uniform", {"min": 10, "max": 12}, 2_000, data_type="DATE", **year)
    assert sorted(even.unique()) == [date(2024, 1, 11), date(2024, 1, 12), date(2024, 1, 13)]


def test_a_law_of_shares_is_stretched_over_the_range():
    values = drawn("beta", {"alpha": 2, "beta": 2}, data_type="DATE", date_start="2023-01-01", date_end="2023-12-31")
    day = (values - date(2023, 1, 1)).dt.total_days().to_numpy()
    expected = np.diff(stats.beta(2, 2).cdf(np.arange(366) / 365)) * ROWS
    assert chi_square(np.bincount(day, minlength=365), expected) > 0.001


MIXED = [
    {"name": "a", "data_type": "DOUBLE", "distribution": {"type": "normal", "parameters": {"mean": 0, "stddev": 1}}},
    {
        "name": "b",
        "data_type": "DECIMAL(12,2)",
        "distribution": {"type": "lognormal", "parameters": {"mean": 3, "s": 2}},
    },
    {"name": "c", "data_type": "INT", "distribution": {"type": "zipf", "parameters": {"s": 1.1}}, "max_value": 10**6},
    {"name": "d", "data_type": "TIMESTAMP", "hour_weights": list(range(24)), "trend": {"type": "linear", "growth": 3}},
    {"name": "e", "data_type": "DOUBLE", "distribution": {"type": "gamma", "parameters": {"shape": 2.5}}},
]


def test_rows_do_not_depend_on_where_a_chunk_starts():
    schema = schema_of(t=MIXED)
    whole = frame_of(schema, "t", 5_000)
    assert whole.equals(pl.concat([frame_of(schema, "t", 1_234), frame_of(schema, "t", 3_766, offset=1_234)]))


def test_golden_values():
    frame = frame_of(schema_of(t=MIXED), "t", 3, seed=42)
    assert frame.rows() == [
        (2.6699089732854064, Decimal("354.38"), 2, datetime(2020, 8, 12, 7, 19, 16), 1.4610683077066637),
        (-0.573268859031463, Decimal("24.82"), 326820, datetime(2022, 12, 27, 23, 56, 33), 3.27775824274032),
        (-0.5615181229093946, Decimal("24.01"), 29170, datetime(2023, 1, 4, 23, 1, 3), 1.9944278049906896),
    ]


def test_values_are_the_same_without_the_newest_cpu_features():
    code = (
        "from tests.engine.rules.distributions.test_distributions import MIXED, frame_of, schema_of;"
        "print(frame_of(schema_of(t=MIXED), 't', 20_000, seed=42).hash_rows().sum())"
    )
    plain = frame_of(schema_of(t=MIXED), "t", 20_000, seed=42).hash_rows().sum()
    features = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512_SKX"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **features},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(plain)]


@pytest.mark.parametrize("deviation", [1e3, 1e5, 1e9, 1e18])
def test_narrow_bounds(deviation):
    values = drawn("normal", {"mean": 0, "stddev": deviation}, 200_000, min_value=0, max_value=1).to_numpy()
    assert stats.kstest(values, "uniform").pvalue > 0.001
    assert len(np.unique(values)) == 200_000
