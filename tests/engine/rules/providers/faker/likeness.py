"""Comparison of our values with Faker's: means of features of the texts, in standard errors."""

import inspect
from random import Random

import numpy as np

from engine.rules.providers.faker.generators import get_generator, methods_of, new_generator
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.conversion import as_text

_OPTIONAL = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def methods_without_arguments(locale: str) -> list[str]:
    return sorted(name for name in methods_of(locale) if not _needs_arguments(getattr(get_generator(locale), name)))


def _needs_arguments(method) -> bool:
    try:
        parameters = inspect.signature(method).parameters.values()
    except ValueError:
        return False
    return any(p.default is p.empty and p.kind not in _OPTIONAL for p in parameters)


def drawn_by_faker(locale: str, name: str, size: int, **arguments) -> list[str]:
    generator = new_generator(locale)
    generator.seed_instance(4)
    method = getattr(generator, name)
    with still_clock("faker", Random(4)):
        return [as_text(method(**arguments)) for _ in range(size)]


def distance(ours: list[str], theirs: list[str]) -> float:
    """Return the max difference of a mean in standard errors; features without variance must be equal."""
    means, errors = zip(*(_mean_and_error(texts) for texts in (ours, theirs)), strict=True)
    error = np.sqrt(errors[0] ** 2 + errors[1] ** 2)
    differences = np.abs(means[0] - means[1])
    return float(np.max(np.where(differences < 1e-9, 0.0, differences / np.maximum(error, 1e-12))))


def _mean_and_error(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    rows = np.array([_features(text) for text in texts], dtype=float)
    return rows.mean(axis=0), rows.std(axis=0) / np.sqrt(len(texts))


def _features(text: str) -> list[float]:
    signs = [sign.isdigit() for sign in text]
    return [
        len(text),
        sum(signs),
        sum(int(sign) for sign in text if sign in "0123456789"),
        sum(sign.isupper() for sign in text),
        text.count(" "),
        sum(not sign.isalnum() for sign in text),
        float(signs[:1] == [True]),
        sum(map(ord, text[:3])),
        sum(map(ord, text[-3:])),
    ]
