"""Foreign keys of the drafts, settled at the end of the script when all tables and keys are known.

The generator makes a key's values from the column it references, which therefore must be unique, must not lead
around a circle of keys, and must be of a like type. A foreign key that breaks this becomes a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.sql.importing.drafts import ReferenceDraft, TableDraft
from engine.sql.importing.keys import TableKeys, column_named
from engine.sql.importing.script import Script

_ALIKE: tuple[frozenset[Kind], ...] = (NUMERIC, TIMESTAMPS, frozenset({Kind.TEXT, Kind.UUID}))
_Node = tuple[str, str]


@dataclass(frozen=True)
class Reference:
    """A foreign key that holds: folded columns of a table and of its parent, pair by pair."""

    columns: tuple[str, ...]
    parent: TableDraft
    references: tuple[str, ...]


@dataclass
class References:
    """The foreign keys of the script by the key of their table."""

    script: Script
    keys: dict[str, TableKeys]
    by_table: dict[str, list[Reference]] = field(default_factory=dict)
    _targets: dict[_Node, list[_Node]] = field(default_factory=dict)

    def settle(self) -> None:
        """Settle all foreign keys; those of several columns first, as a column can follow one key only."""
        drafts = [(table, draft) for table in self.script.tables.values() for draft in table.references]
        composite = [pair for pair in drafts if len(pair[1].columns) > 1]
        single = [pair for pair in drafts if len(pair[1].columns) == 1]
        for table, draft in composite:
            self._settle(table, draft)
        # Last come the keys whose column is taken, to see whether they hold through the others.
        for table, draft in sorted(single, key=self._is_taken):
            self._settle(table, draft)

    def _is_taken(self, pair: tuple[TableDraft, ReferenceDraft]) -> bool:
        table, draft = pair
        return self._taken(table, tuple(name.folded for name in draft.columns)) is not None

    def of(self, table: TableDraft) -> list[Reference]:
        """Return the foreign keys of a table."""
        return self.by_table.get(table.key, [])

    def _settle(self, table: TableDraft, draft: ReferenceDraft) -> None:
        parent = self.script.find(draft.table, within=table.name.schema)
        if parent is None:
            return self._drop(draft, f"the script creates no table {draft.table.key}")
        columns = tuple(name.folded for name in draft.columns)
        references = tuple(name.folded for name in draft.references) or tuple(self.keys[parent.key].primary)
        if fault := self._shape_fault(table, columns, parent, references):
            return self._drop(draft, fault)
        reference = Reference(columns, parent, references)
        if reference in self.of(table):
            return None
        if (taken := self._taken(table, columns)) is not None:
            return self._drop_second(table, draft, reference, taken)
        if self._closes_circle(table, reference):
            return self._drop(draft, "it closes a circle of keys in which no value has a beginning")
        if fault := self._make_unique(draft, reference):
            return self._drop(draft, fault)
        self._add(table, reference)
        return None

    def _drop(self, draft: ReferenceDraft, reason: str) -> None:
        names = ", ".join(name.name for name in draft.columns)
        message = f"The foreign key ({names}) to {draft.table.key} is left out: {reason}."
        self.script.log.add(draft.place, "warning", message)

    def _shape_fault(
        self, table: TableDraft, columns: tuple[str, ...], parent: TableDraft, references: tuple[str, ...]
    ) -> str:
        if not references:
            return f"{parent.key} has no primary key that it could mean"
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
            if len(kinds) > 1 and not any(kinds <= alike for alike in _ALIKE):
                return f"{column.type.data_type} does not fit {target.type.data_type} of {target_name}"
        return ""

    def _taken(self, table: TableDraft, columns: tuple[str, ...]) -> Reference | None:
        return next((other for other in self.of(table) if set(other.columns) & set(columns)), None)

    def _drop_second(self, table: TableDraft, draft: ReferenceDraft, reference: Reference, taken: Reference) -> None:
        """Note a key whose column already follows another one; where it holds through that one, say so."""
        names = ", ".join(column_named(table, name) for name in taken.columns)
        through = (
            (taken.parent.key, taken.references[taken.columns.index(reference.columns[0])])
            if (len(reference.columns) == 1)
            else None
        )
        target = (reference.parent.key, reference.references[0])
        if through is not None and (target == through or target in self._targets.get(through, [])):
            message = f"The foreign key ({reference.columns[0]}) to {reference.parent.key} holds through ({names})."
            self.script.log.add(draft.place, "info", message)
        else:
            self._drop(draft, f"a column follows one foreign key only, here ({names}) to {taken.parent.key}")

    def _closes_circle(self, table: TableDraft, reference: Reference) -> bool:
        starts = {(table.key, name) for name in reference.columns}
        waiting = [(reference.parent.key, name) for name in reference.references]
        seen: set[_Node] = set()
        while waiting:
            node = waiting.pop()
            if node in starts:
                return True
            if node not in seen:
                seen.add(node)
                waiting += self._targets.get(node, [])
        return False

    def _make_unique(self, draft: ReferenceDraft, reference: Reference) -> str:
        """Return why the referenced columns are no key; without any primary key there, make them one, with a note."""
        keys = self.keys[reference.parent.key]
        names = list(reference.references)
        is_key = names[0] in keys.unique if len(names) == 1 else keys.has_composite(names)
        if is_key:
            return ""
        shown = ", ".join(column_named(reference.parent, name) for name in names)
        if keys.primary or self._is_never_unique(reference):
            return f"({shown}) is not unique in {reference.parent.key}"
        keys.required |= set(names)
        if len(names) == 1:
            keys.unique.add(names[0])
            keys.primary = names
        else:
            keys.add_composite(names)
        message = f"{reference.parent.key} declares no primary key; ({shown}) is referenced, so it was made unique."
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
