"""Definitions of the warehouses' functions: one line each, parsed from text.

    NAME(arguments) TYPE                 DuckDB has a function of this name and meaning
    NAME(arguments) TYPE other           ... under another name
    NAME(arguments) TYPE := expression   a macro over the arguments a, b, c, ...

An argument is a letter for the type that it is converted to (the warehouses convert where DuckDB does not), with
`=text` for a default; `*` after the last one means any number of them, `[]` the same as one list:

| letter | is | | letter | is |
|---|---|---|---|---|
| a | anything, unchanged | | s | a TIMESTAMP |
| t | VARCHAR | | d | a DATE |
| i | an integer | | p | a DATE or TIMESTAMP (a point in time) |
| n | a number | | j | JSON (semi-structured: SUPER, VARIANT, OBJECT, ARRAY) |
| f | DOUBLE | | v | JSON made from any value |
| b | BOOLEAN | | x | BLOB |

TYPE is the result type: `1` means that of the first argument, `*` the common type of all, `?` unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"(\w+)\(([^)]*(?:\([^)]*\)[^)]*)*?)\) (\S+)(?: (:=)?\s*(.*))?", re.DOTALL)
_ARGUMENT = re.compile(r"[a-z]\*?(?:\[\])?(?:=(?:'[^']*'|[^,]*))?")


@dataclass(frozen=True)
class Function:
    """A function of a warehouse: its parameters, its result type, and the DuckDB function that implements it.

    `body` is the expression of its macro, None for a built-in DuckDB function.
    """

    name: str
    letters: tuple[str, ...]
    defaults: tuple[str | None, ...]
    is_variadic: bool
    packs: bool
    result: str
    target: str
    body: str | None

    @property
    def min_arguments(self) -> int:
        """The minimum number of arguments."""
        return sum(default is None for default in self.defaults) - (self.is_variadic or self.packs)

    @property
    def max_arguments(self) -> int | None:
        """The maximum number of arguments, None for no limit."""
        return None if self.is_variadic or self.packs else len(self.letters)

    def letter(self, index: int) -> str:
        """Return the type letter of the argument at that index."""
        return self.letters[min(index, len(self.letters) - 1)]

    def create_sql(self) -> str:
        """Return the statement that creates the macro."""
        names = "abcdefghijkl"
        parameters = ", ".join(
            names[index] + (f" := {default}" if default is not None else "")
            for index, default in enumerate(self.defaults)
        )
        return f"create macro {self.target}({parameters}) as {self.body}"


def define(prefix: str, text: str) -> dict[str, Function]:
    """Parse the functions of a text by name; an indented line continues the previous one."""
    joined = re.sub(r"\n[ \t]+", " ", text.strip())
    functions = (
        _parse_function(prefix, line) for line in joined.splitlines() if line.strip() and not line.startswith("#")
    )
    return {function.name: function for function in functions}


def _parse_function(prefix: str, line: str) -> Function:
    match = _LINE.fullmatch(line.strip())
    assert match is not None, line
    name, arguments, result, is_macro, rest = match.groups()
    letters, defaults = [], []
    is_variadic = packs = False
    for argument in _ARGUMENT.findall(arguments):
        letter, _, default = argument.partition("=")
        is_variadic, packs = letter.endswith("*"), letter.endswith("[]")
        letters.append(letter.rstrip("*[]"))
        defaults.append(default or None)
    target = f"{prefix}_{name.lower()}" if is_macro else (rest or name.lower()).strip()
    return Function(
        name, tuple(letters), tuple(defaults), is_variadic, packs, result, target, rest.strip() if is_macro else None
    )


def alias(functions: dict[str, Function], names: str) -> None:
    """Add other names for functions: `LEN=LENGTH NVL=IFNULL`."""
    for pair in names.split():
        new, _, old = pair.partition("=")
        functions[new] = functions[old]
