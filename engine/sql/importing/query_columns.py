"""Names and types of a query's columns, inferred from the tables of the script: for CREATE TABLE AS.

sqlglot resolves the names and infers the types. The tables of the query are renamed to t0, t1, ... first, so that one
query can use tables with and without a schema. A column taken over unchanged keeps its declared type.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from engine.schema.names import name_fault
from engine.schema.types import Kind
from engine.sql.importing.column_types import UNKNOWN, ColumnType, read_type
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.identifiers import Identifier, ObjectName, list_template_words, replace_templates
from engine.sql.importing.script_state import Script
from engine.sql.importing.table_drafts import TableDraft
from engine.sql.importing.tokens import Token, tokenize
from engine.sql.sqlglot_parser import silent_sqlglot

_MAX_QUERY_LENGTH = 100_000
_CLAUSES = frozenset(
    "SELECT FROM WHERE GROUP ORDER BY HAVING QUALIFY LIMIT JOIN ON UNION INTERSECT EXCEPT WITH".split()
)


@dataclass(frozen=True)
class QueryColumn:
    """A column of a query's result."""

    identifier: Identifier
    type: ColumnType
    is_resolved: bool = True
    """Whether all names in its expression are known columns."""


def infer_query_columns(query: str, script: Script, schema: Identifier | None) -> list[QueryColumn] | str:
    """Return the columns of the query, or the reason why they are unknown."""
    if len(query) > _MAX_QUERY_LENGTH:
        return "The query is too long to infer its columns."
    try:
        with silent_sqlglot():
            return _infer_columns(query, script, schema)
    except sqlglot.ParseError as error:
        near = error.errors[0].get("highlight") if error.errors else None
        return f'Syntax error near "{near}" in the query.' if near else "Syntax error in the query."
    except Exception as error:
        # sqlglot's optimizer may fail in any way on arbitrary text; the import continues.
        return f"The columns of the query could not be inferred ({type(error).__name__})."


def _infer_columns(query: str, script: Script, schema: Identifier | None) -> list[QueryColumn] | str:
    if fault := _find_fault(tokenize(query, script.dialect)):
        return fault
    stand_ins = {word.casefold() for word in list_template_words(query, script.dialect)}
    expression = sqlglot.parse_one(replace_templates(query, script.dialect), read=script.dialect)
    while isinstance(expression, exp.Subquery) and not expression.args.get("alias"):
        expression = expression.this
    if not isinstance(expression, exp.Query):
        return "CREATE TABLE AS needs a SELECT."
    if any(isinstance(each, exp.Column) and each.name.casefold() in stand_ins for each in expression.selects):
        return "The columns of the query are a template, which is not filled in."
    spelling: dict[str, Identifier] = {}
    _fold_identifiers(expression, spelling)
    tables, unknown = _rename_tables(expression, script, schema)
    for table in tables.values():
        spelling.update({column.identifier.folded: column.identifier for column in table.columns})
    mapping = MappingSchema(
        {name: {c.identifier.folded: _render_type(c.type) for c in t.columns} for name, t in tables.items()},
        dialect=script.dialect,
        normalize=False,
    )
    annotated = _annotate(expression, mapping, script.dialect)
    selects = annotated.selects if isinstance(annotated, exp.Query) else []
    if not selects or any(select.is_star for select in selects):
        return f"Its columns come from {unknown or 'a table'}, which is not created earlier in the script."
    taken = {select.alias_or_name.casefold() for select in selects if not _is_unnamed(select)}
    columns: list[QueryColumn] = []
    for index, select in enumerate(selects):
        column = _build_column(select, index, script, tables, spelling)
        if _is_unnamed(select):
            column = replace(column, identifier=_make_unique(column.identifier, taken))
            taken.add(column.identifier.folded)
        columns.append(column)
    return columns


def _is_unnamed(select: exp.Expr) -> bool:
    name = select.alias_or_name
    return not name or name.casefold().startswith("_col_") or isinstance(select.unalias(), exp.Literal)


def _make_unique(identifier: Identifier, taken: Collection[str]) -> Identifier:
    """Return the name, with a number appended if another column has it."""
    name, number = identifier.name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{identifier.name}_{number}"
    return replace(identifier, name=name)


def _find_fault(tokens: Sequence[Token]) -> str:
    """Return the fault of an incomplete query that sqlglot still parses: nothing after a comma or keyword."""
    ends: list[Token | None] = [*tokens[1:], None]
    for token, after in zip(tokens, ends, strict=True):
        if token.is_symbol(",") and (after is None or after.upper == "FROM" or after.text in (",", ")", ";")):
            return "Syntax error in the query: nothing follows a comma."
        if token.upper in _CLAUSES and (after is None or after.text in (")", ";")):
            return f"Syntax error in the query: nothing follows {token.upper}."
    return ""


