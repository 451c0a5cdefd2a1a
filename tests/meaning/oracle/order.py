"""Order of pairs and chains: what starts before it ends, what is ordered before it is shipped, a min below its max."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judge_rows
from tests.meaning.oracle.reading import Column, Table

KIND = "order"
_TYPE_WORDS = frozenset("date datetime time timestamp ts dt at on utc tz ntz ltz dttm local day".split())

# Stages in their order, apart by `<`; a stage has several words, apart by commas. `_` stands for a space.
_TIMES = """
    start,begin,started,starts,starting,beginning,from < end,finish,ended,ends,stop,ending,finished,completed,to
    in < out
    checkin,check_in < checkout,check_out
    clock_in < clock_out
    valid_from < valid_to,valid_until,valid_thru
    effective,eff < expiration,expiry,exp,expires,expired,expire
    effective_from,effective < effective_to
    active_from < active_to
    issue,issued,invoice,bill,billing,billed < due
    open,opened < closed,close,resolved
    pickup,pick_up,picked_up < dropoff,drop_off,dropped_off
    admission,admit,admitted < discharge,discharged
    hire,hired,joined,join < termination,terminated,separation,leave
    birth,birthdate,born < death,deceased
    enrollment,enrolled,enrolment < graduation,graduated,withdrawal
    placed,order,ordered,purchase,purchased < paid,payment
    placed,order,ordered,purchase,purchased < ship,shipped,dispatched < receipt,received,deliver,delivery,delivered
    placed,order,ordered,purchase,purchased,ship,shipped < return,returned
    ordered < served
    order < commit
    ordered < cancelled,canceled
    requested,request < accepted,accept < picked_up,pickup < delivered,dropped_off,dropoff,delivery
    requested,request < approved,approval
    submitted < reviewed < approved,decided
    sent < delivered < opened < clicked
    scheduled,booked,booking < departed,completed
    created,create,creation,inserted < updated,update,modified,last_updated,last_modified,changed,edited
    created,create,creation < closed,deleted,archived,completed,resolved,published,cancelled
    created < expires
    event,occurred < received < ingested,loaded,processed
    extracted < loaded
    queued < started < finished,completed,ended
    first < last
    first_seen < last_seen
    earliest < latest
    trade < settlement,settle
    origination < maturity
    impression < click < conversion
    manufactured,manufacture < expiry,expiration
"""
_JOURNEYS = "departure,departed,depart < arrival,arrived,arrive"
_STAYS = "arrival,arrived,arrive < departure,departed,depart"
_STAY_WORDS = frozenset("room rooms guest guests hotel night nights stay lodging accommodation villa".split())
_NUMBERS = """
    min,minimum,lowest < max,maximum,highest
    low < high
    lower < upper
    min < avg,average,mean < max
    p50 < p75 < p90 < p95 < p99
    net < gross
"""
_PAIRS_OF_PRICES = """
    cost,unit_cost,wholesale_cost,standard_cost < price,unit_price,list_price,retail_price,msrp
    supply_cost,purchase_cost < price,unit_price,list_price,retail_price
    wholesale_cost < sales_price
    sale_price,sales_price,net_price,discounted_price,selling_price < list_price,retail_price,msrp
    sale_price,discounted_price < regular_price,original_price,price
"""
_AMOUNT_WORDS = frozenset("amount amt value price cost revenue".split())
_KEYS = ("id", "key", "sk")
_SHARE_OF_PRICES = 0.9  # A clearance may sell below its cost.


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the pairs of columns that one chain of names orders."""
    for table in tables:
        times = [column for column in table.columns if column.is_temporal or column.family == "time"]
        numbers = [
            column for column in table.columns if column.is_numeric and column.words[-1] not in ("id", "key", "sk")
        ]
        yield from _judge_chains(table, times, _TIMES, _TYPE_WORDS, 1.0)
        yield from _judge_chains(table, times, _STAYS if _is_stay(table) else _JOURNEYS, _TYPE_WORDS, 1.0)
        yield from _judge_chains(table, numbers, _NUMBERS, _AMOUNT_WORDS, 1.0)
        yield from _judge_chains(table, numbers, _PAIRS_OF_PRICES, frozenset(), _SHARE_OF_PRICES)
        yield from _judge_bars(table)
        yield from _judge_totals(table)


