"""The rows of well-known lookup tables: countries, currencies and US states from Faker, the others from standards.

A record has a value for each role; `matching` in `known_lookups` finds the columns that play them. TPC-H's regions and
nations are those of the TPC-H specification, revision 3, section 4.2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.schema.fields import Cell

Record = dict[str, Cell]


@dataclass(frozen=True)
class Lookup:
    """A well-known list: what it holds, where it is from, and its records."""

    title: str
    source: str
    records: tuple[Record, ...]


@cache
def find_lookup(name: str) -> Lookup | None:
    """Return the list for the bare name of a table, such as `country`, `order_status`; None for any other."""
    folded = _ALIASES.get(name, name)
    if folded in _SMALL:
        title, names = _SMALL[folded]
        return Lookup(title, "usual values", tuple(_named(names)))
    match folded:
        case "country":
            return Lookup("countries", "Faker's countries, ISO 3166", tuple(_list_countries()))
        case "currency":
            return Lookup("currencies", "Faker's currencies, ISO 4217", tuple(_list_currencies()))
        case "state":
            return Lookup("states of the US", "Faker's states", tuple(_list_states()))
        case "month":
            return Lookup("months", "the calendar", tuple(_list_months()))
        case "weekday":
            return Lookup("days of the week", "ISO 8601, Monday first", tuple(_list_weekdays()))
        case "quarter":
            return Lookup("quarters", "the calendar", tuple({"name": f"Q{n}", "code": f"Q{n}"} for n in range(1, 5)))
        case "language":
            return Lookup("languages", "ISO 639-1", tuple({"code": c, "name": n} for c, n in _pairs(_LANGUAGES)))
        case "unit":
            return Lookup("units of measure", "SI and customary units", tuple(_list_units()))
    return None


def tpch_regions() -> tuple[Record, ...]:
    """Return TPC-H's regions, whose keys start at 0."""
    return tuple({"regionkey": key, "name": name} for key, name in enumerate(_TPCH_REGIONS.split(", ")))


def tpch_nations() -> tuple[Record, ...]:
    """Return TPC-H's nations with the keys of their regions."""
    entries = [entry.rsplit(" ", 1) for entry in _TPCH_NATIONS.split(", ")]
    return tuple(
        {"nationkey": key, "name": name, "regionkey": int(region)} for key, (name, region) in enumerate(entries)
    )


def _list_countries() -> list[Record]:
    from faker.providers.date_time import Provider

    found = sorted({country.alpha_2_code: country for country in Provider.countries}.values(), key=lambda c: c.name)
    return [
        {
            "name": country.name,
            "short": country.alpha_3_code,
            "code": country.alpha_2_code,
            "code3": country.alpha_3_code,
            "continent": country.continent,
            "capital": country.capital,
        }
        for country in found
    ]


def _list_currencies() -> list[Record]:
    from faker.providers.currency import Provider

    return [{"code": code, "name": name, "short": code} for code, name in Provider.currencies]


def _list_states() -> list[Record]:
    from faker.providers.address.en_US import Provider

    codes = [code for code in Provider.states_abbr if code != "DC"]
    return [
        {"name": name, "code": code, "short": code, "country": "United States", "country_code": "US"}
        for name, code in zip(Provider.states, codes, strict=True)
    ]


def _list_months() -> list[Record]:
    return [
        {
            "name": name,
            "short": name[:3],
            "code": name[:3].upper(),
            "number": number,
            "quarter": (number + 2) // 3,
            "days": 28 if number == 2 else 30 if number in (4, 6, 9, 11) else 31,
        }
        for number, name in enumerate(_MONTHS.split(), start=1)
    ]


def _list_weekdays() -> list[Record]:
    return [
        {"name": name, "short": name[:3], "code": name[:3].upper(), "number": number, "is_weekend": number > 5}
        for number, name in enumerate(_WEEKDAYS.split(), start=1)
    ]


def _list_units() -> list[Record]:
    return [{"code": code, "name": name, "short": code, "symbol": code} for code, name in _pairs(_UNITS)]


