"""Columns whose names differ only by case: `"a"` and `A` are two columns in Snowflake, and one in DuckDB.

Where a query may have both, each alias gets a hidden name (`a~1`), references are resolved to the right one, and the
outermost select list shows the warehouse's names again. Table columns have their name in upper case, as Snowflake folds
unquoted names; no DuckDB table has two names that differ only by case.

https://docs.snowflake.com/en/sql-reference/identifiers-syntax
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from engine.sql.translation.tree.refusals import UntranslatableError

if TYPE_CHECKING:
    from engine.sql.translation.tree.scopes import Catalog, Columns, Scope

_STAR_COLUMNS = "star_columns"
_OF_TABLE_FUNCTIONS = frozenset({"seq", "key", "path", "index", "value", "this", "level"})


class CaseNames:
    """The names of a query that differ only by case, with the hidden name of each spelling; usually none."""

    def __init__(self, split: frozenset[str] = frozenset(), taken: frozenset[str] = frozenset()) -> None:
        self._split = split
        self._taken = taken
        self._hidden: dict[str, str] = {}
        self._shown: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._split)

    def is_split(self, name: str) -> bool:
        """Whether this query has the name in several cases, whatever its spelling here."""
        return bool(self._split) and name.lower() in self._split

    def hidden(self, exact: str) -> str:
        """Return the name of a column inside DuckDB."""
        if exact not in self._hidden:
            number = 1
            while (name := f"{exact.lower()}~{number}") in self._shown or name in self._taken:
                number += 1
            self._hidden[exact] = name
            self._shown[name] = exact
        return self._hidden[exact]

    def is_hidden(self, name: str) -> bool:
        """Whether a name is used only inside DuckDB."""
        return name.lower() in self._shown

    def shown(self, name: str) -> str:
        """Return the warehouse's name for a hidden name, or any other name itself."""
        return self._shown.get(name.lower(), name)

    def variants(self, name: str, columns: Columns) -> list[str]:
        """Return the spellings of a name among hidden columns."""
        return [self._shown[each] for each in columns if self._shown.get(each, "").lower() == name.lower()]


def split_names(tokens: Sequence[Token], catalog: Catalog) -> CaseNames:
    """Find the names that may mean several columns: in two spellings, or quoted next to a table's column."""
    quoted = {token.text for token in tokens if token.token_type is TokenType.IDENTIFIER}
    mixed = {name for name in quoted if name != name.upper()}
    if not mixed:
        return CaseNames()
    folded = {token.text.lower() for token in tokens if token.token_type is not TokenType.STRING}
    unquoted = {
        token.text.upper()
        for token in tokens
        if token.token_type not in (TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER)
    }
    exact = quoted | unquoted
    spellings: dict[str, int] = {}
    for name in exact:
        spellings[name.lower()] = spellings.get(name.lower(), 0) + 1
    candidates = {name.lower() for name in mixed}
    split = {name for name in candidates if spellings[name] > 1 or name in _OF_TABLE_FUNCTIONS}
    split |= {name for name in candidates if name.startswith("column") and name[6:].isdigit()}
    for schema in catalog.schemas:
        for table in schema.tables:
            if any(table.name.lower() in name for name in folded):
                split |= candidates.intersection(column.name.lower() for column in table.columns)
    return CaseNames(frozenset(split), frozenset(folded))


def exact_name(identifier: exp.Expr) -> str:
    """Return a name after Snowflake's case folding."""
    return identifier.name if identifier.args.get("quoted") else identifier.name.upper()


def hide_aliases(tree: exp.Expr, names: CaseNames) -> None:
    """Replace column aliases with their hidden names, in select lists and after source names."""
    for node in tree.walk() if names else ():
        if isinstance(node, exp.Select):
            for projection in node.expressions:
                if isinstance(projection, exp.Alias):
                    hide_name(projection.args["alias"], names)
        elif isinstance(node, exp.TableAlias) and not isinstance(node.parent, exp.Pivot):
            for column in node.args.get("columns") or ():
                hide_name(column, names)


def hide_name(identifier: exp.Expr, names: CaseNames) -> None:
    """Replace a name that the query defines with its hidden name."""
    if isinstance(identifier, exp.Identifier) and names.is_split(identifier.name):
        _set(identifier, names.hidden(exact_name(identifier)))


def _set(identifier: exp.Expr, name: str) -> None:
    identifier.set("this", name)
    identifier.set("quoted", True)


