"""Proofs of how many rows the parents of a foreign key have: the shares of `fan_out_weights`, and counted keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.rules.keys.counted import make_slots
from engine.rules.keys.fan_out import make_layout
from engine.rules.keys.reference import single_key
from engine.rules.keys.table_rows import batch_ends
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check
from engine.warehouse.loading.layout import stored_name


def check_shares(
    schema: ExperimentSchema,
    table: TableSchema,
    columns: Sequence[str],
    parent: TableSchema,
    key: ForeignKey | CompositeForeignKey,
    expected_rows: Mapping[str, int],
) -> Iterator[Check]:
    """Yield the check that each number of rows has exactly its share of the parents.

    It holds where the table has as many rows as the fan-out gives, and no key is NULL.
    """
    assert key.spread is not None
    layout = make_layout(expected_rows[parent.key], key.spread)
    is_batched = any(len(batch_ends(schema, one, expected_rows)) > 1 for one in (table, parent))
    is_optional = any(table.column(name).is_nullable for name in columns)
    if is_batched or key.where is not None or is_optional or expected_rows[table.key] != layout.total:
        return
    shares = Counter(dict.fromkeys(layout.counts, 0))
    for rows in layout.counts:
        shares[rows] += layout.groups
    shares.update(layout.last_counts)
    yield _histogram_check("fan_out_weights", table, columns, shares)


def check_counted(
    schema: ExperimentSchema,
    table: TableSchema,
    columns: Sequence[str],
    parent: TableSchema,
    key: ForeignKey | CompositeForeignKey,
    expected_rows: Mapping[str, int],
) -> Iterator[Check]:
    """Yield the checks of a counted key: the number of NULLs, and how many parents have each number of rows.

    The latter is known without a condition on parents, and for a popularity; else no parent has more than the most.
    """
    rows, parents = expected_rows[table.key], expected_rows[parent.key]
    names, stages = [name.casefold() for name in columns], Stages()
    conditions = any(table.column(name).has_null_condition for name in columns)
    is_batched = any(len(batch_ends(schema, one, expected_rows)) > 1 for one in (table, parent))
    if conditions or is_batched or parents == 0:
        return
    site = Site(stages, 0, schema.locale, expected_rows, rows, table, table.column(columns[0]), stages.row)
    single = key if isinstance(key, ForeignKey) else single_key(key)
    slots = make_slots(site, rows, parents, names, single)
    sql = f"select count(*) from {stored_name(table)} where {quote(columns[0])} is null"
    nulls = slots.size - slots.used
    yield Check(
        "counted_nulls", table, ", ".join(columns), f"{nulls:,} NULL", sql,
        lambda found: found == nulls, lambda found: f"{found:,} NULL", "", is_query=True,
    )  # fmt: skip
    if key.where is not None:
        return
    if slots.histogram is not None:
        yield _histogram_check("counted", table, columns, slots.histogram)
        return
    most = slots.most_rows
    present, quoted = f"{quote(columns[0])} is not null", ", ".join(quote(name) for name in columns)
    counts = f"select count(*) as n from {stored_name(table)} where {present} group by {quoted}"
    yield Check(
        "counted", table, ", ".join(columns), f"at most {most:,} rows per parent",
        f"select count(*) from ({counts}) where n > {most}",
        lambda found: found == 0, lambda found: f"{found:,} parent{'' if found == 1 else 's'}", "", is_query=True,
    )  # fmt: skip


def _histogram_check(name: str, table: TableSchema, columns: Sequence[str], wanted: Mapping[int, int]) -> Check:
    """Return the check that as many parents as wanted have each number of rows above 0."""
    names = ", ".join(quote(column) for column in columns)
    present = " and ".join(f"{quote(column)} is not null" for column in columns)
    counts = f"select count(*) as n from {stored_name(table)} where {present} group by {names}"
    values = ", ".join(f"({rows}, {parents})" for rows, parents in wanted.items() if rows > 0) or "(0, 0)"
    made = f"select n, count(*) as parents from ({counts}) group by n"
    sql = (
        f"select coalesce(sum(abs(coalesce(m.parents, 0) - coalesce(w.parents, 0))), 0)::bigint from ({made}) as m "
        f"full join (values {values}) as w(n, parents) on m.n = w.n"
    )
    return Check(
        name, table, ", ".join(columns), "the parents of each number of rows", sql,
        lambda found: found == 0, lambda found: f"{found:,} parent{'' if found == 1 else 's'} too many or too few", "",
        is_query=True,
    )  # fmt: skip
