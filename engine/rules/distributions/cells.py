"""Whole numbers with given weights, in cells of one number or of many with nearly equal weights.

One alias draw (see `choices`) picks a cell, a second draw the offset in it. Inside a cell the weights are linear: the
offset is t + tilt * t * (1 - t) of the width, with t uniform in [0, 1). A cell of many numbers spans at most 1/512 of
their distance from the start, or 1/16384 of the whole range, so that each weight is accurate to 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from engine.rules.distributions.exact_math import exp, log
from engine.rules.distributions.laws import Floats, LawError, round_bits
from engine.rules.random.bits import below, u64, unit
from engine.rules.random.ordered_choice import choose_in_order, weights_of_alias
from engine.rules.site import Site
from engine.rules.values.choices import make_alias_table

MAX_SINGLES = 2**15
_HEAD = 2**14
_SPAN = 2.0**-9
_PARTS = 2**14
# Keeps width * t below the width after rounding.
_BELOW_ONE = 1 - 2.0**-50


@dataclass(frozen=True)
class Cells:
    """The numbers from `first` to `last`: the alias table, and start (from `first`), width and tilt of each cell.

    Without starts each cell is one number, in order.
    """

    first: int
    last: int
    thresholds: pl.Series
    places: pl.Series
    starts: pl.Series | None = None
    widths: pl.Series | None = None
    tilts: pl.Series | None = None


def make_cells(first: int, weights: Floats) -> Cells:
    """Return cells of one number each: first, first + 1, ... Raises `LawError` when all weights are 0."""
    thresholds, places = make_alias_table(_scale_weights(weights))
    return Cells(first, first + len(weights) - 1, pl.Series(thresholds), pl.Series(places))


def make_cells_between(first: int, last: int, weight: Callable[[Floats], Floats], *, steepness: float = 1.0) -> Cells:
    """Return the numbers from `first` to `last` inclusive, weighted by a smooth function of the number.

    `steepness` above 1 shrinks the wide cells by that factor. Raises `LawError` when all weights are 0.
    """
    if last - first < MAX_SINGLES:
        return make_cells(first, weight(np.arange(first, last + 1, dtype=np.float64)))
    edges = _make_edges(last - first + 1, _SPAN / max(1.0, steepness))
    starts = np.array(edges[:-1], dtype=np.uint64)
    widths = np.array([end - start for start, end in pairwise(edges)], dtype=np.float64)
    begin = starts.astype(np.float64) + first
    middle, end = begin + np.floor((widths - 1) / 2), begin + widths - 1
    ends = weight(begin), weight(end)
    sums = _sum_weights(ends[0], weight(middle), ends[1], widths)
    return build_cells((first, last), sums, starts, widths, tilts(*ends, widths))


def build_cells(span: tuple[int, int], sums: Floats, starts: np.ndarray, widths: Floats, tilt: Floats) -> Cells:
    """Return cells with these sums of weights, starts, widths and tilts, over the numbers of the span (inclusive)."""
    thresholds, places = make_alias_table(_scale_weights(sums))
    return Cells(
        *span,
        pl.Series(thresholds),
        pl.Series(places),
        pl.Series(starts.astype(np.uint64)),
        pl.Series(widths * _BELOW_ONE),
        pl.Series(tilt) if tilt.any() else None,
    )


def draw_cell(site: Site, cells: Cells, purpose: str = "value") -> pl.Expr:
    """Return the drawn cell (UInt32) for each row."""
    bits, size = site.bits(purpose), len(cells.thresholds)
    if site.is_ordered and purpose == "value":
        weights = weights_of_alias(cells.thresholds.to_numpy(), cells.places.to_numpy())
        return choose_in_order(site.stages, bits, weights)
    slot = site.stages.add(below(bits, size).cast(pl.UInt32))
    is_alias = bits * u64(size) >= pl.lit(cells.thresholds).gather(slot)
    return site.stages.add(pl.lit(cells.places).gather(slot * 2 + is_alias.cast(pl.UInt32)))


def draw_offset(site: Site, cells: Cells, purpose: str = "value") -> pl.Expr:
    """Return the drawn number minus `first` (UInt64) for each row."""
    cell = draw_cell(site, cells, purpose)
    if cells.starts is None:
        return cell.cast(pl.UInt64)
    return pl.lit(cells.starts).gather(cell) + draw_inside(site, cells, cell, f"{purpose}:place").cast(pl.UInt64)


def draw_inside(site: Site, cells: Cells, cell: pl.Expr, purpose: str) -> pl.Expr:
    """Return a Float64 in [0, width of the cell): cast to an integer it is an offset in the cell."""
    assert cells.widths is not None
    t = site.stages.add(unit(site.bits(purpose)))
    if cells.tilts is not None:
        t = t + pl.lit(cells.tilts).gather(cell) * (t * (1.0 - t))
    return t * pl.lit(cells.widths).gather(cell)


def tilts(first: Floats, last: Floats, widths: Floats) -> Floats:
    """Return the tilt of cells whose first and last numbers have these weights; 0 for a cell of one number."""
    is_sloped = (widths > 1) & (first > 0) & (last > 0)
    ratio = np.where(is_sloped, first, 1.0) / np.where(is_sloped, last, 1.0)
    return compute_tilt(exp(log(ratio) * widths / np.maximum(widths - 1, 1)))


def compute_tilt(ratio: Floats) -> Floats:
    """Return the tilt of cells whose density at the start is `ratio` times that at the end."""
    return round_bits(np.clip((1 - ratio) / (1 + ratio), -0.9, 0.9))


def _make_edges(size: int, span: float) -> list[int]:
    """Return the edges of the cells of [0, size): single numbers first, then cells of growing width."""
    edges = list(range(_HEAD + 1))
    widest = max(1, size // _PARTS)
    while edges[-1] < size:
        step = max(1, min(int(edges[-1] * span), widest))
        edges.append(min(edges[-1] + step, size))
    return edges


def _sum_weights(first: Floats, middle: Floats, last: Floats, widths: Floats) -> Floats:
    """Sum the weights of each cell by the parabola through its first, middle and last number."""
    half = np.floor((widths - 1) / 2)
    end = widths - 1
    with np.errstate(all="ignore"):
        rise = (middle - first) / half
        bend = ((last - first) / end - rise) / (end - half)
    linear = end * widths / 2
    square = end * widths * (2 * end + 1) / 6
    wide = first * widths + (rise - bend * half) * linear + bend * square
    few = np.where(widths == 1, first, first + last)
    return np.where(widths > 2, np.maximum(wide, 0.0), few)


def _scale_weights(weights: Floats) -> list[float]:
    """Return the weights rounded to 32 bits, relative to the largest."""
    weights = np.nan_to_num(weights, nan=0.0)
    largest = float(weights.max(initial=0.0))
    if not largest > 0:
        raise LawError("has no probability between these bounds.")
    shares: list[float] = round_bits(weights / largest).tolist()
    return shares
