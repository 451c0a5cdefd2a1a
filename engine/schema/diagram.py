"""Mermaid entity-relationship diagram of a schema: its keys and their cardinality."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

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
    """Return the Mermaid text for every table, or for `around` and its neighbours.

    Above 12 tables only key columns are listed. Parents are on the left: many tables then make the diagram longer
    rather than smaller.
    """
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
            label = ", ".join(link.columns) + (" (suggested)" if link.is_suggested else "")
            lines.append(f'  {_quote(link.parent)} {one}--{many} {_quote(link.child)} : "{_pad(_escape(label))}"')
    return "\n".join(lines)


def _entity(schema: ExperimentSchema, table: TableSchema, *, only_keys: bool) -> Iterator[str]:
    yield f"  {_quote(table.key)} {{"
    referring = {name.casefold() for link in _list_links(schema, table) for name in link.columns}
    for column in table.columns:
        marks = _list_marks(table, column, is_referring=column.name.casefold() in referring)
        if marks or not only_keys:
            kind = _NOT_WORD.sub("_", str(column.type).lower().partition("(")[0]) or "_"
            yield f"    {kind} {_make_word(column.name)}{' ' + marks if marks else ''}"
    yield "  }"


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
            yield Link(table.key, parent, (column.name,), is_unique, column.is_nullable, key.suggested)
    for composite in table.foreign_keys:
        parent = _find_parent(schema, table, composite.references_table)
        yield Link(table.key, parent, tuple(composite.columns), False, bool(composite.nullable), composite.suggested)


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
