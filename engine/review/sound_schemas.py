"""Schemas whose rules were checked without a problem, stored on the disk, as checking compiles all rules.

A schema is known by its whole JSON without name and description, which no rule reads, and by the code and libraries
that checked it.
"""

from __future__ import annotations

import platform
from collections.abc import Collection
from importlib.metadata import version

from engine.errors import Problem
from engine.schema.models import ExperimentSchema
from engine.system.disk_cache import cached_bytes, code_stamp

_LIBRARIES = ("faker", "holidays", "mimesis", "numpy", "polars", "pydantic", "scipy", "sqlglot")


def check_rules_once(schema: ExperimentSchema, faulty: Collection[str] = ()) -> list[Problem]:
    """Return what `check_rules` returns, without checking a schema that is known to have no problem."""
    if faulty:
        return _check(schema, faulty)
    problems: list[Problem] = []

    def check() -> bytes | None:
        problems.extend(_check(schema, ()))
        return None if problems else b"sound"

    cached_bytes("sound", _key(schema), check)
    return problems


def _key(schema: ExperimentSchema) -> str:
    versions = [platform.python_version(), *map(version, _LIBRARIES)]
    document = schema.model_dump_json(exclude_unset=True, exclude={"name", "description"})
    return "\n".join([code_stamp("engine"), *versions, document])


def _check(schema: ExperimentSchema, faulty: Collection[str]) -> list[Problem]:
    from engine.rules.rule_checks import check_rules

    return check_rules(schema, faulty)
