"""Proof that an expression differs in every row, from its tree alone.

It begins with one unique column that is never NULL, or SEQ4(), and follows the operations that keep its values apart.
What is not recognized is not proven: a unique column refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from sqlglot import exp

from engine.rules.derived.distinct_values import (
    Distinct,
    as_text,
    convert,
    format_time,
    from_column,
    join,
    number,
    pad,
    row_number,
)
from engine.rules.derived.expression_parsing import to_sql
from engine.rules.derived.intervals import DAYS, MICROS, MONTHS, find_unit
from engine.rules.site import Site
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType, parse_type

_SAFE_DIFFERENCES = {Kind.DATE: {*MICROS, "day"}, Kind.TIMESTAMP: {"second", "millisecond", "microsecond"}}
_FARTHEST = 2**62
# The number of values of each part of a date or time; a year has no limit.
_PART_SIZES = {"month": 12, "day": 31, "dayofyear": 366, "hour": 24, "minute": 60, "second": 60}
_PART_NAMES = {"dayofmonth": "day", "doy": "dayofyear", "yearday": "dayofyear"}
_WHOLE_DATES = ({"year", "month", "day"}, {"year", "dayofyear"})
_WHOLE_TIME = {"hour", "minute", "second"}
_UUID_FUNCTIONS = {"UPPER", "LOWER", "UCASE", "LCASE", "REPLACE"}


def check_distinct(site: Site, tree: exp.Expr) -> None:
    """Raise `RuleError` unless the expression of a unique column differs in every row."""
    value = Proof(site).follow(tree)
    if value is not None and convert(value, site.type) is not None:
        return
    cause = "may repeat in another type or length" if value is not None else "may repeat values"
    raise site.error(
        f"The expression {cause}, and the column is unique.",
        "Use one unique column (or SEQ4()) so that no two values become equal: id + 100, 'P' || id, "
        "TO_CHAR(day, 'YYYYMMDD')::INT; or remove is_unique.",
    )


class Proof:
    """Follows the value of each row through the tree of an expression."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._steps: dict[type[exp.Expr], Callable[[exp.Expr], Distinct | None]] = {
            exp.Paren: lambda node: self.follow(node.this),
            exp.Column: self._column,
            exp.Neg: lambda node: _scale(self.follow(node.this), Fraction(-1), 0),
            exp.Add: self._sum,
            exp.Sub: self._difference,
            exp.Mul: self._product,
            exp.DPipe: self._join,
            exp.Cast: self._cast,
            exp.TryCast: self._cast,
            exp.Anonymous: self._call,
        }

    def follow(self, node: exp.Expr) -> Distinct | None:
        """Return what is known of the node's value, or None when it may repeat."""
        step = self._steps.get(type(node))
        return None if step is None else step(node)

    def _column(self, node: exp.Expr) -> Distinct | None:
        assert isinstance(node, exp.Column)
        if len(node.parts) != 1:
            return None
        columns = [column for column in self._site.table.columns if column.name.casefold() == node.name.casefold()]
        return from_column(self._site, columns[0]) if columns else None

    def _sum(self, node: exp.Expr) -> Distinct | None:
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            moved = _shift(self.follow(one), other)
            if moved is not None:
                return moved
        return self._parts(node)

    def _difference(self, node: exp.Expr) -> Distinct | None:
        left = self.follow(node.this)
        if left is not None:
            days = left.kind is Kind.DATE and _is_date(node.expression)
            return number(-_FARTHEST, _FARTHEST) if days else _shift(left, node.expression, sign=-1)
        right = self.follow(node.expression)
        if right is not None and right.kind is Kind.DATE and _is_date(node.this):
            return number(-_FARTHEST, _FARTHEST)
        return None if right is None or not right.is_exact else _shift(_scale(right, Fraction(-1), 0), node.this)

    def _product(self, node: exp.Expr) -> Distinct | None:
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            factor = _number(other)
            value = self.follow(one)
            if factor is not None and factor[0] != 0 and value is not None:
                return _scale(value, *factor)
        return None

    def _join(self, node: exp.Expr) -> Distinct | None:
        return self._join_all(node.flatten() if isinstance(node, exp.DPipe) else [node])

    def _join_all(self, nodes: object) -> Distinct | None:
        pieces: list[Distinct | str] = []
        for node in nodes:  # type: ignore[attr-defined]
            piece = str(node.this) if isinstance(node, exp.Literal) else self.follow(node)
            if piece is None:
                return None
            pieces.append(piece)
        return join(pieces)

    def _cast(self, node: exp.Expr) -> Distinct | None:
        value, kind = self.follow(node.this), _type(node)
        return None if value is None or kind is None else convert(value, kind)

    def _call(self, node: exp.Expr) -> Distinct | None:
        name, arguments = str(node.this).upper(), node.expressions
        match name, len(arguments):
            case (("SEQ4" | "SEQ8"), _):
                return row_number()
            case (("TO_CHAR" | "TO_VARCHAR"), 1):
                value = self.follow(arguments[0])
                return None if value is None else as_text(value)
            case (("TO_CHAR" | "TO_VARCHAR"), 2):
                return _format(self.follow(arguments[0]), arguments[1])
            case (("TO_NUMBER" | "TO_NUMERIC" | "TO_DECIMAL"), (1 | 2)):
                return self._to_number(arguments)
            case "LPAD", (2 | 3):
                return self._pad(arguments)
            case "CONCAT", _:
                return self._join_all(arguments)
            case (("DATEDIFF" | "DATE_DIFF" | "TIMESTAMPDIFF"), 3):
                return self._distance(arguments)
            case (("DATEADD" | "DATE_ADD" | "TIMESTAMPADD"), 3):
                return self._move(arguments[0].name, arguments[1], arguments[2])
            case "ADD_MONTHS", 2:
                return self._move("month", arguments[1], arguments[0])
            case (("DATE" | "TO_DATE"), 1):
                value = self.follow(arguments[0])
                return value if value is not None and value.kind is Kind.DATE else None
        value = self.follow(arguments[0]) if name in _UUID_FUNCTIONS and arguments else None
        if value is None or value.kind is not Kind.UUID:
            return None
        if name != "REPLACE":
            return value
        return replace(value, length=32) if [_text(node) for node in arguments[1:]] == ["-", ""] else None

    def _to_number(self, arguments: list[exp.Expr]) -> Distinct | None:
        value = self.follow(arguments[0])
        if value is None or (value.kind is Kind.TEXT and not value.is_number_text):
            return None
        is_plain = len(arguments) == 1 or set(_text(arguments[1]) or ".") <= set("09")
        return convert(value, parse_type("DECIMAL(38,0)")) if is_plain else None

    def _pad(self, arguments: list[exp.Expr]) -> Distinct | None:
        value, length = self.follow(arguments[0]), _number(arguments[1])
        filling = _text(arguments[2]) if len(arguments) > 2 else " "
        return None if value is None or length is None or not filling else pad(value, int(length[0]), filling)

    def _distance(self, arguments: list[exp.Expr]) -> Distinct | None:
        unit = find_unit(arguments[0].name)
        for one, other in ((arguments[1], arguments[2]), (arguments[2], arguments[1])):
            value = self.follow(one)
            if value is None or not _is_date(other):
                continue
            kind = Kind.TIMESTAMP if value.kind in TIMESTAMPS else value.kind
            is_fine = unit == "microsecond" or kind is Kind.DATE or value.is_whole
            if is_fine and unit in _SAFE_DIFFERENCES.get(kind, ()):
                return number(-_FARTHEST, _FARTHEST)
        return None

    def _move(self, unit: str, count: exp.Expr, start: exp.Expr) -> Distinct | None:
        """Return a date or timestamp moved by a constant, or a constant one moved by a count."""
        named, value = find_unit(unit), self.follow(start)
        is_date_unit = named in DAYS or named in MONTHS
        if value is not None:
            is_fixed = _number(count) is not None and (named in DAYS or named in MICROS)
            moves = value.kind is Kind.DATE or value.kind in TIMESTAMPS
            if not is_fixed or not moves:
                return None
            return Distinct(Kind.TIMESTAMP, is_whole=True) if value.kind is Kind.DATE and not is_date_unit else value
        step = self.follow(count)
        if step is None or step.scale or not step.is_exact or not _is_date(start):
            return None
        if is_date_unit and _date_kind(start) is Kind.DATE:
            return Distinct(Kind.DATE)
        return Distinct(Kind.TIMESTAMP, is_whole=named in ("second", "minute", "hour"))

    def _counts_months(self, node: exp.Expr) -> bool:
        """Return whether a date is a constant one moved by whole months, so that each row has another month."""
        if isinstance(node, exp.Paren):
            return self._counts_months(node.this)
        name, arguments = str(node.this).upper(), node.expressions if isinstance(node, exp.Anonymous) else []
        if name == "ADD_MONTHS" and len(arguments) == 2:
            return _is_date(arguments[0]) and self.follow(arguments[1]) is not None
        is_move = name in ("DATEADD", "DATE_ADD", "TIMESTAMPADD") and len(arguments) == 3
        return is_move and find_unit(arguments[0].name) in MONTHS and _is_date(arguments[2])

    def _parts(self, node: exp.Expr) -> Distinct | None:
        """Return a sum of parts of one date or time, such as YEAR(d) * 10000 + MONTH(d) * 100 + DAY(d)."""
        factors: dict[str, Fraction] = {}
        sources: set[str] = set()
        value, is_monthly = None, False
        for term in _terms(node):
            if _number(term) is not None:
                continue
            found = _part(term)
            if found is None or found[0] in factors:
                return None
            part, factor, source = found
            factors[part] = factor
            sources.add(to_sql(source))
            value = self.follow(source)
            is_monthly = set(factors) == {"year", "month"} and self._counts_months(source)
        if len(sources) != 1 or value is None or not (is_monthly or _names_all(value, set(factors))):
            return None
        ordered = sorted(factors, key=lambda part: factors[part])
        room = Fraction(0)
        for part, following in pairwise([*ordered, ""]):
            size = _PART_SIZES.get(part)
            if factors[part] <= room or (size is None and following):
                return None
            room += factors[part] * ((size or 1) - 1)
        return number(0, _FARTHEST)


