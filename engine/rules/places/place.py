"""The rule `place`: parts of a real place, the same one in all columns of a group of a row.

Each row draws a city, by population and by how common its country is, among those whose parts fit all columns of the
group. A point near the city and a postcode with the city's first digits are further draws of the group. Groups of one
row differ, unless one is near another: then they have its city, and a point and a postcode of their own.
"""

from __future__ import annotations

import polars as pl

from engine.rules.places.candidates import (
    COORDINATES,
    JITTER,
    Candidates,
    city_group,
    find_candidates,
    group_of,
    phone_form,
    phone_prefix,
    text_decimals,
)
from engine.rules.places.gazetteer import POSTCODES_PER_CITY
from engine.rules.providers.entities import EntitySite
from engine.rules.random.bits import below, below_each, u64
from engine.rules.site import Site
from engine.rules.values.choices import draw_index
from engine.schema.types import NUMERIC, Kind

_MOST_DECIMALS = 6
_NUMERIC_PARTS = COORDINATES | {"postcode"}


def make_place(site: Site) -> pl.Expr:
    """Return the column's part of the place of each row."""
    part = site.column.place or ""
    _check_type(site, part)
    found = find_candidates(site)
    index = _city(_group_site(site, city_group(site)), found)
    own = _group_site(site, group_of(site.column))
    if part in COORDINATES:
        return _coordinate(own, part, found, index)
    if part == "postcode":
        return _postcode(own, found, index)
    if part == "phone":
        return _phone(site, found, index)
    return _looked_up([place.text(part) for place in found.places], index)


def _check_type(site: Site, part: str) -> None:
    kind = site.type.kind
    if part in COORDINATES and kind is Kind.INTEGER:
        raise site.error(f"A whole number cannot hold a {part}.", "Use FLOAT, DECIMAL(9,6) or VARCHAR.")
    if kind in NUMERIC and (part not in _NUMERIC_PARTS or (part == "postcode" and kind is Kind.FLOAT)):
        raise site.error(f"{part} of a place is a text.", "Use VARCHAR.")


def _group_site(site: Site, group: str) -> EntitySite:
    return EntitySite(
        site.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, site.row,
        ("place of row", group),
    )  # fmt: skip


def _city(group: EntitySite, found: Candidates) -> pl.Expr:
    """Return the index of each row's city, the same in all columns of the group."""
    known = group.stages.known(group.memo("city"))
    if known is not None:
        return known
    return group.stages.add(draw_index(group, len(found.places), found.weights, "city"), memo=group.memo("city"))


def _looked_up(texts: list[str], index: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(texts, dtype=pl.Enum(list(dict.fromkeys(texts))))).gather(index)


def _postcode(site: EntitySite, found: Candidates, index: pl.Expr) -> pl.Expr:
    pool = [code for place in found.places for code in place.postcodes()]
    number = below(site.bits("postcode"), POSTCODES_PER_CITY).cast(pl.UInt32)
    position = index.cast(pl.UInt32) * pl.lit(POSTCODES_PER_CITY, dtype=pl.UInt32) + number
    if site.type.kind is Kind.TEXT:
        return pl.lit(pl.Series(pool, dtype=pl.String)).gather(position)
    return pl.lit(pl.Series([int(code) for code in pool], dtype=pl.Int64)).gather(position).cast(site.type.polars)


def _coordinate(site: EntitySite, part: str, found: Candidates, index: pl.Expr) -> pl.Expr:
    centres = pl.Series([getattr(place, part) for place in found.places], dtype=pl.Int64)
    offset = below(site.bits(part), 2 * JITTER + 1).cast(pl.Int64) - pl.lit(JITTER, dtype=pl.Int64)
    micro = pl.lit(centres).gather(index) + offset
    if site.type.kind is Kind.FLOAT:
        number = site.stages.add(micro.cast(pl.Float64))
        return number / (number * 0.0 + 1_000_000.0)  # by a column: Polars multiplies by the inverse of a literal
    if site.type.kind is Kind.TEXT:
        decimals = text_decimals(site.column, found)
        dtype = pl.Decimal(38, decimals)
        return _rounded(micro, decimals).cast(pl.Int128).reinterpret(dtype=dtype).cast(pl.String)
    return _rounded(micro, site.type.scale).cast(pl.Int128).reinterpret(dtype=site.type.polars)


def _rounded(micro: pl.Expr, decimals: int) -> pl.Expr:
    """Return millionths as whole numbers of the last decimal, halves up."""
    if decimals >= _MOST_DECIMALS:
        return micro.cast(pl.Int128) * pl.lit(10 ** (decimals - _MOST_DECIMALS), dtype=pl.Int128)
    step = 10 ** (_MOST_DECIMALS - decimals)
    return (micro + pl.lit(step // 2, dtype=pl.Int64)) // pl.lit(step, dtype=pl.Int64)


def _phone(site: Site, found: Candidates, index: pl.Expr) -> pl.Expr:
    form = phone_form(site.column, found)
    prefixes = pl.Series([phone_prefix(place, form) for place in found.places], dtype=pl.String)
    first = pl.Series([2 * 10 ** (place.country.phone_digits - 1) for place in found.places], dtype=pl.UInt64)
    start = pl.lit(first).gather(index)
    digits = below_each(site.bits("phone"), start * u64(4)) + start
    return pl.concat_str(pl.lit(prefixes).gather(index), digits.cast(pl.String))
