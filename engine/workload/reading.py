"""Reading a workload: files to statements, with values for what they leave open and views resolved.

Nothing here raises for what a file says: a statement that cannot be read has its state and the reason.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from engine.sql.importing.statement_splitting import split_statements
from engine.workload.dbt_projects import find_project
from engine.workload.jinja_spans import JinjaProject
from engine.workload.placeholders import fill
from engine.workload.records import Placeholder, Statement, StatementState
from engine.workload.sources import SourceFile, WorkloadSource, read_sources
from engine.workload.statement_kinds import Part, read_part
from engine.workload.templates import render
from engine.workload.views import Expanded, UnparsedError, View, expand

Value = str | int | float | Decimal | bool | date | datetime | time | None
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Draft:
    statement: Statement
    columns: str


def read_statements(
    source: WorkloadSource, dialect: str, values: Values | None = None, *, tables: Collection[str] = ()
) -> tuple[Statement, ...]:
    """Return the statements of a file, a folder, or texts by file name, in their order.

    `values` fill placeholders by name, without regard to case; `q07.sql:1` is the first `?` of one statement. `tables`
    are the tables of the experiment, as the schema names them. Raises `NotFoundError` for a missing file or folder.
    """
    texts = {name.lower(): _as_text(value) for name, value in (values or {}).items()}
    names = _TableNames(tables)
    drafts: list[_Draft] = []
    models: set[str] = set()
    found = find_project(source)
    project = JinjaProject(found.macros, found.variables)
    for file in read_sources(source):
        drafts += _read_file(file, dialect, texts, names, models, project)
    views = _collect_views(drafts, models)
    known: dict[str, tuple[str, list[str]]] = {}
    return tuple(_resolve(draft.statement, dialect, views, names.plain, known) for draft in drafts)


class _TableNames:
    """The names of an experiment's tables."""

    def __init__(self, tables: Collection[str]) -> None:
        self._keys = {key.lower() for key in tables}
        self.plain = {key.rpartition(".")[2] for key in self._keys}

    def of_source(self, schema: str, table: str) -> str:
        """Return the table that `source('schema', 'table')` means."""
        qualified = f"{schema}.{table}"
        if qualified.lower() in self._keys:
            return qualified
        named = [key for key in self._keys if key.rpartition(".")[2] == table.lower()]
        return named[0] if len(named) == 1 else table


def _as_text(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    return value.isoformat(*([" "] if isinstance(value, datetime) else [])) if isinstance(value, date) else str(value)


def _read_file(
    file: SourceFile,
    dialect: str,
    values: Mapping[str, str],
    names: _TableNames,
    models: set[str],
    project: JinjaProject,
) -> Iterator[_Draft]:
    rendered = render(file.text, file.stem, values, names.of_source, project)
    models |= rendered.references
    if rendered.is_model:
        models.add(file.stem.lower())
    pieces = split_statements(rendered.text, dialect)
    lines = [*(piece.line for piece in pieces[1:]), file.text.count("\n") + 2][: len(pieces)]
    known = dict(values)
    written = file.text.splitlines()
    template_lines = [each.line for each in rendered.placeholders]
    for number, (piece, next_line) in enumerate(zip(pieces, lines, strict=True), 1):
        part = read_part(piece, rendered.text)
        if part.setting is not None:
            known.setdefault(part.setting[0].lower(), part.setting[1])
        name = file.name if len(pieces) == 1 else f"{file.name} #{number}"
        first = 1 if number == 1 else piece.line
        templates = rendered.placeholders[bisect_left(template_lines, first) : bisect_left(template_lines, next_line)]
        view = part.view or (file.stem if len(pieces) == 1 else None)
        text = piece.text if not templates else _lines_of(written, piece.line, piece.text.count("\n"))
        yield _Draft(_build(part, name, file.name, number, text, dialect, known, templates, view), part.columns)


def _lines_of(lines: Sequence[str], line: int, breaks: int) -> str:
    return "\n".join(lines[line - 1 : line + breaks])


def _build(
    part: Part,
    name: str,
    file: str,
    number: int,
    text: str,
    dialect: str,
    values: Mapping[str, str],
    templates: Sequence[Placeholder],
    view: str | None,
) -> Statement:
    if part.reason is not None:
        state: StatementState = "does not run" if part.is_known else "not understood"
        return Statement(name, file, number, part.line, text, part.sql, state, part.reason)
    sql, found = fill(part.sql, part.line, dialect, values, name)
    placeholders = (*templates, *found)
    missing = next((each for each in placeholders if not each.is_given), None)
    reason = None if missing is None else f"{missing.text} has no value (line {missing.line})."
    state = "runs" if missing is None else "does not run"
    return Statement(name, file, number, part.line, text, sql, state, reason, placeholders, view=view)


def _collect_views(drafts: Sequence[_Draft], models: Collection[str]) -> dict[str, View]:
    """Return the views by name: those that are created, and the models; the last of a name counts."""
    views: dict[str, View] = {}
    for draft in drafts:
        made = draft.statement
        if made.view is None or (made.view.lower() not in models and _is_stem(made)):
            continue
        views[made.view.lower()] = View(made.view, made.sql, draft.columns, made.reason)
    return views


def _is_stem(statement: Statement) -> bool:
    """Return whether the statement's view is only the name of its file, not one that it creates."""
    return not statement.text.lstrip().upper().startswith("CREATE")


def _resolve(
    statement: Statement,
    dialect: str,
    views: Mapping[str, View],
    tables: Collection[str],
    known: dict[str, tuple[str, list[str]]],
) -> Statement:
    own = None if statement.view is None or statement.view.lower() not in views else statement.view
    made = replace(statement, view=own)
    if made.reason is not None and not made.placeholders:
        return made
    try:
        expanded = expand(made.sql, dialect, views, tables, known=known)
    except UnparsedError as error:
        if made.reason is not None:
            return made
        reason = f"{error} (line {made.line + error.line - 1})"
        return replace(made, state="not understood", reason=reason)
    return _with_views(made, expanded)


def _with_views(statement: Statement, expanded: Expanded) -> Statement:
    made = replace(statement, sql=expanded.sql, prefix_lines=expanded.prefix_lines)
    if expanded.fault is None or made.reason is not None:
        return made
    return replace(made, state="does not run", reason=expanded.fault)
