"""Totals of rows: an order's total is the sum of its lines, and a customer's revenue that of the orders.

Each is a suggested roll-up over the rows that refer to the row. The names decide: `total_weight` is the sum of the
`weight` of lines, `item_count` their number, `avg_rating` the average `rating` of reviews, `first_order_date` the first
date of an order. A column that the names of no table of rows explain keeps what its name alone suggests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.rules.name_words import singular
from engine.rules.suggestions.child_rows import ChildRows
from engine.rules.suggestions.money_roles import Bill, Role, read_bill, role_of
from engine.rules.suggestions.number_ranges import suggest_number
from engine.rules.suggestions.number_words import number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_words import SURE_DETAILS
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.rollups import Rollup
from engine.schema.types import TIMESTAMPS, Kind

Highs = dict[tuple[str, str], float]
"""The largest values of computed numbers, by table key and column."""
_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_WHOLE = frozenset("total lifetime overall cumulative sum".split())
_FREE_WORDS = frozenset("amount value to date".split())
_LINES = frozenset("item line product article position detail entry".split())
_MONEY = frozenset("spent spend spending revenue purchase sale value order payment paid turnover".split())
_LIFETIME_VALUES = frozenset({("ltv",), ("clv",), ("lifetime", "value"), ("customer", "lifetime", "value")})
_SALES = ("order", "sale", "purchase", "invoice", "booking", "reservation", "transaction", "payment")
_FIRST, _LAST = frozenset("first earliest initial".split()), frozenset("last latest recent".split())
_TIME_WORDS = frozenset("at date time on ts dt datetime timestamp day most utc tz ntz ltz".split())
_SAME_EVENTS = {"purchase": ("order", "sale"), "order": ("purchase", "sale"), "sale": ("order",)}
_OF_BILL = frozenset({Role.TOTAL, Role.SUBTOTAL, Role.GROSS, Role.LINE_TOTAL})
_TYPICAL_ROWS = 200
_HIGH_OF_FORMULA = 50_000.0
_FEWEST_COUNTED = 9_999


def suggest_header_totals(draft: SchemaDraft, table: TableSchema, children: Sequence[ChildRows], highs: Highs) -> None:
    """Suggest the numbers of a header that its lines tell: the subtotal or total, counts and sums of the same name.

    `highs` are the largest values of computed numbers; those of the totals are added.
    """
    for rows in (each for each in children if each.most):
        bill = read_bill(table, draft.columns(table))
        _suggest_sum_of_lines(draft, table, bill, rows, highs)
        for column in list(draft.free_columns(table)):
            if column.type.kind in _EXACT and not table.is_unique(column):
                _suggest_number(draft, table, column, [rows], highs)


def suggest_totals(draft: SchemaDraft, children: dict[str, list[ChildRows]], highs: Highs) -> None:
    """Suggest the numbers of other tables that the rows over their keys tell: counts, revenue, averages."""
    for table in draft.tables:
        rows = children.get(table.key)
        if not rows:
            continue
        for column in list(draft.free_columns(table)):
            is_open = column.type.kind in _EXACT and not table.is_unique(column)
            if is_open and not _suggest_number(draft, table, column, rows, highs):
                _suggest_money(draft, table, column, rows, highs)


def suggest_first_and_last(draft: SchemaDraft, children: dict[str, list[ChildRows]]) -> None:
    """Suggest the first and the last time of the rows over a table's keys: `first_order_at`, `last_login_date`."""
    for table in draft.tables:
        rows = children.get(table.key)
        if not rows:
            continue
        for column in list(draft.free_columns(table)):
            if (column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS) and column.is_nullable:
                _suggest_time(draft, table, column, rows)


def _suggest_time(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, children: Sequence[ChildRows]) -> None:
    words = _said(column, table)
    ends = [("min", _FIRST), ("max", _LAST)]
    function = next((name for name, found in ends if found & set(words)), None)
    event = tuple(word for word in words if word not in _FIRST | _LAST | _TIME_WORDS)
    if function is None or not event:
        return
    rows = next((each for each in children if each.stem[-len(event) :] == event), None)
    for other in _SAME_EVENTS.get(event[-1], ()) if rows is None and len(event) == 1 else ():
        rows = rows or next((each for each in children if each.stem[-1] == other), None)
    time = _time_of(draft, rows, column) if rows is not None else None
    if rows is not None and time is not None:
        what = "first" if function == "min" else "last"
        because = f"The {what} {time.name} of the rows of {rows.table.name} that refer to it."
        draft.suggest(table, column.name, _rollup(rows, function, time.name), because)


