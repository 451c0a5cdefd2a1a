"""How macros raise an error of their own: with a cast that cannot succeed, whose message holds theirs.

DuckDB's `error()` counts as volatile, and a volatile expression may be neither a lateral alias nor a key of a window
or of DISTINCT ON. The cast is not volatile, and CASE leaves it alone in rows that do not reach it. Its failed text is
the index into a list of one NULL, so that the result has the type of NULL and fits every branch.
"""

from __future__ import annotations

import re

_START, _END = "\x02", "\x03"
_RAISED = re.compile(f"{_START}(.*){_END}", re.DOTALL)

HELPERS = f"""
create macro dw_raise(message) as [null][cast('{_START}' || message || '{_END}' as bigint)];
"""


def raised_message(message: str) -> str | None:
    """Return the message that a macro raised, from what DuckDB says of the failed cast; None for any other error."""
    found = _RAISED.search(message)
    return found[1] if found is not None else None
