"""Functions of doubles: their error against 50 digits, exact results, fixed bits, and what has no result."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

import polars as pl
import pytest

from engine.rules.derived.double_pairs import Pair
from engine.rules.derived.elementary import (
    divide_logarithms,
    exponential,
    logarithm,
    power,
    sine_and_cosine,
    third,
)
from engine.rules.rule_checks import check_rules
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.derived.building import derived, table_with

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")
ZERO = pl.lit(0.0)


class Plan:
    """The stages of an expression, computed one by one as columns of a frame."""

    def __init__(self, *columns: Sequence[float]) -> None:
        self.frame = pl.DataFrame({f"x{index}": column for index, column in enumerate(columns)})
        self.inputs = [pl.col(name) for name in self.frame.columns]

    def stage(self, expr: pl.Expr) -> pl.Expr:
        if expr.meta.is_column() or expr.meta.is_literal():
            return expr
        name = f"stage {self.frame.width}"
        self.frame = self.frame.with_columns(expr.alias(name))
        return pl.col(name)


def compute(make: Callable[..., pl.Expr], *columns: Sequence[float]) -> list[float]:
    plan = Plan(*columns)
    made = make(plan.stage, *plan.inputs)
    return plan.frame.select(made.alias("result"))["result"].to_list()


def worst_error(found: list[float], exact: list[Decimal]) -> float:
    """The largest error in units in the last place."""
    with localcontext(prec=60):
        pairs = zip(found, exact, strict=True)
        return float(max(abs(Decimal(x) - y) / Decimal(math.ulp(float(y))) for x, y in pairs))


def spread(low: float, high: float, count: int) -> list[float]:
    """Numbers between two, whose bits are not round."""
    return [low + (high - low) * ((index * 0.6180339887498949) % 1.0) for index in range(count)]


def exact_sine(angle: float, turn: int) -> Decimal:
    """The sine of angle + turn quarter turns by its Taylor series in 100 digits."""
    with localcontext(prec=100):
        x = Decimal(angle) % (2 * PI) + turn * PI / 2
        term = total = x
        for n in range(1, 60):
            term = -term * x * x / (2 * n * (2 * n + 1))
            total += term
        return +total


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (-700, 700), (-1e-9, 1e-9)])
def test_the_exponential_is_within_1_unit(low: float, high: float):
    numbers = spread(low, high, 3000)
    found = compute(lambda stage, x: exponential(stage, Pair(x, ZERO)), numbers)
    assert worst_error(found, [Decimal(x).exp() for x in numbers]) < 0.6


def test_the_exponential_ends_at_0_and_at_the_largest_double():
    found = compute(lambda stage, x: exponential(stage, Pair(x, ZERO)), [0.0, 709.782712893384, -745.0, -746.0, -1e300])
    assert found == [1.0, 1.7976931348622732e308, 5e-324, 0.0, 0.0]


@pytest.mark.parametrize(("low", "high"), [(0.5, 2), (1 - 1e-6, 1 + 1e-6), (1e-300, 1e300), (5e-324, 1e-307), (1, 1e9)])
def test_the_logarithm_is_the_nearest_double(low: float, high: float):
    numbers = spread(low, high, 2000)
    found = compute(lambda stage, x: logarithm(stage, x).high, numbers)
    with localcontext(prec=60):
        assert worst_error(found, [Decimal(x).ln() for x in numbers]) < 0.505


def test_logarithms_of_exact_powers_are_exact():
    powers = [10.0**n for n in range(-20, 23)]
    found = compute(lambda stage, x: divide_logarithms(stage, x, pl.lit(10.0)), powers)
    assert found == [float(n) for n in range(-20, 23)]
    squares = [float(n**2) for n in range(2, 500)]
    bases = [float(n) for n in range(2, 500)]
    assert set(compute(lambda stage, x, base: divide_logarithms(stage, x, base), squares, bases)) == {2.0}


@pytest.mark.parametrize(("low", "high"), [(0.01, 40), (1e-30, 1e30), (1 - 1e-9, 1 + 1e-9)])
def test_powers_are_within_1_unit(low: float, high: float):
    bases, exponents = spread(low, high, 2000), spread(-9.5, 9.5, 2000)
    found = compute(lambda stage, x, y: exponential(stage, power(stage, x, Pair(y, ZERO))), bases, exponents)
    with localcontext(prec=60):
        exact = [Decimal(x) ** Decimal(y) for x, y in zip(bases, exponents, strict=True)]
    assert worst_error(found, exact) < 0.65


def test_whole_powers_and_cube_roots_are_exact():
    bases, exponents = [float(n) for n in range(2, 40)], [float(n % 9) for n in range(2, 40)]
    found = compute(lambda stage, x, y: exponential(stage, power(stage, x, Pair(y, ZERO))), bases, exponents)
    assert found == [base**exponent for base, exponent in zip(bases, exponents, strict=True)]
    cubes = [float(n**3) for n in range(1, 2000)]
    roots = compute(lambda stage, x: exponential(stage, power(stage, x, third())), cubes)
    assert roots == [float(n) for n in range(1, 2000)]


@pytest.mark.parametrize(
    "angles",
    [
        spread(-0.8, 0.8, 1000),
        spread(-20, 20, 2000),
        spread(-1e5, 1e5, 1000),
        spread(-(2.0**30), 2.0**30, 1000),
        [n * math.pi / 2 for n in range(1, 1000)],
        [n * math.pi / 4 for n in range(1, 1000)],
    ],
    ids=["short", "turns", "far", "farthest", "quarters", "eighths"],
)
def test_sine_cosine_and_tangent_are_within_their_bounds(angles: list[float]):
    sines = [exact_sine(x, 0) for x in angles]
    cosines = [exact_sine(x, 1) for x in angles]
    assert worst_error(compute(lambda stage, x: sine_and_cosine(stage, x)[0], angles), sines) < 0.95
    assert worst_error(compute(lambda stage, x: sine_and_cosine(stage, x)[1], angles), cosines) < 0.95
    tangents = compute(lambda stage, x: (pair := sine_and_cosine(stage, x))[0] / pair[1], angles)
    with localcontext(prec=60):
        assert worst_error(tangents, [a / b for a, b in zip(sines, cosines, strict=True)]) < 2.5


@pytest.mark.parametrize(
    ("expression", "bits"),
    [
        ("exp(1)", "0x1.5bf0a8b145769p+1"),
        ("ln(10)", "0x1.26bb1bbb55516p+1"),
        ("log(3)", "0x1.e8927964fd5fdp-2"),
        ("log2(10)", "0x1.a934f0979a371p+1"),
        ("power(2, 0.5)", "0x1.6a09e667f3bccp+0"),
        ("power(1.0001, 365.25)", "0x1.0985d49438bb8p+0"),
        ("cbrt(2)", "0x1.428a2f98d728bp+0"),
        ("sin(1)", "0x1.aed548f090ceep-1"),
        ("cos(1)", "0x1.14a280fb5068cp-1"),
        ("tan(1)", "0x1.8eb245cbee3a5p+0"),
        ("sin(1000000)", "-0x1.6664b2568d867p-2"),
        ("pi()", "0x1.921fb54442d18p+1"),
    ],
)
def test_results_have_the_same_bits_everywhere(expression: str, bits: str):
    assert float(derived(expression, "DOUBLE", rows=1)[0]).hex() == bits


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("log(1000)", 3.0),
        ("log10(0.001)", -3.0),
        ("log(2, 1024)", 10.0),
        ("log(0.5, 8)", -3.0),
        ("ln(1)", 0.0),
        ("dlog1(exp(2))", 2.0),
        ("dexp(0)", 1.0),
        ("power(2, qty) - power(2, qty)", 0.0),
        ("power(-8, qty * 0 + 3)", -512.0),
        ("power(0, 0.5)", 0.0),
        ("power(0, qty * 0)", 1.0),
        ("power(4, -0.5)", 0.5),
        ("power(10, 300)", 1e300),
        ("cbrt(-27)", -3.0),
        ("cbrt(0)", 0.0),
        ("degrees(pi())", 180.0),
        ("radians(180) - pi()", 0.0),
        ("sin(0)", 0.0),
        ("cos(0)", 1.0),
        ("round(tan(radians(45)), 12)", 1.0),
        ("exp(-1000)", 0.0),
    ],
)
def test_values_that_are_known(expression: str, value: float):
    assert set(derived(expression, "DOUBLE", rows=20)) == {value}


def test_a_season_is_equal_in_every_part_of_the_rows():
    schema = schema_of(
        r=[
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "temp", "data_type": "DECIMAL(6,2)", "expression": "round(20 + 5 * sin(id * 2 * pi() / 96), 2)"},
            {"name": "exact", "data_type": "DOUBLE", "expression": "exp(-id / 50.0) * cos(id) + power(id, 0.3)"},
        ]
    )
    whole = frame_of(schema, "r", 500)
    assert whole["temp"].min() == 15 and whole["temp"].max() == 25
    parts = [frame_of(schema, "r", rows, offset=offset) for offset, rows in ((0, 1), (1, 2), (3, 97), (100, 400))]
    assert pl.concat(parts).equals(whole)
    assert [float(x) for x in whole["temp"]] == pytest.approx(
        [20 + 5 * math.sin(n * 2 * math.pi / 96) for n in whole["id"]], abs=0.006
    )


@pytest.mark.parametrize("expression", ["exp(n)", "ln(n + 51)", "log(2, n + 51)", "cbrt(n)", "sin(n)", "power(1.5, n)"])
def test_null_gives_null(expression: str):
    frame = frame_of(table_with(data_type="DOUBLE", expression=expression, required=False), "t", 200)
    assert frame["x"].is_null().equals(frame["n"].is_null())


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("ln(qty - 1)", "t.x: LN(qty - 1) is the logarithm of 0 or a negative number in some rows. Use NULLIF"),
        ("log(n)", "t.x: LOG(n) is the logarithm of 0 or a negative number in some rows."),
        ("log(qty, 5)", "t.x: LOG(qty, 5) has a base of 1 in some rows."),
        ("sqrt(n)", "t.x: SQRT(n) is the square root of a negative number in some rows."),
        ("power(n, 0.5)", "t.x: POWER(n, 0.5) raises a negative number to a fraction, or 0 to a negative number"),
        ("power(n, 1.5 - qty)", "t.x: POWER(n, 1.5 - qty) raises a negative number to a fraction, or 0"),
        ("power(1000, 103)", "t.x: POWER(1000, 103) is too large a number in some rows."),
        ("exp(qty * 100)", "t.x: EXP(qty * 100) is too large a number in some rows."),
        ("sin(big)", "t.x: SIN(big) has an angle beyond 2**30 in some rows. Take a remainder"),
        ("sin(s)", "t.x: SIN: s is a text, not a number"),
        ("atan(f)", "t.x: ATAN differs between processors"),
    ],
)
def test_what_has_no_result_is_refused(expression: str, start: str):
    (problem,) = check_rules(table_with(data_type="DOUBLE", expression=expression, required=False))
    assert str(problem).startswith(start)
