"""Experiments to attach, their names in DuckDB, and the search path by which a query finds their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.schema.models import ExperimentSchema
from engine.sql.quoting import quote
from engine.warehouse.loading.layout import MAIN, layout


@dataclass(frozen=True)
class Attachment:
    """An experiment to attach: its name, its warehouse file (None: never loaded) and its schema."""

    name: str
    path: Path | None
    schema: ExperimentSchema


def catalog_names(attached: Sequence[Attachment]) -> dict[str, Attachment]:
    """Return a catalog name for each experiment that differs from all schema names."""
    taken = {name.lower() for each in attached for name in layout(each.schema).schema_names}
    names: dict[str, Attachment] = {}
    for attachment in attached:
        name = f"experiment_{attachment.name.lower()}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[name] = attachment
    return names


def search_path(catalogs: dict[str, Attachment], current: str | None) -> str:
    """Return the search path: the current experiment's tables and schemas, then the full names of the others.

    A warehouse schema with the experiment's name is left out: otherwise its tables would win over those of other
    schemas with the same plain name.
    """
    first, rest = ["memory.main"], []
    names = {each.name.lower() for each in catalogs.values()}
    hidden: set[str] = set()
    for catalog, attachment in catalogs.items():
        its = layout(attachment.schema)
        if current is None or attachment.name.lower() != current.lower():
            continue
        own = {table.schema_name.lower() for table in attachment.schema.tables if table.schema_name}
        hidden = ((own | {MAIN}) & names) - {attachment.name.lower()}
        first = [
            f"{quote(catalog)}.{quote(name)}"
            for name in (MAIN, its.flat, its.dotted)
            if name.lower() not in own - {MAIN}
        ]
    for catalog, attachment in catalogs.items():
        its = layout(attachment.schema)
        if current is not None and attachment.name.lower() == current.lower():
            continue
        rest += [f"{quote(catalog)}.{quote(its.flat)}"]
        if attachment.name.lower() not in hidden:
            rest += [f"{quote(catalog)}.{quote(its.dotted)}"]
    return ",".join(first + rest)
