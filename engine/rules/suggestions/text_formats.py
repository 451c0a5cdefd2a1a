"""Texts with a format: UUIDs, hashes and codes of standards, by the name of a column and its length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.rules.name_words import words
from engine.rules.suggestions.column_names import ends_with
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind

_UUID_LENGTH = 36
_HASHES = "hash | hashkey | hash key | hk | hkey | hsh | hashdiff | hash diff | hdiff | digest | checksum | fingerprint"
_KEYS = "id | key | uid | sk | guid | uuid | pk | fk | no | token"
_METHODS = ((64, "sha256"), (40, "sha1"), (32, "md5"))
_CURRENCY = "currency | currency code | currency cd | iso currency | ccy | curr | currency iso"
_COUNTRY = (
    "country iso | country iso2 | iso country | iso2 | country iso 2 | iso 2 | country cd | country code | nationality"
)


def suggest_text_formats(draft: SchemaDraft) -> None:
    """Suggest a UUID for a key of 36 characters, hex digits for a hash, and ISO codes of countries and currencies."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            if column.type.kind is Kind.TEXT:
                for kind, change in _changes(column):
                    because = f'The name "{column.name}" and the type {column.type}: {kind}.'
                    if draft.suggest(table, column.name, change, because):
                        break


def _changes(column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    name, length = words(column.name), column.type.length
    if not name:
        return
    if is_hash(name):
        yield from _hashes(name, length)
    elif ends_with(name, "uuid | guid") or (length == _UUID_LENGTH and ends_with(name, _KEYS)):
        yield "a UUID", {"faker_rule": "uuid4"}
    elif length in (32, 40, 64) and ends_with(name, _KEYS):
        yield from _hashes(name, length)
    elif ends_with(name, _CURRENCY) and length is not None and 3 <= length <= 5:
        yield "an ISO code of a currency", {"faker_rule": "currency_code"}
    elif ends_with(name, _COUNTRY) and length is not None and length <= 3:
        arguments = {"faker_args": {"representation": "alpha-3"}} if length == 3 else {}
        yield "an ISO code of a country", {"faker_rule": "country_code", **arguments}
    elif ends_with(name, "ip addr | ip address | ipv4 | client ip | remote addr"):
        yield "an IP address", {"faker_rule": "ipv4"}
    elif ends_with(name, "mac addr | mac address"):
        yield "a MAC address", {"faker_rule": "mac_address"}


def is_hash(name: tuple[str, ...]) -> bool:
    """Return whether the words of a name say that it holds a hash, such as `customer_hk`, `HK_ORDER` or `rowhash`."""
    if name[0] in ("hk", "hash", "md5", "sha") and len(name) > 1:
        return True
    is_named = ends_with(name, _HASHES) or name[-1].endswith("hash")
    return is_named or bool({"md5", "sha", "sha1", "sha256"} & {*name}) or ("md", "5") in pairwise(name)


def _hashes(name: tuple[str, ...], length: int | None) -> Iterator[tuple[str, Change]]:
    asked = next((method for _, method in _METHODS if method in name or method in "".join(name)), None)
    sizes = [(size, method) for size, method in _METHODS if length is None or size <= length]
    if length == 128:
        yield "hex digits of a hash", _hex_of(128)
    if asked is not None:
        sizes = [pair for pair in sizes if pair[1] == asked] or sizes
    if length is None and asked is None:
        sizes = [(32, "md5")]
    yield from (("hex digits of a hash", {"faker_rule": method}) for _, method in sizes[:1])
    if not sizes and length is not None and length >= 8:
        yield (
            "hex digits of a hash",
            {"faker_rule": "hexify", "faker_args": {"text": "^" * (16 if length >= 16 else 8)}},
        )


def _hex_of(length: int) -> Change:
    return {"faker_rule": "hexify", "faker_args": {"text": "^" * length}}
