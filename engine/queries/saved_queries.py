"""The query history of an experiment, and its saved queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.errors import WorkbenchError
from engine.queries.query_dialects import dialect_of
from engine.schema.limits import check_text
from engine.store.catalog import Catalog
from engine.store.query_rows import PastQuery, SavedQuery

if TYPE_CHECKING:
    from engine.warehouse.querying.result import QueryResult


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

    def save(self, name: str, sql: str, dialect: str | None = None) -> SavedQuery:
        """Save a query, replacing one of that name, by default in the dialect of the experiment.

        Raises `WorkbenchError` for an empty name or text.
        """
        dialect = dialect or dialect_of(self.catalog.experiment(self.experiment).schema)
        check_text(name, "The name")
        check_text(sql, "The query")
        return self.catalog.save_query(self.experiment, name, sql, dialect)

    def remove(self, name: str) -> None:
        """Delete a saved query; raises `NotFoundError`."""
        check_text(name, "The name")
        self.catalog.remove_query(self.experiment, name)


def _storable(text: str) -> str:
    """Escape the characters that the catalog cannot store: the history also holds queries refused for them."""
    return text.encode("utf-8", "backslashreplace").decode()
