"""A solution: the values that a flattened query needs, class by class, and the rows that it takes as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.workload.witnesses.classes import Cell, Classes


@dataclass
class Solution:
    """The values of classes, and the rows of occurrences that are fixed or were drawn whole."""

    classes: Classes
    fixed: dict[int, int] = field(default_factory=dict)
    values: dict[Cell, Any] = field(default_factory=dict)
    whole: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The values of the columns that other columns of an occurrence are made from."""
