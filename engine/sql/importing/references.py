"""Foreign keys of the drafts, resolved at the end of the script when all tables and keys are known.

The generator takes the values of a foreign key from the referenced column, which must therefore be unique, of a
compatible type and not part of a cycle. A foreign key that violates this is ignored with a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.sql.importing.keys import TableKeys, column_name
from engine.sql.importing.script_state import Script
from engine.sql.importing.table_drafts import ReferenceDraft, TableDraft

_COMPATIBLE: tuple[frozenset[Kind], ...] = (NUMERIC, TIMESTAMPS, frozenset({Kind.TEXT, Kind.UUID}))
_Node = tuple[str, str]


@dataclass(frozen=True)
class Reference:
    """A valid foreign key: folded columns of a table and of its parent, in pairs."""

    columns: tuple[str, ...]
    parent: TableDraft
    references: tuple[str, ...]


@dataclass
class References:
    """The foreign keys of the script, by table key."""

    script: Script
    keys: dict[str, TableKeys]
    by_table: dict[str, list[Reference]] = field(default_factory=dict)
    _targets: dict[_Node, list[_Node]] = field(default_factory=dict)

    def resolve(self) -> None:
        """Resolve all foreign keys; composite ones first, as a column can belong to one foreign key only."""
        drafts = [(table, draft) for table in self.script.tables.values() for draft in table.references]
        composite = [pair for pair in drafts if len(pair[1].columns) > 1]
        single = [pair for pair in drafts if len(pair[1].columns) == 1]
        for table, draft in composite:
            self._resolve(table, draft)
        # Keys whose column has another foreign key come last: the others may imply them.
        for table, draft in sorted(single, key=self._has_conflict):
            self._resolve(table, draft)

    def _has_conflict(self, pair: tuple[TableDraft, ReferenceDraft]) -> bool:
        table, draft = pair
        return self._find_conflict(table, tuple(name.folded for name in draft.columns)) is not None

    def for_table(self, table: TableDraft) -> list[Reference]:
        """Return the foreign keys of a table."""
        return self.by_table.get(table.key, [])

    def _resolve(self, table: TableDraft, draft: ReferenceDraft) -> None:
        parent = self.script.find(draft.table, within=table.name.schema)
        if parent is None:
            return self._drop(draft, f"table {draft.table.key} is not in the script")
        columns = tuple(name.folded for name in draft.columns)
        references = tuple(name.folded for name in draft.references) or tuple(self.keys[parent.key].primary)
        if fault := self._check_columns(table, columns, parent, references):
            return self._drop(draft, fault)
        reference = Reference(columns, parent, references)
        if reference in self.for_table(table):
            return None
        if (conflict := self._find_conflict(table, columns)) is not None:
            return self._drop_second(table, draft, reference, conflict)
        if self._closes_cycle(table, reference):
            return self._drop(draft, "it closes a cycle of foreign keys, which has no first value")
        if fault := self._make_unique(draft, reference):
            return self._drop(draft, fault)
        self._add(table, reference)
        return None

    def _drop(self, draft: ReferenceDraft, reason: str) -> None:
        names = ", ".join(name.name for name in draft.columns)
        message = f"Foreign key ({names}) to {draft.table.key} ignored: {reason}."
        self.script.log.add(draft.place, "warning", message)

    def _check_columns(
        self, table: TableDraft, columns: tuple[str, ...], parent: TableDraft, references: tuple[str, ...]
    ) -> str:
        if not references:
            return f"{parent.key} has no primary key to reference"
        if len(columns) != len(references):
            return f"{len(columns)} column(s) reference {len(references)}"
        if len(set(columns)) < len(columns) or len(set(references)) < len(references):
            return "it names a column twice"
        for name, target_name in zip(columns, references, strict=True):
            column, target = table.column(name), parent.column(target_name)
            if column is None:
                return f"{table.key} has no column {name}"
            if target is None:
                return f"{parent.key} has no column {target_name}"
            kinds = {column.type.kind, target.type.kind}
            if len(kinds) > 1 and not any(kinds <= group for group in _COMPATIBLE):
                return f"{column.type.data_type} does not match {target.type.data_type} of {target_name}"
        return ""

    def _find_conflict(self, table: TableDraft, columns: tuple[str, ...]) -> Reference | None:
        return next((other for other in self.for_table(table) if set(other.columns) & set(columns)), None)

    def _drop_second(self, table: TableDraft, draft: ReferenceDraft, reference: Reference, conflict: Reference) -> None:
        """Ignore a key whose column has another foreign key; the note says if that one implies it."""
        names = ", ".join(column_name(table, name) for name in conflict.columns)
        implied = (
            (conflict.parent.key, conflict.references[conflict.columns.index(reference.columns[0])])
            if len(reference.columns) == 1
            else None
        )
        target = (reference.parent.key, reference.references[0])
        if implied is not None and (target == implied or target in self._targets.get(implied, [])):
            message = f"Foreign key ({reference.columns[0]}) to {reference.parent.key} is implied by ({names})."
            self.script.log.add(draft.place, "info", message)
        else:
            self._drop(draft, f"a column can have one foreign key, here ({names}) to {conflict.parent.key}")

    def _closes_cycle(self, table: TableDraft, reference: Reference) -> bool:
        starts = {(table.key, name) for name in reference.columns}
        pending = [(reference.parent.key, name) for name in reference.references]
        seen: set[_Node] = set()
        while pending:
            node = pending.pop()
            if node in starts:
                return True
            if node not in seen:
                seen.add(node)
                pending += self._targets.get(node, [])
        return False

    def _make_unique(self, draft: ReferenceDraft, reference: Reference) -> str:
        """Return why the referenced columns are not a key; if the parent has no key, make them one, with a note."""
        keys = self.keys[reference.parent.key]
        names = list(reference.references)
        is_key = names[0] in keys.unique if len(names) == 1 else keys.has_composite(names)
        if is_key:
            return ""
        shown = ", ".join(column_name(reference.parent, name) for name in names)
        if keys.primary or self._is_never_unique(reference):
            return f"({shown}) is not unique in {reference.parent.key}"
        keys.required |= set(names)
        if len(names) == 1:
            keys.unique.add(names[0])
            keys.primary = names
        else:
            keys.add_composite(names)
        message = f"{reference.parent.key} has no primary key; ({shown}) was made unique, as it is referenced."
        self.script.log.add(draft.place, "warning", message)
        return ""

    @staticmethod
    def _is_never_unique(reference: Reference) -> bool:
        columns = (reference.parent.column(name) for name in reference.references)
        return any(column is None or column.type.kind in (Kind.BOOLEAN, Kind.JSON) for column in columns)

    def _add(self, table: TableDraft, reference: Reference) -> None:
        self.by_table.setdefault(table.key, []).append(reference)
        for name, target in zip(reference.columns, reference.references, strict=True):
            self._targets.setdefault((table.key, name), []).append((reference.parent.key, target))
