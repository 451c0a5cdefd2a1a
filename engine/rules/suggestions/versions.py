"""Versions of things: dimensions of type 2, whose natural key has a row for each span of time, and satellites.

The versions of a natural key share it and what does not change; each is valid until the next one begins, and the last
one is current. The versions of a satellite belong to a hub, and their load dates rise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.rules.name_words import singular, words, words_without_prefix
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_kinds import layer, stem
from engine.rules.suggestions.text_codes import code_pattern
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_SPANS = frozenset("valid effective eff rec record row scd dbt version validity".split())
_STARTS = frozenset("from start begin since".split())
_ENDS = frozenset("to end until thru through expiration expiry expires exp expired".split())
_SURE_KEYS = (("bk",), ("nk",), ("business", "key"), ("natural", "key"), ("durable", "key"), ("source", "key"))
_KEY_ENDINGS = frozenset("id code no number num nbr cd key".split())
_KEPT = (
    """name first last full middle given family birth born dob gender sex email username brand sku ean upc isbn barcode
    manufacturer hire hired created signup registered opened launch launched nationality ssn"""
).split()
_CHANGING = frozenset("updated modified loaded valid effective city country state street region".split())
_LOADS = frozenset("load loaded ldts ldt applied".split())
_TIMED = frozenset(
    """contract policy coupon promotion promo offer agreement license licence subscription lease campaign price rate
    membership employment assignment plan voucher warranty""".split()
)
_FOREVER = "9999-12-31"
_ROWS = (1, 3)


@dataclass(frozen=True)
class _History:
    """The columns of a table of versions."""

    key: ColumnSchema
    start: ColumnSchema
    end: ColumnSchema | None
    current: ColumnSchema | None
    version: ColumnSchema | None


def suggest_versions(draft: SchemaDraft) -> None:
    """Suggest consecutive versions for dimensions of type 2, and rising load dates for satellites."""
    for table in draft.tables:
        if table.rows or draft.given_rows(table):
            continue
        history = _history_of(draft, table)
        if history is not None:
            _suggest_history(draft, table, history)
        else:
            _suggest_satellite(draft, table)


def _history_of(draft: SchemaDraft, table: TableSchema) -> _History | None:
    columns = [column for column in draft.columns(table) if column.foreign_key is None and not table.is_unique(column)]
    current = next((column for column in columns if _is_current(column)), None)
    version = next((column for column in columns if _is_version(column)), None)
    is_marked = current is not None or version is not None
    is_dimension = layer(table) in ("dimension", "history") or _has_surrogate(table)
    is_sure = is_marked or (is_dimension and not _TIMED & {*stem(table)})
    start = next((column for column in columns if _bound(column, table, _STARTS, is_marked=is_marked)), None)
    end = next((column for column in columns if _bound(column, table, _ENDS, is_marked=is_marked)), None)
    if start is None or (end is None and current is None) or (start is end):
        return None
    found = list(_natural_keys(draft, table, columns))
    sure = [column for column in found if _ends(words(column.name), _SURE_KEYS)]
    if not (sure or (found and is_sure)) or not _has_key(table, (sure or found)[0]):
        return None
    return _History((sure or found)[0], start, end, current, version)


def _has_surrogate(table: TableSchema) -> bool:
    """Whether the key of a row is named as one that the warehouse makes, such as `item_sk`."""
    return any(table.is_unique(column) and words(column.name)[-1:] == ("sk",) for column in table.columns)


def _has_key(table: TableSchema, key: ColumnSchema) -> bool:
    """Whether a row has a key beside the natural one: a surrogate key, or the natural key with another column."""
    if any(table.is_unique(column) for column in table.columns):
        return True
    return any(key.name.casefold() in map(str.casefold, group) for group in table.composite_keys)


def _natural_keys(draft: SchemaDraft, table: TableSchema, columns: list[ColumnSchema]) -> Iterator[ColumnSchema]:
    """Yield the columns that may be the natural key: free, and named as one of the table's thing."""
    subject = {*stem(table), *(singular(word) for word in words(table.name))}
    for column in columns:
        kind, name = column.type, words(column.name)
        fits = kind.kind is Kind.TEXT or (kind.kind in (Kind.INTEGER, Kind.DECIMAL) and kind.scale == 0)
        if not fits or not name or not draft.is_in_key_only(table, column.name):
            continue
        if _ends(name, _SURE_KEYS):
            if subject & {*name} or len(name) <= 2:
                yield column
        elif name[-1] in _KEY_ENDINGS:
            bare = words_without_prefix(column.name, table.name)[:-1]
            if not {*bare} - subject - {"source", "natural", "business"}:
                yield column


def _ends(name: tuple[str, ...], endings: tuple[tuple[str, ...], ...]) -> bool:
    return any(name[-len(ending) :] == ending for ending in endings)


def _is_current(column: ColumnSchema) -> bool:
    name = {*words(column.name)}
    short = column.type.kind is Kind.TEXT and (column.type.length or 99) <= 3
    is_flag = column.type.kind is Kind.BOOLEAN or short or column.type.kind in NUMERIC
    return (
        is_flag
        and bool(name & {"current", "latest", "curr"})
        and len(name - {"is", "flag", "ind", "row", "record"}) < 3
    )


def _is_version(column: ColumnSchema) -> bool:
    name = words(column.name)
    is_whole = column.type.kind in (Kind.INTEGER, Kind.DECIMAL) and column.type.scale == 0
    return (
        is_whole and "version" in name and {*name} <= {"version", "row", "record", "no", "number", "num", "nbr", "scd"}
    )


