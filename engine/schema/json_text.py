"""JSON reader that reports duplicate keys and oversized numbers.

Python's reader uses the last of two equal keys and accepts numbers of any size. Here the parser marks both, and
`document_problems` reports them with their places, also in documents built by a program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import Problem
from engine.schema.limits import MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_VALUE, number_fault, text_fault

Location = tuple[int | str, ...]
Place = Callable[[Location], str]

_MAX_PROBLEMS = 20


class _Refused:
    """A number that was not parsed, with the reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _DuplicateKeys(dict[str, Any]):
    """An object with a duplicate key."""

    repeated: str


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, fractions as `Decimal`; pass it to `document_problems` before use.

    Raises `json.JSONDecodeError` for invalid JSON and `RecursionError` for hundreds of nested levels.
    """
    return json.loads(
        text,
        parse_int=_parse_integer,
        parse_float=_parse_fraction,
        parse_constant=lambda name: _Refused(f"{name} is not a JSON number"),
        object_pairs_hook=_build_object,
    )


def document_problems(document: Any, place: Place) -> list[Problem]:
    """Return the first 20 faults of a document that prevent any further check.

    These are duplicate keys, numbers and texts that are too long, characters that cannot be stored, more than 50
    levels, and more than a million items. `place` returns a location as text.
    """
    problems: list[Problem] = []
    pending: list[tuple[Any, Location]] = [(document, ())]
    count = 0
    while pending and len(problems) < _MAX_PROBLEMS:
        node, location = pending.pop()
        inner: list[tuple[Any, Location]] = []
        if isinstance(node, Mapping):
            problems += _key_problems(node, place, location)
            inner = [(value, (*location, str(key))) for key, value in node.items()]
        elif isinstance(node, list | tuple):
            inner = [(value, (*location, index)) for index, value in enumerate(node)]
        elif fault := _find_fault(node):
            problems.append(Problem(place(location[:-1]), f"{_name(location)} {fault[0]}.", fault[1]))
        count += len(inner)
        if count > MAX_ITEMS:
            return [Problem("", f"It has more than {MAX_ITEMS:,} items.", "Split it into several experiments.")]
        if inner and len(location) >= MAX_DEPTH:
            return [Problem(place(location[:4]), f"It is nested more than {MAX_DEPTH} levels deep.", "Flatten it.")]
        pending += reversed(inner)
    return problems


def _parse_integer(digits: str) -> int | _Refused:
    return int(digits) if len(digits) <= MAX_DIGITS else _Refused(f"has more than {MAX_DIGITS} digits")


def _parse_fraction(digits: str) -> Decimal | _Refused:
    if fault := number_fault(digits):
        return _Refused(fault)
    try:
        value = Decimal(digits)
    except InvalidOperation:  # an exponent of 19 digits and more
        return _Refused("has an exponent that is too large")
    fault = number_fault(value)
    return _Refused(fault) if fault else value


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked, seen = _DuplicateKeys(found), set[str]()
    for key, _ in pairs:
        if key in seen:
            marked.repeated = key
            break
        seen.add(key)
    return marked


def _key_problems(node: Mapping[Any, Any], place: Place, location: Location) -> Iterator[Problem]:
    if isinstance(node, _DuplicateKeys):
        yield Problem(
            place(location), f"The key {_quote(node.repeated)} appears twice in one object.", "Keep one of the two."
        )
    for key in node:
        if not isinstance(key, str):
            yield Problem(place(location), f"A key is of type {type(key).__name__}.", "Write it as a text.")
        elif len(key) > MAX_VALUE:
            yield Problem(place(location), f"A key is {len(key):,} characters long.", f"Use at most {MAX_VALUE:,}.")
        elif fault := text_fault(key):
            yield Problem(place(location), f"The key {_quote(key)} {fault}.", "Remove the character.")


def _find_fault(node: Any) -> tuple[str, str] | None:
    if isinstance(node, str):
        if len(node) > MAX_VALUE:
            return f"is {len(node):,} characters long", f"Use at most {MAX_VALUE:,}."
        fault = text_fault(node)
        return (fault, "Remove the character.") if fault else None
    reason = node.reason if isinstance(node, _Refused) else number_fault(node)
    return (reason, "Write a smaller number.") if reason else None


def _name(location: Location) -> str:
    return _quote(str(location[-1])) if location else "The document"


def _quote(text: str) -> str:
    """Return a text in double quotes that any output can encode."""
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return f'"{shown.encode("utf-8", "backslashreplace").decode()}"'.replace("\0", "\\0")