def resolve_column(node: exp.Column, scope: Scope, names: CaseNames) -> None:
    """Resolve a column reference; raise `UntranslatableError` where only other spellings exist."""
    parts = list(node.parts)
    if len(parts) == 1:
        resolve_name(parts[0], scope, names, is_ordering=_is_ordering(node))
        return
    for index in (0, len(parts) - 2):
        source = scope.source(parts[index].name)
        if source is not None:
            if source.columns is not None:
                resolve_among(parts[index + 1], source.columns, names)
            return


def resolve_name(identifier: exp.Expr, scope: Scope, names: CaseNames, *, is_ordering: bool = False) -> None:
    """Resolve an unqualified name to its column."""
    if not names.is_split(identifier.name) or names.is_hidden(identifier.name):
        return
    exact, folded = exact_name(identifier), identifier.name.lower()
    seen: Columns = {}
    for level in _walk_scopes(scope):
        if folded in level.lambdas:
            message = f"The lambda parameter {identifier.name} is also the name of a column in another case."
            raise UntranslatableError(identifier, message, "Rename the parameter.")
        columns = [level.source_columns(), level.aliases]
        for each in reversed(columns) if is_ordering and level is scope else columns:
            if found := _find_match(exact, each, names):
                if found != folded:
                    _set(identifier, found)
                return
            seen = seen | each
        if level.has_unknown():
            return
    _check_spelling(identifier, seen, names)


def resolve_among(identifier: exp.Expr, columns: Columns, names: CaseNames) -> None:
    """Resolve a name to one of these columns."""
    if not names.is_split(identifier.name) or names.is_hidden(identifier.name):
        return
    found = _find_match(exact_name(identifier), columns, names)
    if found is None:
        _check_spelling(identifier, columns, names)
    elif found != identifier.name.lower():
        _set(identifier, found)


def resolve_using(join: exp.Join, left: Columns, right: Columns, names: CaseNames) -> None:
    """Resolve the names of USING to the columns of both sides."""
    for identifier in join.args.get("using") or ():
        if isinstance(identifier, exp.Identifier) and names.is_split(identifier.name):
            sides = {_find_match(exact_name(identifier), columns, names) for columns in (left, right)}
            if len(sides) > 1:
                _refuse_pair(identifier, identifier.name, "Join with ON, and give the column an alias.")
            resolve_among(identifier, left, names)
    if join.method == "NATURAL":
        check_same_names(join, left, right, names)


def check_same_names(node: exp.Expr, left: Columns, right: Columns, names: CaseNames) -> None:
    """Refuse to match columns by name where a table's column would match one with a hidden name."""
    for mine, others in ((left, right), (right, left)):
        for name in mine:
            if names.is_split(name) and not names.is_hidden(name) and names.variants(name, others):
                _refuse_pair(node, name, "Name the columns one by one.")


def _refuse_pair(node: exp.Expr, name: str, hint: str) -> None:
    message = f"The column {name} is also spelled in another case, so it cannot be matched by its name."
    raise UntranslatableError(node, message, hint)


def _walk_scopes(scope: Scope) -> Iterator[Scope]:
    level: Scope | None = scope
    while level is not None:
        yield level
        level = level.parent


def _find_match(exact: str, columns: Columns, names: CaseNames) -> str | None:
    hidden, folded = names.hidden(exact), exact.lower()
    if hidden in columns:
        return hidden
    return folded if folded in columns and exact == exact.upper() else None


def _check_spelling(identifier: exp.Expr, columns: Columns, names: CaseNames) -> None:
    """Accept a table's column in any spelling; refuse a name that has only other spellings."""
    variants = names.variants(identifier.name, columns)
    if identifier.name.lower() in columns or not variants:
        return
    listed = " or ".join(f'"{name}"' for name in variants)
    hint = f"Did you mean {listed}? Write it in double quotes."
    raise UntranslatableError(identifier, f'There is no column "{exact_name(identifier)}".', hint)


def _is_ordering(node: exp.Expr) -> bool:
    """Whether a column is in the ORDER BY of its query, where aliases take precedence over columns."""
    parent = node.parent
    while parent is not None and not isinstance(parent, exp.Query | exp.Window | exp.WithinGroup):
        if isinstance(parent, exp.Order):
            return isinstance(parent.parent, exp.Query)
        parent = parent.parent
    return False


