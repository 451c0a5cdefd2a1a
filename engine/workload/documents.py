"""Documents: values of semi-structured columns that have the paths and values that queries ask for.

What one statement asks of one occurrence of a column holds for one document together, so a document is made of all of
it: `payload:alarm.code = 'X' and payload:alarm.level > 3` wants `{"alarm": {"code": "X", "level": 4}}`. Documents of
several statements that do not contradict each other are merged, so that there are few and each is found often.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.schema.models import ColumnSchema, ExperimentSchema
from engine.schema.types import Kind
from engine.workload.changes import Change
from engine.workload.document_paths import ANY, Path, path_of
from engine.workload.document_values import is_filter, leaf_value
from engine.workload.records import Predicate
from engine.workload.samples import Samples
from engine.workload.vocabulary import add_values, why_fixed

_VARIANTS = 3
"""The documents that a statement gets, with other values of its lists and ranges."""
_MOST_ELEMENTS = 100


@dataclass
class _Asked:
    """The predicates of one statement on one occurrence of a column, by path."""

    leaves: dict[Path, list[Predicate]] = field(default_factory=dict)
    sizes: dict[Path, list[Predicate]] = field(default_factory=dict)
    keys: dict[Path, list[Predicate]] = field(default_factory=dict)


def is_document(column: ColumnSchema) -> bool:
    """Return whether a column holds JSON."""
    return column.type.kind is Kind.JSON


def fit_documents(schema: ExperimentSchema, predicates: Sequence[Predicate], samples: Samples) -> list[Change]:
    """Return a change for each column of documents that queries ask something of."""
    asked: dict[tuple[str, str], dict[tuple[str, int], _Asked]] = {}
    serves: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for each in predicates:
        if not is_filter(each) or not is_document(schema.table(each.table).column(each.column)):
            continue
        place = (each.table, each.column)
        _add(asked.setdefault(place, {}).setdefault((each.statement, each.group), _Asked()), each)
        serves.setdefault(place, []).append((each.statement, each.line))
    changes: list[Change] = []
    for (key, name), statements in asked.items():
        table = schema.table(key)
        column = table.column(name)
        values = samples.column(table, column)
        documents = _documents(list(statements.values()), is_array=column.type.name == "ARRAY")
        if documents and values is not None and not why_fixed(table, column, samples):
            changes.append(add_values(table, column, values, documents, serves[key, name]))
    return changes


def _add(asked: _Asked, predicate: Predicate) -> None:
    path, target = path_of(predicate.path)
    {"value": asked.leaves, "size": asked.sizes, "key": asked.keys}[target].setdefault(path, []).append(predicate)


def _documents(statements: Sequence[_Asked], *, is_array: bool) -> list[str]:
    """Return the documents as JSON, merged where they agree."""
    merged: list[Any] = []
    for asked in statements:
        for made in dict.fromkeys(json.dumps(_document(asked, number)) for number in range(_VARIANTS)):
            document = json.loads(made)
            if document is None or (isinstance(document, list) != is_array and is_array):
                continue
            for index, other in enumerate(merged):
                both = _merge(other, document)
                if both is not _CONFLICT:
                    merged[index] = both
                    break
            else:
                merged.append(document)
    return list(dict.fromkeys(json.dumps(each, ensure_ascii=False) for each in merged))


def _document(asked: _Asked, number: int) -> Any:
    """Return the document of a statement; `number` chooses among the values that it may have."""
    document: Any = None
    keys = {path: leaf_value(each, number) for path, each in asked.keys.items()}
    for path, predicates in asked.leaves.items():
        document = _put(document, _named(path, keys), leaf_value(predicates, number))
    for path, key in keys.items():
        document = _put(document, (*path, str(key)), None, is_default=True)
    for path, predicates in asked.sizes.items():
        wanted = leaf_value(predicates, number)
        count = min(int(wanted), _MOST_ELEMENTS) if isinstance(wanted, int | float) else 1
        document = _sized(document, path, count)
    return document


def _named(path: Path, keys: dict[Path, Any]) -> Path:
    """Return a path with the keys that are wanted of the objects whose elements it goes through."""
    found: list[str | int] = []
    for index, each in enumerate(path):
        key = keys.get(path[:index]) if each == ANY else None
        found.append(each if key is None else str(key))
    return tuple(found)


def _put(document: Any, path: Path, value: Any, *, is_default: bool = False) -> Any:
    """Return a document with a value at a path; what is there and fits stays."""
    if not path:
        return document if is_default and document is not None else value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        elements = list(document) if isinstance(document, list) else []
        elements += [None] * (min(first, _MOST_ELEMENTS) + 1 - len(elements))
        elements[min(first, _MOST_ELEMENTS)] = _put(elements[min(first, _MOST_ELEMENTS)], rest, value)
        return elements
    if first == ANY and not isinstance(document, dict):
        elements = list(document) if isinstance(document, list) and document else [None]
        return [_put(elements[0], rest, value), *elements[1:]]
    inner = document if isinstance(document, dict) else {}
    key = next(iter(inner), "item") if first == ANY else str(first)
    default = "x" if is_default and not rest and value is None else value
    return {**inner, key: _put(inner.get(key), rest, default, is_default=is_default)}


def _sized(document: Any, path: Path, count: int) -> Any:
    if path:
        inner = document if isinstance(document, dict) else {}
        return {**inner, str(path[0]): _sized(inner.get(str(path[0])), path[1:], count)}
    elements = document if isinstance(document, list) else []
    filler = elements[-1] if elements else {"no": 1}
    return [*elements, *[filler] * (count - len(elements))]


_CONFLICT = object()


def _merge(first: Any, second: Any) -> Any:
    """Return an object that has what both have, or `_CONFLICT`."""
    if not isinstance(first, dict) or not isinstance(second, dict):
        return first if first == second and type(first) is type(second) else _CONFLICT
    merged = dict(first)
    for key, value in second.items():
        both = _merge(first[key], value) if key in first else value
        if both is _CONFLICT:
            return _CONFLICT
        merged[key] = both
    return merged
