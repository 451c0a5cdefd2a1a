"""The kind of each table, from its name, columns and keys: a lookup, a calendar, a dimension, a fact, lines, ...

The kind says how many rows a table should have: a number of its own, or a number of rows for each row of its parents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.rules.name_words import singular, words, words_without_prefix
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.table_words import (
    DETAILS,
    ENDINGS,
    ENTITIES,
    EVENTS,
    HEADERS,
    LANDING_SCHEMAS,
    LAYERS,
    LOOKUPS,
    SETTINGS,
    SMALL_EVENTS,
)
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import TIMESTAMPS, Kind

CALENDAR_ROWS = 4383
"""The days from 2015 to 2026."""
EVENT_ROWS = 100_000
HEADER_ROWS = 50_000
LANDING_ROWS = 20_000
SUMMARY_ROWS = 10_000
DIMENSION_ROWS = 1000
_LOOKUP_COLUMNS = 8
_BRIDGE_COLUMNS = 7
_GLUED = 5
_DATE_PARTS = frozenset(
    "year quarter month week day dow doy weekday yr qtr mon wk fiscalyear calendaryear dayofweek dayofmonth dayofyear "
    "weekofyear monthofyear isoweek monthname dayname quartername holiday weekend moy dom yyyy mm dd monthnumber "
    "monthnum yearmonth".split()
)
_AUDIT_TIMES = frozenset("created updated modified inserted loaded deleted load etl dw ingested".split())
_FROM = frozenset(
    "valid from|effective from|effective date|effective start|start date|rec start date|from date|effective from date"
    "|row effective date|valid from date|effective ts|eff date|valid start".split("|")
)
_TO = frozenset(
    "valid to|effective to|expiration date|expiry date|effective end|end date|rec end date|to date|effective to date"
    "|row expiration date|valid to date|expiration ts|exp date|valid end|valid until".split("|")
)


class Role(StrEnum):
    """How the rows of a table relate to those of others."""

    FIXED = "fixed"
    """A number of its own that does not grow with the rest: lookups, calendars, settings."""
    ENTITY = "entity"
    """What things happen to: customers, products, stores."""
    EVENT = "event"
    """What happens: orders, payments, readings."""
    FOLLOWING = "following"
    """Some rows for each row of the largest parent: bridges, satellites, returns."""
    PLAIN = "plain"
    """Nothing is known; the table keeps the default."""


@dataclass(frozen=True)
class TableKind:
    """The role of a table, its rows (or for FOLLOWING its rows per row of the parent), and the reason."""

    role: Role
    rows: int
    because: str
    share: float = 1.0


def kind_of(table: TableSchema, graph: KeyGraph) -> TableKind:
    """Return the kind of a table."""
    return next(found for found in _kinds(table, graph) if found is not None)


def keeps_its_rows(schema: ExperimentSchema) -> set[str]:
    """Return the keys of the tables whose rows do not grow with the others: lookups, calendars and settings."""
    graph = KeyGraph(schema)
    return {table.key for table in schema.tables if kind_of(table, graph).role is Role.FIXED}


def stem(table: TableSchema) -> tuple[str, ...]:
    """Return the words of the table's name in the singular, without those of its layer: (order,) of `fact_orders`."""
    name = [_in_singular(word) for word in words(table.name)]
    while len(name) > 1 and name[0] in LAYERS:
        name = name[1:]
    while len(name) > 1 and name[-1] in ENDINGS:
        name = name[:-1]
    if name and len(name[-1]) > len("header") and name[-1].endswith("header"):
        name[-1] = name[-1].removesuffix("header")
    return tuple(name) or (table.name.casefold(),)


def layer(table: TableSchema) -> str:
    """Return what the affixes of the name say: dimension, fact, landing, hub, ...; empty for none."""
    name = [_in_singular(word) for word in words(table.name)]
    first = LAYERS.get(name[0], "") if len(name) > 1 else ""
    if first in ("hub", "link", "satellite") and len(name[0]) == 1 and not _is_vault(table):
        first = ""
    return first or (ENDINGS.get(name[-1], "") if len(name) > 1 else "")