def _annotate(expression: exp.Query, mapping: MappingSchema, dialect: str) -> exp.Expr:
    """Resolve names and types; if a name does not resolve, only the types written in the query."""
    try:
        resolved: exp.Expr = qualify(
            expression.copy(),
            dialect=dialect,
            schema=mapping,
            validate_qualify_columns=False,
            quote_identifiers=False,
        )
    except (OptimizeError, AssertionError):
        resolved = expression
    return annotate_types(resolved, schema=mapping, dialect=dialect)


def _fold_identifiers(expression: exp.Expr, spelling: dict[str, Identifier]) -> None:
    """Fold every name and quote it, so that sqlglot changes no case; add its original case to `spelling`."""
    for node in expression.find_all(exp.Identifier):
        name = str(node.this)
        folded = name.casefold()
        is_quoted = bool(node.args.get("quoted"))
        if is_quoted or folded not in spelling:
            shown = name if is_quoted else name.lower()
            spelling[folded] = Identifier(shown, quoted=is_quoted, line=0)
        node.set("this", folded)
        node.set("quoted", True)


def _rename_tables(
    expression: exp.Expr, script: Script, schema: Identifier | None
) -> tuple[dict[str, TableDraft], str]:
    """Rename the tables of the script to t0, t1, ...; return them, and the first unknown table name."""
    names = {str(cte.alias) for cte in expression.find_all(exp.CTE)}
    tables: dict[str, TableDraft] = {}
    unknown = ""
    for column in expression.find_all(exp.Column):
        column.set("db", None)
        column.set("catalog", None)
    for node in list(expression.find_all(exp.Table)):
        if not isinstance(node.this, exp.Identifier) or (node.name in names and not node.db):
            continue
        found = script.find(_build_object_name(node), within=schema)
        if found is None:
            unknown = unknown or node.name
            continue
        name = f"t{len(tables)}"
        tables[name] = found
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
        node.set("this", exp.to_identifier(name, quoted=True))
        node.set("db", None)
        node.set("catalog", None)
    return tables, unknown


def _build_object_name(node: exp.Table) -> ObjectName:
    schema = Identifier(node.db, quoted=True, line=0) if node.db else None
    return ObjectName(Identifier(node.name, quoted=True, line=0), schema)


def _build_column(
    select: exp.Expr,
    index: int,
    script: Script,
    tables: dict[str, TableDraft],
    spelling: dict[str, Identifier],
) -> QueryColumn:
    name = select.alias_or_name
    expression = select.unalias()
    if not name or name.casefold().startswith("_col_"):  # sqlglot's name for an unnamed column
        name = expression.key if isinstance(expression, exp.Func) else f"column_{index + 1}"
        name = name if name.isidentifier() else f"column_{index + 1}"
    identifier = spelling.get(name.casefold())
    if identifier is None:
        fault = name_fault(name, is_column=True) or ""
        identifier = Identifier(name, quoted=bool(fault), line=0, fault=fault)
    column_type = _infer_type(select, script, tables)
    is_resolved = not column_type.note or expression.find(exp.Column, exp.Parameter) is None
    return QueryColumn(identifier, column_type, is_resolved)


def _infer_type(select: exp.Expr, script: Script, tables: dict[str, TableDraft]) -> ColumnType:
    expression = select.unalias()
    if isinstance(expression, exp.Column) and (declared := _find_declared_type(expression, tables)) is not None:
        return declared
    found = expression.type
    if found is None or found.this in (exp.DataType.Type.UNKNOWN, exp.DataType.Type.NULL):
        return replace(UNKNOWN, note="the type cannot be inferred from the query; the column is imported as text")
    text = found.sql(dialect=script.dialect)
    column_type = read_type(Cursor(tokenize(text, script.dialect)), script.dialect) or UNKNOWN
    is_sized = "(" in text or column_type.kind is not Kind.TEXT
    return column_type if is_sized else replace(column_type, varchar_length=None)


def _find_declared_type(column: exp.Column, tables: dict[str, TableDraft]) -> ColumnType | None:
    """Return the declared type of a column taken directly from a table of the script."""
    scope = column.find_ancestor(exp.Select)
    if scope is None:
        return None
    sources = [scope.args.get("from_") or scope.args.get("from"), *(scope.args.get("joins") or [])]
    for source in sources:
        node = source.this if source is not None else None
        if isinstance(node, exp.Table) and node.alias_or_name == column.table and node.name in tables:
            draft = tables[node.name].column(column.name.casefold())
            return replace(draft.type, note="") if draft is not None else None
    return None


def _render_type(column_type: ColumnType) -> str:
    """Return a type with its sizes as SQL for sqlglot."""
    if column_type.precision is not None:
        return f"{column_type.data_type}({column_type.precision},{column_type.scale or 0})"
    length = column_type.varchar_length or column_type.char_length
    return column_type.data_type if length is None else f"{column_type.data_type}({length})"
