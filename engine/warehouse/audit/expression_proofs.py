"""Proofs of expressions that no SQL of the audit tells: the engine computes them again from the loaded row.

Its inputs are what the row and its parents hold now, not what was generated. A value without draws must be equal. One
with draws must lie between what the expression gives with each draw at its min and at its max.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from engine.display.wording import counted
from engine.errors import RuleError
from engine.rules.derived.draw_choices import NotProvedError
from engine.rules.derived.loaded_row import Input, Step, Witness, make_witness
from engine.schema.given_rows import given_column
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.schema.values import parse_value
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import NOT_PROVED, Check
from engine.warehouse.audit.derived_checks import is_told_by_sql
from engine.warehouse.loading.layout import stored_name
from engine.warehouse.querying.session import Session

_BATCH_ROWS = 250_000
_SHOWN = 60
_FAILING = 100
_FLOAT_ERROR = 1e-12
_DIGITS = pl.Decimal(38, 12)


@dataclass
class Proof:
    """An expression's proof: its witness, and what it has found so far."""

    column: ColumnSchema
    witness: Witness
    first_row: int
    read: dict[str, str] = field(default_factory=dict)
    failed: int = 0
    rows: list[int] = field(default_factory=list)
    fault: str = ""


def expression_checks(session: Session, schema: ExperimentSchema, table: TableSchema, given: int) -> Iterator[Check]:
    """Yield the check of each expression of a table that SQL does not tell, done.

    The first `given` rows are given, and need not follow the expression.
    """
    proofs: list[Proof] = []
    for column in stored_columns(table):
        if column.expression is None or is_told_by_sql(schema, table, column):
            continue
        first = given if given_column(table, column) is not None else 0
        try:
            proofs.append(Proof(column, make_witness(schema, table, column), first))
        except NotProvedError as error:
            yield _not_proved(table, column, str(error))
    if proofs:
        for frame in _read_rows(session, table, proofs):
            for proof in proofs:
                _examine(proof, frame)
    for proof in proofs:
        if proof.fault and proof.witness.has_draws:
            yield _not_proved(table, proof.column, proof.fault)
        else:
            yield _finding(table, proof)


def _finding(table: TableSchema, proof: Proof) -> Check:
    how = "with its draws at their ends" if proof.witness.has_draws else "computed again"
    condition = f"t.rowid in ({', '.join(map(str, sorted(proof.rows)))})" if proof.rows else ""
    shown = proof.fault or counted(proof.failed, "row")
    return Check(
        "expression_bounds" if proof.witness.has_draws else "expression", table, proof.column.name,
        f"{_shorten(proof.column)} ({how})", "", lambda _: not proof.failed and not proof.fault, lambda _: shown,
        condition,
    )  # fmt: skip


def _not_proved(table: TableSchema, column: ColumnSchema, reason: str) -> Check:
    return Check(NOT_PROVED, table, column.name, _shorten(column), "", lambda _: True, lambda _: reason)


def _shorten(column: ColumnSchema) -> str:
    text = column.expression or ""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _read_rows(session: Session, table: TableSchema, proofs: Sequence[Proof]) -> Iterator[pl.DataFrame]:
    """Yield the rows with all stored values and inputs of the proofs, and note under which names."""
    selected: dict[str, str] = {}
    joins: dict[str, str] = {}

    def name_of(value: str) -> str:
        return selected.setdefault(value, f"c{len(selected)}")

    for proof in proofs:
        proof.read["stored"] = name_of(_value("t", proof.column))
        for each in proof.witness.inputs:
            proof.read[each.name] = name_of(_input_value(each, joins))
    columns = ", ".join(f"{value} as {name}" for value, name in selected.items())
    source = f"{stored_name(table)} as t{''.join(joins)}"
    yield from session.fetch_frames(f'select t.rowid::ubigint as "__row", {columns} from {source}', _BATCH_ROWS)


