"""Suggestions for rule names that Faker or Mimesis does not have.

Libraries differ in their words rather than in their spelling: Faker's `name` is a full name elsewhere. So a name is
looked up by its meaning first, then by its words, then by its spelling.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from engine.rules.name_words import singular, words

# Names of one meaning, as Faker, Mimesis, Faker.js and column names spell them.
_SAME = tuple(
    tuple(line.split())
    for line in """
    name full_name person_name complete_name display_name customer_name fullname
    first_name given_name forename firstname middle_name
    last_name family_name surname lastname
    user_name username login user login_name account_name nickname handle
    email email_address e_mail mail mail_address
    phone_number phone telephone mobile cell cell_phone telephone_number mobile_number
    postcode postalcode postal_code zip zipcode zip_code plz
    address full_address postal_address
    street_address address_line street_and_number
    street_name street road
    building_number house_number street_number
    state province region
    state_abbr state_code province_code
    city town municipality
    country_code country_iso iso_country
    company company_name employer organization organisation business
    catch_phrase slogan motto
    job job_title occupation profession position
    date_of_birth birthday birthdate birth_date dob
    ssn social_security_number national_id tax_id
    passport_gender gender sex gender_code
    credit_card_number credit_card card_number cc_number
    credit_card_security_code cvv cvc
    credit_card_expire credit_card_expiration_date card_expiry
    credit_card_provider credit_card_network card_type
    iban account_number bank_account
    swift bic swift_code
    currency_code currency_iso_code iso_currency
    pricetag price amount cost
    uuid4 uuid guid identifier unique_id
    ipv4 ip_v4 ip ip_address
    ipv6 ip_v6
    mac_address mac
    url uri website web_address homepage link
    hostname host server_name
    domain_name domain
    user_agent browser agent
    tld top_level_domain
    port_number port
    mime_type content_type media_type
    sha256 hash digest checksum
    hex_color color_hex colour_hex html_color
    color_name color colour
    latitude lat
    longitude lng lon
    coordinate coordinates geo
    word term product product_name item_name label
    file_name file filename
    sentence title headline subject
    paragraph description body summary
    text lorem comment note review
    date_time datetime timestamp
    past_date date_past
    date_this_year recent_date
    license_plate vehicle_registration_code number_plate plate
    isbn13 isbn
    ean13 ean barcode sku upc product_code article_number
    language_name language
    language_code locale_code
    file_extension extension
    prefix salutation honorific
    boolean pybool bool flag
    random_int pyint integer_number int integer number quantity qty count age
    pyfloat float_number float
    pydecimal decimal_number decimal salary wage income balance
    nationality citizenship
    """.strip().splitlines()
)

_GENERIC = frozenset("name number no num nr address value code id text data field type amount string".split())
"""Words that add little to another word: a `country_name` is a country, an `iban_number` an IBAN."""


def rule_hint(name: str, known: Collection[str]) -> str:
    """Return `Did you mean "x"?` for the rule that `name` most likely means, or an empty string."""
    by_method: dict[str, str] = {}
    for rule in sorted(known):
        by_method.setdefault(rule.rpartition(".")[2], rule)
    given = "_".join(words(name.rpartition(".")[2]))
    found = (
        _find_method(given, by_method)
        or _find_by_meaning(given, by_method)
        or _find_by_spelling(given, by_method, cutoff=0.85)
        or _find_without_generic_words(given, by_method)
        or _find_by_words(given, by_method)
        or _find_by_spelling(given, by_method, cutoff=0.72)
    )
    return f'Did you mean "{by_method[found]}"?' if found else ""


def names_of_same_meaning(text: str) -> frozenset[str]:
    """Return the names that libraries use for what the text means: `full name` is `name`, `full_name`, ..."""
    given = "_".join(words(text))
    joined = given.replace("_", "")
    found = [names for names in _SAME if any(name.replace("_", "") == joined for name in names)]
    if not found and (rest := "_".join(word for word in given.split("_") if word not in _GENERIC)) != given:
        return names_of_same_meaning(rest) if rest else frozenset()
    return frozenset(name for names in found for name in names)


def _find_method(given: str, methods: Collection[str]) -> str:
    """Return the method with the same name, ignoring case, provider, plural and `_`."""
    joined = {method.replace("_", ""): method for method in methods}
    forms = (given, singular(given), joined.get(given.replace("_", ""), ""))
    return next((form for form in forms if form in methods), "")


def _find_by_meaning(given: str, methods: Collection[str]) -> str:
    joined = given.replace("_", "")
    for names in _SAME:
        if given in names or any(name.replace("_", "") == joined for name in names):
            return next((name for name in sorted(names, key=len) if name in methods), "")
    return ""


def _find_without_generic_words(given: str, methods: Collection[str]) -> str:
    """Return the method of all words in another order, or of the words that are not generic."""
    own = given.split("_")
    in_order = next((method for method in methods if sorted(method.split("_")) == sorted(own)), "")
    rest = "_".join(word for word in own if word not in _GENERIC)
    if in_order or not rest or rest == given:
        return in_order
    return _find_method(rest, methods) or _find_by_meaning(rest, methods)


def _find_by_words(given: str, methods: Collection[str]) -> str:
    """Return the method whose words all occur in the name, with the same last word: `customer_city` means `city`."""
    own = given.split("_")
    fitting = [
        method
        for method in methods
        if len(method) > 2 and (parts := method.split("_")) and own[-1] == parts[-1] and set(parts) <= set(own)
    ]
    return max(fitting, key=lambda method: (len(method.split("_")), method), default="")


def _find_by_spelling(given: str, methods: Collection[str], *, cutoff: float) -> str:
    return next(iter(get_close_matches(given, methods, n=1, cutoff=cutoff)), "")
