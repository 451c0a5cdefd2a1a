"""Fitting: a form is converted to one that matches a column's type, and that to an expression.

Values that a type cannot take directly, such as the text of a date in a DATE column, are drawn a thousand times and
converted: a pool, whose size is part of the fitted form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from random import Random
from string import digits
from typing import Any

import polars as pl

from engine.rules.providers.forms.conversion import as_text, convert_value
from engine.rules.providers.forms.form import Decimals, Form
from engine.rules.providers.forms.form_text import draw_day, draw_timestamp, make_text_node
from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.text.grammar.alternatives import list_texts
from engine.rules.text.grammar.expression import TextPlan, plan_text, text_expression
from engine.rules.text.grammar.nodes import Made, Node, Pick, iterate_parts, map_text, max_length, sample_text, sequence
from engine.rules.text.grammar.shortening import fitting
from engine.rules.values.choices import draw_index, draw_text
from engine.rules.values.numbers import from_unscaled
from engine.rules.values.timestamps import from_ticks
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind, WarehouseType

SAMPLE_SIZE = 1000
_MAX_LIST = 20_000
_FEW_SAMPLES = 5
_SHORTEST_SENTENCE = 24
_BEFORE_A_WORD = " \t\n.,;!?"
_LAST_WORD = r"[ \t\n.,;!?]*\S*$"
_TEXTS = frozenset({Kind.TEXT, Kind.UUID, Kind.JSON, Kind.BINARY})


class UnfitError(Exception):
    """The form makes a value that does not fit the type."""

    def __init__(self, value: Any) -> None:
        super().__init__(repr(value))
        self.value = value


def fitted(form: Form, kind: WarehouseType) -> Form:
    """Return the form for a type: converted values, or texts, numbers or timestamps that it can take directly.

    Raises `UnfitError` with a value that does not fit.
    """
    if form.values:
        return _convert_texts(_without_long(form, kind), kind)
    if kind.kind in _TEXTS:
        return _fit_text(form, kind)
    if form.node is not None:
        return _fit_node(form, form.node, kind)
    if form.numbers is not None and kind.kind in NUMERIC:
        ends = form.numbers[0], form.numbers[-1]
        for value in ends:
            if convert_value(value, kind) is None:
                raise UnfitError(value)
        return form
    if form.decimals is not None and kind.kind in NUMERIC:
        return _fit_decimals(form, form.decimals, kind)
    if form.span is not None and kind.kind in (Kind.DATE, Kind.TIME, *TIMESTAMPS):
        return form
    return _convert_texts(_draw_sample(form), kind)


def _fit_text(form: Form, kind: WarehouseType) -> Form:
    node = make_text_node(form)
    assert node is not None
    if kind.kind is Kind.TEXT or (kind.kind is Kind.JSON and form.is_structure):
        return Form(node=node)
    texts = [sample_text(node, Random(place)) for place in range(50)]
    if kind.kind is Kind.UUID:
        for text in texts:
            if convert_value(text, kind) is None:
                raise UnfitError(text)
        return Form(node=node)
    if kind.kind is Kind.JSON and not any(isinstance(part, Made) for part in iterate_parts(node)):
        return Form(node=sequence(['"', map_text(node, _escape), '"']))
    if kind.kind is Kind.BINARY and all(text.isascii() for text in texts) and _is_ascii(node):
        return Form(node=node)
    return _convert_texts(_draw_sample(form), kind)


def is_cut(form: Form, kind: WarehouseType) -> bool:
    """Return whether texts of a fitted form are cut to the type's length, as none is short enough."""
    if kind.kind is not Kind.TEXT or kind.length is None:
        return False
    return form.is_cut if form.node is None else fitting(form.node, kind.length) is None


def _without_long(form: Form, kind: WarehouseType) -> Form:
    """Leave out the values that are longer than a text column, if any is not."""
    if kind.kind is not Kind.TEXT or kind.length is None:
        return form
    pairs = list(zip(form.values, form.weights, strict=True))
    kept = [(value, weight) for value, weight in pairs if len(as_text(value)) <= kind.length]
    if not kept or len(kept) == len(pairs):
        return replace(form, is_cut=not kept)
    pool_size = form.pool_size and len(kept)
    return replace(form, values=tuple(v for v, _ in kept), weights=tuple(w for _, w in kept), pool_size=pool_size)


