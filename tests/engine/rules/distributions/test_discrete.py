import numpy as np
import pytest
from scipy import stats

from engine.rules.distributions.discrete import discrete_cells
from engine.rules.distributions.laws import Law
from tests.engine.rules.building import values_of
from tests.engine.rules.counting import chi_square

ROWS = 1_000_000
SIZES = (1, 2, 1_000, 10**7, 10**12)


def drawn(kind, parameters, **column):
    return values_of(ROWS, **{"data_type": "INT", **column}, distribution={"type": kind, "parameters": parameters})


@pytest.mark.parametrize(
    ("kind", "parameters", "law"),
    [
        ("poisson", {"mu": 4}, stats.poisson(4)),
        ("poisson", {"mu": 1e6}, stats.poisson(1e6)),
        ("binom", {"n": 50, "p": 0.3}, stats.binom(50, 0.3)),
        ("nbinom", {"n": 3, "p": 0.01}, stats.nbinom(3, 0.01)),
        ("geom", {"p": 1e-4}, stats.geom(1e-4)),
        ("hypergeom", {"M": 300, "n": 120, "N": 60}, stats.hypergeom(300, 120, 60)),
        ("skellam", {"mu1": 10, "mu2": 4}, stats.skellam(10, 4)),
        ("zipf", {"s": 3}, stats.zipf(3)),
    ],
)
def test_counts_follow_the_law(kind, parameters, law):
    values = drawn(kind, parameters).to_numpy()
    low, high = values.min(), values.max()
    expected = law.pmf(np.arange(low, high + 1)) * ROWS
    assert expected.sum() == pytest.approx(ROWS, rel=1e-4)
    assert chi_square(np.bincount(values - low), expected) > 0.001


def test_bounds_truncate_the_law():
    values = drawn("poisson", {"mu": 4}, min_value=6, max_value=9)
    expected = stats.poisson(4).pmf([6, 7, 8, 9])
    counts = np.bincount(values.to_numpy())[6:]
    assert stats.chisquare(counts, expected / expected.sum() * ROWS).pvalue > 0.001


def test_loc_shifts_the_values():
    assert drawn("poisson", {"mu": 2, "loc": 100}).min() == 100


def test_whole_numbers_in_decimal_and_double_columns():
    decimals = drawn("poisson", {"mu": 3}, data_type="DECIMAL(10,2)")
    assert str(decimals.dtype) == "Decimal(precision=10, scale=2)"
    assert decimals.cast(float).equals(drawn("poisson", {"mu": 3}, data_type="DOUBLE"))
    assert decimals.mean() == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize("s", [0.0, 0.8, 1.0, 1.2, 3.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_rank_of_zipf_has_its_probability(s, size):
    cells = discrete_cells(Law("zipf", (s,)), 1, size)
    ranks = np.unique(np.append(np.arange(1, min(40_000, size + 1)), np.geomspace(1, cells.last, 50_000).astype(int)))
    expected = ranks.astype(float) ** -s / harmonic(size, s)
    made = probabilities(cells, ranks - 1)
    seen = expected > 1e-16
    assert np.abs(made / expected - 1)[seen].max() < 1e-6


def probabilities(cells, offsets):
    """Return the probability of each number according to the tables."""
    thresholds = cells.thresholds.to_numpy().astype(float) / 2.0**64
    places, share = cells.places.to_numpy(), np.zeros(len(thresholds))
    np.add.at(share, places[::2], thresholds)
    np.add.at(share, places[1::2], 1 - thresholds)
    share /= len(share)
    if cells.starts is None:
        return share[offsets]
    starts = cells.starts.to_numpy().astype(np.int64)
    cell = np.searchsorted(starts, offsets, side="right") - 1
    width = np.rint(cells.widths.to_numpy() / (1 - 2.0**-50))[cell]
    tilt = np.zeros(len(cell)) if cells.tilts is None else cells.tilts.to_numpy()[cell]
    # A number is drawn where t + tilt * t * (1 - t) = its offset; the density there is 1 / derivative.
    offset = (offsets - starts[cell] + 0.5) / width
    rise = 1 + tilt
    t = 2 * offset / (rise + np.sqrt(rise**2 - 4 * tilt * offset))
    return share[cell] / width / (1 + tilt * (1 - 2 * t))


def harmonic(size, s):
    head = np.arange(1, min(size, 10**6) + 1, dtype=float)
    total = (head**-s).sum()
    if size > 10**6:
        low, high = 10**6 + 0.5, size + 0.5
        total += np.log(high / low) if s == 1 else (high ** (1 - s) - low ** (1 - s)) / (1 - s)
    return total
