"""Why a column has its rule: the reason of its suggestion, or the CHECKs that its values keep."""

from __future__ import annotations

import re

from engine.schema.models import ColumnSchema, TableSchema

_TEXTS = re.compile(r"'(?:[^']|'')*'")
_NAMES = re.compile(r"[\w$]+")


def reason_of(table: TableSchema, column: ColumnSchema) -> str:
    """Return why a column's rule or foreign key was suggested, else the table's checks that name it; may be empty."""
    composite = [key.because for key in table.foreign_keys if column.name in key.columns]
    found = [column.foreign_key.because if column.foreign_key else None, *composite, column.because]
    if reasons := dict.fromkeys(reason for reason in found if reason):
        return " ".join(reasons)
    return ", ".join(f"CHECK ({check})" for check in table.checks if column.name.casefold() in _named_in(check))


def _named_in(check: str) -> set[str]:
    """Return the words of a condition outside its texts, in lower case: its columns are among them."""
    return set(_NAMES.findall(_TEXTS.sub("", check).casefold()))
