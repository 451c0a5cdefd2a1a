"""Values, distributions and NULLs whose chances depend on the value of another column.

All cases of `values_by` share one draw and one set of alias tables, padded to the size of the largest: a value of
weight 0 is never drawn, so that the padding changes no chance. The cost is that of one weighted list, and of the case.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from engine.errors import RuleError
from engine.rules.dependent.cases import Deciding, case_index
from engine.rules.dependent.value_rows import make_row_value
from engine.rules.derived.scope import Scope
from engine.rules.distributions.distributions import make_distributed
from engine.rules.random.bits import below, u64
from engine.rules.site import Site
from engine.rules.values.choices import make_alias_table
from engine.schema.conditional import cases_of
from engine.schema.conditional_checks import parse_text
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind

_WORD = 2**64


def make_values_by(site: Site, scope: Scope) -> pl.Expr:
    """Return one of the values of each row's case, by their weights, or the value of the row drawn together."""
    found = cases_of(site.column, "values_by")
    if found is None:
        return make_row_value(site)
    path, cases = found
    texts = list(dict.fromkeys(text for weights in cases.values() for text in weights))
    try:
        values = [parse_text(text, site.type) for text in texts]
    except ValueError as error:
        raise site.error(f"values_by: a value {error}", f"Fix it, or the type {site.type}.") from error
    case = case_index(site, scope, Deciding("values_by", path, list(cases)))
    index = _draw(site, case, cases, texts)
    if site.type.kind not in (Kind.TEXT, Kind.UUID, Kind.JSON):
        return pl.lit(pl.Series(values, dtype=site.type.polars)).gather(index)
    pool = pl.Series(values, dtype=pl.String)
    if not pool.is_unique().all():  # spellings of one UUID
        return pl.lit(pool).gather(index)
    return pl.lit(pool.cast(pl.Enum(pool))).gather(index)


def _draw(site: Site, case: pl.Expr, cases: Mapping[str, Mapping[str, float]], texts: list[str]) -> pl.Expr:
    """Return the position in `texts` of each row's value (UInt32)."""
    place = {text: number for number, text in enumerate(texts)}
    size = max(len(weights) for weights in cases.values())
    thresholds, places = [], []
    for weights in cases.values():
        padded = [*weights.values(), *[0.0] * (size - len(weights))]
        its_thresholds, its_places = make_alias_table(padded)
        own = np.array([*(place[text] for text in weights), *[0] * (size - len(weights))], dtype=np.uint32)
        thresholds.append(its_thresholds)
        places.append(own[its_places])
    bits = site.bits()
    slot = site.stages.add(case * pl.lit(size, dtype=pl.UInt32) + below(bits, size).cast(pl.UInt32))
    is_alias = bits * u64(size) >= pl.lit(pl.Series(np.concatenate(thresholds))).gather(slot)
    chosen = pl.lit(pl.Series(np.concatenate(places))).gather(slot * 2 + is_alias.cast(pl.UInt32))
    return site.stages.add(chosen)


def make_distributed_by(site: Site, scope: Scope) -> pl.Expr:
    """Return values that follow the distribution of each row's case, all from one draw."""
    found = cases_of(site.column, "distribution_by")
    assert found is not None
    path, cases = found
    case = case_index(site, scope, Deciding("distribution_by", path, list(cases)))
    made: pl.Expr | None = None
    for number, (name, law) in reversed(list(enumerate(cases.items()))):
        fixed = site.at(site.column.model_copy(update={"distribution": law, "distribution_by": None}))
        try:
            values = make_distributed(fixed).cast(site.type.polars)
        except RuleError as error:
            message = f"{error.message.removesuffix('.')} (case {name})."
            raise RuleError(message, where=error.where, hint=error.hint) from error
        made = values if made is None else pl.when(case == number).then(values).otherwise(made)
    assert made is not None
    return made


def null_by_condition(site: Site, column: ColumnSchema, scope: Scope) -> pl.Expr:
    """Return where the null_by of a column makes it NULL (never NULL itself), drawn as a null_fraction is."""
    at = site.at(column)
    found = cases_of(column, "null_by")
    assert found is not None
    path, cases = found
    case = case_index(at, scope, Deciding("null_by", path, list(cases)))
    shares = [int(share * _WORD) for share in cases.values()]
    thresholds = pl.Series([min(share, _WORD - 1) for share in shares], dtype=pl.UInt64)
    is_null = at.bits("null") < pl.lit(thresholds).gather(case)
    if any(share >= _WORD for share in shares):
        is_null = is_null | pl.lit(pl.Series([share >= _WORD for share in shares])).gather(case)
    return site.stages.add(is_null)
