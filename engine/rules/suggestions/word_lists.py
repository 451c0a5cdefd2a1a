"""What the names of columns suggest: lists that are looked through from the top.

A line fits when the column's name ends with one of its endings, which are separated by `|`.
"""

from __future__ import annotations

from typing import Any

Change = dict[str, Any]
"""The keys to set on a column."""

PERSON_TABLES = "customer user person people employee contact member patient student guest driver rider agent author"
COMPANY_TABLES = "supplier vendor company account merchant partner organization client brand store shop"
BIRTHDAYS = "birth date | date of birth | dob | birthday | birthday date | born | born on | birthdate"
SHARES = (
    (0.02, "deleted archived banned fraud blocked"),
    (0.9, "active enabled current valid open available published"),
    (0.15, "cancelled canceled returned trial test churned"),
)
# max length for which the line applies (None: any), endings of the name, what to set
TEXTS: tuple[tuple[int | None, str, Change], ...] = (
    (None, "email | e mail | mail | email address", {"faker_rule": "email"}),
    (None, "ip | ip address | ipaddress", {"faker_rule": "ipv4"}),
    (None, "mac | mac address", {"faker_rule": "mac_address"}),
    (None, "phone | telephone | mobile | fax | phone number | phone no | phone num | phone nbr | mobile number "
           "| contact number | cell | tel", {"faker_rule": "phone_number"}),
    (None, "middle name | middlename", {"faker_rule": "first_name_nonbinary"}),
    (None, "first name | firstname | fname | given name | forename", {"faker_rule": "first_name"}),
    (None, "last name | lastname | lname | surname | family name", {"faker_rule": "last_name"}),
    (None, "user name | username | login | handle | nickname", {"faker_rule": "user_name"}),
    (None, "full name | fullname | contact name | customer name | employee name | owner | shipping name | ship name "
           "| ship to name | billing name | bill to name | billing detail name | recipient name | recipient "
           "| buyer name | cardholder name | card holder | account holder name | verified name | provider name "
           "| physician name | doctor name | guest name | passenger name | driver name | patient name | student name "
           "| signature",
        {"faker_rule": "name"}),
    (None, "company | company name | organization | organisation | employer | vendor | vendor name | supplier name "
           "| brand | brand name | manufacturer | store name | reseller name | bank name | business name "
           "| business profile name | statement descriptor | dealer name | agency name | sponsor name | payer name "
           "| shop name | merchant name | partner name | account name", {"faker_rule": "company"}),
    (None, "street | street address | address line 1 | address 1 | street name", {"faker_rule": "street_address"}),
    (None, "address line 2 | address 2", {"faker_rule": "secondary_address"}),
    (None, "address", {"faker_rule": "street_address"}),
    (None, "city | town | city name", {"faker_rule": "city"}),
    (3, "state | province | state code | statecode | province code | st", {"faker_rule": "state_abbr"}),
    (None, "state | province | state name", {"faker_rule": "state"}),
    (None, "zip | zip code | zipcode | postcode | postal code | post code", {"faker_rule": "postcode"}),
    (2, "country | country code | iso country | nation", {"faker_rule": "country_code"}),
    (3, "country | country code | iso country | iso 3",
        {"faker_rule": "country_code", "faker_args": {"representation": "alpha-3"}}),
    (None, "country code", {"faker_rule": "country_code"}),
    (None, "country | nation | country name", {"faker_rule": "country"}),
    (None, "url | website | web site | link | homepage | uri | referrer | referer | images | image | pdf | invoice pdf "
           "| thumbnail | logo | avatar", {"faker_rule": "url"}),
    (None, "slug", {"faker_rule": "slug"}),
    (None, "domain | domain name | host | hostname", {"faker_rule": "domain_name"}),
    (None, "user agent", {"faker_rule": "user_agent"}),
    (None, "uuid | guid | session id | request id | trace id | correlation id | visitor id | device id | message id",
        {"faker_rule": "uuid4"}),
    (63, "token | api key | secret", {"faker_rule": "md5"}),
    (None, "password hash | sha 256 | sha256 | token | api key | secret", {"faker_rule": "sha256"}),
    (None, "md5 | hash | checksum", {"faker_rule": "md5"}),
    (None, "password | passwd", {"faker_rule": "password"}),
    (None, "job | job title | occupation | profession | position", {"faker_rule": "job"}),
    (None, "department | dept | department name | dept name",
        {"values": ["Sales", "Marketing", "Finance", "Operations", "Engineering", "Support"]}),
    (None, "currency | currency code | iso currency", {"faker_rule": "currency_code"}),
    (None, "iban | account number", {"faker_rule": "iban"}),
    (None, "credit card | card number | cc number", {"faker_rule": "credit_card_number"}),
    (None, "ssn | tax id | social security number", {"faker_rule": "ssn"}),
    (None, "color | colour | color name", {"faker_rule": "color_name"}),
    (8, "language | lang | language code", {"faker_rule": "language_code"}),
    (None, "locale", {"faker_rule": "locale"}),
    (None, "language | preferred language | language name", {"faker_rule": "language_name"}),
    (None, "timezone | time zone", {"faker_rule": "timezone"}),
    (None, "license plate | plate", {"faker_rule": "license_plate"}),
    (None, "vin", {"faker_rule": "vin"}),
    (None, "swift | bic | swift code", {"faker_rule": "swift"}),
    (12, "barcode | upc | gtin", {"pattern": "############"}),
    (None, "barcode | ean | ean 13 | gtin | upc", {"faker_rule": "ean13"}),
    (None, "isbn | isbn 13", {"faker_rule": "isbn13", "faker_args": {"separator": ""}}),
    (None, "isbn | isbn 10", {"faker_rule": "isbn10", "faker_args": {"separator": ""}}),
    (None, "file | file name | filename", {"faker_rule": "file_name"}),
    (None, "file path | filepath | photo path | image path | picture path | document path | attachment path | path",
        {"faker_rule": "file_path"}),
    (6, "extension | phone extension | ext | phone ext", {"pattern": "####"}),
    (None, "dea | dea number", {"pattern": "??#######"}),
    (None, "quantity per unit | pack description | packaging | package content",
        {"values": ["12 x 250 g", "24 x 500 ml", "6 x 1 l", "10 x 100 g", "20 x 50 g", "48 pieces", "1 kg", "5 kg"]}),
    (None, "billing interval | recurring interval | renewal interval | plan interval | price interval | billing period "
           "| billing cycle | billing frequency",
        {"values": ["month", "year", "week", "day"], "weights": [0.6, 0.3, 0.07, 0.03]}),
    (None, "frequency | refresh frequency | payment frequency | reporting frequency",
        {"values": ["daily", "weekly", "monthly", "quarterly", "yearly"], "weights": [0.2, 0.25, 0.35, 0.12, 0.08]}),
    (None, "file extension", {"faker_rule": "file_extension"}),
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
    (None, "shipping method | ship mode | ship method | delivery method | shipping mode",
        {"values": ["standard", "express", "overnight", "pickup"], "weights": [0.6, 0.25, 0.1, 0.05]}),
    (None, "device | device type", {"values": ["mobile", "desktop", "tablet"], "weights": [0.6, 0.34, 0.06]}),
    (None, "browser | browser name", {"values": ["Chrome", "Safari", "Edge", "Firefox"],
                                      "weights": [0.66, 0.2, 0.09, 0.05]}),
    (None, "os | operating system | os name | platform", {"values": ["Android", "Windows", "iOS", "macOS", "Linux"],
                                                          "weights": [0.4, 0.3, 0.2, 0.07, 0.03]}),
    (None, "event | event type | event name", {"values": ["page_view", "search", "add_to_cart", "purchase"],
                                               "weights": [0.7, 0.15, 0.1, 0.05]}),
    (None, "traffic source | utm source | source", {"values": ["search", "direct", "social", "email", "ads"],
                                                    "weights": [0.4, 0.25, 0.15, 0.12, 0.08]}),
    (None, "region | territory | sales region", {"values": ["North", "South", "East", "West"]}),
    (None, "month name", {"values": ["January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"]}),
    (None, "day name | weekday | weekday name | day of week", {"values": ["Monday", "Tuesday", "Wednesday", "Thursday",
                                                                          "Friday", "Saturday", "Sunday"]}),
    (None, "size", {"values": ["S", "M", "L", "XL"], "weights": [0.25, 0.35, 0.25, 0.15]}),
    (None, "salutation | name prefix", {"values": ["Ms.", "Mr.", "Dr."], "weights": [0.48, 0.48, 0.04]}),
    (None, "segment | mkt segment", {"values": ["consumer", "business", "public"], "weights": [0.6, 0.3, 0.1]}),
    (None, "category | category name | product category",
        {"values": ["Electronics", "Clothing", "Home", "Beauty", "Sports", "Toys", "Books", "Grocery"]}),
    (None, "type | class | kind | tier | level", {"values": ["basic", "standard", "premium"],
                                                             "weights": [0.5, 0.35, 0.15]}),
    (None, "product name | item name | product title | campaign | campaign name", {"faker_rule": "catch_phrase"}),
    (6, "title", {"values": ["Ms", "Mr", "Dr"], "weights": [0.48, 0.48, 0.04]}),
    (None, "title | subject | headline | slogan", {"faker_rule": "sentence", "faker_args": {"nb_words": 5}}),
    (None, "description | desc | descr | reason | memo | details | summary | instructions | feedback "
           "| comment | comments | note | notes | remark | remarks | message | text | body | review "
           "| explanation | disclosure | rebuttal | communication | documentation "
           "| footer | caption | snippet | excerpt | narrative | rationale | justification | biography | bio "
           "| disclaimer | greeting | abstract | transcript | cancellation policy | refund policy | return policy",
        {"faker_rule": "sentence", "faker_args": {"nb_words": 8}}),
    (None, "sku | item code | product code | article number | part number", {"pattern": "??-######"}),
    (None, "invoice number | order number | tracking number | reference number | confirmation number | invoice no "
           "| order no", {"pattern": "??########"}),
    (None, "version | app version", {"pattern": "#.#.#"}),
)  # fmt: skip
# endings of the name, values, weights
CODES: tuple[tuple[str, list[Any], list[float]], ...] = (
    ("status code | http status | response code", [200, 404, 301, 500, 403], [0.9, 0.05, 0.02, 0.02, 0.01]),
)
# min digits before the point, min, max, endings of the name
NUMBERS: tuple[tuple[int, str, str, str], ...] = (
    (1, "18", "90", "age"),
    (5, "1000", "99999", "zip | zip code | zipcode | postal code | postcode | zip code prefix | zip prefix"),
    (
        4,
        "1950",
        "2024",
        "year opened | year built | year founded | year established | opened year | founded year "
        "| year of construction | year launched | year commissioned",
    ),
    (1, "1", "7", "day of week | dow | weekday"),
    (1, "1", "366", "day of year | doy"),
    (1, "1", "28", "day of month | day"),
    (1, "1", "53", "week | week of year | week number | week no"),
    (1, "1", "4", "quarter | qtr"),
    (1, "1", "12", "month | mon"),
    (1, "2015", "2024", "year | yr"),
    (1, "0", "23", "hour"),
    (1, "0", "59", "minute | second"),
    (1, "1", "5", "rating | stars"),
    (1, "0", "100", "score | percent | percentage | pct | humidity"),
    (1, "-90", "90", "latitude | lat"),
    (1, "-180", "180", "longitude | lng | lon | long"),
    (5, "0", "200", "tax | discount | tax amount | discount amount"),
    (1, "0", "0.3", "discount | tax | tax rate | discount rate | rate"),
    (1, "0", "30", "discount"),
    (1, "0", "1", "probability | confidence | ratio | margin"),
    (1, "1", "20", "quantity | qty | units | seats | count | cnt"),
    (1, "1", "500", "price | unit price | list price | retail price | price usd"),
    (1, "1", "300", "cost | unit cost | supply cost | cost usd"),
    (1, "5", "2500", "amount | total | subtotal | revenue | total price | extended price | order total | amt"),
    (1, "0", "25", "fee | shipping | shipping fee | freight"),
    (1, "30000", "180000", "salary | income | wage"),
    (1, "-500", "9500", "balance | acct bal | acctbal | account balance"),
    (1, "0", "500", "stock | avail qty | availqty | inventory | on hand"),
    (1, "0", "10000", "views | clicks | impressions | visits | page views"),
    (1, "-10", "40", "temperature | temp"),
    (1, "1024", "50000000", "bytes | file size | size bytes"),
    (1, "1", "50", "size | weight | height | width | length"),
    (1, "10", "60000", "duration ms | latency ms | elapsed ms | response time ms | millis | latency"),
    (1, "60", "7200", "duration | duration seconds | elapsed"),
    (1, "0", "5", "retries | attempts | retry"),
)
