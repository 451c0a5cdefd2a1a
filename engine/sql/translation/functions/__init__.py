"""The warehouses' functions: what each name means, by dialect."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

from engine.sql.translation.functions import (
    aggregates,
    binaries,
    conditionals,
    conversions,
    date_parts,
    dates,
    digests,
    formats,
    hashes,
    number_formats,
    numbers,
    objects,
    raising,
    regexps,
    rewrites,
    semistructured,
    session_values,
    statistics,
    text,
    time_formats,
    time_zones,
    windows,
    zone_changes,
)
from engine.sql.translation.functions.definitions import Function
from engine.sql.translation.functions.refused_functions import REDSHIFT, SNOWFLAKE
from engine.sql.translation.tree import sort_keys, timestamp_offsets
from engine.sql.translation.tree.translator import Rewrite

_SHARED: dict[str, Function] = {
    **text.SHARED, **numbers.SHARED, **dates.SHARED, **conditionals.SHARED, **conversions.SHARED, **aggregates.SHARED,
}  # fmt: skip
DEFINITIONS: dict[str, dict[str, Function]] = {
    "redshift": {
        **_SHARED, **text.REDSHIFT, **regexps.REDSHIFT, **numbers.REDSHIFT, **dates.REDSHIFT, **conditionals.REDSHIFT,
        **conversions.REDSHIFT, **semistructured.REDSHIFT, **aggregates.REDSHIFT,
    },
    "snowflake": {
        **_SHARED, **text.SNOWFLAKE, **regexps.SNOWFLAKE, **numbers.SNOWFLAKE, **dates.SNOWFLAKE,
        **conditionals.SNOWFLAKE, **conversions.SNOWFLAKE, **semistructured.SNOWFLAKE, **aggregates.SNOWFLAKE,
    },
}  # fmt: skip
REWRITES: dict[str, dict[str, Rewrite]] = {
    "redshift": {
        **rewrites.REWRITES, **conditionals.REWRITES, **session_values.REWRITES, **aggregates.REWRITES,
        **windows.REWRITES,
        **date_parts.REWRITES, **zone_changes.REWRITES, **digests.REWRITES,
        **rewrites.REDSHIFT_REWRITES, **session_values.REDSHIFT_REWRITES, **date_parts.REDSHIFT_REWRITES,
        **zone_changes.REDSHIFT_REWRITES,
        **formats.REDSHIFT_REWRITES, **statistics.REDSHIFT_REWRITES, **hashes.REDSHIFT_REWRITES,
    },
    "snowflake": {
        **rewrites.REWRITES, **conditionals.REWRITES, **session_values.REWRITES, **aggregates.REWRITES,
        **windows.REWRITES,
        **date_parts.REWRITES, **zone_changes.REWRITES, **digests.REWRITES,
        **digests.SNOWFLAKE_REWRITES, **rewrites.SNOWFLAKE_REWRITES, **aggregates.SNOWFLAKE_REWRITES,
        **date_parts.SNOWFLAKE_REWRITES, **formats.SNOWFLAKE_REWRITES, **objects.SNOWFLAKE_REWRITES,
        **statistics.SNOWFLAKE_REWRITES, **conditionals.SNOWFLAKE_REWRITES, **session_values.SNOWFLAKE_REWRITES,
        **windows.SNOWFLAKE_REWRITES,
    },
}  # fmt: skip
BYTES = binaries.DEFINITIONS
"""Definitions of text functions for bytes, by dialect."""
AGGREGATES = frozenset(
    name
    for names in (
        aggregates.SHARED, aggregates.REDSHIFT, aggregates.SNOWFLAKE,
        aggregates.REWRITES, aggregates.SNOWFLAKE_REWRITES, windows.REWRITES, windows.SNOWFLAKE_REWRITES,
        statistics.REDSHIFT_REWRITES, statistics.SNOWFLAKE_REWRITES,
    )
    for name in names
)  # fmt: skip
"""The functions that may take DISTINCT."""
_WORD = re.compile(r"\b(?:dw|rs|sf)_\w+")
_OTHERS = {"redshift": "sf_", "snowflake": "rs_"}
REFUSED = {"redshift": REDSHIFT, "snowflake": SNOWFLAKE}
HELPERS = (
    raising.HELPERS,
    text.HELPERS, regexps.HELPERS, numbers.HELPERS, dates.HELPERS, semistructured.HELPERS, conversions.HELPERS,
    aggregates.HELPERS, date_parts.HELPERS, time_formats.HELPERS, number_formats.HELPERS, formats.HELPERS,
    rewrites.HELPERS, digests.HELPERS, timestamp_offsets.HELPERS, binaries.HELPERS, objects.HELPERS,
    statistics.HELPERS, time_zones.HELPERS, sort_keys.HELPERS,
)  # fmt: skip


def macro_statements(dialect: str) -> list[str]:
    """Return the statements that create a dialect's macros, each after the macros it calls.

    The order is the same in every process.
    """
    result = {
        _name(text): text
        for texts in (
            *HELPERS,
            dates.HELPERS_OF[dialect],
            time_zones.HELPERS_OF[dialect],
            sort_keys.HELPERS_OF[dialect],
        )
        for text in map(str.strip, texts.split(";\n"))
        if text
    }
    result |= {
        function.target: function.create_sql()
        for function in (*_SHARED.values(), *DEFINITIONS[dialect].values(), *BYTES[dialect].values())
        if function.body is not None
    }
    result = {name: text for name, text in result.items() if not name.startswith(_OTHERS[dialect])}
    calls = {name: sorted((set(_WORD.findall(text)) & result.keys()) - {name}) for name, text in result.items()}
    return [result[name] for name in TopologicalSorter(calls).static_order()]


def names_of_macros() -> set[str]:
    """Return the names of the macros of all dialects, in lower case."""
    return {_name(statement).lower() for dialect in DEFINITIONS for statement in macro_statements(dialect)}


def _name(statement: str) -> str:
    match = _WORD.search(statement)
    assert match is not None, statement
    return match[0]
