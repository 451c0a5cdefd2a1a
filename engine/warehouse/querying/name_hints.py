"""What to say of a table or column that is not there: which one was meant, and where it is.

What is near at hand comes first: the tables of the query and of the current experiment before those of others.
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
_QUOTED_LIST = re.compile(r'Candidate (?:bindings|tables):\s*:?\s*((?:"(?:[^"]|"")*"(?:,\s*)?)+)')
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
"""What is called like a function and is none of DuckDB's."""


def no_table(name: str, session: Session, text: QueryText | None = None) -> tuple[str, str]:
    """Return what to say, and to advise, about a table name that means none or several."""
    bare = name.replace('"', "")
    for layout, is_current in session.layouts():
        both = layout.ambiguous.get(bare.lower())
        if both is not None and (is_current or bare.lower().startswith(layout.experiment.lower())):
            return f'"{bare}" may be {both[0]} or {both[1]}.', "Say which one by that name."
    of_query = did_you_mean(bare, _WITH_NAME.findall(text.whole)) if text is not None else ""
    hint = of_query or _nearest_or_all(bare, session.own_tables(), session.tables(), session.current)
    return f'There is no table "{bare}".', hint


def no_function(name: str) -> tuple[str, str]:
    """Return what to say, and to advise, about a function that DuckDB does not have."""
    known = [each for each in sorted(ALLOWED | ALLOWED_TABLE_FUNCTIONS) if each[0].isalpha()]
    near = _QUOTED.findall(did_you_mean(name, [*sorted(FOREIGN_TO_DUCKDB), *_CALLED_WORDS, *known]))
    hint = hint_for(near[0].upper(), "duckdb") or f"Did you mean {_quoted(near[0])}?" if near else ""
    return f'There is no function "{name}".', hint


def no_source(name: str, message: str, text: QueryText, session: Session | None) -> tuple[str, str]:
    """Return what to say, and to advise, about a name in front of a column that no table of the query has."""
    bare = name.rpartition(".")[2]
    sources = list(dict.fromkeys(_sources(message, text)))
    aliases = {source.lower(): alias for source, alias in _ALIASED.findall(text.whole) if alias in sources}
    hint = did_you_mean(bare, sources)
    if not hint:
        near = _QUOTED.findall(did_you_mean(bare, aliases))
        hint = f'Did you mean "{aliases[near[0]]}"? The query calls "{near[0]}" by that name.' if near else ""
    if not hint and session is not None:
        meant = _QUOTED.findall(did_you_mean(bare, [shown for shown, _ in session.named_tables()]))
        hint = f"The query does not read {_quoted(meant[0])}: join that table." if meant else ""
    if not hint and sources:
        hint = f"The query reads {', '.join(map(_quoted, sources[:_NAMES_SHOWN]))}."
    return f'The query reads no table "{name}".', hint


def _sources(message: str, text: QueryText) -> list[str]:
    """Return the names that a query calls its tables, those first that DuckDB finds near."""
    _, _, listed = message.partition("Candidate tables:")
    near = [found[0] or found[1] for found in _CANDIDATE.findall(listed.split("LINE")[0])]
    read = [alias or source for source, alias in _SOURCE.findall(text.whole)]
    return [*near, *(each for each in read if each.upper() not in KEYWORDS)]


def name_at(text: QueryText, offset: int | None, name: str) -> str:
    """Return a table as the user wrote it at an offset, with its prefix."""
    if offset is None:
        return name
    written = re.match(r'(?:"(?:[^"]|"")*"|\w+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|\w+))*', text.whole[offset:])
    parts = [_unquoted(part) for part in _PART.findall(written[0])] if written else []
    return written[0] if written and name.lower() in (*parts, ".".join(parts)) else name


def _unquoted(part: str) -> str:
    return part.strip('"').replace('""', '"').lower()


