"""A schema as a Mermaid entity-relationship diagram: keys, and how many rows belong to how many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

_ODD = re.compile(r"[^A-Za-z0-9_]")
_GAP = "\u2003"  # an em space, for Mermaid gives a label no room between the signs of its line
_LETTERS_OF_A_GAP = 12  # and where the page's font is not that of the picture, a label is wider than its ground


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
    return [link for table in schema.tables for link in _links_of(schema, table)]


def neighbourhood(schema: ExperimentSchema, table: str) -> list[str]:
    """Return a table's key with those of the tables it references and those that reference it, in their order."""
    center = schema.table(table).key
    near = {center}
    for link in links(schema):
        if center in (link.child, link.parent):
            near |= {link.child, link.parent}
    return [each.key for each in schema.tables if each.key in near]


def er_diagram(schema: ExperimentSchema, *, around: str | None = None) -> str:
    """Return the text of the diagram: of every table, or of `around` and its neighbours.

    Only the keys of a table are listed when there are more than a dozen tables. Parents stand at the left: so many
    tables make the picture longer, and not smaller.
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
            lines.append(f'  {_quoted(link.parent)} {one}--{many} {_quoted(link.child)} : "{_roomy(_plain(label))}"')
    return "\n".join(lines)


def _entity(schema: ExperimentSchema, table: TableSchema, *, only_keys: bool) -> Iterator[str]:
    yield f"  {_quoted(table.key)} {{"
    referring = {name.casefold() for link in _links_of(schema, table) for name in link.columns}
    for column in table.columns:
        marks = _marks(table, column, is_referring=column.name.casefold() in referring)
        if marks or not only_keys:
            kind = _ODD.sub("_", str(column.type).lower().partition("(")[0]) or "_"
            yield f"    {kind} {_word(column.name)}{' ' + marks if marks else ''}"
    yield "  }"


def _marks(table: TableSchema, column: ColumnSchema, *, is_referring: bool) -> str:
    marks = []
    if column.name.casefold() in (name.casefold() for name in table.primary_key):
        marks.append("PK")
    elif column.is_unique:
        marks.append("UK")
    if is_referring:
        marks.append("FK")
    return ", ".join(marks)


def _links_of(schema: ExperimentSchema, table: TableSchema) -> Iterator[Link]:
    for column in table.columns:
        key = column.foreign_key
        if key is not None:
            parent = _parent(schema, table, key.references_table)
            is_unique = key.unique or table.is_unique(column)
            yield Link(table.key, parent, (column.name,), is_unique, column.is_nullable, key.suggested)
    for composite in table.foreign_keys:
        parent = _parent(schema, table, composite.references_table)
        yield Link(table.key, parent, tuple(composite.columns), False, bool(composite.nullable), composite.suggested)


def _parent(schema: ExperimentSchema, table: TableSchema, name: str) -> str:
    return schema.table(name, within=table.schema_name).key


def _roomy(label: str) -> str:
    gaps = _GAP * (1 + len(label) // _LETTERS_OF_A_GAP)
    return f"{gaps}{label}{gaps}"


def _quoted(name: str) -> str:
    return f'"{_plain(name)}"'


def _plain(text: str) -> str:
    return re.sub(r'["\n\r%\\{}]', "_", text)


def _word(name: str) -> str:
    word = _ODD.sub("_", name)
    return f"c_{word}" if word[:1].isdigit() else word
