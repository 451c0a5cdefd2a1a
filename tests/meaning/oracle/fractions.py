"""Fractions: discounts, rates, percentages, ratios and shares lie within 0 to 1, or within 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "fractions"
_PERCENTAGES = ("pct", "percent", "percentage", "perc")
_FRACTIONS = ("ratio", "probability", "confidence", "fraction", "propensity", "likelihood", "discount", "share")
_RATES = frozenset(
    """abandonment acceptance adoption attach attendance bounce cancellation churn click close commission completion
    conversion ctr cvr default defect delivery discount error failure fill growth interest loss occupancy open opt out
    pass retention return success tax unsubscribe usage utilisation utilization vat view win yield""".split()
)
_SIGNED = frozenset("change growth delta variance return returns margin diff difference yoy mom lift loss gain".split())


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the numeric columns whose names are those of a part of a whole."""
    for table in tables:
        for column in table.columns:
            if column.is_numeric and column.present and is_fraction(column, table):
                yield _judge(table, column)


def is_fraction(column: Column, table: Table) -> bool:
    """Whether a column is a part of a whole; a bare `tax` is one beside a discount and no total, as in TPC-H."""
    words = column.words
    if words[-1] in _PERCENTAGES or words[0] in ("pct", "percent"):
        return True
    if column.family == "integer" and words[-1] in ("share", "discount"):
        return False
    if words[-1] in _FRACTIONS:
        return not {"amount", "amt", "total", "debt", "price", "max", "earnings", "per"}.intersection(words)
    if words[-1] == "rate":
        return bool(_RATES.intersection(words[:-1]))
    is_only_rate = table.find("discount") is not None and table.find("total", "gross", "net", "subtotal") is None
    return words == ("tax",) and is_only_rate and ends_with(words, "tax")


def _judge(table: Table, column: Column) -> Judgement:
    low, high = min(column.present), max(column.present)
    is_signed = bool(_SIGNED.intersection(column.words))
    is_percentage = column.words[-1] in _PERCENTAGES or column.words[0] in ("pct", "percent")
    ceiling = 100 if is_percentage or column.family == "integer" or column.words[-1] in ("discount", "rate") else 1
    floor = -ceiling if is_signed else 0
    if "ratio" in column.words or "confidence" in column.words:
        ceiling = 100
    is_right = floor <= low and high <= ceiling and _has_digits(column)
    rows: list[tuple[Any, ...]] = [(value,) for value in column.present if not floor <= value <= ceiling]
    why = f"{floor} to {ceiling}, found {low} to {high}"
    return judgement(KIND, table, [column], is_right, rows or [(value,) for value in column.present], why)


def _has_digits(column: Column) -> bool:
    """Whether a column whose type has decimals does not round every fraction to 0 or 1."""
    return column.family == "integer" or len(column.present) < 50 or len(set(column.present)) > 2