def _fit_node(form: Form, node: Node, kind: WarehouseType) -> Form:
    found = list_texts(node, _MAX_LIST)
    if found is not None:
        return _convert_texts(Form(values=tuple(found[0]), weights=tuple(found[1])), kind)
    pool = _convert_texts(_draw_sample(form), kind)
    is_whole = kind.kind is Kind.INTEGER and all(sample_text(node, Random(place)).isdecimal() for place in range(200))
    return form if is_whole and kind.bits == 64 else pool


def _fit_decimals(form: Form, decimals: Decimals, kind: WarehouseType) -> Form:
    """Draw numbers with the type's decimal places."""
    if kind.kind is Kind.FLOAT:
        return form
    shift = decimals.scale - kind.scale
    low, high = decimals.low, decimals.high
    if shift > 0:
        low, high = -(-low // 10**shift), high // 10**shift
    for end in (low, high):
        value = end / 10 ** min(decimals.scale, kind.scale)
        if convert_value(value, kind) is None:
            raise UnfitError(value)
    return replace(form, decimals=Decimals(low, high, min(decimals.scale, kind.scale)))


def _draw_sample(form: Form) -> Form:
    """Return a sample of the form's texts."""
    node = make_text_node(form)
    assert node is not None
    random = Random(SAMPLE_SIZE)
    values = tuple(sample_text(node, random) for _ in range(SAMPLE_SIZE))
    return Form(values=values, weights=(1.0,) * SAMPLE_SIZE, pool_size=SAMPLE_SIZE)


def _convert_texts(form: Form, kind: WarehouseType) -> Form:
    values: dict[Any, float] = {}
    for value, weight in zip(form.values, form.weights, strict=True):
        result = convert_value(value, kind)
        if result is None:
            raise UnfitError(value)
        values[result] = values.get(result, 0.0) + weight
    return Form(values=tuple(values), weights=tuple(values.values()), pool_size=form.pool_size, is_cut=form.is_cut)


def _escape(text: str) -> str:
    return json.dumps(text)[1:-1]


@lru_cache(maxsize=512)
def _is_ascii(node: Node) -> bool:
    return all("".join(texts).isascii() for texts in _texts(node))


def _texts(node: Node) -> list[tuple[str, ...]]:
    """Return the lists of texts in a grammar, each once: a sentence has the same words at every place."""
    parts = list(iterate_parts(node))
    fixed = tuple(part for part in parts if isinstance(part, str))
    lists = {id(part.texts): part.texts for part in parts if isinstance(part, Pick)}
    return [fixed, *lists.values()]


def form_expression(site: Site, form: Form, places: Mapping[str, pl.Expr] | None = None) -> pl.Expr:
    """Return the values of a fitted form; `places` supplies the indexes of named draws."""
    kind = site.type
    if form.values:
        return _values(site, form)
    if form.node is not None:
        text = fitted_text(site, form.node, places)
        if kind.kind in NUMERIC:
            return text.cast(pl.String).cast(kind.polars)
        if kind.kind is Kind.BINARY:
            return text.cast(pl.String).cast(pl.Binary)
        return text
    if form.numbers is not None:
        return _numbers(site, form.numbers)
    if form.decimals is not None:
        return _decimals(site, form.decimals)
    return _timestamps(site, form)


def fitted_text(site: Site, node: Node, places: Mapping[str, pl.Expr] | None = None) -> pl.Expr:
    """Return texts of a grammar that fit the column: where one is too long, a shorter one is drawn in its place.

    So a text that fits does not depend on the column's length. A sentence that is too long ends after an earlier word.
    Only where no text fits they are cut.
    """
    length = site.type.length
    if length is not None and length >= _SHORTEST_SENTENCE and _is_sentence(node) and max_length(node) > length:
        sentence = site.stages.add(text_expression(get_plan(node), site, places=places).cast(pl.String))
        return _end_earlier(sentence, length, _letters(node), is_ascii=_is_ascii(node))
    short = None if length is None else fitting(node, length)
    if short is None or short is node:
        return text_expression(get_plan(node), site, length=length, places=places)
    text = site.stages.add(text_expression(get_plan(node), site, places=places).cast(pl.String))
    other = text_expression(get_plan(short), site, places=places, purpose="short").cast(pl.String)
    return pl.when(text.str.len_chars() <= length).then(text).otherwise(other)


def _end_earlier(sentence: pl.Expr, length: int, letters: str | None, *, is_ascii: bool) -> pl.Expr:
    """Return the sentences with those that are too long ended after an earlier word.

    Few are too long: the others are NULL meanwhile. No filter leaves them out, as Polars makes a chunk row by row only
    of expressions that keep their rows. Known `letters` are stripped from the end, which is faster than to match it.
    """
    is_long = (sentence.str.len_bytes() if is_ascii else sentence.str.len_chars()) > length
    start = pl.when(is_long).then(sentence.str.head(length - 1))
    if letters is None:
        ended = start.str.replace(_LAST_WORD, "")
    else:
        ended = start.str.strip_chars_end(letters).str.strip_chars_end(_BEFORE_A_WORD)
    return pl.when(is_long).then(ended + ".").otherwise(sentence)


@lru_cache(maxsize=512)
def _letters(node: Node) -> str | None:
    """Return all characters of a grammar's words, with their punctuation; None where they are not known."""
    if any(isinstance(part, Made) for part in iterate_parts(node)):
        return None
    letters = {*digits, "-"}.union(*("".join(texts) for texts in _texts(node)))
    return "".join(sorted(letter for letter in letters if not letter.isspace()))


@lru_cache(maxsize=512)
def _is_sentence(node: Node) -> bool:
    """Return whether the texts of a grammar are running text: words that end with a full stop."""
    random = Random(0)
    texts = [sample_text(node, random) for _ in range(_FEW_SAMPLES)]
    return all(text.endswith(".") and " " in text for text in texts)


@lru_cache(maxsize=512)
def get_plan(node: Node) -> TextPlan:
    """Return the cached plan of a grammar."""
    return plan_text(node)


def _values(site: Site, form: Form) -> pl.Expr:
    weights = None if len(set(form.weights)) == 1 else form.weights
    if site.type.kind in (Kind.TEXT, Kind.JSON):
        return draw_text(site, pl.Series(form.values, dtype=pl.String), weights)
    pool = pl.Series(form.values, dtype=site.type.polars, strict=True)
    return pl.lit(pool).gather(draw_index(site, len(pool), weights))


def _numbers(site: Site, numbers: range) -> pl.Expr:
    index = below(site.bits(), len(numbers))
    if site.type.kind is Kind.FLOAT:
        return (index.cast(pl.Float64) * float(numbers.step) + float(numbers[0])).cast(site.type.polars)
    unit = 10**site.type.scale
    return from_unscaled(index, numbers[0] * unit, len(numbers), site.type, step=numbers.step * unit)


def _decimals(site: Site, decimals: Decimals) -> pl.Expr:
    kind = site.type
    if kind.kind is Kind.FLOAT:
        size = decimals.high - decimals.low + 1
        number = below(site.bits(), size).cast(pl.Float64) + float(decimals.low)
        # The divisor is a column: Polars divides by a constant in two ways, one of them less exact.
        return (number / (number * 0.0 + 10.0**decimals.scale)).cast(kind.polars)
    step = 10 ** (kind.scale - decimals.scale)
    size = decimals.high - decimals.low + 1
    return from_unscaled(below(site.bits(), size), decimals.low * step, size, kind, step=step)


def _timestamps(site: Site, form: Form) -> pl.Expr:
    span, kind = form.span, site.type
    assert span is not None
    if kind.kind is Kind.DATE:
        return draw_day(site, span).cast(pl.Date)
    if kind.kind is Kind.TIME:
        ticks = draw_timestamp(site, span) % 86_400_000_000
        return (ticks * 1000).cast(pl.Time)
    if span.kind == "date":
        return from_ticks(draw_day(site, span).cast(pl.Int64) * 86_400_000_000, 0, 1, kind)
    return from_ticks(draw_timestamp(site, span), 0, 1, kind)


def text_halves(site: Site, text: pl.Expr, mark: str | None) -> tuple[pl.Expr, pl.Expr | None]:
    """Split texts before their first mark, such as the @ of an e-mail address; without a mark return them and None."""
    text = text.cast(pl.String)
    if mark is None:
        return site.stages.add(text), None
    halves = site.stages.add(text.str.splitn(mark, 2) if mark != "@" else text.str.split_exact(mark, 1))
    head, tail = halves.struct.field("field_0"), halves.struct.field("field_1")
    return site.stages.add(head), site.stages.add(pl.concat_str([pl.lit(mark), tail]))
