"""YAML as the subset that JSON and plain mappings share, so that no library is needed to write it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


class Line(dict[str, Any]):
    """A mapping that is written on one line, as a row of a fixture."""


def write_yaml(content: Mapping[str, Any]) -> bytes:
    """Return mappings, lists and scalars as YAML in UTF-8, each on a line of its own."""
    return ("\n".join(_lines(content, 0)) + "\n").encode()


def _lines(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Line):
        yield pad + _text(value)
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = (
                key
                if key.isidentifier() and key.isascii() and key not in ("y", "n", "on", "off", "no", "yes")
                else _text(key)
            )
            if isinstance(inner, Mapping | list) and inner:
                yield f"{pad}{name}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{pad}{name}: {_text(inner)}"
        return
    for inner in value:
        if isinstance(inner, Mapping):
            first, *rest = _lines(inner, depth + 1)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_text(inner)}"


def _text(value: Any) -> str:
    """Return a scalar in quotes where YAML could read it as something else."""
    if isinstance(value, str) and value.isidentifier() and value.isascii() and value.lower() not in (
        "true", "false", "null", "yes", "no", "on", "off", "y", "n",
    ):  # fmt: skip
        return value
    return json.dumps(value, ensure_ascii=False)
