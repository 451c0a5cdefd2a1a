"""What each number of a table is in its bill: a quantity, a price, a discount, a tax, a fee, a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from engine.rules.suggestions.number_words import ends_with, number_words
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind


class Role(StrEnum):
    """The part of a number in a bill."""

    QUANTITY = "quantity"
    UNIT_PRICE = "unit price"
    LIST_PRICE = "list price"
    UNIT_COST = "unit cost"
    DISCOUNT_RATE = "discount rate"
    DISCOUNT = "discount"
    TAX_RATE = "tax rate"
    TAX = "tax"
    EXTRA = "fee"
    GROSS = "gross amount"
    SUBTOTAL = "subtotal"
    LINE_TOTAL = "line total"
    TOTAL = "total"
    COST = "cost"
    PROFIT = "profit"
    MARGIN_RATE = "margin rate"
    PAID = "amount paid"
    DUE = "amount due"


_ENDINGS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.DISCOUNT_RATE, ("discount percent", "discount rate", "percent discount", "markdown percent")),
    (Role.TAX_RATE, ("tax rate", "tax percent", "percent tax", "percent insurance tax")),
    (Role.MARGIN_RATE, ("margin percent", "margin rate", "profit margin", "gross margin percent", "margin ratio")),
    (Role.GROSS, ("gross item amount", "gross sale", "gross sale amount", "gross line amount", "gross price",
                  "extended list price", "gross revenue", "gross merchandise value", "gmv")),
    (Role.LINE_TOTAL, ("line total", "line amount", "extended price", "extended amount", "line price", "item revenue",
                       "line item total", "line revenue", "item total", "extended sale price", "line value",
                       "line net amount", "net line amount", "net item amount", "line item amount", "item amount",
                       "line sale amount")),
    (Role.DISCOUNT, ("discount amount", "discount", "total discount", "extended discount amount", "coupon amount",
                     "rebate amount", "promotion amount", "promo amount", "promo discount")),
    (Role.TAX, ("tax amount", "total tax", "sale tax", "tax", "extended tax", "city tax", "mta tax", "tourist tax")),
    (Role.EXTRA, ("shipping amount", "shipping", "total shipping", "shipping cost", "shipping fee", "shipping charge",
                  "freight", "freight cost", "freight amount", "delivery fee", "service fee", "tip", "tip amount",
                  "tolls", "tolls amount", "surcharge", "improvement surcharge", "congestion surcharge", "airport fee",
                  "handling fee", "booking fee", "extra", "extras", "service charge", "gratuity", "tax and fee",
                  "extended shipping cost", "insurance fee",
                  "cleaning fee", "congestion fee", "platform fee", "fee", "fee amount")),
    (Role.SUBTOTAL, ("subtotal", "subtotal amount", "subtotal price", "net amount", "net sale", "net sale amount",
                     "net paid", "net total", "net price", "room total", "fare amount", "base fare",
                     "merchandise total",
                     "goods total", "items total", "base amount", "net revenue", "net charge amount", "net charge",
                     "net value", "metered fare", "trip fare", "energy amount", "net bill amount")),
    (Role.TOTAL, ("total amount", "grand total", "total price", "order total", "invoice total", "bill total",
                  "total due",
                  "total charge", "gross amount", "gross charge amount", "gross charge", "gross total", "total fare",
                  "total", "estimated total", "order amount", "invoice amount", "total payable", "amount total",
                  "bill amount", "total paid by customer", "basket total", "sale amount", "total sale amount",
                  "net paid inc tax", "gross bill amount", "transaction total", "purchase total", "purchase amount")),
    (Role.UNIT_COST, ("unit cost", "wholesale cost", "supply cost", "standard cost", "cost price", "cost per unit",
                      "standard cost amount", "purchase cost", "average cost")),
    (Role.LIST_PRICE, ("list price", "retail price", "list", "regular price", "original price", "full price",
                       "compare at price", "catalog price", "unit list price", "base price", "list amount",
                       "standard price")),
    (Role.UNIT_PRICE, ("unit price", "sale price", "price each", "price per unit", "item price", "selling price",
                       "price per item", "discounted price", "current price", "unit sale price", "price per ticket",
                       "net unit price", "price")),
    (Role.PAID, ("amount paid", "paid amount", "total paid", "payment received")),
    (Role.DUE, ("amount due", "due amount", "balance due", "amount outstanding", "outstanding amount", "open amount",
                "remaining amount")),
    (Role.PROFIT, ("profit", "net profit", "gross profit", "profit amount", "gross margin amount", "margin amount")),
    (Role.COST, ("cost amount", "total cost", "extended cost", "extended wholesale cost", "line cost", "cost of goods",
                 "cogs")),
    (Role.QUANTITY, ("quantity", "order quantity", "quantity sold", "quantity ordered", "unit", "item quantity",
                     "unit quantity", "unit sold", "number of unit", "seat", "nights", "license count", "seat count",
                     "item count", "sale quantity", "unit count")),
)  # fmt: skip
_NOT_IN_A_BILL = frozenset(
    "min max minimum maximum average median limit budget target return returned per hand".split()
)
_EXACT = frozenset({Role.UNIT_PRICE, Role.QUANTITY, Role.TOTAL, Role.DISCOUNT, Role.TAX, Role.LIST_PRICE, Role.EXTRA})
_ONE_MORE = 1


@dataclass(frozen=True)
class Bill:
    """The numbers of a table by their parts in its bill, in the table's order."""

    columns: dict[Role, tuple[ColumnSchema, ...]]

    def all(self, role: Role) -> tuple[ColumnSchema, ...]:
        """Return all columns of a role."""
        return self.columns.get(role, ())

    def one(self, *roles: Role) -> ColumnSchema | None:
        """Return the only column of the first role that has one; None where a role has several."""
        found = next((self.all(role) for role in roles if self.all(role)), ())
        return found[0] if len(found) == 1 else None

    def first(self, *roles: Role) -> ColumnSchema | None:
        """Return the first column of the first role that has any."""
        return next((self.all(role)[0] for role in roles if self.all(role)), None)


