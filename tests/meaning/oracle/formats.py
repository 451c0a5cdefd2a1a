"""Formats: UUIDs, e-mails, phones, URLs, IP addresses, hashes, ISO codes and postcodes keep their form."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.meaning.oracle.iso_codes import COUNTRIES
from tests.meaning.oracle.judgement import Judgement, judge_values
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "formats"
Test = Callable[[Any], bool]
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*\.[a-z]{2,}", re.IGNORECASE)
_URL = re.compile(
    r"(https?://)?[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/\S*)?|/\S*|(s3|gs|ftp|android-app)://\S+", re.IGNORECASE
)
_PHONE = re.compile(r"\+?[\d\s().-]+(\s?(x|ext\.?)\s?\d+)?")
_HEX = re.compile(r"(0x)?[0-9a-f]+", re.IGNORECASE)
_MAC = re.compile(r"([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}", re.IGNORECASE)
_POSTCODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,9}", re.IGNORECASE)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_HASHES = (
    "md5",
    "sha1",
    "sha256",
    "sha2",
    "hash",
    "hash key",
    "hk",
    "hashkey",
    "hashdiff",
    "hash diff",
    "digest",
    "checksum",
)
_HASH_LENGTHS = frozenset((32, 40, 64, 128))


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the text columns whose names are those of a format."""
    for table in tables:
        for column in table.columns:
            expected = expected_format(column)
            if expected is not None:
                test, why = expected
                yield from judge_values(KIND, table, column, test, why)


def expected_format(column: Column) -> tuple[Test, str] | None:
    """Return the test of a column's values and its meaning; None for a name without a format."""
    if column.family != "text":
        return None
    words, length = column.words, column.length or 65535
    is_key = words[-1] in ("id", "key", "uid", "sk")
    if ends_with(words, "uuid", "guid") or (length == 36 and is_key):
        return _matches(_UUID), "UUID"
    if is_hash(column):
        return _is_hex(column), "hex digits of a hash"
    if ends_with(words, "email", "email address", "e mail", "mail address"):
        return _matches(_EMAIL), "e-mail address"
    if ends_with(words, "phone", "phone number", "mobile", "telephone", "fax", "phone no", "mobile number", "tel"):
        return _is_phone, "phone number of 7 to 15 digits"
    if ends_with(words, "url", "website", "web site", "referrer url", "link url", "image url"):
        return _matches(_URL), "URL"
    if ends_with(words, "ip", "ip address", "ip addr", "ipv4", "ipv6"):
        return _is_address, "IP address"
    if ends_with(words, "mac address", "mac", "mac addr"):
        return _matches(_MAC), "MAC address"
    if ends_with(words, "vin") and length >= 17:
        return _matches(_VIN), "vehicle number of 17 characters"
    if ends_with(words, "country code", "country iso", "iso country code", "country iso code", "iso2", "country code2"):
        return _is_country(length), "ISO country code"
    if ends_with(words, "country") and length <= 3:
        return _is_country(length), "ISO country code"
    if ends_with(words, "currency", "currency code", "iso currency", "ccy", "currency cd") and length <= 5:
        return lambda value: re.fullmatch("[A-Z]{3}", value) is not None, "ISO currency code"
    if ends_with(words, "zip", "zip code", "zipcode", "postal code", "postcode", "post code"):
        return lambda value: _POSTCODE.fullmatch(value) is not None and any(map(str.isdigit, value)), "postcode"
    return None


def is_hash(column: Column) -> bool:
    """Whether a text column holds the hex digits of a hash by its name."""
    length = column.length or 65535
    return column.family == "text" and (ends_with(column.words, *_HASHES)) and length >= 8


def _matches(pattern: re.Pattern[str]) -> Test:
    return lambda value: pattern.fullmatch(value) is not None


def _is_hex(column: Column) -> Test:
    """Accept hex of the length of a hash: the declared one of a CHAR, else any that fits."""
    length = column.length or 65535
    fitting = {each for each in (*_HASH_LENGTHS, 16) if each <= length} or {length}
    lengths = {length} if column.is_fixed_length and length in _HASH_LENGTHS else fitting
    return lambda value: _HEX.fullmatch(value) is not None and len(value.removeprefix("0x")) in lengths


def _is_phone(value: str) -> bool:
    main = re.split(r"x|ext", value)[0]
    return _PHONE.fullmatch(value) is not None and 7 <= sum(map(str.isdigit, main)) <= 15


def _is_address(value: str) -> bool:
    try:
        return bool(ipaddress.ip_address(value.split("/")[0]))
    except ValueError:
        return False


def _is_country(length: int) -> Test:
    if length == 2:
        return lambda value: value in COUNTRIES
    return lambda value: value in COUNTRIES or re.fullmatch(r"[A-Z]{3}|\+?\d{1,3}", value) is not None
