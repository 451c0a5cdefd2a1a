"""Unique formats: a unique UUID as text is still a UUID, a unique hash still hex, and none repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.meaning.oracle.formats import expected_format
from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.reading import Table

KIND = "unique formats"


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the unique text columns whose names are those of a format."""
    for table in tables:
        for column in table.columns:
            expected = expected_format(column) if column.is_unique else None
            if expected is not None and column.present:
                test, why = expected
                wrong = [value for value in column.present if not test(value)]
                is_right = not wrong and len(set(column.present)) == len(column.present)
                rows = [(value,) for value in wrong or column.present]
                yield judgement(KIND, table, [column], is_right, rows, f"unique {why}")
