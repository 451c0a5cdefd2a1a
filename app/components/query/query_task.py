"""A query of the page that runs in the background, with its note in the history."""

from __future__ import annotations

from dataclasses import replace

from app.background_task import BackgroundTask
from app.shared_workbench import workbench
from app.state import Answer
from engine import QueryHandle, QueryResult
from engine.errors import WorkbenchError

SHOWN_ROWS = 10_000


class QueryTask(BackgroundTask[QueryResult]):
    """A query that runs from its creation on; with `page_of` it fetches another page of that result.

    `text` is the text of the editor, of which `sql` may be a part.
    """

    def __init__(
        self,
        experiment: str,
        sql: str,
        dialect: str,
        text: str | None = None,
        *,
        page_of: Answer | None = None,
        page: int = 1,
        tab: str = "",
    ) -> None:
        self.experiment = experiment
        self.page_of = page_of
        self.tab = tab
        self._sql = sql
        self._dialect = dialect
        self._text = sql if text is None else text
        self._offset = (page - 1) * SHOWN_ROWS
        super().__init__(self._query, name="query")

    def answer(self) -> Answer:
        """Return the outcome of a query that has ended."""
        if self.page_of is not None and self.result is not None:
            total = self.page_of.total
            return replace(
                self.page_of,
                waited=self.seconds,
                result=self.result if total is None else replace(self.result, total=total),
            )
        return Answer(
            self.experiment,
            self._sql,
            self._dialect,
            result=self.result,
            error=self.error,
            text=self._text,
            tab=self.tab,
            waited=self.seconds,
        )

    def _query(self, handle: QueryHandle) -> QueryResult:
        try:
            result = workbench().query(
                self._sql,
                dialect=self._dialect,
                experiment=self.experiment,
                limit=SHOWN_ROWS,
                offset=self._offset,
                count=self.page_of is None,
                handle=handle,
            )
        except WorkbenchError as error:
            self._note(error)
            raise
        if self.page_of is None:
            self._note(result)
        return result

    def _note(self, outcome: QueryResult | WorkbenchError) -> None:
        try:
            workbench()[self.experiment].queries.note(self._sql, self._dialect, outcome)
        except WorkbenchError:
            return  # deleted meanwhile, and its history with it