def _is_stay(table: Table) -> bool:
    """Whether guests arrive before they leave, as in a hotel; a journey departs before it arrives."""
    return any(_STAY_WORDS.intersection(words) for words in (table.words, *(column.words for column in table.columns)))


def _judge_chains(
    table: Table, columns: list[Column], chains: str, ignored: frozenset[str], share: float
) -> Iterator[Judgement]:
    done: set[tuple[str, str]] = set()
    for chain in filter(None, (line.strip() for line in chains.splitlines())):
        stages = [[tuple(word.split("_")) for word in stage.strip().split(",")] for stage in chain.split("<")]
        by_stem: dict[tuple[tuple[str, ...], str], dict[int, Column]] = {}
        for column in columns:
            for stage, names in enumerate(stages):
                stem = _stem(column, names, ignored)
                if stem is not None:
                    by_stem.setdefault((stem, _group(column)), {}).setdefault(stage, column)
        for found in by_stem.values():
            for first, second in pairwise(found[stage] for stage in sorted(found)):
                pair = (first.name, second.name)
                if pair in done or pair[0] == pair[1]:
                    continue
                done.add(pair)
                why = f"{first.name} <= {second.name}"
                yield from judge_rows(KIND, table, [first, second], _rows(first, second), _is_ordered, why, share=share)


def _stem(column: Column, names: list[tuple[str, ...]], ignored: frozenset[str]) -> tuple[str, ...] | None:
    """Return the words of a column without the stage's and those of its type; None where it is not of this stage."""
    words = tuple(word for word in column.words if word not in ignored)
    # "valid_from_date" keeps its "from"; "date_from" is a "from" without a stem.
    for name in sorted(names, key=len, reverse=True):
        for start in range(len(words) - len(name) + 1):
            if words[start : start + len(name)] == name:
                return words[:start] + words[start + len(name) :]
    return None


def _group(column: Column) -> str:
    return "moment" if column.is_temporal else column.family if column.family == "time" else "number"


def _rows(*columns: Column) -> list[tuple[Any, ...]]:
    """Return the rows in which no column is NULL."""
    return [row for row in zip(*(column.values for column in columns), strict=True) if None not in row]


def _is_ordered(row: tuple[Any, ...]) -> bool:
    first, second = row
    if isinstance(first, date) and isinstance(second, date) and type(first) is not type(second):
        first, second = _day(first), _day(second)
    if isinstance(first, time):
        return True  # A shift may end after midnight.
    return bool(first <= second)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _judge_bars(table: Table) -> Iterator[Judgement]:
    """Judge the open, high, low and close of a bar: the low is the lowest, the high the highest."""
    bar = [table.find(name, f"{name} price", f"{name} px") for name in ("open", "high", "low", "close")]
    columns = [column for column in bar if column is not None and column.is_numeric]
    if len(columns) == 4:
        is_right = lambda row: row[2] <= min(row[0], row[3]) and max(row[0], row[3]) <= row[1]  # noqa: E731
        yield from judge_rows(KIND, table, columns, _rows(*columns), is_right, "low <= open and close <= high")


def _judge_totals(table: Table) -> Iterator[Judgement]:
    """Judge that net and tax make the gross."""
    net = table.find("net", "net amount", "net amt", "subtotal", "sub total", "subtotal amount")
    tax = table.find("tax", "tax amount", "tax amt", "vat", "vat amount", "total tax")
    total = table.find("gross", "gross amount", "gross amt", "total", "total amount", "grand total", "order total")
    others = {"shipping", "tip", "fee", "discount", "freight", "discounts", "toll", "tolls", "surcharge", "extra"}
    has_others = any(others.intersection(column.words) and column.is_numeric for column in table.columns)
    columns = [column for column in (net, tax, total) if column is not None and column.is_numeric]
    if len(columns) == 3 and not has_others:
        is_right = lambda row: abs(row[0] + row[1] - row[2]) <= 0.02  # noqa: E731
        yield from judge_rows(KIND, table, columns, _rows(*columns), is_right, "net + tax = gross")
