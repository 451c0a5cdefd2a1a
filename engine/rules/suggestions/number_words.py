"""The words of names of numbers: glued ones are split, and what only tells the currency is left out.

`l_extendedprice`, `TotalPriceUSD`, `order_total_amt` give (extended, price), (total, price), (order, total, amount).
A glued word is split only where all of it is known, so that `separate` stays whole.
"""

from __future__ import annotations

from functools import lru_cache

from engine.rules.name_words import split_glued, words, words_without_prefix
from engine.rules.suggestions.name_endings import split_endings

_SPELLINGS = {
    "amt": "amount", "amts": "amount", "amnt": "amount", "amounts": "amount", "qty": "quantity", "qnty": "quantity",
    "quantities": "quantity", "disc": "discount", "discounts": "discount", "pct": "percent", "perc": "percent",
    "percentage": "percent", "prc": "price", "prices": "price", "pricing": "price", "costs": "cost", "taxes": "tax",
    "vat": "tax", "gst": "tax", "ext": "extended", "extd": "extended", "tot": "total", "totals": "total",
    "cnt": "count", "counts": "count", "num": "number", "nbr": "number", "no": "number", "nr": "number",
    "rev": "revenue", "revenues": "revenue", "bal": "balance", "avg": "average", "mean": "average",
    "std": "standard", "fees": "fee", "tips": "tip", "fares": "fare", "sales": "sale", "sls": "sale", "chg": "charge",
    "charges": "charge", "pmt": "payment", "payments": "payment", "pay": "payment", "prem": "premium",
    "comm": "commission",
    "int": "interest", "curr": "current", "cur": "current", "avail": "available", "orig": "original", "wt": "weight",
    "len": "length", "dur": "duration", "temp": "temperature", "lat": "latitude", "msrp": "list", "rrp": "list",
    "toll": "tolls", "ship": "shipping", "shipment": "shipping", "surcharges": "surcharge", "duties": "duty",
    "retail": "retail", "sellprice": "price", "subtot": "subtotal", "units": "unit", "seats": "seat",
}  # fmt: skip
_CURRENCIES = frozenset(
    "usd eur gbp local lcy cents cent micros pence dollars euros chf jpy cad aud currency ccy".split()
)
_VOCABULARY = frozenset(
    """amount amt price cost total sub tax vat discount disc percent pct rate net gross list retail unit sale sales
    extended ext line item order quantity qty fee fare tip tolls shipping freight margin profit revenue wholesale base
    final paid due balance value salary annual monthly daily hourly nightly premium commission interest deposit
    estimated actual purchase selling cost count number units score rating level percent ratio usd eur gbp cents
    weight length height width duration seconds minutes hours open high low close average min max grand standard
    budget spend payment credit debit limit income member session heart points stock supply acct avail current
    original review star room city churn conversion click view page win loss""".split()
)
_SHORTEST_GLUED = 6


@lru_cache(maxsize=100_000)
def number_words(name: str, table: str) -> tuple[str, ...]:
    """Return the words of a number's name in one spelling, without the table's prefix and without a currency."""
    short = words_without_prefix(name, table)
    found = [piece for word in short for piece in _pieces(word)]
    spelled = [_SPELLINGS.get(word, word) for word in found]
    joined: list[str] = []
    for word in spelled:
        if joined and joined[-1] == "sub" and word == "total":
            joined[-1] = "subtotal"
        else:
            joined.append(word)
    plain = [word for word in joined if word not in _CURRENCIES]
    return tuple(plain or joined)


@lru_cache(maxsize=100_000)
def is_in_cents(name: str) -> bool:
    """Return whether a name says that the number counts cents."""
    return any(word in ("cents", "cent", "pence") for word in words(name))


def ends_with(found: tuple[str, ...], *endings: str) -> bool:
    """Return whether the words end with those of one of the endings: `unit price`."""
    return split_endings(*endings).end(found)


def _pieces(word: str) -> list[str]:
    return split_glued(word, _VOCABULARY) if len(word) >= _SHORTEST_GLUED and word not in _VOCABULARY else [word]
