"""Methods whose texts have a format, and the short forms of methods whose texts are too long for a column."""

from __future__ import annotations

FAKER_FORMATS = frozenset(
    """uuid1 uuid4 uuid7 md5 sha1 sha256 ipv4 ipv4_private ipv4_public ipv6 mac_address hex_color safe_hex_color ean
    ean8 ean13 localized_ean localized_ean8 localized_ean13 upc_a aba vin iban bban swift swift8 swift11 isbn10 isbn13
    credit_card_number ssn ein itin invalid_ssn license_plate license_plate_car plate phone_number basic_phone_number
    cellphone_number cell_phone mobile_number msisdn postcode zipcode postalcode zipcode_plus4 postalcode_plus4 bothify
    numerify lexify hexify passport_number national_id vat_id company_vat nino cpf cnpj rg siren siret doi
    country_code currency_code language_code locale timezone pytimezone state_abbr month_name month day_of_week
    day_of_month iata icao airport_iata airport_icao random_int random_number port_number date time""".split()
)
MIMESIS_FORMATS = frozenset(
    """cryptographic.uuid cryptographic.hash cryptographic.token_hex cryptographic.token_urlsafe code.isbn code.issn
    code.ean code.imei code.pin code.locale_code payment.credit_card_number payment.cvv payment.cid
    person.telephone person.phone_number person.identifier internet.ip_v4 internet.ip_v6 internet.mac_address
    address.postal_code address.zip_code address.country_code address.iata_code address.icao_code
    finance.currency_iso_code hardware.phone_number""".split()
)
_ALPHA_3 = '{"representation": "alpha-3"}'
_TEXT = '{"max_nb_chars": $length}'
_ADDRESSES = ("????@mail.com", "???@mail.com", "???@ab.co", "??@a.co", "?@a.co")
_HEX = tuple(("hexify", f'{{"text": "{"^" * size}"}}') for size in (16, 8, 4))
FAKER_SHORT_FORMS = {
    "country": (("country_code", _ALPHA_3), ("country_code", "{}")),
    "current_country": (("current_country_code", "{}"),),
    "state": (("state_abbr", "{}"),),
    "administrative_unit": (("state_abbr", "{}"),),
    "currency_name": (("currency_code", "{}"),),
    "language_name": (("language_code", "{}"),),
    "month_name": (("date", '{"pattern": "%b"}'), ("month", "{}")),
    "day_of_week": (("date", '{"pattern": "%a"}'), ("day_of_month", "{}")),
    "phone_number": (("numerify", '{"text": "%##-####"}'), ("numerify", '{"text": "%######"}')),
    "url": (("domain_name", "{}"), ("numerify", '{"text": "/p/###"}')),
    "image_url": (("url", "{}"), ("domain_name", "{}")),
    "uri": (("url", "{}"), ("uri_path", "{}")),
    "domain_name": (("lexify", '{"text": "????.com"}'), ("lexify", '{"text": "??.io"}')),
    **dict.fromkeys(
        ("email", "free_email", "safe_email", "ascii_email", "company_email"),
        tuple(("lexify", f'{{"text": "{text}", "letters": "abcdefghijklmnoprstuvw"}}') for text in _ADDRESSES),
    ),
    "uuid4": (("md5", "{}"), *_HEX),
    "sha256": (("sha1", "{}"), ("md5", "{}"), *_HEX),
    "sha1": (("md5", "{}"), *_HEX),
    "md5": _HEX,
    "ean13": (("ean8", "{}"),),
    "street_address": (("street_name", "{}"), ("building_number", "{}")),
    "address": (("street_address", "{}"), ("street_name", "{}")),
    "sentence": (("text", _TEXT), ("word", "{}")),
    **dict.fromkeys(("text", "paragraph", "paragraphs", "sentences"), (("text", _TEXT), ("word", "{}"))),
    "catch_phrase": (("word", "{}"),),
    "bs": (("word", "{}"),),
}  # fmt: skip
