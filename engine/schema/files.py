"""Reading and writing of schema files, with every fault of a file reported at once.

A file with invalid columns is checked twice: first its structure, key by key; then, without the invalid parts, the
rest as a whole. So a wrong type in one column does not hide a wrong reference in another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import NotFoundError, Problem, SchemaError, did_you_mean
from engine.schema.checks import check_schema
from engine.schema.conditional import RowOf, ValueRows
from engine.schema.distribution import Distribution
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.json_text import document_problems, parse_json
from engine.schema.key_hints import key_hint
from engine.schema.latents import Correlation
from engine.schema.limits import MAX_DEPTH, MAX_FAULTS, MAX_SCHEMA_BYTES
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.rows_files import add_file_rows, add_file_values
from engine.schema.scenarios import Scenario
from engine.schema.time_rules import Trend

_MODEL_OF_KEY: dict[str, type[BaseModel]] = {
    "tables": TableSchema,
    "columns": ColumnSchema,
    "foreign_key": ForeignKey,
    "foreign_keys": CompositeForeignKey,
    "distribution": Distribution,
    "trend": Trend,
    "correlation": Correlation,
    "scenarios": Scenario,
    "value_rows": ValueRows,
    "value_row_of": RowOf,
}
_Location = tuple[int | str, ...]
_RUN_OF_ZEROS = re.compile(r"1\d{20,}")
_UNION_TAGS = frozenset({"bool", "int", "float", "str", "constrained-str"})
_TOO_LONG = Problem(
    "", f"The schema is longer than {MAX_SCHEMA_BYTES // 1024**2} MiB.", "Split it into several experiments."
)


Check = Callable[[ExperimentSchema, Collection[str]], list[Problem]]


def read_schema(
    source: str | Path | Mapping[str, Any], *, name: str | None = None, also: Check | None = None
) -> ExperimentSchema:
    """Read and check a schema from a path, JSON text (starting with `{`) or a mapping; `name` replaces its name.

    `also` is a further check of the schema; its second argument is the places that already have problems.

    Raises `NotFoundError` for a missing file and `SchemaError` with every problem found.
    """
    label, data = _document(source)
    found = []
    if label != "the schema" and isinstance(source, str | Path):
        folder = Path(source).parent
        found = [*add_file_rows(data, folder), *add_file_values(data, folder)]
    if name is not None:
        data = {**data, "name": name}
    if found := found or document_problems(data, lambda location: _place(location, data)):
        raise SchemaError(found, source=label)
    schema, problems = _validated(data, also)
    if problems or schema is None:
        raise SchemaError(problems, source=label)
    return schema


def read_changed_tables(
    schema: ExperimentSchema, changed: Mapping[str, Mapping[str, Any]], *, unaffected: Collection[str], also: Check
) -> ExperimentSchema:
    """Read and check a schema in which only some tables differ from one without problems.

    `changed` has their descriptions by key. The tables in `unaffected` are not checked: they and all that they
    reference are as before. Raises what `read_schema` raises.
    """
    alone = {"name": schema.name, "tables": list(changed.values())}
    try:
        read = {} if document_problems(alone, lambda _: "") else ExperimentSchema.model_validate(alone)._tables_by_key
    except ValidationError:
        read = {}
    if len(read) < len(changed):
        data = json.loads(schema_to_json(schema))
        tables = zip(schema.tables, data["tables"], strict=True)
        data["tables"] = [dict(changed.get(table.key, entry)) for table, entry in tables]
        return read_schema(data, also=also)
    result = schema.model_copy(update={"tables": [read.get(each.key.casefold(), each) for each in schema.tables]})
    problems = check_schema(result, unaffected=unaffected)
    if problems := problems + also(result, {problem.where for problem in problems}):
        raise SchemaError(problems, source="the schema")
    return result


def schema_to_json(schema: ExperimentSchema) -> str:
    """Return the schema as JSON text that `read_schema` reads back to an equal schema; defaults are left out."""
    return schema.model_dump_json(exclude_defaults=True, indent=2) + "\n"


def _document(source: str | Path | Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if isinstance(source, Mapping):
        return "the schema", dict(source)
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return "the schema", _parse("the schema", source.lstrip("\ufeff"))
    if not isinstance(source, str | Path):
        problem = Problem("", f"A schema is not a {type(source).__name__}.", "Give a path, JSON text or a dict.")
        raise SchemaError([problem])
    path = Path(source)
    try:
        if path.stat().st_size > MAX_SCHEMA_BYTES:
            raise SchemaError([_TOO_LONG], source=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NotFoundError(f"There is no file {path}.", hint="Check the path of the schema file.") from error
    except UnicodeDecodeError as error:
        problem = Problem("", f"The file is not UTF-8 text (byte {error.start + 1}).", "Save it as UTF-8.")
        raise SchemaError([problem], source=str(path)) from error
    except OSError as error:
        raise SchemaError([Problem("", f"The file cannot be read: {error}.")], source=str(path)) from error
    except ValueError as error:  # a path with a NUL character or half of one
        raise NotFoundError("The path contains an invalid character.", hint="Check the path.") from error
    return str(path), _parse(str(path), text)


def _parse(label: str, text: str) -> dict[str, Any]:
    if len(text) > MAX_SCHEMA_BYTES:
        raise SchemaError([_TOO_LONG], source=label)
    try:
        data = parse_json(text)
    except json.JSONDecodeError as error:
        fault = error.msg.removesuffix(" delimiter")
        fault = f"{fault[:1].lower()}{fault[1:]}".replace("expecting", "expected")
        problem = Problem("", f"Invalid JSON at line {error.lineno}: {fault}.", f"Check column {error.colno}.")
        raise SchemaError([problem], source=label) from error
    except RecursionError as error:
        problem = Problem("", f"The JSON is nested more than {MAX_DEPTH} levels deep.", "Flatten it.")
        raise SchemaError([problem], source=label) from error
    if not isinstance(data, dict):
        problem = Problem("", "A schema is a JSON object.", 'It begins with {"name": "...", "tables": [...]}.')
        raise SchemaError([problem], source=label)
    return data


def _validated(data: dict[str, Any], also: Check | None) -> tuple[ExperimentSchema | None, list[Problem]]:
    try:
        schema = ExperimentSchema.model_validate(data)
    except ValidationError as error:
        faults = _first_of_each_place(error.errors(include_url=False))
        if len(faults) > MAX_FAULTS:
            shown = [_problem(fault, data) for fault in faults[:MAX_FAULTS]]
            return None, [*shown, Problem("", f"There are {len(faults) - MAX_FAULTS:,} more problems.")]
        problems = [_problem(fault, data) for fault in faults]
        return None, problems + _problems_of_the_rest(data, [fault["loc"] for fault in faults], also)
    return schema, _checked(schema, also)


def _checked(schema: ExperimentSchema, also: Check | None) -> list[Problem]:
    problems = check_schema(schema)
    return problems if also is None else problems + also(schema, {problem.where for problem in problems})


def _first_of_each_place(faults: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return one fault per place: a union reports one for each of its members."""
    by_place: dict[_Location, ErrorDetails] = {}
    for fault in faults:
        by_place.setdefault(_without_union_tags(fault["loc"]), fault)
    return list(by_place.values())


