"""Mimesis's generators, one per locale, their providers and methods. Mimesis is imported when needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.rules.providers.form_cache import cached_json

_HIDDEN = frozenset(
    {"reseed", "random", "update_dataset", "validate_enum", "override_locale", "get_current_locale", "Meta"}
)


@cache
def locales() -> list[str]:
    """Return the names of all locales."""

    def compute() -> list[str]:
        from mimesis.locales import Locale

        return sorted(locale.value for locale in Locale)

    names: list[str] = cached_json("mimesis", "locales", compute=compute)
    return names


def locale_for(name: str) -> str | None:
    """Return Mimesis's name of a locale: `en-gb` for en_GB, `en` for en_US; None when it has none."""
    folded = name.lower().replace("_", "-")
    language = folded.partition("-")[0]
    return next((found for found in (folded, language) if found in locales()), None)


def new_generator(locale: str, seed: str | None = None) -> Any:
    """Return a new generator (`mimesis.Generic`), which the caller can change."""
    from mimesis import Generic
    from mimesis.locales import Locale
    from mimesis.types import MissingSeed

    return Generic(Locale(locale), seed=MissingSeed if seed is None else seed)


def providers_of(generator: Any) -> Mapping[str, Any]:
    """Return a generator's providers by name."""
    return {name: getattr(generator, name) for name in dir(generator) if hasattr(generator, name)}


@cache
def methods_of(locale: str) -> frozenset[str]:
    """Return all rules of a locale: `provider.method`."""
    return frozenset(cached_json("mimesis", "methods", locale, compute=lambda: _read_methods(locale)))


def _read_methods(locale: str) -> list[str]:
    return sorted(
        f"{name}.{method}"
        for name, provider in providers_of(new_generator(locale)).items()
        for method in dir(provider)
        if not method.startswith("_")
        and method not in _HIDDEN
        and callable(getattr(provider, method))
        and not isinstance(getattr(provider, method), type)
    )
