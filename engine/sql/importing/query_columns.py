"""Which columns a query has, and of which type: for CREATE TABLE AS, from the tables of the script.

sqlglot resolves the names and works out the types. The tables of the query are renamed to t0, t1, ... first, so that
tables with and without a schema can stand in one query. A column that is passed on keeps its type as it was declared.
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
from engine.sql.importing.drafts import TableDraft
from engine.sql.importing.identifiers import Identifier, ObjectName, template_words, without_templates
from engine.sql.importing.script import Script
from engine.sql.importing.tokens import Token, tokenize
from engine.sql.sqlglot_parser import silent_sqlglot

_LONGEST_QUERY = 100_000
_CLAUSES = frozenset(
    "SELECT FROM WHERE GROUP ORDER BY HAVING QUALIFY LIMIT JOIN ON UNION INTERSECT EXCEPT WITH".split()
)


@dataclass(frozen=True)
class QueryColumn:
    """A column of a query's result."""

    identifier: Identifier
    type: ColumnType
    is_resolved: bool = True
    """Whether all names in its expression are columns that are known."""


def columns_of_query(query: str, script: Script, schema: Identifier | None) -> list[QueryColumn] | str:
    """Return the columns of the query, or the reason why they are not known."""
    if len(query) > _LONGEST_QUERY:
        return "Its query is too long to work out its columns."
    try:
        with silent_sqlglot():
            return _columns(query, script, schema)
    except sqlglot.ParseError as error:
        place = error.errors[0] if error.errors else {}
        reason = str(place.get("description") or "it does not parse").rstrip(".")
        return f"Its query was not understood: {reason}."
    except Exception as error:
        # sqlglot's optimizer meets text here that nobody wrote for it; whatever it trips over, the import goes on.
        return f"The columns of its query could not be worked out ({type(error).__name__})."


def _columns(query: str, script: Script, schema: Identifier | None) -> list[QueryColumn] | str:
    if fault := _fault(tokenize(query, script.dialect)):
        return fault
    stand_ins = {word.casefold() for word in template_words(query, script.dialect)}
    expression = sqlglot.parse_one(without_templates(query, script.dialect), read=script.dialect)
    while isinstance(expression, exp.Subquery) and not expression.args.get("alias"):
        expression = expression.this
    if not isinstance(expression, exp.Query):
        return "Its query was not understood."
    if any(isinstance(each, exp.Column) and each.name.casefold() in stand_ins for each in expression.selects):
        return "A template stands in the place of its columns."
    spelling: dict[str, Identifier] = {}
    _fold_identifiers(expression, spelling)
    tables, unknown = _rename_tables(expression, script, schema)
    for table in tables.values():
        spelling.update({column.identifier.folded: column.identifier for column in table.columns})
    mapping = MappingSchema(
        {name: {c.identifier.folded: _type_text(c.type) for c in t.columns} for name, t in tables.items()},
        dialect=script.dialect,
        normalize=False,
    )
    annotated = _annotated(expression, mapping, script.dialect)
    selects = annotated.selects if isinstance(annotated, exp.Query) else []
    if not selects or any(select.is_star for select in selects):
        return f"Its columns come from {unknown or 'a table'}, which the script does not create before."
    taken = {select.alias_or_name.casefold() for select in selects if not _is_unnamed(select)}
    columns: list[QueryColumn] = []
    for index, select in enumerate(selects):
        column = _column(select, index, script, tables, spelling)
        if _is_unnamed(select):
            column = replace(column, identifier=_free(column.identifier, taken))
            taken.add(column.identifier.folded)
        columns.append(column)
    return columns


def _is_unnamed(select: exp.Expr) -> bool:
    name = select.alias_or_name
    return not name or name.casefold().startswith("_col_") or isinstance(select.unalias(), exp.Literal)


def _free(identifier: Identifier, taken: Collection[str]) -> Identifier:
    """Return the name, with a number where another column has it."""
    name, number = identifier.name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{identifier.name}_{number}"
    return replace(identifier, name=name)


