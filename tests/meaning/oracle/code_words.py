"""Codes: a column of codes or numbers as text holds no phrase of ordinary words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tests.meaning.oracle.formats import expected_format
from tests.meaning.oracle.judgement import Judgement, judge_values
from tests.meaning.oracle.reading import Table

KIND = "codes"
_CODES = frozenset(
    "code cd sku number no num nbr ref reference serial barcode isbn ean upc tracking batch lot mrn npi id key".split()
)
# A few words that repeat, such as `road` and `sea` of a mode, are codes of their domain.
_MAX_DOMAIN = 20
_ENOUGH_VALUES = 100
_PHRASE = re.compile(r"[A-Za-z]?[a-z]{2,}([ ,.]+[a-z]{2,})+[.]?|[a-z]{4,}")


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the text columns that are named as codes and have no format of their own."""
    for table in tables:
        for column in table.columns:
            if column.family == "text" and column.words[-1] in _CODES and expected_format(column) is None:
                if len(column.present) < _ENOUGH_VALUES or len(set(column.present)) > _MAX_DOMAIN:
                    is_code = lambda value: _PHRASE.fullmatch(value.strip()) is None  # noqa: E731
                    yield from judge_values(KIND, table, column, is_code, "a code, not words")
                else:
                    yield from judge_values(KIND, table, column, lambda value: True, "one of a few words")
