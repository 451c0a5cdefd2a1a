"""Ranges and shapes of free numbers by name: many small amounts and few large ones, rates within 0 to 1, few stars.

Amounts are lognormal, counts geometric or Poisson, measurements normal, shares beta, ratings a few values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.rules.suggestions.number_words import ends_with, is_in_cents, number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.word_lists import Change
from engine.schema.distribution import Distribution
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_MOST_DECIMALS = 6
_CENTS = 100


@dataclass(frozen=True)
class Shape:
    """Numbers from `low` to `high`, spread as a distribution says; `what` names them for people."""

    what: str
    low: float
    high: float
    type: str
    parameters: dict[str, float]


def amount_shape(what: str, low: float, high: float, median: float, sigma: float = 0.8) -> Shape:
    """Return a lognormal shape: many small amounts and few large ones."""
    return Shape(what, low, high, "lognormal", {"mean": round(math.log(median), 4), "sigma": sigma})


def measure_shape(what: str, low: float, high: float, mean: float, stddev: float) -> Shape:
    """Return a normal shape."""
    return Shape(what, low, high, "normal", {"mean": mean, "stddev": stddev})


def count_shape(what: str, low: float, high: float, p: float) -> Shape:
    """Return a geometric shape: mostly the lowest counts."""
    return Shape(what, low, high, "geometric", {"p": p})


def share_shape(what: str, alpha: float, beta: float, high: float = 1) -> Shape:
    """Return a beta shape from 0 to `high`."""
    return Shape(what, 0, high, "beta", {"alpha": alpha, "beta": beta})


PRICE = amount_shape("a price", 1, 500, 24, 0.9)
AMOUNT = amount_shape("an amount", 1, 5000, 85, 0.9)
# Endings of the name, apart by `|`, and the numbers they stand for; the first line that fits counts.
_SHAPES: tuple[tuple[str, Shape], ...] = (
    ("unit cost | wholesale cost | supply cost | standard cost | cost price", amount_shape("a cost", 0.5, 300, 12)),
    ("house price | property price | acceptable price | property value | home value | appraised value "
     "| assessed value | principal amount | loan amount | mortgage amount | sum insured | insured sum "
     "| coverage amount | principal | coverage limit", amount_shape("a large amount", 5000, 2_000_000, 180_000, 0.6)),
    ("salary | annual salary | annual income | income | wage | income amount | base salary | compensation",
     amount_shape("a salary", 18_000, 300_000, 62_000, 0.4)),
    ("annual revenue | revenue annual | annual sale | yearly revenue | yearly sale | annual turnover",
     amount_shape("a company's revenue", 50_000, 500_000_000, 2_000_000, 1.4)),
    ("daily budget | budget daily", amount_shape("a budget a day", 5, 5000, 120)),
    ("budget | budget amount | credit limit | overdraft limit amount | overdraft limit | limit amount | reserve "
     "| amount reserve", amount_shape("a budget or limit", 500, 200_000, 6000)),
    ("monthly premium | premium | annual premium | amount annual premium | monthly fee | monthly fee amount "
     "| monthly price | monthly price amount | price per seat | subscription fee",
     amount_shape("a regular price", 5, 2000, 49)),
    ("daily rate | nightly rate | room rate | base rate | rate amount | average daily rate | daily rate low "
     "| daily rate high", amount_shape("a rate a day", 25, 900, 120, 0.5)),
    ("hourly rate | hourly cost | hourly wage | labor rate", amount_shape("a rate an hour", 12, 250, 38, 0.5)),
    ("fare | fare amount | base fare | coupon fare | fare charged | fares | gross fare",
     amount_shape("a fare", 2.5, 400, 17)),
    ("tip | tip amount | gratuity", amount_shape("a tip", 0.5, 60, 3)),
    ("tolls | tolls amount | extra | surcharge", amount_shape("a surcharge", 0.5, 40, 2.5, 0.6)),
    ("fee | fee amount | shipping | shipping fee | shipping amount | shipping cost | freight | freight cost "
     "| freight amount | delivery fee | service fee | handling fee | copay | copay amount | interchange fee "
     "| dispensing fee amount | scheme fee | commission | commission amount | duty amount | duty",
     amount_shape("a fee", 0.5, 120, 6)),
    ("deposit | deposit amount | deductible | deductible amount | amount deductible | copayment",
     amount_shape("a deposit", 20, 5000, 250)),
    ("discount | discount amount | total discount | coupon amount | rebate amount",
     amount_shape("a discount", 0.5, 200, 8)),
    ("tax | tax amount | tax withheld | sale tax | total tax", amount_shape("a tax", 0.1, 500, 9)),
    ("profit | net profit | margin amount | variance amount | variance | adjustment amount | adjustment "
     "| gain loss | pnl | change amount", measure_shape("a gain or loss", -5000, 5000, 150, 900)),
    ("balance | balance amount | account balance | opening balance | closing balance | available balance amount "
     "| current balance amount | balance after amount | current balance | available balance | balance after "
     "| balance due", amount_shape("a balance", 0, 250_000, 2100, 1.2)),
    ("acct balance | acctbal", measure_shape("a balance", -999, 9999, 4500, 3000)),
    ("fx rate | exchange rate | fx rate to | conversion factor | currency rate",
     amount_shape("an exchange rate", 0.05, 150, 1.1, 0.5)),
    ("interest rate | mortgage rate | interest rate percent | apr percent | apr | interest percent "
     "| mortgage rate percent | loan rate",
     measure_shape("an interest rate in percent", 0.1, 29, 5.5, 2.5)),
    ("rate per min | rate per minute | sms rate | voice rate | rate per mb | unit rate | unit rate peak "
     "| unit rate off peak | price per unit energy", amount_shape("a tariff", 0.0005, 2, 0.08, 0.5)),
    ("total price | order total | invoice total | grand total | total amount | order amount | total due",
     amount_shape("a total", 1, 20_000, 160, 1.0)),
    ("price | price amount | retail value amount | value amount | unit value", PRICE),
    ("cost | cost amount", amount_shape("a cost", 1, 3000, 55)),
    ("amount | total | subtotal | revenue | spend | spend amount | gmv | net | gross | total spent | spent | debit "
     "| credit | payment | value total | ltv | lifetime value | sum", AMOUNT),
    ("quantity on hand | on hand quantity | stock | stock quantity | inventory quantity | inventory | on hand "
     "| available quantity | avail quantity | allocated quantity | on order quantity | stock level "
     "| min stock quantity | max stock quantity | reorder point quantity | availqty",
     amount_shape("a stock", 0, 5000, 120)),
    ("quantity | unit | seat | item count | passenger count | guest count | line count | package count | nights "
     "| party size | number of guest | number of unit | adults", count_shape("a small count", 1, 20, 0.4)),
    ("retries | retry count | attempts | reopen count | reply count | attachment count | error count | children "
     "| retry", Shape("a small count", 0, 20, "poisson", {"lambda": 1.2})),
    ("number of employee | employee count | number of employees | headcount | employees | headcount budget",
     amount_shape("a head count", 1, 50_000, 60, 1.3)),
    ("impressions | views | page views | view count | impression", amount_shape("a large count", 0, 200_000, 900, 1.1)),
    ("clicks | visits | sessions | opens | click count | total opens | open count | visits count | likes | shares "
     "| session count | event count | login count | downloads | installs", amount_shape("a count", 0, 20_000, 60, 1.1)),
    ("line number | sequence | sequence number | seq | seq number | sequential | ordinal "
     "| payment sequential | item sequence | isolate number | row sequence",
     count_shape("a place in a list", 1, 30, 0.4)),
    ("revision number | revision | version number | amendment number", count_shape("a small count", 1, 12, 0.5)),
    ("installment | installments | payment installments | number of installment | instalments",
     count_shape("a number of payments", 1, 24, 0.3)),
    ("interval count | period count | billing interval count", count_shape("a number of periods", 1, 12, 0.7)),
    ("count", amount_shape("a count", 0, 1000, 8, 1.0)),
    ("credit score | fico | fico score", measure_shape("a credit score", 300, 850, 690, 80)),
    ("nps | nps score", Shape("a score from 0 to 10", 0, 10, "triangular", {"min": -1, "mode": 9, "max": 11})),
    ("heart rate | bpm | pulse", measure_shape("a heart rate", 42, 195, 78, 16)),
    ("height cm | height in cm", measure_shape("a height in cm", 145, 205, 171, 9)),
    ("weight kg", amount_shape("a weight in kg", 0.1, 140, 6)),
    ("temperature | temperature c | feels like c", measure_shape("a temperature", -25, 44, 15, 9)),
    ("rental rate", measure_shape("a price of a rental", 0.99, 9.99, 3.5, 1.5)),
    ("rental duration", Shape("days of a rental", 1, 14, "poisson", {"lambda": 4})),
    ("freight value | shipping value | delivery value", amount_shape("a fee", 0.5, 120, 6)),
    ("payment value | order value | invoice value | transaction value | claim value", AMOUNT),
    ("day until due | days until due | payment days | term days | due days | credit days",
     Shape("days of a payment term", 7, 90, "triangular", {"min": 0, "mode": 30, "max": 95})),
    ("lead days | lead time days | days to manufacture | days to ship | days to deliver | processing days",
     count_shape("a number of days", 1, 60, 0.15)),
    ("paid by payer | paid by patient | paid by primary | paid by insurance | paid by customer", AMOUNT),
    ("age | age years | age in years", measure_shape("an age", 18, 95, 42, 15)),
    ("pe ratio", amount_shape("a price to earnings ratio", 3, 120, 18, 0.5)),
)  # fmt: skip
_ENDINGS = tuple((tuple(ending.strip() for ending in endings.split("|")), shape) for endings, shape in _SHAPES)
# A quantity of a type with decimals counts goods by weight or in bulk, not the few pieces of a basket.
_BULK = ((("quantity",), count_shape("a quantity in bulk", 1, 100, 0.06)),)
_RATES = frozenset(
    """tax discount commission conversion bounce open click churn growth interest success failure error completion
    acceptance response attendance return retention default defect utilization occupancy vacancy unsubscribe view win
    close fill delivery pension coinsurance coverage redemption refund cancellation share hit ctr through reply
    adoption abandonment loss yield scrap pass attrition absence unemployment""".split()
)
_AMOUNTS = frozenset(("amount", "paid"))
_PARTS = frozenset("percent probability confidence fraction propensity likelihood".split())
_SIGNED = frozenset("change growth delta variance yoy mom return".split())
_HIGH_SHARES = frozenset(
    """humidity availability uptime completeness quality performance battery attendance completion retention acceptance
    delivery ownership success on oee""".split()
)
_TAX_RATES = (0.0, 0.05, 0.06, 0.07, 0.08, 0.1)
_TAX_WEIGHTS = (0.1, 0.15, 0.15, 0.2, 0.25, 0.15)
_DISCOUNTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
_DISCOUNT_WEIGHTS = (0.55, 0.13, 0.13, 0.07, 0.06, 0.03, 0.03)


def suggest_numbers(draft: SchemaDraft) -> None:
    """Suggest a range and its shape for each free number whose name says what it counts or measures."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            suggest_number(draft, table, column)


