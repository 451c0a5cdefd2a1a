"""Templates of dbt in a file of SQL: references to models and sources, variables, and what is left out.

What is replaced keeps its line breaks, so that lines of the result are lines of the file. Only literals are computed:
`ref`, `source`, `var`, `env_var`, `this`, `set` of a literal, and `if` with `is_incremental()`, which is false.
Anything else is left open, and named with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.workload.records import Placeholder

_TEMPLATE = re.compile(r"\{\{-?(?P<value>.*?)-?\}\}|\{%-?(?P<block>.*?)-?%\}|\{\#.*?\#\}", re.S)
_CALL = re.compile(r"(?P<name>[\w.]+)\s*(?:\((?P<arguments>.*)\))?", re.S)
_STRING = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_SET = re.compile(r"set\s+(?P<name>\w+)\s*=\s*(?P<value>.+)", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_IGNORED = frozenset({"config", "docs", "log"})
MODEL_SUFFIX = "__model"
"""What follows a model's name where a text refers to it, so that a CTE of that name does not hide it."""


@dataclass
class Rendered:
    """A file's text without templates, the models that it refers to, and what it left open."""

    text: str
    is_model: bool
    references: frozenset[str] = frozenset()
    placeholders: tuple[Placeholder, ...] = ()


@dataclass
class _Rendering:
    values: Mapping[str, str]
    table_of: Callable[[str, str], str]
    stem: str
    variables: dict[str, str] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    placeholders: list[Placeholder] = field(default_factory=list)
    skipping: list[bool] = field(default_factory=list)
    """For each open `if`: whether the branch that is read is left out."""


def render(text: str, stem: str, values: Mapping[str, str], table_of: Callable[[str, str], str]) -> Rendered:
    """Return the text with its templates replaced; `table_of` names the table of a source and its schema."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return Rendered(text, is_model=False)
    work = _Rendering(values, table_of, stem)
    pieces: list[str] = []
    end, line = 0, 1
    for match in _TEMPLATE.finditer(text):
        between = text[end : match.start()]
        line += between.count("\n")
        pieces.append(_only_breaks(between) if any(work.skipping) else between)
        pieces.append(_replace(work, match, line) + _only_breaks(match[0]))
        line += match[0].count("\n")
        end = match.end()
    pieces.append(text[end:])
    is_model = bool(work.references) or any(word in text for word in ("source(", "config("))
    return Rendered("".join(pieces), is_model, frozenset(work.references), tuple(work.placeholders))


def _only_breaks(text: str) -> str:
    return "\n" * text.count("\n")


def _replace(work: _Rendering, match: re.Match[str], line: int) -> str:
    if (block := match["block"]) is not None:
        _read_block(work, match[0], block.strip(), line)
        return ""
    if (value := match["value"]) is None or any(work.skipping):
        return ""
    return _evaluate(work, match[0], value.strip(), line)


def _read_block(work: _Rendering, written: str, block: str, line: int) -> None:
    word = block.partition(" ")[0]
    if word == "if" and block.removeprefix("if").strip() in ("is_incremental()", "not is_incremental()"):
        work.skipping.append("not" not in block)
    elif word == "if" and any(work.skipping):
        work.skipping.append(True)
    elif word == "else" and work.skipping:
        work.skipping[-1] = not work.skipping[-1]
    elif word == "endif" and work.skipping:
        work.skipping.pop()
    elif any(work.skipping):
        return
    elif word == "set" and (found := _SET.fullmatch(block)) and (value := _literal(found["value"].strip())) is not None:
        work.variables[found["name"]] = value
    elif word in ("do", "endif", "snapshot", "endsnapshot", "raw", "endraw"):
        return
    else:
        work.placeholders.append(Placeholder(block, written, line, is_given=False))


def _evaluate(work: _Rendering, written: str, value: str, line: int) -> str:
    """Return what an expression stands for; left open, it is NULL."""
    call = _CALL.fullmatch(value)
    name = call["name"] if call else ""
    arguments: list[str] = [first or second for first, second in _STRING.findall((call and call["arguments"]) or "")]
    if name in _IGNORED:
        return ""
    if name == "ref" and arguments:
        work.references.add(arguments[-1].lower())
        return arguments[-1] + MODEL_SUFFIX
    if name == "source" and len(arguments) == 2:
        return work.table_of(arguments[0], arguments[1])
    if name == "this":
        return work.stem
    if (literal := _literal(value)) is not None:
        return literal
    if name in work.variables:
        return work.variables[name]
    key = arguments[0] if name in ("var", "env_var") and arguments else value
    default = _default_of((call and call["arguments"]) or "") if name in ("var", "env_var") else None
    given = work.values.get(key.lower(), default)
    work.placeholders.append(Placeholder(key, written, line, is_given=given is not None))
    return "NULL" if given is None else given


def _default_of(arguments: str) -> str | None:
    """Return the second argument of `var('x', 0)`, if it is a literal."""
    _, comma, default = arguments.partition(",")
    return _literal(default.strip()) if comma else None


def _literal(text: str) -> str | None:
    if found := _STRING.fullmatch(text):
        return found[1] if found[1] is not None else found[2]
    return text if _NUMBER.fullmatch(text) else None
