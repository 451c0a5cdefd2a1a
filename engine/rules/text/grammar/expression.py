"""The Polars expression of a grammar's layout: one gather for each slot, then one join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl

from engine.rules.random.bits import below, u64
from engine.rules.site import Site
from engine.rules.text.grammar.alternatives import Closed
from engine.rules.text.grammar.layout import Column, Layout, Slot, make_layout
from engine.rules.text.grammar.nodes import Choice, Made, Node, Number, max_length
from engine.rules.values.choices import make_alias_table

MAX_ENUM = 20_000


@dataclass(eq=False)
class TextPlan:
    """A grammar laid out once, usable at any site."""

    node: Node
    layout: Layout
    length: int
    _tables: dict[tuple[int, int | None], pl.Expr] = field(default_factory=dict)
    _inner: dict[int, TextPlan] = field(default_factory=dict)

    def table(self, place: int, length: int | None) -> pl.Expr:
        """Return the texts of a slot as a literal, as an Enum when there is only one slot with few texts."""
        key = place, length
        if key not in self._tables:
            slot = self.layout.slots[place]
            texts = pl.Series(slot.texts if length is None else [text[:length] for text in slot.texts], dtype=pl.String)
            if len(self.layout.slots) == 1 and not slot.closed and len(texts) <= MAX_ENUM:
                texts = texts.cast(pl.Enum(texts.unique(maintain_order=True)))
            self._tables[key] = pl.lit(texts)
        return self._tables[key]

    def inner(self, node: Choice) -> TextPlan:
        """Return the plan of a closed choice."""
        if id(node) not in self._inner:
            self._inner[id(node)] = plan_text(node.alternatives[0] if len(node.alternatives) == 1 else node)
        return self._inner[id(node)]


def plan_text(node: Node) -> TextPlan:
    """Lay a grammar out, once for all sites."""
    return TextPlan(node, make_layout(node), max_length(node))


def text_expression(
    plan: TextPlan,
    site: Site,
    *,
    length: int | None = None,
    places: Mapping[str, pl.Expr] | None = None,
    purpose: str = "value",
) -> pl.Expr:
    """Return the texts of the grammar (String or Enum), cut to `length` characters.

    `places` supplies the indexes (UInt32) of named draws; all others come from the site's bits.
    """
    layout = plan.layout
    if not layout.slots:
        return _constant(site, "")
    alternative, locals_ = _draw_columns(layout, site, places or {}, purpose)
    is_cut = length is not None and plan.length > length
    is_single = len(layout.slots) == 1 and not layout.slots[0].closed
    parts: list[pl.Expr] = []
    for place, slot in enumerate(layout.slots):
        if any(text for text in slot.texts):
            index = _index(slot, alternative, locals_)
            table = plan.table(place, length if is_cut and is_single else None)
            parts.append(table.gather(_constant_index(site) if index is None else index))
        for turn, (node, users) in enumerate(slot.closed):
            part = _closed(plan, node, site, places or {}, f"{purpose}/{place}.{turn}")
            if len(users) < layout.count:
                part = pl.when(_is_among(alternative, users, layout.count)).then(part).otherwise(pl.lit(""))
            parts.append(part)
    text = parts[0] if len(parts) == 1 else pl.concat_str(parts or [_constant(site, "")])
    return text if length is None or is_single or not is_cut else text.str.head(length)


def _constant(site: Site, text: str) -> pl.Expr:
    return pl.when(site.row.is_not_null()).then(pl.lit(text))


def _constant_index(site: Site) -> pl.Expr:
    return (site.row * u64(0)).cast(pl.UInt32)


def _draw_columns(
    layout: Layout, site: Site, places: Mapping[str, pl.Expr], purpose: str
) -> tuple[pl.Expr | None, list[pl.Expr]]:
    """Return the alternative and the index of each column; small uniform ones share a draw."""
    shared = _SharedDraw(site, purpose)
    alternative: pl.Expr | None = None
    if layout.count > 1:
        alternative = (
            shared.take(layout.count)
            if layout.weights is None
            else draw_weighted_index(site, layout.weights, f"{purpose}/alternative")
        )
        alternative = site.stages.add(alternative)
    locals_: list[pl.Expr] = []
    for turn, column in enumerate(layout.columns):
        locals_.append(_column(column, site, alternative, layout.count, places, shared, f"{purpose}/{turn}"))
    return alternative, locals_


def _column(
    column: Column,
    site: Site,
    alternative: pl.Expr | None,
    count: int,
    places: Mapping[str, pl.Expr],
    shared: _SharedDraw,
    purpose: str,
) -> pl.Expr:
    if column.name is not None and column.name in places:
        return places[column.name]
    if column.weights is not None:
        return site.stages.add(draw_weighted_index(site, column.weights, purpose))
    if not column.sizes:
        return shared.take(column.size)
    sizes = pl.Series([column.sizes.get(a, 1) for a in range(count)], dtype=pl.UInt64)
    assert alternative is not None
    upper = site.bits(purpose) // u64(2**32)
    return site.stages.add((upper * pl.lit(sizes).gather(alternative) // u64(2**32)).cast(pl.UInt32))


class _SharedDraw:
    """Uniform indexes below small sizes, several of them taken from one draw."""

    def __init__(self, site: Site, purpose: str) -> None:
        self._site, self._purpose, self._turn = site, purpose, 0
        self._sizes: list[int] = []

    def take(self, size: int) -> pl.Expr:
        """Return indexes below `size` as UInt32."""
        if size > 2**16:
            self._turn += 1
            return self._site.stages.add(below(self._site.bits(f"{self._purpose}{self._turn}"), size).cast(pl.UInt32))
        stride = 1
        for other in self._sizes:
            stride *= other
        if stride * size > 2**16:
            self._turn += 1
            self._sizes, stride = [], 1
        self._sizes.append(size)
        # Bits below the product of the sizes so far: the draw is a 48-bit fraction, and each index is taken from
        # what the indexes before it leave of the fraction.
        fraction = self._site.stages.add(
            self._site.bits(f"{self._purpose}{self._turn}" if self._turn else self._purpose) // u64(2**16),
            memo=("fraction", self._site.key(f"{self._purpose}{self._turn}"), self._site.row.meta.output_name()),
        )
        rest = fraction if stride == 1 else (fraction * u64(stride)) & u64(2**48 - 1)
        return self._site.stages.add((rest * u64(size) // u64(2**48)).cast(pl.UInt32))


def draw_weighted_index(site: Site, weights: tuple[float, ...], purpose: str) -> pl.Expr:
    """Return indexes drawn by weights (UInt32) with the alias method."""
    bits = site.bits(purpose)
    thresholds, alternatives = _alias(weights)
    size = len(weights)
    slot = site.stages.add(below(bits, size).cast(pl.UInt32))
    is_alias = bits * u64(size) >= thresholds.gather(slot)
    return alternatives.gather(slot * 2 + is_alias.cast(pl.UInt32))


@lru_cache(maxsize=1024)
def _alias(weights: tuple[float, ...]) -> tuple[pl.Expr, pl.Expr]:
    thresholds, places = make_alias_table(weights)
    return pl.lit(pl.Series(thresholds)), pl.lit(pl.Series(places))


def _index(slot: Slot, alternative: pl.Expr | None, locals_: Sequence[pl.Expr]) -> pl.Expr | None:
    """Return the row of the slot's table: the base and the strides of the alternative."""
    terms: list[pl.Expr] = []
    base = _by_alternative(slot.bases, alternative)
    if base is not None:
        terms.append(base)
    for c, local in enumerate(locals_):
        strides = [strides.get(c, 0) for strides in slot.strides]
        if len(set(strides)) == 1:
            if strides[0]:
                terms.append(local if strides[0] == 1 else local * pl.lit(strides[0], dtype=pl.UInt32))
            continue
        stride = _by_alternative(strides, alternative)
        assert stride is not None
        terms.append(local * stride)
    if not terms:
        return None
    index = terms[0]
    for term in terms[1:]:
        index = index + term
    return index


def _by_alternative(numbers: Sequence[int], alternative: pl.Expr | None) -> pl.Expr | None:
    if alternative is None or len(set(numbers)) == 1:
        return pl.lit(numbers[0], dtype=pl.UInt32) if numbers[0] else None
    return pl.lit(pl.Series(np.array(numbers, dtype=np.uint32))).gather(alternative)


def _is_among(alternative: pl.Expr | None, users: Sequence[int], count: int) -> pl.Expr:
    assert alternative is not None
    flags = [place in set(users) for place in range(count)]
    return pl.lit(pl.Series(flags)).gather(alternative)


def _closed(plan: TextPlan, node: Closed, site: Site, places: Mapping[str, pl.Expr], purpose: str) -> pl.Expr:
    if isinstance(node, Number):
        value = below(site.bits(purpose), node.size).cast(pl.Int64) * node.step + node.low
        return value.cast(pl.String)
    if isinstance(node, Made):
        return node.make(site, purpose)
    return text_expression(plan.inner(node), site, places=places, purpose=purpose).cast(pl.String)
