"""Names and parameters of distributions in a schema, resolved to laws.

A short name has common parameters and their aliases; every distribution of scipy.stats is available under scipy's name
and parameters: its shapes, loc and scale. No parameter is guessed: an unknown parameter, a missing one and an
impossible value are errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from engine.errors import did_you_mean
from engine.rules.distributions.laws import UNIFORM, ZIPF, Law, distribution, distribution_names
from engine.rules.site import Site
from engine.schema.distribution import Distribution
from engine.schema.limits import MAX_COUNTED_PARAMETER, MAX_PARAMETER

Values = Mapping[str, float]
_MAX_LOG = 700
_WITH_FORMULA = frozenset(
    {UNIFORM, ZIPF, "binom", "poisson", "nbinom", "geom", "randint", "norm", "lognorm", "expon", "beta", "gamma"}
    | {"pareto", "weibull_min", "triang", "t", "chi2", "laplace"}
)


@dataclass(frozen=True)
class ShortName:
    """A distribution with parameters of its own.

    `parameters` lists them with their aliases: "mean|mu stddev|sigma"; one with `?` is optional, one with `+` must be
    above 0. `law` builds the law from the given ones; it raises `ValueError` with the reason.
    """

    parameters: str
    law: Callable[[Values], Law]

    def known(self) -> dict[str, str]:
        """Return the parameter of each accepted name."""
        groups = [group.rstrip("?+").split("|") for group in self.parameters.split()]
        return {name: group[0] for group in groups for name in group}

    def marked(self, mark: str) -> list[str]:
        """Return the parameters with a mark, `?` or `+`."""
        groups = self.parameters.split()
        return [group.rstrip("?+").split("|")[0] for group in groups if mark in group]


def resolve_law(site: Site, given: Distribution) -> Law:
    """Return the law that the schema describes; raises `RuleError` when it is invalid."""
    name = given.type.strip().casefold()
    short = _SHORT_NAMES.get(_plain(name))
    if short is None and name not in distribution_names():
        known = [*_SHORT_NAMES, *distribution_names()]
        hint = did_you_mean(name, known) or "Use normal, lognormal, exponential, ... or a name of scipy.stats."
        raise site.error(f"There is no distribution {given.type!r}.", hint)
    short = short or _describe_scipy(name)
    values = _check_parameters(site, given, short)
    try:
        law = short.law(values)
    except (ValueError, ArithmeticError) as error:
        raise site.error(f"{given.type}: {error}", f"Its parameters are {_list_parameters(short)}.") from error
    if law.name not in (UNIFORM, ZIPF) and not law.is_possible:
        raise site.error(
            f"{given.type} is not possible with {_format_parameters(given.parameters)}.",
            f"See scipy.stats.{law.name} for the values its parameters may have.",
        )
    if fault := _size_fault(law):
        raise site.error(f"{given.type}: {fault}", "Choose parameters closer to 1.")
    return replace(law, label=given.type)


def short_names() -> tuple[str, ...]:
    """Return the names of the common distributions, as schemas write them."""
    return tuple(_WRITTEN.get(name, name) for name in _SHORT_NAMES if name != "gaussian")


def parameters_of_law(name: str) -> list[tuple[str, bool, bool]]:
    """Return the parameters of a distribution: name, whether it is needed, and whether it must be above 0.

    Empty for a name that there is not.
    """
    folded = name.strip().casefold()
    short = _SHORT_NAMES.get(_plain(folded))
    if short is None and folded in distribution_names():
        short = _describe_scipy(folded)
    if short is None:
        return []
    optional, positive = short.marked("?"), short.marked("+")
    return [(each, each not in optional, each in positive) for each in dict.fromkeys(short.known().values())]


def _check_parameters(site: Site, given: Distribution, short: ShortName) -> dict[str, float]:
    known, values = short.known(), dict[str, float]()
    for name, value in given.parameters.items():
        # scipy's hypergeom has both n and N.
        meant = known.get(name) or known.get(name.strip().casefold())
        if meant is None:
            hint = did_you_mean(name.strip(), known) or f"Its parameters are {_list_parameters(short)}."
            raise site.error(f"{given.type} has no parameter {name!r}.", hint)
        if meant in values:
            raise site.error(f"{given.type} is given {meant} twice, also as {name}.", "Keep one of them.")
        if not math.isfinite(value):
            raise site.error(f"{name} of {given.type} is {value}.", "Give a finite number.")
        if meant in short.marked("+") and value <= 0:
            raise site.error(f"{name} of {given.type} is {value:g}.", "It must be above 0.")
        values[meant] = value
    missing = [name for name in known.values() if name not in {*values, *short.marked("?")}]
    if missing:
        names = " and ".join(dict.fromkeys(missing))
        raise site.error(f"{given.type} needs {names}.", f"Its parameters are {_list_parameters(short)}.")
    return values


def _size_fault(law: Law) -> str:
    """Return the reason why the law's numbers are too large to compute, or an empty string.

    For laws without a closed formula, scipy's sums and integrals take a number of steps that grows with the shapes.
    """
    numbers = [*law.shapes, law.loc, law.scale]
    if any(abs(number) > MAX_PARAMETER for number in numbers) or law.scale < 1 / MAX_PARAMETER:
        return f"its parameters give values beyond {MAX_PARAMETER:g}."
    if law.name not in _WITH_FORMULA and any(abs(number) > MAX_COUNTED_PARAMETER for number in law.shapes):
        return f"its parameters must be at most {MAX_COUNTED_PARAMETER:,.0f}."
    return ""


def _describe_scipy(name: str) -> ShortName:
    """Describe a distribution of scipy.stats by its own parameters."""
    found = distribution(name)
    shapes = [shape.strip() for shape in (found.shapes or "").split(",") if shape.strip()]
    places = "loc?" if not hasattr(found, "pdf") else "loc? scale?+"
    # The density of scipy's vonmises repeats along the whole line; vonmises_line is one period of it.
    target = "vonmises_line" if name == "vonmises" else name
    return ShortName(
        " ".join([*shapes, places]),
        lambda p: _placed(target, p, *(p[shape] for shape in shapes)),
    )


def _placed(name: str, p: Values, *shapes: float) -> Law:
    return Law(name, shapes, p.get("loc", 0.0), p.get("scale", 1.0), "loc" in p or "scale" in p)


def _uniform(p: Values) -> Law:
    if "loc" in p or "scale" in p:
        if "min" in p or "max" in p:
            raise ValueError("min and max cannot be combined with loc and scale.")
        return Law(UNIFORM, (), p.get("loc", 0.0), p.get("scale", 1.0), True)
    if not p:
        return Law(UNIFORM)
    if len(p) == 1:
        raise ValueError("min and max must be given together.")
    if p["min"] > p["max"]:
        raise ValueError("min is greater than max.")
    width = Decimal(repr(p["max"])) - Decimal(repr(p["min"]))
    return Law(UNIFORM, (), p["min"], float(width), True)


def _lognormal(p: Values) -> Law:
    if "scale" in p:
        if "mean" in p:
            raise ValueError("mean and scale both set the median.")
        return _placed("lognorm", p, p["sigma"])
    if "mean" not in p:
        raise ValueError("mean is missing.")
    if abs(p["mean"]) > _MAX_LOG:
        raise ValueError(f"mean is the logarithm of the median, and {p['mean']:g} is too far from 0.")
    # Decimal rounds exp correctly, so that the scale is the same on every machine.
    with localcontext(prec=30):
        scale = float(Decimal(p["mean"]).exp())
    return _placed("lognorm", {"scale": scale, **p}, p["sigma"])


def _with_rate(name: str, rate: str, *shapes: str, is_needed: bool = False) -> Callable[[Values], Law]:
    """Return how to make a law whose scale may be given as a rate, its inverse."""

    def law(p: Values) -> Law:
        if rate in p and "scale" in p:
            raise ValueError(f"{rate} is 1 / scale.")
        if is_needed and rate not in p and "scale" not in p:
            raise ValueError(f"{rate} is missing.")
        places = {"scale": 1 / p[rate], **p} if rate in p else p
        return _placed(name, places, *(p[shape] for shape in shapes))

    return law


def _triangular(p: Values) -> Law:
    low, mode, high = p["min"], p["mode"], p["max"]
    if not (low <= mode <= high and low < high):
        raise ValueError("min, mode and max must be in ascending order.")
    return Law("triang", ((mode - low) / (high - low),), low, high - low, True)


def _zipf(p: Values) -> Law:
    if p["s"] < 0:
        raise ValueError(f"s is {p['s']:g} and must be 0 or more.")
    return Law(ZIPF, (p["s"],), p.get("loc", 0.0))


def _scipy(name: str, *shapes: str) -> Callable[[Values], Law]:
    return lambda p: _placed(name, p, *(p[shape] for shape in shapes))


_NORMAL = ShortName(
    "mean|mu|loc stddev|std_dev|std|sd|sigma|scale+", lambda p: Law("norm", (), p["mean"], p["stddev"], True)
)
_SHORT_NAMES: dict[str, ShortName] = {
    "uniform": ShortName("min|low|a? max|high|b? loc? scale?+", _uniform),
    "normal": _NORMAL,
    "gaussian": _NORMAL,
    "lognormal": ShortName("mean|mu|meanlog? sigma|s|stddev|std|sdlog+ scale?+ loc?", _lognormal),
    "exponential": ShortName("lambda|rate?+ scale|mean?+ loc?", _with_rate("expon", "lambda", is_needed=True)),
    "beta": ShortName("alpha|a+ beta|b+ loc? scale?+", _scipy("beta", "alpha", "beta")),
    "gamma": ShortName("shape|alpha|a|k+ scale|beta|theta?+ rate|lambda?+ loc?", _with_rate("gamma", "rate", "shape")),
    "poisson": ShortName("lambda|lam|mu|mean|rate+ loc?", _scipy("poisson", "lambda")),
    "zipf": ShortName("s|a|alpha|exponent loc?", _zipf),
    "triangular": ShortName("min|left|low mode|peak max|right|high", _triangular),
    "pareto": ShortName(
        "alpha|b|shape+ xm|scale|min?+ loc?", lambda p: _placed("pareto", {"scale": p.get("xm", 1.0), **p}, p["alpha"])
    ),
    "weibull": ShortName("shape|k|c+ scale|lambda?+ loc?", _scipy("weibull_min", "shape")),
    "binomial": ShortName("n p loc?", _scipy("binom", "n", "p")),
    "geometric": ShortName("p loc?", _scipy("geom", "p")),
    "negativebinomial": ShortName("n|r p loc?", _scipy("nbinom", "n", "p")),
    "studentt": ShortName("df|nu+ loc|mean? scale?+", _scipy("t", "df")),
    "chisquare": ShortName("df|k+ loc? scale?+", _scipy("chi2", "df")),
    "laplace": ShortName("loc|mean|mu? scale|b?+", _scipy("laplace")),
}

_WRITTEN = {"negativebinomial": "negative_binomial", "studentt": "student_t", "chisquare": "chi_square"}


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "")


def _list_parameters(short: ShortName) -> str:
    return ", ".join(dict.fromkeys(short.known().values())) or "none"


def _format_parameters(parameters: Values) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in parameters.items()) or "no parameters"
