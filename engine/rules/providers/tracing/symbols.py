"""Symbols: the values a traced method gets in place of drawn values.

A text symbol is a string that contains a mark, so that however the method joins, formats or filters it, the mark shows
where the value ends up. A number symbol becomes a mark when it is formatted. Where the method inspects a value, to
compare it, compute with it or look something up, the trace forks: it continues once for each outcome.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, SupportsIndex

from engine.rules.text.grammar.nodes import Pick

MARK = re.compile(r"zq(\d+)qz", re.IGNORECASE)
MAX_FORK = 400
_MAX_TABLE = 20_000


class UntraceableError(Exception):
    """The method does something that a trace cannot follow."""


class Trail(Protocol):
    """The run that made a symbol, as seen by symbols (see `paths.Run`)."""

    def derive(self, place: int, change: Callable[[str], str], *, is_by_letter: bool) -> TextSymbol:
        """Return a symbol for the changed text of a mark."""

    def fork_text(self, place: int) -> str:
        """Return the text of a mark on this path."""

    def get_pick(self, place: int) -> Pick:
        """Return all possible texts of a mark."""

    def fork_number(self, place: int, answers: Sequence[Any], most: int) -> Any:
        """Return the answer for the number on this path."""

    def get_values(self, place: int) -> Sequence[Any]:
        """Return the values that a number can still have."""

    def leak_number(self, place: int) -> int:
        """Return a number that is easy to find in the result."""

    def format_number(self, symbol: NumberSymbol, write: Callable[[Any], str]) -> TextSymbol:
        """Return the mark of a formatted number."""

    def spend(self, work: int) -> None:
        """Record work."""


class InlineError(UntraceableError):
    """The text of another method is inspected: that method must be traced as a part of this one."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a look into the text of {name}")
        self.name = name


def mark(place: int) -> str:
    """Return the mark of the symbol with the given index in a run."""
    return f"zq{place}qz"


def has_mark(text: str) -> bool:
    """Whether a text contains a mark."""
    return MARK.search(text) is not None


class TextSymbol(str):
    """A text that is not known yet: the value of a run's mark, by its index."""

    run: Trail
    place: int

    def __new__(cls, run: Trail, place: int) -> TextSymbol:
        """Make the symbol of a mark."""
        symbol = super().__new__(cls, mark(place))
        symbol.run, symbol.place = run, place
        return symbol

    def _derive(self, change: Callable[[str], str], *, is_by_letter: bool = True) -> TextSymbol:
        return self.run.derive(self.place, change, is_by_letter=is_by_letter)

    def _whole(self, change: Callable[[str], str]) -> TextSymbol:
        return self._derive(change, is_by_letter=False)

    def upper(self) -> str:
        """Return the symbol in upper case."""
        return self._derive(str.upper)

    def lower(self) -> str:
        """Return the symbol in lower case."""
        return self._derive(str.lower)

    def title(self) -> str:
        """Return the symbol in title case."""
        return self._whole(str.title)

    def capitalize(self) -> str:
        """Return the symbol with a capital first letter."""
        return self._whole(str.capitalize)

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> str:
        """Return the symbol with a text replaced."""
        if len(old) == 1:
            return self._derive(lambda text: text.replace(old, new))
        return self._whole(lambda text: text.replace(old, new, count))

    def strip(self, characters: str | None = None) -> str:
        """Return the symbol stripped of characters at its ends."""
        return self._whole(lambda text: text.strip(characters))

    def pick(self) -> Pick:
        """Return all texts."""
        return self.run.get_pick(self.place)

    def known(self) -> str:
        """Fork into every text."""
        return self.run.fork_text(self.place)

    def __eq__(self, other: object) -> bool:
        return self is other or self.known() == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.known())

    def __len__(self) -> int:
        return len(self.known())

    def __contains__(self, other: object) -> bool:
        return operator.contains(self.known(), str(other))

    def __getitem__(self, place: Any) -> str:
        return self._whole(lambda text: text[place])

    def startswith(self, *arguments: Any) -> bool:
        """Fork, and check the start."""
        return self.known().startswith(*arguments)

    def endswith(self, *arguments: Any) -> bool:
        """Fork, and check the end."""
        return self.known().endswith(*arguments)

    def split(self, *arguments: Any, **keywords: Any) -> list[str]:
        """Fork, and split the text."""
        return self.known().split(*arguments, **keywords)

    def isdigit(self) -> bool:
        """Fork, and check the characters."""
        return self.known().isdigit()


