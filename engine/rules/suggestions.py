"""Suggestions: a sensible rule for a column that has none, from its name, type and length.

A suggestion is marked as such in the column (`suggested`), so that its user can see and change it. The lists below
are looked through from the top; a line fits when the column's name ends with its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from engine.rules.name_words import words, words_without_prefix
from engine.schema.column_checks import RULES, check_column
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_Change = dict[str, Any]
_BOUNDS = ("min_value", "max_value", "date_start", "date_end", "timestamp_start", "timestamp_end", "distribution")


def with_suggestions(schema: ExperimentSchema) -> ExperimentSchema:
    """Return the schema with a suggested rule in every column that has no rule and no bounds of its own."""
    tables = [
        table.model_copy(update={"columns": [_suggested(table, column) for column in table.columns]})
        for table in schema.tables
    ]
    return schema.model_copy(update={"tables": tables})


def suggest(table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return the keys to set on a column, such as `{"faker_rule": "email"}`; empty when nothing is known."""
    if _is_described(table, column):
        return {}
    for change in _candidates(words_without_prefix(column.name, table.name), table, column):
        trial = column.model_copy(update=change)
        trial.__dict__.pop("type", None)
        if not any(check_column(table, trial, "")):
            return change
    return {}


def _suggested(table: TableSchema, column: ColumnSchema) -> ColumnSchema:
    change = suggest(table, column)
    return column.model_copy(update={**change, "suggested": True}) if change else column


def _is_described(table: TableSchema, column: ColumnSchema) -> bool:
    has_rule = any(getattr(column, name) is not None for name in (*RULES, *_BOUNDS))
    is_in_key = any(column.name.casefold() in map(str.casefold, key) for key in table.composite_keys)
    is_referencing = any(column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys)
    return has_rule or is_in_key or is_referencing or (table.is_unique(column) and column.type.kind is not Kind.TEXT)


def _candidates(name: tuple[str, ...], table: TableSchema, column: ColumnSchema) -> Iterator[_Change]:
    kind = column.type.kind
    if kind is Kind.TEXT:
        yield from _texts(name, table, column)
    elif kind in NUMERIC:
        yield from _numbers(name, column)
    elif kind is Kind.DATE or kind in TIMESTAMPS:
        if _ends(name, _BIRTHDAYS):
            yield {"date_start": date(1945, 1, 1), "date_end": date(2006, 12, 31)}
    elif kind is Kind.BOOLEAN:
        yield from ({"probability": share} for share, endings in _SHARES if set(name) & set(endings.split()))


def _texts(name: tuple[str, ...], table: TableSchema, column: ColumnSchema) -> Iterator[_Change]:
    length = column.type.length
    if length == 1 and _ends(name, "flag | indicator | ind"):
        yield {"values": ["Y", "N"]}
    for limit, endings, change in _TEXTS:
        if _ends(name, endings) and (limit is None or (length is not None and length <= limit)):
            if "values" in change and table.is_unique(column):
                continue
            yield change
    if name == ("name",) and _ends(words(table.name), "country | countries | nation | nations"):
        yield {"faker_rule": "country"}
    if name == ("name",):
        yield {"faker_rule": "name" if _is_person(table) else "company" if _is_company(table) else "catch_phrase"}


def _is_person(table: TableSchema) -> bool:
    return any(word in table.name.lower() for word in _PERSON_TABLES.split())


def _is_company(table: TableSchema) -> bool:
    return any(word in table.name.lower() for word in _COMPANY_TABLES.split())


def _numbers(name: tuple[str, ...], column: ColumnSchema) -> Iterator[_Change]:
    kind = column.type
    for least, greatest, endings in _NUMBERS:
        if not _ends(name, endings):
            continue
        low, high = Decimal(least), Decimal(greatest)
        if kind.kind is not Kind.FLOAT:
            low, high = (value.quantize(Decimal(1).scaleb(-min(kind.scale, 6))) for value in (low, high))
            high = min(high, Decimal(kind.integer_bounds[1]).scaleb(-kind.scale))
        if low < high:
            yield {"min_value": low, "max_value": high}


