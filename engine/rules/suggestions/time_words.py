"""The words of names about time: glued ones are split, and each word has one spelling.

`startdate`, `l_shipdate` and `tpepPickupDatetime` give (start, date), (l, ship, date) and (tpep, pickup, datetime). A
glued word is split only where all of it is words about time, so that `update` and `together` stay whole.
"""

from __future__ import annotations

from functools import lru_cache

from engine.rules.name_words import split_glued, words
from engine.rules.suggestions.time_stages import FAMILIES, SCHEDULES

FILLERS = frozenset(
    "at on of the date dates time timestamp ts dt dttm dtm day datetime utc tz ntz ltz gmt local key id sk epoch unix "
    "ms millis milliseconds seconds secs sec us micros int txt str text iso tms tstamp".split()
)
_SPELLINGS = {
    "yr": "year", "yrs": "years", "mth": "month", "mnth": "month", "mon": "month", "wk": "week", "qtr": "quarter",
    "qrtr": "quarter", "nm": "name", "flg": "flag", "ind": "flag", "indicator": "flag", "num": "number",
    "nbr": "number",
    "no": "number", "nr": "number", "abbr": "short", "abbrev": "short", "abbreviated": "short", "abbreviation": "short",
    "prev": "previous", "prior": "previous", "cal": "calendar", "fy": "fiscal", "fisc": "fiscal", "begin": "start",
    "beginning": "start", "ending": "end", "in": "of", "wkday": "weekday", "hr": "hour", "hh": "hour", "min": "minute",
    "sec": "second", "mins": "minutes", "hrs": "hours", "secs": "seconds", "curr": "current", "hol": "holiday",
    "dom": "day of month", "doy": "day of year", "moy": "month of year", "qoy": "quarter of year",
    "woy": "week of year",
    "mm": "month", "yyyy": "year", "ly": "last year", "lm": "last month", "lq": "last quarter",
}  # fmt: skip
_PART_WORDS = """
    year month week quarter day hour minute second name short number of in is flag weekend weekday holiday fiscal iso
    calendar first last same previous next leap season julian half dow dom doy full long work working business key id sk
    start end begin date time seq
""".split()
_TOGETHER = {
    ("check", "in"): "checkin", ("check", "out"): "checkout", ("checked", "in"): "checkin",
    ("checked", "out"): "checkout", ("pick", "up"): "pickup", ("picked", "up"): "pickup", ("drop", "off"): "dropoff",
    ("dropped", "off"): "dropoff", ("sign", "up"): "signup", ("signed", "up"): "signup", ("log", "in"): "login",
    ("logged", "in"): "login", ("log", "out"): "logout", ("logged", "out"): "logout", ("clock", "in"): "clockin",
    ("clock", "out"): "clockout", ("clocked", "in"): "clockin", ("clocked", "out"): "clockout",
    ("move", "in"): "movein", ("move", "out"): "moveout", ("moved", "in"): "movein", ("moved", "out"): "moveout",
    ("time", "in"): "clockin", ("time", "out"): "clockout", ("take", "off"): "takeoff", ("hung", "up"): "ended",
    ("picked", "at"): "pickup", ("rolled", "back"): "rollback", ("go", "live"): "launched",
}  # fmt: skip
_SHORTEST_GLUED = 6


def stage_words() -> frozenset[str]:
    """Return every word that names a stage."""
    listed = [word for family in FAMILIES for stage in family.stages for word in stage.words]
    return frozenset([*listed, *SCHEDULES[0], *SCHEDULES[1]])


_STAGE_WORDS = stage_words()
_VOCABULARY = frozenset([*_STAGE_WORDS, *FILLERS, *_PART_WORDS, "first", "last", "valid", "row", "visit", "trip"]) - {
    "us", "on", "str", "int", "to", "off",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def split_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, with glued words split and words that belong together joined: `check_in`, checkin."""
    found: list[str] = []
    for word in words(name):
        found += split_glued(word, _VOCABULARY) if len(word) >= _SHORTEST_GLUED and word not in _VOCABULARY else [word]
    joined: list[str] = []
    for word in found:
        if joined and (joined[-1], word) in _TOGETHER:
            joined[-1] = _TOGETHER[joined[-1], word]
        else:
            joined.append(word)
    return tuple(joined)


@lru_cache(maxsize=100_000)
def part_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in one spelling: `month_num_in_year` gives (month, number, of, year)."""
    found: list[str] = []
    for word in words(name):
        for piece in (
            split_glued(word, _VOCABULARY) if len(word) >= _SHORTEST_GLUED and word not in _VOCABULARY else [word]
        ):
            found += _SPELLINGS.get(piece, piece).split()
    return tuple(found)