def _names_all(value: Distinct, parts: set[str]) -> bool:
    """Return whether the parts are all of a date, or of a time in whole seconds."""
    is_time = value.is_whole and parts >= _WHOLE_TIME
    is_date = parts in (*_WHOLE_DATES, *(date | _WHOLE_TIME for date in _WHOLE_DATES))
    if value.kind is Kind.DATE:
        return any(parts == date for date in _WHOLE_DATES)
    if value.kind is Kind.TIME:
        return value.is_whole and parts == _WHOLE_TIME
    return value.kind in TIMESTAMPS and is_time and is_date


def _terms(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Paren):
        return _terms(node.this)
    if isinstance(node, exp.Add):
        return [*_terms(node.this), *_terms(node.expression)]
    return [node]


def _part(node: exp.Expr) -> tuple[str, Fraction, exp.Expr] | None:
    """Return the part of a date in a term, its positive factor, and the date."""
    factor = Fraction(1)
    if isinstance(node, exp.Mul):
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            found = _number(other)
            if found is not None and found[0] > 0:
                node, factor = one, found[0]
                break
    if isinstance(node, exp.Extract):
        name, source = node.this.name, node.expression
    elif isinstance(node, exp.Anonymous) and len(node.expressions) == 1:
        name, source = str(node.this), node.expressions[0]
    elif isinstance(node, exp.Anonymous) and len(node.expressions) == 2 and str(node.this).upper() == "DATE_PART":
        name, source = node.expressions[0].name, node.expressions[1]
    else:
        return None
    part = find_unit(name)
    part = _PART_NAMES.get(part, part)
    return (part, factor, source) if part == "year" or part in _PART_SIZES else None


