"""Text that stands for another type, as landing tables keep it: numbers, dates, timestamps, flags, epochs and JSON.

The text casts to the type in both dialects, so that the models of a staging layer can read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.rules.name_words import words, words_without_prefix
from engine.rules.suggestions.column_names import ends_with, is_question, true_share
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

# min, max, endings of the name: a number wherever it is kept as text
_NUMBERS = (
    ("-60.000000", "70.000000", "latitude | lat"),
    ("-170.000000", "175.000000", "longitude | lng | lon"),
    ("320", "3840", "screen width | viewport width"),
    ("480", "2160", "screen height | viewport height"),
    ("1", "12", "quantity | qty | item count | seats"),
    ("0", "500", "stock quantity | stock | on hand"),
    ("18", "90", "age"),
    ("0.5000", "1.9000", "exchange rate | fx rate"),
    ("0", "40", "pct | percent | percentage"),
    ("0.00", "0.30", "tax rate | discount rate | vat rate | interest rate"),
    ("1.00", "500.00", "price | cost | fare | fee | toll | tip | freight"),
    ("0.00", "200.00", "tax | discount | tax amount | tax amt | vat amount | vat amt | discount amount | discount amt"),
    ("5.00", "2500.00", "amount | amt | total | subtotal | revenue | balance | charge | cash value"),
    ("100", "25000", "credit limit | limit amount"),
    ("30000", "180000", "salary | income | wage"),
    ("0.10", "80.00", "weight | height | width | length | depth | distance | volume | area"),
    ("-10.0", "40.0", "temperature | temp"),
    ("0.0", "100.0", "humidity | ratio | score"),
    ("980.0", "1040.0", "pressure"),
    ("210.0", "240.0", "voltage"),
    ("1", "1000", "count | cnt"),
)
# the same, but only in a table of texts
_NUMBERS_OF_FILES = (
    ("1", "9", "line number | line no | line nr | line num | sequence | seq | position | rank"),
    ("1", "100000", "row number | row num | record number | offset"),
    ("1", "5", "rating | stars"),
    ("0.01", "2.50", "rate"),
    ("2020", "2024", "year | yr"),
    ("1", "12", "month"),
    ("0", "23", "hour"),
    ("0", "10000", "views | clicks | impressions | visits | units | stock level | points"),
    ("1024", "50000000", "bytes | size bytes | file size"),
)
_UNITS = frozenset("kg g lb lbs oz km mi miles m cm mm ft usd eur gbp celsius fahrenheit kwh kw pct c f".split())
_SPANS = frozenset(
    "duration elapsed latency load response wait processing render lead cycle delivery zone travel".split()
)
_NO_DATES = frozenset("update candidate mandate validate consolidate".split())
_JSON = (
    "json | payload | attributes | properties | metadata | raw data | raw json | context | preferences | settings "
    "| event data | params | custom fields | extra data | tags json"
)
_LANDING = frozenset("raw stg staging landing src source load ingest ext bronze inbound".split())
_MOST_TEXT = 0.8
_SHORTEST_JSON = 90
_FEWEST_COLUMNS = 4


def suggest_text_types(draft: SchemaDraft) -> None:
    """Suggest text of the type that the name of a text column stands for."""
    for table in draft.tables:
        is_landing = is_table_of_texts(table)
        place = "in a table of texts" if is_landing else "but kept as text"
        for column in list(draft.free_columns(table)):
            if column.type.kind is not Kind.TEXT or table.is_unique(column):
                continue
            for kind, change in _changes(table, column, is_landing=is_landing):
                if draft.suggest(table, column.name, change, f'Named "{column.name}", {place}: {kind}.'):
                    break


def is_table_of_texts(table: TableSchema) -> bool:
    """Return whether a table holds what arrives as text: by its name, or because nearly all its columns are text."""
    own = [column for column in table.columns if not column.name.startswith("_")] or table.columns
    share = sum(column.type.kind is Kind.TEXT for column in own) / len(own)
    named = {*words(table.name), *words(table.schema_name or "")} & _LANDING
    return share >= (_MOST_TEXT / 2 if named else 1.0) and (bool(named) or len(own) >= _FEWEST_COLUMNS)


def _changes(table: TableSchema, column: ColumnSchema, *, is_landing: bool) -> Iterator[tuple[str, Change]]:
    name, length = words_without_prefix(column.name, table.name), column.type.length
    space = 65535 if length is None else length
    if is_question(column) or ends_with(name, "flag | indicator | opt in | opted in"):
        share = true_share(name)
        yes, no = ("true", "false") if space >= len("false") else ("Y", "N")
        yield "a boolean", {"values": [yes, no], "weights": [share, round(1 - share, 2)]}
    elif ends_with(name, "epoch | epoch ms | epoch s | epoch seconds | unix | unixtime | unix time | ms | millis"):
        yield from _epochs(name, space)
    elif ends_with(name, "timestamp | datetime | ts | dttm | dtm | at") or (is_landing and ends_with(name, "time")):
        yield from _moments("a timestamp", 1826, space)
    elif ends_with(name, "time") and not _SPANS & set(name) and space >= len("08:30"):
        yield "a time of day", {"expression": _clock(space)}
    elif _is_date(name):
        is_birth = bool({"birth", "dob", "birthdate", "birthday"} & set(name))
        yield from _dates("1945-01-01" if is_birth else "2020-01-01", 22000 if is_birth else 1826, space)
    elif ends_with(name, _JSON) and space >= _SHORTEST_JSON:
        yield "a JSON value", {"expression": _json(name)}
    else:
        yield from _numbers(name, space, is_landing=is_landing)


def _epochs(name: tuple[str, ...], space: int) -> Iterator[tuple[str, Change]]:
    if _SPANS & set(name):
        if space >= len("60000"):
            yield "a duration in milliseconds", _number("10", "60000")
    elif {"ms", "millis"} & set(name) and space >= len("1735603199999"):
        yield "an epoch in milliseconds", _number("1577836800000", "1735603199999")
    elif space >= 10:
        yield "an epoch in seconds", _number("1577836800", "1735603199")


def _is_date(name: tuple[str, ...]) -> bool:
    if ends_with(name, "date | dt | dob | birthdate | birthday"):
        return True
    glued = name[-1] if name else ""
    return (glued.endswith("date") and glued not in _NO_DATES) or (
        glued == "on" and len(name) > 1 and name[-2].endswith("ed")
    )


def _clock(space: int) -> str:
    form = "HH24:MI:SS" if space >= len("08:30:00") else "HH24:MI"
    return f"to_char(dateadd(second, uniform(0, 86399, random()), timestamp '2020-01-01 00:00:00'), '{form}')"


def _dates(first: str, days: int, space: int) -> Iterator[tuple[str, Change]]:
    day = f"dateadd(day, uniform(0, {days}, random()), date '{first}')"
    if space >= 8:
        form = "YYYY-MM-DD" if space >= 10 else "YYYYMMDD"
        yield "a date", {"expression": f"to_char({day}, '{form}')"}


def _moments(kind: str, days: int, space: int) -> Iterator[tuple[str, Change]]:
    if space < 19:
        yield from _dates("2020-01-01", days, space)
        return
    moment = f"dateadd(second, uniform(0, {days * 86_400 - 1}, random()), timestamp '2020-01-01 00:00:00')"
    yield kind, {"expression": f"to_char({moment}, 'YYYY-MM-DD HH24:MI:SS')"}


def _numbers(name: tuple[str, ...], space: int, *, is_landing: bool) -> Iterator[tuple[str, Change]]:
    """Yield the numbers that a name stands for, if all of them fit the column's length."""
    while len(name) > 1 and name[-1] in _UNITS and not ends_with(name, "discount pct"):
        name = name[:-1] if name[-1] != "pct" else ("pct",)
    lists = (*_NUMBERS, *_NUMBERS_OF_FILES) if is_landing else _NUMBERS
    found = [(low, high) for low, high, endings in lists if ends_with(name, endings)]
    found = [(low, high) for low, high in found if max(len(low), len(high)) <= space]
    yield from (("a number", _number(low, high)) for low, high in found)


