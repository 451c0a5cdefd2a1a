"""Parts of a date that no column of the table tells, such as `fiscal_year` or `birthyear`: those of any date.

So too for numbers and texts that stand for a date by themselves, such as `snapshot_date_key` or `created_epoch_ms`.
"""

from __future__ import annotations

from decimal import Decimal

from engine.rules.name_words import words
from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.date_part_sql import FLAGS, NUMBERS, TEXTS, part_sql
from engine.rules.suggestions.moments import DAYS, Form, Moment, form_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_words import split_words
from engine.rules.values.timestamps import FIRST_DAY
from engine.schema.types import NUMERIC, Kind

_DATE = f"(date '{FIRST_DAY}' + uniform(0, {DAYS}, random(1)))"
_VAGUE = frozenset("datekey day half season holiday holidayname hour minute second daypart decade century dow".split())
_BIRTHS = frozenset("birth born".split())
_MONTHS_AS_MM = frozenset("exp expiry expires expiration valid birth dob born start end".split())
_LONE_FORMS = frozenset({Form.SECONDS, Form.MILLIS, Form.DAY_NUMBER})


def suggest_lone_parts(draft: SchemaDraft) -> None:
    """Suggest parts of a random date for free columns that are named as parts of one."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            kind = column.type.kind
            if table.is_unique(column) or column.foreign_key is not None or not (kind in NUMERIC or kind is Kind.TEXT):
                continue
            form = form_of(column, split_words(column.name))
            if form in _LONE_FORMS:
                rule = Moment(table, column, form, ()).anchor()
                if rule is not None and draft.suggest(table, column.name, rule, f"The name says {form}."):
                    continue
            found = part_of_name(column.name)
            if found is None or found[0] in _VAGUE or found[0] in FLAGS or _is_millimetres(column.name):
                continue
            part, subject = found
            if part == "year" and set(subject) & _BIRTHS and kind in NUMERIC:
                change = {"min_value": Decimal(1945), "max_value": Decimal(2006)}
                draft.suggest(table, column.name, change, "A year of birth.")
            elif part in NUMBERS or part in TEXTS:
                sql = part_sql(part, column, _DATE)
                if sql is not None:
                    draft.suggest(table, column.name, {"expression": sql}, "A part of a date.")


def _is_millimetres(name: str) -> bool:
    """Return whether `mm` in a name stands for millimetres: not alone (`mm`), and not after a date (`exp_mm`)."""
    named = words(name)
    return len(named) > 1 and named[-1] == "mm" and named[-2] not in _MONTHS_AS_MM
