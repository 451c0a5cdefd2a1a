"""Places: the cities of all countries with what belongs to each, and the text of each part of a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.rules.places.countries import Country, countries
from engine.rules.places.us_cities import US_CITIES, US_TIMEZONES
from engine.rules.places.world_cities import WORLD_CITIES
from engine.rules.random.bits import below_at, random_bits_at
from engine.rules.random.seeds import stream_key

POSTCODES_PER_CITY = 64
_MICRO = 1_000_000
_SHARE_SIZE = 1_000_000
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Place:
    """A city. `latitude` and `longitude` are in millionths of a degree, `postcode` is a form with # and @."""

    country: Country
    state_code: str
    state: str
    city: str
    latitude: int
    longitude: int
    postcode: str
    area_code: str
    population: int
    timezone: str

    def text(self, part: str) -> str:
        """Return a part that is the same for every row of the place, such as `state` or `currency`."""
        match part:
            case "city" | "state" | "state_code" | "timezone":
                return str(getattr(self, part))
            case "country":
                return self.country.name
            case "country_code":
                return self.country.code
            case "country_code_3":
                return self.country.code3
            case "currency" | "continent":
                return str(getattr(self.country, part))
        raise ValueError(part)

    def postcodes(self) -> tuple[str, ...]:
        """Return some postcodes of the city, in a fixed random order; empty where there are none."""
        return _postcodes(self.postcode, self.country.code, self.city) if self.postcode else ()


@cache
def _postcodes(form: str, country: str, city: str) -> tuple[str, ...]:
    key = stream_key(0, country, city, "postcode")
    return tuple(_fill(form, key, number) for number in range(POSTCODES_PER_CITY))


def _fill(form: str, key: int, number: int) -> str:
    made = []
    for position, sign in enumerate(form):
        bits = random_bits_at(number * len(form) + position, key)
        made.append(str(below_at(bits, 10)) if sign == "#" else _LETTERS[below_at(bits, 20)] if sign == "@" else sign)
    return "".join(made)


@cache
def places() -> tuple[Place, ...]:
    """Return all places: those of the United States first."""
    found = []
    us = countries()["US"]
    for line in US_CITIES.strip().splitlines():
        code, state, city, latitude, longitude, zip_code, area, population, zone = line.split("|")
        found.append(
            Place(
                us, code, state, city, _micro(latitude), _micro(longitude), f"{zip_code}##", area, int(population),
                US_TIMEZONES[zone],
            )
        )  # fmt: skip
    for line in WORLD_CITIES.strip().splitlines():
        code, state_code, state, city, latitude, longitude, postcode, area, population, zone = line.split("|")
        country = countries()[code]
        found.append(
            Place(
                country, state_code, state, city, _micro(latitude), _micro(longitude), postcode, area, int(population),
                zone or country.timezone,
            )
        )  # fmt: skip
    return tuple(found)


def shares(chosen: Sequence[Place], home: Country | None) -> list[int]:
    """Return the weight of each place: by its country's weight, and in a country by population.

    The country `home` has two fifths of the rows at least.
    """
    people: Counter[str] = Counter()
    for place in chosen:
        people[place.country.code] += place.population
    weights = {code: countries()[code].weight for code in people}
    if home is not None and home.code in weights:
        others = sum(weights.values()) - weights[home.code]
        weights[home.code] = max(weights[home.code], others * 2 // 3)
    return [
        max(weights[place.country.code] * _SHARE_SIZE * place.population // people[place.country.code], 1)
        for place in chosen
    ]


def _micro(degrees: str) -> int:
    whole, _, fraction = degrees.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * _MICRO + int(fraction.ljust(6, "0")))
