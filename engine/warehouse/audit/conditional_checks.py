"""Checks of values that depend on values: each case has its own values, weights, distribution and share of NULLs.

A query counts the rows of each case and value once. A deciding column that is not stored, or whose row no SQL finds,
is listed as not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.rules.derived.row_sql import row_sql
from engine.schema.conditional import CASE_KEYS, NULL, REST, RowOf, ValueRows, cases_of, has_null_cells, text_of_case
from engine.schema.conditional_checks import parse_text
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import WarehouseType
from engine.schema.values import parse_value
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, counted, not_proved
from engine.warehouse.audit.distribution_checks import quartile_check
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.audit.value_row_checks import value_row_checks
from engine.warehouse.loading.layout import stored_name

_SHOWN = 6
_UNCOVERED = -1


def conditional_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's values_by, distribution_by and null_by, and that a locale_by is not proved."""
    if column.locale_by is not None:
        expected = f"the locale of {column.locale_by.column}"
        yield not_proved(table, column, expected, "a text can be one of several locales")
    owner = table.column(column.values_by.row_of) if isinstance(column.values_by, RowOf) else column
    if isinstance(owner.values_by, ValueRows) and column is _first_stored(table, owner.values_by):
        yield from value_row_checks(table, column, owner.values_by)
    for key in CASE_KEYS:
        found = cases_of(column, key)
        if found is None:
            continue
        path, cases = found
        case = _case_sql(schema, table, column, path, list(cases))
        if case is None:
            reason = f"{path} is not stored, or no query finds its row"
            yield not_proved(table, column, f"{key} {path}", reason)
            continue
        yield _covered_check(table, column, key, path, case)
        if key == "values_by":
            yield from _value_checks(table, column, path, cases, case)
        elif key == "null_by":
            yield from _null_checks(table, column, path, cases, case)
        else:
            for number, (name, law) in enumerate(cases.items()):
                fixed = column.model_copy(update={"distribution": law, "distribution_by": None})
                yield quartile_check(schema, table, fixed, f"{path} = {name}", f"{case} = {number}")


def _first_stored(table: TableSchema, by: ValueRows) -> ColumnSchema | None:
    """Return the column under which rows drawn together are checked: that of the list may be hidden."""
    return next((column for column in map(table.column, by.columns) if not column.hidden), None)


def _case_sql(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, path: str, cases: Sequence[str]
) -> str | None:
    """Return SQL over the row `t` for the position of its case, -1 where none covers it; None without one."""
    names = path.split(".")
    found = row_sql(schema, table, column, ".".join(map(quote, names)), stored_name)
    kind = _type_of(schema, table, names)
    if found is None or kind is None:
        return None
    rest = cases.index(REST) if REST in cases else _UNCOVERED
    null_case = cases.index(NULL) if NULL in cases else rest
    value = found.sql
    branches = [
        f"when {_literal(parse_text(text_of_case(case), kind), kind)} then {number}"
        for number, case in enumerate(cases)
        if case not in (REST, NULL)
    ]
    matched = f"case {value} {' '.join(branches)} else {rest} end" if branches else str(rest)
    return matched if null_case == rest else f"case when {value} is null then {null_case} else {matched} end"


def _type_of(schema: ExperimentSchema, table: TableSchema, names: Sequence[str]) -> WarehouseType | None:
    for name in names[:-1]:
        key = table.column(name).foreign_key
        if key is None:
            return None
        table = schema.table(key.references_table, within=table.schema_name)
    try:
        return table.column(names[-1]).type
    except KeyError:
        return None


def _covered_check(table: TableSchema, column: ColumnSchema, key: str, path: str, case: str) -> Check:
    wrong = f"{case} = {_UNCOVERED}"
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    return Check(
        f"{key}_covered", table, column.name, f"a case for each {path}", sql, lambda found: found == 0, counted,
        wrong, is_query=True,
    )  # fmt: skip


