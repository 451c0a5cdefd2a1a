"""Amounts that add up: a line's total is quantity x price less its discount, a bill's total has tax and fees.

Each computed number is a suggested expression over the numbers of its row, or over the price of the product it refers
to. What nothing is computed from has a range of its own (`number_ranges`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from engine.rules.suggestions.child_rows import list_child_rows
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.money_roles import Bill, Role, read_bill
from engine.rules.suggestions.number_ranges import is_percentage, rate_values, suggest_number
from engine.rules.suggestions.number_words import number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.totals_of_rows import Highs, suggest_header_totals, suggest_totals
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

_NO_BOUND = 1e18


@dataclass(frozen=True)
class Term:
    """A part of a formula: its SQL, the largest value it can have, and the columns whose NULL makes it NULL."""

    sql: str
    high: float
    needed: frozenset[str] = frozenset()

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.sql} + {other.sql}", self.high + other.high, self.needed | other.needed)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.sql} - {_grouped(other.sql)}", self.high, self.needed | other.needed)

    def __mul__(self, other: Term) -> Term:
        sql = f"{_grouped(self.sql)} * {_grouped(other.sql)}"
        return Term(sql, self.high * other.high, self.needed | other.needed)


@dataclass(frozen=True)
class Formula:
    """The column to compute, what from, and the reason."""

    target: ColumnSchema
    term: Term
    because: str


def suggest_amounts(draft: SchemaDraft) -> None:
    """Suggest formulas for the numbers of each table that are computed from others of its row, and totals of rows.

    The lines come before their headers, whose totals read them.
    """
    children = list_child_rows(draft)
    highs: Highs = {}
    headers = {key for key, found in children.items() if any(rows.most for rows in found)}
    ordered = [table for table in draft.tables if table.key not in headers]
    ordered += [table for table in reversed(KeyGraph(draft.schema).ordered) if table.key in headers]
    for table in ordered:
        suggest_header_totals(draft, table, children.get(table.key, ()), highs)
        bill = read_bill(table, draft.columns(table))
        if len(bill.columns) > 1 or bill.all(Role.LIST_PRICE):
            _Table(draft, table, bill, highs).suggest()
    suggest_totals(draft, children, highs)


class _Table:
    """The bill of one table while its formulas are suggested; `highs` are the largest values of computed numbers."""

    def __init__(self, draft: SchemaDraft, table: TableSchema, bill: Bill, highs: Highs) -> None:
        self._draft, self._table, self._bill, self._highs = draft, table, bill, highs
        self._computed: set[str] = set()

    def suggest(self) -> None:
        """Suggest each formula whose parts are known, in an order in which each part comes before its sum."""
        for role, name in ((Role.DISCOUNT_RATE, "discount"), (Role.TAX_RATE, "tax")):
            for rate in self._bill.all(role):
                top = 100 if self._is_percentage(rate) else 1
                self._draft.suggest(self._table, rate.name, rate_values(name, top), f"{rate.name} is a share of {top}.")
        for step in (
            self._prices, self._extended, self._line, self._discounts, self._subtotals, self._taxes, self._totals,
            self._costs, self._payments,
        ):  # fmt: skip
            for formula in step():
                self._set(formula)

    # Each step yields the formulas of its columns; a step reads what those before it have set.

    def _prices(self) -> Iterator[Formula]:
        bill = self._bill
        price, listed, cost = bill.one(Role.UNIT_PRICE), bill.one(Role.LIST_PRICE), bill.one(Role.UNIT_COST)
        if price is not None and listed is not None:
            factor = Term("uniform(0.7, 1.0, random())", 1)
            yield Formula(price, _rounded(self._term(listed) * factor, price), f"70 to 100 % of {listed.name}.")
        elif price is not None and bill.all(Role.QUANTITY) and (parent := self._parent_price()) is not None:
            yield Formula(price, parent[0], f"The price in {parent[1]}.")
        top = listed or price
        if cost is not None and top is not None:
            factor = Term("uniform(0.35, 0.65, random())", 0.65)
            yield Formula(cost, _rounded(self._term(top) * factor, cost), f"35 to 65 % of {top.name}.")

    def _extended(self) -> Iterator[Formula]:
        """Yield `ext_list_price` = quantity x `list_price`, for any number of the row."""
        quantity = self._bill.one(Role.QUANTITY)
        if quantity is None:
            return
        by_words = {number_words(column.name, self._table.name): column for column in self._columns()}
        for words, column in by_words.items():
            unit = by_words.get(words[1:]) if words[0] == "extended" else None
            if unit is not None and unit is not quantity:
                term = self._term(quantity) * self._term(unit)
                yield Formula(column, term, f"{quantity.name} x {unit.name}.")

    def _line(self) -> Iterator[Formula]:
        """Yield what a line costs before its discount, and after it."""
        start = self._start_of_line()
        if start is None:
            return
        term, text = start
        bill = self._bill
        for gross in self._gross():
            yield Formula(gross, term, f"{text}.")
        rate = bill.one(Role.DISCOUNT_RATE)
        for line in bill.all(Role.LINE_TOTAL):
            if "extended" in number_words(line.name, self._table.name):
                yield Formula(line, term, f"{text}, before any discount.")
            elif rate is not None:
                less = term * Term(f"(1 - {self._fraction(rate).sql})", 1)
                yield Formula(line, _rounded(less, line), f"{text}, less {rate.name}.")

    def _discounts(self) -> Iterator[Formula]:
        """Yield the amounts of discounts: by their rate, or a quarter at most of a third of the rows."""
        bill = self._bill
        start, discount, rate = self._base(), bill.one(Role.DISCOUNT), bill.one(Role.DISCOUNT_RATE)
        if start is None or discount is None:
            return
        if rate is not None:
            factor, text = self._fraction(rate), f"{rate.name} of {start[1]}"
        else:
            factor = Term("case when random() < 0.35 then uniform(0.05, 0.25, random()) else 0 end", 0.25)
            text = f"Up to 25 % of {start[1]}, in a third of the rows"
        yield Formula(discount, _rounded(start[0] * factor, discount), f"{text}.")

    def _subtotals(self) -> Iterator[Formula]:
        """Yield lines less an amount of discount, and subtotals of lines and of gross amounts."""
        bill, start = self._bill, self._base()
        if start is None:
            return
        discount, rate = bill.one(Role.DISCOUNT), bill.one(Role.DISCOUNT_RATE)
        for line in bill.all(Role.LINE_TOTAL):
            if "extended" not in number_words(line.name, self._table.name) and rate is None:
                term, text = (start[0] - self._extra(discount), f"{start[1]} - {discount.name}") if discount else start
                yield Formula(line, term, f"{text}.")
        subtotal = bill.first(Role.SUBTOTAL)
        if subtotal is None or start[1] == subtotal.name:
            return
        if discount is not None:
            yield Formula(subtotal, start[0] - self._extra(discount), f"{start[1]} - {discount.name}.")
        elif rate is not None:
            less = start[0] * Term(f"(1 - {self._fraction(rate).sql})", 1)
            yield Formula(subtotal, _rounded(less, subtotal), f"{start[1]}, less {rate.name}.")
        else:
            yield Formula(subtotal, start[0], f"{start[1]}.")

    def _taxes(self) -> Iterator[Formula]:
        bill, net = self._bill, self._net()
        if net is None:
            return
        rate = bill.one(Role.TAX_RATE)
        factor = self._fraction(rate) if rate is not None else Term("0.08", 0.08)
        named = rate.name if rate is not None else "8 %"
        for index, tax in enumerate(bill.all(Role.TAX)):
            if index == 0 or "extended" not in number_words(tax.name, self._table.name):
                share = factor if index == 0 else Term("0.02", 0.02)
                text = named if index == 0 else "2 %"
                yield Formula(tax, _rounded(net[0] * share, tax), f"{text} of {net[1]}.")

    def _totals(self) -> Iterator[Formula]:
        bill, net = self._bill, self._net()
        if net is None:
            return
        extras = [*bill.all(Role.TAX), *bill.all(Role.EXTRA)]
        term, text = net
        for extra in extras:
            term, text = term + self._extra(extra), f"{text} + {extra.name}"
        rate = bill.one(Role.TAX_RATE)
        for total in bill.all(Role.TOTAL):
            if total in self._gross():
                continue
            if not bill.all(Role.TAX) and rate is not None and bill.first(Role.LINE_TOTAL) is None:
                more = term * Term(f"(1 + {self._fraction(rate).sql})", 2)
                yield Formula(total, _rounded(more, total), f"{text}, with {rate.name}.")
            else:
                yield Formula(total, term, f"{text}.")

    def _costs(self) -> Iterator[Formula]:
        bill, net = self._bill, self._net()
        quantity, unit = bill.one(Role.QUANTITY), bill.one(Role.UNIT_COST)
        sale = bill.first(Role.LINE_TOTAL, Role.SUBTOTAL, Role.TOTAL)
        for cost in bill.all(Role.COST):
            if quantity is not None and unit is not None:
                yield Formula(cost, self._term(quantity) * self._term(unit), f"{quantity.name} x {unit.name}.")
            elif net is not None:
                factor = Term("uniform(0.4, 0.7, random())", 0.7)
                yield Formula(cost, _rounded(net[0] * factor, cost), f"40 to 70 % of {net[1]}.")
        price, unit_cost = bill.first(Role.UNIT_PRICE, Role.LIST_PRICE), bill.one(Role.UNIT_COST)
        for margin in bill.all(Role.MARGIN_RATE):
            if price is not None and unit_cost is not None:
                top = "100.0 * " if self._is_percentage(margin) else ""
                whole, part = self._term(price), self._term(unit_cost)
                sql = f"{top}({whole.sql} - {part.sql}) / nullif({whole.sql}, 0)"
                share = Term(sql, 100, whole.needed | part.needed)
                yield Formula(margin, _rounded(share, margin), f"the share of {price.name} above {unit_cost.name}.")
        cost_column = bill.first(Role.COST)
        for profit in bill.all(Role.PROFIT):
            if sale is not None and cost_column is not None:
                term = self._term(sale) - self._term(cost_column)
                yield Formula(profit, term, f"{sale.name} - {cost_column.name}.")

    def _payments(self) -> Iterator[Formula]:
        bill = self._bill
        total, paid, due = bill.first(Role.TOTAL, Role.SUBTOTAL), bill.one(Role.PAID), bill.one(Role.DUE)
        if total is None:
            return
        whole = self._term(total)
        if paid is not None:
            part = _rounded(whole * Term("uniform(0.0, 1.0, random())", 1), paid).sql
            sql = f"case when random() < 0.85 then {whole.sql} else {part} end"
            term = Term(sql, whole.high, whole.needed)
            yield Formula(paid, term, f"All of {total.name} in 85 % of the rows, else a part of it.")
        if due is not None and paid is not None:
            yield Formula(due, whole - self._extra(paid), f"{total.name} - {paid.name}.")

    # What the formulas are made of.

    def _start_of_line(self) -> tuple[Term, str] | None:
        """Return quantity x price, also of the product that the row refers to."""
        bill = self._bill
        quantity, price = bill.first(Role.QUANTITY), bill.first(Role.UNIT_PRICE, Role.LIST_PRICE)
        if quantity is None:
            return None
        if price is not None:
            return self._term(quantity) * self._term(price), f"{quantity.name} x {price.name}"
        if bill.all(Role.LINE_TOTAL) and (parent := self._parent_price()) is not None:
            return self._term(quantity) * parent[0], f"{quantity.name} x {parent[1]}"
        return None

    def _base(self) -> tuple[Term, str] | None:
        """Return what a discount is taken from: the gross amount, the line, or the subtotal."""
        gross = next(iter(self._gross()), None)
        if gross is not None:
            return self._term(gross), gross.name
        start = self._start_of_line()
        if start is not None:
            return start
        first = self._bill.first(Role.SUBTOTAL, Role.LINE_TOTAL)
        return (self._term(first), first.name) if first is not None else None

    def _net(self) -> tuple[Term, str] | None:
        """Return what is taxed: the line or the subtotal after its discount."""
        bill, base = self._bill, self._base()
        if base is None:
            return None
        last = bill.first(Role.LINE_TOTAL, Role.SUBTOTAL)
        discount, rate = bill.one(Role.DISCOUNT), bill.one(Role.DISCOUNT_RATE)
        is_reduced = last is not None and last.name in self._computed
        if last is not None and (is_reduced or (discount is None and rate is None)):
            is_before = "extended" in number_words(last.name, self._table.name)
            if not is_before or rate is None:
                return self._term(last), last.name
        if discount is not None:
            return base[0] - self._extra(discount), f"{base[1]} - {discount.name}"
        if rate is not None:
            return base[0] * Term(f"(1 - {self._fraction(rate).sql})", 1), f"{base[1]} less {rate.name}"
        return base

    def _gross(self) -> tuple[ColumnSchema, ...]:
        """Return the amounts before the discount; a bare gross amount is one where there is a discount."""
        bill = self._bill
        if bill.all(Role.GROSS):
            return bill.all(Role.GROSS)
        if not (bill.all(Role.DISCOUNT) or bill.all(Role.DISCOUNT_RATE)):
            return ()
        return tuple(each for each in bill.all(Role.TOTAL) if "gross" in number_words(each.name, self._table.name))

    def _parent_price(self) -> tuple[Term, str] | None:
        """Return the price of the product that the row refers to."""
        for path, parent, is_optional in self._parents():
            bill = read_bill(parent, self._draft.columns(parent))
            price = bill.first(Role.UNIT_PRICE, Role.LIST_PRICE)
            if price is None or bill.all(Role.QUANTITY) or bill.all(Role.TOTAL):
                continue
            suggest_number(self._draft, parent, price)
            sql = f"{path}.{sql_name(price.name)}"
            high = _high(self._draft.column(parent, price.name))
            is_optional = is_optional or price.is_nullable
            return Term(f"coalesce({sql}, 10)" if is_optional else sql, high), f"{parent.name}.{price.name}"
        return None

    def _parents(self) -> Iterator[tuple[str, TableSchema, bool]]:
        """Yield the path of each parent and of each parent's parent, and whether the row may have none."""
        nearest = list(self._draft.parents(self._table))
        for column, parent in nearest:
            yield sql_name(column.name), parent, column.is_nullable
        for column, parent in nearest:
            for further, grandparent in self._draft.parents(parent):
                path = f"{sql_name(column.name)}.{sql_name(further.name)}"
                yield path, grandparent, column.is_nullable or further.is_nullable

    def _columns(self) -> list[ColumnSchema]:
        return self._draft.columns(self._table)

    def _term(self, column: ColumnSchema) -> Term:
        """Return a column's value, without which nothing can be computed; a free one gets its range first."""
        suggest_number(self._draft, self._table, column)
        high = self._highs.get((self._table.key, column.name)) or _high(self._current(column))
        name = sql_name(column.name)
        return Term(name, high, frozenset({name} if column.is_nullable else ()))

    def _extra(self, column: ColumnSchema) -> Term:
        """Return the value of a column that adds to another or takes from it: 0 for NULL."""
        term = self._term(column)
        return Term(f"coalesce({term.sql}, 0)", term.high) if term.needed else term

    def _fraction(self, rate: ColumnSchema) -> Term:
        """Return a rate as a part of 1."""
        term = self._extra(rate)
        if self._is_percentage(rate):
            return Term(f"{term.sql} / 100.0", 1)
        return Term(term.sql, 1)

    def _is_percentage(self, rate: ColumnSchema) -> bool:
        return is_percentage(rate, number_words(rate.name, self._table.name))

    def _current(self, column: ColumnSchema) -> ColumnSchema:
        return self._draft.column(self._table, column.name)

    def _set(self, formula: Formula) -> None:
        """Suggest a formula; one that could be too large for its column stays at the column's largest value."""
        target = formula.target
        largest = _largest(target)
        sql = formula.term.sql
        if formula.term.needed and not target.is_nullable:
            sql = f"coalesce({sql}, 0)"
        if formula.term.high > largest:
            sql = f"least({sql}, {Decimal(str(largest)):f})"
            if formula.term.needed and target.is_nullable:  # LEAST leaves NULLs out
                known = " and ".join(f"{name} is not null" for name in sorted(formula.term.needed))
                sql = f"case when {known} then {sql} end"
        because = f"{target.name} is {formula.because[0].lower()}{formula.because[1:]}"
        if self._draft.suggest(self._table, target.name, {"expression": sql}, because):
            self._computed.add(target.name)
            self._highs[self._table.key, target.name] = min(formula.term.high, largest)


def _rounded(term: Term, target: ColumnSchema) -> Term:
    scale = 2 if target.type.kind is Kind.FLOAT else target.type.scale
    return Term(f"round({term.sql}, {scale})", term.high, term.needed)


def _grouped(sql: str) -> str:
    """Return SQL that can be a factor: in parentheses if it is a sum or a condition."""
    depth = 0
    for index, letter in enumerate(sql):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and sql[index : index + 3] in (" + ", " - "):
            return f"({sql})"
    return f"({sql})" if sql.startswith("case ") else sql


def _high(column: ColumnSchema) -> float:
    """Return the largest value that a column's own rule or type allows."""
    if column.max_value is not None:
        return float(column.max_value)
    if column.values:
        return max((float(value) for value in column.values if isinstance(value, (int, float))), default=_NO_BOUND)
    return _largest(column)


def _largest(column: ColumnSchema) -> float:
    kind = column.type
    return _NO_BOUND if kind.kind is Kind.FLOAT else float(kind.integer_bounds[1]) / 10**kind.scale
