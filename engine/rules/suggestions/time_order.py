"""What follows what among the moments of one table: links from each moment to the ones before it."""

from __future__ import annotations

from engine.rules.name_words import singular, words, words_without_prefix
from engine.rules.suggestions.moments import Form, Moment
from engine.rules.suggestions.time_links import TimeOrder
from engine.rules.suggestions.time_stages import (
    AUDIT_WORDS,
    END_WORDS,
    FAMILIES,
    SCHEDULES,
    SPANS,
    STAY_WORDS,
    UPDATE_WORDS,
    Family,
    Gap,
    Stage,
)
from engine.rules.suggestions.time_words import FILLERS

_RANKS = [{word: rank for rank, stage in enumerate(each.stages) for word in stage.words} for each in FAMILIES]
_FAMILIES_OF: dict[str, list[int]] = {}
for _index, _words in enumerate(_RANKS):
    for _word in _words:
        _FAMILIES_OF.setdefault(_word, []).append(_index)
_PLANS, _ACTUALS = map(frozenset, SCHEDULES)
_FIRST = frozenset("first earliest oldest initial".split())
_LAST = frozenset("last latest newest final".split())
_PROMISES = frozenset("due expiration expiry expires required commit committed need maturity renewal renewed".split())
_OPEN_ENDS = frozenset("to until till thru through end valid effective".split())
_LONE_ENDS = frozenset("end ended finish finished".split())
_STARTS = frozenset("start started begin from effective since commenced".split())
_FACTS = frozenset(
    "ordered order placed purchased purchase submitted requested event occurred transaction signup registered hired "
    "hire "
    "opened incident reported loss visit admission".split()
)
_LATER = frozenset("due available arrival arriving cancel deactivate disable finalize resume resumes payout".split())
_BEFORE_THE_ROW = frozenset(
    "born manufactured founded established incorporated built planted issued started hired opened signed".split()
)
_INSERTED = frozenset("inserted insert loaded created".split())
_ARRIVALS = frozenset("arrival arrived arrive arriving".split())
_DEPARTURES = frozenset("departure departed depart departing".split())
_STOPS = frozenset("port portcall call vessel dock berth stop stops stopover".split())
_STAY = Gap(1, 14, "day")
_SHORT_SPAN = Gap(10, 600, "minute")
_STOP = Gap(2, 600, "minute")
_DELAY = Gap(0, 45, "minute")
_DELAY_DAYS = Gap(0, 3, "day")
_BETWEEN_FIRST_AND_LAST = Gap(1, 500, "day")
_RECORDING = Gap(5, 900, "second")
_LOADING = Gap(1, 12, "hour")
_INGESTING = Gap(1, 60, "second")
_ANNOUNCED = Gap(0, 14, "day")
_AFTERWARDS = Gap(1, 30, "day")
_SPAN_OF_DAYS = Gap(1, 90, "day")
_RENTAL = Gap(1, 7, "day")


def order_moments(moments: list[Moment]) -> TimeOrder:
    """Return which of the moments of a table follow which, by their names."""
    order = TimeOrder(moments)
    for are_times in (False, True):
        chosen = [moment for moment in moments if (moment.form is Form.TIME) is are_times]
        if len(chosen) > 1:
            _link_first_and_last(order, chosen)
            _link_stays(order, chosen)
            _link_families(order, chosen)
            _link_lone_ends(order, chosen)
            _link_plans(order, chosen)
            _link_records(order, chosen)
    return order


def stages_of_word(word: str) -> list[int]:
    """Return the families in which a word is a stage."""
    return _FAMILIES_OF.get(word, [])


def own_words(moment: Moment) -> tuple[str, ...]:
    """Return the words of a moment without its type, its table's name and a prefix for the table."""
    table = moment.table.name
    found = list(moment.words)
    if len(words_without_prefix(moment.column.name, table)) == len(words(moment.column.name)) - 1 and len(found) > 1:
        first = words(moment.column.name)[0]
        if found[0] == first and first not in _FAMILIES_OF:
            found = found[1:]
    kept = [word for word in found if word not in FILLERS]
    return tuple(kept or found)


def stage_in(moment: Moment, family: int) -> tuple[int, tuple[str, ...]] | None:
    """Return the rank of a moment's stage in a family, and the other words of its name; None if it has no stage."""
    ranks = _RANKS[family]
    names = own_words(moment)
    places = [place for place, word in enumerate(names) if word in ranks]
    if not places:
        return None
    table_words = {singular(word) for word in words(moment.table.name)}
    rest = tuple(
        word
        for place, word in enumerate(names)
        if place != places[-1] and singular(word) not in table_words and word not in ranks
    )
    return ranks[names[places[-1]]], rest


