"""The order of the layers and what each may never import, read from the imports.

Every import counts: also one inside a function, and one for the type checker only. Each rule is proved by an import
that breaks it.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import engine

PROJECT = Path(__file__).resolve().parents[1]

LADDERS = {
    "engine": (
        "errors",
        "settings",
        "system",
        "display",
        "schema",
        "sql",
        "rules",
        "generation",
        "warehouse",
        "export",
        "scale",
        "store",
        "runs",
        "queries",
        "review",
        "workload",
        "services",
        "scratch_runs",
        "trial_runs",
        "experiment_state",
        "experiment_versions",
        "experiment_runs",
        "experiment_fitting",
        "experiment_workload",
        "experiment_export",
        "experiment",
        "workbench",
        "types",
        "__init__",
        "pytest_plugin",
        "cli",
    ),
    "engine.sql": (
        "__init__",
        "quoting",
        "positions",
        "spelling",
        "sqlglot_parser",
        "importing",
        "translation",
        "row_checks",
        "insert_export",
        "ddl_export",
        "first_query",
        "formatting",
    ),
    "engine.sql.translation": (
        "translated",
        "tree",
        "reading",
        "padding",
        "expressions",
        "functions",
        "queries",
        "node_rewrites",
        "pipeline",
        "__init__",
    ),
    "engine.rules": (
        "__init__",
        "name_words",
        "stages",
        "random",
        "site",
        "sites",
        "domain",
        "values",
        "distributions",
        "text",
        "derived",
        "providers",
        "places",
        "dependent",
        "registry",
        "keys",
        "nulls",
        "trees",
        "open_columns",
        "locale_choice",
        "scenarios",
        "first_rows",
        "relations",
        "null_masks",
        "child_rows",
        "rule_plan",
        "column_values",
        "compiler",
        "parent_counts",
        "scenario_trials",
        "sound_tables",
        "lone_columns",
        "rule_checks",
        "suggestions",
        "declared",
    ),
    "engine.rules.providers": (
        "__init__",
        "rule_hints",
        "formats",
        "forms",
        "form_cache",
        "tracing",
        "entities",
        "library",
        "faker",
        "mimesis",
        "method_facts",
    ),
    "engine.warehouse": ("__init__", "loading", "profiling", "charts", "querying", "audit", "workers"),
    "app": (
        "__init__",
        "tickets",
        "markdown_text",
        "charts",
        "page_head",
        "page_end",
        "closed_sockets",
        "left_pages",
        "unsent_messages",
        "browser_cookie",
        "response_headers",
        "shared_workbench",
        "preloading",
        "samples",
        "state",
        "background_task",
        "components",
        "app_pages",
        "frame",
        "api",
        "start_message",
        "asgi",
        "main",
        "__main__",
    ),
    "app.components": (
        "__init__",
        "shared",
        "rule_panel",
        "new_experiment",
        "schema",
        "experiments",
        "generate",
        "runs",
        "query",
        "board",
        "explore",
        "workload",
        "commands",
    ),
}
"""The layers of each package, lowest first: each may import itself and those before it."""
WHY = {
    "engine": "text and rules know nothing of data on disk; storage knows nothing of what is done with it",
    "engine.sql": "importing and translation share words and positions, not each other's trees",
    "engine.sql.translation": "a query is rewritten from its leaves up: expressions, functions, then whole queries",
    "engine.rules": "random bits become values, values become keys, and the compiler chooses among them",
    "engine.rules.providers": "a library's methods are traced and fitted the same way for Faker and Mimesis",
    "engine.warehouse": "data is loaded, then queried, then checked, and worker processes serve all of that",
    "app": "the workbench and its state come first, pages are made of components, servers are made of pages",
    "app.components": "a part that two pages need is shared; the parts of a page know no other page's",
}
"""What the order of each ladder says."""
PACKAGES = ("engine", "app")


def _without(*names: str) -> tuple[str, ...]:
    return tuple(f"engine.{name}" for name in LADDERS["engine"] if name not in ("__init__", *names))


class Ban(NamedTuple):
    """Modules that may never import others, and why; `but` are the exceptions among the importers."""

    importers: tuple[str, ...]
    targets: tuple[str, ...]
    reason: str
    but: tuple[str, ...] = ()


WEB = ("fastapi", "starlette", "uvicorn")
BANS = (
    Ban(("engine",), ("app", "streamlit", *WEB), "a notebook needs the engine alone"),
    Ban(("engine",), ("typer", "click"), "only the command line talks to a terminal", but=("engine.cli",)),
    Ban(("engine",), ("duckdb",), "only the warehouse opens DuckDB, so that every query is sandboxed",
        but=("engine.warehouse",)),
    Ban(("engine",), ("sqlite3",), "only the store knows how the catalog is kept", but=("engine.store",)),
    Ban(("engine",), ("faker", "mimesis", "scipy"), "only rules know where values come from", but=("engine.rules",)),
    Ban(("engine",), ("sqlglot",), "only these read SQL; the rest gets text and schemas",
        but=("engine.sql", "engine.rules", "engine.workload")),
    Ban(("engine.sql",), ("polars", "pyarrow"), "a dialect is text: it knows no data"),
    Ban(("engine.cli",), _without("errors", "display", "schema", "generation", "runs", "types", "cli"),
        "a command calls the public facade, not what the facade is made of"),
    Ban(("app",), _without("errors", "display", "types"), "the app uses public names only, as a notebook does"),
    Ban(("app",), ("duckdb", "sqlite3", "sqlglot", "pyarrow", "typer"),
        "a page reads state, calls the engine and draws"),
    Ban(("app",), ("app.app_pages",), "a page is drawn by the router, never by another module",
        but=("app.frame", "app.app_pages")),
    Ban(("app",), ("app.api",), "the REST API stands apart from the pages", but=("app.api", "app.asgi")),
    Ban(("app.api",), ("streamlit", "altair", *(f"app.{name}" for name in (
        "charts", "shared_workbench", "preloading", "samples", "state", "background_task", "components", "app_pages",
        "frame", "main"))),
        "the REST API answers without Streamlit, and gets its workbench from its caller"),
    Ban(("app",), ("fastapi",), "only the REST API defines routes", but=("app.api",)),
    Ban(("app.app_pages", "app.components", "app.frame"), WEB, "a page knows no HTTP"),
    Ban(("app.tickets", "app.markdown_text", "app.charts", "app.shared_workbench", "app.samples", "app.background_task",
         "app.api"), ("streamlit",), "what has no widget can be tested without a page"),
)  # fmt: skip


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


def imports_of(importer: str, source: str, place: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, "", f"{place}:{node.lineno}")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place}:{node.lineno}: write the whole name of the module"
            for alias in node.names:
                yield Import(importer, str(node.module), alias.name, f"{place}:{node.lineno}")


@cache
def imports(package: str) -> tuple[Import, ...]:
    return tuple(
        found
        for name, path in modules(package).items()
        for found in imports_of(name, path.read_text("utf-8"), str(path.relative_to(PROJECT)))
    )


def layer(module: str, package: str) -> str:
    """The layer of a package that one of its modules belongs to."""
    return module.removeprefix(package).lstrip(".").partition(".")[0] or "__init__"


def target(found: Import) -> str:
    """The module an import leads to: `from engine import errors` leads to `engine.errors`."""
    inner = f"{found.module}.{found.name}"
    return inner if inner in modules(found.package) else found.module


def is_within(module: str, names: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def faults(found: Iterable[Import]) -> list[str]:
    """Return every import that climbs a ladder or breaks a ban, with the reason."""
    said: dict[str, None] = {}
    for each in found:
        leads_to = target(each)
        for package, ladder in LADDERS.items():
            is_inside = is_within(leads_to, [package]) and is_within(each.importer, [package])
            if is_inside and ladder.index(layer(leads_to, package)) > ladder.index(layer(each.importer, package)):
                said[f"{each.place} imports {leads_to}, a layer above its own: {WHY[package]}"] = None
        for ban in BANS:
            is_bound = is_within(each.importer, ban.importers) and not is_within(each.importer, ban.but)
            if is_bound and is_within(leads_to, ban.targets):
                said[f"{each.place} imports {leads_to}: {ban.reason}"] = None
    return list(said)


@pytest.mark.parametrize("package", LADDERS)
def test_every_module_has_one_layer(package: str):
    found = {layer(name, package) for name in modules(package.partition(".")[0]) if is_within(name, [package])}
    assert Counter(LADDERS[package]) == Counter(found)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_down_and_break_no_ban(package: str):
    found = faults(imports(package))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", LADDERS)
def test_an_import_of_a_layer_above_is_a_fault(package: str):
    ladder = [f"{package}.{name}" for name in LADDERS[package] if name != "__init__"]
    for lower, upper in pairwise(ladder):
        (fault, *_) = faults(imports_of(lower, f"def late():\n    import {upper}", "x.py"))
        assert fault == f"x.py:2 imports {upper}, a layer above its own: {WHY[package]}"


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.reason)
def test_an_import_that_is_banned_is_a_fault(ban: Ban):
    for importer in ban.importers:
        bound = next(name for name in modules(importer.partition(".")[0]) if is_bound(name, importer, ban))
        for banned in ban.targets:
            assert f"x.py:1 imports {banned}: {ban.reason}" in faults(imports_of(bound, f"import {banned}", "x.py"))


def is_bound(name: str, importer: str, ban: Ban) -> bool:
    return is_within(name, [importer]) and not is_within(name, ban.but)


def test_the_app_uses_public_names_only():
    found = [each for each in imports("app") if each.module == "engine" and not is_public(each.name)]
    assert not found, "\n".join(f"{each.place} imports engine.{each.name}" for each in found)


def is_public(name: str) -> bool:
    return name in {"", "errors", *engine.__all__}


@pytest.mark.parametrize("package", PACKAGES)
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
