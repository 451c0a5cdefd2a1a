"""SQL keywords similar to a misspelled word."""

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
    """Return pairs of edit distance and keyword for the keywords a word may misspell, nearest first.

    An edit is an extra, missing or wrong letter, or two adjacent letters swapped; longer keywords allow two. A keyword
    or a single letter has no near keywords.
    """
    upper = word.upper()
    if len(upper) < _PAIR or upper in KEYWORDS:
        return []
    found = [(edits, keyword) for keyword in _KEYWORDS if (edits := _keyword_distance(upper, keyword))]
    found += [(1, keyword) for keyword in _JOINED if edit_distance(upper, keyword, max_edits=1) == 1]
    return sorted(found, key=lambda each: (each[0], each[1][0] != upper[0]))


def _keyword_distance(word: str, keyword: str) -> int:
    """Return the edit distance of a word to a keyword, 0 when it is too large for that length."""
    max_edits = 1 if len(keyword) <= _SHORT else 2
    edits = edit_distance(word, keyword, max_edits=max_edits)
    if edits > max_edits:
        return 2 if len(keyword) == _SHORT and sorted(word) == sorted(keyword) else 0
    if len(word) == _PAIR and len(keyword) <= _PAIR and sorted(word) != sorted(keyword):
        return 0
    return edits


def edit_distance(word: str, other: str, *, max_edits: int) -> int:
    """Return the edit distance with swaps of adjacent letters; `max_edits` + 1 or more when it is larger."""
    if abs(len(word) - len(other)) > max_edits:
        return max_edits + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, theirs in enumerate(other, 1):
            edits = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == theirs:
                edits = min(edits, before[column - 2] + 1)
            current.append(edits)
        before, last = last, current
    return last[-1]
