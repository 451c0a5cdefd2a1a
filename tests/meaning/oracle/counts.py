"""Row counts: a lookup or a dimension has fewer rows than its facts. Judged only where the import chose counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.meaning.oracle.judgement import Judgement
from tests.meaning.oracle.reading import Table

KIND = "counts"
_FACTS = frozenset(
    "fact fct facts event events line lines lineitem item items detail details transaction transactions".split()
)
_LOOKUPS = frozenset(
    "region regions status statuses country countries currency currencies lookup type types state states".split()
)
_MAX_LOOKUP = 1000


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the counts of lookups, and of facts against the tables that they refer to."""
    found = {table.name: table for table in tables if table.has_own_count}
    for table in found.values():
        if _is_lookup(table):
            yield _judgement(table, table.count <= _MAX_LOOKUP, f"a lookup has at most {_MAX_LOOKUP} rows")
        if _FACTS.intersection(table.words):
            for parent in (found.get(name) for name in table.parents):
                if parent is not None and parent.name != table.name and not _FACTS.intersection(parent.words):
                    yield _judgement(table, table.count > parent.count, f"more rows than {parent.name}, {parent.count}")


def _is_lookup(table: Table) -> bool:
    is_named = table.words[-1] in _LOOKUPS and len(table.words) <= 3 and not _FACTS.intersection(table.words)
    return is_named and not table.parents and len(table.columns) <= 6


def _judgement(table: Table, is_right: bool, why: str) -> Judgement:
    return Judgement(KIND, table.name, (), is_right, (f"{table.count} rows",), why)
