"""What Faker's and Mimesis's methods return and take, read from their signatures, for people who choose one.

A method that cannot be called without arguments is left out, and so is one that returns no single value.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.rules.providers.faker import generators as faker
from engine.rules.providers.form_cache import cached_json
from engine.rules.providers.mimesis import generators as mimesis
from engine.schema.column_rules import DATES, FAKER, MIMESIS
from engine.schema.types import NUMERIC, Kind

_TEXTS = frozenset({Kind.TEXT, Kind.BINARY, Kind.JSON})
_KINDS = {
    "str": _TEXTS, "Literal": _TEXTS, "IPv4Address": _TEXTS, "IPv6Address": _TEXTS,
    "int": _TEXTS | NUMERIC, "float": _TEXTS | NUMERIC, "Decimal": _TEXTS | NUMERIC,
    "bool": _TEXTS | {Kind.BOOLEAN}, "date": _TEXTS | DATES, "datetime": _TEXTS | DATES,
    "time": _TEXTS | {Kind.TIME}, "UUID": _TEXTS | {Kind.UUID}, "dict": frozenset({Kind.JSON}),
    "Dict": frozenset({Kind.JSON}), "list": frozenset({Kind.JSON}), "List": frozenset({Kind.JSON}),
    "bytes": frozenset({Kind.BINARY}),
}  # fmt: skip
_OF_LISTS = frozenset({"list", "List", "dict", "Dict"})
_OUTER = re.compile(r"[A-Za-z0-9_]+")
_NAMED_UUIDS = frozenset({"uuid1", "uuid4", "uuid7"})
_FILES = frozenset({"zip", "tar", "image", "binary", "json_bytes", "csv", "tsv", "psv", "dsv", "fixed_width", "xml"})
_LONGEST = 100
_PLAIN = {"int": "integer", "float": "decimal", "bool": "boolean", "str": "text"}


@dataclass(frozen=True)
class MethodFacts:
    """A method of a library: its rule, its name, its topic, what it does, the kinds of type it fits.

    `arguments` are those of a plain type, with their defaults: name, `integer`, `decimal`,
    `boolean` or `text`, default.
    """

    rule: str
    name: str
    topic: str
    description: str
    kinds: frozenset[Kind]
    arguments: tuple[tuple[str, str, Any], ...] = ()


@cache
def method_facts(locale: str) -> tuple[MethodFacts, ...]:
    """Return the methods of both libraries in a locale, which are read once and cached on the disk."""
    return (*_cached(FAKER.name, locale, _faker), *_cached(MIMESIS.name, locale, _mimesis))


def _cached(rule: str, locale: str, read: Callable[[str], Iterator[MethodFacts]]) -> Iterator[MethodFacts]:
    def compute() -> list[Any]:
        return [[each.name, each.topic, each.description, sorted(each.kinds), each.arguments] for each in read(locale)]

    for name, topic, description, kinds, arguments in cached_json(
        rule.removesuffix("_rule"), "facts", locale, compute=compute
    ):
        found = frozenset(map(Kind, kinds))
        yield MethodFacts(rule, name, topic, description, found, tuple(tuple(each) for each in arguments))


def _faker(locale: str) -> Iterator[MethodFacts]:
    if locale not in faker.locales():
        return
    generator = faker.get_generator(locale)
    for name in sorted(faker.methods_of(locale)):
        method = getattr(generator, name)
        if name not in _FILES and (facts := _facts(FAKER.name, name, faker.get_topic(locale, name), method)):
            yield facts


def _mimesis(locale: str) -> Iterator[MethodFacts]:
    known = mimesis.locale_for(locale)
    if known is None:
        return
    generator: Any = mimesis.new_generator(known)
    for name in sorted(mimesis.methods_of(known)):
        topic, _, function = name.partition(".")
        method = getattr(getattr(generator, topic), function)
        if topic != "binaryfile" and (facts := _facts(MIMESIS.name, name, topic, method)):
            yield facts


def _facts(rule: str, name: str, topic: str, method: Any) -> MethodFacts | None:
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(
        each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD) for each in parameters
    ):
        return None
    kinds = _kinds(_spelled(getattr(method, "__annotations__", {}).get("return")), name)
    arguments = tuple(_argument(each) for each in parameters) if rule == FAKER.name else ()
    plain = tuple(each for each in arguments if each is not None)
    return MethodFacts(rule, name, topic, _description(method), kinds, plain) if kinds else None


def _spelled(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def _kinds(annotation: str, name: str) -> frozenset[Kind]:
    """Return the kinds of type that fit what a method returns; a list or an object fits only JSON."""
    found = [word for word in _OUTER.findall(annotation) if word in _KINDS]
    if not found:
        return frozenset()
    if found[0] in _OF_LISTS:
        return _KINDS[found[0]]
    kinds = frozenset(kind for word in found for kind in _KINDS[word])
    if annotation.startswith(("Tuple", "tuple", "Set", "Sequence", "Iterator", "Iterable")):
        return frozenset()
    return kinds | {Kind.UUID} if name in _NAMED_UUIDS else kinds


def _argument(parameter: inspect.Parameter) -> tuple[str, str, Any] | None:
    words = [word for word in _OUTER.findall(_spelled(parameter.annotation)) if word in _PLAIN]
    default = parameter.default
    if not words or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return None
    if "str" in words and len(words) > 1 and not isinstance(default, str):
        words.remove("str")
    if not isinstance(default, bool | int | float | str | None):
        return None
    return parameter.name, _PLAIN[words[0]], default


def _description(method: Any) -> str:
    """Return the first sentence of the method's documentation, if it is short; else an empty string."""
    text = " ".join((inspect.getdoc(method) or "").split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!])\s", text)[0].strip()
    is_plain = not re.search(r"[:`*<>|\[\]{}]|Example", sentence)
    return f"{sentence.rstrip('.')}." if sentence and is_plain and len(sentence) <= _LONGEST else ""
