"""State of a script while it is read: its tables so far, current schema and session variables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.errors import SqlImportError
from engine.schema.limits import MAX_TABLES
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.identifiers import Identifier, ObjectName, read_object_name
from engine.sql.importing.notes import ImportLog, Level, Place
from engine.sql.importing.table_drafts import ReferenceDraft, TableDraft


@dataclass
class Script:
    """The result of the statements read so far."""

    dialect: str
    log: ImportLog = field(default_factory=ImportLog)
    tables: dict[str, TableDraft] = field(default_factory=dict)
    schema: Identifier | None = None
    variables: dict[str, str] = field(default_factory=dict)
    sequences: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Start and step of each sequence by its folded name."""
    dropped: dict[str, TableDraft] = field(default_factory=dict)
    """The last table dropped under each key; UNDROP restores it."""
    _renamed: dict[str, str] = field(default_factory=dict)

    def find(self, name: ObjectName, *, within: Identifier | None = None) -> TableDraft | None:
        """Return the table a name refers to in the schema `within`; None when there is none.

        A bare name refers to the table of that schema, then the one without a schema, then the only one of its name.
        A qualified name also matches a table without a schema: a script may qualify its references only.
        """
        table = name.table.folded
        schemas = [name.schema.folded, None] if name.schema else [within.folded if within else None, None]
        for schema in schemas:
            key = f"{schema}.{table}" if schema else table
            if found := self.tables.get(self._renamed.get(key, key)):
                return found
        if name.schema:
            return None
        named = [draft for draft in self.tables.values() if draft.name.table.folded == table]
        return named[0] if len(named) == 1 else None

    def add(self, draft: TableDraft) -> None:
        """Add a table, replacing one of the same name; raises `SqlImportError` above the maximum number."""
        key = draft.key.casefold()
        self.tables.pop(key, None)
        self._check_table_limit()
        self._renamed.pop(key, None)
        self.tables[key] = draft

    def drop(self, draft: TableDraft, *, cascades: bool) -> None:
        """Remove a table; with `cascades`, also the foreign keys that reference it."""
        key = draft.key.casefold()
        if cascades:
            for table in self.tables.values():
                table.references = [each for each in table.references if not self._is_reference_to(each, table, draft)]
        self.dropped[key] = self.tables.pop(key)

    def drop_schema(self, schema: Identifier) -> list[TableDraft]:
        """Remove the tables of a schema, and the foreign keys that reference them; return the tables."""
        tables = [
            t for t in self.tables.values() if t.name.schema is not None and t.name.schema.folded == schema.folded
        ]
        for table in tables:
            self.drop(table, cascades=True)
        return tables

    def undrop(self, name: ObjectName) -> TableDraft | None:
        """Restore and return the last dropped table of that name; None if there is none or its name is taken."""
        schema = name.schema or self.schema
        key = replace(name, schema=schema).key.casefold()
        if key in self.tables or key not in self.dropped:
            return None
        self._check_table_limit()
        self.tables[key] = self.dropped.pop(key)
        return self.tables[key]

    def _check_table_limit(self) -> None:
        if len(self.tables) == MAX_TABLES:
            raise SqlImportError(
                f"The script creates more than {MAX_TABLES:,} tables, the maximum for an experiment.",
                hint="Import it in parts.",
            )

    def _is_reference_to(self, reference: ReferenceDraft, table: TableDraft, parent: TableDraft) -> bool:
        is_named = reference.table.table.folded == parent.name.table.folded
        return is_named and self.find(reference.table, within=table.name.schema) is parent

    def rename(self, draft: TableDraft, name: ObjectName) -> None:
        """Rename a table and the references to it; later statements find it by both names."""
        old = draft.key.casefold()
        for table in self.tables.values():
            table.references = [
                replace(reference, table=name) if self._is_reference_to(reference, table, draft) else reference
                for reference in table.references
            ]
        self.tables = {(name.key.casefold() if table is draft else key): table for key, table in self.tables.items()}
        draft.name = name
        self._renamed = {key: name.key.casefold() if new == old else new for key, new in self._renamed.items()}
        self._renamed[old] = name.key.casefold()
        self._renamed.pop(name.key.casefold(), None)


@dataclass(frozen=True)
class Context:
    """The current statement and its script."""

    script: Script
    statement: int
    line: int
    object: str = ""

    @property
    def dialect(self) -> str:
        """The dialect of the script."""
        return self.script.dialect

    @property
    def log(self) -> ImportLog:
        """The notes of the import."""
        return self.script.log

    def for_object(self, name: str) -> Context:
        """Return the context with an object name."""
        return replace(self, object=name)

    def place(self, line: int | None = None, column: str = "") -> Place:
        """Return the place of a line of the statement and a column of its object."""
        name = f"{self.object}.{column}" if column else self.object
        return Place(self.statement, self.line if line is None else line, name)

    def note(self, level: Level, message: str, *, line: int | None = None, column: str = "") -> None:
        """Add a note."""
        self.log.add(self.place(line, column), level, message)

    def skip(self, reason: str) -> None:
        """Add a note with the reason why the statement creates no table."""
        self.note("skipped", reason)

    def read_name(self, cursor: Cursor) -> ObjectName | None:
        """Read an object name; add a note for its database and for templates in it."""
        name = read_object_name(cursor, self.dialect, self.script.variables)
        if name is not None:
            if name.database is not None:
                self._note_database(name.database)
            for part in name.parts:
                self.note_template(part)
        return name

    def note_template(self, name: Identifier) -> None:
        """Add a note on the words that replace a template in a name, once per template."""
        if name.template:
            message = f'Template {name.template} is not filled in; the name is read as "{name.name}".'
            self.log.add_once(self.place(name.line), "info", message, topic=name.template)

    def _note_database(self, database: Identifier) -> None:
        message = f'Database names, such as "{database.name}", are removed.'
        self.log.add_once(self.place(database.line), "info", message, topic="the database part")
