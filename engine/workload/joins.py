"""Joins of one statement: equalities of columns, those between the same two occurrences of tables together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engine.workload.lineage import Origin
from engine.workload.records import Join

_CHANGING_NOTHING = frozenset({"cast", "trim", "upper", "lower"})
JoinKind = Literal["join", "in", "exists", "set"]


@dataclass
class _Pair:
    first: Origin
    second: Origin
    line: int
    kind: JoinKind
    columns: dict[tuple[str, str], None] = field(default_factory=dict)


class JoinCollector:
    """Collects equalities; columns behind functions that change values are no join keys."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._pairs: dict[tuple[object, ...], _Pair] = {}

    def add(self, first: Origin, second: Origin, line: int, kind: JoinKind, scope: int) -> None:
        """Add an equality of two columns."""
        if not (_is_plain(first) and _is_plain(second)) or first.instance == second.instance:
            return
        if (second.table, second.instance) < (first.table, first.instance):
            first, second = second, first
        key = (scope, kind, first.table, first.instance, second.table, second.instance)
        pair = self._pairs.setdefault(key, _Pair(first, second, line, kind))
        pair.columns[first.column, second.column] = None

    def joins(self) -> list[Join]:
        """Return the joins in the order in which they were found, each once."""
        found: dict[Join, None] = {}
        for pair in self._pairs.values():
            columns = sorted(pair.columns)
            own, other = zip(*columns, strict=True)
            made = Join(pair.first.table, own, pair.second.table, other, pair.line, self._statement, pair.kind)
            found[made] = None
        return list(found)


def _is_plain(origin: Origin) -> bool:
    return all(step.name in _CHANGING_NOTHING for step in origin.path)
