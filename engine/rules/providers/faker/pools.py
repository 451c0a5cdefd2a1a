"""Pools: values drawn once with a fixed seed, for provider methods that cannot be compiled.

A pool depends only on the method, its arguments and the locale, so that columns and runs share it. Bulky documents
have a smaller pool, and `binary` makes 64 bytes unless its arguments give a length.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from random import Random
from typing import Any

from engine.rules.providers.faker.documents import still_archive, xml_document
from engine.rules.providers.faker.generators import new_generator
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.form import Form

POOL_SIZE = 1000
_SMALLER_SIZES = {
    **dict.fromkeys(("csv", "dsv", "psv", "tsv", "json", "json_bytes", "fixed_width", "xml"), 100),
    **dict.fromkeys(("image", "tar", "zip"), 10),
}
_BINARY_LENGTH = 64


def pool_form(locale: str, name: str, arguments: Mapping[str, Any]) -> Form:
    """Return the form of a pool; errors of the method propagate."""
    generator = new_generator(locale)
    generator.seed_instance(f"{locale}/{name}/{sorted(arguments.items())}")
    size = _SMALLER_SIZES.get(name, POOL_SIZE)
    method = partial(xml_document, generator) if name == "xml" else getattr(generator, name)
    if name == "binary":
        arguments = {"length": _BINARY_LENGTH, **arguments}
    with still_clock("faker", Random(name)):
        values = tuple(_settle(method(**arguments)) for _ in range(size))
    if name == "zip":
        values = tuple(map(still_archive, values))
    return Form(values=values, weights=(1.0,) * size, pool_size=size)


def _settle(value: Any) -> Any:
    """Return the value; the items of a generator, and those of a set in a fixed order, as a list."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return list(value) if hasattr(value, "__next__") else value
