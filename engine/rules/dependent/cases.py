"""Cases: which case of `values_by`, `distribution_by` or `null_by` each row is in, by the value of another column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import Problem
from engine.rules.derived.scope import Found, Scope, UnknownName
from engine.rules.random.bits import u64
from engine.rules.site import Site
from engine.schema.conditional import NULL, REST, text_of_case
from engine.schema.conditional_checks import parse_text
from engine.schema.types import Kind

_FEW = 12
"""Up to this many cases are compared one after the other; more are joined."""


@dataclass(frozen=True)
class Deciding:
    """The key of a column that has the cases, the deciding column, and the cases in their order."""

    key: str
    path: str
    cases: Sequence[str]


def case_index(site: Site, scope: Scope, deciding: Deciding) -> pl.Expr:
    """Return the position of each row's case (UInt32) as a column of the plan.

    A row that no case covers makes the run fail, with the deciding column and its hint. Raises `RuleError` for a path
    that leads nowhere, and for a case that is no value of the deciding column.
    """
    found = _find(site, scope, deciding)
    memo = ("case", deciding.path.casefold(), tuple(deciding.cases), site.where, site.row.meta.output_name())
    known = site.stages.known(memo)
    if known is not None:
        return known
    cases = list(deciding.cases)
    uncovered = len(cases)
    rest = cases.index(REST) if REST in cases else uncovered
    texts = [(place, case) for place, case in enumerate(cases) if case not in (REST, NULL)]
    value = site.stages.add(_comparable(site, found))
    index = _match(site, deciding, found, value, texts, rest)
    null_index = cases.index(NULL) if NULL in cases else rest
    if found.is_nullable and null_index != rest:
        index = pl.when(value.is_null()).then(_u32(null_index)).otherwise(index)
    index = site.stages.add(index)
    if rest == uncovered:
        index = site.stages.add(_covered(site, deciding, index, uncovered))
    return site.stages.add(index, memo=memo)


def _find(site: Site, scope: Scope, deciding: Deciding) -> Found:
    try:
        found = scope.find(deciding.path.split("."))
    except UnknownName as unknown:
        raise site.error(f"{deciding.key}: {unknown.message}.", unknown.hint) from unknown
    if found.column.type.kind in (Kind.JSON, Kind.BINARY):
        raise site.error(f"{deciding.key}: {deciding.path} is {found.column.type}, which cannot decide.")
    return found


def _comparable(site: Site, found: Found) -> pl.Expr:
    """Return the deciding values as they are compared: texts as they are drawn, an Enum, and all others typed."""
    if found.column.type.kind in (Kind.TEXT, Kind.UUID):
        return found.expr.cast(pl.String)
    return found.expr.cast(found.column.type.polars)


def _match(
    site: Site, deciding: Deciding, found: Found, value: pl.Expr, texts: Sequence[tuple[int, str]], rest: int
) -> pl.Expr:
    """Return the position of the case that each value is; `rest` for a value without one, and for NULL."""
    kind = found.column.type
    dtype = pl.String() if kind.kind in (Kind.TEXT, Kind.UUID) else kind.polars
    try:
        values = pl.Series([parse_text(text_of_case(case), kind) for _, case in texts], dtype=dtype)
    except ValueError as error:
        message = f"{deciding.key}: a case is no value of {deciding.path} ({kind}): it {error}"
        raise site.error(message, '"*" is the rest, "null" is NULL.') from error
    if not texts:
        return (site.row * u64(0)).cast(pl.UInt32) + _u32(rest)
    places = [place for place, _ in texts]
    if len(texts) > _FEW:
        return value.replace_strict(
            values, pl.Series(places, dtype=pl.UInt32), default=_u32(rest), return_dtype=pl.UInt32
        )
    index: pl.Expr = _u32(rest)
    for number in reversed(range(len(values))):
        index = (
            pl.when(value == pl.lit(values[number : number + 1]).first()).then(_u32(places[number])).otherwise(index)
        )
    return index


def _covered(site: Site, deciding: Deciding, index: pl.Expr, uncovered: int) -> pl.Expr:
    """Return the index of covered rows; a row without a case makes the run fail."""
    failure = Problem(
        site.where,
        f"{deciding.key}: no case covers the value of {deciding.path} in some rows.",
        'Add a case "*" for all other values ("null" for NULL alone).',
    )
    is_covered = site.stages.add_check(index >= _u32(uncovered), failure)
    return pl.when(is_covered).then(index).otherwise(_u32(0))


def _u32(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt32)
