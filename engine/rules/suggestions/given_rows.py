"""Given rows in suggestions: how many rows a table with inserted rows gets, and given cells that no table can hold.

A lookup table has just its given rows. A few rows inserted into a table of events or people are samples: the table
goes on after them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.errors import WorkbenchError
from engine.rules.compiler import TableCompiler
from engine.rules.keys.table_rows import default_counts
from engine.rules.name_words import words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.fields import Row
from engine.schema.given_checks import check_given_rows
from engine.schema.given_rows import given_column
from engine.schema.models import DEFAULT_ROWS, ExperimentSchema, TableSchema

_MAX_LOOKUP_COLUMNS = 9
_MAX_SAMPLES = 500
_LOOKUP_WORDS = frozenset(
    "type types status statuses state states category categories kind kinds code codes lookup lkp ref class level tier "
    "country countries region regions currency currencies language languages reason reasons method methods role roles "
    "priority priorities unit units channel channels source sources group groups department departments".split()
)
_INSTANCE_WORDS = frozenset(
    "customer customers client clients user users person persons people employee employees staff order orders sale "
    "sales invoice invoices payment payments transaction transactions event events log logs message messages ticket "
    "tickets visit visits booking bookings reservation reservations shipment shipments session sessions click clicks "
    "account accounts patient patients student students member members lead leads contact contacts product products "
    "item items review reviews fact fct".split()
)
_AUDIT_WORDS = frozenset("created updated modified loaded inserted deleted changed dw etl".split())


@dataclass(frozen=True)
class Settlement:
    """What was changed so that a table's given rows fit its keys."""

    table: str
    message: str


def suggest_given_counts(draft: SchemaDraft) -> None:
    """Suggest more rows than the given ones for tables in which these are samples."""
    referenced = {
        parent.key
        for table in draft.tables
        for column in draft.columns(table)
        if (parent := draft.parent_of(table, column)) is not None and parent.key != table.key
    }
    for table in draft.tables:
        if table.rows and draft.rows(table) is None and _are_samples(draft, table, table.key in referenced):
            because = (
                f"The {len(table.rows):,} inserted rows are samples of a table that holds more; "
                "they come first, and rows made by the rules follow."
            )
            draft.suggest_rows(table, DEFAULT_ROWS, because)


def _are_samples(draft: SchemaDraft, table: TableSchema, is_referenced: bool) -> bool:
    """Whether rows are samples: of a table of events or people, or one whose rows refer to several others."""
    if len(table.rows) > _MAX_SAMPLES:
        return False
    name = words(table.name)
    if name and name[-1] in _LOOKUP_WORDS:
        return False
    if _INSTANCE_WORDS & set(name):
        return True
    described = [column for column in table.columns if not _AUDIT_WORDS & set(words(column.name))]
    keys = sum(draft.column(table, column.name).foreign_key is not None for column in table.columns)
    keys += len(table.foreign_keys)
    return len(described) > _MAX_LOOKUP_COLUMNS or keys >= 2 or (keys == 1 and not is_referenced)


def settle_given_rows(schema: ExperimentSchema) -> tuple[ExperimentSchema, list[Settlement]]:
    """Return the schema with given cells left to their rules where its keys cannot hold them, and what was changed.

    A suggested foreign key that contradicts given rows is removed instead: the script's rows are sure.
    """
    changes: list[Settlement] = []
    tries = 2 * sum(len(table.columns) for table in schema.tables if table.rows)
    for _ in range(tries):
        found = _find_fault(schema)
        if found is None:
            break
        table, columns, reason = found
        schema = _replace(schema, _settle(table, columns, reason, changes))
    return schema, changes


def _find_fault(schema: ExperimentSchema) -> tuple[TableSchema, list[str], str] | None:
    """Return a table whose given rows do not fit, the columns at fault, and why."""
    try:
        counts = default_counts(schema)
    except WorkbenchError:
        return None
    for table in schema.tables:
        if not table.rows:
            continue
        problem = next(check_given_rows(table), None)
        if problem is not None:
            names = problem.where.removeprefix(f"{table.key}.").split(", ")
            return table, names, problem.message
        compiler = TableCompiler(schema, table, 0, counts)
        for column in table.columns:
            is_key = table.is_unique(column) or column.foreign_key is not None or _groups(table, [column.name])
            if not is_key or given_column(table, column) is None:
                continue
            try:
                compiler.output(column)
            except WorkbenchError as error:
                if error.where == f"{table.key}.{column.name}":
                    return table, [column.name], error.message
    return None


def _groups(table: TableSchema, names: Collection[str]) -> list[list[str]]:
    """Return the keys of several columns that one of the names is in."""
    folded = {name.casefold() for name in names}
    groups = [*table.composite_keys, *(key.columns for key in table.foreign_keys)]
    return [group for group in groups if folded & {name.casefold() for name in group}]


def _settle(table: TableSchema, names: list[str], reason: str, changes: list[Settlement]) -> TableSchema:
    if len(names) == 1 and names[0] in {column.name for column in table.columns}:
        column = table.column(names[0])
        if column.foreign_key is not None and column.foreign_key.suggested:
            message = f"Suggested foreign key of {column.name} removed. {reason}"
            changes.append(Settlement(f"{table.key}.{column.name}", message))
            free = column.model_copy(update={"foreign_key": None})
            return table.model_copy(update={"columns": [free if each is column else each for each in table.columns]})
    together = {name.casefold() for name in names}
    for group in _groups(table, names):
        together |= {name.casefold() for name in group}
    rows = [_without(table, row, together) for row in table.rows]
    left = [row for row in rows if row]
    listed = ", ".join(column.name for column in table.columns if column.name.casefold() in together)
    changes.append(Settlement(table.key, f"Inserted values of {listed or 'the rows'} are left to the rules. {reason}"))
    return table.model_copy(update={"rows": left if listed and len(left) == len(rows) else []})


def _without(table: TableSchema, row: Row, together: Collection[str]) -> Row:
    cells = row if isinstance(row, dict) else dict(zip((c.name for c in table.columns), row, strict=True))
    return {name: cell for name, cell in cells.items() if name.casefold() not in together}


def _replace(schema: ExperimentSchema, table: TableSchema) -> ExperimentSchema:
    return schema.model_copy(update={"tables": [table if each.key == table.key else each for each in schema.tables]})
