"""Checks of declared outcomes: columns that can be made so, periods and values that exist, numbers for each of them.

Whether the rows suffice for the targets depends on their number, and is checked where the columns are compiled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import DATES, shapes_of, sources_of
from engine.schema.conditional_checks import parse_text
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.outcomes import VALUE, Outcome, Partition, flat, partitions_of, period_of
from engine.schema.types import Kind

_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_LISTED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.UUID})
_OTHERS = ("default_value", "null_when", "null_by", "groups", "same_within", "rising_within", "follows")
_SHOWN = 3


def check_outcomes(table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's outcomes."""
    if not table.outcomes:
        return
    where = f"{table.key}.outcomes"
    if table.batches or table.grows:
        kind = "with batches" if table.batches else "that grows"
        yield Problem(where, f"A table {kind} cannot have outcomes.", "Appended rows would change the earlier.")
    if table.rows:
        yield Problem(where, "A table with given rows cannot have outcomes.", "Remove the rows, or the outcomes.")
    partitions = partitions_of(table.outcomes)
    used = Counter(name.casefold() for one in partitions for name in one.columns)
    for name in (name for name, times in used.items() if times > 1):
        yield Problem(where, f'Two outcomes make the column "{name}".', "Keep one of them, or use the same of and per.")
    for partition in partitions:
        problems = list(_check_partition(table, partition, where))
        yield from problems
        if not problems:
            yield from _check_cells(table, partition, where)


def _check_partition(table: TableSchema, partition: Partition, where: str) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    roles = {partition.first.of: "of", partition.first.by: "by"} | {one.sum: "sum" for one in partition.outcomes}
    for name, role in roles.items():
        if name is None:
            continue
        if name.casefold() not in map(str.casefold, names):
            hint = did_you_mean(name, names) or f"The columns are: {', '.join(names[:20])}."
            yield Problem(where, f'{role} names "{name}", which {table.key} does not have.', hint)
            continue
        yield from _check_column(table, table.column(name), role, partition.first.per)
    for outcome in partition.outcomes:
        yield from _check_keys(outcome, where)
    if sum(one.count is not None for one in partition.outcomes) > 1:
        message = f"Two outcomes count the rows of {partition.first.of}."
        yield Problem(where, message, "Give count to one of them; it holds for all of them.")


def _check_keys(outcome: Outcome, where: str) -> Iterator[Problem]:
    if (outcome.sum is None) != (outcome.targets is None):
        missing, given = ("targets", "sum") if outcome.targets is None else ("sum", "targets")
        yield Problem(where, f"An outcome has {given} and no {missing}.", f"Add {missing}, or remove {given}.")
    elif outcome.targets is None and outcome.count is None:
        yield Problem(where, "An outcome has neither targets nor count.", "Add sum and targets, or count.")
    for name, numbers in (("targets", outcome.targets), ("count", outcome.count)):
        if numbers is None:
            continue
        is_nested = any(isinstance(each, dict) for each in numbers.values())
        if is_nested and outcome.by is None:
            yield Problem(where, f"{name} lists periods by group, and there is no by.", 'Add "by": a column.')
        elif not is_nested and outcome.by is not None:
            message = f"{name} does not list its numbers by {outcome.by} first."
            yield Problem(where, message, f'Write "{name}": {{"EU": {{"2024-01": 10}}}}, or remove by.')
    if outcome.count is not None:
        yield from _check_count(list(flat(outcome.count, outcome.by).values()), where)


def _check_count(counts: list[Decimal], where: str) -> Iterator[Problem]:
    if any(each < 0 for each in counts):
        yield Problem(where, "A count is negative.", "Counts are numbers of rows, or shares that add up to 1.")
    elif any(each != each.to_integral_value() for each in counts) and abs(sum(counts, Decimal(-1))) > Decimal("1e-9"):
        message = f"The shares of count add up to {float(sum(counts)):.6g}, and not to 1."
        yield Problem(where, message, "Write shares that add up to 1, or whole numbers of rows.")


