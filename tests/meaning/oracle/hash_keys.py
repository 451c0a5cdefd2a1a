"""Hash keys of a Data Vault: satellites and links hold the hash keys that their hubs have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "hash keys"
_ENDINGS = ("hk", "hash key", "hashkey", "hsh key", "hkey")


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge each hash key that is the whole key of one other table; a hub cut short by the sample is left out."""
    found = list(tables)
    hubs: dict[tuple[str, ...], tuple[Table, Column]] = {}
    for table in found:
        for column in table.columns:
            if is_hash_key(column) and (column.is_unique or _is_hub(table)) and table.is_whole:
                hubs.setdefault(column.words, (table, column))
    for table in found:
        for column in table.columns:
            hub = hubs.get(column.words) or hubs.get(_without_prefix(column.words))
            if hub is not None and hub[0] is not table and is_hash_key(column) and column.present:
                known = set(hub[1].present)
                wrong = [(value,) for value in column.present if value not in known]
                rows = wrong or [(value,) for value in column.present]
                yield judgement(KIND, table, [column], not wrong, rows, f"hash keys of {hub[0].name}")


def is_hash_key(column: Column) -> bool:
    """Whether a column is named as a hash key, such as `customer_hk` or `HK_CUSTOMER`."""
    return len(column.words) > 1 and (ends_with(column.words, *_ENDINGS) or column.words[0] == "hk")


def _is_hub(table: Table) -> bool:
    return "hub" in table.words


def _without_prefix(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if len(words) > 2 else words
