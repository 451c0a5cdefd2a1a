"""Wanted numbers of rows: what a comment or a history of queries says that a statement returns, and shares for it.

The share of one value that the statement asks for is made larger or smaller by the ratio of the wanted and the found
rows, again and again, as the rows of a result grow with the share, though not always in proportion.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.errors import WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.workload.changes import Change
from engine.workload.records import Statement, Workload
from engine.workload.wanted import wanted_of
from engine.workload.weights import ValueShare, shares_of

_COMMENT = re.compile(r"--\s*rows\s*[:=]\s*([\d_,]+)\s*$", re.IGNORECASE | re.MULTILINE)
_QUERY_COLUMNS = ("query", "query_text", "querytxt", "statement", "name", "sql", "text")
_ROWS_COLUMNS = ("rows", "rows_produced", "returned_rows", "result_rows", "row_count", "result_size_rows")
_NEAR = 0.1
MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Cardinality:
    """The rows that a statement should return, and those that it returns on the data of the fitted schema."""

    statement: str
    line: int
    wanted: int
    found: int

    @property
    def is_near(self) -> bool:
        """Whether the rows are the wanted ones, give or take a tenth or one row."""
        return abs(self.wanted - self.found) <= max(1.0, _NEAR * self.wanted)

    def __str__(self) -> str:
        return f"{self.statement}: {self.wanted:,} rows wanted, {self.found:,} found."


def wanted_rows(
    statements: Sequence[Statement], texts: Mapping[str, str], history: str | None = None
) -> dict[str, int]:
    """Return the wanted rows by statement, of comments `-- rows: 120` before it or in it, and of a CSV text.

    `texts` are the files by name, since a comment may stand before the first word of a statement.

    The CSV has a column with the query, its text or the name of the statement, and one with its rows, as the histories
    of Redshift and Snowflake have. Raises `WorkbenchError` for a CSV without them.
    """
    found: dict[str, int] = {}
    if history is not None:
        given = _read_history(history)
        for statement in statements:
            rows = given.get(_plain(statement.name), given.get(_plain(statement.text)))
            if rows is not None:
                found[statement.name] = rows
    for statement in statements:
        before = _comments_before(texts.get(statement.file, ""), statement.line)
        comment = _COMMENT.search(statement.text) or _COMMENT.search(before)
        if comment:
            found[statement.name] = int(comment[1].replace(",", "").replace("_", ""))
    return {name: min(rows, MOST_ROWS) for name, rows in found.items()}


def _comments_before(text: str, line: int) -> str:
    """Return the comment lines right before a line."""
    lines = text.splitlines()[: line - 1]
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith("--")):
        start -= 1
    return "\n".join(lines[start:])


def _read_history(text: str) -> dict[str, int]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    names = {name.strip().lower(): name for name in rows.fieldnames or ()}
    query = next((names[name] for name in _QUERY_COLUMNS if name in names), None)
    if "query_text" in names or "querytxt" in names:
        query = names.get("query_text", names.get("querytxt"))
    count = next((names[name] for name in _ROWS_COLUMNS if name in names), None)
    if query is None or count is None:
        raise WorkbenchError(
            "The file of wanted rows has no column of queries, or none of rows.",
            hint=f"Name them query and rows, or as a history does: {', '.join(_QUERY_COLUMNS[1:3])}; "
            f"{', '.join(_ROWS_COLUMNS[1:3])}.",
        )
    found: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        text_of, number = row.get(query), (row.get(count) or "").strip()
        if not text_of or not number:
            continue
        if not number.replace(".0", "").isdigit():
            raise WorkbenchError(f"{number!r} is no number of rows.", where=f"line {line}", hint="Give a whole number.")
        found[_plain(text_of)] = int(number.replace(".0", ""))
    return found


def _plain(text: str) -> str:
    without = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    return " ".join(without.split()).rstrip("; ").lower()


def fit_counts(schema: ExperimentSchema, workload: Workload, cardinalities: Sequence[Cardinality]) -> list[Change]:
    """Return changes of shares that bring the rows of statements nearer to the wanted ones, one for each statement."""
    wanted = wanted_of(schema, workload.predicates)
    users: dict[str, set[str]] = {}
    for each in wanted:
        users.setdefault(f"{each.table}.{each.column}", set()).update(name for name, _ in each.sources)
    changes: dict[str, Change] = {}
    for one in cardinalities:
        if one.is_near or not one.found:
            continue
        open_shares = [found for found in shares_of(schema, wanted, {one.statement}) if _place(found) not in changes]
        chosen = min(open_shares, key=lambda found: _rank(found, users), default=None)
        if chosen is None:
            continue
        own = replace(chosen, sources=tuple(source for source in chosen.sources if source[0] == one.statement))
        change = own.change(chosen.share * one.wanted / one.found, f"{one.statement} should return {one.wanted:,}.")
        if change is not None:
            changes[_place(chosen)] = change
    return list(changes.values())


def _rank(found: ValueShare, users: Mapping[str, set[str]]) -> tuple[int, float]:
    return len(users.get(_place(found), ())), -found.share


def _place(found: ValueShare) -> str:
    return f"{found.table.key}.{found.column.name}"
