"""Names of columns as words, in any style: `ORDER_DATE`, `orderDate`, `o_orderdate` and `orderdate` are order, date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

# The words that names without separators are split into; a name that is not wholly made of them stays one word.
GLUED = frozenset(
    """
    accept accepted account acct actual address age amount amt api approved arrival at avg bal balance billing
    birth birthday calendar cancel cancelled card category change check checkin checkout city class close closed
    code commission commit cost count country create created currency cust customer date datetime day days deleted
    delivered delivery departure desc description discount dispatch district drop dropoff due duration effective
    email employee end ended event expiration expires ext extended fee first fiscal flag from full gross hash high
    hire holiday hour id in invoice is issue item job key last lat latitude leap level line link list lng lon long
    longitude low max md5 min minute mkt modified month name nation net num number of off on open order ordered
    out pct percent percentage phone picked pickup pkg place postal price priority product profit qty quantity
    quarter rate ratio receipt received ref region request requested retail return returned revenue sale sales
    segment seq share ship shipped size sold start started state status stop supp supplier tax time timestamp tip
    to total type uid unit up update updated url user uuid valid value wage week weekday weekend wholesale year
    zip
    """.split()
)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, with short forms of date parts written out."""
    found: list[str] = []
    for part in re.split(r"[^A-Za-z0-9]+", name):
        if part.lower() in _WHOLE:
            found.append(part.lower())
            continue
        for word in _CAMEL.findall(part) if not part.isupper() else re.findall(r"[A-Z]+|\d+", part):
            found.extend(_split(word.lower()))
    return tuple(_SHORT.get(word, word) for word in _joined(found))


# Words that look like two of the words above.
_UNSPLIT = frozenset(
    "isin online offline inline outline today timeline startup checklist lineage linkage onset".split()
)
_SHORT = {"wk": "week", "yr": "year", "qtr": "quarter", "mth": "month", "mnth": "month", "cntry": "country"}
_WHOLE = frozenset("md5 sha1 sha256 sha2 sha512 utf8 ipv4 ipv6 iso2 iso3 alpha2 alpha3".split())


def _joined(words: list[str]) -> list[str]:
    """Join what camel case takes apart, such as MD and 5 of `rowMD5`."""
    result: list[str] = []
    for word in words:
        if result and result[-1] + word in _WHOLE:
            result[-1] += word
        else:
            result.append(word)
    return result


@cache
def _split(word: str) -> tuple[str, ...]:
    """Split a word without separators into the fewest known ones, else return it whole."""
    if word in GLUED or word in _UNSPLIT or len(word) < 4:
        return (word,)
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, part = best[start], word[start:end]
            shortest = best[end]
            if before is not None and part in GLUED and (shortest is None or len(before) + 1 < len(shortest)):
                best[end] = (*before, part)
    return best[len(word)] or (word,)


def prefix_of(names: Sequence[str]) -> str | None:
    """Return the short first word that at least four fifths of three or more names share, such as `l` of TPC-H."""
    firsts = Counter(words_of(name)[0] for name in names if len(words_of(name)) > 1)
    if not firsts:
        return None
    word, times = firsts.most_common(1)[0]
    is_short = len(word) <= 3 and word not in ("is", "has", "min", "max", "day", "tax", "avg", "net", "num", "day")
    return word if times >= 3 and times >= 0.8 * len(names) and is_short else None


def ends_with(words: Sequence[str], *endings: str) -> bool:
    """Whether the last words are those of one of the endings, such as `"day of week"`."""
    return any(tuple(words[-len(ending.split()) :]) == tuple(ending.split()) for ending in endings)
