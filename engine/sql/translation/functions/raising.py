"""Errors raised by macros: a cast that always fails, with the macro's message in its text.

DuckDB's `error()` is volatile, and a volatile expression cannot be a lateral alias or a key of a window or of DISTINCT
ON. The cast is not volatile, and CASE does not evaluate it in other rows. The cast is the index into a list of one
NULL, so that the result has the type NULL and fits every branch.
"""

from __future__ import annotations

import re

_START, _END = "\x02", "\x03"
_RAISED = re.compile(f"{_START}(.*){_END}", re.DOTALL)

HELPERS = f"""
create macro dw_raise(message) as [null][cast('{_START}' || message || '{_END}' as bigint)];
"""


def raised_message(message: str) -> str | None:
    """Return the message that a macro raised, from DuckDB's error of the failed cast; None for any other error."""
    found = _RAISED.search(message)
    return found[1] if found is not None else None
