"""All declarations of a script, before and after rules are suggested.

Formulas and numberings come first, so that nothing is suggested for their columns. CHECKs and defaults come last: they
narrow what is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from engine.errors import RuleError
from engine.rules.declared.checks import CheckKeeper
from engine.rules.declared.defaults import add_defaults, add_generated
from engine.rules.declared.formulas import add_formulas, add_numberings, settle_formulas
from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.importing.declarations import Declaration, Default, Formula, Numbering, TableCheck
from engine.sql.importing.notes import ImportLog

T = TypeVar("T", Formula, TableCheck, Default, Numbering)


class Declared:
    """What a script of a dialect declares, and the log that tells what became of it."""

    def __init__(self, declarations: Iterable[Declaration], dialect: str, log: ImportLog) -> None:
        self._dialect = dialect
        self._log = log
        self._of_table: dict[str, list[Declaration]] = {}
        for declaration in declarations:
            self._of_table.setdefault(declaration.table, []).append(declaration)

    def describe(self, schema: ExperimentSchema) -> ExperimentSchema:
        """Return the schema with the rules that the script states in full: formulas, sequences, UUIDs."""

        def change(schema: ExperimentSchema, table: TableSchema) -> TableSchema:
            table = add_numberings(table, self._find(table, Numbering))
            table = add_generated(table, self._find(table, Default), self._dialect)
            return add_formulas(table, self._find(table, Formula), self._dialect, self._log)

        return self._change_tables(schema, change)

    def restrict(self, schema: ExperimentSchema) -> ExperimentSchema:
        """Return the schema with rules that keep the CHECKs, and with defaults and formulas that can be made."""

        def change(schema: ExperimentSchema, table: TableSchema) -> TableSchema:
            if checks := self._find(table, TableCheck):
                table = CheckKeeper(schema, table, checks, self._dialect, self._log).keep()
            if formulas := self._find(table, Formula):
                table = settle_formulas(schema, table, formulas, self._log)
            if defaults := self._find(table, Default):
                table = add_defaults(schema, table, defaults, self._dialect, self._log)
            return table

        try:
            return self._change_tables(schema, change)
        except RuleError:  # the rows of the tables are not known: a problem of its own
            return schema

    def _find(self, table: TableSchema, kind: type[T]) -> Sequence[T]:
        return [each for each in self._of_table.get(table.key, ()) if isinstance(each, kind)]

    def _change_tables(
        self, schema: ExperimentSchema, change: Callable[[ExperimentSchema, TableSchema], TableSchema]
    ) -> ExperimentSchema:
        for index, table in enumerate(schema.tables):
            if table.key not in self._of_table:
                continue
            changed = change(schema, table)
            if changed is not table:
                tables = [*schema.tables[:index], changed, *schema.tables[index + 1 :]]
                schema = schema.model_copy(update={"tables": tables})
        return schema
