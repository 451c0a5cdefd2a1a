"""Checks that values follow a distribution: the shares of rows up to its quartiles.

The quartiles are those of a sample of the same distribution under a seed of its own, which serves every law and type
alike; its error of at most half a percent is allowed for.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.errors import RuleError
from engine.rules.distributions.distributions import make_distributed
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.latents import is_shared_by_rows
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, not_proved
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.loading.layout import stored_name

_SAMPLE = 400_000
_ERROR = 0.005
_SEED = 2**61 - 1


def quartile_check(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, subject: str, condition: str
) -> Check:
    """Return the check that the rows of a condition over `t` follow the column's distribution."""
    law = column.distribution
    expected = f"{law.type if law else ''} where {subject}"
    try:
        values = _sample(schema, table, column)
    except RuleError as error:
        return not_proved(table, column, expected, str(error))
    ordered = values.sort()
    marks = list(dict.fromkeys(ordered[_SAMPLE * part // 4] for part in (1, 2, 3)))
    shares = [(ordered.search_sorted(mark, "right") / _SAMPLE) for mark in marks]
    name = f"t.{quote(column.name)}"
    # A value of the table is compared as the sample's is, whose texts are those of the type.
    counts = ", ".join(f"count(*) filter (where {name} <= cast('{mark}' as {column.type.duckdb}))" for mark in marks)
    is_biased = column.has_null_condition or column.default_value is not None or column.same_within is not None
    is_biased = is_biased or is_shared_by_rows(column.follows)
    sql = f"select [{counts}, count({name})] from {stored_name(table)} as t where {condition}"

    def passes(found: Sequence[int]) -> bool:
        *below, rows = found
        return is_biased or all(_fits(count, rows, share) for count, share in zip(below, shares, strict=True))

    def shown(found: Sequence[int]) -> str:
        *below, rows = found
        return ", ".join(f"{count / rows:.4g}" for count in below) if rows else "no rows"

    at = ", ".join(f"{share:.4g} up to {mark}" for share, mark in zip(shares, marks, strict=True))
    return Check("distribution_by", table, column.name, f"{expected}: {at}", sql, passes, shown, is_query=True)


def _fits(count: int, rows: int, share: float) -> bool:
    if not rows:
        return True
    nearest = min(max(count / rows, share - _ERROR), share + _ERROR)
    return is_plausible(count, rows, min(max(nearest, 0.0), 1.0))


def _sample(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> pl.Series:
    stages = Stages()
    site = Site(stages, _SEED, schema.locale, {}, _SAMPLE, table, column, stages.row)
    made = make_distributed(site).cast(column.type.polars).alias("v")
    return stages.frame(0, _SAMPLE, [made]).collect(engine="streaming")["v"]