def _input_value(each: Input, joins: dict[str, str]) -> str:
    """Return the SQL of an input; the joins it needs are added, each with its alias."""
    alias = "t"
    for step in each.steps:
        alias = _join(step, alias, joins)
    if each.counted is None:
        return _value(alias, each.column)
    names = ", ".join(quote(key) for _, key in each.pairs)
    counts = f"(select {names}, count(*) as n from {stored_name(each.counted)} group by all)"
    on = " and ".join(f"{{}}.{quote(key)} = {alias}.{quote(own)}" for own, key in each.pairs)
    missing = " or ".join(f"{alias}.{quote(own)} is null" for own, _ in each.pairs)
    return f"case when not ({missing}) then coalesce({_add(joins, counts, on)}.n, 0) end"


def _join(step: Step, alias: str, joins: dict[str, str]) -> str:
    on = " and ".join(f"{{}}.{quote(target)} = {alias}.{quote(key)}" for key, target in step.pairs)
    if step.is_above:
        on += " and (" + " or ".join(f"{{}}.{quote(to)} <> {alias}.{quote(to)}" for _, to in step.pairs) + ")"
    return _add(joins, stored_name(step.parent), on)


def _add(joins: dict[str, str], source: str, on: str) -> str:
    """Return the alias of a left join, the same for the same one."""
    for text, alias in joins.items():
        if text == f" left join {source} as {alias} on {on.format(*[alias] * on.count('{}'))}":
            return alias
    alias = f"j{len(joins)}"
    joins[f" left join {source} as {alias} on {on.format(*[alias] * on.count('{}'))}"] = alias
    return alias


def _value(alias: str, column: ColumnSchema) -> str:
    name = f"{alias}.{quote(column.name)}"
    match column.type.kind:
        case Kind.TIMESTAMPTZ:
            return f"epoch_us({name})"
        case Kind.UUID | Kind.JSON:
            return f"cast({name} as varchar)"
        case _:
            return name


def _examine(proof: Proof, frame: pl.DataFrame) -> None:
    """Add the rows of a frame whose stored value is not what the expression gives."""
    if proof.fault:
        return
    types = {"stored": proof.column} | {each.name: each.column for each in proof.witness.inputs}
    columns = [pl.col(proof.read[name]).cast(column.type.polars).alias(name) for name, column in types.items()]
    rows = frame.select("__row", *columns).filter(pl.col("__row") >= proof.first_row)
    try:
        values = proof.witness.over(rows)
    except RuleError as error:
        proof.fault = error.message
        return
    failing = values.filter(_is_wrong(proof, values))["__row"]
    proof.failed += len(failing)
    proof.rows += failing.head(_FAILING - len(proof.rows)).to_list()


def _is_wrong(proof: Proof, values: pl.DataFrame) -> pl.Expr:
    """Return where the stored value is none that the expression gives; a text is cut as the column cuts it."""
    stored, column = pl.col("stored"), proof.column
    ends = [[pl.col(f"e{number}_{end}") for end in range(len(each))] for number, each in enumerate(proof.witness.ends)]
    if proof.witness.is_number_as_text and _are_numbers(values, ends):
        stored, ends = stored.cast(_DIGITS, strict=False), [[one.cast(_DIGITS) for one in each] for each in ends]
    right = pl.any_horizontal(
        stored.eq_missing(each[0]) if len(each) == 1 else _is_between(column, stored, each) for each in ends
    )
    if column.default_value is not None:
        right = right | (stored == pl.lit(parse_value(column.default_value, column.type)).cast(column.type.polars))
    if column.has_null_condition or column.null_fraction:
        right = right | pl.col("stored").is_null()
    return ~right.fill_null(False)


def _is_between(column: ColumnSchema, stored: pl.Expr, ends: Sequence[pl.Expr]) -> pl.Expr:
    low, high = pl.min_horizontal(ends), pl.max_horizontal(ends)
    if column.type.kind is Kind.FLOAT:
        low, high = low - low.abs() * _FLOAT_ERROR, high + high.abs() * _FLOAT_ERROR
    inside = (stored >= low) & (stored <= high)
    return pl.when(stored.is_null()).then(pl.any_horizontal(one.is_null() for one in ends)).otherwise(inside)


def _are_numbers(values: pl.DataFrame, ends: Sequence[Sequence[pl.Expr]]) -> bool:
    texts = [one for each in ends for one in each]
    unread = [(one.is_not_null() & one.cast(_DIGITS, strict=False).is_null()).any() for one in texts]
    return not values.select(pl.any_horizontal(unread)).item()
