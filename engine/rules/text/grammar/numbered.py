"""Numbered texts: how many there are, and the text at an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from engine.rules.site import Site

Signs = tuple[frozenset[str], ...]
"""The characters that can be at each place of texts that all have the same length."""


@dataclass(frozen=True)
class Numbered:
    """How many texts, and the text at an index (UInt64, in [0, size)) at a site.

    `signs` is None where lengths differ. `is_prefix_free` says that no text begins with another one.
    """

    size: int
    at: Callable[[Site, pl.Expr], pl.Expr]
    signs: Signs | None
    is_prefix_free: bool