def _named(names: str) -> list[Record]:
    """Return records of `Cash:CASH, Credit card:CARD`, each a name with its code."""
    records: list[Record] = []
    for entry in names.split(", "):
        name, _, code = entry.partition(":")
        records.append({"name": name, "code": code or name.upper().replace(" ", "_"), "short": code or name})
    return records


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    entries = (entry.partition(" ") for entry in text.split(", "))
    return [(code, name) for code, _, name in entries]


_ALIASES = {
    "nation": "country",
    "us_state": "state",
    "usa_state": "state",
    "state_province": "state",
    "day_of_week": "weekday",
    "week_day": "weekday",
    "day_name": "weekday",
    "sex": "gender",
    "order_state": "order_status",
    "sales_order_status": "order_status",
    "payment_type": "payment_method",
    "pay_method": "payment_method",
    "payment_mode": "payment_method",
    "payment_state": "payment_status",
    "shipping_status": "shipment_status",
    "delivery_status": "shipment_status",
    "ship_method": "shipping_method",
    "ship_mode": "shipping_method",
    "delivery_method": "shipping_method",
    "unit_of_measure": "unit",
    "uom": "unit",
    "measure_unit": "unit",
    "calendar_month": "month",
    "world_region": "region",
    "sales_region": "region",
}
_SMALL = {
    "region": ("regions of the world", "Africa:AF, Americas:AM, Asia:AS, Europe:EU, Oceania:OC"),
    "continent": (
        "continents",
        "Africa:AF, Antarctica:AN, Asia:AS, Europe:EU, North America:NA, Oceania:OC, South America:SA",
    ),
    "gender": ("genders", "Female:F, Male:M, Other:O, Unknown:U"),
    "marital_status": ("marital statuses", "Single:S, Married:M, Divorced:D, Widowed:W"),
    "order_status": ("order statuses", "Pending, Confirmed, Processing, Shipped, Delivered, Cancelled, Returned"),
    "payment_status": ("payment statuses", "Pending, Authorized, Paid, Failed, Refunded, Cancelled"),
    "shipment_status": ("shipment statuses", "Pending, Packed, Shipped, In transit, Delivered, Returned, Lost"),
    "invoice_status": ("invoice statuses", "Draft, Sent, Paid, Overdue, Void"),
    "ticket_status": ("ticket statuses", "New, Open, Pending, On hold, Solved, Closed"),
    "payment_method": (
        "payment methods",
        "Cash:CASH, Credit card:CC, Debit card:DC, Bank transfer:BT, Direct debit:DD, PayPal:PP, Gift card:GC",
    ),
    "shipping_method": ("shipping methods", "Standard:STD, Express:EXP, Overnight:ON, Two day:2D, Pickup:PU"),
    "priority": ("priorities", "Low:L, Medium:M, High:H, Urgent:U"),
}
_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_LANGUAGES = (
    "ar Arabic, bn Bengali, cs Czech, da Danish, de German, el Greek, en English, es Spanish, fi Finnish, fr French, "
    "he Hebrew, hi Hindi, hu Hungarian, id Indonesian, it Italian, ja Japanese, ko Korean, nl Dutch, no Norwegian, "
    "pl Polish, pt Portuguese, ro Romanian, ru Russian, sv Swedish, th Thai, tr Turkish, uk Ukrainian, vi Vietnamese, "
    "zh Chinese"
)
_UNITS = (
    "pc Piece, box Box, kg Kilogram, g Gram, lb Pound, oz Ounce, l Liter, ml Milliliter, m Meter, cm Centimeter, "
    "ft Foot, in Inch, h Hour, min Minute"
)
_TPCH_REGIONS = "AFRICA, AMERICA, ASIA, EUROPE, MIDDLE EAST"
_TPCH_NATIONS = (
    "ALGERIA 0, ARGENTINA 1, BRAZIL 1, CANADA 1, EGYPT 4, ETHIOPIA 0, FRANCE 3, GERMANY 3, INDIA 2, INDONESIA 2, "
    "IRAN 4, IRAQ 4, JAPAN 2, JORDAN 4, KENYA 0, MOROCCO 0, MOZAMBIQUE 0, PERU 1, CHINA 2, ROMANIA 3, SAUDI ARABIA 4, "
    "VIETNAM 2, RUSSIA 3, UNITED KINGDOM 3, UNITED STATES 1"
)
