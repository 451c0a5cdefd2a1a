"""Response models of the rows of a preview or a query."""

from __future__ import annotations

from typing import Any

from app.api.response_model import ResponseModel


class ColumnResponse(ResponseModel):
    """A column of a result."""

    name: str
    type: str


class PreviewResponse(ResponseModel):
    """Rows that a run would generate; nothing is written."""

    table: str
    columns: list[ColumnResponse]
    rows: list[list[Any]]
    """Dates, times, and decimals that a double cannot represent exactly are strings."""


class QueryResponse(ResponseModel):
    """The result of a query."""

    columns: list[ColumnResponse]
    rows: list[list[Any]]
    """Dates, times, and decimals that a double cannot represent exactly are strings."""
    row_count: int
    truncated: bool
    """True when the query has more rows than the limit."""
    seconds: float
    sql: str
    """The SQL that ran in DuckDB."""
    notes: list[str]
