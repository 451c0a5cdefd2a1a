"""Which part of a date a column's name means: `d_moy`, `week_of_year`, `dayOfWeekName`, `is_last_day_of_month`."""

from __future__ import annotations

from functools import lru_cache

from engine.rules.suggestions.time_words import part_words

_NUMBER_WORDS = frozenset("number value val actual int".split())
_DATE_PREFIXES = frozenset("d calendar date dim the gregorian cal dt t time".split())
_UNITS = ("day", "week", "month", "quarter", "year")
_NAMES = {
    "day of week": "weekday", "day week": "weekday", "weekday": "weekday", "weekday of week": "weekday",
    "iso day of week": "weekday", "day of week iso": "weekday", "iso weekday": "weekday", "dow": "dow",
    "iso dow": "weekday",
    "day": "day", "day of month": "day", "day month": "day", "month day": "day", "date day": "day",
    "day of year": "yearday", "yearday": "yearday", "year day": "yearday", "day year": "yearday",
    "julian day of year": "yearday", "ordinal day": "yearday", "day of quarter": "quarterday",
    "week": "week", "week of year": "week", "weekofyear": "week", "year week of": "week",
    "iso week": "isoweek", "week iso": "isoweek", "iso week of year": "isoweek", "week of year iso": "isoweek",
    "week of month": "monthweek", "week month": "monthweek", "week of quarter": "quarterweek",
    "month": "month", "month of year": "month", "month of quarter": "quartermonth",
    "quarter": "quarter", "quarter of year": "quarter", "year": "year", "iso year": "isoyear", "year iso": "isoyear",
    "year of week iso": "isoyear", "half": "half", "half year": "half", "half of year": "half", "semester": "half",
    "days of month": "daysinmonth", "days month": "daysinmonth", "days of year": "daysinyear",
    "days of quarter": "daysinquarter", "month days": "daysinmonth",
    "month name": "monthname", "name month": "monthname", "month long": "monthname", "month name long": "monthname",
    "month full": "monthname", "month name full": "monthname", "month full name": "monthname",
    "month of year name": "monthname", "month short": "monthshort", "month name short": "monthshort",
    "short month": "monthshort", "month short name": "monthshort", "short month name": "monthshort",
    "day name": "weekdayname", "weekday name": "weekdayname", "day of week name": "weekdayname",
    "name of day": "weekdayname", "week day name": "weekdayname", "day name long": "weekdayname",
    "day name full": "weekdayname", "day full name": "weekdayname", "name day": "weekdayname", "week day": "weekday",
    "day long name": "weekdayname", "weekday long": "weekdayname",
    "day short": "weekdayshort", "day name short": "weekdayshort", "short day": "weekdayshort",
    "day short name": "weekdayshort", "short day name": "weekdayshort", "weekday short": "weekdayshort",
    "weekday name short": "weekdayshort", "day of week short": "weekdayshort", "day of week name short": "weekdayshort",
    "quarter name": "quartername", "quarter long": "quarterlong", "quarter name long": "quarterlong",
    "quarter short": "quartername", "quarter label": "quartername",
    "year month": "yearmonth", "yyyymm": "yearmonth", "month key": "yearmonth", "month id": "yearmonth",
    "month year key": "yearmonth", "year month key": "yearmonth", "year month id": "yearmonth", "month sk": "yearmonth",
    "yearmonth": "yearmonth", "month year": "monthyear", "monthyear": "monthyear", "month year name": "monthyear",
    "mmyyyy": "monthyear", "year month name": "yearmonth", "month label": "monthyear",
    "year quarter": "yearquarter", "quarter key": "yearquarter", "quarter id": "yearquarter",
    "year quarter name": "yearquarter", "year quarter key": "yearquarter", "quarter year": "quarteryear",
    "quarter year name": "quarteryear", "year week": "yearweek", "week key": "yearweek", "week id": "yearweek",
    "iso year week": "yearweek", "year week iso": "yearweek", "year week key": "yearweek",
    "date key": "datekey", "date id": "datekey", "yyyymmdd": "datekey", "date sk": "datekey", "datekey": "datekey",
    "key": "datekey", "sk": "datekey", "id": "datekey", "day key": "datekey", "day id": "datekey",
    "calendar key": "datekey",
    "date int": "datekey", "date integer": "datekey", "date string": "datekey", "date text": "datekey",
    "iso date": "datekey",
    "date name": "datename", "date description": "datename", "date desc": "datename",
    "full date description": "datename",
    "long date": "datename", "date long": "datename", "date full": "datename", "date label": "datename",
    "julian": "julian", "julian date": "julian", "julian day": "julian", "date julian": "julian",
    "month seq": "monthseq", "week seq": "weekseq", "quarter seq": "quarterseq", "day seq": "dayseq",
    "fiscal year": "fiscalyear", "fiscal quarter": "fiscalquarter", "fiscal month": "fiscalmonth",
    "fiscal week": "fiscalweek", "fiscal period": "fiscalmonth", "fiscal quarter seq": "fiscalquarterseq",
    "fiscal week seq": "fiscalweekseq", "fiscal year quarter": "fiscalyearquarter",
    "fiscal quarter name": "fiscalquarter",
    "fiscal year month": "fiscalyearmonth", "fiscal day of year": "fiscalyearday", "fiscal week of year": "fiscalweek",
    "fiscal month of year": "fiscalmonth", "fiscal quarter of year": "fiscalquarter", "decade": "decade",
    "century": "century", "is weekend": "isweekend", "weekend": "isweekend", "weekend flag": "isweekend",
    "is weekday": "isweekday", "weekday flag": "isweekday", "is week day": "isweekday", "is weekend flag": "isweekend",
    "is weekday flag": "isweekday", "is workday": "isbusinessday", "workday": "isbusinessday",
    "business day flag": "isbusinessday", "is working day": "isbusinessday", "working day flag": "isbusinessday",
    "workday flag": "isbusinessday", "is business day": "isbusinessday", "is work day": "isbusinessday",
    "business day": "isbusinessday", "working day": "isbusinessday", "is trading day": "isbusinessday",
    "is holiday": "isholiday", "holiday flag": "isholiday", "holiday": "holiday", "is public holiday": "isholiday",
    "is federal holiday": "isholiday", "is us holiday": "isholiday", "is bank holiday": "isholiday",
    "public holiday flag": "isholiday", "is holiday flag": "isholiday", "holiday name": "holidayname",
    "holiday description": "holidayname", "following holiday": "followingholiday", "is leap year": "isleapyear",
    "leap year": "isleapyear", "leap year flag": "isleapyear", "is leap": "isleapyear", "leap flag": "isleapyear",
    "weekday weekend": "daytype", "day type": "daytype", "weekday flag name": "daytype", "week day type": "daytype",
    "season": "season", "season name": "season", "weekday indicator": "isweekday",
    "previous date": "previousday", "previous day": "previousday", "previous day date": "previousday",
    "day before": "previousday", "yesterday": "previousday", "next day": "nextday", "next date": "nextday",
    "next day date": "nextday", "tomorrow": "nextday", "day after": "nextday", "day suffix": "",
    "hour": "hour", "hour of day": "hour", "day hour": "hour", "hour 24": "hour", "minute": "minute",
    "minute of hour": "minute", "second": "second", "second of minute": "second", "hour 12": "hour12",
    "am pm": "ampm", "ampm": "ampm", "meridian": "ampm", "meridiem": "ampm", "am pm flag": "ampm",
    "part of day": "daypart", "day part": "daypart", "time of day": "daypart", "daypart": "daypart",
    "day period": "daypart", "period of day": "daypart", "hour number": "hour",
}  # fmt: skip


