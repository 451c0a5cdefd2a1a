"""Casts: text that stands for a number, a date, a timestamp, a flag or JSON casts to it, as a staging model would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import polars as pl

from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "casts"
_NUMBERS = """
    age amount amt balance cost count depth discount distance fare fee height humidity lat latitude length lng lon
    longitude
    pct percent percentage pressure price qty quantity ratio revenue salary subtotal tax temperature tip
    toll
    total voltage volume weight width
    """.split()
_COUNTS = frozenset("qty quantity count age".split())
_DATES = ("date", "dt", "dob", "birthdate", "day")
_MOMENTS = ("timestamp", "datetime", "ts", "at", "dttm")
_EPOCHS = ("epoch", "ms", "millis", "epoch ms", "unix", "unixtime")
_SPANS = frozenset("duration elapsed latency load response wait".split())
_JSON = ("json", "payload", "attributes", "properties", "metadata", "raw data", "raw json", "raw payload", "context")
_FLAGS = ("is", "has", "was", "can")
_FLAG_VALUES = "lower(trim(v)) in ('true', 'false', 't', 'f', 'y', 'n', 'yes', 'no', '0', '1')"
# "Amount type", "price list": the last word decides, but a unit or a label does not become a number.
_SHORT = 8


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the text columns whose names are those of numbers, dates, timestamps, flags and JSON."""
    for table in tables:
        for column in table.columns:
            expected = expected_cast(column)
            if expected is not None and column.present:
                test, why = expected
                wrong = _failing(column, test)
                rows = [(value,) for value in wrong or column.present]
                yield judgement(KIND, table, [column], not wrong, rows, why)


def expected_cast(column: Column) -> tuple[str, str] | None:
    """Return the SQL test of a value `v` and its meaning; None for a column that is text by its name."""
    if column.family != "text":
        return None
    words, length = column.words, column.length or 65535
    if words[0] in _FLAGS or ends_with(words, "flag"):
        return _FLAG_VALUES, "text of a flag"
    if ends_with(words, *_EPOCHS) and not _SPANS.intersection(words):
        return "regexp_full_match(v, '[0-9]{9,16}')", "text of an epoch"
    if ends_with(words, *_MOMENTS) and length >= 19:
        return "try_cast(v as timestamptz) is not null", "text of a timestamp"
    if ends_with(words, *_DATES) and length >= _SHORT and not ends_with(words, "week day", "of day"):
        is_compact = length < 10
        test = "try_strptime(v, '%Y%m%d') is not null" if is_compact else "try_cast(v as timestamptz) is not null"
        return test, "text of a date"
    if words[-1] in _COUNTS:
        return "try_cast(v as double) >= 0", "text of a count"
    if (words[-1] in _NUMBERS and words[0] != "normal") or (words[-1] == "ms" and _SPANS.intersection(words)):
        return "try_cast(replace(v, '%', '') as double) is not null", "text of a number"
    if ends_with(words, *_JSON) and length >= 64:
        return "json_valid(v)", "text of JSON"
    return None


def _failing(column: Column, test: str) -> list[str]:
    frame = pl.DataFrame({"v": column.present})
    with duckdb.connect() as connection:
        connection.register("found", frame)
        rows = connection.execute(f"select v from found where not coalesce({test}, false) limit 3").fetchall()
    return [row[0] for row in rows]
