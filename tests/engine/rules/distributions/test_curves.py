import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from engine.rules.distributions.curves import make_curve
from engine.rules.distributions.exact_laws import EXACT_LAWS
from engine.rules.distributions.exact_math import exp, expm1, log, log1p
from engine.rules.distributions.laws import Law, silence_warnings
from engine.rules.distributions.tail_quantiles import compute_quantiles, tail_probabilities

# Of each kind: exact, by scipy's own quantile function, by integrating the density; ends finite and not.
LAWS = {
    "norm": (),
    "lognorm": (2.0,),
    "expon": (),
    "pareto": (1.2,),
    "weibull_min": (0.7,),
    "laplace": (),
    "logistic": (),
    "beta": (2.0, 5.0),
    "gamma": (0.5,),
    "t": (3.0,),
    "cauchy": (),
    "arcsine": (),
    "chi2": (4.0,),
    "genhyperbolic": (0.5, 1.5, -0.5),
    "norminvgauss": (1.25, 0.5),
    "geninvgauss": (2.3, 1.5),
    "exponnorm": (1.5,),
    "argus": (1.0,),
    "foldnorm": (1.95,),
    "gausshyper": (13.8, 3.1, 2.5, 5.2),
    "vonmises_line": (4.0,),
}


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_have_their_probabilities_below_and_above_them(name):
    law = stats.__dict__[name](*LAWS[name])
    lower, upper = compute_quantiles(Law(name, LAWS[name]), -np.inf, np.inf)
    # From 1/2 down to 2**-20; deeper in the tails scipy's own integrals have too few digits to compare with.
    places = slice(44 * 128, None, 256)
    with silence_warnings():
        below, above = law.cdf(lower[places]), law.sf(upper[places])
    np.testing.assert_allclose(below, tail_probabilities()[places], rtol=1e-6)
    # Near a finite end such as 1 a float has few digits left for the distance from it.
    np.testing.assert_allclose(above, tail_probabilities()[places], rtol=1e-6 if law.support()[1] == np.inf else 1e-4)


@pytest.mark.parametrize("name", ["norm", "lognorm", "expon", "pareto", "weibull_min", "laplace", "logistic"])
def test_exact_quantiles_agree_with_scipy_to_the_deepest_tail(name):
    law, curve = stats.__dict__[name](*LAWS[name]), make_curve(Law(name, LAWS[name]))
    p = tail_probabilities()[:-1]
    np.testing.assert_allclose(curve.ppf(p), law.ppf(p), rtol=1e-13)
    np.testing.assert_allclose(curve.isf(p), law.isf(p), rtol=2e-13)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [(name, LAWS[name]) for name in EXACT_LAWS if name != "triang"]
    + [("lognorm", (0.4,)), ("weibull_min", (3.0,)), ("triang", (0.0,)), ("triang", (0.3,)), ("triang", (1.0,))],
)
def test_exact_probabilities_agree_with_scipy(name, shapes):
    law, curve = stats.__dict__[name](*shapes), make_curve(Law(name, shapes))
    x = np.concatenate([np.linspace(-6, 6, 501), np.geomspace(1e-6, 500, 301), [-np.inf, np.inf, -1e300, 1e300]])
    assert law.support() == curve.ends
    with silence_warnings():
        np.testing.assert_allclose(curve.cdf(x), law.cdf(x), rtol=1e-9)
        np.testing.assert_allclose(curve.sf(x), law.sf(x), rtol=1e-9)
        assert curve.cdf(0.25) == pytest.approx(float(law.cdf(0.25)), rel=1e-11)


def test_common_laws_need_no_scipy():
    code = (
        "import sys, math\n"
        "from engine.rules.distributions.curves import make_curve\n"
        "from engine.rules.distributions.laws import Law\n"
        f"for name, shapes in {[(name, LAWS.get(name, (0.5,))) for name in EXACT_LAWS]!r}:\n"
        "    law = Law(name, shapes)\n"
        "    assert law.is_possible and not law.is_discrete\n"
        "    curve = make_curve(law)\n"
        "    assert 0 < curve.cdf(1.5) <= 1 and 0 <= curve.sf(1.5) < 1\n"
        "assert not [name for name in sys.modules if name.startswith('scipy')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_slow_law_is_sampled_at_few_points():
    law = stats.levy_stable(1.5, 0.5)
    lower, upper = compute_quantiles(Law("levy_stable", (1.5, 0.5)), -np.inf, np.inf)
    places = [59 * 128, 61 * 128, 62 * 128, 63 * 128]
    np.testing.assert_allclose(law.cdf(lower[places]), tail_probabilities()[places], rtol=2e-3)
    np.testing.assert_allclose(law.sf(upper[places]), tail_probabilities()[places], rtol=2e-3)


def test_logarithm_and_exponential_agree_with_numpy_except_for_the_last_digit():
    x = np.geomspace(1e-300, 1e300, 5001)
    y = np.linspace(-700, 700, 5001)
    z = np.concatenate([-np.geomspace(1e-20, 0.9, 500), np.geomspace(1e-20, 5, 500)])
    np.testing.assert_allclose(log(x), np.log(x), rtol=1e-15)
    np.testing.assert_allclose(exp(y), np.exp(y), rtol=1e-15)
    np.testing.assert_allclose(log1p(z), np.log1p(z), rtol=1e-15)
    np.testing.assert_allclose(expm1(z), np.expm1(z), rtol=1e-15)