def _in_singular(word: str) -> str:
    """Return the word in the singular: also status of statuses, branch of branches, and status of itself."""
    if word.endswith(("tuses", "sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("us", "is", "ss")) else singular(word)


def size_by_name(name: tuple[str, ...], sizes: dict[str, int]) -> tuple[str, int] | None:
    """Return the longest of `sizes` that ends the name, with its number; a long word may be glued: `vehicleclass`."""
    phrases = [" ".join(name[start:]) for start in range(len(name))]
    last = name[-1]
    glued = [last[start:] for start in range(1, len(last) - _GLUED + 1)]
    return next(((phrase, sizes[phrase]) for phrase in [*phrases, *glued] if phrase in sizes), None)


def is_event(name: tuple[str, ...]) -> bool:
    """Return whether the last word of a name is that of an event, or ends with it: `gamesession`."""
    last = name[-1]
    return last in EVENTS or any(last[start:] in EVENTS for start in range(1, len(last) - _GLUED + 1))


def _kinds(table: TableSchema, graph: KeyGraph) -> Iterator[TableKind | None]:
    """Yield what the table may be, the surest first."""
    name, said = stem(table), layer(table)
    yield _as_clock(table, name)
    yield _as_calendar(table, name)
    if SETTINGS & set(name[-1:]) and not graph.parents(table):
        yield TableKind(Role.FIXED, 20, "Settings or control data: a few rows.")
    yield _as_vault(table, name, said, graph)
    if said == "bridge" or _is_bridge(table):
        yield TableKind(Role.FOLLOWING, 3, "A bridge between tables: 3 rows for each row of the larger parent.")
    if said == "lookup":
        _, rows = size_by_name(name, LOOKUPS) or ("", 20)
        yield TableKind(Role.FIXED, rows, "A lookup, by its name.")
    if said != "fact":
        yield _as_lookup(table, name, graph)
    if said == "landing" or (table.schema_name or "").casefold() in LANDING_SCHEMAS:
        yield _as_landing(name)
    yield _as_history(table, name, said)
    if said == "fact":
        yield _as_event(name, graph.is_referenced(table), "A fact table, by its name.")
    if said == "summary":
        yield TableKind(Role.EVENT, SUMMARY_ROWS, "A summary: fewer rows than what it sums up.")
    if said == "dimension":
        yield _as_entity(name) or TableKind(Role.ENTITY, DIMENSION_ROWS, "A dimension, by its name.")
    if name[-1] in SMALL_EVENTS and graph.parents(table):
        yield TableKind(Role.FOLLOWING, 1, f"Only some rows have a {name[-1]}: a tenth of the parent's.", 0.1)
    if len(name) > 1 and name[-1] in DETAILS and (name[-2] in EVENTS or name[-2] in HEADERS):
        yield _as_event(name, graph.is_referenced(table), f"Lines ({' '.join(name)}), by the name.")
    if not _is_child_with_times(table, graph):
        yield _as_entity(name)
    if is_event(name):
        yield _as_event(name, graph.is_referenced(table), f"Events ({name[-1]}), by the name.")
    yield _as_entity(name)
    if not graph.parents(table) and EVENTS & {*name} and _times(table):
        yield _as_event(name, graph.is_referenced(table), "Events, by the name and a time.")
    yield _by_keys(table, graph)


def _as_clock(table: TableSchema, name: tuple[str, ...]) -> TableKind | None:
    parts = _part_words(table)
    if "hour" not in parts or name[-1] not in ("time", "clock", "hour", "minute", "second", "day"):
        return None
    unit, rows = ("hour", 24) if "minute" not in parts else ("minute", 1440)
    if "second" in parts:
        unit, rows = "second", 86_400
    return TableKind(Role.FIXED, rows, f"Times of day: one row for each {unit} of a day.")


def _as_calendar(table: TableSchema, name: tuple[str, ...]) -> TableKind | None:
    parts = _part_words(table) & _DATE_PARTS
    is_named = name[-1] in ("date", "calendar", "day", "month", "week") or "calendar" in name
    has_date = any(column.type.kind is Kind.DATE for column in table.columns)
    if len(parts) < 2 or not (has_date or is_named) or len(parts) * 4 < len(table.columns) - 4:
        return None
    if name[-1] == "month" and "day" not in parts:
        return TableKind(Role.FIXED, 144, "A calendar of months: 12 years.")
    if len(parts) < 3 and not is_named:
        return None
    return TableKind(Role.FIXED, CALENDAR_ROWS, "A calendar: one row a day, 12 years.")


def _part_words(table: TableSchema) -> set[str]:
    """Return the words of the columns' names, and the whole names without a prefix of the table."""
    found: set[str] = set()
    for column in table.columns:
        split = words_without_prefix(column.name, table.name)
        found |= {*split, "".join(split)}
    return found


def _as_lookup(table: TableSchema, name: tuple[str, ...], graph: KeyGraph) -> TableKind | None:
    """Return the kind of a table with few columns and the name of a lookup, which refers to lookups at most."""
    found = size_by_name(name, LOOKUPS)
    entity = size_by_name(name, ENTITIES)
    is_longer = entity is not None and found is not None and len(entity[0].split()) > len(found[0].split())
    if found is None or is_longer or len(table.columns) > _LOOKUP_COLUMNS or _times(table) > 1:
        return None
    if any(size_by_name(stem(parent), LOOKUPS) is None for parent in graph.parents(table)):
        return TableKind(Role.FOLLOWING, 3, f"A list ({found[0]}) of its parent: 3 rows for each row there.")
    return TableKind(Role.FIXED, found[1], f"A lookup ({found[0]}): as small as what it holds.")


def _as_entity(name: tuple[str, ...]) -> TableKind | None:
    found = size_by_name(name, ENTITIES)
    return None if found is None else TableKind(Role.ENTITY, found[1], f"A dimension ({found[0]}), by its name.")


def _as_event(name: tuple[str, ...], is_referenced: bool, because: str) -> TableKind:
    return TableKind(Role.EVENT, HEADER_ROWS if is_referenced else EVENT_ROWS, because)


def _as_landing(name: tuple[str, ...]) -> TableKind:
    found = size_by_name(name, LOOKUPS) or size_by_name(name, ENTITIES)
    rows = LANDING_ROWS if found is None or is_event(name) else min(found[1], LANDING_ROWS)
    return TableKind(Role.EVENT if found is None else Role.ENTITY, rows, "A landing table: like what it holds.")


def _as_history(table: TableSchema, name: tuple[str, ...], said: str) -> TableKind | None:
    """Return the kind of a table of versions: from a date to a date, with a flag of the current one or by its name."""
    names = {" ".join(words_without_prefix(column.name, table.name)) for column in table.columns}
    has_span = bool(names & _FROM and names & _TO)
    has_flag = any("current" in each.split() for each in names)
    if not has_span or not (has_flag or said in ("dimension", "history")):
        return None
    _, rows = size_by_name(name, ENTITIES) or size_by_name(name, LOOKUPS) or ("", DIMENSION_ROWS)
    return TableKind(Role.ENTITY, 2 * rows, "Versions of a dimension: 1 to 3 for each of its things.")


def _as_vault(table: TableSchema, name: tuple[str, ...], said: str, graph: KeyGraph) -> TableKind | None:
    if not _is_vault(table):
        return None
    if said == "hub":
        rows, because = _largest_by_words(name[-1:]), "A hub: one row for each business key."
        return TableKind(Role.EVENT if is_event(name) else Role.ENTITY, rows, because)
    if said == "link":
        if graph.parents(table):
            return TableKind(Role.FOLLOWING, 1, "A link: one row for each row of its largest hub.")
        return TableKind(Role.EVENT, 2 * _largest_by_words(name), "A link: more rows than its hubs.")
    if said == "satellite":
        if graph.parents(table):
            return TableKind(Role.FOLLOWING, 2, "A satellite: about 2 versions for each row of its parent.")
        return TableKind(Role.ENTITY, 2 * _largest_by_words(name), "A satellite: about 2 versions for each key.")
    return None


def _largest_by_words(name: tuple[str, ...]) -> int:
    """Return the rows of the largest thing that the name names: a satellite `order_status` is as large as orders."""
    sizes = [HEADER_ROWS if word in EVENTS else ENTITIES.get(word, 0) for word in name]
    return max(sizes) or DIMENSION_ROWS


def _is_vault(table: TableSchema) -> bool:
    """Whether the columns are those of a Data Vault: hash keys, load dates, record sources."""
    endings = [tuple(words(column.name)) for column in table.columns]
    return any(
        {"hk", "hkey", "hashkey", "hsh", "rsrc"} & set(name) or name[-2:] in (("record", "source"), ("hash", "key"))
        for name in endings
    )


def _is_bridge(table: TableSchema) -> bool:
    """Whether a key of the table consists of foreign keys to two or more tables, and little follows it."""
    referring = {name.casefold(): key.references_table for key in table.foreign_keys for name in key.columns}
    referring |= {
        column.name.casefold(): column.foreign_key.references_table for column in table.columns if column.foreign_key
    }
    for group in [*table.composite_keys, table.primary_key]:
        targets = [referring.get(name.casefold()) for name in group]
        if None not in targets and len({*targets}) > 1 and len(table.columns) <= len(group) + _BRIDGE_COLUMNS:
            return True
    return False


def _times(table: TableSchema) -> int:
    """Return the number of dates and timestamps that say when something happened, not when a row was written."""
    return sum(_is_time(column) and not _AUDIT_TIMES & set(words(column.name)) for column in table.columns)


def _is_time(column: ColumnSchema) -> bool:
    return column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS


def _is_child_with_times(table: TableSchema, graph: KeyGraph) -> bool:
    """Whether the table refers to another and says when: events rather than things, such as scans of an item."""
    return bool(graph.parents(table)) and _times(table) > 0 and stem(table)[-1] in EVENTS


def _by_keys(table: TableSchema, graph: KeyGraph) -> TableKind:
    parents = graph.parents(table)
    is_referenced = graph.is_referenced(table)
    if not parents:
        if is_referenced:
            return TableKind(Role.ENTITY, DIMENSION_ROWS, "A dimension: other tables refer to it.")
        return TableKind(Role.PLAIN, DIMENSION_ROWS, "The default.")
    if is_referenced and len(parents) > 1 and _times(table):
        return TableKind(Role.EVENT, HEADER_ROWS, "Events that others refer to: it has parents and a time.")
    if is_referenced:
        return TableKind(Role.FOLLOWING, 3, "In the middle of the keys: 3 rows for each row of its largest parent.")
    if len(parents) > 1 or _times(table):
        return TableKind(Role.EVENT, EVENT_ROWS, "A fact table: it refers to others, and none to it.")
    return TableKind(Role.FOLLOWING, 3, "It refers to one table: 3 rows for each row there.")
