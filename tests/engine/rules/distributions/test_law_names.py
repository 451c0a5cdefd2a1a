import pytest
from scipy import stats

from engine.errors import RuleError, SchemaError
from engine.rules.distributions import laws
from tests.engine.rules.building import values_of


def drawn(kind, parameters, **column):
    return values_of(200, **{"data_type": "DOUBLE", **column}, distribution={"type": kind, "parameters": parameters})


@pytest.mark.parametrize(
    ("short", "parameters", "scipy", "own"),
    [
        ("normal", {"mean": 3, "stddev": 2}, "norm", {"loc": 3, "scale": 2}),
        ("Normal", {"Mu": 3, "sigma": 2}, "norm", {"loc": 3, "scale": 2}),
        ("log_normal", {"mean": 0, "sigma": 2}, "lognorm", {"s": 2}),
        ("lognormal", {"s": 2, "scale": 1}, "lognorm", {"s": 2}),
        ("exponential", {"lambda": 0.25}, "expon", {"scale": 4}),
        ("exponential", {"scale": 4}, "expon", {"scale": 4}),
        ("beta", {"alpha": 2, "beta": 5}, "beta", {"a": 2, "b": 5}),
        ("gamma", {"shape": 2, "rate": 0.5}, "gamma", {"a": 2, "scale": 2}),
        ("gamma", {"alpha": 2, "beta": 3}, "gamma", {"a": 2, "scale": 3}),
        ("poisson", {"lambda": 4}, "poisson", {"mu": 4}),
        ("triangular", {"min": 1, "mode": 2, "max": 5}, "triang", {"c": 0.25, "loc": 1, "scale": 4}),
        ("pareto", {"alpha": 1.2, "xm": 3}, "pareto", {"b": 1.2, "scale": 3}),
        ("weibull", {"shape": 2, "scale": 3}, "weibull_min", {"c": 2, "scale": 3}),
        ("binomial", {"n": 9, "p": 0.5}, "binom", {"n": 9, "p": 0.5}),
        ("negative_binomial", {"r": 3, "p": 0.5}, "nbinom", {"n": 3, "p": 0.5}),
    ],
)
def test_short_names_match_distributions_of_scipy(short, parameters, scipy, own):
    assert drawn(short, parameters).equals(drawn(scipy, own))


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("nromal", {}, "There is no distribution 'nromal'. Did you mean \"normal\"?"),
        ("qq", {}, "There is no distribution 'qq'. Use normal, lognormal, exponential, ... or a name of scipy.stats."),
        ("multivariate_normal", {}, "There is no distribution 'multivariate_normal'."),
        ("normal", {}, "normal needs mean and stddev. Its parameters are mean, stddev."),
        ("normal", {"mean": 1, "stdev": 2}, "normal has no parameter 'stdev'. Did you mean \"stddev\"?"),
        ("normal", {"mean": 1, "stddev": 0}, "stddev of normal is 0. It must be above 0."),
        ("normal", {"mean": 1, "std": 2, "sigma": 2}, "normal is given stddev twice, also as sigma."),
        ("exponential", {}, "exponential: lambda is missing."),
        ("exponential", {"lambda": 1, "scale": 1}, "exponential: lambda is 1 / scale."),
        (
            "lognormal",
            {"mean": 1e9, "sigma": 1},
            "lognormal: mean is the logarithm of the median, and 1e+09 is too far",
        ),
        ("triangular", {"min": 0, "mode": 5, "max": 3}, "triangular: min, mode and max must be in ascending order."),
        ("uniform", {"min": 3}, "uniform: min and max must be given together."),
        ("zipf", {"s": -1}, "zipf: s is -1 and must be 0 or more."),
        ("zipf", {"s": 1}, "zipf with s of 1 or less needs an upper bound. Give max_value, or s above 1."),
        ("binom", {"n": 9, "p": 1.5}, "binom is not possible with n 9, p 1.5. See scipy.stats.binom"),
        ("hypergeom", {"M": 9, "n": 3}, "hypergeom needs N. Its parameters are M, n, N, loc."),
        ("weibull_min", {"c": 1, "shape": 1}, "weibull_min has no parameter 'shape'."),
        ("poisson", {"mu": 1, "loc": 0.5}, "poisson has only whole values, so loc must be a whole number."),
    ],
)
def test_invalid_parameters_are_an_error_that_names_the_column(kind, parameters, message):
    with pytest.raises(RuleError) as error:
        drawn(kind, parameters)
    assert str(error.value).startswith(f"t.x: {message}")


def test_nan_is_refused_when_the_schema_is_read():
    with pytest.raises(SchemaError, match=r"t\.x\.distribution\.parameters: \"mean\" .* not NaN"):
        drawn("normal", {"mean": float("nan"), "stddev": 2})


@pytest.mark.parametrize(
    ("kind", "parameters", "bounds", "message"),
    [
        ("normal", {"mean": 0, "stddev": 1}, {"min_value": 100}, "normal has no probability between these bounds."),
        ("beta", {"a": 2, "b": 2}, {"min_value": 5, "max_value": 9}, "beta has no probability between these bounds."),
        ("poisson", {"mu": 3}, {"max_value": -1}, "poisson has no values between these bounds."),
        ("uniform", {"min": 5, "max": 9}, {"max_value": 4}, "uniform has no values between these bounds."),
    ],
)
def test_bounds_without_values_are_an_error(kind, parameters, bounds, message):
    with pytest.raises(RuleError) as error:
        drawn(kind, parameters, **bounds)
    assert str(error.value).startswith(f"t.x: {message}")


@pytest.mark.parametrize("name", sorted(laws._CONTINUOUS_ON_LINE | laws._CONTINUOUS_ON_UNIT))
def test_what_is_known_of_common_laws_is_what_scipy_says(name: str):
    found = getattr(stats, name)
    shapes = (0.5,) * (len(found.shapes.split(",")) if found.shapes else 0)
    impossible = [(*shapes[:index], bad, *shapes[index + 1 :]) for index in range(len(shapes)) for bad in (0.0, -1.0)]
    support = tuple(found.support(*shapes))

    assert isinstance(found, stats.rv_continuous)
    assert (support == (0.0, 1.0)) == (name in laws._CONTINUOUS_ON_UNIT)
    assert [laws.Law(name, each).is_possible for each in [shapes, *impossible]] == [
        bool(found._argcheck(*each)) for each in [shapes, *impossible]
    ]