def _fault(tokens: Sequence[Token]) -> str:
    """Return why a query is incomplete that sqlglot reads all the same: a comma or a clause with nothing after it."""
    ends: list[Token | None] = [*tokens[1:], None]
    for token, after in zip(tokens, ends, strict=True):
        if token.is_symbol(",") and (after is None or after.upper == "FROM" or after.text in (",", ")", ";")):
            return "Its query was not understood: nothing follows a comma."
        if token.upper in _CLAUSES and (after is None or after.text in (")", ";")):
            return f"Its query was not understood: nothing follows {token.upper}."
    return ""


def _annotated(expression: exp.Query, mapping: MappingSchema, dialect: str) -> exp.Expr:
    """Resolve names and types; where a name does not resolve, only the types that the query writes itself."""
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
    """Fold every name and mark it as quoted, so that sqlglot changes no case; remember how it was spelled."""
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
    """Rename the tables the script knows to t0, t1, ...; return them, and the first name it does not know."""
    names = {str(cte.alias) for cte in expression.find_all(exp.CTE)}
    tables: dict[str, TableDraft] = {}
    unknown = ""
    for column in expression.find_all(exp.Column):
        column.set("db", None)
        column.set("catalog", None)
    for node in list(expression.find_all(exp.Table)):
        if not isinstance(node.this, exp.Identifier) or (node.name in names and not node.db):
            continue
        found = script.find(_object_name(node), within=schema)
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


def _object_name(node: exp.Table) -> ObjectName:
    schema = Identifier(node.db, quoted=True, line=0) if node.db else None
    return ObjectName(Identifier(node.name, quoted=True, line=0), schema)


def _column(
    select: exp.Expr,
    index: int,
    script: Script,
    tables: dict[str, TableDraft],
    spelling: dict[str, Identifier],
) -> QueryColumn:
    name = select.alias_or_name
    expression = select.unalias()
    if not name or name.casefold().startswith("_col_"):  # what sqlglot calls a column without a name
        name = expression.key if isinstance(expression, exp.Func) else f"column_{index + 1}"
        name = name if name.isidentifier() else f"column_{index + 1}"
    identifier = spelling.get(name.casefold())
    if identifier is None:
        fault = name_fault(name, is_column=True) or ""
        identifier = Identifier(name, quoted=bool(fault), line=0, fault=fault)
    column_type = _type(select, script, tables)
    is_resolved = not column_type.note or expression.find(exp.Column, exp.Parameter) is None
    return QueryColumn(identifier, column_type, is_resolved)


def _type(select: exp.Expr, script: Script, tables: dict[str, TableDraft]) -> ColumnType:
    expression = select.unalias()
    if isinstance(expression, exp.Column) and (declared := _declared(expression, tables)) is not None:
        return declared
    found = expression.type
    if found is None or found.this in (exp.DataType.Type.UNKNOWN, exp.DataType.Type.NULL):
        return replace(UNKNOWN, note="the type does not follow from the query; the column is text")
    text = found.sql(dialect=script.dialect)
    column_type = read_type(Cursor(tokenize(text, script.dialect)), script.dialect) or UNKNOWN
    is_sized = "(" in text or column_type.kind is not Kind.TEXT
    return column_type if is_sized else replace(column_type, varchar_length=None)


def _declared(column: exp.Column, tables: dict[str, TableDraft]) -> ColumnType | None:
    """Return the declared type of a column that comes straight from a table of the script."""
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


def _type_text(column_type: ColumnType) -> str:
    """Write a type as SQL that sqlglot reads, with its sizes."""
    if column_type.precision is not None:
        return f"{column_type.data_type}({column_type.precision},{column_type.scale or 0})"
    length = column_type.varchar_length or column_type.char_length
    return column_type.data_type if length is None else f"{column_type.data_type}({length})"