def _link_first_and_last(order: TimeOrder, moments: list[Moment]) -> None:
    firsts: dict[tuple[str, ...], Moment] = {}
    for moment in moments:
        names = own_words(moment)
        if set(names) & _FIRST:
            firsts.setdefault(tuple(word for word in names if word not in _FIRST), moment)
    for moment in moments:
        names = own_words(moment)
        first = firsts.get(tuple(word for word in names if word not in _LAST)) if set(names) & _LAST else None
        if first is not None:
            order.link(moment, first, _BETWEEN_FIRST_AND_LAST)


def _link_stays(order: TimeOrder, moments: list[Moment]) -> None:
    """Let a departure follow its arrival in tables in which one arrives first."""
    if not moments or not set(words(moments[0].table.name)) & STAY_WORDS:
        return
    arrivals = {_other_words(moment, _ARRIVALS): moment for moment in moments if set(moment.words) & _ARRIVALS}
    gap = _STOP if set(words(moments[0].table.name)) & _STOPS else _STAY
    for moment in moments:
        arrival = arrivals.get(_other_words(moment, _DEPARTURES)) if set(moment.words) & _DEPARTURES else None
        if arrival is not None:
            order.link(moment, arrival, gap)


def _other_words(moment: Moment, without: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in own_words(moment) if word not in without)


def _link_families(order: TimeOrder, moments: list[Moment]) -> None:
    families = sorted(
        {family for moment in moments for word in own_words(moment) for family in _FAMILIES_OF.get(word, [])}
    )
    for family in families:
        groups: dict[tuple[str, ...], list[tuple[int, Moment]]] = {}
        for moment in moments:
            if (found := stage_in(moment, family)) is not None:
                groups.setdefault(found[1], []).append((found[0], moment))
        for rest, members in groups.items():
            ranks = {rank for rank, _ in members}
            if rest and not any(word in _FAMILIES_OF for word in rest):
                _link_to_plain(order, FAMILIES[family], members, groups.get((), []))
            if len(ranks) > 1 and (not FAMILIES[family].key_ranks or ranks & FAMILIES[family].key_ranks):
                _link_chain(order, FAMILIES[family], rest, sorted(members, key=lambda found: found[0]))


def _link_to_plain(
    order: TimeOrder, family: Family, members: list[tuple[int, Moment]], plain: list[tuple[int, Moment]]
) -> None:
    """Let a stage of one part, such as `delivered_carrier_date`, follow the latest one before it of the whole."""
    first = min(rank for rank, _ in members)
    before = [found for found in plain if found[0] < first and not family.stages[found[0]].is_promise]
    if not before or family.key_ranks:
        return
    latest = max(before, key=lambda found: found[0])[1]
    table_words = {singular(word) for word in words(latest.table.name)}
    for rank, moment in members:
        if rank == first and any(word in family.stages[rank].words for word in {*own_words(moment)} - table_words):
            order.link(moment, latest, family.stages[rank].gap, family.stages[rank].null_fraction)


def _link_chain(order: TimeOrder, family: Family, rest: tuple[str, ...], members: list[tuple[int, Moment]]) -> None:
    """Let each member of a sequence follow the one before it."""
    previous: tuple[int, Moment] | None = None
    pending: list[tuple[int, Moment]] = []
    for rank, moment in members:
        stage = family.stages[rank]
        if pending and pending[0][0] != rank:
            previous, pending = pending[-1], []
        if previous is not None:
            gap = _fit_gap(stage, rest, moment, previous[1], family)
            order.link(moment, previous[1], gap, stage.null_fraction)
        if not stage.is_promise:
            pending.append((rank, moment))


def _fit_gap(stage: Stage, rest: tuple[str, ...], later: Moment, earlier: Moment, family: Family) -> Gap:
    """Return the gap of a stage, or that of what starts and ends."""
    is_span = "started" in family.stages[0].words and "ended" in family.stages[-1].words and len(family.stages) == 2
    both_days = later.is_day and earlier.is_day
    if not is_span:
        is_short = stage.gap.seconds[1] < 86_400
        return _RENTAL if both_days and is_short and "dropoff" in stage.words else stage.gap
    table_words = [singular(word) for word in reversed(words(later.table.name))]
    names = [*reversed(rest), *(word for word in own_words(earlier) if word in ("effective", "valid")), *table_words]
    for word in names:
        gap = SPANS.get(word) or SPANS.get(singular(word))
        if gap is not None:
            return gap
    return _SPAN_OF_DAYS if both_days else stage.gap


