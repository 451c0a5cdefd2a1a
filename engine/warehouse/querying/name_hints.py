"""Messages and hints for unknown tables, columns and functions: the closest name, and where it exists.

The tables of the query and of the current experiment are suggested before those of other experiments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.errors import did_you_mean
from engine.schema.models import TableSchema
from engine.sql.spelling import KEYWORDS
from engine.sql.translation.functions.foreign_functions import FOREIGN_TO_DUCKDB, hint_for
from engine.warehouse.querying.allowed_functions import ALLOWED, ALLOWED_TABLE_FUNCTIONS
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.session import Session

_NAMES_SHOWN = 20
_NEARLY_THE_SAME = 0.75
_QUOTED_LIST = re.compile(r'Candidate (?:bindings|tables):\s*:?\s*((?:"(?:[^"]|"")*"(?:,\s*)?)+)')
_ASKED_TABLE = re.compile(r'Table "([^"]+)" does not have a column')
_SELECT = re.compile(r"\bselect\b", re.I)
_PART = re.compile(r'"(?:[^"]|"")*"|\w+')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_CANDIDATE = re.compile(r'"((?:[^"]|"")+)"|(\w+)"')
_WITH_NAME = re.compile(
    r"(?:\bwith|\brecursive|,)\s+(\w+)\s*(?:\([^()]*\)\s*)?as\s*(?:(?:not\s+)?materialized\s*)?\(", re.I
)
_ALIASED = re.compile(r"(?:\bfrom|\bjoin|,)\s+(?:\w+\.)*(\w+)\s+(?:as\s+)?(\w+)", re.I)
_SOURCE = re.compile(
    r"(?:\bfrom|\bjoin)\s+(?:\w+\.)*(\w+)(?:\s+(?:as\s+)?(?!(?:as|on|using|where|group|order|join|inner|left|right|full|"
    r"cross|natural|asof|limit|having|qualify|union|except|intersect|window)\b)(\w+))?",
    re.I,
)


_CALLED_WORDS = ("coalesce", "ifnull", "cast", "try_cast", "exists", "extract", "current_date", "current_timestamp")
"""Keywords that are called like functions but are not DuckDB functions."""


def explain_missing_table(name: str, session: Session, text: QueryText | None = None) -> tuple[str, str]:
    """Return the message and hint for an unknown or ambiguous table name."""
    bare = name.replace('"', "")
    for layout, is_current in session.layouts():
        both = layout.ambiguous.get(bare.lower())
        if both is not None and (is_current or bare.lower().startswith(layout.experiment.lower())):
            return f'"{bare}" is ambiguous: {both[0]} or {both[1]}.', "Use the full name."
    of_query = did_you_mean(bare, _WITH_NAME.findall(text.whole)) if text is not None else ""
    hint = of_query or _suggest_tables(bare, session.own_tables(), session.tables(), session.current)
    return f'There is no table "{bare}".', hint


def explain_missing_function(name: str) -> tuple[str, str]:
    """Return the message and hint for a function that DuckDB does not have."""
    known = [each for each in sorted(ALLOWED | ALLOWED_TABLE_FUNCTIONS) if each[0].isalpha()]
    near = _QUOTED.findall(did_you_mean(name, [*sorted(FOREIGN_TO_DUCKDB), *_CALLED_WORDS, *known]))
    hint = hint_for(near[0].upper(), "duckdb") or f"Did you mean {_quote(near[0])}?" if near else ""
    return f'There is no function "{name}".', hint


def explain_missing_source(name: str, message: str, text: QueryText, session: Session | None) -> tuple[str, str]:
    """Return the message and hint for an unknown table or alias in front of a column."""
    bare = name.rpartition(".")[2]
    sources = list(dict.fromkeys(_sources(message, text)))
    aliases = {source.lower(): alias for source, alias in _ALIASED.findall(text.whole) if alias in sources}
    hint = did_you_mean(bare, sources)
    if not hint:
        near = _QUOTED.findall(did_you_mean(bare, aliases))
        hint = f'Did you mean "{aliases[near[0]]}"? It is the alias of "{near[0]}".' if near else ""
    if not hint and session is not None:
        meant = _QUOTED.findall(did_you_mean(bare, [shown for shown, _ in session.named_tables()]))
        hint = f"{_quote(meant[0])} is not in FROM: join it." if meant else ""
    if not hint and sources:
        hint = f"The query reads {', '.join(map(_quote, sources[:_NAMES_SHOWN]))}."
    return f'Table or alias "{name}" is not in FROM.', hint


def _sources(message: str, text: QueryText) -> list[str]:
    """Return the table names and aliases of a query, DuckDB's candidates first."""
    _, _, listed = message.partition("Candidate tables:")
    near = [found[0] or found[1] for found in _CANDIDATE.findall(listed.split("LINE")[0])]
    read = [alias or source for source, alias in _SOURCE.findall(text.whole)]
    return [*near, *(each for each in read if each.upper() not in KEYWORDS)]


def name_at(text: QueryText, offset: int | None, name: str) -> str:
    """Return a table name as written at an offset, with its prefix."""
    if offset is None:
        return name
    written = re.match(r'(?:"(?:[^"]|"")*"|\w+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|\w+))*', text.whole[offset:])
    parts = [_unquote(part) for part in _PART.findall(written[0])] if written else []
    return written[0] if written and name.lower() in (*parts, ".".join(parts)) else name


