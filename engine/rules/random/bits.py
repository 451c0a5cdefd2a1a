"""Random bits as a function of the row number, and numbers made from them.

The generator is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014):
output i of the stream with state `key` is mix(key + (i + 1) * GAMMA) in wrapping 64-bit arithmetic, here with the
row number for i. As mix is a bijection, a stream never repeats a value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from engine.rules.stages import Stages

GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_WORD = 2**64
_SMALL = 2**16


@lru_cache(maxsize=4096)
def u64(value: int) -> pl.Expr:
    """Return a UInt64 literal, cached because building one costs more than the rest of an expression."""
    return pl.lit(value, dtype=pl.UInt64)


def random_bits(step: pl.Expr, key: int) -> pl.Expr:
    """Return 64 random bits (UInt64) for each row; `step` is `row_step` of the row numbers."""
    return _mix(step + u64((key + GAMMA) % _WORD))


def staged_bits(stages: Stages, step: pl.Expr, key: int) -> pl.Expr:
    """Return `random_bits` with its two products as columns of their own: half the time of one expression.

    Polars computes each part as often as the expression names it, and all but the outermost are named several times.
    """
    z = step + u64((key + GAMMA) % _WORD)
    z = stages.add((z ^ (z // u64(2**30))) * u64(_FIRST))
    z = stages.add((z ^ (z // u64(2**27))) * u64(_SECOND))
    return z ^ (z // u64(2**31))


def row_step(row: pl.Expr) -> pl.Expr:
    """Return row * GAMMA, which all streams over the same row numbers share."""
    return row * u64(GAMMA)


def _mix(z: pl.Expr) -> pl.Expr:
    z = (z ^ (z // u64(2**30))) * u64(_FIRST)
    z = (z ^ (z // u64(2**27))) * u64(_SECOND)
    return z ^ (z // u64(2**31))


def mix(z: int) -> int:
    """Return the result of `_mix` for one number in Python."""
    z = ((z ^ (z >> 30)) * _FIRST) % _WORD
    z = ((z ^ (z >> 27)) * _SECOND) % _WORD
    return z ^ (z >> 31)


def random_bits_at(row: int, key: int) -> int:
    """Return the bits of one row in Python, for tables that are built once, such as pools."""
    return mix((key + (row + 1) * GAMMA) % _WORD)


def below(bits: pl.Expr, size: int) -> pl.Expr:
    """Return a number in [0, size) as UInt64, by multiply-shift; 1 <= size <= 2**64.

    The bias against a fair draw is at most size / 2**48 for sizes to 2**16 and size / 2**64 above.
    """
    if size == 1:
        return bits * u64(0)
    if size == _WORD:
        return bits
    if size & (size - 1) == 0:
        return bits // u64(_WORD // size)
    if size <= _SMALL:
        return (bits // u64(_SMALL)) * u64(size) // u64(_WORD // _SMALL)
    return below_each(bits, u64(size))


def below_at(bits: int, size: int) -> int:
    """Return the result of `below` for one number in Python."""
    if size & (size - 1) == 0 or size > _SMALL:
        return bits * size // _WORD
    return (bits // _SMALL) * size // (_WORD // _SMALL)


def below_each(bits: pl.Expr, size: pl.Expr) -> pl.Expr:
    """Return a number in [0, size) as UInt64 where `size` (UInt64, 1 or more) differs by row."""
    product = bits.cast(pl.UInt128) * size.cast(pl.UInt128)
    return (product // pl.lit(_WORD, dtype=pl.UInt128)).cast(pl.UInt64)


def unit(bits: pl.Expr) -> pl.Expr:
    """Return a Float64 in [0, 1): the upper 53 bits, each multiple of 2**-53 equally likely."""
    return (bits // u64(2**11)).cast(pl.Float64) * 2.0**-53


def is_chosen(bits: pl.Expr, probability: float) -> pl.Expr:
    """Return True with the given probability (0 to 1, exact to 2**-64)."""
    threshold = int(probability * _WORD)
    if threshold >= _WORD:
        return bits >= u64(0)
    return bits < u64(threshold)
