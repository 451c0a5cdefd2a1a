"""CHECKs of a table: kept by the rules of its columns where they can be, tried on its first rows, and saved.

A CHECK that the rows meet is saved with the table, so that the audit proves it; the others become warnings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from engine.errors import RuleError
from engine.rules.declared.conditions import (
    Bound,
    Condition,
    Length,
    Like,
    Listed,
    NotAllNull,
    Related,
    read_conditions,
)
from engine.rules.declared.formulas import change_columns
from engine.rules.declared.orders import drop_bounds, keep_orders
from engine.rules.declared.ranges import Contradiction, clear_rule, keep_length, keep_ranges
from engine.rules.declared.trials import Trial
from engine.rules.derived.vendor_sql import fix_today, is_today, read_expression, write_expression
from engine.schema.column_rules import sources_of
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.importing.declarations import TableCheck
from engine.sql.importing.notes import ImportLog
from engine.sql.row_checks import check_fault

_ANY = re.compile(r"\bany\s*\(", re.I)
_HINT = "Change a rule or the CHECK."


@dataclass
class _Read:
    """A CHECK with its tree and the conditions read from it (None for a part that no rule keeps)."""

    check: TableCheck
    tree: exp.Expr
    conditions: list[Condition | None]
    contradiction: str = ""

    @property
    def saved_text(self) -> str:
        """The condition as it is saved: as written, but with IN for PostgreSQL's ANY(ARRAY[...])."""
        return write_expression(self.tree) if _ANY.search(self.check.text) else self.check.text

    @property
    def sql(self) -> str:
        """The condition as an expression, in which the day of the run is a fixed one."""
        return write_expression(fix_today(self.tree))


