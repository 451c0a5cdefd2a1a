"""Facts about countries: the codes of ISO 3166, the currency of ISO 4217, dialling code, continent and phone numbers.

A weight says how common a country is among customers of a shop or a service that sells worldwide; the country of the
schema's locale is more common than its weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Country:
    """A country: `phone_digits` is the number of digits after the area code, `timezone` that of most of its cities."""

    code: str
    code3: str
    name: str
    currency: str
    dialling: str
    phone_digits: int
    continent: str
    weight: int
    timezone: str


@cache
def countries() -> dict[str, Country]:
    """Return the countries by their code of two letters."""
    found = {}
    for line in _COUNTRIES.strip().splitlines():
        code, code3, name, currency, dialling, digits, continent, weight, timezone = line.split("|")
        country = Country(
            code, code3, name, currency, dialling, int(digits), _CONTINENTS[continent], int(weight), timezone
        )
        found[code] = country
    return found


def country_of_locale(locale: str) -> Country | None:
    """Return the country of a locale such as `de_AT` or `de`, or None."""
    language, _, territory = locale.replace("-", "_").partition("_")
    return countries().get((territory or _HOMES.get(language, language)).upper())


_CONTINENTS = {
    "AF": "Africa",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
_HOMES = {
    "en": "US", "ja": "JP", "zh": "CN", "ko": "KR", "pt": "PT", "cs": "CZ", "da": "DK", "sv": "SE", "el": "GR",
    "he": "IL", "uk": "UA", "hi": "IN", "vi": "VN", "et": "EE", "sl": "SI", "ar": "SA", "bn": "BD",
}  # fmt: skip
_COUNTRIES = """
US|USA|United States|USD|1|7|NA|300|America/New_York
CA|CAN|Canada|CAD|1|7|NA|60|America/Toronto
MX|MEX|Mexico|MXN|52|8|NA|40|America/Mexico_City
BR|BRA|Brazil|BRL|55|8|SA|60|America/Sao_Paulo
AR|ARG|Argentina|ARS|54|7|SA|20|America/Argentina/Buenos_Aires
CL|CHL|Chile|CLP|56|8|SA|14|America/Santiago
CO|COL|Colombia|COP|57|7|SA|18|America/Bogota
PE|PER|Peru|PEN|51|7|SA|10|America/Lima
GB|GBR|United Kingdom|GBP|44|7|EU|110|Europe/London
IE|IRL|Ireland|EUR|353|7|EU|18|Europe/Dublin
FR|FRA|France|EUR|33|8|EU|90|Europe/Paris
DE|DEU|Germany|EUR|49|7|EU|120|Europe/Berlin
NL|NLD|Netherlands|EUR|31|7|EU|45|Europe/Amsterdam
BE|BEL|Belgium|EUR|32|7|EU|24|Europe/Brussels
LU|LUX|Luxembourg|EUR|352|6|EU|4|Europe/Luxembourg
CH|CHE|Switzerland|CHF|41|7|EU|24|Europe/Zurich
AT|AUT|Austria|EUR|43|7|EU|20|Europe/Vienna
IT|ITA|Italy|EUR|39|7|EU|65|Europe/Rome
ES|ESP|Spain|EUR|34|7|EU|60|Europe/Madrid
PT|PRT|Portugal|EUR|351|7|EU|14|Europe/Lisbon
DK|DNK|Denmark|DKK|45|6|EU|18|Europe/Copenhagen
SE|SWE|Sweden|SEK|46|7|EU|26|Europe/Stockholm
NO|NOR|Norway|NOK|47|6|EU|18|Europe/Oslo
FI|FIN|Finland|EUR|358|7|EU|16|Europe/Helsinki
PL|POL|Poland|PLN|48|7|EU|40|Europe/Warsaw
CZ|CZE|Czechia|CZK|420|8|EU|16|Europe/Prague
SK|SVK|Slovakia|EUR|421|8|EU|6|Europe/Bratislava
HU|HUN|Hungary|HUF|36|7|EU|12|Europe/Budapest
RO|ROU|Romania|RON|40|7|EU|14|Europe/Bucharest
GR|GRC|Greece|EUR|30|7|EU|12|Europe/Athens
SI|SVN|Slovenia|EUR|386|7|EU|4|Europe/Ljubljana
EE|EST|Estonia|EUR|372|6|EU|3|Europe/Tallinn
LT|LTU|Lithuania|EUR|370|7|EU|4|Europe/Vilnius
LV|LVA|Latvia|EUR|371|6|EU|3|Europe/Riga
UA|UKR|Ukraine|UAH|380|7|EU|12|Europe/Kyiv
TR|TUR|Turkey|TRY|90|7|AS|30|Europe/Istanbul
IL|ISR|Israel|ILS|972|7|AS|12|Asia/Jerusalem
SA|SAU|Saudi Arabia|SAR|966|7|AS|14|Asia/Riyadh
AE|ARE|United Arab Emirates|AED|971|7|AS|14|Asia/Dubai
EG|EGY|Egypt|EGP|20|8|AF|12|Africa/Cairo
ZA|ZAF|South Africa|ZAR|27|7|AF|18|Africa/Johannesburg
NG|NGA|Nigeria|NGN|234|7|AF|16|Africa/Lagos
KE|KEN|Kenya|KES|254|7|AF|8|Africa/Nairobi
MA|MAR|Morocco|MAD|212|7|AF|8|Africa/Casablanca
IN|IND|India|INR|91|8|AS|90|Asia/Kolkata
PK|PAK|Pakistan|PKR|92|7|AS|10|Asia/Karachi
BD|BGD|Bangladesh|BDT|880|8|AS|8|Asia/Dhaka
CN|CHN|China|CNY|86|8|AS|60|Asia/Shanghai
JP|JPN|Japan|JPY|81|8|AS|80|Asia/Tokyo
KR|KOR|South Korea|KRW|82|8|AS|40|Asia/Seoul
TW|TWN|Taiwan|TWD|886|8|AS|16|Asia/Taipei
HK|HKG|Hong Kong|HKD|852|7|AS|12|Asia/Hong_Kong
SG|SGP|Singapore|SGD|65|7|AS|16|Asia/Singapore
MY|MYS|Malaysia|MYR|60|7|AS|14|Asia/Kuala_Lumpur
TH|THA|Thailand|THB|66|7|AS|14|Asia/Bangkok
VN|VNM|Vietnam|VND|84|8|AS|14|Asia/Ho_Chi_Minh
PH|PHL|Philippines|PHP|63|7|AS|16|Asia/Manila
ID|IDN|Indonesia|IDR|62|8|AS|20|Asia/Jakarta
AU|AUS|Australia|AUD|61|8|OC|55|Australia/Sydney
NZ|NZL|New Zealand|NZD|64|7|OC|14|Pacific/Auckland
"""
