"""Skeletons: the result of a traced path, split at its marks, and the changes made to the marked values.

A decorator can lower-case or slugify the whole text after the symbols are joined; marks consist of letters and digits,
so they survive it. The replays find the change made to the values among a few common ones.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from engine.rules.providers.tracing.paths import Replay, Run
from engine.rules.providers.tracing.symbols import MARK, NumberSymbol, UntraceableError
from engine.rules.text.grammar.nodes import Node, map_text, sequence

Change = Callable[[str], str]


@dataclass(frozen=True)
class Skeleton:
    """Plain texts and indexes of marks, in order."""

    run: Run
    parts: tuple[str | int, ...]

    def node(self, replays: Sequence[tuple[Replay, str]], to_ascii: Change) -> Node:
        """Return the grammar of the path; raises `UntraceableError` if no change explains all replays."""
        for change in list_changes(to_ascii):
            if all(self._agrees(replay, text, change) for replay, text in replays):
                return self._changed(change)
        raise UntraceableError("a result that its draws do not explain")

    def _agrees(self, replay: Replay, text: str, change: Change) -> bool:
        made = "".join(part if isinstance(part, str) else change(replay.get_value(part)) for part in self.parts)
        return made == text

    def _changed(self, change: Change) -> Node:
        uses = Counter(self.run.marks[part].root for part in self.parts if isinstance(part, int))
        nodes: list[Node] = []
        for part in self.parts:
            if isinstance(part, str):
                nodes.append(part)
                continue
            node = self.run.get_node(part, is_shared=uses[self.run.marks[part].root] > 1)
            nodes.append(_applied(node, change))
        return sequence(nodes)


def _applied(node: Node, change: Change) -> Node:
    return node if change is _unchanged else map_text(node, change)


def make_skeleton(run: Run, result: Any) -> Skeleton:
    """Split a result at its marks and at the numbers that leaked into it."""
    if isinstance(result, str):
        text = str.__str__(result)
    elif isinstance(result, dict | list | tuple | set):
        text = re.sub(r'"\x00(zq\d+qz)"', r"\1", json.dumps(result, default=_number_mark))
        text = re.sub(r'"\\u0000(zq\d+qz)"', r"\1", text)
    else:
        text = str(result)
    parts: list[str | int] = []
    end = 0
    for match in MARK.finditer(text):
        parts += [text[end : match.start()], int(match[1])]
        end = match.end()
    parts.append(text[end:])
    for place, root in enumerate(run.roots):
        if root.leak is not None:
            parts = _cut_at_leak(run, parts, place, root.leak)
    return Skeleton(run, tuple(part for part in parts if part != ""))


def _number_mark(value: Any) -> str:
    return "\x00" + str(value) if isinstance(value, NumberSymbol) else str(value)


def _cut_at_leak(run: Run, parts: Sequence[str | int], place: int, leak: int) -> list[str | int]:
    digits = str(leak)
    found = [i for i, part in enumerate(parts) if isinstance(part, str) and digits in part]
    if len(found) != 1 or str(parts[found[0]]).count(digits) != 1:
        raise UntraceableError("a number that is lost in the result")
    before, _, after = str(parts[found[0]]).partition(digits)
    width = max(len(str(value)) for value in (run.roots[place].values[0], run.roots[place].values[-1]))
    symbol = NumberSymbol(run, place)
    mark = run.format_number(symbol, lambda value: f"{value:0{width}d}")
    return [*parts[: found[0]], before, mark.place, after, *parts[found[0] + 1 :]]


def _unchanged(text: str) -> str:
    return text


@cache
def list_changes(to_ascii: Change) -> list[Change]:
    """Return the changes made by decorators of provider methods; `to_ascii` is the locale's transliteration."""
    ways = [_unchanged, str.lower, str.upper, _slug, _joined_lower, str.title, str.capitalize, _escaped]
    for plain in (to_ascii, _ascii):
        ways += [
            plain,
            _after(plain, str.lower),
            _after(str.lower, plain, str.lower),
            _after(str.lower, plain, _slug),
            _after(plain, _slug, str.lower),
            _after(_joined_lower, plain, str.lower),
            _after(_first_word, plain, _slug, str.lower),
        ]
    return ways


def _after(*steps: Change) -> Change:
    return lambda text: reduce(lambda result, step: step(result), steps, text)


def _first_word(text: str) -> str:
    return text.split(" ")[0]


def _ascii(text: str) -> str:
    from faker.decode import unidecode

    return unidecode(text)


def _slug(text: str) -> str:
    from faker.utils.text import slugify

    return slugify(text, allow_unicode=True)


def _joined_lower(text: str) -> str:
    return text.replace(" ", "").lower()


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]
