"""Valid names of experiments, tables and columns.

A plain name works unquoted in Redshift, Snowflake and DuckDB, and as a folder name; any other must be a quoted name
of an imported script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_LENGTH = 63
MAX_QUOTED_LENGTH = 255

# Reserved in at least one of DuckDB, Redshift and Snowflake, by their manuals.
RESERVED_WORDS = frozenset(
    """
    anti asof at collation concurrently glob positional returning semi unpack
    all analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate
    column connect connection constraint create cross current current_date current_time current_timestamp
    current_user database default deferrable delete desc describe distinct do drop else end except exists false
    fetch following for foreign freeze from full grant group gscluster having ilike in increment initially inner
    insert intersect into is isnull issue join lambda lateral leading left like limit localtime localtimestamp
    lateral minus natural new not notnull null of off offset offline offline old on only open or order organization
    outer over overlaps parallel partition percent permissions pivot pivot_longer pivot_wider placing primary
    qualify raw readratio recover references regexp rejectlog resort restore revoke right rlike row rows sample
    schema select session_user set show similar snapshot some start summarize symmetric system table tablesample
    tag then to top trailing trigger true truncatecolumns try_cast union unique unnest unpivot update user using
    values variadic verbose view wallet when whenever where window with without
    """.split()
)
# Words of that list that the vendors allow as column names.
_COLUMN_WORDS = frozenset(
    "connect connection database following increment issue like_ new off offline old open organization "
    "percent permissions raw recover restore row rows sample schema snapshot start system tag trigger "
    "truncatecolumns wallet whenever without minus regexp current delete update view".split()
)
_SCHEMAS_OF_DUCKDB = frozenset({"information_schema", "memory", "pg_catalog", "temp"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def name_fault(name: str, *, is_column: bool = False) -> str:
    """Return why `name` cannot be an unquoted name, or an empty string when it can."""
    if not name:
        return "is empty."
    if len(name) > MAX_LENGTH:
        return f"is {len(name)} characters long; at most {MAX_LENGTH} are allowed."
    if not _PLAIN.fullmatch(name):
        bad = next((c for i, c in enumerate(name) if not re.match(r"[A-Za-z_]" if i == 0 else r"\w", c, re.A)), "")
        place = "starts with" if name[0] == bad else "contains"
        return f'{place} "{bad}"; use letters, digits and _, and no digit first.'
    if name.lower() in RESERVED_WORDS and not (is_column and name.lower() in _COLUMN_WORDS):
        return "is a reserved word of SQL."
    return ""


def experiment_name_fault(name: str) -> str:
    """Return why `name` cannot name an experiment, or an empty string when it can.

    In a query the name is a schema name, and DuckDB reserves some.
    """
    if name.lower() in _SCHEMAS_OF_DUCKDB:
        return "is reserved by DuckDB."
    return name_fault(name)


def quoted_name_fault(name: str) -> str:
    """Return why `name` cannot be a quoted name, or an empty string when it can."""
    if not name.strip():
        return "is empty."
    if len(name) > MAX_QUOTED_LENGTH:
        return f"is {len(name)} characters long; at most {MAX_QUOTED_LENGTH} are allowed."
    if any(ord(character) < 32 or character == "\x7f" for character in name):
        return "contains a control character."
    return ""


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once regardless of case, each in the case of its first repetition."""
    seen: set[str] = set()
    twice: dict[str, str] = {}
    for name in names:
        folded = name.casefold()
        if folded in seen:
            twice.setdefault(folded, name)
        seen.add(folded)
    return list(twice.values())
