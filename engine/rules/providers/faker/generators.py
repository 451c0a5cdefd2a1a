"""Faker's generators, one per locale, and their provider methods.

Faker is imported when the first rule needs it.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from warnings import catch_warnings, simplefilter

from engine.rules.providers.form_cache import cached_json

_HIDDEN = {"seed", "seed_instance", "seed_locale", "add_provider", "generator"}


@cache
def locales() -> list[str]:
    """Return the names of all locales."""

    def compute() -> list[str]:
        from faker.config import AVAILABLE_LOCALES

        return sorted(AVAILABLE_LOCALES)

    names: list[str] = cached_json("faker", "locales", compute=compute)
    return names


@cache
def get_generator(locale: str) -> Any:
    """Return a generator of the locale (`faker.Generator`), for reading data and for pools."""
    return new_generator(locale)


def new_generator(locale: str) -> Any:
    """Return a new generator, which the caller can change."""
    from faker import Faker

    with catch_warnings():
        simplefilter("ignore")
        return Faker(locale)._factories[0]


@cache
def methods_of(locale: str) -> frozenset[str]:
    """Return the names of the locale's provider methods."""
    return frozenset(cached_json("faker", "methods", locale, compute=lambda: _read_methods(locale)))


def _read_methods(locale: str) -> list[str]:
    names = {name for provider in get_generator(locale).get_providers() for name in dir(provider)}
    return sorted(name for name in names - _HIDDEN if not name.startswith("_") and is_method(locale, name))


def is_method(locale: str, name: str) -> bool:
    """Whether the name is that of a callable method of a provider."""
    return callable(getattr(get_generator(locale), name, None))


def get_provider(generator: Any, topic: str) -> Any:
    """Return a generator's provider of a topic, such as person or date_time."""
    return generator.provider(f"faker.providers.{topic}")


def get_topic(locale: str, name: str) -> str:
    """Return the topic of the provider that owns a method."""
    method = getattr(get_generator(locale), name, None)
    return str(getattr(getattr(method, "__self__", None), "__provider__", "")).rpartition(".")[2]