def _time_of(draft: SchemaDraft, rows: ChildRows, column: ColumnSchema) -> ColumnSchema | None:
    """Return the time of a row itself, of the same type: `ordered_at`, `order_date`, `created_at`, or the only one."""
    times = [one for one in draft.columns(rows.table) if one.type.kind is column.type.kind and one.foreign_key is None]
    event = rows.stem[-1]
    names = [set(_said(one, rows.table)) - _TIME_WORDS for one in times]
    for wanted in ({event, f"{event}ed", f"{event}d"}, {"created", "placed", "occurred", "started", "start"}):
        found = next((one for one, name in zip(times, names, strict=True) if not name or name & wanted), None)
        if found is not None:
            return found
    return times[0] if len(times) == 1 else None


def _suggest_sum_of_lines(draft: SchemaDraft, table: TableSchema, bill: Bill, rows: ChildRows, highs: Highs) -> None:
    """Suggest the subtotal as the sum of what the lines come to; the total where nothing else is added to it."""
    line = _amount_of(draft, rows.table)
    target = bill.first(Role.SUBTOTAL)
    more = (Role.DISCOUNT, Role.DISCOUNT_RATE, Role.TAX, Role.TAX_RATE, Role.EXTRA)
    if target is None and not any(bill.all(role) for role in more):
        target = bill.first(Role.TOTAL)
    if line is not None and target is not None:
        _suggest_sum(draft, table, target, rows, line, highs)


def _suggest_number(
    draft: SchemaDraft,
    table: TableSchema,
    column: ColumnSchema,
    children: Sequence[ChildRows],
    highs: Highs,
) -> bool:
    """Suggest a count, a sum or an average whose name says of what."""
    if role_of(table, column) in _OF_BILL:
        return False
    words = _said(column, table)
    measure = _without(words, _WHOLE)
    averaged = _without(words, frozenset({"average"}))
    for rows in children:
        if measure and (found := _measure(draft, rows.table, measure)) is not None:
            return _suggest_sum(draft, table, column, rows, found, highs)
        if averaged and (found := _measure(draft, rows.table, averaged)) is not None:
            return _suggest_average(draft, table, column, rows, found)
    if column.type.scale == 0 and (counted := _counted(words) or measure):
        for rows in children:
            if counted == rows.stem or counted == rows.stem[-1:] or (rows.most and _counts_lines(counted, rows)):
                return _suggest_count(draft, table, column, rows)
    return False


def _suggest_money(
    draft: SchemaDraft,
    table: TableSchema,
    column: ColumnSchema,
    children: Sequence[ChildRows],
    highs: Highs,
) -> bool:
    """Suggest what a row's sales come to in all, or on average: `total_spent`, `lifetime_value`, `avg_order_value`."""
    words = _said(column, table)
    averaged = _without(words, frozenset({"average"}))
    whole = _without(words, _WHOLE)
    is_whole = words in _LIFETIME_VALUES or bool(
        whole and set(whole) - _FREE_WORDS and set(whole) <= _MONEY | _FREE_WORDS
    )
    is_average = averaged[:1] in [(name,) for name in _SALES] and set(averaged[1:]) <= _FREE_WORDS | {"size"}
    if not (is_whole or is_average):
        return False
    named = (averaged if is_average else whole)[:1]
    for sale in [*[name for name in _SALES if (name,) == named], *(_SALES if is_whole else ())]:
        for rows in (each for each in children if each.stem[-1] == sale):
            amount = _amount_of(draft, rows.table)
            if amount is not None and is_average:
                return _suggest_average(draft, table, column, rows, amount)
            if amount is not None:
                return _suggest_sum(draft, table, column, rows, amount, highs)
    return False