def _value_checks(
    table: TableSchema, column: ColumnSchema, path: str, cases: dict[str, dict[str, float]], case: str
) -> Iterator[Check]:
    kind, name = column.type, f"t.{quote(column.name)}"
    share = column.effective_default_fraction
    promised: list[dict[str, float]] = []
    for weights in cases.values():
        total, shares = sum(weights.values()), dict[str, float]()
        for text, weight in weights.items():
            value = _literal(parse_text(text, kind), kind)
            shares[value] = shares.get(value, 0.0) + (1 - share) * weight / total
        if column.default_value is not None:
            value = _literal(parse_value(column.default_value, kind), kind)
            shares[value] = shares.get(value, 0.0) + share
        promised.append(shares)
    allowed = " ".join(
        f"when {number} then {name} in ({', '.join(value for value, weight in shares.items() if weight > 0)})"
        for number, shares in enumerate(promised)
    )
    wrong = f"{name} is not null and not case {case} {allowed} else true end"
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    yield Check(
        "values_by", table, column.name, f"the values of each {path}", sql, lambda found: found == 0, counted,
        wrong, is_query=True,
    )  # fmt: skip
    if _is_free(column, "values_by", path):
        yield _weight_check(table, column, path, list(cases), promised, case)


def _weight_check(
    table: TableSchema, column: ColumnSchema, path: str, cases: Sequence[str], promised: Sequence[dict[str, float]],
    case: str,
) -> Check:  # fmt: skip
    values = list(dict.fromkeys(value for shares in promised for value in shares))
    listed = ", ".join(f"({number}, {value})" for number, value in enumerate(values))
    rows = f"select {case} as c, t.{quote(column.name)} as v from {stored_name(table)} as t"
    sql = (
        f"select list([c, index, found]) from (select r.c, w.index, count(*) as found from ({rows}) as r"
        f" join (values {listed}) as w(index, value) on r.v = w.value group by all)"
    )

    def faults(found: Sequence[Sequence[int]] | None) -> list[str]:
        counts = {(number, index): rows for number, index, rows in found or ()}
        wrong = []
        for number, shares in enumerate(promised):
            total = sum(rows for (at, _), rows in counts.items() if at == number)
            for value, share in shares.items():
                rows = counts.get((number, values.index(value)), 0)
                if total and not is_plausible(rows, total, share):
                    wrong.append(f"{cases[number]}: {rows / total:.4g} for {share:.4g}")
        return wrong

    return Check(
        "values_by_weights", table, column.name, f"the weights of each {path}", sql, lambda found: not faults(found),
        _shown(faults), is_query=True,
    )  # fmt: skip


def _null_checks(
    table: TableSchema, column: ColumnSchema, path: str, cases: dict[str, float], case: str
) -> Iterator[Check]:
    name = f"t.{quote(column.name)}"
    always = [str(number) for number, share in enumerate(cases.values()) if share == 1]
    if always:
        wrong = f"{name} is not null and {case} in ({', '.join(always)})"
        sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
        yield Check(
            "null_by", table, column.name, f"NULL by {path}", sql, lambda found: found == 0, counted, wrong,
            is_query=True,
        )  # fmt: skip
    has_own = column.expression is not None or has_null_cells(column, table)
    key = column.foreign_key
    is_tree = key is not None and key.references_table.casefold() in (table.key.casefold(), table.name.casefold())
    is_composite = any(column.name.casefold() in map(str.casefold, one.columns) for one in table.foreign_keys)
    if has_own or is_tree or is_composite or not _is_free(column, "null_by", path):
        return
    rows = f"select {case} as c, {name} is null as is_null from {stored_name(table)} as t"
    sql = (
        "select list([c, nulls, found]) from (select c, count(*) filter (where is_null) as nulls, count(*) as found"
        f" from ({rows}) group by c)"
    )
    shares, names = list(cases.values()), list(cases)

    def faults(found: Sequence[Sequence[int]] | None) -> list[str]:
        return [
            f"{names[number]}: {nulls / rows:.4g} for {shares[number]:.4g}"
            for number, nulls, rows in found or ()
            if number >= 0 and not is_plausible(nulls, rows, shares[number])
        ]

    yield Check(
        "null_by_share", table, column.name, f"the NULLs of each {path}", sql, lambda found: not faults(found),
        _shown(faults), is_query=True,
    )  # fmt: skip


def _shown(faults: Callable[[Any], list[str]]) -> Callable[[Any], str]:
    return lambda found: "; ".join(faults(found)[:_SHOWN]) or "as promised"


def _is_free(column: ColumnSchema, key: str, path: str) -> bool:
    """Return whether the rows of each case are drawn one by one, and no condition leaves some of them out."""
    others = [found[0] for one in CASE_KEYS if one != key and (found := cases_of(column, one)) is not None]
    is_same = all(other.casefold() == path.casefold() for other in others)
    return column.null_when is None and column.same_within is None and is_same


def _literal(value: Any, kind: WarehouseType) -> str:
    if isinstance(value, bytes):
        return f"from_hex('{value.hex()}')"
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return f"cast({literal(text)} as {kind.duckdb})"
