"""What a project of dbt has beside its models: macros, and the variables of `dbt_project.yml`.

Of the YAML only `vars` is read: names with a text, a number, a truth value or a list of them, also under the project's
name. Anything else there is left out, and then asked for where a model uses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.workload.template_spans import template_spans

_FILE = "dbt_project.yml"
_MOST_BYTES = 4 * 1024 * 1024
_MOST_FOLDERS_UP = 4
_MACRO = re.compile(r"\{%-?\s*macro\s")
_ENTRY = re.compile(r"(?P<indent> *)(?P<name>[\w\"'-]+)\s*:(?:\s+(?P<value>.*))?")
_ITEM = re.compile(r" *-\s+(?P<value>.*)")


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
    """Return the variables of a `dbt_project.yml`."""
    found: dict[str, Any] = {}
    is_inside, name = False, ""
    for line in text.splitlines():
        line = _without_comment(line)
        if not line.strip():
            continue
        if not line.startswith((" ", "-")):
            is_inside = line.strip() == "vars:"
            continue
        if not is_inside:
            continue
        if item := _ITEM.fullmatch(line):
            if name:
                if not isinstance(found.get(name), list):
                    found[name] = []
                found[name].append(_value(item["value"]))
        elif entry := _ENTRY.fullmatch(line):
            name = entry["name"].strip("\"'")
            if entry["value"]:
                found[name] = _value(entry["value"])
    return found


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", line) if "'" not in line and '"' not in line else line.rstrip()


def _value(text: str) -> Any:
    text = text.strip()
    if text[:1] == "[" and text[-1:] == "]":
        parts = re.findall(r"""'[^']*'|"[^"]*"|[^,\s][^,]*""", text[1:-1])
        return [_value(part) for part in parts]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.lower() in ("null", "~", "{}"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, str | int | float) else text