def _bound(column: ColumnSchema, table: TableSchema, sides: frozenset[str], *, is_marked: bool) -> bool:
    """Whether a date or timestamp is the start, or the end, of a version's span."""
    if column.type.kind is not Kind.DATE and column.type.kind not in TIMESTAMPS:
        return False
    name = words_without_prefix(column.name, table.name)
    found = {*name}
    is_bare = {*name} <= {*_STARTS, *_ENDS, "date", "ts", "dt", "at", "time", "timestamp"}
    if not (found & _SPANS or (is_marked and is_bare)):
        return False
    if found & _STARTS or found & _ENDS:
        return bool(found & sides)
    return sides is _STARTS and bool(found & {"effective", "eff"})


def _suggest_history(draft: SchemaDraft, table: TableSchema, history: _History) -> None:
    key = history.key
    change: dict[str, object] = {"groups": _ROWS, **_filled(key)}
    if key.type.kind is Kind.TEXT:
        length = 40 if key.type.length is None else key.type.length
        change["pattern"] = code_pattern(table, words(key.name)[:-1] or words(key.name), length, is_unique=True)
    because = f"{_ROWS[0]} to {_ROWS[1]} versions of each."
    starts = {"rising_within": key.name, **_filled(history.start)}
    if not draft.can_suggest(table, history.start.name) or not draft.suggest_in_key(table, key.name, change, because):
        return
    draft.suggest_in_key(table, history.start.name, starts, f"Versions of a {key.name} begin one after the other.")
    _suggest_span(draft, table, history)
    if history.version is not None:
        counts = {"line_number_of": key.name, **_filled(history.version)}
        draft.suggest_in_key(table, history.version.name, counts, f"It counts the versions of a {key.name}.")
    for column in draft.columns(table):
        name = {*words(column.name)}
        if name & {*_KEPT} and not name & _CHANGING and column.foreign_key is None:
            draft.suggest_same(table, column.name, key.name, f"The same in all versions of a {key.name}.")


def _suggest_span(draft: SchemaDraft, table: TableSchema, history: _History) -> None:
    """Suggest when a version ends, and whether it is the last one."""
    owner = sql_name(history.key.name)
    if history.end is not None:
        ends = {"expression": _end_sql(history, owner), **_undefaulted(history.end)}
        draft.suggest(table, history.end.name, ends, "The next version begins then.")
    if history.current is not None:
        sql = _flag_sql(history.current, f"{owner}.line = {owner}.count")
        change = {"expression": sql, **_undefaulted(history.current)}
        draft.suggest(table, history.current.name, change, "The last version.")


def _end_sql(history: _History, owner: str) -> str:
    end, start = history.end, history.start
    assert end is not None
    following = f"{owner}.next.{sql_name(start.name)}"
    if end.type.kind is Kind.DATE:
        sql = f"{following} - 1" if start.type.kind is Kind.DATE else f"cast({following} as date)"
    else:
        sql = following if start.type.kind in TIMESTAMPS else f"cast({following} as timestamp)"
    if end.is_nullable:
        return sql
    forever = f"date '{_FOREVER}'" if end.type.kind is Kind.DATE else f"timestamp '{_FOREVER} 00:00:00'"
    return f"coalesce({sql}, {forever})"


def _flag_sql(column: ColumnSchema, condition: str) -> str:
    if column.type.kind is Kind.BOOLEAN:
        return condition
    yes, no = ("'Y'", "'N'") if column.type.kind is Kind.TEXT else ("1", "0")
    return f"case when {condition} then {yes} else {no} end"


def _filled(column: ColumnSchema) -> dict[str, object]:
    """Return the keys that fill a column in every row by its rule alone."""
    return {**({"null_fraction": 0.0} if column.is_nullable else {}), **_undefaulted(column)}


def _undefaulted(column: ColumnSchema) -> dict[str, object]:
    """Return the keys that replace a DEFAULT, which holds for rows that do not say what the rule says."""
    return {} if column.default_value is None else {"default_value": None, "default_fraction": None}


def _suggest_satellite(draft: SchemaDraft, table: TableSchema) -> None:
    """Suggest a few versions for each row of a hub, with rising load dates, where both are the key."""
    for group in table.composite_keys:
        columns = [draft.column(table, name) for name in group]
        keys = [column for column in columns if column.foreign_key is not None]
        loads = [
            column
            for column in columns
            if (column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS)
            and ({*words(column.name)} & (_LOADS | _SPANS) or layer(table) == "satellite")
        ]
        if len(columns) != 2 or len(keys) != 1 or len(loads) != 1:
            continue
        because = f"{_ROWS[0]} to {_ROWS[1]} versions of each."
        is_open = draft.can_suggest(table, loads[0].name)
        if is_open and draft.suggest_key(table, keys[0].name, {"fan_out": _ROWS}, because):
            rises = {"rising_within": keys[0].name, **_filled(loads[0])}
            draft.suggest_in_key(table, loads[0].name, rises, f"Versions of a {keys[0].name} follow each other.")
            _suggest_ends(draft, table, keys[0], loads[0])


def _suggest_ends(draft: SchemaDraft, table: TableSchema, key: ColumnSchema, start: ColumnSchema) -> None:
    """Suggest the end and the flag of the versions of a satellite."""
    others = [column for column in draft.columns(table) if column.foreign_key is None and column.name != start.name]
    current = next((column for column in others if _is_current(column)), None)
    ends = (column for column in others if {*words(column.name)} & _LOADS and {*words(column.name)} & _ENDS)
    spans = (column for column in others if _bound(column, table, _ENDS, is_marked=current is not None))
    end = next((column for column in (*ends, *spans) if column.type.kind in (Kind.DATE, *TIMESTAMPS)), None)
    _suggest_span(draft, table, _History(key, start, end, current, None))
