"""Flags and states that agree with a moment: `is_deleted` with `deleted_at`, `is_current` with `valid_to`.

A flag of an event is true where the event's moment is set; `is_active` and its kind are true where the end is not. An
end that may not be NULL is 9999-12-31 where the row is current. `age` is in whole years on the last day of the default
range of dates.
"""

from __future__ import annotations

from engine.rules.name_words import singular, words
from engine.rules.suggestions.date_part_sql import flag_sql
from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_order import own_words, record_kind
from engine.rules.suggestions.time_words import split_words
from engine.rules.values.timestamps import LAST_DAY
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_QUESTIONS = frozenset("is has was flag ind indicator flg yn bool been already".split())
_OPEN_WORDS = frozenset("active current open latest enabled valid live ongoing running".split())
_END_WORDS = (
    "to until thru through end ended expiration expiry expired closed close terminated termination deactivated "
    "cancelled "
    "canceled churned left finished completed retired discontinued checkout discharge logout resolved"
).split()
_LATE_WORDS = "deleted archived".split()
_STATUS_ENDINGS = frozenset("status state stage".split())
_PAST = frozenset("sent paid sold read left born withdrawn".split())
_STATES = {
    "end": "ended", "delivery": "delivered", "receipt": "received", "ship": "shipped", "close": "closed",
    "return": "returned", "refund": "refunded", "payment": "paid", "discharge": "discharged", "dropoff": "completed",
    "checkout": "checked out", "checkin": "checked in", "termination": "terminated", "resolution": "resolved",
    "finish": "finished", "approval": "approved", "pickup": "picked up", "to": "ended", "until": "ended",
    "canceled": "cancelled", "left": "left", "arrival": "arrived",
}  # fmt: skip
_RARE_WORDS = frozenset(
    "deleted blocked cancelled canceled returned refunded churned escalated archived discontinued dropped bounced "
    "retired "
    "unsubscribed suspended banned terminated deceased expired closed merged voided disputed failed rejected".split()
)
_STEM = 4


def suggest_flags(draft: SchemaDraft) -> None:
    """Suggest flags, states and ages from the moments of their rows."""
    for table in draft.tables:
        moments = [moment for moment in moments_of(draft, table) if moment.form is not Form.TIME]
        if not moments:
            continue
        nullable = [moment for moment in moments if moment.is_nullable]
        for column in list(draft.free_columns(table)):
            if table.is_unique(column) or column.foreign_key is not None:
                continue
            names = split_words(column.name)
            if _is_flag(column, names):
                _suggest_flag(draft, table, column, names, moments, nullable)
            elif column.type.kind is Kind.TEXT and names[-1] in _STATUS_ENDINGS:
                _suggest_status(draft, table, column, names, nullable)
            elif column.type.kind in NUMERIC and names[-1] == "age" and len(names) <= 2:
                _suggest_age(draft, table, column, moments)


def _is_flag(column: ColumnSchema, names: tuple[str, ...]) -> bool:
    kind = column.type
    if kind.kind is Kind.BOOLEAN:
        return True
    is_asked = bool(set(names) & _QUESTIONS) and len(names) > 1
    is_short = kind.kind is Kind.TEXT and (kind.length or 1000) <= 5
    return is_asked and (is_short or (kind.kind in NUMERIC and kind.scale == 0))


def _suggest_flag(
    draft: SchemaDraft, table: TableSchema, column: ColumnSchema, names: tuple[str, ...], moments: list[Moment],
    nullable: list[Moment],
) -> None:  # fmt: skip
    table_words = {singular(word) for word in words(table.name)}
    subject = tuple(word for word in names if word not in _QUESTIONS)
    bare = tuple(word for word in subject if singular(word) not in table_words) or subject
    wanted = {_stem(subject), _stem(bare)}
    for moment in nullable:
        own = own_words(moment)
        if _stem(own) in wanted or _stem(tuple(word for word in own if singular(word) not in table_words)) in wanted:
            rare = bool(set(subject) & _RARE_WORDS)
            _raise_null_fraction(draft, table, moment, 0.9 if rare else 0.3, only_free=True)
            condition = f"{moment.name} is not null"
            sql = flag_sql(condition, column)
            if sql:
                draft.suggest(table, column.name, {"expression": sql}, f"Set where {moment.column.name} is.")
            return
    if len(bare) == 1 and bare[0] in _OPEN_WORDS:
        _suggest_open(draft, table, column, moments)


def _raise_null_fraction(
    draft: SchemaDraft, table: TableSchema, moment: Moment, share: float, *, only_free: bool = False
) -> None:
    """Let at least that share of a moment be NULL, unless the script says how many."""
    column = draft.column(table, moment.column.name)
    original = table.column(moment.column.name)
    if draft.is_free(table, column.name) and column.null_fraction is None:
        draft.suggest(table, column.name, {"null_fraction": share}, "A flag says whether there is one.")
    elif not only_free and column.suggested and column.expression is not None and original.null_fraction is None:
        draft.withdraw(table, column.name)
        share = max(share, column.null_fraction or 0.0)
        change = {"expression": column.expression, "null_fraction": share}
        draft.suggest(table, column.name, change, column.because or "")