def _ends(name: tuple[str, ...], endings: str) -> bool:
    """Whether the name ends with one of the endings; a long one may be glued to what comes before: `retailprice`."""
    split = _split(endings)
    if any(name[-len(ending) :] == ending for ending in split):
        return True
    glued = name[-1] if name else ""
    return any(len(ending) == 1 and len(ending[0]) >= _GLUED and glued.endswith(ending[0]) for ending in split)


def _split(endings: str) -> list[tuple[str, ...]]:
    return [tuple(ending.split()) for ending in endings.split("|")]


_GLUED = 5
_PERSON_TABLES = "customer user person people employee contact member patient student guest driver rider agent author"
_COMPANY_TABLES = "supplier vendor company account merchant partner organization client brand store shop"
_BIRTHDAYS = "birth date | date of birth | dob | birthday | birthday date | born | born on | birthdate"
_SHARES = (
    (0.02, "deleted archived banned fraud blocked"),
    (0.9, "active enabled current valid open available published"),
    (0.15, "cancelled canceled returned trial test churned"),
)
# greatest length for which the line holds (None: any), endings of the name, what to set
_TEXTS: tuple[tuple[int | None, str, _Change], ...] = (
    (None, "email | e mail | mail | email address", {"faker_rule": "email"}),
    (None, "ip | ip address | ipaddress", {"faker_rule": "ipv4"}),
    (None, "mac | mac address", {"faker_rule": "mac_address"}),
    (None, "phone | telephone | mobile | fax | phone number | cell | tel", {"faker_rule": "phone_number"}),
    (None, "first name | firstname | fname | given name | forename | middle name", {"faker_rule": "first_name"}),
    (None, "last name | lastname | lname | surname | family name", {"faker_rule": "last_name"}),
    (None, "user name | username | login | handle | nickname", {"faker_rule": "user_name"}),
    (None, "full name | fullname | contact name | customer name | employee name | owner", {"faker_rule": "name"}),
    (None, "company | company name | organization | organisation | employer | vendor | vendor name | supplier name "
           "| brand | manufacturer", {"faker_rule": "company"}),
    (None, "street | street address | address line 1 | address 1 | street name", {"faker_rule": "street_address"}),
    (None, "address line 2 | address 2", {"faker_rule": "secondary_address"}),
    (None, "address", {"faker_rule": "street_address"}),
    (None, "city | town | city name", {"faker_rule": "city"}),
    (2, "state | province | state code | st", {"faker_rule": "state_abbr"}),
    (None, "state | province | state name", {"faker_rule": "state"}),
    (None, "zip | zip code | zipcode | postcode | postal code | post code", {"faker_rule": "postcode"}),
    (2, "country | country code | iso country | nation", {"faker_rule": "country_code"}),
    (3, "country | country code | iso country | iso 3",
        {"faker_rule": "country_code", "faker_args": {"representation": "alpha-3"}}),
    (None, "country code", {"faker_rule": "country_code"}),
    (None, "country | nation | country name", {"faker_rule": "country"}),
    (None, "url | website | web site | link | homepage | uri", {"faker_rule": "url"}),
    (None, "domain | domain name | host | hostname", {"faker_rule": "domain_name"}),
    (None, "user agent", {"faker_rule": "user_agent"}),
    (None, "uuid | guid", {"faker_rule": "uuid4"}),
    (None, "md5 | hash | checksum", {"faker_rule": "md5"}),
    (None, "job | job title | occupation | profession | position", {"faker_rule": "job"}),
    (None, "department | dept", {"values": ["Sales", "Marketing", "Finance", "Operations", "Engineering", "Support"]}),
    (None, "currency | currency code | iso currency", {"faker_rule": "currency_code"}),
    (None, "iban | account number", {"faker_rule": "iban"}),
    (None, "credit card | card number | cc number", {"faker_rule": "credit_card_number"}),
    (None, "ssn | tax id | social security number", {"faker_rule": "ssn"}),
    (None, "color | colour | color name", {"faker_rule": "color_name"}),
    (2, "language | lang | locale", {"faker_rule": "language_code"}),
    (None, "language | preferred language", {"faker_rule": "language_name"}),
    (None, "timezone | time zone", {"faker_rule": "timezone"}),
    (None, "license plate | plate", {"faker_rule": "license_plate"}),
    (None, "file | file name | filename", {"faker_rule": "file_name"}),
    (None, "mime type | content type", {"faker_rule": "mime_type"}),
    (1, "gender | sex", {"values": ["F", "M", "X"], "weights": [0.49, 0.49, 0.02]}),
    (None, "gender | sex", {"values": ["female", "male", "other"], "weights": [0.49, 0.49, 0.02]}),
    (1, "marital status", {"values": ["S", "M", "D", "W"], "weights": [0.38, 0.46, 0.11, 0.05]}),
    (None, "marital status", {"values": ["single", "married", "divorced", "widowed"],
                              "weights": [0.38, 0.46, 0.11, 0.05]}),
    (1, "status", {"values": ["A", "P", "C"], "weights": [0.7, 0.1, 0.2]}),
    (None, "status | state of order",
        {"values": ["active", "pending", "completed", "cancelled"], "weights": [0.55, 0.12, 0.25, 0.08]}),
    (None, "priority", {"values": ["low", "medium", "high", "urgent"], "weights": [0.4, 0.4, 0.15, 0.05]}),
    (None, "channel", {"values": ["web", "mobile", "store", "phone"], "weights": [0.5, 0.35, 0.1, 0.05]}),
    (None, "payment method | payment type", {"values": ["card", "paypal", "transfer", "cash"],
                                             "weights": [0.6, 0.2, 0.15, 0.05]}),
    (None, "segment | mkt segment", {"values": ["consumer", "business", "public"], "weights": [0.6, 0.3, 0.1]}),
    (None, "category | type | class | kind | tier | level", {"values": ["basic", "standard", "premium"],
                                                             "weights": [0.5, 0.35, 0.15]}),
    (None, "product name | item name | product title", {"faker_rule": "catch_phrase"}),
    (None, "title | subject | headline | slogan", {"faker_rule": "sentence", "faker_args": {"nb_words": 5}}),
    (None, "description | comment | comments | note | notes | remark | remarks | message | text | body | review",
        {"faker_rule": "sentence", "faker_args": {"nb_words": 8}}),
    (None, "sku | item code | product code | article number", {"pattern": "??-######"}),
)  # fmt: skip
# least, greatest, endings of the name
_NUMBERS: tuple[tuple[str, str, str], ...] = (
    ("18", "90", "age"),
    ("2015", "2024", "year | yr"),
    ("1", "12", "month | mon"),
    ("1", "28", "day"),
    ("0", "23", "hour"),
    ("0", "59", "minute | second"),
    ("1", "5", "rating | stars"),
    ("0", "100", "score | percent | percentage | pct"),
    ("-90", "90", "latitude | lat"),
    ("-180", "180", "longitude | lng | lon | long"),
    ("0", "0.3", "discount | tax | tax rate | discount rate | rate"),
    ("1", "20", "quantity | qty | units | seats | count | cnt"),
    ("1", "500", "price | unit price | list price | retail price | price usd"),
    ("1", "300", "cost | unit cost | supply cost | cost usd"),
    ("5", "2500", "amount | total | subtotal | revenue | total price | extended price | order total | amt"),
    ("0", "25", "fee | shipping | shipping fee | freight"),
    ("30000", "180000", "salary | income | wage"),
    ("-500", "9500", "balance | acct bal | acctbal | account balance"),
    ("0", "500", "stock | avail qty | availqty | inventory | on hand"),
    ("1", "50", "size | weight | height | width | length"),
    ("60", "7200", "duration | duration seconds | elapsed"),
)
