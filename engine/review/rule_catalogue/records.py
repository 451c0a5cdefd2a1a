"""The records of the catalogue: a rule with its typed parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ParameterKind = Literal[
    "integer", "decimal", "boolean", "text", "choice", "date", "timestamp", "time",
    "list", "shares", "pair", "expression", "json",
]  # fmt: skip
"""The kind of field for a parameter: `list` is values of any number, `shares` a fixed number of weights, `pair` a min
and a max, `expression` SQL over the row, `json` anything else."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class RuleParameter:
    """A parameter of a rule: where its value is in the JSON of a column, and what it may be."""

    path: Path
    """The JSON keys from the column to the value: `("distribution", "parameters", "mean")`."""
    label: str
    kind: ParameterKind
    description: str = ""
    default: Any = None
    """What a column without the parameter gets; None when that depends on other keys."""
    is_required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    """The bounds, inclusive; of each item of a list."""
    choices: tuple[str, ...] = ()
    size: int | None = None
    """The number of items of `shares`."""


@dataclass(frozen=True)
class CatalogueRule:
    """A rule that fits a column, or a method of a library: what people choose from."""

    name: str
    """Unique in the catalogue: `values`, `distribution:normal`, `faker_rule:first_name`."""
    label: str
    category: str
    description: str
    rule: str
    """The rule's name in the registry."""
    keys: Mapping[str, Any] = field(hash=False)
    """The JSON keys of a column that starts with the rule, valid for the column's type."""
    parameters: tuple[RuleParameter, ...] = ()
    words: str = field(default="", repr=False)
    """Further words to find the rule by."""
    samples: tuple[str, ...] = ()
    """Up to three different values in the column's type; empty until `with_samples` has made them."""
