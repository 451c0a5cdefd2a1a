"""Value errors in warehouse terms: DuckDB's messages name its own types, functions and hints.

Each message is matched by a pattern and replaced by what is wrong with the value and what to do.
"""

from __future__ import annotations

import re

_TYPES = {
    "INT8": "TINYINT",
    "INT16": "SMALLINT",
    "INT32": "INTEGER",
    "INT64": "BIGINT",
    "INT128": "DECIMAL(38, 0)",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
}
_OPERATIONS = {"addition": "+", "subtraction": "-", "multiplication": "*", "division": "/"}
_WIDER = "Cast a value to a wider type first: x::BIGINT, x::DECIMAL(38, 0) or x::FLOAT."
_TRY = "Use TRY_CAST(x AS type): it returns NULL for such values."
_NULLIF = "Use NULLIF(divisor, 0), which returns NULL, or filter out such rows."
_WIDER_TYPE = "Cast to a wider type, such as BIGINT, DECIMAL(38, 0) or FLOAT, or filter out such rows."
_FEWER = "Cast a value to fewer digits first, or to FLOAT."
_COMPARE = "Check the format, or filter out such rows."
_DATES = "Use YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, or give the format: TO_DATE(x, 'DD.MM.YYYY')."

_OVERFLOW = re.compile(r"Overflow in (\w+) of (DECIMAL\(\d+\)|\w+) \((.+?) [-+*/] (.+)\)[!.]?")
_OVERFLOW_OF = re.compile(r"Overflow on (\w+)\((.+)\)")
_NEGATION = re.compile(r"Overflow in negation of (?:numeric|integer) value!?|Overflow in negation of (\w+) \((.+)\)")
_RANGE = re.compile(
    r"(?:Type|Casting value) \"?(?:(?P<of>[\w ()]+) with value )?(?P<value>.+?)\"? "
    r"(?:can't be cast because the value is out of range for the destination type|to type) "
    r"(?P<to>[\w ]+(?:\(\d+, ?\d+\))?)(?: failed: value is out of range!)?"
)
_DECIMAL = re.compile(r"Could not cast value (.+) to (DECIMAL\(\d+, ?\d+\))")
_TEXT = re.compile(r"Could not convert string ([\"'])(.*)\1 to (?:a )?([\w ]+(?:\(\d+, ?\d+\))?)", re.DOTALL)
_ZERO = re.compile(r"Division by zero in expression (.+?)\. Use TRY", re.DOTALL)
_TIMESTAMP = re.compile(
    r"(?i:invalid) (timestamp|date|time|interval) field format: \"(.*?)\", expected format", re.DOTALL
)
_FORMAT = re.compile(r'Could not parse string "(.*?)" according to format specifier', re.DOTALL)
_BEFORE_CHRIST = re.compile(r"\d\s*B\.?C\.?\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COLUMN = re.compile(r" when casting from source column (.+)$", re.DOTALL)
_NAME = re.compile(r"\w+")


def explain_value_error(message: str) -> tuple[str, str] | None:
    """Return the message and hint for a DuckDB value error; None for any other message."""
    column = _COLUMN.search(message)
    text = message[: column.start()] if column else message
    found = _explain(text)
    if found is None:
        return None
    message, hint = found
    is_name = column is not None and _NAME.fullmatch(column[1]) is not None
    return (f"{message[:-1]} (column {column[1]})." if column is not None and is_name else message), hint


def _explain(text: str) -> tuple[str, str] | None:
    if found := _OVERFLOW.match(text):
        sign = _OPERATIONS.get(found[1], found[1])
        if found[2].startswith("DECIMAL"):
            return f"Numeric overflow: the result of {sign} has more digits than {found[2]} holds.", _FEWER
        message = f"Numeric overflow: {found[3]} {sign} {found[4]} is out of range for {_type_name(found[2])}."
        return message, _WIDER
    if found := _OVERFLOW_OF.match(text):
        return f"Numeric overflow: {found[1].upper()}({found[2]}) is out of range for its type.", _WIDER
    if _NEGATION.match(text):
        return "Numeric overflow: the negated number is out of range for its type.", _WIDER
    if found := _ZERO.match(text):
        return "Division by zero.", _NULLIF
    if found := _TEXT.match(text):
        if _NUMBER.fullmatch(found[2].strip()):
            return f'Numeric overflow: the text "{found[2]}" is out of range for {_type_name(found[3])}.', _WIDER_TYPE
        is_number = found[3].startswith(("DECIMAL", "INT", "DOUBLE", "FLOAT"))
        return f'The text "{found[2]}" is not a {"number" if is_number else f"valid {_type_name(found[3])}"}.', _TRY
    if found := _DECIMAL.match(text):
        return f"Numeric overflow: the value {found[1]} is out of range for {_type_name(found[2])}.", _WIDER_TYPE
    if found := _RANGE.match(text):
        return (
            f"Numeric overflow: the value {found['value']} is out of range for {_type_name(found['to'])}.",
            _WIDER_TYPE,
        )
    if found := _FORMAT.match(text):
        return f'The text "{found[1]}" does not match the format.', _COMPARE
    if found := _TIMESTAMP.match(text):
        if _BEFORE_CHRIST.search(found[2]):
            return f'Years before 1 are not supported: "{found[2]}".', "Filter out such rows."
        return f'The text "{found[2]}" is not a valid {found[1]}.', _DATES
    if text.startswith("Date and time not in timestamp range") or text.startswith("Date out of range"):
        return "The date or time is out of range: the last year is 294247.", "Add less, or filter out such rows."
    return None


def _type_name(kind: str) -> str:
    """Return the warehouse name of a DuckDB type."""
    kind = kind.strip().rstrip(".!")
    return _TYPES.get(kind, kind.replace(",", ", ").replace(",  ", ", "))