class CheckKeeper:
    """Keeps the CHECKs of one table."""

    def __init__(
        self, schema: ExperimentSchema, table: TableSchema, checks: Sequence[TableCheck], dialect: str, log: ImportLog
    ) -> None:
        self._schema = schema
        self._table = table
        self._dialect = dialect
        self._log = log
        self._read = [read for check in checks if (read := self._parse(check)) is not None]

    def keep(self) -> TableSchema:
        """Return the table with rules that keep the CHECKs, and with those that its rows meet."""
        self._keep_ranges()
        self._keep_some_value()
        self._keep_orders()
        self._keep_lengths()
        kept = [
            read.saved_text for read, holds in zip(self._read, self._test(), strict=True) if self._is_kept(read, holds)
        ]
        return self._table.model_copy(update={"checks": list(dict.fromkeys([*self._table.checks, *kept]))})

    def _parse(self, check: TableCheck) -> _Read | None:
        try:
            tree = read_expression(check.text, self._table, self._dialect, check.table)
        except RuleError as error:
            self._warn(check, error.message)
            return None
        known = {column.name.casefold() for column in self._table.columns}
        columns = [each for each in tree.find_all(exp.Column) if not is_today(each)]
        conditions = read_conditions(tree) if all(each.name.casefold() in known for each in columns) else []
        return _Read(check, tree, conditions)

    def _is_kept(self, read: _Read, holds: bool | None) -> bool:
        """Return whether a CHECK is saved; add a warning when its rows do not meet it."""
        if read.contradiction:
            self._warn(read.check, f"{read.contradiction[0].upper()}{read.contradiction[1:]}, so no row meets it.")
            return False
        if holds is False:
            self._warn(read.check, f"The rules of its columns do not keep it. {_HINT}")
            return False
        is_understood = bool(read.conditions) and None not in read.conditions
        fault = check_fault(self._table, read.saved_text, self._dialect)
        if (holds is None and not is_understood) or fault:
            self._warn(read.check, f"{fault or 'An expression cannot compute it.'} {_HINT}")
            return False
        return True

    def _warn(self, check: TableCheck, reason: str) -> None:
        self._log.add(check.place, "warning", f"CHECK ignored; generated data may violate it: ({check.text}). {reason}")

    def _test(self) -> list[bool | None]:
        return Trial(self._schema, self._table).test([read.sql for read in self._read])

    def _of_column(self, column: ColumnSchema) -> list[tuple[_Read, Condition]]:
        folded = column.name.casefold()
        return [
            (read, condition)
            for read in self._read
            for condition in read.conditions
            if isinstance(condition, Bound | Listed | Like | Length) and condition.column.casefold() == folded
        ]

    def _keep_ranges(self) -> None:
        for column in self._table.columns:
            asked = self._of_column(column)
            ranged = [condition for _, condition in asked if isinstance(condition, Bound | Listed | Like)]
            if not ranged or not self._is_open(column):
                continue
            try:
                kept = keep_ranges(column, ranged)
            except Contradiction as contradiction:
                if column.suggested and self._try_without_suggestion(column, ranged):
                    continue
                for read, _ in asked:
                    read.contradiction = str(contradiction)
                continue
            if not self._try(column.name, kept.changes):
                self._try_without_suggestion(column, ranged)

    def _is_open(self, column: ColumnSchema) -> bool:
        """Return whether the column's rule can take bounds: not one that reads other columns, unless suggested."""
        return column.foreign_key is None and (column.suggested or not sources_of(column))

    def _try_without_suggestion(self, column: ColumnSchema, ranged: Sequence[Bound | Listed | Like]) -> bool:
        """Use the conditions in place of a suggested rule that does not go with them."""
        if not column.suggested:
            return False
        bare = change_columns(self._table, {column.name: clear_rule(column)}).column(column.name)
        try:
            changes = keep_ranges(bare, ranged).changes
        except Contradiction:
            return False
        return self._try(column.name, {**clear_rule(column), **changes})

    def _try(self, name: str, changes: dict[str, object]) -> bool:
        """Change a column if it can be generated so."""
        if not changes:
            return True
        try:
            changed = change_columns(self._table, {name: changes})
        except ValueError:
            return False
        if Trial(self._schema, changed).find_fault(name) is not None:
            return False
        self._table = changed
        return True

    def _keep_some_value(self) -> None:
        """Give one of the columns of `a IS NOT NULL OR b IS NOT NULL` no NULLs, unless one is required."""
        for read in self._read:
            for condition in read.conditions:
                if not isinstance(condition, NotAllNull):
                    continue
                named = {name.casefold() for name in condition.columns}
                columns = [column for column in self._table.columns if column.name.casefold() in named]
                if columns and all(column.is_nullable and column.effective_null_fraction for column in columns):
                    self._try(columns[0].name, {"null_fraction": 0.0})

    def _keep_orders(self) -> None:
        """Keep the comparisons between columns: all together, or as many of the CHECKs as go together."""
        reads = [read for read in self._read if any(isinstance(each, Related) for each in read.conditions)]
        if not reads or self._order(reads):
            return
        before, accepted = self._table, list[_Read]()
        for read in reads:
            if self._order([*accepted, read], before):
                accepted.append(read)
        if accepted:
            self._order(accepted, before)

    def _order(self, reads: Sequence[_Read], before: TableSchema | None = None) -> bool:
        """Order the columns as these CHECKs ask; return whether they hold, otherwise nothing changes."""
        table = before or self._table
        related = [each for read in reads for each in read.conditions if isinstance(each, Related)]
        made = {name: drop_bounds(change) for name, change in keep_orders(table, related).items()}
        try:
            changed = change_columns(table, made)
        except ValueError:
            return False
        trial = Trial(self._schema, changed)
        if any(trial.find_fault(name) is not None for name in made):
            return False
        if False in trial.test([read.sql for read in reads]):
            return False
        self._table = changed
        return True

    def _keep_lengths(self) -> None:
        """Give a text of the right length to the columns whose rule makes others."""
        reads = [read for read in self._read if any(isinstance(each, Length) for each in read.conditions)]
        holds = Trial(self._schema, self._table).test([read.sql for read in reads]) if reads else []
        for read, is_met in zip(reads, holds, strict=True):
            for name in {each.column for each in read.conditions if isinstance(each, Length)} if not is_met else ():
                column = self._table.column(name)
                lengths = [each for _, each in self._of_column(column) if isinstance(each, Length)]
                if not self._is_open(column):
                    continue
                try:
                    self._try(column.name, keep_length(column, lengths))
                except Contradiction as contradiction:
                    read.contradiction = str(contradiction)
