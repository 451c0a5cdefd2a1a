"""Names of columns as suggested expressions write them."""

from __future__ import annotations

from engine.schema.names import name_fault

# Words that can be names, and that an expression would read otherwise.
_KEYWORDS = frozenset(
    """date time timestamp year month day hour minute second end start from to order group select when case then else
    null not and or in is between like begin open close current first last values default table column
    interval""".split()
)


def sql_name(name: str) -> str:
    """Return a column's name for an expression: in quotes where SQL would read it otherwise."""
    is_plain = not name_fault(name) and name.casefold() not in _KEYWORDS
    return name if is_plain else '"' + name.replace('"', '""') + '"'
