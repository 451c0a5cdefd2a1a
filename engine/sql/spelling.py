"""Words of SQL that a misspelled word may mean."""

from __future__ import annotations

_KEYWORDS = tuple(
    """
    SELECT FROM WHERE GROUP ORDER BY HAVING QUALIFY LIMIT OFFSET FETCH WITH RECURSIVE AS DISTINCT ALL ANY TOP VALUES
    JOIN INNER LEFT RIGHT FULL OUTER CROSS NATURAL ASOF LATERAL ON USING UNION INTERSECT EXCEPT MINUS AND OR NOT IN IS
    NULL LIKE ILIKE SIMILAR RLIKE BETWEEN EXISTS ESCAPE CASE WHEN THEN ELSE END CAST TRY_CAST EXTRACT INTERVAL TRUE
    FALSE OVER PARTITION WINDOW ROWS RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT ROW FILTER WITHIN IGNORE RESPECT NULLS
    FIRST LAST ASC DESC ROLLUP CUBE GROUPING SETS PIVOT UNPIVOT FOR SAMPLE TABLESAMPLE COLLATE TO EXCLUDE REPLACE
    RENAME START CONNECT PRIOR EXPLAIN DESCRIBE SUMMARIZE SHOW
    """.split()
)
_JOINED = ("GROUP BY", "ORDER BY", "PARTITION BY", "UNION ALL", "IS NULL", "NOT NULL", "NOT IN")
KEYWORDS = frozenset(_KEYWORDS)
_SHORT = 4
_PAIR = 2


def near_keywords(word: str) -> list[tuple[int, str]]:
    """Return the keywords that a word may be a misspelling of, nearest first, each after its number of slips.

    A slip is a letter too many, missing or wrong, or two letters exchanged; longer words may have two. None are near
    a keyword, or a word of one letter.
    """
    upper = word.upper()
    if len(upper) < _PAIR or upper in KEYWORDS:
        return []
    found = [(slips, keyword) for keyword in _KEYWORDS if (slips := _slips_to(upper, keyword))]
    found += [(1, keyword) for keyword in _JOINED if slips_between(upper, keyword, most=1) == 1]
    return sorted(found, key=lambda each: (each[0], each[1][0] != upper[0]))


def _slips_to(word: str, keyword: str) -> int:
    """Return how many slips make the word of the keyword, 0 when there are too many for words of that length."""
    most = 1 if len(keyword) <= _SHORT else 2
    slips = slips_between(word, keyword, most=most)
    if slips > most:
        return 2 if len(keyword) == _SHORT and sorted(word) == sorted(keyword) else 0
    if len(word) == _PAIR and len(keyword) <= _PAIR and sorted(word) != sorted(keyword):
        return 0
    return slips


def slips_between(word: str, other: str, *, most: int) -> int:
    """Return how many letters are too many, missing, wrong or exchanged; more than `most` when there are more."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, theirs in enumerate(other, 1):
            slips = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == theirs:
                slips = min(slips, before[column - 2] + 1)
            current.append(slips)
        before, last = last, current
    return last[-1]
