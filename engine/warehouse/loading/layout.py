"""The layout of a warehouse file: the schemas of its tables, and the names under which queries find them.

A table is in its warehouse schema, or in `main`. Its other names are views stored in the file, so that a query session
creates none: for table `sales.orders` of experiment `shop`

| schema in the file | view | found as |
|---|---|---|
| `main` | `orders` | `orders` inside the experiment |
| `shop` | `orders` | `shop.orders` |
| `shop__` | `shop__orders`, `shop__sales__orders` | the same, from anywhere |

A short name that fits two tables is given to neither; `ambiguous` lists both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.errors import LoadError
from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.quoting import quote

MAIN = "main"
_SCHEMAS_OF_DUCKDB = frozenset({"information_schema", "pg_catalog"})


@dataclass(frozen=True)
class View:
    """Another name of a table: a view `name` in the schema `schema_name` of the file."""

    schema_name: str
    name: str
    table: TableSchema

    def create_sql(self, catalog: str) -> str:
        """Return the CREATE VIEW statement in an attached file; `catalog` must be the one in use."""
        view = f"{quote(catalog)}.{quote(self.schema_name)}.{quote(self.name)}"
        return f"create view {view} as from {stored_name(self.table)}"


@dataclass(frozen=True)
class Layout:
    """The names in the warehouse file of one experiment.

    `dotted` and `flat` are the schemas of the views `shop.orders` and `shop__orders`. `ambiguous` maps a
    case-folded name to two unambiguous ones.
    """

    experiment: str
    flat: str
    schema_names: tuple[str, ...]
    views: tuple[View, ...]
    plain: dict[str, TableSchema]
    ambiguous: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def dotted(self) -> str:
        """The schema whose views are found as `shop.orders`."""
        return self.experiment


def stored_name(table: TableSchema) -> str:
    """Return the quoted name of a table inside its file."""
    return f"{quote(table.schema_name or MAIN)}.{quote(table.name)}"


def layout(schema: ExperimentSchema) -> Layout:
    """Return the layout of an experiment's warehouse file; raises `LoadError` if DuckDB cannot hold it."""
    _check(schema)
    names = list(dict.fromkeys((table.schema_name or MAIN).lower() for table in schema.tables))
    own = [name for name in names if name != MAIN]
    flat = f"{schema.name}__"
    while flat.lower() in own:
        flat += "_"
    plain, ambiguous = _plain_names(schema)
    flat_views = _flat_views(schema, flat, plain, ambiguous)
    taken = {(stored_in.lower(), name.lower()) for stored_in, name in map(_location, schema.tables)}
    short = [
        View(home, table.name, table)
        for table in plain.values()
        for home in (MAIN, schema.name)
        if (home.lower(), table.name.lower()) not in taken
    ]
    made = [name for name in (*own, schema.name.lower(), flat) if name != MAIN]
    return Layout(schema.name, flat, tuple(dict.fromkeys(made)), (*short, *flat_views), plain, ambiguous)


def qualified_names(schema: ExperimentSchema) -> list[str]:
    """Return the name of each table that works from anywhere: `shop__orders`, `shop__sales__orders`."""
    plain, _ = _plain_names(schema)
    return [
        f"{schema.name}__{table.name}" if plain.get(table.name.lower()) is table else _full_name(schema, table)
        for table in schema.tables
    ]


def _plain_names(schema: ExperimentSchema) -> tuple[dict[str, TableSchema], dict[str, tuple[str, str]]]:
    """Return the table of each unqualified name, and the unqualified names that are ambiguous."""
    plain: dict[str, TableSchema] = {}
    ambiguous: dict[str, tuple[str, str]] = {}
    for table in sorted(schema.tables, key=lambda table: table.schema_name is not None):
        name = table.name.lower()
        first = plain.get(name)
        if first is None:
            plain[name] = table
        elif first.schema_name is not None and name not in ambiguous:
            ambiguous[name] = (first.key, table.key)
    return {name: table for name, table in plain.items() if name not in ambiguous}, ambiguous


def _flat_views(
    schema: ExperimentSchema,
    flat: str,
    plain: dict[str, TableSchema],
    ambiguous: dict[str, tuple[str, str]],
) -> list[View]:
    views: dict[str, View] = {}
    for name, (one, other) in list(ambiguous.items()):
        full = (_full_key(schema, one), _full_key(schema, other))
        ambiguous[f"{schema.name}__{name}".lower()] = full
        ambiguous[f"{schema.name}.{name}".lower()] = full
    for name, table in _flat_names(schema, plain):
        folded = name.lower()
        first = views.setdefault(folded, View(flat, name, table))
        if first.table is not table:
            ambiguous.setdefault(folded, (first.table.key, table.key))
    return [view for name, view in views.items() if name not in ambiguous]


def _flat_names(schema: ExperimentSchema, plain: dict[str, TableSchema]) -> Iterator[tuple[str, TableSchema]]:
    for table in plain.values():
        yield f"{schema.name}__{table.name}", table
    for table in schema.tables:
        if table.schema_name is not None:
            yield _full_name(schema, table), table


def _full_name(schema: ExperimentSchema, table: TableSchema) -> str:
    return "__".join(part for part in (schema.name, table.schema_name, table.name) if part)


def _full_key(schema: ExperimentSchema, key: str) -> str:
    return _full_name(schema, next(table for table in schema.tables if table.key == key))


def _location(table: TableSchema) -> tuple[str, str]:
    return table.schema_name or MAIN, table.name


def _check(schema: ExperimentSchema) -> None:
    seen: dict[tuple[str, str], TableSchema] = {}
    for table in schema.tables:
        home, name = _location(table)
        if home.lower() in _SCHEMAS_OF_DUCKDB:
            raise LoadError(
                f'The schema name "{home}" is reserved by the database.',
                where=table.key,
                hint="Give the table another schema_name.",
            )
        other = seen.setdefault((home.lower(), name.lower()), table)
        if other is not table:
            raise LoadError(
                f'"{other.key}" and "{table.key}" have the same name in the database.', hint="Rename one of them."
            )