def _with_units() -> dict[str, str]:
    """Return the names of first and last days, of the same day before, and of current periods."""
    found = dict(_NAMES)
    for unit in _UNITS[1:]:
        for edge, words in (("start", ("start", "first")), ("end", ("end", "last"))):
            part = f"{unit}{edge}"
            listed = [f"{unit} {words[0]}", f"{unit} {words[0]} date", f"{words[1]} day of {unit}",
                      f"{words[0]} of {unit}",
                      f"{words[1]} date of {unit}", f"{unit} {words[1]} day", f"{words[1]} day of the {unit}",
                      f"{unit} {words[1]} date", f"date of {unit} {words[0]}", f"{words[0]} date of {unit}",
                      f"{words[1]} of {unit}"]  # fmt: skip
            flag = f"is{part}" if part != "weekend" else "isweekend7"
            for name in listed:
                found.setdefault(name, part)
                found.setdefault(f"fiscal {name}", f"fiscal{part}" if unit == "year" else "")
                found.setdefault(f"is {name}", flag)
                found.setdefault(f"{name} flag", flag)
                found.setdefault(f"is {name} flag", flag)
        for name in (f"same day last {unit}", f"same date last {unit}", f"date last {unit}",
                     f"same day previous {unit}",
                     f"{unit} ago", f"{unit} ago date", f"previous {unit} date", f"previous {unit} same day",
                     f"last {unit} date", f"same day of last {unit}", f"last {unit} same day",
                     f"day last {unit}"):  # fmt: skip
            found.setdefault(name, f"last{unit}")
        for name in (f"next {unit} date", f"same day next {unit}"):
            found.setdefault(name, f"next{unit}")
        for name in (f"current {unit}", f"is current {unit}", f"current {unit} flag", f"is current {unit} flag"):
            found.setdefault(name, f"current{unit}")
        found.setdefault(f"first day of {unit} date", f"{unit}start")
    for name in (
        "current day",
        "is current day",
        "is today",
        "current date flag",
        "is current date",
        "current day flag",
    ):
        found[name] = "currentday"
    for name in ("first dom", "last dom", "first day of month", "last day of month"):
        found.setdefault(name, "monthstart" if name.startswith("first") else "monthend")
    return found


_PARTS = _with_units()


@lru_cache(maxsize=100_000)
def part_of_name(name: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the part of a date that a name ends with, and the words before it; None for other names.

    `order_month` gives (month, (order,)), `year_of_birth` (year, (birth,)), `d_qoy` (quarter, ()).
    """
    found = [word for word in part_words(name) if word != "the"]
    while len(found) > 1 and found[0] in _DATE_PREFIXES and " ".join(found) not in _PARTS:
        found = found[1:]
    for length in range(len(found), 0, -1):
        part = _lookup(found[len(found) - length :])
        if part is not None:
            return part, tuple(
                word for word in found[: len(found) - length] if word not in _DATE_PREFIXES | {"of", "is"}
            )
    for length in range(len(found) - 1, 0, -1):
        rest = found[length:]
        part = _lookup(found[:length])
        if part is not None and rest[0] == "of" and len(rest) > 1:
            return part, tuple(rest[1:])
    return None


def _lookup(words: list[str]) -> str | None:
    part = _PARTS.get(" ".join(words))
    if part is None:
        part = _PARTS.get(" ".join(word for word in words if word not in _NUMBER_WORDS and word != "number"))
    return part or None
