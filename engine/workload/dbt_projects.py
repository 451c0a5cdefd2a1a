"""What a project of dbt has beside its models: macros, and the variables of `dbt_project.yml`.

Of the YAML only `vars` is read: names with a text, a number, a truth value or a list of them, also under the project's
name. Anything else there is left out, and then asked for where a model uses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from engine.workload.template_spans import template_spans

_FILE = "dbt_project.yml"
_MOST_BYTES = 4 * 1024 * 1024
_MOST_YAML = 256 * 1024
_MOST_FOLDERS_UP = 4
_MACRO = re.compile(r"\{%-?\s*macro\s")


@dataclass(frozen=True)
class DbtProject:
    """The texts of the macros, and the variables by name."""

    macros: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)


def find_project(source: str | Path | Mapping[str, str]) -> DbtProject:
    """Return the project of a workload: texts by name, or a folder in or above which it is; else an empty one."""
    if isinstance(source, Mapping):
        macros = [text for text in source.values() if has_only_macros(text)]
        files = [text for name, text in source.items() if name.rpartition("/")[2] == _FILE]
        return DbtProject(tuple(macros), read_variables(files[0]) if files else {})
    path = Path(source).absolute()
    for folder in [path, *path.parents][: _MOST_FOLDERS_UP + 1]:
        if (folder / _FILE).is_file():
            texts = (_read(each) for each in sorted((folder / "macros").rglob("*.sql")))
            return DbtProject(tuple(text for text in texts if text), read_variables(_read(folder / _FILE)))
    return DbtProject()


def has_only_macros(text: str) -> bool:
    """Return whether a file defines macros and has no query: what is left without them is empty."""
    if _MACRO.search(text) is None:
        return False
    end, is_inside = 0, False
    for each in template_spans(text):
        if is_inside:
            is_inside, end = each.word != "endmacro", each.end
        elif text[end : each.start].strip() or each.word not in ("", "macro") or each.value is not None:
            return False
        else:
            is_inside, end = each.word == "macro", each.end
    return not is_inside and not text[end:].strip()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig") if path.stat().st_size <= _MOST_BYTES else ""
    except (OSError, UnicodeDecodeError):
        return ""


def read_variables(text: str) -> dict[str, Any]:
    """Return the variables of a `dbt_project.yml`; none of one that is no YAML."""
    try:
        project = yaml.load(text, Loader=_PlainLoader) if len(text) <= _MOST_YAML else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    declared = project.get("vars") if isinstance(project, dict) else None
    found: dict[str, Any] = {}
    for name, value in declared.items() if isinstance(declared, dict) else ():
        found |= value if isinstance(value, dict) else {name: value}  # those of one package stand under its name
    return {str(name): value for name, value in found.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    """Return whether a value is a text, a number, a truth value or a list of them."""
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, str | int | float) for part in parts)


class _PlainLoader(yaml.SafeLoader):
    """Reads YAML without aliases, which can make a small text a large value, and dates as they are written."""

    yaml_implicit_resolvers: ClassVar = {
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Return the next node; raises `YAMLError` for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("An alias is not read.")
        return super().compose_node(parent, index)