def _without_union_tags(location: _Location) -> _Location:
    return location[:-1] if location and location[-1] in _UNION_TAGS else location


def _problems_of_the_rest(data: dict[str, Any], places: list[_Location], also: Check | None) -> list[Problem]:
    """Return the problems of the schema without its invalid columns and keys, except those they cause."""
    rest, removed = _pruned(data, places)
    try:
        schema = ExperimentSchema.model_validate(rest)
    except ValidationError:
        return []
    return [
        problem for problem in _checked(schema, also) if not any(f'"{name}"' in problem.message for name in removed)
    ]


def _pruned(data: dict[str, Any], places: list[_Location]) -> tuple[dict[str, Any], set[str]]:
    rest = deepcopy(data)
    removed: set[str] = set()
    doomed: set[tuple[int | str, ...]] = set()
    for place in places:
        doomed.add(_removable(place))
    for place in sorted(doomed, key=lambda found: (len(found), str(found)), reverse=True):
        holder: Any = rest
        try:
            for step in place[:-1]:
                holder = holder[step]
            last: Any = place[-1]
            item = holder[last]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            removed.add(item["name"])
        if isinstance(holder, list):
            holder[last] = None
        elif last != "tables":
            del holder[last]
    tables = rest.get("tables")
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and isinstance(table.get("columns"), list):
            columns = [column for column in table["columns"] if column is not None]
            if len(columns) < len(table["columns"]):
                table.pop("rows", None)  # its cells are in the order of all columns
            table["columns"] = columns
    if isinstance(tables, list):
        rest["tables"] = [table for table in tables if table is not None and table.get("columns")]
    rest.setdefault("name", "unnamed")
    return rest, removed


