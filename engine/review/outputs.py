"""What a review shows and writes of its schema: warnings, keys, checks, given rows, diagram, JSON and DDL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import Problem
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.review.keys import key_facts, key_warnings
from engine.schema.diagram import er_diagram
from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema
from engine.sql.ddl_export import export_ddl

if TYPE_CHECKING:
    import polars as pl


class ReviewOutputs:
    """The outputs of a schema under review; of the original schema while there are problems, where it says so."""

    _schema: ExperimentSchema

    def edited(self) -> ExperimentSchema:
        """Return the schema with all changes; raises `SchemaError` with every problem."""
        raise NotImplementedError

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems of the changed schema."""
        raise NotImplementedError

    def warnings(self, table: str | None = None) -> list[str]:
        """Return the warnings of the schema, or of one table."""
        schema = self._valid_schema()
        shown = schema.tables if table is None else [schema.table(table)]
        return [warning for each in shown for warning in (*each.warnings, *key_warnings(each))]

    def key_facts(self, table: str) -> list[str]:
        """Return descriptions of the keys of several columns, which the lines of a table do not show."""
        return key_facts(self._valid_schema().table(table))

    def checks(self, table: str) -> list[str]:
        """Return the conditions that every row of a table meets, as SQL in the dialect of the schema."""
        return list(self._schema.table(table).checks)

    def given_count(self, table: str) -> int:
        """Return how many rows of a table are given, not generated."""
        return len(self._schema.table(table).rows)

    def given_rows(self, table: str, limit: int = 100) -> pl.DataFrame:
        """Return the first given rows of a table, at most `limit`; rules fill the columns that a row leaves out."""
        schema = self._valid_schema()
        found = schema.table(table)
        counts = row_counts(schema, None, 0)
        rows = min(len(found.rows), limit, counts[found.key])
        return preview(schema, found, rows=rows, offset=0, seed=0, counts=counts)

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram: all tables, or one table and its neighbours."""
        return er_diagram(self.edited(), around=around)

    def to_json(self) -> str:
        """Return the reviewed schema as the JSON text of a schema file."""
        return schema_to_json(self.edited())

    def to_ddl(self, dialect: str) -> str:
        """Return the reviewed schema as a CREATE TABLE script."""
        return export_ddl(self.edited(), dialect)

    def _valid_schema(self) -> ExperimentSchema:
        """Return the schema with all changes; the original schema while there are problems."""
        return self._schema if self.problems() else self.edited()
