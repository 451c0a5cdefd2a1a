"""Compilation of a provider method, with locale and arguments, to the form of its values.

Tried in order: a custom builder, a span of timestamps, a trace, and otherwise a pool.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

from engine.rules.providers.faker.computed import BUILDERS
from engine.rules.providers.faker.generators import get_generator, get_provider, get_topic
from engine.rules.providers.faker.pools import pool_form
from engine.rules.providers.faker.running_text import running_text
from engine.rules.providers.faker.spans import span_form
from engine.rules.providers.faker.tracing import Tracer
from engine.rules.providers.form_cache import cached_form
from engine.rules.providers.forms.form import Form
from engine.rules.providers.forms.form_text import make_text_node
from engine.rules.providers.tracing.symbols import UntraceableError
from engine.rules.text.grammar.nodes import Node, sample_text

# Methods whose result depends on more than their own draws, or is too bulky to build row by row.
_POOLED = frozenset(
    """csv dsv psv tsv json json_bytes fixed_width xml binary image tar zip dga color color_hsl color_hsv color_rgb
    color_rgb_float""".split()
)
_SHORTEST_SENTENCES = 25
_SHORTEST_PARAGRAPHS = 100


@cache
def form_of(locale: str, name: str, arguments: str = "{}") -> Form:
    """Return the form of a method with keyword arguments in JSON; errors of the method propagate."""
    return cached_form("faker", locale, name, arguments, lambda: _make_form(locale, name, arguments))


def _make_form(locale: str, name: str, arguments: str) -> Form:
    keywords = json.loads(arguments, object_hook=_with_dates)
    found = None if name in _POOLED else _compile(locale, name, keywords)
    return pool_form(locale, name, keywords) if found is None else found


def _compile(locale: str, name: str, keywords: Mapping[str, Any]) -> Form | None:
    found = _build(locale, name, keywords)
    if found is None and get_topic(locale, name) in ("date_time", "credit_card", "passport"):
        found = _make_span(locale, name, keywords)
    if found is None and name == "text":
        found = _text(locale, **keywords)
    return _trace(locale, name, keywords) if found is None else found


def _is_standard(method: Any) -> bool:
    """Whether a method is the one for all locales (or for en_US), which the builders support."""
    module = getattr(getattr(method, "__func__", None), "__module__", "").split(".")
    return len(module) <= 3 or module[3] == "en_US"


def _build(locale: str, name: str, keywords: Mapping[str, Any]) -> Form | None:
    method = getattr(get_generator(locale), name)
    if name not in BUILDERS or not _is_standard(method):
        return None
    try:
        form = BUILDERS[name](method.__self__, **keywords)
    except (TypeError, NotImplementedError, AttributeError, LookupError):
        return None
    if form.node is not None:
        sample_text(form.node, Random(1))
    return form


def _make_span(locale: str, name: str, keywords: Mapping[str, Any]) -> Form | None:
    try:
        return span_form(locale, name, keywords)
    except Exception:
        # The pool reports arguments that the method rejects.
        return None


def _text(locale: str, max_nb_chars: int = 200, ext_word_list: Any = None) -> Form | None:
    if ext_word_list is not None or max_nb_chars < 5:
        return None
    units = (
        ("word", " ", ".") if max_nb_chars < _SHORTEST_SENTENCES
        else ("sentence", " ", "") if max_nb_chars < _SHORTEST_PARAGRAPHS
        else ("paragraph", "\n", "")
    )  # fmt: skip
    unit = form_of(locale, units[0]).node
    if unit is None:
        return None
    joint = units[1] if units[0] == "paragraph" else get_provider(get_generator(locale), "lorem").word_connector
    return Form(node=running_text(unit, max_nb_chars, joint, end=units[2]))


def _trace(locale: str, name: str, keywords: Mapping[str, Any]) -> Form | None:
    try:
        return get_tracer(locale).trace(name, keywords)
    except UntraceableError:
        return None


@cache
def get_tracer(locale: str) -> Tracer:
    """Return the tracer of a locale."""

    def made(name: str) -> Node | None:
        if name not in BUILDERS and (name == "pytimezone" or get_topic(locale, name) != "date_time"):
            return None
        form = _build(locale, name, {}) or _make_span(locale, name, {})
        return None if form is None else make_text_node(form)

    return Tracer(locale, cache(made))


def _with_dates(arguments: dict[str, Any]) -> dict[str, Any]:
    """Convert ISO dates, which are text in JSON, to dates; keep the order, which Faker needs for weighted elements."""
    return OrderedDict((name, _as_date(value)) for name, value in arguments.items())


def _as_date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date.fromisoformat(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    return value