def no_column(name: str, message: str, text: QueryText, session: Session | None) -> tuple[str, str]:
    """Return what to say, and to advise, about a column that DuckDB's `message` does not find."""
    listed = _QUOTED_LIST.search(message)
    candidates = [found.replace('""', '"') for found in _QUOTED.findall(listed[1])] if listed else []
    elsewhere = _where_it_is(name, text, session) if session is not None else ""
    hint = elsewhere or did_you_mean(name, candidates)
    if not hint and session is not None:
        hint = _nearest_elsewhere(name, session)
    if not hint and candidates:
        hint = f"Near ones are: {', '.join(candidates[:_NAMES_SHOWN])}."
    return f'There is no column "{name}".', hint


def _nearest_or_all(name: str, own: Sequence[str], tables: Sequence[str], current: str | None) -> str:
    """Return the table name that may be meant, or the names there are."""
    if not tables:
        return "There are no tables yet: create an experiment first."
    others = tables[len(own) :]
    meant = _with_prefix(name, own, others, current)
    meant = meant or [*_meant(name, own), *_named_so(name, others)]
    meant = meant or _meant(name, others)
    near = f"Did you mean {' or '.join(_quoted(table) for table in meant[:3])}?" if meant else ""
    more = f" and {len(tables) - _NAMES_SHOWN} more" if len(tables) > _NAMES_SHOWN else ""
    listed = f"The tables are: {', '.join(tables[:_NAMES_SHOWN])}{more}."
    return f"{near} {listed}".strip()


def _with_prefix(name: str, own: Sequence[str], others: Sequence[str], current: str | None) -> list[str]:
    """Return the table of the experiment that stands, or nearly so, in front of a name: `shp.custmers`."""
    experiment, *rest = re.split(r"__|\.", name)
    if not rest:
        return []
    by_experiment: dict[str, list[str]] = {current.lower(): list(own)} if current else {}
    for table in others:
        by_experiment.setdefault(table.split("__")[0].lower(), []).append(table)
    near = experiment.lower() if experiment.lower() in by_experiment else ""
    near = near or next(iter(_QUOTED.findall(did_you_mean(experiment, by_experiment))), "")
    tables = {re.split(r"__|\.", table)[-1].lower(): table for table in by_experiment.get(near, ())}
    found = _QUOTED.findall(did_you_mean(rest[-1], tables))
    return [tables[found[0].lower()]] if found else []


def _meant(name: str, tables: Sequence[str]) -> list[str]:
    """Return the tables of that name, else the one that is spelled most like it."""
    return _named_so(name, tables) or _QUOTED.findall(did_you_mean(name, tables))


def _named_so(name: str, tables: Sequence[str]) -> list[str]:
    return [table for table in tables if re.split(r"__|\.", table)[-1].lower() == name.lower()]


def _where_it_is(name: str, text: QueryText, session: Session) -> str:
    """Return which tables have the column: those of the query, else those of the experiments it may name."""
    holding = [(shown, table) for shown, table in session.named_tables() if _has(table, name)]
    in_query = [shown for shown, table in holding if text.find(table.name) is not None]
    if in_query:
        return f"It is a column of {_listed(in_query)}, which the query reads: name that table in front of it."
    return f"It is a column of {_listed([shown for shown, _ in holding])}: join that table." if holding else ""


def _nearest_elsewhere(name: str, session: Session) -> str:
    places = {column.name: shown for shown, table in session.named_tables() for column in table.columns}
    near = _QUOTED.findall(did_you_mean(name, places))
    return f'Did you mean "{near[0]}" of {_quoted(places[near[0]])}?' if near else ""


def _has(table: TableSchema, name: str) -> bool:
    return any(column.name.casefold() == name.casefold() for column in table.columns)


def _listed(tables: Sequence[str]) -> str:
    return " and ".join(_quoted(table) for table in tables[:3])


def _quoted(name: str) -> str:
    return f'"{name}"'