def _check_column(table: TableSchema, column: ColumnSchema, role: str, per: str) -> Iterator[Problem]:
    where = f"{table.key}.{column.name}"
    try:
        kind = column.type.kind
    except ValueError:
        return  # a problem of its own
    if role == "sum" and kind not in _EXACT:
        hint = "Use a DECIMAL type: sums of floats are not exact." if kind is Kind.FLOAT else "Name a number."
        yield Problem(where, f"outcomes: sum needs INTEGER or DECIMAL, and the type is {column.type}.", hint)
    elif role == "of" and per != VALUE and kind not in DATES:
        message = f"outcomes: a {per} needs a date or timestamp, and the type is {column.type}."
        yield Problem(where, message, 'Name a date column, or use "per": "value".')
    elif (role == "by" or (role == "of" and per == VALUE)) and kind not in _LISTED:
        yield Problem(where, f"outcomes: {column.type} has no values to list.", "Name a text, number, date or boolean.")
    if column.is_nullable:
        yield Problem(where, "outcomes: the column may be NULL.", 'Set "required": true.')
    folded = column.name.casefold()
    groups = [*table.composite_keys, *(each.columns for each in table.foreign_keys)]
    if table.is_unique(column) or any(folded in map(str.casefold, group) for group in groups):
        yield Problem(where, "outcomes cannot make the values of a key.", "Name another column.")
    allowed = {"values"} if role == "by" or per == VALUE else set()
    rules = [*sources_of(column), *(shape for shape in shapes_of(column) if role != "sum")]
    given = [rule.name for rule in rules if rule.name not in (allowed if role != "sum" else ())]
    given += [shape.name for shape in shapes_of(column) if role == "sum" and shape.name != "distribution"]
    given += [name for name in _OTHERS if getattr(column, name) is not None]
    given += ["weights"] if column.weights is not None else []
    if table.correlation is not None and folded in map(str.casefold, table.correlation.columns):
        given.append("correlation")
    for name in dict.fromkeys(given):
        yield Problem(where, f"{name} cannot be combined with outcomes, which make the values.", f"Remove {name}.")


def _check_cells(table: TableSchema, partition: Partition, where: str) -> Iterator[Problem]:
    cells = partition.cells
    for numbers in partition.numbers:
        missing = [_text(cell) for cell in cells if cell not in numbers]
        if missing:
            message = f"{partition.first.of}: {', '.join(missing[:_SHOWN])} is not in all targets and counts."
            yield Problem(where, message, "List the same periods everywhere; 0 is possible.")
            return
    first = partition.first
    names = list(dict.fromkeys(name for _, name in cells))
    if first.per == VALUE:
        yield from _check_values(table.column(first.of), names, where)
    else:
        yield from _check_periods(table.column(first.of), first.per, names, where)
    if first.by is not None:
        yield from _check_values(table.column(first.by), list(dict.fromkeys(group for group, _ in cells)), where)
    for outcome in partition.outcomes:
        if outcome.sum is not None and outcome.targets is not None:
            scale = table.column(outcome.sum).type.scale
            numbers = flat(outcome.targets, outcome.by)
            wrong = next((cell for cell, each in numbers.items() if (each * 10**scale) % 1), None)
            if wrong is not None:
                message = f"The target {numbers[wrong]} of {_text(wrong)} has more decimal places than {outcome.sum}."
                yield Problem(where, message, f"Round it to {scale} decimal places.")


def _check_values(column: ColumnSchema, names: list[str], where: str) -> Iterator[Problem]:
    found: dict[object, str] = {}
    for name in names:
        try:
            value = parse_text(name, column.type)
        except ValueError as error:
            yield Problem(where, f'"{name}" is no value of {column.name}: {error}.', f"Its type is {column.type}.")
            continue
        if value in found:
            yield Problem(where, f'"{found[value]}" and "{name}" are the same value.', "Remove one of them.")
        found[value] = name
        number = value if column.type.kind in _EXACT else None
        low, high = column.min_value, column.max_value
        if number is not None and ((low is not None and number < low) or (high is not None and number > high)):
            yield Problem(where, f'"{name}" is outside of min_value and max_value of {column.name}.', "Widen them.")
    if column.values is not None:
        listed = {parse_text(str(each) if not isinstance(each, bool) else str(each).lower(), column.type)
                  for each in column.values}  # fmt: skip
        for value in [each for each in found if each not in listed][:_SHOWN]:
            yield Problem(where, f'"{found[value]}" is not among the values of {column.name}.', "Add it to them.")
        for each in [each for each in listed if each not in found][:_SHOWN]:
            yield Problem(where, f'{column.name} lists "{each}", which no row would have.', "Add it; 0 is possible.")


def _check_periods(column: ColumnSchema, per: str, names: list[str], where: str) -> Iterator[Problem]:
    seen: dict[object, str] = {}
    first = column.date_start or (column.timestamp_start and column.timestamp_start.date())
    last = column.date_end or (column.timestamp_end and column.timestamp_end.date())
    for name in names:
        try:
            start, end = period_of(per, name)
        except ValueError as error:
            yield Problem(where, f"{error}.", f"It is a {per} of {column.name}.")
            continue
        if start in seen:
            yield Problem(where, f'"{seen[start]}" and "{name}" are the same {per}.', "Remove one of them.")
        seen[start] = name
        if (first is not None and end < first) or (last is not None and start > last):
            limits = " to ".join(str(each) if each is not None else "..." for each in (first, last))
            yield Problem(where, f'"{name}" is outside of the bounds of {column.name}: {limits}.', "Widen the bounds.")


def _text(cell: tuple[str, str]) -> str:
    return " ".join(filter(None, cell))
