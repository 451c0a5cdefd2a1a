"""A query on its way: asked in a thread of its own, so that the page stays alive and can stop it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from app.shared_workbench import workbench
from app.state import Answer
from engine import QueryHandle, QueryResult
from engine.errors import WorkbenchError

QUICK_SECONDS = 0.4
"""A query that takes no longer is waited for; a page without a flicker is worth that much."""

SHOWN_ROWS = 10_000


class Asking:
    """One query that runs from the moment it is made; `answer` is there when it has ended.

    With `page_of` it is another page of an answer that is there already.
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
    ) -> None:
        self.experiment = experiment
        self.dialect = dialect
        self.page_of = page_of
        self.answer: Answer | None = None
        self._offset = (page - 1) * SHOWN_ROWS
        self._sql = sql
        self._text = sql if text is None else text
        self._handle = QueryHandle()
        self._started = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._ask, name=f"query of {experiment}", daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._started

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; return whether it has ended."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Stop the query; its answer then says so."""
        self._handle.cancel()

    def _ask(self) -> None:
        try:
            self.answer = self._answered()
        finally:
            self._ended.set()

    def _answered(self) -> Answer:
        name, sql, dialect = self.experiment, self._sql, self.dialect
        try:
            result = workbench().query(
                sql,
                dialect=dialect,
                experiment=name,
                limit=SHOWN_ROWS,
                offset=self._offset,
                count=self.page_of is None,
                handle=self._handle,
            )
        except WorkbenchError as error:
            answer = Answer(name, sql, dialect, error=error, text=self._text)
            _note(name, sql, dialect, error)
        except Exception as error:  # a defect of ours must not leave the page waiting for ever
            failure = WorkbenchError(f"The query failed: {type(error).__name__}: {error}")
            answer = Answer(name, sql, dialect, error=failure, text=self._text)
        else:
            if self.page_of is not None:
                known = self.page_of.total
                return replace(self.page_of, result=result if known is None else replace(result, total=known))
            answer = Answer(name, sql, dialect, result=result, text=self._text)
            _note(name, sql, dialect, result)
        return answer


def _note(experiment: str, sql: str, dialect: str, outcome: QueryResult | WorkbenchError) -> None:
    try:
        workbench()[experiment].queries.note(sql, dialect, outcome)
    except WorkbenchError:
        return  # deleted meanwhile: a history less
