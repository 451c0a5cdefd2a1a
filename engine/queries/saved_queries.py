"""The query history of an experiment, and its saved queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.errors import NotFoundError, WorkbenchError, did_you_mean
from engine.queries.query_dialects import dialect_of
from engine.schema.limits import check_text
from engine.sql.formatting import format_query
from engine.store.catalog import Catalog
from engine.store.query_rows import PastQuery, SavedQuery
from engine.store.workplace_rows import QueryTab
from engine.warehouse.querying.request import check_length

if TYPE_CHECKING:
    from engine.warehouse.querying.result import QueryResult

VIEWS = ("both", "table", "chart", "columns")
CHART_PARTS = ("mark", "x", "unit", "y", "aggregate", "color")
_MAX_SETTING_LENGTH = 500


@dataclass(frozen=True)
class ExperimentQueries:
    """The past and saved queries of one experiment; shared by the app, the notebook and the REST API."""

    catalog: Catalog
    experiment: str

    def history(self) -> list[PastQuery]:
        """Return the past queries, the newest first: `.sql`, `.dialect`, `.asked_at`, `.error`, ..."""
        return self.catalog.past_queries(self.experiment)

    def note(self, sql: str, dialect: str, outcome: QueryResult | WorkbenchError) -> None:
        """Add a query to the history, with its result or error."""
        now, text = datetime.now(UTC), _storable(sql.strip())
        if not isinstance(outcome, WorkbenchError):
            query = PastQuery(text, dialect, now, outcome.seconds, outcome.row_count)
        else:
            query = PastQuery(text, dialect, now, 0.0, 0, _storable(outcome.message))
        self.catalog.note_query(self.experiment, query)

    def saved(self) -> list[SavedQuery]:
        """Return the saved queries by name: `.name`, `.sql`, `.dialect`, `.saved_at`."""
        return self.catalog.saved_queries(self.experiment)

    def saved_query(self, name: str) -> SavedQuery:
        """Return the saved query of a name; raises `NotFoundError`."""
        saved = self.saved()
        for query in saved:
            if query.name.casefold() == name.casefold():
                return query
        hint = did_you_mean(name, [query.name for query in saved])
        raise NotFoundError(f'There is no saved query "{name}".', hint=hint)

    def save(
        self,
        name: str,
        sql: str,
        dialect: str | None = None,
        *,
        view: str = "both",
        chart: Mapping[str, str] | None = None,
    ) -> SavedQuery:
        """Save a query, replacing one of that name, by default in the dialect of the experiment.

        `view` says how its result is shown: both, table, chart or columns. `chart` has arguments of
        `QueryResult.chart`; those left out are chosen to fit the result. Raises `WorkbenchError` for an empty name or
        text, and for an unknown view or argument.
        """
        dialect = dialect or dialect_of(self.catalog.experiment(self.experiment).loaded_schema)
        check_text(name, "The name")
        check_text(sql, "The query")
        if view not in VIEWS:
            raise WorkbenchError(f'Unknown view "{view}".', hint=f"Use one of: {', '.join(VIEWS)}.")
        return self.catalog.save_query(self.experiment, name, sql, dialect, view, checked_chart(chart or {}))

    def naming(self, name: str) -> list[str]:
        """Return the names of the saved queries whose text names the experiment `name`: `name`, or `name__...`."""
        from engine.warehouse.querying.session import experiments_named_in

        return [query.name for query in self.saved() if experiments_named_in(query.sql, [name])]

    def format(self, sql: str, dialect: str | None = None) -> str:
        """Return a query in its usual layout, with all its words and comments.

        Raises `QueryError` with its position for a syntax error in the dialect, by default that of the experiment.
        """
        check_text(sql, "The query")
        check_length(sql)
        return format_query(sql, dialect or dialect_of(self.catalog.experiment(self.experiment).loaded_schema))

    def remove(self, name: str) -> None:
        """Delete a saved query; raises `NotFoundError`."""
        check_text(name, "The name")
        self.catalog.remove_query(self.experiment, name)

    def tabs(self, browser: str) -> list[QueryTab]:
        """Return the query tabs of a browser in order: `.id`, `.title`, `.sql`, `.dialect`, `.view`, `.chart`."""
        return self.catalog.query_tabs(self.experiment, browser)

    def add_tab(self, browser: str, tab: QueryTab) -> QueryTab:
        """Add a tab as the last one, with a new id, and return it."""
        return self.catalog.add_tab(self.experiment, browser, tab)

    def change_tab(self, browser: str, tab: QueryTab) -> QueryTab | None:
        """Save a tab and return it with its next revision; None when it was changed or closed since its revision."""
        return self.catalog.change_tab(self.experiment, browser, tab)

    def remove_tab(self, browser: str, tab_id: str) -> None:
        """Delete a tab; does nothing when it is gone."""
        self.catalog.remove_tab(self.experiment, browser, tab_id)

    def store_draft(self, sql: str) -> str:
        """Store the text of a query too long for an address and return its id, the same for the same text."""
        check_text(sql, "The query")
        return self.catalog.add_draft(self.experiment, sql)

    def stored_draft(self, draft_id: str) -> str:
        """Return the text of a stored query; raises `NotFoundError`."""
        check_text(draft_id, "The id")
        return self.catalog.draft(self.experiment, draft_id)


def _storable(text: str) -> str:
    """Escape the characters that the catalog cannot store: the history also holds queries refused for them."""
    return text.encode("utf-8", "backslashreplace").decode()


def checked_chart(chart: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a chart in their order; raises `WorkbenchError` for unknown names and long values."""
    for part, setting in chart.items():
        if part not in CHART_PARTS:
            raise WorkbenchError(f'Unknown part of a chart "{part}".', hint=f"Use some of: {', '.join(CHART_PARTS)}.")
        check_text(setting, f"The chart's {part}")
        if len(setting) > _MAX_SETTING_LENGTH:
            raise WorkbenchError(
                f"The chart's {part} is longer than {_MAX_SETTING_LENGTH} characters.", hint="Choose a column by name."
            )
    return {part: chart[part] for part in CHART_PARTS if part in chart}