def _suggest_open(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, moments: list[Moment]) -> None:
    """Suggest a flag that is true where the row's end is open."""
    for word in (*_END_WORDS, *_LATE_WORDS):
        for moment in moments:
            if not own_words(moment) or word not in own_words(moment) or own_words(moment)[-1] != word:
                continue
            if moment.is_nullable:
                sql = flag_sql(f"{moment.name} is null", column)
                if sql:
                    _raise_null_fraction(draft, table, moment, 0.6)
                    reason = f"Set where {moment.column.name} is not."
                    draft.suggest(table, column.name, {"expression": sql}, reason)
                return
            if word in ("to", "until", "thru", "through", "end", "expiration", "expiry") and moment.is_native:
                _open_end(draft, table, column, moment)
                return


def _open_end(draft: SchemaDraft, table: TableSchema, flag: ColumnSchema, end: Moment) -> None:
    """Let an end that may not be NULL be 9999-12-31 for the current rows."""
    column = draft.column(table, end.column.name)
    if not column.suggested or column.expression is None or set(words(flag.name)) & {"active", "enabled", "open"}:
        return
    reason = column.because or ""
    draft.withdraw(table, column.name)
    far = "date '9999-12-31'" if end.form is Form.DATE else "timestamp '9999-12-31 00:00:00'"
    sql = f"case when uniform(1, 10, random()) <= 6 then {far} else {column.expression} end"
    draft.suggest(table, column.name, {"expression": sql}, f"{reason} 9999-12-31 where it is current.")
    is_open = flag_sql(f"{end.name} = {far}", flag)
    if is_open:
        draft.suggest(table, flag.name, {"expression": is_open}, f"Set where {column.name} is 9999-12-31.")


def _suggest_status(
    draft: SchemaDraft, table: TableSchema, column: ColumnSchema, names: tuple[str, ...], nullable: list[Moment]
) -> None:
    """Suggest a status by the last stage that the row has reached."""
    table_words = {singular(word) for word in words(table.name)}
    if any(singular(word) not in table_words for word in names[:-1]):
        return
    stages = [moment for moment in nullable if _is_stage(draft, table, moment)]
    if not stages:
        return
    length = column.type.length or 1000
    states = [(moment, _state(own_words(moment)[-1])) for moment in _last_first(draft, table, stages)]
    base = "active" if states[0][1] in ("ended", "terminated", "left", "churned", "expired") else "open"
    if any(state in ("delivered", "shipped", "received", "paid", "approved") for _, state in states):
        base = "pending"
    if max(len(state) for state in (base, *(state for _, state in states))) > length:
        return
    cases = " ".join(f"when {moment.name} is not null then '{state}'" for moment, state in states)
    draft.suggest(
        table, column.name, {"expression": f"case {cases} else '{base}' end"},
        f"Agrees with {', '.join(moment.column.name for moment, _ in states)}.",
    )  # fmt: skip


def _is_stage(draft: SchemaDraft, table: TableSchema, moment: Moment) -> bool:
    """Whether the moment is a later stage of what the row tells, which it may not have reached."""
    own = own_words(moment)
    column = draft.column(table, moment.column.name)
    if record_kind(moment) not in ("", "deleted") or not own or column.expression is None or len(own) > 2:
        return False
    if not (column.because or "").startswith("After") or column.null_fraction is None:
        return False
    return own[-1] in _STATES or own[-1] in _PAST or own[-1].endswith("ed")


def _last_first(draft: SchemaDraft, table: TableSchema, stages: list[Moment]) -> list[Moment]:
    """Return the stages from the last to the first, by what their expressions name."""

    def depth(moment: Moment, seen: frozenset[str] = frozenset()) -> int:
        sql = draft.column(table, moment.column.name).expression or ""
        before = [other for other in stages if other is not moment and other.name in sql and other.name not in seen]
        return 1 + max((depth(other, seen | {moment.name}) for other in before), default=0)

    order = {moment.name: index for index, moment in enumerate(stages)}
    return sorted(stages, key=lambda moment: (-depth(moment), -order[moment.name]))


def _state(word: str) -> str:
    return _STATES.get(word, word)


def _suggest_age(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, moments: list[Moment]) -> None:
    for moment in moments:
        if set(own_words(moment)) & {"birth", "born", "dob", "birthdate", "birthday"}:
            if moment.is_nullable and not column.is_nullable:
                return
            sql = f"{LAST_DAY.year} - year({moment.read()})"
            reason = f"In whole years on {LAST_DAY}, by {moment.column.name}."
            draft.suggest(table, column.name, {"expression": sql}, reason)
            return


def _stem(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:_STEM] for word in names)
