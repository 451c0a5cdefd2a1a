"""A reference: what a foreign key of one or several columns leads to, and how its row is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.lifecycles import Lifecycle
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema


@dataclass(frozen=True)
class Reference:
    """The target of a foreign key of one or more columns: the parent's table and columns, and how its row is drawn."""

    parent: TableSchema
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    key: ForeignKey
    events: Lifecycle | None = None
    """The life cycle of the parent whose steps are the rows of the table, if they are."""

    @property
    def is_fanned(self) -> bool:
        """Whether the rows of a parent follow each other: the key has a fan-out, or they are events."""
        return self.key.spread is not None or self.events is not None

    @property
    def is_known(self) -> bool:
        """Whether the rows of a parent are known without reading any."""
        return self.is_fanned or self.key.counted

    @property
    def is_to_key(self) -> bool:
        """Whether the targets are a key of the parent, so that each row has values of its own."""
        if len(self.targets) == 1:
            return self.parent.is_unique(self.parent.column(self.targets[0]))
        wanted = set(fold_names(self.targets))
        return any(set(fold_names(group)) == wanted for group in self.parent.composite_keys)

    def target_of(self, column: ColumnSchema) -> ColumnSchema:
        """Return the parent column that the column copies."""
        return self.parent.column(self.targets[self.columns.index(column.name.casefold())])


def find_reference(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Reference | None:
    """Return the reference of a column, or None when it has none."""
    folded = column.name.casefold()
    for key in table.foreign_keys:
        if folded in fold_names(key.columns):
            parent = schema.table(key.references_table, within=table.schema_name)
            columns, targets = tuple(fold_names(key.columns)), tuple(key.references_columns)
            return Reference(parent, columns, targets, single_key(key), _events_of(table, parent, columns))
    if column.foreign_key is None:
        return None
    one = column.foreign_key
    parent = schema.table(one.references_table, within=table.schema_name)
    return Reference(parent, (folded,), (one.references_column,), one, _events_of(table, parent, (folded,)))


def single_key(key: CompositeForeignKey) -> ForeignKey:
    """Return a composite foreign key as that of its first column."""
    return ForeignKey(
        references_table=key.references_table,
        references_column=key.references_columns[0],
        nullable=key.nullable,
        null_fraction=key.null_fraction,
        distribution=key.distribution,
        fan_out=key.fan_out,
        fan_out_weights=key.fan_out_weights,
        counted=key.counted,
        unique=key.unique,
        where=key.where,
    )


def fold_names(names: Sequence[str]) -> list[str]:
    """Return names in the case in which they are compared."""
    return [name.casefold() for name in names]


def _events_of(table: TableSchema, parent: TableSchema, columns: Sequence[str]) -> Lifecycle | None:
    """Return the life cycle whose steps are the rows of a table, if its key of the columns leads to it."""
    events = table.events_of
    return None if events is None or events.key.casefold() not in columns else parent.lifecycle