def _number(low: str, high: str) -> Change:
    return {"expression": _drawn(low, high)}


def _json(name: tuple[str, ...]) -> str:
    """Return an expression of a JSON object with the keys that such a column is likely to have."""
    if {"item", "items", "line", "lines"} & set(name):
        parts = ['[{"sku": "A-', _drawn("1000", "9999"), '", "quantity": ', _drawn("1", "9"), ', "unit_price": ',
                 _drawn("1.00", "200.00"), "}]"]  # fmt: skip
    elif {"attributes", "metadata"} & set(name):
        parts = ['{"color": "', _one_of("black", "white", "blue"), '", "weight": ', _drawn("0.10", "20.00"), "}"]
    elif {"preferences", "settings"} & set(name):
        parts = ['{"language": "', _one_of("en", "de", "fr"), '", "newsletter": ', _one_of("true", "false"), "}"]
    else:
        parts = ['{"id": ', _drawn("1", "999999"), ', "source": "', _one_of("web", "app", "api"), '", "value": ',
                 _drawn("0.00", "500.00"), "}"]  # fmt: skip
    return " || ".join(part if place % 2 else f"'{part}'" for place, part in enumerate(parts))


def _drawn(low: str, high: str) -> str:
    return f"cast(uniform({low}, {high}, random()) as varchar)"


def _one_of(*texts: str) -> str:
    cases = ", ".join(f"{place}, '{text}'" for place, text in enumerate(texts, start=1))
    return f"decode(uniform(1, {len(texts)}, random()), {cases})"
