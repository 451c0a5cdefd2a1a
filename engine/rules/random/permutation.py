"""A permutation of [0, size) as an expression: uniqueness without retries and without stored keys.

A generalised Feistel network (Black and Rogaway: "Ciphers with arbitrary finite domains", CT-RSA 2002) over pairs
(left, right) with left < a and right < b, where a * b <= size. Numbers of the short tail [a * b, size) map to
themselves; rotations by random offsets before and after the rounds move the tail to a random position.
"""

from __future__ import annotations

from math import isqrt

import polars as pl

from engine.rules.random.bits import below, below_at, mix, random_bits_at, row_step, staged_bits, u64
from engine.rules.stages import Stages

ROUNDS = 4
GREATEST_SIZE = 2**63


def permuted(stages: Stages, index: pl.Expr, size: int, key: int) -> pl.Expr:
    """Return the image of `index` (UInt64, in [0, size)) under the permutation of [0, size) with the given key.

    1 <= size <= 2**63. Each round is a stage, so that the expression does not grow with the rounds.
    """
    if size == 1:
        return index * u64(0)
    a = isqrt(size)
    b = size // a
    start = stages.add(_rotate(index, mix(key) % size, size))
    left, right = stages.add(start // u64(b)), stages.add(start % u64(b))
    for turn in range(ROUNDS):
        round_key = mix((key + turn + 1) % 2**64)
        if turn % 2 == 0:
            left = stages.add((left + below(staged_bits(stages, row_step(right), round_key), a)) % u64(a))
        else:
            right = stages.add((right + below(staged_bits(stages, row_step(left), round_key), b)) % u64(b))
    mixed = left * u64(b) + right
    if a * b < size:
        mixed = pl.when(start < u64(a * b)).then(mixed).otherwise(start)
    return stages.add(_rotate(mixed, mix((key + ROUNDS + 1) % 2**64) % size, size))


def unpermuted(stages: Stages, image: pl.Expr, size: int, key: int) -> pl.Expr:
    """Return the index (UInt64) of which `permuted` makes `image` (UInt64, in [0, size)): the inverse permutation."""
    if size == 1:
        return image * u64(0)
    a = isqrt(size)
    b = size // a
    mixed = stages.add(_rotate(image, size - mix((key + ROUNDS + 1) % 2**64) % size, size))
    left, right = stages.add(mixed // u64(b)), stages.add(mixed % u64(b))
    for turn in reversed(range(ROUNDS)):
        round_key = mix((key + turn + 1) % 2**64)
        if turn % 2 == 0:
            left = stages.add((left + u64(a) - below(staged_bits(stages, row_step(right), round_key), a)) % u64(a))
        else:
            right = stages.add((right + u64(b) - below(staged_bits(stages, row_step(left), round_key), b)) % u64(b))
    start = left * u64(b) + right
    if a * b < size:
        start = pl.when(mixed < u64(a * b)).then(start).otherwise(mixed)
    return stages.add(_rotate(start, size - mix(key) % size, size))


def index_of(image: int, size: int, key: int) -> int:
    """Return the index of which `permuted` makes `image`: the inverse permutation, for one number in Python."""
    if size == 1:
        return 0
    a = isqrt(size)
    b = size // a
    mixed = (image - mix((key + ROUNDS + 1) % 2**64) % size) % size
    if mixed < a * b:
        left, right = divmod(mixed, b)
        for turn in reversed(range(ROUNDS)):
            round_key = mix((key + turn + 1) % 2**64)
            if turn % 2 == 0:
                left = (left - below_at(random_bits_at(right, round_key), a)) % a
            else:
                right = (right - below_at(random_bits_at(left, round_key), b)) % b
        mixed = left * b + right
    return (mixed - mix(key) % size) % size


def _rotate(index: pl.Expr, offset: int, size: int) -> pl.Expr:
    return (index + u64(offset)) % u64(size)