def _suggest_sum(
    draft: SchemaDraft,
    table: TableSchema,
    target: ColumnSchema,
    rows: ChildRows,
    read: ColumnSchema,
    highs: Highs,
) -> bool:
    suggest_number(draft, rows.table, read)
    high = highs.get((rows.table.key, read.name)) or _high(draft.column(rows.table, read.name))
    most = high * (rows.most or _TYPICAL_ROWS)
    if read.type.scale > target.type.scale or most > _largest(target):
        return False
    because = f"The sum of {read.name} of the rows of {rows.table.name} that refer to it."
    if not draft.suggest(table, target.name, _rollup(rows, "sum", read.name), because):
        return False
    highs[table.key, target.name] = min(most, _largest(target))
    return True


def _suggest_average(
    draft: SchemaDraft, table: TableSchema, target: ColumnSchema, rows: ChildRows, read: ColumnSchema
) -> bool:
    if not target.is_nullable and (not rows.most or read.is_nullable):
        return False
    because = f"The average of {read.name} of the rows of {rows.table.name} that refer to it."
    return draft.suggest(table, target.name, _rollup(rows, "avg", read.name), because)


def _suggest_count(draft: SchemaDraft, table: TableSchema, target: ColumnSchema, rows: ChildRows) -> bool:
    if _largest(target) < (rows.most or _FEWEST_COUNTED):
        return False
    because = f"The number of rows of {rows.table.name} that refer to it."
    return draft.suggest(table, target.name, _rollup(rows, "count", True), because)


def _rollup(rows: ChildRows, function: str, value: str | bool) -> dict[str, object]:
    return {"rollup": Rollup.model_validate({"of": rows.path, function: value})}


def _amount_of(draft: SchemaDraft, table: TableSchema) -> ColumnSchema | None:
    """Return what a row comes to in money, exactly: what is left of a discount rather than what is before it."""
    bill = read_bill(table, draft.columns(table))
    lines = sorted(bill.all(Role.LINE_TOTAL), key=lambda each: "extended" in number_words(each.name, table.name))
    listed = [*lines, *bill.all(Role.TOTAL), *bill.all(Role.SUBTOTAL), *bill.all(Role.PAID)]
    bare = (one for one in draft.columns(table) if _said(one, table) in (("amount",), ("revenue",), ("value",)))
    return next((one for one in [*listed, *bare] if _can_be_read(table, one)), None)


def _measure(draft: SchemaDraft, table: TableSchema, words: tuple[str, ...]) -> ColumnSchema | None:
    """Return the number of a table that has these words for its name, with or without a word such as `amount`."""
    plain = _plain(words)
    for column in draft.columns(table):
        said = _said(column, table)
        if plain and _plain(said) == plain and _can_be_read(table, column):
            return column
    return None


def _can_be_read(table: TableSchema, column: ColumnSchema) -> bool:
    is_free = column.foreign_key is None and not table.is_unique(column) and column.line_number_of is None
    return is_free and column.type.kind in _EXACT


def _counts_lines(words: tuple[str, ...], rows: ChildRows) -> bool:
    return len(words) == 1 and words[0] in _LINES and (rows.stem[-1] in _LINES or rows.stem[-1] in SURE_DETAILS)


def _without(words: tuple[str, ...], marks: frozenset[str]) -> tuple[str, ...]:
    """Return the words before or after one of the marks; none where there is no mark at an end."""
    if len(words) > 1 and words[0] in marks:
        return words[1:]
    return words[:-1] if len(words) > 1 and words[-1] in marks else ()


def _counted(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a name counts: `order_count`, `number_of_orders`; an `order_number` counts nothing."""
    return words[2:] if words[:2] == ("number", "of") else _without(words, frozenset({"count"}))


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word != "amount") or words


def _said(column: ColumnSchema, table: TableSchema) -> tuple[str, ...]:
    """Return the words of a name, in one spelling and in the singular."""
    return tuple(_singulars(number_words(column.name, table.name)))


def _singulars(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield singular(word) if len(word) > 3 else word


def _high(column: ColumnSchema) -> float:
    """Return the largest value of a column; that of a declared formula is not known, and taken for that of a bill."""
    if column.max_value is not None:
        return float(column.max_value)
    if column.values:
        return max((float(value) for value in column.values if isinstance(value, int | float | Decimal)), default=0.0)
    if column.expression is not None:
        return min(_largest(column), _HIGH_OF_FORMULA)
    return _largest(column)


def _largest(column: ColumnSchema) -> float:
    return float(column.type.integer_bounds[1] / 10**column.type.scale)
