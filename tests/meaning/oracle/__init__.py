"""The oracle: what a data engineer expects of a column, read from its name and type.

Each module of this folder judges one kind; `KINDS` lists them. None imports what suggests rules in the engine, so that
a fault there cannot hide here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tests.meaning.oracle import (
    amounts,
    calendars,
    casts,
    code_words,
    counts,
    cut_words,
    formats,
    fractions,
    hash_keys,
    keys,
    order,
    parts,
    places,
    states,
    twins,
    unique_formats,
)
from tests.meaning.oracle.judgement import Judgement
from tests.meaning.oracle.reading import Table

Judge = Callable[[Sequence[Table]], Iterable[Judgement]]

_MODULES = (
    parts,
    calendars,
    order,
    twins,
    casts,
    formats,
    unique_formats,
    cut_words,
    fractions,
    amounts,
    keys,
    counts,
    hash_keys,
    places,
    states,
    code_words,
)
KINDS: Mapping[str, Judge] = {module.KIND: module.judge for module in _MODULES}


def judge_tables(tables: Sequence[Table], kinds: Iterable[str] = KINDS) -> Iterator[Judgement]:
    """Judge every column that the oracle knows, kind by kind."""
    for kind in kinds:
        yield from KINDS[kind](tables)
