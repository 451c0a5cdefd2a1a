"""Response models of the routes of profiles, comparisons, saved queries, the board and the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.api.response_model import ResponseModel


class ColumnProfileResponse(ResponseModel):
    """The profile of a column."""

    name: str
    type: str
    rows: int
    nulls: int
    distinct: int
    is_exact: bool
    """False when `distinct` is an estimate, as for columns with millions of values."""
    min_value: str | None
    max_value: str | None
    mean: float | None
    bars: list[tuple[str, int]]
    """Bins from the min to the max value, or the most common values, with their counts."""
    edges: list[float]
    """The edges of the bins (one more than bins): numbers or seconds since 1970; empty for values."""


class ProfileResponse(ResponseModel):
    """The profiles of the columns of a table."""

    table: str
    rows: int
    columns: list[ColumnProfileResponse]


class ComparisonResponse(ResponseModel):
    """A comparison of two runs."""

    tables: list[dict[str, Any]]
    """Rows and bytes of each table."""
    records: list[dict[str, Any]]
    """Statistics of each column of each table; `differs` is true if any of them differs."""


class RecordList(ResponseModel):
    """Rows of a table, one object each."""

    records: list[dict[str, Any]]


class SavedQueryResponse(ResponseModel):
    """A saved query."""

    name: str
    sql: str
    dialect: str
    saved_at: datetime
    view: str
    chart: dict[str, str]


class BoardItemResponse(ResponseModel):
    """A saved query on the board, shown as a chart or a table."""

    query: str
    view: str
    width: int


class BoardResponse(ResponseModel):
    """The board of an experiment, in order."""

    items: list[BoardItemResponse]


class SavedQueryList(ResponseModel):
    """The saved queries of an experiment."""

    queries: list[SavedQueryResponse]


class PastQueryResponse(ResponseModel):
    """A query of the history; `error` is empty when it succeeded."""

    sql: str
    dialect: str
    asked_at: datetime
    seconds: float
    row_count: int
    error: str


class QueryHistory(ResponseModel):
    """The query history, newest first."""

    queries: list[PastQueryResponse]
