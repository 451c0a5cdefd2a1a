"""Mermaid entity-relationship diagram of a schema: its keys and their cardinality, and what the rows of keys tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.schema.events import is_event_key, is_event_value
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.hidden import stored_schema
from engine.schema.made_columns import describe_made
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.rollups import Rollup

_NOT_WORD = re.compile(r"[^A-Za-z0-9_]")
_GAP = "\u2003"  # an em space, since Mermaid leaves no space between a label and the symbols of its line
_LETTERS_OF_A_GAP = 12  # in another font than Mermaid's, a label is wider than its background


@dataclass(frozen=True)
class Link:
    """A foreign key, from a table to the one it references."""

    child: str
    parent: str
    columns: tuple[str, ...]
    is_unique: bool
    is_nullable: bool
    is_suggested: bool
    how: str = ""
    """How rows spread over the parents, where that is more than a range: counted, by weights, a row per step."""

    @property
    def notes(self) -> list[str]:
        """What people should know of the key, in a word or two each."""
        return [note for note in ("suggested" if self.is_suggested else "", self.how) if note]


def links(schema: ExperimentSchema) -> list[Link]:
    """Return the foreign keys of a schema, by table key."""
    return [link for table in schema.tables for link in _list_links(schema, table)]


def neighbourhood(schema: ExperimentSchema, table: str) -> list[str]:
    """Return the keys of a table, the tables it references and those that reference it, in schema order."""
    center = schema.table(table).key
    near = {center}
    for link in links(schema):
        if center in (link.child, link.parent):
            near |= {link.child, link.parent}
    return [each.key for each in schema.tables if each.key in near]


def er_diagram(schema: ExperimentSchema, *, around: str | None = None) -> str:
    """Return the Mermaid text for every table, or for `around` and its neighbours, without hidden columns.

    Above 12 tables only key columns are listed. Parents are on the left: many tables then make the diagram longer
    rather than smaller.
    """
    schema = stored_schema(schema)
    shown = [table.key for table in schema.tables] if around is None else neighbourhood(schema, around)
    only_keys = len(shown) > 12
    lines = ["erDiagram", "  direction LR"]
    for table in schema.tables:
        if table.key in shown:
            lines += _entity(schema, table, only_keys=only_keys)
    for link in links(schema):
        if link.child in shown and link.parent in shown:
            one = "|o" if link.is_nullable else "||"
            many = "o|" if link.is_unique else "o{"
            label = _label(schema, link)
            lines.append(f'  {_quote(link.parent)} {one}--{many} {_quote(link.child)} : "{_pad(_escape(label))}"')
    return "\n".join(lines)


def _label(schema: ExperimentSchema, link: Link) -> str:
    """Return the columns of a key, its notes, and how many numbers of the parent read its rows."""
    read = sum(
        column.rollup is not None and _reads(schema, schema.table(link.parent), column.rollup, link)
        for column in schema.table(link.parent).columns
    )
    notes = [*link.notes, *([f"{read} roll-up{'s' if read > 1 else ''}"] if read else [])]
    return ", ".join(link.columns) + (f" ({', '.join(notes)})" if notes else "")


def _reads(schema: ExperimentSchema, parent: TableSchema, rollup: Rollup, link: Link) -> bool:
    name, key = rollup.source
    try:
        child = schema.table(name, within=parent.schema_name).key
    except KeyError:
        return False
    return child == link.child and key.casefold() in map(str.casefold, link.columns)


def _entity(schema: ExperimentSchema, table: TableSchema, *, only_keys: bool) -> Iterator[str]:
    yield f"  {_quote(table.key)} {{"
    referring = {name.casefold() for link in _list_links(schema, table) for name in link.columns}
    for column in table.columns:
        marks = _list_marks(table, column, is_referring=column.name.casefold() in referring)
        if marks or not only_keys:
            kind = _NOT_WORD.sub("_", str(column.type).lower().partition("(")[0]) or "_"
            source = _source_of(table, column)
            rest = [*([marks] if marks else []), *([_quote(source)] if source and not only_keys else [])]
            yield " ".join([f"    {kind} {_make_word(column.name)}", *rest])
    yield "  }"


def _source_of(table: TableSchema, column: ColumnSchema) -> str:
    """Return what a value that follows from other rows is, in a few words; empty for any other column."""
    if is_event_value(table.events_of, column.name):
        return describe_made(table, column)
    if column.rollup is not None and column.rollup.aggregates:
        rollup = column.rollup
        return f"{rollup.aggregate.replace('_', ' ')} of {rollup.column or rollup.source[0]}"
    if column.split_of is not None:
        return f"share of {column.split_of.rpartition('.')[2]}"
    if column.running is not None:
        return f"running total of {column.running.sum}"
    return ""


def _how(table: TableSchema, key: ForeignKey | CompositeForeignKey, columns: tuple[str, ...]) -> str:
    if table.events_of is not None and any(is_event_key(table.events_of, name) for name in columns):
        return f"a row per step of {table.events_of.status}"
    return "counted" if key.counted else "weights" if key.fan_out_weights is not None else ""


def _list_marks(table: TableSchema, column: ColumnSchema, *, is_referring: bool) -> str:
    marks = []
    if column.name.casefold() in (name.casefold() for name in table.primary_key):
        marks.append("PK")
    elif column.is_unique:
        marks.append("UK")
    if is_referring:
        marks.append("FK")
    return ", ".join(marks)


def _list_links(schema: ExperimentSchema, table: TableSchema) -> Iterator[Link]:
    for column in table.columns:
        key = column.foreign_key
        if key is not None:
            parent = _find_parent(schema, table, key.references_table)
            is_unique = key.unique or table.is_unique(column)
            how = _how(table, key, (column.name,))
            yield Link(table.key, parent, (column.name,), is_unique, column.is_nullable, key.suggested, how)
    for composite in table.foreign_keys:
        parent = _find_parent(schema, table, composite.references_table)
        is_nullable, columns = bool(composite.nullable), tuple(composite.columns)
        how = _how(table, composite, columns)
        yield Link(table.key, parent, columns, False, is_nullable, composite.suggested, how)


def _find_parent(schema: ExperimentSchema, table: TableSchema, name: str) -> str:
    return schema.table(name, within=table.schema_name).key


def _pad(label: str) -> str:
    gaps = _GAP * (1 + len(label) // _LETTERS_OF_A_GAP)
    return f"{gaps}{label}{gaps}"


def _quote(name: str) -> str:
    return f'"{_escape(name)}"'


def _escape(text: str) -> str:
    return re.sub(r'["\n\r%\\{}]', "_", text)


def _make_word(name: str) -> str:
    word = _NOT_WORD.sub("_", name)
    return f"c_{word}" if word[:1].isdigit() else word
