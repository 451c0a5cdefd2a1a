"""Forms and other data of the libraries, cached on the disk: tracing a method, and importing its library, take long.

A form is written as JSON. Its nodes are a list in which each refers to earlier ones by index, so that what the nodes
share (a draw, a list of texts) is shared again when it is read. Forms with code in them are not cached.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from engine.rules.providers.forms.form import Decimals, Form, Span
from engine.rules.text.grammar.nodes import Choice, Draw, Joined, Node, Number, Pick
from engine.system.disk_cache import cached_bytes, code_digest

_CODE = (
    "engine.rules.providers",
    "engine.rules.providers.faker",
    "engine.rules.providers.mimesis",
    "engine.rules.providers.forms",
    "engine.rules.providers.tracing",
    "engine.rules.text.grammar",
)
_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
}


class _NotStorableError(ValueError):
    """A form that JSON cannot hold."""


def cached_form(library: str, locale: str, name: str, arguments: str, compute: Callable[[], Form]) -> Form:
    """Return the form of a method of a library ("faker", "mimesis") from the cache, or compute and store it."""
    key = json.dumps([library, version(library), code_digest(*_CODE), locale, name, arguments])
    computed: list[Form] = []

    def encode() -> bytes | None:
        computed.append(compute())
        return encoded_form(computed[0])

    stored = cached_bytes("form", key, encode)
    return computed[0] if computed or stored is None else decoded_form(stored)


def cached_json(library: str, *key: str, compute: Callable[[], Any]) -> Any:
    """Return data of a library that JSON can hold from the cache, or compute and store it; tuples become lists."""
    full_key = json.dumps([library, version(library), code_digest(*_CODE), *key])
    stored = cached_bytes("data", full_key, lambda: json.dumps(compute()).encode())
    assert stored is not None
    return json.loads(stored)


def encoded_form(form: Form) -> bytes | None:
    """Return a form as JSON, or None when it holds code or values that JSON cannot hold."""
    entries: list[Any] = []
    try:
        fields = {
            "node": None if form.node is None else _NodeWriter(entries).index_of(form.node),
            "is_structure": form.is_structure,
            "values": [_value(value) for value in form.values],
            "weights": form.weights,
            "numbers": form.numbers and [form.numbers.start, form.numbers.stop, form.numbers.step],
            "span": form.span and [form.span.kind, form.span.low, form.span.high, form.span.separator],
            "decimals": form.decimals and [form.decimals.low, form.decimals.high, form.decimals.scale],
            "pool_size": form.pool_size,
        }
    except _NotStorableError:
        return None
    return json.dumps({"form": fields, "nodes": entries}).encode()


def decoded_form(text: bytes) -> Form:
    """Return the form that `encoded_form` has written."""
    content = json.loads(text)
    fields, nodes = content["form"], _read_nodes(content["nodes"])
    return Form(
        node=None if fields["node"] is None else nodes[fields["node"]],
        is_structure=fields["is_structure"],
        values=tuple(
            _FROM_TEXT[value[0]](value[1]) if isinstance(value, list) else value for value in fields["values"]
        ),
        weights=tuple(fields["weights"]),
        numbers=fields["numbers"] and range(*fields["numbers"]),
        span=fields["span"] and Span(*fields["span"]),
        decimals=fields["decimals"] and Decimals(*fields["decimals"]),
        pool_size=fields["pool_size"],
    )


def _value(value: Any) -> Any:
    if value is None or type(value) in (str, int, float, bool):
        return value
    kind = type(value).__name__
    if type(value) in (date, datetime, time, Decimal) and getattr(value, "tzinfo", None) is None:
        return [kind, value.isoformat() if kind != "Decimal" else str(value)]
    raise _NotStorableError


class _NodeWriter:
    """Writes nodes as entries, each after those it refers to."""

    def __init__(self, entries: list[Any]) -> None:
        self._entries = entries
        self._indexes: dict[int, int] = {}
        self._written: list[Any] = []

    def index_of(self, node: Any) -> int:
        """Return the index of the entry of a node, a draw, or a tuple of texts or weights."""
        known = self._indexes.get(id(node))
        if known is not None:
            return known
        entry = self._entry(node)
        self._entries.append(entry)
        self._written.append(node)  # keeps its id
        self._indexes[id(node)] = len(self._entries) - 1
        return len(self._entries) - 1

    def _entry(self, node: Any) -> list[Any]:
        match node:
            case str():
                return ["text", node]
            case tuple():
                return ["list", *node]
            case Draw():
                return ["draw", node.size, self._optional(node.weights), node.name]
            case Pick():
                texts = self.index_of(node.texts)
                return ["pick", texts, self._optional(node.weights), self._optional(node.draw)]
            case Number():
                return ["number", node.low, node.high, node.step]
            case Joined():
                return ["joined", *map(self.index_of, node.parts)]
            case Choice():
                return ["choice", self._optional(node.weights), *map(self.index_of, node.alternatives)]
        raise _NotStorableError

    def _optional(self, node: Any) -> int | None:
        return None if node is None else self.index_of(node)


def _read_nodes(entries: list[list[Any]]) -> list[Any]:
    nodes: list[Any] = []

    def at(index: int | None) -> Any:
        return None if index is None else nodes[index]

    for kind, *fields in entries:
        nodes.append(_read_node(kind, fields, at))
    return nodes


def _read_node(kind: str, fields: list[Any], at: Callable[[int | None], Any]) -> Node | Draw | tuple[Any, ...]:
    match kind:
        case "text":
            return str(fields[0])
        case "list":
            return tuple(fields)
        case "draw":
            return Draw(fields[0], at(fields[1]), fields[2])
        case "pick":
            return Pick(at(fields[0]), at(fields[1]), at(fields[2]))
        case "number":
            return Number(*fields)
        case "joined":
            return Joined(tuple(map(at, fields)))
        case "choice":
            return Choice(tuple(map(at, fields[1:])), at(fields[0]))
    raise ValueError(f"unknown kind of node: {kind}")