def resolve_star(star: exp.Star, columns: Columns, names: CaseNames) -> None:
    """Resolve the names of EXCLUDE, RENAME and REPLACE to the columns of the star."""
    for each in star.args.get("except_") or ():
        resolve_among(each.this if isinstance(each, exp.Column) else each, columns, names)
    for each in star.args.get("rename") or ():
        old = each.this
        resolve_among(old.this if isinstance(old, exp.Column) else old, columns, names)
        hide_name(each.args["alias"], names)
    for each in star.args.get("replace") or ():
        if isinstance(each, exp.Alias):
            resolve_among(each.args["alias"], columns, names)


def note_star_columns(star: exp.Star, columns: Columns) -> None:
    """Record the columns of a star, which the outermost select list shows under their own names."""
    star.meta[_STAR_COLUMNS] = list(columns)


def show_names(tree: exp.Expr, names: CaseNames) -> exp.Expr:
    """Make the outermost select list of a translated query show the warehouse's names."""
    select = tree
    while isinstance(select, exp.SetOperation | exp.Subquery):
        select = select.this
    if not isinstance(select, exp.Select) or not names:
        return tree
    inner = [_list_names(projection) for projection in select.expressions]
    shown = _choose_names([name for each in inner for name in each], names)
    if not shown:
        return tree
    if _has_alias_reference(tree, select, shown):
        return _wrap(tree, select, shown)
    for projection, inner_names in zip(list(select.expressions), inner, strict=True):
        _show(projection, inner_names, shown)
    return tree


def _list_names(projection: exp.Expr) -> list[str]:
    star = _find_star(projection)
    return [projection.alias_or_name] if star is None else list(star.meta.get(_STAR_COLUMNS) or ())


def _find_star(projection: exp.Expr) -> exp.Star | None:
    inner = projection.this if isinstance(projection, exp.Column) else projection
    return inner if isinstance(inner, exp.Star) else None


def _choose_names(inner: list[str], names: CaseNames) -> dict[str, str]:
    """Return the shown names of result columns; a table's column with a twin is shown in upper case."""
    shown = {name: names.shown(name) for name in inner if names.is_hidden(name)}
    twins = {name.lower() for name in shown.values()}
    return shown | {name: name.upper() for name in inner if name.lower() in twins}


def _show(projection: exp.Expr, inner: list[str], shown: dict[str, str]) -> None:
    star = _find_star(projection)
    if star is not None:
        _rename(star, inner, shown)
    elif projection.alias_or_name not in shown:
        return
    elif isinstance(projection, exp.Alias):
        projection.set("alias", exp.to_identifier(shown[projection.alias], quoted=True))
    else:
        projection.replace(exp.alias_(projection.copy(), shown[projection.alias_or_name], quoted=True, copy=False))


def _rename(star: exp.Star, inner: list[str], shown: dict[str, str]) -> None:
    renames = list(star.args.get("rename") or ())
    for each in renames:
        each.set("alias", exp.to_identifier(shown.get(each.alias, each.alias), quoted=True))
    result = {each.alias for each in renames}
    renames += [
        exp.alias_(exp.column(name, quoted=True), shown[name], quoted=True)
        for name in dict.fromkeys(inner)
        if name in shown and shown[name] not in result
    ]
    if renames:
        star.set("rename", renames)


def _has_alias_reference(tree: exp.Expr, select: exp.Select, shown: dict[str, str]) -> bool:
    """Whether an unqualified name may mean an alias of the select list, before or after renaming."""
    if any(each.args.get("by_name") for each in tree.find_all(exp.SetOperation)):
        return True
    aliases = {name for name in shown if any(each.alias == name for each in select.expressions)}
    aliases |= {shown[name].lower() for name in shown}
    direct = {id(each.unalias()) for each in select.expressions}
    columns = (each for each in tree.find_all(exp.Column) if not each.table and id(each) not in direct)
    return any(column.name.lower() in aliases for column in columns)


def _wrap(tree: exp.Expr, select: exp.Select, shown: dict[str, str]) -> exp.Expr:
    stars = [star for each in select.expressions if (star := _find_star(each)) is not None]
    projections: list[exp.Expr] = []
    if stars:
        star = exp.Star()
        _rename(star, [name for each in select.expressions for name in _list_names(each)], shown)
        projections = [star]
    else:
        for index, each in enumerate(select.expressions):
            value: exp.Expr = exp.Var(this=f"#{index + 1}")
            name = shown.get(each.alias_or_name, each.alias_or_name)
            projections.append(exp.alias_(value, name, quoted=True) if name else value)
    return exp.Select(expressions=projections).from_(
        exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("named_by_case"))), copy=False
    )