def _link_lone_ends(order: TimeOrder, moments: list[Moment]) -> None:
    """Let an end follow the moment of the same words without `end`: `procedure_date` and `procedure_end_date`."""
    table_words = {singular(word) for word in words(moments[0].table.name)}
    names = {
        moment.column.name: tuple(w for w in own_words(moment) if w not in FILLERS and singular(w) not in table_words)
        for moment in moments
    }
    plain = {names[moment.column.name]: moment for moment in reversed(moments)}
    for moment in moments:
        own = names[moment.column.name]
        bare = tuple(word for word in own if word not in _LONE_ENDS)
        begin = plain.get(bare)
        if len(bare) < len(own) and begin is not None and not order.is_linked(moment):
            order.link(moment, begin, _STAY if moment.is_day and begin.is_day else _SHORT_SPAN)


def _link_plans(order: TimeOrder, moments: list[Moment]) -> None:
    """Let a plan follow what it is a plan of, and let what came of it follow the plan."""
    plans = [moment for moment in moments if set(own_words(moment)) & _PLANS]
    if not plans:
        return
    plain: dict[tuple[str, ...], Moment] = {}
    for moment in moments:
        if moment not in plans:
            plain.setdefault(tuple(word for word in own_words(moment) if word not in _ACTUALS), moment)
    for plan in plans:
        bare = tuple(word for word in own_words(plan) if word not in _PLANS)
        actual = plain.get(bare)
        if actual is None:
            continue
        link = order.links.get(actual.column.name.casefold())
        if link is None:
            order.link(actual, plan, _DELAY_DAYS if actual.is_day else _DELAY)
        else:
            if not order.is_linked(plan):
                order.link(plan, link.previous[0], link.gap, 0.0)
            order.also(actual, plan)
            if plan in link.previous:
                link.gap = _DELAY_DAYS if actual.is_day else _DELAY


def _link_records(order: TimeOrder, moments: list[Moment]) -> None:
    """Let the row's own times (created, updated, loaded) go with what it tells."""
    kinds = {moment.column.name: record_kind(moment) for moment in moments}
    facts = [moment for moment in moments if not kinds[moment.column.name]]
    heads = [moment for moment in facts if not order.is_linked(moment)]
    created = next((moment for moment in moments if kinds[moment.column.name] == "created"), None)
    if created is not None and not order.is_linked(created) and not order.is_followed_by_facts(created, facts):
        _link_creation(order, created, heads)
    tails = [moment for moment in facts if order.is_linked(moment) and not order.is_followed_by_facts(moment, facts)]
    tails = [moment for moment in tails if not set(own_words(moment)) & (_PLANS | _PROMISES | _OPEN_ENDS)]
    for kind in ("updated", "deleted", "loaded"):
        for moment in moments:
            if kinds[moment.column.name] != kind:
                continue
            before = [other for other in moments if kinds[other.column.name] in _BEFORE[kind]]
            if kind == "loaded" and own_words(moment)[-1] in UPDATE_WORDS:
                before += [each for each in moments if own_words(each)[-1] in _INSERTED and each != moment]
            main = before[-1] if before else next(iter(heads), None)
            if main is not None and main != moment:
                gap = _INGESTING if set(own_words(moment)) & {"ingested", "processed"} else _LOADING
                order.link(moment, main, gap, 0.9 if kind == "deleted" else 0.05)
            name = moment.column.name.casefold()
            if name in order.links:
                order.links[name].skips_missing = kind != "deleted"
                for tail in (*tails, *before):
                    order.also(moment, tail)


_BEFORE = {"updated": ("created",), "deleted": ("created", "updated"), "loaded": ("created", "updated", "deleted")}


def _link_creation(order: TimeOrder, created: Moment, heads: list[Moment]) -> None:
    for head in heads:
        names = set(own_words(head))
        if names & _FACTS and not names & _PLANS:
            order.link(created, head, _RECORDING)
        elif names & _STARTS and not created.is_nullable:
            order.link(head, created, _ANNOUNCED)
        elif _happens_later(head):
            order.link(head, created, _AFTERWARDS)


def _happens_later(moment: Moment) -> bool:
    """Whether a moment comes after its row is created: `finalized_at`, `due_date`, `available_on`."""
    names = own_words(moment)
    if set(names) & (_FACTS | _BEFORE_THE_ROW | _STARTS | _PLANS):
        return False
    return bool(names) and (names[-1].endswith("ed") or bool(set(names) & _LATER))


def is_record(moment: Moment) -> bool:
    """Return whether a moment is one of the row itself, such as when it was loaded."""
    return bool(record_kind(moment))


def record_kind(moment: Moment) -> str:
    """Return what a time of the row itself says: created, updated, deleted or loaded; empty for other moments."""
    names = own_words(moment)
    last = names[-1]
    if last in AUDIT_WORDS or set(names) & {"etl", "dw", "dwh"}:
        return "loaded"
    if last in UPDATE_WORDS or names[-2:] == ("last", "update"):
        return "updated"
    if last in END_WORDS:
        return "deleted"
    return "created" if last in ("created", "inserted", "creation", "create") else ""
