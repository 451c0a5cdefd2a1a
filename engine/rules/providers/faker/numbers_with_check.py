"""Faker's numbers with a check digit: barcodes, ISBNs, cards, bank accounts and vehicles, as grammars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_uppercase
from typing import Any

from engine.rules.text.grammar.checked import Position, digit, fixed, make_checked
from engine.rules.text.grammar.nodes import Node, choice

_TEN = tuple(str((10 - remainder) % 10) for remainder in range(10))
_VIN = "1234567890ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_FACTORS = (8, 7, 6, 5, 4, 3, 2, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS_IN_IBAN = {letter: str(ord(letter) % 55) for letter in ascii_uppercase}


def ean(provider: Any, length: int, prefixes: Sequence[Any] = ()) -> Node:
    """Return an EAN barcode of 8 or 13 digits that begins with one of the prefixes."""
    heads = ["".join(map(str, prefix)) for prefix in prefixes] or [""]
    sizes = {len(head) for head in heads}
    return choice([_ean([head for head in heads if len(head) == size], length) for size in sorted(sizes)])


def _ean(heads: Sequence[str], length: int) -> Node:
    factors = [1, 3] * 6 if length == 13 else [3, 1] * 3 + [3]
    head = Position(tuple(heads), tuple(_weighed(head, factors) for head in heads))
    return make_checked([head, *map(digit, factors[len(heads[0]) : length - 1])], 10, _TEN)


def _weighed(digits: str, factors: Sequence[int]) -> int:
    return sum(int(symbol) * factor for symbol, factor in zip(digits, factors, strict=False))


def upc_a(provider: Any) -> Node:
    """Return a UPC-A barcode: an EAN-13 without its leading zero."""
    return make_checked([digit(factor) for factor in [3, 1] * 5 + [3]], 10, _TEN)


def aba(provider: Any) -> Node:
    """Return an ABA routing number."""
    factors = (3, 7, 1, 3, 7, 1, 3, 7)
    heads = tuple(f"{district:02}" for district in range(1, 13))
    head = Position(heads, tuple(_weighed(head, factors) for head in heads))
    return make_checked([head, *map(digit, factors[2:])], 10, _TEN)


def vin(provider: Any) -> Node:
    """Return a vehicle identification number, its check character the ninth."""
    worth = {symbol: _vin_value(symbol) for symbol in _VIN}
    positions = [
        Position(symbols, tuple(worth[symbol] * factor for symbol in symbols))
        for factor, symbols in zip(_VIN_FACTORS, [tuple(_VIN)] * 12 + [tuple("0123456789")] * 4, strict=True)
    ]
    return make_checked(positions, 11, (*map(str, range(10)), "X"), at=8)


def _vin_value(symbol: str) -> int:
    if symbol.isdigit():
        return int(symbol)
    return ord(symbol) - (64 if symbol <= "I" else 73 if symbol <= "R" else 81)


def iban(provider: Any) -> Node:
    """Return an IBAN of the provider's `bban_format`: 98 minus the remainder by 97 of the number read as digits."""
    positions: list[Position] = []
    shift = _shifted(provider.country_code + "00")
    for symbol in reversed(provider.bban_format):
        symbols = ascii_uppercase if symbol == "?" else "0123456789" if symbol == "#" else symbol
        if symbol in "%!@$":
            raise NotImplementedError("a format of another kind")
        values = tuple(int(_LETTERS_IN_IBAN.get(sign, sign)) * shift % 97 for sign in symbols)
        positions.insert(0, Position(tuple(symbols), values))
        wide = {len(_LETTERS_IN_IBAN.get(sign, sign)) for sign in symbols}
        if len(wide) > 1:
            raise NotImplementedError("letters and digits in one place")
        shift = shift * 10 ** wide.pop() % 97
    country = "".join(_LETTERS_IN_IBAN.get(sign, sign) for sign in provider.country_code) + "00"
    head = fixed(provider.country_code, int(country))
    checks = [f"{98 - remainder:02d}" for remainder in range(97)]
    return make_checked([head, *positions], 97, checks, at=1)


def _shifted(text: str) -> int:
    return int(10 ** sum(len(_LETTERS_IN_IBAN.get(sign, sign)) for sign in text) % 97)


def credit_card_number(provider: Any, card_type: str | None = None) -> Node:
    """Return a card number: of a type, or of all types evenly."""
    types = provider.credit_card_types
    cards = list(types.values()) if card_type is None else [types[card_type]]
    lengths: dict[int, list[tuple[Any, str]]] = {}
    for card in cards:
        for prefix in card.prefixes:
            lengths.setdefault(card.length, []).append((card, prefix))
    return _by_length(lengths, len(cards))