def _removable(place: _Location) -> _Location:
    """Return the smallest part that can be removed: an optional key, else its column, its table, or the whole."""
    if len(place) >= 5 and place[2] == "columns" and place[4] not in ("name", "data_type"):
        return place[:5]
    if len(place) >= 4 and place[2] == "columns":
        return place[:4]
    if len(place) >= 3 and place[2] not in ("name", "columns"):
        return place[:3]
    return place[: 2 if len(place) >= 2 else 1]


def _problem(fault: ErrorDetails, data: dict[str, Any]) -> Problem:
    location = _without_union_tags(fault["loc"])
    key = _key(location)
    match fault["type"]:
        case "extra_forbidden":
            known = list(_model_at(location[:-1]).model_fields)
            hint = key_hint(key, known) or f"The known keys are: {', '.join(known)}."
            return Problem(_place(location[:-1], data), f'Unknown key "{key}".', hint)
        case "missing":
            return Problem(_place(location[:-1], data), f'The key "{key}" is missing.', f'Add "{key}".')
        case "literal_error":
            choices = [str(choice) for choice in fault.get("ctx", {}).get("expected", "").replace("'", "").split(", ")]
            hint = did_you_mean(str(fault["input"]), choices) or f"It is one of {', '.join(choices)}."
            return Problem(_place(location[:-1], data), f'"{fault["input"]}" is not a {key}.', hint)
        case "bool_type" | "int_type" | "float_type" | "string_type" if location[-2:-1] == ("values",):
            hint = 'For NULL set "required": false and "null_fraction".' if fault["input"] is None else "Correct it."
            found = f"{key} is {_shown(fault['input'])}; a value is a number, a text, true or false."
            return Problem(_place(location[:-2], data), found, hint)
        case "too_short" | "too_long" if isinstance(fault["input"], list):
            limits = fault.get("ctx", {})
            limit = f"at least {limits['min_length']}" if "min_length" in limits else f"at most {limits['max_length']}"
            found = f'"{key}" has {len(fault["input"])} items; it takes {limit}.'
            return Problem(_place(location[:-1], data), found, "Correct it.")
        case "limit":
            return Problem(_place(location[:-1], data), f'"{key}" {fault["msg"]}.', "Write a smaller one.")
        case "unstorable":
            return Problem(_place(location[:-1], data), f'"{key}" {fault["msg"]}.', "Remove the character.")
        case "string_too_long":
            limit = fault.get("ctx", {})["max_length"]
            found = f'"{key}" is {len(fault["input"]):,} characters long; at most {limit:,} are allowed.'
            return Problem(_place(location[:-1], data), found, "Shorten it.")
        case "model_type" | "model_attributes_type" | "dict_type":
            found = f'"{key}" should be an object, not {_shown(fault["input"])}.'
            return Problem(_place(location[:-1], data), found, "Write it as {...}.")
        case _:
            message = (
                _RUN_OF_ZEROS.sub(_in_powers, fault["msg"])
                .removeprefix("Input should be ")
                .removeprefix("Value error, ")
            )
            subject = (
                f'"{key}" should be {message}' if fault["msg"].startswith("Input should be ") else f"{key}: {message}"
            )
            return Problem(_place(location[:-1], data), f"{subject}, not {_shown(fault['input'])}.", "Correct it.")


def _in_powers(number: re.Match[str]) -> str:
    """Return a large limit as 1e+100."""
    return f"{float(number[0]):g}"


def _key(location: _Location) -> str:
    """Return the last key of a location, with the list indexes after it: `fan_out[1]`."""
    names = [place for place, step in enumerate(location) if isinstance(step, str)]
    if not names:
        return ""
    first, *items = location[names[-1] :]
    return str(first) + "".join(f"[{item}]" for item in items)


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _model_at(location: _Location) -> type[BaseModel]:
    model: type[BaseModel] = ExperimentSchema
    for step in location:
        model = _MODEL_OF_KEY.get(str(step), model)
    return model


def _place(location: _Location, data: dict[str, Any]) -> str:
    """Return `("tables", 0, "columns", 2, "foreign_key")` as `orders.customer_id.foreign_key`."""
    names: list[str] = []
    node: Any = data
    for step in location:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        if isinstance(step, int):
            name = node.get("name") if isinstance(node, dict) else None
            names.append(name if isinstance(name, str) else f"[{step}]")
        elif step not in ("tables", "columns") or not isinstance(node, list):
            names.append(step)
    return ".".join(names)