class NumberSymbol:
    """A whole number (or a value computed from one) that is not known yet: `change` of one of a run's numbers."""

    def __init__(self, run: Trail, place: int, change: Callable[[Any], Any] | None = None) -> None:
        self.run, self.place, self.change = run, place, change

    @property
    def values(self) -> list[Any]:
        """The possible values, in the order of the numbers they come from."""
        numbers = self.run.get_values(self.place)
        if len(numbers) > _MAX_TABLE:
            raise UntraceableError("a computation over a long range")
        self.run.spend(len(numbers) // 4)
        return [number if self.change is None else self.change(number) for number in numbers]

    def known(self) -> Any:
        """Fork into every value."""
        self.run.fork_number(self.place, self.values, MAX_FORK)
        return self.values[0]

    def _is(self, test: Callable[[Any], bool]) -> bool:
        return bool(self.run.fork_number(self.place, [test(value) for value in self.values], 2))

    def _derive(self, change: Callable[[Any], Any]) -> NumberSymbol:
        own = self.change
        return NumberSymbol(self.run, self.place, change if own is None else lambda number: change(own(number)))

    def _combine(self, other: Any, combine: Callable[[Any, Any], Any]) -> NumberSymbol:
        if isinstance(other, NumberSymbol):
            if other.place != self.place:
                other = other.known()
            else:
                mine, theirs = self.change or _same, other.change or _same
                return NumberSymbol(self.run, self.place, lambda number: combine(mine(number), theirs(number)))
        return self._derive(lambda value: combine(value, other))

    def __index__(self) -> int:
        if self.change is None and len(self.run.get_values(self.place)) > MAX_FORK:
            return self.run.leak_number(self.place)
        return operator.index(self.known())

    def __int__(self) -> int:
        if self.change is None and len(self.run.get_values(self.place)) > MAX_FORK:
            return self.run.leak_number(self.place)
        return int(self.known())

    def __float__(self) -> float:
        return float(self.known())

    def __bool__(self) -> bool:
        return self._is(bool)

    def __hash__(self) -> int:
        return hash(self.known())

    def __str__(self) -> str:
        return self.run.format_number(self, str)

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, specification: str) -> str:
        return self.run.format_number(self, lambda value: format(value, specification))

    def __eq__(self, other: object) -> bool:
        return self is other or self._is(lambda value: value == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return self._is(lambda value: value < other)

    def __le__(self, other: Any) -> bool:
        return self._is(lambda value: value <= other)

    def __gt__(self, other: Any) -> bool:
        return self._is(lambda value: value > other)

    def __ge__(self, other: Any) -> bool:
        return self._is(lambda value: value >= other)

    def __neg__(self) -> NumberSymbol:
        return self._derive(operator.neg)

    def __round__(self, places: int | None = None) -> NumberSymbol:
        return self._derive(lambda value: round(value, places))

    def __abs__(self) -> NumberSymbol:
        return self._derive(abs)


def _same(value: Any) -> Any:
    return value


def _operators() -> Iterable[tuple[str, Callable[[Any, Any], Any]]]:
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift"):
        yield name, getattr(operator, {"and": "and_", "or": "or_"}.get(name, name))


def _forward(combine: Callable[[Any, Any], Any]) -> Callable[[NumberSymbol, Any], NumberSymbol]:
    return lambda self, other: self._combine(other, combine)


def _backward(combine: Callable[[Any, Any], Any]) -> Callable[[NumberSymbol, Any], Any]:
    def apply(self: NumberSymbol, other: Any) -> Any:
        if isinstance(other, str | list | tuple):
            return combine(other, self.known())
        return self._combine(other, lambda mine, theirs: combine(theirs, mine))

    return apply


for _name, _combine in _operators():
    setattr(NumberSymbol, f"__{_name}__", _forward(_combine))
    setattr(NumberSymbol, f"__r{_name}__", _backward(_combine))


def is_known(value: Any) -> bool:
    """Whether a value contains no symbol."""
    if isinstance(value, TextSymbol | NumberSymbol):
        return False
    if isinstance(value, str):
        return not has_mark(value)
    if isinstance(value, bytes):
        return b"zq" not in value
    if isinstance(value, dict):
        return all(is_known(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_known, value))
    return True
