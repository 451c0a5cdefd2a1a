"""Paths into documents: `payload:errors[0].code` is the path `errors`, 0, `code`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from engine.workload.records import Step

ANY = "*"
"""An element of an array, or a value of an object, as FLATTEN gives them."""
Path = tuple[str | int, ...]
Target = Literal["value", "size", "key"]
"""What is compared: the value at a path, the number of its elements, or the name of one of its keys."""

_PART = re.compile(r"""\[(?P<index>\d+)\]|\[["'](?P<quoted>[^"']*)["']\]|(?P<plain>[^.\[\]$:"']+)""")
_SIZES = frozenset({"arraysize", "array_size", "array_length", "json_array_length"})
_KEYS = frozenset({"jsonkeys", "object_keys", "json_keys"})
_GETS = frozenset({"get", "get_path", "bracket", "getextract", "json_extract_path_text"})


def path_of(steps: Sequence[Step]) -> tuple[Path, Target]:
    """Return the path that steps go through a document, and what of its end they give."""
    path: list[str | int] = []
    is_keys = False
    for step in steps:
        if step.name in _SIZES:
            return tuple(path), "size"
        if step.name in _KEYS:
            is_keys = True
        elif step.name == "flatten":
            if is_keys or str(step.arguments[0]).lower() == "key":
                return tuple(path), "key"
            path.append(ANY)
        elif step.name in _GETS:
            for argument in step.arguments:
                path += [argument] if type(argument) is int else parts_of(str(argument)) if argument is not None else []
    return tuple(path), "value"


def parts_of(text: str) -> list[str | int]:
    """Return the keys and places of a path as it is written: `a[0].b` gives `a`, 0, `b`."""
    return [
        int(found["index"]) if found["index"] is not None else found["quoted"] or found["plain"]
        for found in _PART.finditer(text)
        if found["index"] is not None or found["quoted"] or found["plain"]
    ]