def _unquote(part: str) -> str:
    return part.strip('"').replace('""', '"').lower()


def explain_missing_column(name: str, message: str, text: QueryText, session: Session | None) -> tuple[str, str]:
    """Return the message and hint for a column that DuckDB's `message` reports as unknown."""
    listed = _QUOTED_LIST.search(message)
    candidates = [found.replace('""', '"') for found in _QUOTED.findall(listed[1])] if listed else []
    elsewhere = _find_column(name, text, session) if session is not None else ""
    hint = elsewhere or did_you_mean(name, candidates)
    if not hint and session is not None:
        hint = _suggest_other_column(name, session) or _list_columns(message, text, session)
    if not hint and candidates:
        hint = f"Similar columns: {', '.join(candidates[:_NAMES_SHOWN])}."
    return f'There is no column "{name}".', hint


def _suggest_tables(name: str, own: Sequence[str], tables: Sequence[str], current: str | None) -> str:
    """Return a hint with the closest table names and a list of all."""
    if not tables:
        return "There are no tables yet: create an experiment first."
    others = tables[len(own) :]
    meant = _match_prefix(name, own, others, current)
    meant = meant or [*_closest_tables(name, own), *_tables_named(name, others)]
    meant = meant or _closest_tables(name, others)
    near = f"Did you mean {' or '.join(_quote(table) for table in meant[:3])}?" if meant else ""
    more = f" and {len(tables) - _NAMES_SHOWN} more" if len(tables) > _NAMES_SHOWN else ""
    listed = f"The tables are: {', '.join(tables[:_NAMES_SHOWN])}{more}."
    return f"{near} {listed}".strip()


def _match_prefix(name: str, own: Sequence[str], others: Sequence[str], current: str | None) -> list[str]:
    """Return the closest table of the experiment in the prefix, both of which may be misspelled: `shp.custmers`."""
    experiment, *rest = re.split(r"__|\.", name)
    if not rest:
        return []
    by_experiment: dict[str, list[str]] = {current.lower(): list(own)} if current else {}
    for table in others:
        by_experiment.setdefault(table.split("__")[0].lower(), []).append(table)
    near = experiment.lower() if experiment.lower() in by_experiment else ""
    near = near or next(iter(_QUOTED.findall(did_you_mean(experiment, by_experiment))), "")
    tables = {_own_name(table).lower(): table for table in by_experiment.get(near, ())}
    found = _QUOTED.findall(did_you_mean(rest[-1], tables))
    return [tables[found[0].lower()]] if found else []


def _closest_tables(name: str, tables: Sequence[str]) -> list[str]:
    """Return the tables of that name, else those of the closest spelling, also without their experiment."""
    own_names = [_own_name(table) for table in tables]
    near = _QUOTED.findall(did_you_mean(name, own_names))
    return _tables_named(near[0] if near else name, tables) or _QUOTED.findall(did_you_mean(name, tables))


def _tables_named(name: str, tables: Sequence[str]) -> list[str]:
    return [table for table in tables if _own_name(table).lower() == name.lower()]


def _own_name(table: str) -> str:
    return re.split(r"__|\.", table)[-1]


def _find_column(name: str, text: QueryText, session: Session) -> str:
    """Return a hint with the tables that have the column: those of the query, else of the attached experiments."""
    holding = [(shown, table) for shown, table in session.named_tables() if _has(table, name)]
    in_query = [shown for shown, table in holding if text.find(table.name) is not None]
    if in_query:
        return f"It is a column of {_join_names(in_query)}: qualify it with that table or its alias."
    return f"It is a column of {_join_names([shown for shown, _ in holding])}: join that table." if holding else ""


def _suggest_other_column(name: str, session: Session) -> str:
    """Return a hint with a column of another table that is spelled nearly the same."""
    tables = {column.name: shown for shown, table in session.named_tables() for column in table.columns}
    near = _QUOTED.findall(did_you_mean(name, tables, _NEARLY_THE_SAME))
    return f'Did you mean "{near[0]}" of {_quote(tables[near[0]])}?' if near else ""


def _list_columns(message: str, text: QueryText, session: Session) -> str:
    """Return a hint with all columns of the table that the column was asked of, else of the only table of the query."""
    asked = _ASKED_TABLE.search(message)
    alias = asked[1].lower() if asked else ""
    sources = {read.lower(): table.lower() for table, read in _ALIASED.findall(text.whole)}
    wanted = sources.get(alias, alias)
    if not wanted and len(_SELECT.findall(text.whole)) > 1:
        return ""  # an inner query may have columns of its own
    read = [(shown, table) for shown, table in session.named_tables() if text.find(table.name) is not None]
    of_it = [(shown, table) for shown, table in read if not wanted or table.name.lower() == wanted]
    if len(of_it) != 1:
        return ""
    shown, names = of_it[0][0], [column.name for column in of_it[0][1].columns]
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"The columns of {_quote(shown)} are: {', '.join(names[:_NAMES_SHOWN])}{more}."


def _has(table: TableSchema, name: str) -> bool:
    return any(column.name.casefold() == name.casefold() for column in table.columns)


def _join_names(tables: Sequence[str]) -> str:
    return " and ".join(_quote(table) for table in tables[:3])


def _quote(name: str) -> str:
    return f'"{name}"'
