"""Faker's computed methods, written as grammars: hashes, UUIDs, network addresses, places on earth, passwords.

Each builder takes the provider that owns the method, and the method's arguments; for an argument that it does not
support, the method is traced instead.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from engine.rules.providers.faker import numbers_with_check
from engine.rules.providers.forms.form import Decimals, Form
from engine.rules.text.grammar.nodes import Node, Pick, choice, number, sequence

_HEX = Pick(tuple("0123456789abcdef"))
_OCTET = Pick(tuple(map(str, range(256))))
_HEX_OCTET = Pick(tuple(f"{value:02x}" for value in range(256)))
_GROUP = Pick(tuple(f"{value:x}" for value in range(2**16)))
_PLACEMENTS = 120
_SPECIAL = "!@#$%^&*()_+"


def _hex(size: int) -> Form:
    return Form(node=sequence([_HEX] * size))


def _uuid(head: list[Node]) -> Form:
    variant = Pick(tuple("89ab"))
    return Form(node=sequence([*head, *[_HEX] * 3, "-", variant, *[_HEX] * 3, "-", *[_HEX] * 12]))


def uuid4(provider: Any) -> Form:
    """Return random UUIDs."""
    return _uuid([*[_HEX] * 8, "-", *[_HEX] * 4, "-4"])


def uuid1(provider: Any) -> Form:
    """Return UUIDs with timestamps from 1970 to 2034."""
    high = Pick(tuple(f"1{value:03x}" for value in range(0x1B3, 0x1FA)))
    variant = Pick(tuple("89ab"))
    return Form(node=sequence([*[_HEX] * 8, "-", *[_HEX] * 4, "-", high, "-", variant, *[_HEX] * 3, "-", *[_HEX] * 12]))


def uuid7(provider: Any) -> Form:
    """Return UUIDs with timestamps from 1970 to 2034, in milliseconds."""
    high = Pick(tuple(f"{value:04x}" for value in range(0x1DD)))
    return _uuid([high, *[_HEX] * 4, "-", *[_HEX] * 4, "-7"])


def _networks(networks: list[IPv4Network]) -> Form:
    """Return addresses spread evenly over networks."""
    nodes = [_in_network(network) for network in networks]
    return Form(node=choice(nodes, [float(network.num_addresses) for network in networks]))


def _in_network(network: IPv4Network) -> Node:
    parts: list[Node] = []
    for index, octet in enumerate(network.network_address.packed):
        free = min(8, max(0, 8 * (index + 1) - network.prefixlen))
        values = [str(octet + value) for value in range(2**free)]
        parts += [_OCTET if free == 8 else choice(values), "."]
    return sequence(parts[:-1])


def ipv4(provider: Any, address_class: str | None = None) -> Form:
    """Return addresses outside the special networks."""
    return _networks(provider._get_all_networks_and_weights(address_class=address_class)[0])


def _by_class(find: Callable[[str], list[IPv4Network]], address_class: str | None) -> Form:
    classes = ["a", "b", "c"] if address_class is None else [address_class]
    nodes = [_networks(find(one)).node for one in classes]
    return Form(node=choice([node for node in nodes if node is not None]))


def ipv4_private(provider: Any, address_class: str | None = None) -> Form:
    """Return addresses of the private networks."""
    return _by_class(lambda one: list(provider._get_private_networks_and_weights(address_class=one)[0]), address_class)


def ipv4_public(provider: Any, address_class: str | None = None) -> Form:
    """Return addresses of the public networks."""
    return _by_class(lambda one: list(provider._get_public_networks_and_weights(address_class=one)[0]), address_class)


def ipv6(provider: Any) -> Form:
    """Return random addresses in eight groups."""
    return Form(node=sequence([part for _ in range(8) for part in (_GROUP, ":")][:-1]))


def mac_address(provider: Any, multicast: bool = False) -> Form:
    """Return hardware addresses; the last bit of the first octet is the multicast flag."""
    first = Pick(tuple(f"{value:02x}" for value in range(int(multicast), 256, 2)))
    return Form(node=sequence([first, *[part for _ in range(5) for part in (":", _HEX_OCTET)]]))


def hex_color(provider: Any) -> Form:
    """Return colours such as #43c7eb."""
    return Form(node=sequence(["#", *[_HEX] * 6]))


def password(
    provider: Any,
    length: int = 10,
    special_chars: bool = True,
    digits: bool = True,
    upper_case: bool = True,
    lower_case: bool = True,
) -> Form:
    """Return passwords with a character of each kind, in one of about 120 arrangements.

    The arrangements are rotations of a few, so that no position is favoured.
    """
    wanted = zip(
        (special_chars, digits, upper_case, lower_case), (_SPECIAL, _DIGITS, ascii_uppercase, ascii_lowercase),
        strict=True,
    )  # fmt: skip
    kinds = [Pick(tuple(kind)) for is_wanted, kind in wanted if is_wanted]
    if not kinds or len(kinds) > length:
        raise ValueError("Required length is shorter than required characters")
    every = Pick(tuple("".join("".join(kind.texts) for kind in kinds)))
    random = Random(10)
    ways = []
    for _ in range(max(1, _PLACEMENTS // length)):
        places = random.sample(range(length), len(kinds))
        for turn in range(length):
            parts = [every] * length
            for kind, index in zip(kinds, places, strict=True):
                parts[(index + turn) % length] = kind
            ways.append(sequence(parts))
    return Form(node=choice(ways))


_DIGITS = digits


def coordinate(provider: Any) -> Form:
    """Return degrees from -180 to 180 with six decimal places."""
    return Form(decimals=Decimals(-180_000_000, 180_000_000, 6))


def latitude(provider: Any) -> Form:
    """Return degrees from -90 to 90 with six decimal places."""
    return Form(decimals=Decimals(-90_000_000, 90_000_000, 6))


def postcode_in_state(provider: Any, state_abbr: str | None = None) -> Form:
    """Return postcodes of a state's range, by default of any state."""
    ranges = provider.states_postcode
    names = provider.states_abbr if state_abbr is None else [state_abbr]
    return Form(node=choice([number(ranges[name][0], ranges[name][1], width=5) for name in names]))


def random_number(provider: Any, digits: int | None = None, fix_len: bool = False) -> Form:
    """Return whole numbers with a given number of digits."""
    if digits is None:
        raise NotImplementedError("a random number of digits")
    return Form(numbers=range(10 ** (digits - 1) if fix_len else 0, 10**digits))


def _as_form(build: Callable[..., Node]) -> Callable[..., Form]:
    return lambda provider, **arguments: Form(node=build(provider, **arguments))


BUILDERS: dict[str, Callable[..., Form]] = {
    "md5": lambda provider: _hex(32),
    "sha1": lambda provider: _hex(40),
    "sha256": lambda provider: _hex(64),
    "uuid1": uuid1,
    "uuid4": uuid4,
    "uuid7": uuid7,
    "ipv4": ipv4,
    "ipv4_private": ipv4_private,
    "ipv4_public": ipv4_public,
    "ipv6": ipv6,
    "mac_address": mac_address,
    "hex_color": hex_color,
    "password": password,
    "coordinate": coordinate,
    "longitude": coordinate,
    "latitude": latitude,
    "postcode_in_state": postcode_in_state,
    "zipcode_in_state": postcode_in_state,
    "postalcode_in_state": postcode_in_state,
    "random_number": random_number,
    **{name: _as_form(build) for name, build in numbers_with_check.BUILDERS.items()},
}
