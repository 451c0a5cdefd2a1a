"""Templates of dbt in a file of SQL: references to models and sources, variables, and what is left out.

What is replaced keeps its line breaks, so that lines of the result are lines of the file. Literals are computed here:
`ref`, `source`, `var`, `env_var`, `this`, `set` of a literal, and `if` with `is_incremental()`, which is false.
Anything else is computed by Jinja with the macros of a project (`jinja_spans`), where one is given; what stays open is
named with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.workload.bounded_jinja import OpenTemplateError
from engine.workload.jinja_spans import JinjaProject
from engine.workload.records import Placeholder
from engine.workload.template_spans import TemplateSpan, ends_of_blocks, template_spans

_CALL = re.compile(r"(?P<name>[\w.]+)\s*(?:\((?P<arguments>.*)\))?", re.S)
_STRING = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_SET = re.compile(r"set\s+(?P<name>\w+)\s*=\s*(?P<value>.+)", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_IGNORED = frozenset({"config", "docs", "log"})
_MOST_NAMES = 1000
_SPANS = frozenset({"for", "if", "macro", "call", "filter", "set"})
"""Blocks that go on to their end."""
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
    project: JinjaProject | None = None
    names: dict[str, Any] = field(default_factory=dict)
    """What `set` and `macro` of the file have defined."""

    def ref(self, *names: str) -> str:
        """Return the model's name; the last of several counts."""
        self.references.add(names[-1].lower())
        return names[-1] + MODEL_SUFFIX

    def source(self, schema: str, table: str) -> str:
        """Return the table of a source."""
        return self.table_of(schema, table)

    def var(self, name: str, *default: object) -> object:
        """Return a variable: as given, as in the project, or the default."""
        if (given := self.values.get(name.lower())) is not None:
            return given
        variables = {} if self.project is None else self.project.variables
        if name in variables:
            return variables[name]
        if not default:
            raise OpenTemplateError(name)
        return default[0]


def render(
    text: str,
    stem: str,
    values: Mapping[str, str],
    table_of: Callable[[str, str], str],
    project: JinjaProject | None = None,
) -> Rendered:
    """Return the text with its templates replaced; `table_of` names the table of a source and its schema."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return Rendered(text, is_model=False)
    work = _Rendering(values, table_of, stem, project=project)
    if project is not None:
        project.begin(work)
    pieces: list[str] = []
    end, line = 0, 1
    found = template_spans(text)
    ends = ends_of_blocks([_word(each) for each in found], _SPANS)
    for index, each in enumerate(found):
        if each.start < end:
            continue
        between = text[end : each.start]
        line += between.count("\n")
        pieces.append(_only_breaks(between) if any(work.skipping) else between)
        span = text[each.start : found[ends[index]].end]
        made = _compute_block(work, span, each, line) if project is not None and not any(work.skipping) else None
        if made is None:
            span, made = each.text, _replace(work, each, line)
        pieces.append(made + _only_breaks(span))
        line += span.count("\n")
        end = each.start + len(span)
    pieces.append(text[end:])
    is_model = bool(work.references) or any(word in text for word in ("source(", "config("))
    return Rendered("".join(pieces), is_model, frozenset(work.references), tuple(work.placeholders))


def _word(template: TemplateSpan) -> str:
    """Return the first word of a block; that of a `set` with a value has no end."""
    return "" if template.word == "set" and _SET.fullmatch(template.block or "") else template.word


def _compute_block(work: _Rendering, span: str, template: TemplateSpan, line: int) -> str | None:
    """Return the text of a block that Jinja computes; None for any other, and what is left open."""
    word, block = template.word, template.block
    if block is None:
        return None
    is_literal = word == "set" and (found := _SET.fullmatch(block)) and _literal(found["value"].strip()) is not None
    is_known = word == "if" and block.removeprefix("if").strip() in ("is_incremental()", "not is_incremental()")
    if work.project is None or word not in _SPANS or is_literal or is_known or len(work.names) > _MOST_NAMES:
        return None
    try:
        if word in ("set", "macro"):
            work.names |= work.project.define(span, _names(work))
            return ""
        return _in_one_line(work.project.compute(span, _names(work)))
    except OpenTemplateError as error:
        if error.name is None:
            return None
        work.placeholders.append(Placeholder(error.name, template.text, line, is_given=False))
        return "NULL"


def _names(work: _Rendering) -> dict[str, Any]:
    numbers = {
        name: int(text) for name, text in work.variables.items() if text.lstrip("-").isdigit() and len(text) < 18
    }
    return {**work.variables, **numbers, **work.names, "this": work.stem}


def _in_one_line(text: str) -> str:
    """Return a text without breaks, unless comments need them."""
    return text if "--" in text else " ".join(line.strip() for line in text.splitlines())


def _only_breaks(text: str) -> str:
    return "\n" * text.count("\n")


def _replace(work: _Rendering, template: TemplateSpan, line: int) -> str:
    if template.block is not None:
        _read_block(work, template.text, template.block, line)
        return ""
    if template.value is None or any(work.skipping):
        return ""
    return _evaluate(work, template.text, template.value, line)


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
    if value in work.variables:
        return work.variables[value]
    opened: str | None = None
    if work.project is not None and value.lower() not in work.values:
        try:
            return _in_one_line(work.project.compute("{{ " + value + " }}", _names(work)))
        except OpenTemplateError as error:
            opened = error.name
    key = arguments[0] if name in ("var", "env_var") and arguments else opened or value
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
