"""Size limits of a schema, each checked before its part is used in a computation.

They are far above real warehouses and far below what freezes a machine or fills its disk. The JSON Schema includes
the limits of single keys.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.errors import WorkbenchError

# The document.
MAX_SCHEMA_BYTES = 16 * 1024**2
MAX_DEPTH = 50
MAX_ITEMS = 1_000_000
MAX_FAULTS = 100

# Numbers: a double ends at 1e308, a DECIMAL at 38 digits.
MAX_DIGITS = 400
MAX_EXPONENT = 400
MAX_INTEGER_BITS = 1330
MAX_ROWS = 10**12
MAX_FAN_OUT = 10**6
MAX_FAN_OUT_WEIGHTS = 1000
MAX_BATCHES = 100
MAX_PRECISION = 38
MAX_TEXT_LENGTH = 128 * 1024**2
MAX_SIZE_DIGITS = 12
MAX_GROWTH = 1e9
MAX_PARAMETER = 1e100
MAX_COUNTED_PARAMETER = 1e6

# Texts, in characters. The limits of names are in `names`.
MAX_NAME = 255
MAX_DATA_TYPE = 200
MAX_LOCALES = 40
MAX_LOCALE = 40
MAX_RULE_NAME = 100
MAX_PATTERN = 1000
MAX_TEMPLATE = 10_000
MAX_EXPRESSION = 10_000
MAX_VALUE = 65_535
MAX_COMMENT = 65_535

# Lists.
MAX_TABLES = 5000
MAX_COLUMNS = 2000
MAX_VALUES = 100_000
MAX_KEY_COLUMNS = 64
MAX_CASES = 10_000
MAX_CASE_VALUES = 200_000
MAX_LAW_CASES = 64
MAX_KEYS = 1000
MAX_WARNINGS = 10_000
MAX_SCENARIOS = 2000
MAX_SCENARIO_SHARE = 0.9
MAX_PARAMETERS = 20
MAX_ARGUMENTS = 50

# Given rows. The cells of a whole schema fit the items of a document, their texts its bytes.
MAX_GIVEN_ROWS = 100_000
MAX_GIVEN_CELLS = 500_000
MAX_GIVEN_BYTES = 8 * 1024**2

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def text_fault(text: str) -> str:
    """Return why `text` cannot be stored, or an empty string when it can.

    A lone surrogate is half of a character, such as JSON's escape \\ud800; UTF-8 cannot encode it.
    """
    found = _UNSTORABLE.search(text)
    if found is None:
        return ""
    name = "a NUL character" if found[0] == "\0" else f"half of a character (\\u{ord(found[0]):04x})"
    return f"contains {name} at character {found.start() + 1}, which cannot be stored"


def check_text(text: str, subject: str) -> None:
    """Raise `WorkbenchError` when a user's text cannot be stored; `subject` names it, such as "The query"."""
    if fault := text_fault(text):
        raise WorkbenchError(f"{subject} {fault}.", hint="Remove the character.")


def shown(value: object) -> str:
    """Return a value for a message; a number too long to print (Python refuses 4,300 digits) by its length."""
    if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
        return f"A number of more than {MAX_DIGITS} digits"
    text = repr(value)
    return text if len(text) <= MAX_DIGITS else f"{text[:57]}..."


def number_fault(value: object) -> str:
    """Return why a number, or the text of one, is too large to compute with; else an empty string.

    Only its length and exponent are checked.
    """
    if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
        return f"has more than {MAX_DIGITS} digits"
    if isinstance(value, str) and len(value) > MAX_DIGITS:
        return f"has more than {MAX_DIGITS} digits"
    if isinstance(value, Decimal) and value.is_finite():
        _, digits, exponent = value.as_tuple()
        if len(digits) > MAX_DIGITS:
            return f"has more than {MAX_DIGITS} digits"
        if abs(value.adjusted()) > MAX_EXPONENT or abs(int(exponent)) > 2 * MAX_EXPONENT:
            return f"has an exponent beyond {MAX_EXPONENT}"
    return ""
