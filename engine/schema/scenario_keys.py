"""What scenarios place: the foreign keys that lead to a parent's scenario, and all columns that they set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.scenarios import PlacedParent, RowParent, Scenario, ScenarioParent


@dataclass(frozen=True)
class KeyOf:
    """A foreign key of a table: its columns, its options and its parent."""

    columns: tuple[str, ...]
    key: ForeignKey | CompositeForeignKey
    parent: TableSchema

    def has(self, name: str) -> bool:
        """Return whether a column of that name, regardless of case, belongs to the key."""
        return name.casefold() in self.columns


@dataclass(frozen=True)
class PlacedKey:
    """A foreign key that a scenario places, and the rows of the parent that it references."""

    of: KeyOf
    target: PlacedParent


def keys_of(schema: ExperimentSchema, table: TableSchema) -> Iterator[KeyOf]:
    """Yield the foreign keys of a table whose parents exist, those of several columns first."""
    for key in table.foreign_keys:
        parent = find_table(schema, table, key.references_table)
        if parent is not None:
            yield KeyOf(tuple(name.casefold() for name in key.columns), key, parent)
    several = {name.casefold() for key in table.foreign_keys for name in key.columns}
    for column in table.columns:
        if column.foreign_key is not None and column.name.casefold() not in several:
            parent = find_table(schema, table, column.foreign_key.references_table)
            if parent is not None:
                yield KeyOf((column.name.casefold(),), column.foreign_key, parent)


def find_table(schema: ExperimentSchema, table: TableSchema, name: str) -> TableSchema | None:
    """Return the table that a foreign key of another one names, or None."""
    try:
        return schema.table(name, within=table.schema_name)
    except KeyError:
        return None


def find_scenario(table: TableSchema, name: str) -> Scenario | None:
    """Return the scenario of that name, regardless of case, or None."""
    return next((one for one in table.scenarios if one.name.casefold() == name.casefold()), None)


def key_fault(table: TableSchema, of: KeyOf) -> str:
    """Return why a scenario cannot choose the parents of a foreign key; an empty text when it can."""
    if of.key.spread is not None:
        return "has a fan_out, which sets the rows of each parent"
    if of.key.counted:
        return "is counted, so that the rows of each parent are known"
    if of.key.unique or any(table.is_unique(table.column(name)) for name in of.columns):
        return "is unique"
    if isinstance(of.key, ForeignKey) and of.key.through is not None:
        return "follows another key by through"
    if any(not leaves_group(table, table.column(name)) for name in of.columns):
        return "is the same within a group"
    for group in table.composite_keys:
        is_free = _has_own_group(table, group) or is_made_of_keys(table, group)
        if any(of.has(name) for name in group) and not is_free:
            return "is part of a composite key"
    return "references its own table" if of.parent.key == table.key else ""


def own_group_columns(table: TableSchema) -> list[str]:
    """Return the columns with groups, in lower case, from whose groups scenarios can take rows out.

    Such a row then is a group by itself, with a number that no other row has. That needs groups of one row, and that
    nothing else follows from the lines of the groups.
    """
    return [
        column.name.casefold()
        for column in table.columns
        if column.groups is not None and column.groups[0] == 1 and not _has_lines(table, column)
    ]


def leaves_group(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether a scenario can set a column: it is not the same within a group, or rows can leave the group."""
    return column.same_within is None or column.same_within.casefold() in own_group_columns(table)


def needs_own_group(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> set[str]:
    """Return the columns with groups, in lower case, that number each row of a scenario by itself."""
    columns = placed_columns(schema, table, scenario)
    found = set()
    for name in own_group_columns(table):
        same = {one.name.casefold() for one in table.columns if (one.same_within or "").casefold() == name}
        keys = {each.casefold() for group in table.composite_keys if _has(group, name) for each in group}
        if columns & (same | keys):
            found.add(name)
    return found


def is_made_of_keys(table: TableSchema, group: list[str]) -> bool:
    """Return whether a composite key consists of foreign keys whose parents are drawn evenly.

    A scenario that chooses all of them can have the row of another combination, which takes its own in exchange.
    """
    names = {name.casefold() for name in group}
    whole = [key for key in table.foreign_keys if names & {name.casefold() for name in key.columns}]
    rest = names - {name.casefold() for key in whole for name in key.columns}
    single = [table.column(name).foreign_key for name in rest]
    keys: list[ForeignKey | CompositeForeignKey] = [*whole, *(key for key in single if key is not None)]
    is_whole = all({name.casefold() for name in key.columns} <= names for key in whole)
    others = [each for each in table.composite_keys if each is not group and names & {one.casefold() for one in each}]
    return (
        is_whole
        and len(keys) == len(whole) + len(rest)
        and not (table.rows or table.batches or others)
        and not any(
            key.spread or key.counted or key.unique or key.distribution or key.where or getattr(key, "through", None)
            for key in keys
        )
    )


def _has_own_group(table: TableSchema, group: list[str]) -> bool:
    return any(_has(group, name) for name in own_group_columns(table))


def _has(names: list[str], name: str) -> bool:
    return name in {each.casefold() for each in names}


def _has_lines(table: TableSchema, column: ColumnSchema) -> bool:
    name = column.name.casefold()
    for one in table.columns:
        ruled = (
            one.line_number_of,
            one.rising_within,
            one.every and one.every.within,
            one.series and one.series.within,
        )
        if any((each or "").casefold() == name for each in ruled):
            return True
        texts = (one.expression, one.null_when, one.template)
        if any(f"{name}." in (text or "").casefold() for text in texts):
            return True
    return False


def placed_keys(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> list[PlacedKey]:
    """Return the foreign keys that a scenario places: those of its values, and those to a scenario of its name.

    A key that no scenario can choose parents for is left out unless it is named.
    """
    named = {name.casefold(): value for name, value in scenario.values.items()}
    found: list[PlacedKey] = []
    for of in keys_of(schema, table):
        given = [named[name] for name in of.columns if name in named]
        target = next((one for one in given if isinstance(one, ScenarioParent | RowParent)), None)
        if target is None and not given and not _is_within(scenario, of):
            same = find_scenario(of.parent, scenario.name)
            if same is not None and same.within is None and not key_fault(table, of):
                target = ScenarioParent(scenario=same.name)
        if target is not None:
            found.append(PlacedKey(of, target))
    return found


def within_key(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> KeyOf | None:
    """Return the foreign key that `within` names, or None."""
    return next((of for of in keys_of(schema, table) if _is_within(scenario, of)), None)


def placed_columns(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> set[str]:
    """Return the names, in lower case, of all columns that a scenario places."""
    keys = {name for placed in placed_keys(schema, table, scenario) for name in placed.of.columns}
    return keys | {name.casefold() for name in scenario.values}


def _is_within(scenario: Scenario, of: KeyOf) -> bool:
    return scenario.within is not None and of.has(scenario.within)
