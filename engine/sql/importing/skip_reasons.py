"""Reasons for skipping a statement that creates no table, by its first words."""

from __future__ import annotations

import re

from engine.sql.importing.cursor import Cursor
from engine.sql.importing.identifiers import read_object_name

_DATA = "Rows are not imported; the workbench generates them."
_PERMISSIONS = "Users and permissions are not imported."
_QUERY = "A query creates no table."
_SESSION = "Session settings are not imported."
_TRANSACTION = "Transactions are not imported."
_MAINTENANCE = "Table maintenance is not imported."
_CODE = "The import does not run code."
_FILES = "The import does not read files or stages."

REASONS: dict[str, str] = {
    **dict.fromkeys("INSERT UPDATE DELETE MERGE COPY TRUNCATE REPLACE UPSERT".split(), _DATA),
    **dict.fromkeys("UNLOAD EXPORT IMPORT PUT GET LIST LS REMOVE RM".split(), _FILES),
    **dict.fromkeys("GRANT REVOKE DENY REASSIGN".split(), _PERMISSIONS),
    **dict.fromkeys("SELECT WITH SHOW DESCRIBE DESC EXPLAIN VALUES TABLE SUMMARIZE FETCH PIVOT FROM".split(), _QUERY),
    **dict.fromkeys("USE SET UNSET RESET PRAGMA INSTALL LOAD ATTACH DETACH".split(), _SESSION),
    **dict.fromkeys("BEGIN START COMMIT ROLLBACK END ABORT SAVEPOINT RELEASE LOCK".split(), _TRANSACTION),
    **dict.fromkeys("ANALYZE ANALYSE VACUUM CHECKPOINT REFRESH REINDEX CLUSTER".split(), _MAINTENANCE),
    **dict.fromkeys("CALL EXECUTE EXEC DECLARE DO PREPARE DEALLOCATE IF FOR WHILE LET RETURN".split(), _CODE),
    **dict.fromkeys("CLOSE CANCEL DISCARD UNDROP COMMENT".split(), "It creates no table."),
}
_CREATED: dict[str, str] = {
    "VIEW": "Views are not imported; query the tables they read.",
    "MATERIALIZED": "Views are not imported; query the tables they read.",
    "PROCEDURE": _CODE,
    "FUNCTION": _CODE,
    "TASK": _CODE,
    "STREAM": "Streams are not imported.",
    "ROLE": _PERMISSIONS,
    "USER": _PERMISSIONS,
    "GROUP": _PERMISSIONS,
    "STAGE": _FILES,
    "PIPE": _FILES,
    "FILE": _FILES,
    "DATABASE": "Database names are removed.",
    "SCHEMA": "Each table has its schema name.",
    "SEQUENCE": "Only CREATE SEQUENCE is imported.",
    "INDEX": "Indexes do not change the data.",
}
# Other objects of a warehouse; none of them is a table.
_OBJECTS = frozenset(
    "WAREHOUSE INTEGRATION POLICY TAG SHARE MODEL EVENT NETWORK RESOURCE ALERT SECRET NOTEBOOK STREAMLIT APPLICATION "
    "EXTENSION TYPE TRIGGER RULE LIBRARY DATASHARE IDENTITY AGGREGATE CONNECTION ACCOUNT SERVICE COMPUTE IMAGE GIT "
    "API CORTEX SEMANTIC DATASET ICEBERG EXTERNAL MASKING ROW STORAGE SECURITY NOTIFICATION CATALOG REPLICATION "
    "FAILOVER MANAGED SESSION PASSWORD AUTHENTICATION PACKAGES PROJECTION AGGREGATION LISTING PROVIDER SYSTEM "
    "MACRO COLLATION DOMAIN SERVER SYNONYM RLS ORGANIZATION CONTACT SNAPSHOT BACKUP ROUTINE DATA MODULE WORKSPACE "
    "PROFILE TABLE COLUMN DEFAULT CODE OR LARGE OPERATOR TEXT CAST ASSERTION PUBLICATION SUBSCRIPTION".split()
)
_QUALIFIERS = frozenset(
    "OR REPLACE ALTER IF NOT EXISTS TEMP TEMPORARY SECURE RECURSIVE TRANSIENT LOCAL GLOBAL UNIQUE AGGREGATE".split()
)
_MORE_OBJECT_WORDS = frozenset("VIEW ACCESS FORMAT VOLUME REPOSITORY MONITOR POOL SEARCH TABLE".split())
_BEFORE_NAMES = frozenset(
    "INTO FROM OVERWRITE TABLE ONLY FULL DELETE SORT REINDEX VERBOSE SCHEMA DATABASE ROLE WAREHOUSE IN".split()
)
_NAMED = frozenset("INSERT UPDATE DELETE MERGE COPY TRUNCATE ANALYZE VACUUM USE CALL".split())
_TABLES_INSIDE = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:\w+\s+){0,2}?table\b", re.I)


def find_skip_reason(words: tuple[str, ...], text: str) -> str:
    """Return why a statement that begins with `words` is skipped; empty when no statement begins so."""
    if not words:
        return ""
    if words[0] in ("CREATE", "ALTER", "DROP"):
        return _explain_object(words, text)
    is_block = words[0] == "BEGIN" and ";" in text
    reason = _CODE if is_block else REASONS.get(words[0], "")
    return f"{words[0]}: {reason}{_mention_tables_inside(text)}" if reason else ""


def find_object_name(cursor: Cursor, dialect: str) -> str:
    """Return the name of the object of a statement; empty when unknown."""
    verb = cursor.accept_any(_NAMED) or cursor.accept_any(("CREATE", "ALTER", "DROP"))
    if not verb:
        return ""
    before = _BEFORE_NAMES if verb in _NAMED else _QUALIFIERS | _OBJECTS | _MORE_OBJECT_WORDS | _CREATED.keys()
    while cursor.accept_any(before):
        pass
    name = read_object_name(cursor, dialect)
    return ".".join(part.name for part in name.parts) if name is not None else ""


def _explain_object(words: tuple[str, ...], text: str) -> str:
    kind = next((word for word in words[1:] if word not in _QUALIFIERS), "")
    if kind not in _CREATED and kind not in _OBJECTS:
        return ""
    what = f"{words[0]} {kind}"
    if words[0] == "CREATE":
        return f"{what}: {_CREATED.get(kind, 'It creates no table.')}{_mention_tables_inside(text)}"
    return f"{what}: It changes no imported table."


def _mention_tables_inside(text: str) -> str:
    count = len(_TABLES_INSIDE.findall(text))
    if not count:
        return ""
    times = "once" if count == 1 else f"{count} times"
    return f" CREATE TABLE occurs {times} inside it and is ignored."