def _shift(value: Distinct | None, node: exp.Expr, *, sign: int = 1) -> Distinct | None:
    """Return value + node, or value - node, for a constant node."""
    if value is None:
        return None
    if isinstance(node, exp.Interval):
        unit = node.args.get("unit")
        words = f"{node.this.name if isinstance(node.this, exp.Literal) else ''} {unit.name if unit else ''}".split()
        units = [find_unit(word) for word in words if word.isalpha()]
        is_fixed = bool(units) and all(unit in DAYS or unit in MICROS for unit in units)
        if not is_fixed or not (value.kind is Kind.DATE or value.kind in TIMESTAMPS):
            return None
        is_whole = value.kind is Kind.DATE or value.is_whole
        return Distinct(
            Kind.TIMESTAMP if value.kind is Kind.DATE else value.kind,
            is_whole=is_whole and not {"millisecond", "microsecond"} & set(units),
        )
    constant = _number(node)
    if value.kind is Kind.DATE:
        return value if constant is not None and constant[1] == 0 else None
    if not value.is_exact:
        return None
    if constant is None:
        return Distinct(Kind.DATE) if sign > 0 and value.scale == 0 and _date_kind(node) is Kind.DATE else None
    moved = constant[0] * sign
    return number(value.low + moved, value.high + moved, max(value.scale, constant[1]))


