"""The words of names that a script writes in capitals and small letters, and the dialect folds: `OrderDateKey`.

An import stores the folded name, `orderdatekey`, as the warehouse does. What the words say would be lost, so that
suggestions are made on a schema with the names as written, which are folded again in what they return.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.rules.name_words import words
from engine.schema.models import ExperimentSchema

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXTS = frozenset(("comment", "description", "values", "warnings", "checks"))


class Spellings:
    """The names of a script by their folded form, where capitals divide them into more words than the folded form."""

    def __init__(self, schema: ExperimentSchema, text: str) -> None:
        folded = {table.name for table in schema.tables if not table.quoted}
        folded |= {column.name for table in schema.tables for column in table.columns if not column.quoted}
        self._spelled: dict[str, str] = {}
        for match in re.finditer(r"\b[A-Za-z_]\w*\b", text):
            name = match[0]
            low = name.lower()
            if low in folded and name != low and len(words(name)) > len(words(self._spelled.get(low, low))):
                self._spelled[low] = name
        self._folded = {name: low for low, name in self._spelled.items()}

    def __bool__(self) -> bool:
        return bool(self._spelled)

    def spell(self, schema: ExperimentSchema) -> ExperimentSchema:
        """Return the schema with the names as the script writes them."""
        return self._renamed(schema, self.spell_text)

    def fold(self, schema: ExperimentSchema) -> ExperimentSchema:
        """Return the schema with the folded names, also in expressions and reasons."""
        return self._renamed(schema, self.fold_text)

    def spell_text(self, text: str) -> str:
        """Return a text with every folded name as the script writes it."""
        return self._replace(text, self._spelled)

    def fold_text(self, text: str) -> str:
        """Return a text with every name of the script folded."""
        return self._replace(text, self._folded)

    def _renamed(self, schema: ExperimentSchema, rename: Callable[[str], str]) -> ExperimentSchema:
        if not self:
            return schema
        data = _renamed(schema.model_dump(exclude_unset=True), rename)
        return ExperimentSchema.model_validate(data)

    @staticmethod
    def _replace(text: str, names: dict[str, str]) -> str:
        return _NAME.sub(lambda match: names.get(match[0], match[0]), text)


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rename(value)
    if isinstance(value, list):
        return [_renamed(each, rename) for each in value]
    if isinstance(value, dict):
        return {
            rename(key): each
            if key in _TEXTS
            else _with_keys(each, rename)
            if key == "rows"
            else _renamed(each, rename)
            for key, each in value.items()
        }
    return value


def _with_keys(rows: Any, rename: Callable[[str], str]) -> Any:
    """Return given rows with the names of their columns renamed, and their cells as they are."""
    if not isinstance(rows, list):
        return rows
    return [{rename(key): cell for key, cell in row.items()} if isinstance(row, dict) else row for row in rows]
