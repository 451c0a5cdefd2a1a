"""Codes and names that the oracle compares with: ISO 3166 countries, ISO 4217 currencies, states of the USA."""

from __future__ import annotations

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK EU UK
    """.split()
)

# The currencies of the countries that trade most; another country's currency is not judged.
CURRENCY_OF = dict(
    pair.split(":")
    for pair in """
    US:USD CA:CAD MX:MXN BR:BRL AR:ARS GB:GBP IE:EUR FR:EUR DE:EUR ES:EUR PT:EUR IT:EUR NL:EUR BE:EUR AT:EUR FI:EUR
    GR:EUR CH:CHF SE:SEK NO:NOK DK:DKK PL:PLN CZ:CZK HU:HUF RO:RON TR:TRY RU:RUB UA:UAH IN:INR CN:CNY JP:JPY KR:KRW
    AU:AUD NZ:NZD SG:SGD HK:HKD ZA:ZAR EG:EGP NG:NGN KE:KES SA:SAR AE:AED IL:ILS TH:THB ID:IDR MY:MYR PH:PHP VN:VND
    CL:CLP CO:COP PE:PEN
    """.split()
)
COUNTRY_NAMES = {
    "united states": "US", "usa": "US", "united states of america": "US", "canada": "CA", "mexico": "MX",
    "brazil": "BR",
    "united kingdom": "GB", "france": "FR", "germany": "DE", "spain": "ES", "italy": "IT", "india": "IN", "china": "CN",
    "japan": "JP", "australia": "AU", "netherlands": "NL", "poland": "PL", "portugal": "PT", "ireland": "IE",
    "sweden": "SE", "norway": "NO", "denmark": "DK", "switzerland": "CH", "austria": "AT", "belgium": "BE",
}  # fmt: skip

# First digits of the postcodes of each state of the USA, by its zones.
ZIP_ZONES = {
    "0": "CT MA ME NH NJ NY PR RI VT VI AE",
    "1": "DE NY PA",
    "2": "DC MD NC SC VA WV",
    "3": "AL FL GA MS TN AA",
    "4": "IN KY MI OH",
    "5": "IA MN MT ND SD WI DC",
    "6": "IL KS MO NE",
    "7": "AR LA OK TX",
    "8": "AZ CO ID NM NV UT WY TX",
    "9": "AK CA HI OR WA AS GU MH FM MP PW AP",
}
STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA", "maine": "ME",
    "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO",
    "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR",
    "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN",
    "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY", "district of columbia": "DC",
}  # fmt: skip
