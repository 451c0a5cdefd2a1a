"""Classes of columns that are equal in all rows of a witness, and occurrences of a table that are one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from engine.workload.witnesses.facts import Facts, TableFacts
from engine.workload.witnesses.flattening import Flat
from engine.workload.witnesses.substitution import FREE, PREFIX

Cell = tuple[str, str]
"""An occurrence's name and a column's, both in lower case."""


class Classes:
    """Cells joined by equality; occurrences with the same key are merged."""

    def __init__(self, facts: Facts, flat: Flat) -> None:
        self._facts = facts
        self._flat = flat
        self._above: dict[Cell, Cell] = {}
        self._merged = list(range(len(flat.tables)))
        self._cells: dict[Cell, None] = {}
        self.conditions: list[exp.Expr] = []
        for each in flat.conditions:
            for column in each.find_all(exp.Column):
                self._cells[column.table, column.name] = None
            left, right = (each.left.unnest(), each.right.unnest()) if isinstance(each, exp.EQ) else (None, None)
            if isinstance(left, exp.Column) and isinstance(right, exp.Column) and FREE not in (left.table, right.table):
                self._join((left.table, left.name), (right.table, right.name))
            else:
                self.conditions.append(each)
        for table, name, _ in flat.extremes:
            self._cells[table, name] = None
        while self._merge_one():
            pass
        self.conditions = [self._renamed(each) for each in self.conditions]

    def table(self, occurrence: int) -> TableFacts:
        """Return the table of an occurrence."""
        return self._facts.tables[self._flat.tables[occurrence]]

    def root(self, occurrence: int) -> int:
        """Return the occurrence that stands for one."""
        while self._merged[occurrence] != occurrence:
            occurrence = self._merged[occurrence]
        return occurrence

    @property
    def roots(self) -> list[int]:
        """The occurrences that are rows of their own."""
        return [each for each in range(len(self._flat.tables)) if self.root(each) == each]

    def of(self, cell: Cell) -> Cell:
        """Return the class of a cell, by one of its cells."""
        if cell[0] != FREE:
            cell = (f"{PREFIX}{self.root(int(cell[0][1:]))}", cell[1])
        while self._above.get(cell, cell) != cell:
            cell = self._above[cell]
        return cell

    def members(self) -> dict[Cell, list[Cell]]:
        """Return the cells of each class, of occurrences that are rows of their own."""
        found: dict[Cell, dict[Cell, None]] = {}
        for cell in self._cells:
            if cell[0] != FREE:
                own = (f"{PREFIX}{self.root(int(cell[0][1:]))}", cell[1])
                found.setdefault(self.of(own), {})[own] = None
        return {key: list(cells) for key, cells in found.items()}

    def names(self, occurrence: int) -> list[str]:
        """Return the columns of an occurrence that conditions name."""
        return [name for table, name in self._cells if table != FREE and self.root(int(table[1:])) == occurrence]

    def add(self, cell: Cell) -> None:
        """Note a cell that is to have a value."""
        self._cells[cell] = None

    def _join(self, one: Cell, other: Cell) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self._above[second] = first

    def _merge_one(self) -> bool:
        seen: dict[object, int] = {}
        for occurrence in self.roots:
            table = self.table(occurrence)
            for key in self._keys(table):
                cells = [(f"{PREFIX}{occurrence}", name) for name in key]
                if not all(cell in self._cells or cell in self._above for cell in cells):
                    continue
                mark = (table.number, key, tuple(map(self.of, cells)))
                first = seen.setdefault(mark, occurrence)
                if first != occurrence:
                    for name in table.columns:
                        self._join((f"{PREFIX}{first}", name), (f"{PREFIX}{occurrence}", name))
                    self._merged[occurrence] = first
                    return True
        return False

    def _keys(self, table: TableFacts) -> Iterator[tuple[str, ...]]:
        yield from ((name,) for name in sorted(table.unique))
        yield from table.groups

    def _renamed(self, condition: exp.Expr) -> exp.Expr:
        condition = condition.copy()
        for column in condition.find_all(exp.Column):
            if column.table != FREE:
                column.set("table", exp.to_identifier(f"{PREFIX}{self.root(int(column.table[1:]))}"))
        return condition


def components(groups: Sequence[set[Cell]]) -> list[list[int]]:
    """Return the numbers of the sets that hang together by common members."""
    found: list[tuple[set[Cell], list[int]]] = []
    for number, cells in enumerate(groups):
        together, numbers = set(cells), [number]
        rest = []
        for other, others in found:
            if other & together:
                together |= other
                numbers += others
            else:
                rest.append((other, others))
        found = [*rest, (together, numbers)]
    return [sorted(numbers) for _, numbers in found]