def _by_length(lengths: dict[int, list[tuple[Any, str]]], count: int) -> Node:
    """Return a choice between lengths; a table holds heads of four digits as often as their weight."""
    nodes, weights = [], []
    for length, members in lengths.items():
        nodes.append(_cards([(prefix, 1.0 / count / len(card.prefixes)) for card, prefix in members], length))
        weights.append(sum(1.0 / count / len(card.prefixes) for card, _ in members))
    return choice(nodes, weights)


def _cards(prefixes: Sequence[tuple[str, float]], length: int) -> Node:
    min_weight = min(weight for _, weight in prefixes)
    groups: dict[float, list[str]] = {}
    for prefix, weight in prefixes:
        groups.setdefault(round(weight / min_weight, 9), []).append(prefix)
    nodes = [choice([_card(prefix, length) for prefix in members]) for members in groups.values()]
    return choice(nodes, [share * len(members) for share, members in groups.items()])


def _card(prefix: str, length: int) -> Node:
    factors = [_luhn(index, length) for index in range(length - 1)]
    positions = []
    for index, table in enumerate(factors):
        sign = prefix[index] if index < len(prefix) else "#"
        symbols = "123456789" if sign == "%" else "0123456789" if sign == "#" else sign
        positions.append(Position(tuple(symbols), tuple(table[int(symbol)] for symbol in symbols)))
    return make_checked(positions, 10, _TEN)


def _luhn(index: int, length: int) -> list[int]:
    """Return the Luhn term of each digit: doubled (less 9 if above 9) in every second position from the right."""
    is_doubled = (length - 2 - index) % 2 == 0
    return [value * 2 - 9 * (value > 4) if is_doubled else value for value in range(10)]


def isbn(provider: Any, *, is_long: bool) -> Node:
    """Return an ISBN-13 or ISBN-10, hyphenated by the registrants' ranges."""
    nodes, weights = [], []
    for prefix, groups in provider.rules.items():
        for group, rules in groups.items():
            for first, last, size in rules:
                width = 13 - len(prefix) - len(group) - 1
                share = (int(last) - int(first) + 1) / 10 ** len(first)
                nodes.append(_isbn(prefix, group, first[:size], last[:size], width, is_long=is_long))
                weights.append(share / len(groups) / len(provider.rules))
    return choice(nodes, weights)


def _isbn(prefix: str, group: str, first: str, last: str, width: int, *, is_long: bool) -> Node:
    head = prefix + group if is_long else group
    factors = [1, 3] * 6 if is_long else list(range(1, 10))
    start = fixed(f"{prefix}-{group}-" if is_long else f"{group}-", _weighed(head, factors))
    rest = factors[len(head) :]
    free = 0
    while first[-1 - free] == "0" and last[-1 - free] == "9" and free < len(first) - 1:
        free += 1
    fixed_digits = len(first) - free
    heads = tuple(
        f"{value:0{fixed_digits}d}" for value in range(int(first[:fixed_digits]), int(last[:fixed_digits]) + 1)
    )
    owner = Position(heads, tuple(_weighed(text, rest) for text in heads))
    owner_digits = [digit(factor) for factor in rest[fixed_digits : len(first)]]
    titles = [digit(factor) for factor in rest[len(first) : width]]
    positions = [start, owner, *owner_digits, fixed("-"), *titles, fixed("-")]
    checks = _TEN if is_long else (*map(str, range(10)), "X")
    return make_checked(positions, 10 if is_long else 11, checks)


BUILDERS: dict[str, Callable[[Any], Node]] = {
    "ean": lambda provider: ean(provider, 13),
    "ean13": lambda provider: ean(provider, 13),
    "ean8": lambda provider: ean(provider, 8),
    "localized_ean": lambda provider: ean(provider, 13, provider.local_prefixes),
    "localized_ean13": lambda provider: ean(provider, 13, provider.local_prefixes),
    "localized_ean8": lambda provider: ean(provider, 8, provider.local_prefixes),
    "upc_a": upc_a,
    "aba": aba,
    "vin": vin,
    "iban": iban,
    "credit_card_number": credit_card_number,
    "isbn10": lambda provider: isbn(provider, is_long=False),
    "isbn13": lambda provider: isbn(provider, is_long=True),
}
