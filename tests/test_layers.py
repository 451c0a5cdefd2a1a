"""The order of the layers, read from the imports: each may use only those before it.

Every import counts: also one inside a function, and one for the type checker only.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import engine

PROJECT = Path(__file__).resolve().parents[1]

ENGINE_LAYERS = (
    "errors",
    "durable",
    "html_tables",
    "settings",
    "schema",
    "sql",
    "rules",
    "generation",
    "estimating",
    "warehouse",
    "store",
    "jobs",
    "importing",
    "loading",
    "running",
    "run_shelf",
    "querying",
    "importing",
    "progress_bar",
    "query_book",
    "review_lines",
    "review_keys",
    "review",
    "experiment",
    "workbench",
    "__init__",
    "cli",
)
PUBLIC_MODULES = {"engine", "engine.errors"}
WEB_FRAMEWORKS = {"app", "fastapi", "starlette", "streamlit", "uvicorn"}
TERMINAL_FRAMEWORKS = {"click", "typer"}


class Import(NamedTuple):
    """One imported module, the name taken from it (empty for a plain import), and where."""

    importer: str
    module: str
    name: str
    place: str

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


@cache
def modules(package: str) -> dict[str, Path]:
    """The modules of a package of this project; a package itself goes by its own name."""
    found = {}
    for path in sorted((PROJECT / package).rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(importer: str, path: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, "", f"{path.relative_to(PROJECT)}:{node.lineno}")
        elif isinstance(node, ast.ImportFrom):
            place = f"{path.relative_to(PROJECT)}:{node.lineno}"
            assert node.level == 0, f"{place}: write the whole name of the module"
            for alias in node.names:
                yield Import(importer, str(node.module), alias.name, place)


@cache
def imports(package: str) -> tuple[Import, ...]:
    return tuple(found for name, path in modules(package).items() for found in imports_of(name, path))


def layer(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def target(found: Import) -> str:
    """The module an import leads to: `from engine import errors` leads to `engine.errors`."""
    inner = f"{found.module}.{found.name}"
    return inner if inner in modules(found.package) else found.module


def listed(violations: list[Import]) -> str:
    return "\n".join(dict.fromkeys(f"{found.place} imports {target(found)}" for found in violations))


def test_every_module_of_the_engine_has_a_layer():
    assert {layer(name) for name in modules("engine")} == set(ENGINE_LAYERS)


def test_each_layer_imports_only_those_before_it():
    order = {name: place for place, name in enumerate(ENGINE_LAYERS)}
    violations = [
        found
        for found in imports("engine")
        if found.package == "engine" and order[layer(target(found))] > order[layer(found.importer)]
    ]
    assert not violations, listed(violations)


def test_the_engine_knows_nothing_of_the_app_and_the_web():
    violations = [found for found in imports("engine") if found.package in WEB_FRAMEWORKS]
    assert not violations, listed(violations)


def test_only_the_command_line_knows_typer():
    violations = [
        found for found in imports("engine") if found.package in TERMINAL_FRAMEWORKS and layer(found.importer) != "cli"
    ]
    assert not violations, listed(violations)


def test_the_app_uses_public_names_only():
    violations = [
        found
        for found in imports("app")
        if found.package == "engine"
        and (found.module not in PUBLIC_MODULES or (found.module == "engine" and not is_public(found.name)))
    ]
    assert not violations, listed(violations)


def is_public(name: str) -> bool:
    return name in {"", "errors", *engine.__all__}


@pytest.mark.parametrize("package", ["engine", "app"])
def test_no_modules_import_each_other_in_a_circle(package: str):
    graph = {name: set() for name in modules(package)}
    for found in imports(package):
        # A package that gathers its modules' names is not a user of them.
        if found.package == package and found.importer != package and target(found) != package:
            graph[found.importer].add(target(found))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_notebook_api_has_at_most_twenty_names():
    assert len(engine.__all__) <= 20
    assert all(getattr(engine, name).__doc__ for name in engine.__all__)
