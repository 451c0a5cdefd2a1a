"""Cut words: no value ends in the middle of a word because its column is too short for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from faker.providers.address.en_US import Provider as Address
from faker.providers.job.en_US import Provider as Job

from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.parts import DAYS, MONTHS
from tests.meaning.oracle.reading import Column, Table

KIND = "cut words"
_CUT_SHARE = 0.02
_NOUNS = """
    country country_name city city_name town state state_name province region month month_name day_name weekday
    nation job job_title title occupation profession email email_address mail url website address address_line
    street street_address company company_name employer name full_name description status category department type
    brand
    """.split()


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the short text columns that are named by what longer words exist for."""
    for table in tables:
        for column in table.columns:
            if _is_judged(column) and column.present:
                limit = column.length or 0
                wrong = [value for value in column.present if len(value) == limit and is_cut(value, column)]
                wrong += [value for value in column.present if value != value.rstrip(" ,-")]
                is_right = len(wrong) <= _CUT_SHARE * len(column.present)
                rows = [(value,) for value in wrong or column.present]
                yield judgement(KIND, table, [column], is_right, rows, f"no word cut at {limit} characters")


def _is_judged(column: Column) -> bool:
    is_noun = ends_with(column.words, *(noun.replace("_", " ") for noun in _NOUNS))
    return column.family == "text" and is_noun and 3 <= (column.length or 0) <= 60


def is_cut(value: str, column: Column) -> bool:
    """Whether a value that fills its column is the beginning of a longer word, an e-mail or a URL."""
    if "email" in column.words or "mail" in column.words:
        return re.fullmatch(r"\S+@\S+\.(com|org|net|edu|gov|io|co|de|uk|info|biz|example|test)", value) is None
    if "url" in column.words or "website" in column.words:
        return re.match(r"https?://", value) is not None and re.search(r"\.[a-z]{2,6}(/|$)", value) is None
    text = value.lower()
    return text not in _whole() and text in _beginnings()


@cache
def _whole() -> frozenset[str]:
    words = [*MONTHS, *DAYS, *Address.countries, *Address.states, *Job.jobs]
    return frozenset(word.lower() for word in words)


@cache
def _beginnings() -> frozenset[str]:
    """Return the beginnings of three letters or more of the known words, except usual short forms."""
    short = {word[:3].lower() for word in (*MONTHS, *DAYS)} | {word[:4].lower() for word in (*MONTHS, *DAYS)}
    return frozenset(word[:end] for word in _whole() for end in range(3, len(word))) - short
