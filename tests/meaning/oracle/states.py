"""States: only a status holds the states of an order; education, class and grade hold their own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.meaning.oracle.judgement import Judgement, judge_values
from tests.meaning.oracle.reading import Table

KIND = "states"
_NOUNS = frozenset(
    """education class grade color colour size gender brand category department segment marital race ethnicity material
    species breed genre occupation""".split()
)
_ORDER_STATES = frozenset(
    """pending shipped delivered cancelled canceled returned processing completed placed paid refunded active
    inactive""".split()
)


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the text columns that are named by a class of things or people."""
    for table in tables:
        for column in table.columns:
            words = (
                column.words[:-1] if column.words[-1] in ("level", "name", "type", "group", "status") else column.words
            )
            is_noun = bool(words) and words[-1] in _NOUNS
            if is_noun and column.family == "text":
                yield from judge_values(
                    KIND, table, column, lambda value: value.lower() not in _ORDER_STATES, "no states of an order"
                )
