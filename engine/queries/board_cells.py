"""The items of a board with their results."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import WorkbenchError
from engine.store.query_rows import SavedQuery
from engine.store.workplace_rows import BoardItem
from engine.warehouse.querying.result import QueryResult


@dataclass(frozen=True)
class BoardCell:
    """An item of a board with its query, and the result or the error of running it."""

    item: BoardItem
    query: SavedQuery
    result: QueryResult | None = None
    error: WorkbenchError | None = None