def read_bill(table: TableSchema, columns: Sequence[ColumnSchema]) -> Bill:
    """Return the bill of a table, from the names and types of its numbers."""
    found: dict[Role, list[ColumnSchema]] = {}
    for column in columns:
        role = role_of(table, column) if column.foreign_key is None and not table.is_unique(column) else None
        if role is not None and not (role is Role.QUANTITY and column.rollup is not None):
            found.setdefault(role, []).append(column)
    _settle_bare_names(table, found)
    if found.get(Role.QUANTITY) and found.get(Role.UNIT_PRICE) and not found.get(Role.LINE_TOTAL):
        bare = [column for column in columns if _is_bare_amount(table, column)]
        found |= {Role.LINE_TOTAL: bare} if bare and not found.get(Role.TOTAL) else {}
    return Bill({role: tuple(listed) for role, listed in found.items()})


def role_of(table: TableSchema, column: ColumnSchema) -> Role | None:
    """Return the part of one number, by its name and type alone; None for a number that is in no bill."""
    if column.type.kind not in NUMERIC:
        return None
    short, whole = number_words(column.name, table.name), number_words(column.name, "")
    if _NOT_IN_A_BILL & set(short):
        return None
    role = _role_of_words(short)
    if role is Role.QUANTITY and column.type.kind is Kind.FLOAT:
        role = None
    if role is None and whole != short:
        role = _role_of_words(whole)
    return None if role is Role.QUANTITY and column.type.kind is Kind.FLOAT else role


@lru_cache(maxsize=100_000)
def _role_of_words(words: tuple[str, ...]) -> Role | None:
    for role, endings in _ENDINGS:
        ending = next((ending for ending in endings if ends_with(words, ending)), None)
        if ending is None:
            continue
        if role in _EXACT and len(words) - len(ending.split()) > _ONE_MORE:
            return None
        return role
    return None


def holds_fractions(column: ColumnSchema) -> bool:
    """Return whether the type holds parts of one, and not much more: DECIMAL(4,2), DECIMAL(5,4)."""
    kind = column.type
    return kind.kind is Kind.DECIMAL and kind.scale >= 2 and (kind.precision or 38) - kind.scale <= 2


def _settle_bare_names(table: TableSchema, found: dict[Role, list[ColumnSchema]]) -> None:
    """Decide whether a bare `discount` or `tax` is a rate: by its type, or as in TPC-H, both beside no total."""
    has_total = any(found.get(role) for role in (Role.TOTAL, Role.SUBTOTAL))
    both = all(any(_is_bare(table, each) for each in found.get(role, [])) for role in (Role.DISCOUNT, Role.TAX))
    for amount, rate in ((Role.DISCOUNT, Role.DISCOUNT_RATE), (Role.TAX, Role.TAX_RATE)):
        bare = [column for column in found.get(amount, []) if _is_bare(table, column)]
        rates = [column for column in bare if holds_fractions(column) or (both and not has_total)]
        if rates and not found.get(rate):
            found[rate] = rates
            found[amount] = [column for column in found[amount] if column not in rates]


def _is_bare_amount(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether a number is what a line of quantity and price comes to, though its name says no more."""
    words = number_words(column.name, table.name)
    return column.type.kind in NUMERIC and words in (
        ("amount",),
        ("revenue",),
        ("sale",),
        ("value",),
        ("sale", "revenue"),
    )


def _is_bare(table: TableSchema, column: ColumnSchema) -> bool:
    return len(number_words(column.name, table.name)) == 1
