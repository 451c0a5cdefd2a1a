"""Amounts: not below zero, many small and few large, and a line's total is its quantity times its price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judge_rows, judge_values, judgement
from tests.meaning.oracle.reading import Column, Table

KIND = "amounts"
_AMOUNTS = frozenset(
    "amount amt price revenue cost fare spend salary total subtotal premium budget sales gmv freight".split()
)
_SIGNED = frozenset(
    "adjustment balance profit net variance change delta pnl margin refund tax tip discount margin credit debit gain "
    "transaction posted entry movement cash tolls flow impact diff difference equity".split()
)
_NO_AMOUNTS = frozenset("min max avg average count items lines rows seats records tax vat number limit per".split())
_UNIFORM = 0.07  # The largest distance of 500 uniform draws from their line is below this in 99 of 100 cases.
_TOTALS = (
    "line total", "line amount", "extended price", "ext price", "extended amount", "total price", "line price",
    "total amount", "line item total", "sales amount", "sale amount", "amount", "total", "gross amount", "ext amount",
    "net amount", "line revenue", "line item amount", "total sale amount", "line amt",
)  # fmt: skip
_QUANTITIES = ("quantity", "qty", "order qty", "quantity sold", "qty sold", "units", "order quantity", "item qty")
_PRICES = ("unit price", "price", "price per unit", "sale price", "sales price", "item price", "price per ticket")


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the amounts of money among the columns, and the totals of lines."""
    for table in tables:
        for column in table.columns:
            if _is_amount(column):
                if not _SIGNED.intersection(column.words):
                    yield from judge_values(KIND, table, column, lambda value: value >= 0, "not below zero")
                if len(column.present) >= 200 and len(set(column.present)) >= 50:
                    distance = distance_from_uniform(column.present)
                    rows = [(value,) for value in column.present]
                    why = f"not uniform, {distance:.3f} from its line"
                    yield judgement(KIND, table, [column], distance > _UNIFORM, rows, why)
        yield from _judge_totals(table)
        yield from _judge_extended(table)


def distance_from_uniform(values: Iterable[float]) -> float:
    """Return the largest distance between the values' distribution and a uniform one from their min to their max."""
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    if low == high:
        return 1.0
    number = len(ordered)
    return max(abs((rank + 0.5) / number - (value - low) / (high - low)) for rank, value in enumerate(ordered))


def _is_amount(column: Column) -> bool:
    words = column.words
    return column.family == "number" and words[-1] in _AMOUNTS and not _NO_AMOUNTS.intersection(words)


def _judge_totals(table: Table) -> Iterator[Judgement]:
    """Judge a line's total: quantity times price, with or without the line's discount, its tax, or both."""
    total, quantity, price = table.find(*_TOTALS), table.find(*_QUANTITIES), table.find(*_PRICES)
    if total is None or quantity is None or price is None:
        return
    if not (total.is_numeric and quantity.is_numeric and price.is_numeric) or total is price:
        return
    discount = table.find(
        "discount", "discount pct", "discount percent", "discount rate", "discount amount", "discount amt"
    )
    tax = table.find("tax", "tax amount", "tax rate", "tax amt", "tax pct")
    extras = [column for column in (discount, tax) if column is not None and column.is_numeric]
    columns = [total, quantity, price, *extras]
    rows = [row for row in zip(*(column.values for column in columns), strict=True) if None not in row[:3]]
    discounts, taxes = [column is discount for column in columns], [column is tax for column in columns]

    def is_right(row: tuple[Any, ...]) -> bool:
        base = row[1] * row[2]
        off = next((value for value, is_it in zip(row, discounts, strict=True) if is_it), None) or 0
        on = next((value for value, is_it in zip(row, taxes, strict=True) if is_it), None) or 0
        cut = (base, base * (1 - off), base * (1 - off / 100), base - off)
        found = [more for each in cut for more in (each, each * (1 + on), each * (1 + on / 100), each + on)]
        return any(abs(row[0] - each) <= 0.02 + 0.001 * abs(each) for each in found)

    names = " x ".join(column.name for column in columns[1:])
    yield from judge_rows(KIND, table, columns, rows, is_right, f"{total.name} of {names}")


def _judge_extended(table: Table) -> Iterator[Judgement]:
    """Judge the extended amounts of TPC-DS: `ext_list_price` is quantity times `list_price`."""
    quantity = table.find(*_QUANTITIES)
    names = {" ".join(column.words): column for column in table.columns if column.is_numeric}
    for (name, column), prefix in product(names.items(), ("ext ", "extended ")):
        unit = names.get(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if unit is not None and quantity is not None:
            columns = [column, quantity, unit]
            rows = [row for row in zip(*(each.values for each in columns), strict=True) if None not in row]
            is_right = lambda row: abs(row[0] - row[1] * row[2]) <= 0.02  # noqa: E731
            yield from judge_rows(
                KIND, table, columns, rows, is_right, f"{column.name} = {quantity.name} x {unit.name}"
            )
