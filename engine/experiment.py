"""An experiment: a schema, its runs, and its loaded tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.display.html_tables import html_table
from engine.display.wording import counted
from engine.experiment_export import ExperimentExport
from engine.experiment_state import table_of
from engine.queries.query_dialects import dialect_of
from engine.schema.diagram import er_diagram
from engine.schema.files import schema_to_json
from engine.sql.first_query import first_query, first_rows_query
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.page import Page

if TYPE_CHECKING:
    import polars as pl

    from engine.queries.board import Board
    from engine.queries.saved_queries import ExperimentQueries
    from engine.sql.translation import Variables
    from engine.warehouse.audit.audit import AuditResult
    from engine.warehouse.profiling.profile_records import Profile
    from engine.warehouse.querying.execution import QueryResult
    from engine.warehouse.querying.own_connection import OwnConnection
    from engine.warehouse.querying.plan import QueryPlan


class Experiment(ExperimentExport):
    """An experiment; returned by `Workbench.create` and `workbench[name]`."""

    @property
    def queries(self) -> ExperimentQueries:
        """The recent queries, `.history()`, and the saved ones, `.saved()`."""
        from engine.queries.saved_queries import ExperimentQueries

        return ExperimentQueries(self._services.catalog, self.name)

    def board(self) -> Board:
        """Return the board of saved charts and tables: `.pin(name)`, `.unpin`, `.move`, `.resize`, `.export(path)`."""
        from engine.queries.board import Board

        return Board(self._services.catalog, self._services.querying, self.name)

    def to_json(self) -> str:
        """Return the schema as the JSON text of a schema file."""
        return schema_to_json(self.schema)

    @property
    def dialect(self) -> str:
        """The dialect of queries that name none: that of the script, or duckdb without one."""
        return dialect_of(self.loaded_schema)

    def to_ddl(self, dialect: str) -> str:
        """Return the schema as a CREATE TABLE script for redshift, snowflake or duckdb."""
        from engine.sql.ddl_export import export_ddl

        return export_ddl(self.schema, dialect)

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram: all tables, or one table and its neighbours."""
        return er_diagram(self.schema, around=around)

    def preview(
        self,
        table: str,
        rows: int = 10,
        *,
        offset: int = 0,
        seed: int = 0,
        counts: int | Mapping[str, int] | None = None,
    ) -> pl.DataFrame:
        """Return `rows` rows of a table, starting at row number `offset`; nothing is written.

        They equal the same rows of a run with the same seed and row counts (`counts`, as `rows` of `generate`).
        """
        from engine.generation.preview import preview
        from engine.generation.requested_counts import check_seed

        made = self._grown(counts, check_seed(seed))
        found = table_of(made.schema, table)
        return preview(made.schema, found, rows=rows, offset=offset, seed=seed, counts=made.counts)

    def query(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        variables: Variables | None = None,
    ) -> QueryResult:
        """Run a SELECT over this experiment's tables, by their plain names; `dialect` is the experiment's by default.

        Returns at most `limit` rows after the first `offset`. The values of `variables` fill `$name` and `:name`.
        """
        return self._services.querying.query(
            sql, dialect=dialect, experiment=self.name, page=Page(limit, offset), variables=variables
        )

    def connect(self) -> OwnConnection:
        """Return a read-only DuckDB connection to the loaded tables, which have their plain names.

        It shows what is loaded now, also after later loads; closing it gives its file back. Statements are DuckDB's
        own SQL, and run with the memory and threads of the settings, without the other limits of `query`. Raises
        `ConflictError` when nothing is loaded.
        """
        from engine.queries.stable_files import connect

        return connect(self._services.home, self._services.catalog, self._services.settings, self.name)

    def path(self) -> Path:
        """Return the path of a DuckDB file with the loaded tables, for other programs; it is made when needed.

        It is a copy that no load or reset changes. The next call after a load puts the new tables in its place, under
        the same path; renaming or deleting the experiment deletes it. Raises `ConflictError` when nothing is loaded.
        """
        from engine.queries.stable_files import stable_file

        return stable_file(self._services.home, self._services.catalog, self.name)

    def explain(
        self, sql: str, *, dialect: str | None = None, analyze: bool = False, handle: QueryHandle | None = None
    ) -> QueryPlan:
        """Return DuckDB's plan of a SELECT: `.step` with its `.inputs`; print it as a tree.

        `analyze` runs the query, under the limits of every query, and adds the rows and seconds of each step.
        """
        return self._services.querying.explain(
            sql, dialect=dialect, experiment=self.name, analyze=analyze, handle=handle
        )

    def first_query(self) -> str:
        """Return a sample query: a value per month, rows per category, or the first rows of a table."""
        return first_query(self.loaded_schema)

    def rows_query(self, table: str) -> str:
        """Return the query for the first rows of a table; raises `NotFoundError`."""
        schema = self.loaded_schema
        return first_rows_query(schema, table_of(schema, table))

    def profile(self, table: str, *, handle: QueryHandle | None = None) -> Profile:
        """Return a profile of each column of a loaded table: `.columns`, and `.frame` with a row for each.

        Query limits apply, and another thread can call `handle.cancel()`; also for `key_coverage` and `audit`.
        """
        return self._services.querying.profile(self.name, self.loaded_table(table), handle)

    def key_coverage(self, *, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return a row for each foreign key: the share of parents with children, and the children per parent."""
        return self._services.querying.key_coverage(self.name, handle)

    def audit(self, *, handle: QueryHandle | None = None) -> AuditResult:
        """Check the loaded data against every rule of its schema: `.passed`, `.frame`, `.failures`."""
        return self._services.querying.audit(self.name, handle)

    def _repr_html_(self) -> str:
        counts = self.row_counts()
        rows = [
            (
                table.key,
                counts.get(table.key, 0),
                len(table.columns),
                ", ".join(column.name for column in table.columns),
            )
            for table in self.schema.tables
        ]
        notes = f" ({counted(len(self.warnings), 'warning')}, see .warnings)" if self.warnings else ""
        extent = f"{counted(len(rows), 'table')}, {counted(sum(counts.values()), 'row')}"
        caption = f"Experiment {self.name}: {extent}{notes}"
        return html_table(caption, ["table", "rows", "columns", "column names"], rows)

    def __repr__(self) -> str:
        return f"Experiment({self.name!r}, tables={[table.key for table in self.schema.tables]})"
