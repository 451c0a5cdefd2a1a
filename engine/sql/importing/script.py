"""The state of a script while it is read: its tables so far, its current schema, its session variables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.errors import SqlImportError
from engine.schema.limits import MAX_TABLES
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.drafts import ReferenceDraft, TableDraft
from engine.sql.importing.identifiers import Identifier, ObjectName, read_object_name
from engine.sql.importing.notes import ImportLog, Level, Place


@dataclass
class Script:
    """What the statements read so far have made."""

    dialect: str
    log: ImportLog = field(default_factory=ImportLog)
    tables: dict[str, TableDraft] = field(default_factory=dict)
    schema: Identifier | None = None
    variables: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, TableDraft] = field(default_factory=dict)
    """The last table dropped under each key; UNDROP brings it back."""
    _renamed: dict[str, str] = field(default_factory=dict)

    def find(self, name: ObjectName, *, within: Identifier | None = None) -> TableDraft | None:
        """Return the table that a name means, seen from a table of the schema `within`.

        A bare name means the table of that schema, then the one without a schema, then the only one of its name. A
        name with a schema also means a table without one: a script may qualify its references only.
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
        """Add a table, in the place of one of its name; raises `SqlImportError` for more than a schema holds."""
        key = draft.key.casefold()
        self.tables.pop(key, None)
        self._check_room()
        self._renamed.pop(key, None)
        self.tables[key] = draft

    def drop(self, draft: TableDraft, *, cascades: bool) -> None:
        """Remove a table; with `cascades`, the foreign keys that reference it as well."""
        key = draft.key.casefold()
        if cascades:
            for table in self.tables.values():
                table.references = [each for each in table.references if not self._is_to(each, table, draft)]
        self.dropped[key] = self.tables.pop(key)

    def drop_schema(self, schema: Identifier) -> list[TableDraft]:
        """Remove the tables of a schema, and the foreign keys that reference them; return the tables."""
        held = [t for t in self.tables.values() if t.name.schema is not None and t.name.schema.folded == schema.folded]
        for table in held:
            self.drop(table, cascades=True)
        return held

    def undrop(self, name: ObjectName) -> TableDraft | None:
        """Bring the last dropped table of that name back, if there is one and its name is free."""
        schema = name.schema or self.schema
        key = replace(name, schema=schema).key.casefold()
        if key in self.tables or key not in self.dropped:
            return None
        self._check_room()
        self.tables[key] = self.dropped.pop(key)
        return self.tables[key]

    def _check_room(self) -> None:
        if len(self.tables) == MAX_TABLES:
            raise SqlImportError(
                f"The script makes more than {MAX_TABLES:,} tables, the most an experiment has.",
                hint="Import it in parts.",
            )

    def _is_to(self, reference: ReferenceDraft, table: TableDraft, parent: TableDraft) -> bool:
        is_named = reference.table.table.folded == parent.name.table.folded
        return is_named and self.find(reference.table, within=table.name.schema) is parent

    def rename(self, draft: TableDraft, name: ObjectName) -> None:
        """Give a table another name; what references it now goes with it, and later statements find it by both."""
        old = draft.key.casefold()
        for table in self.tables.values():
            table.references = [
                replace(reference, table=name) if self._is_to(reference, table, draft) else reference
                for reference in table.references
            ]
        self.tables = {(name.key.casefold() if table is draft else key): table for key, table in self.tables.items()}
        draft.name = name
        self._renamed = {key: name.key.casefold() if new == old else new for key, new in self._renamed.items()}
        self._renamed[old] = name.key.casefold()
        self._renamed.pop(name.key.casefold(), None)


@dataclass(frozen=True)
class Context:
    """The statement that is being read, and the script it stands in."""

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

    def of(self, name: str) -> Context:
        """Return the context with its object named."""
        return replace(self, object=name)

    def place(self, line: int | None = None, column: str = "") -> Place:
        """Return the place of a line of the statement, and of a column of its object."""
        name = f"{self.object}.{column}" if column else self.object
        return Place(self.statement, self.line if line is None else line, name)

    def note(self, level: Level, message: str, *, line: int | None = None, column: str = "") -> None:
        """Add a note."""
        self.log.add(self.place(line, column), level, message)

    def skip(self, reason: str) -> None:
        """Say why the statement makes no table."""
        self.note("skipped", reason)

    def read_name(self, cursor: Cursor) -> ObjectName | None:
        """Take the name of an object, and note what of it is not kept."""
        name = read_object_name(cursor, self.dialect, self.script.variables)
        if name is not None:
            if name.database is not None:
                self._note_database(name.database)
            for part in name.parts:
                self.note_template(part)
        return name

    def note_template(self, name: Identifier) -> None:
        """Note once what stands for a template in a name."""
        if name.template:
            message = f'The template {name.template} is not filled in; its name is read as "{name.name}".'
            self.log.add_once(self.place(name.line), "info", message, topic=name.template)

    def _note_database(self, database: Identifier) -> None:
        message = f'The database part of names, such as "{database.name}", is dropped.'
        self.log.add_once(self.place(database.line), "info", message, topic="the database part")
