"""Refusals: what cannot be translated faithfully is reported with its position, never guessed."""

from __future__ import annotations

from sqlglot import exp

from engine.errors import QueryError
from engine.sql.positions import locate


def make_error(sql: str, offset: int | None, message: str, *, hint: str = "") -> QueryError:
    """Return the error for a character offset in the text, None when the position is not known."""
    if offset is None:
        return QueryError(message, hint=hint)
    line, column, caret = locate(sql, offset)
    return QueryError(message, line=line, column=column, caret=caret, hint=hint)


class UntranslatableError(Exception):
    """Raised by a rewrite at a node; the pipeline adds its position in the text."""

    def __init__(self, node: exp.Expr, message: str, hint: str = "") -> None:
        self.node = node
        self.message = message
        self.hint = hint
        super().__init__(message)


def find_offset(node: exp.Expr | None) -> int | None:
    """Return where a node begins in the text: its own offset, else that of its children, else of its parents."""
    if node is None:
        return None
    starts = [int(inner.meta["start"]) for inner in node.walk() if "start" in inner.meta]
    if starts:
        return min(starts)
    parent = node.parent
    while parent is not None:
        if "start" in parent.meta:
            return int(parent.meta["start"])
        parent = parent.parent
    return None


_STATEMENTS = {
    exp.Command: "This statement",
    exp.Create: "CREATE",
    exp.Insert: "INSERT",
    exp.Update: "UPDATE",
    exp.Delete: "DELETE",
    exp.Drop: "DROP",
    exp.Alter: "ALTER",
    exp.Merge: "MERGE",
    exp.Copy: "COPY",
    exp.Set: "SET",
    exp.Use: "USE",
    exp.Grant: "GRANT",
    exp.TruncateTable: "TRUNCATE",
    exp.Transaction: "BEGIN",
    exp.Commit: "COMMIT",
    exp.Rollback: "ROLLBACK",
}

_CLAUSES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.HistoricalData, "Time travel (AT, BEFORE)"),
    (exp.MatchRecognize, "MATCH_RECOGNIZE"),
)


def check_statement(sql: str, tree: exp.Expr, vendor: str) -> None:
    """Raise `QueryError` for a statement that is not a query, and for unsupported clauses."""
    for kind, name in _STATEMENTS.items():
        if isinstance(tree, kind):
            keyword = str(tree.this) if isinstance(tree, exp.Command) else name
            what = "Stored procedures (CALL) are" if keyword.upper() == "CALL" else f"{keyword.upper()} is"
            offset = len(sql) - len(sql.lstrip())
            raise make_error(sql, offset, f"{what} not available: a query only reads.", hint="Write a SELECT.")
    for node in tree.walk():
        for clause, name in _CLAUSES:
            if isinstance(node, clause):
                raise make_error(
                    sql, find_offset(node.parent), f"{vendor}'s {name} is not supported.", hint="Remove it."
                )
