"""What a query may not ask: the database about itself, whose answers hold paths and settings of this machine.

Reading files and the network is refused by DuckDB, whose configuration is locked; its functions are named here as
well, so that they fail by their name whatever DuckDB makes of them. `query` and `query_table` run a text of their
own, which nobody has looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.warehouse.query_text import QueryText, refusal
from engine.warehouse.session import Session

_TABLES = re.compile(r"(?:duckdb|pragma|sqlite)_\w+|pg_settings", re.IGNORECASE)
_FUNCTIONS = re.compile(
    r"(?:duckdb|pragma|sqlite|postgres|mysql|read|parquet|sniff)_\w+|arrow_scan\w*|pandas_scan|python_\w+|"
    r"\w+_external_resource\w*|json_execute_\w+|add_parquet_key|checkpoint|current_setting|"
    r"enable_\w+|disable_\w+|force_checkpoint|getenv|glob|load_aws_credentials|query|query_table|seq_scan|set_config|sql_auto_complete|storage_info|"
    r"truncate_duckdb_logs|which_secret|write_log",
    re.IGNORECASE,
)
_CALL = re.compile(rf"\b({_FUNCTIONS.pattern})\"?\s*\(", re.IGNORECASE)
_SYSTEM_NAME = re.compile(rf"\b({_TABLES.pattern})\b", re.IGNORECASE)
_SYSTEM_SCHEMAS = frozenset({"main", "pg_catalog", "system", "temp"})
_HINT = "A query reads the tables of the experiments only."


def check_internals(session: Session, text: QueryText, nodes: Iterable[Mapping[str, Any]] | None) -> None:
    """Raise `QueryError` for what asks the database about itself; `nodes` are of the parse tree, None without one.

    A text without a tree is searched, so that there a text constant may be refused that only looks like a call.
    """
    if nodes is None:
        for pattern in (_CALL, _SYSTEM_NAME):
            found = pattern.search(text.statement)
            if found:
                _refuse(text, found[1], text.at_byte(len(text.statement[: found.start()].encode())))
        return
    own = {table.name.lower() for attached in session.attached.values() for table in attached.schema.tables}
    for node in nodes:
        function, table = node.get("function_name"), node.get("table_name")
        if isinstance(function, str) and _FUNCTIONS.fullmatch(function):
            _refuse(text, function, _offset(text, node))
        if node.get("type") == "BASE_TABLE" and isinstance(table, str) and _is_system(table, node, own):
            _refuse(text, table, _offset(text, node))


def _is_system(table: str, node: Mapping[str, Any], own: set[str]) -> bool:
    """Whether a name means a table of the database itself, and not one of an experiment that is called alike."""
    if not _TABLES.fullmatch(table):
        return False
    home = str(node.get("schema_name", "")).lower()
    return bool(node.get("catalog_name")) or home in _SYSTEM_SCHEMAS or table.lower() not in own


def _refuse(text: QueryText, name: str, offset: int | None) -> None:
    place = offset if offset is not None else text.find(name)
    message = f'"{name}" is not allowed: it tells of this machine, or reaches beyond the tables.'
    raise refusal(message, text.whole, text.offset if place is None else place, hint=_HINT)


def _offset(text: QueryText, node: Mapping[str, Any]) -> int | None:
    location = node.get("query_location")
    return text.at_byte(location) if isinstance(location, int) else None
