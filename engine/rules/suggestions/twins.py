"""Columns that tell one moment twice: `order_date` and `ordered_at`, `event_ts` and `event_epoch_ms`.

The finest of them is drawn, and the others are computed from it. A date that may not be NULL next to a timestamp that
may is drawn instead, and the timestamp is a time of that day.
"""

from __future__ import annotations

from typing import Any

from engine.rules.name_words import singular, words
from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_order import own_words, stages_of_word
from engine.schema.models import ColumnSchema, TableSchema

_FINENESS = (
    Form.TIMESTAMP, Form.MILLIS, Form.SECONDS, Form.TIMESTAMP_TEXT, Form.DATE, Form.DATE_TEXT, Form.DAY_NUMBER,
    Form.DAY_TEXT, Form.TIME,
)  # fmt: skip
_FORMLESS = frozenset("date dt ds day ts timestamp datetime dttm dtm partition p load".split())
_STEM = 4
_REASON = "The same moment as"


def suggest_twins(draft: SchemaDraft) -> None:
    """Suggest, for each moment that another column of its table tells too, an expression over that one."""
    for table in draft.tables:
        moments = moments_of(draft, table)
        if len(moments) > 1:
            for group in twin_groups(moments):
                _suggest_group(draft, table, group)


def is_twin(column: ColumnSchema) -> bool:
    """Return whether the column's values are computed from another one that tells the same moment."""
    return column.suggested and (column.because or "").startswith(_REASON)


def twin_groups(moments: list[Moment]) -> list[list[Moment]]:
    """Return the groups of columns that tell the same moment in different forms."""
    groups: dict[tuple[str, ...], list[Moment]] = {}
    for moment in moments:
        groups.setdefault(_subject(moment), []).append(moment)
    return [group for group in groups.values() if len({moment.form for moment in group}) > 1]


def _subject(moment: Moment) -> tuple[str, ...]:
    """Return what the moment is of: its words, with one form for `order`, `ordered` and `ordering`."""
    table_words = {singular(word) for word in words(moment.table.name)}
    names = [word for word in own_words(moment) if word not in _FORMLESS]
    names = [word for word in names if singular(word) not in table_words] or names
    return tuple(word[:_STEM] if stages_of_word(word) else word for word in names)


def _suggest_group(draft: SchemaDraft, table: TableSchema, group: list[Moment]) -> None:
    by_form: dict[Form, Moment] = {}
    for moment in sorted(group, key=lambda moment: _FINENESS.index(moment.form)):
        by_form.setdefault(moment.form, moment)
    ranked = list(by_form.values())
    main = _main(ranked)
    if main.form is Form.TIME:
        return
    for moment in ranked:
        if moment is main or not draft.is_free(table, moment.column.name):
            continue
        if not main.is_native and draft.is_free(table, main.column.name):
            rule = main.anchor()
            if rule is None or not draft.suggest(table, main.column.name, rule, f"The name says {main.form}."):
                return
        change = _change(moment, main)
        if change is not None:
            draft.suggest(table, moment.column.name, change, f"{_REASON} {main.column.name}.")


def _main(ranked: list[Moment]) -> Moment:
    """Return the column that is drawn: the finest, unless it may be NULL where another may not."""
    required = [moment for moment in ranked if not moment.is_nullable and moment.form is not Form.TIME]
    native = [moment for moment in required if moment.is_native]
    return next(iter(native or required or ranked))


def _change(moment: Moment, main: Moment) -> dict[str, Any] | None:
    if moment.form is Form.TIME:
        return {"expression": f"cast({main.read()} as time)"} if main.form is Form.TIMESTAMP else None
    if main.is_day and not moment.is_day:
        change: dict[str, Any] = {
            "expression": moment.write(f"dateadd(second, uniform(0, 86399, random()), {main.read()})")
        }
        return change if moment.column.required else {**change, "null_fraction": 0.05}
    return {"expression": moment.write(main.read())}