def _scale(value: Distinct | None, factor: Fraction, scale: int) -> Distinct | None:
    if value is None or not value.is_exact:
        return None
    return number(value.low * factor, value.high * factor, value.scale + scale)


def _format(value: Distinct | None, node: exp.Expr) -> Distinct | None:
    form = _text(node)
    if value is None or not form:
        return None
    if value.is_exact:
        digits = form.upper().removeprefix("FM")
        is_plain = not value.scale and value.low >= 0 and set(digits) <= set("09") and set(digits[:1]) == {"0"}
        fits = is_plain and as_text(value).length <= len(digits)
        width = len(digits) + (len(digits) == len(form))
        return Distinct(Kind.TEXT, length=width, is_number_text=True) if fits else None
    return format_time(value, form)


def _number(node: exp.Expr) -> tuple[Fraction, int] | None:
    """Return an exact number literal and its decimal places, or None."""
    if isinstance(node, exp.Paren):
        return _number(node.this)
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return None if inner is None else (-inner[0], inner[1])
    if not isinstance(node, exp.Literal) or node.is_string or not str(node.this).replace(".", "", 1).isdigit():
        return None
    return Fraction(str(node.this)), len(str(node.this).partition(".")[2])


def _text(node: exp.Expr) -> str | None:
    return str(node.this) if isinstance(node, exp.Literal) and node.is_string else None


def _type(node: exp.Expr) -> WarehouseType | None:
    try:
        return parse_type(to_sql(node.args["to"]))
    except ValueError:
        return None


def _date_kind(node: exp.Expr) -> Kind | None:
    """Return DATE or a TIMESTAMP for a literal one."""
    if isinstance(node, exp.Paren):
        return _date_kind(node.this)
    text = _text(node)
    if text is not None:
        return Kind.DATE if len(text.strip()) <= len("2024-01-31") else Kind.TIMESTAMP
    kind = _type(node) if isinstance(node, exp.Cast) and _text(node.this) is not None else None
    return kind.kind if kind is not None and (kind.kind is Kind.DATE or kind.kind in TIMESTAMPS) else None


def _is_date(node: exp.Expr) -> bool:
    return _date_kind(node) is not None