def suggest_number(draft: SchemaDraft, table: TableSchema, column: ColumnSchema) -> None:
    """Suggest a range and its shape for one free number."""
    if column.type.kind not in NUMERIC or not draft.is_free(table, column.name) or table.is_unique(column):
        return
    words = number_words(column.name, table.name)
    for what, change in _changes(words, column):
        if draft.suggest(table, column.name, change, f'"{" ".join(words)}" is {what}.'):
            return


def is_percentage(column: ColumnSchema, words: tuple[str, ...]) -> bool:
    """Return whether a rate runs from 0 to 100, by name and type, and not from 0 to 1."""
    kind = column.type
    if kind.kind is Kind.FLOAT:
        return "percent" in words
    whole_digits = (kind.precision or 38) - kind.scale if kind.kind is Kind.DECIMAL else 38
    return kind.scale == 0 or ("percent" in words and whole_digits >= 2)


def _changes(words: tuple[str, ...], column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    yield from _ratings(words, column)
    yield from _rates(words, column)
    shape = _named_shape(words, column.type.kind is Kind.DECIMAL and column.type.scale > 0)
    if shape is not None and (change := shaped(shape, column, factor=_CENTS if is_in_cents(column.name) else 1)):
        yield shape.what, change
    elif shape is None and _AMOUNTS & set(words) and (change := shaped(AMOUNT, column)):
        yield AMOUNT.what, change


@lru_cache(maxsize=10_000)
def _named_shape(words: tuple[str, ...], is_bulk: bool) -> Shape | None:
    """Return the shape of the first line with an ending of the name."""
    lines = (*_BULK, *_ENDINGS) if is_bulk else _ENDINGS
    return next((shape for endings, shape in lines if ends_with(words, *endings)), None)


def _ratings(words: tuple[str, ...], column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    if not ends_with(words, "rating", "stars", "star rating", "csat score", "satisfaction score"):
        return
    if column.type.kind is not Kind.FLOAT and column.type.scale == 0:
        yield "a rating of 1 to 5", {"values": [1, 2, 3, 4, 5], "weights": [0.05, 0.08, 0.17, 0.34, 0.36]}
    elif change := shaped(measure_shape("", 1, 5, 4.1, 0.6), column):
        yield "an average rating of 1 to 5", change


def _rates(words: tuple[str, ...], column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    if not _is_rate(words, column):
        return
    top = 100 if is_percentage(column, words) else 1
    what = f"a share of {top}"
    for name in ("tax", "discount"):
        if name in words:
            yield what, rate_values(name, top)
    if _SIGNED & set(words):
        yield what, shaped(measure_shape("", -0.5 * top, 0.5 * top, 0.02 * top, 0.12 * top), column)
    alpha, beta = (7, 2) if _HIGH_SHARES & set(words) else (2, 7) if words[-1] == "rate" else (3, 4)
    yield what, shaped(share_shape("", alpha, beta, top), column)


def rate_values(name: str, top: int) -> Change:
    """Return the usual rates of a `tax` or `discount`, as parts of `top`: 1 or 100."""
    values, weights = (_TAX_RATES, _TAX_WEIGHTS) if name == "tax" else (_DISCOUNTS, _DISCOUNT_WEIGHTS)
    return {"values": [_plain(value * top) for value in values], "weights": list(weights)}


def _is_rate(words: tuple[str, ...], column: ColumnSchema) -> bool:
    if ends_with(words, "pe ratio", "apr percent", "interest percent"):
        return False
    if words in (("discount",), ("tax",)):
        return _holds_fractions(column)
    if ends_with(words, "churn score", "fraud score", "sentiment score") or words[-1] in ("ratio", "share"):
        return column.type.scale > 0 or column.type.kind is Kind.FLOAT
    is_part = words[-1] in _PARTS or words[0] == "percent"
    return is_part or (words[-1] == "rate" and bool(_RATES & set(words[:-1])))


def _plain(value: float) -> int | float:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _holds_fractions(column: ColumnSchema) -> bool:
    kind = column.type
    return kind.kind is Kind.DECIMAL and kind.scale >= 2 and (kind.precision or 38) - kind.scale <= 2


def shaped(shape: Shape, column: ColumnSchema, factor: int = 1) -> Change:
    """Return bounds and distribution in the column's type; empty when the type holds too few of the numbers."""
    kind = column.type
    low, high = Decimal(str(shape.low)) * factor, Decimal(str(shape.high)) * factor
    if kind.kind is not Kind.FLOAT:
        unit = Decimal(1).scaleb(-min(kind.scale, _MOST_DECIMALS))
        low, high = low.quantize(unit), high.quantize(unit)
        high = min(high, Decimal(kind.integer_bounds[1]).scaleb(-kind.scale))
        low = max(low, Decimal(kind.integer_bounds[0]).scaleb(-kind.scale))
    if low >= high:
        return {}
    parameters: dict[str, Any] = dict(shape.parameters)
    if factor != 1 and shape.type == "lognormal":
        parameters["mean"] = round(parameters["mean"] + math.log(factor), 4)
    if shape.type == "lognormal" and math.exp(parameters["mean"]) > float(high):
        parameters["mean"] = round(math.log(float(high) / 4), 4)
    if shape.type == "beta" and float(high) != 1.0:
        parameters["scale"] = float(high)
    return {"min_value": low, "max_value": high, "distribution": Distribution(type=shape.type, parameters=parameters)}
