"""Time zones as DuckDB knows them: Redshift's abbreviations, POSIX-style zones, and names of the IANA database.

An abbreviation is a fixed offset in Redshift and never follows daylight saving time, also where the IANA database has
a zone of that name. The offset of a POSIX-style zone (UTC+5) counts hours west of UTC, an offset alone (+05:30,
ISO 8601) hours east.

https://docs.aws.amazon.com/redshift/latest/dg/time-zone-names.html
https://docs.aws.amazon.com/redshift/latest/dg/r_timezone_config.html
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.nodes import call, literal_text, text
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import VARCHAR

_OFFSETS = """
-11:00 NUT | -10:00 CKT HST TAHT | -09:30 MART | -09:00 AKST GAMT | -08:00 AKDT PST | -07:00 MST PDT
-06:00 CST EAST GALT MDT | -05:00 CDT COT EASST EST PET | -04:00 AST BOT CLT EDT GYT PYT VET
-03:30 NFT NST | -03:00 ADT ART BRT CLST GFT PMST UYT WGT | -02:30 NDT | -02:00 BRST FNT PMDT WGST | -01:00 AZOT EGT
+00:00 AZOST EGST GMT UCT UT UTC WET Z ZULU | +01:00 BST CET DNT FST MET MEWT MEZ NOR SET WAT WEST WETDST
+02:00 CEST CETDST EET IST MEST MESZ METDST SAST SST | +03:00 BT EAT EEST EETDST FET IDT MSK VOLT | +03:30 IRT
+04:00 AZT GEST GET MSD MUT RET SCT | +04:30 AFT | +05:00 MAWT MVT PKT TFT TJT TMT UZT YEKT | +05:30 LKT
+05:45 NPT | +06:00 ALMT BDT BTT IOT KGT OMST XJT | +06:30 MMT | +07:00 CXT DAVT ICT KRAT NOVT WAST
+08:00 AWST BNT BORT CCT HKT IRKT MYT PHT SGT ULAT WADT | +09:00 AWDT JST KST PWT WDT YAKT
+09:30 ACST CAST SAT | +10:00 AEST CHUT DDUT GST LIGT MPT PGT TRUT VLAT | +10:30 ACDT CADT SADT
+11:00 AEDT MAGT VUT | +12:00 FJT GILT MHT NZST NZT PETT TVT WAKT WFT | +12:45 CHAST | +13:00 NZDT PHOT TKT TOT
+13:45 CHADT | +14:00 LINT
"""


def _abbreviations() -> dict[str, str]:
    found = {}
    for entry in _OFFSETS.replace("\n", "|").split("|"):
        offset, _, names = entry.strip().partition(" ")
        found.update(dict.fromkeys(names.split(), offset))
    return found


ABBREVIATIONS = _abbreviations()
"""The offset from UTC of each abbreviation."""
_POSIX = re.compile(r"(?!Etc/)(?:[^+-]*?\s*([+-])|[A-Za-z]{3,})(\d{1,2})(?::(\d\d))?", re.IGNORECASE)


def zone_name(node: exp.Expr, context: Context) -> exp.Expr:
    """Return a time zone as DuckDB names it; Snowflake knows the names of the IANA database alone."""
    if context.is_snowflake:
        return node
    written = literal_text(node)
    return call("rs_zone", node, kind=VARCHAR) if written is None else text(_known_as(written.strip()))


def _known_as(written: str) -> str:
    offset = ABBREVIATIONS.get(written.upper())
    if offset is not None:
        return f"GMT{offset}"
    posix = _POSIX.fullmatch(written)
    if posix is None:
        return written
    is_east = posix[1] == ("+" if written.startswith(("+", "-")) else "-")
    sign = "+" if is_east else "-"
    return f"GMT{sign}{int(posix[2]):02}:{posix[3] or '00'}"


_MAP = ", ".join(f"'{name}': '{offset}'" for name, offset in ABBREVIATIONS.items())
HELPERS = f"""
create macro rs_offset_of(a) as map {{{_MAP}}}[upper(a)];
create macro rs_zone(a) as coalesce('GMT' || rs_offset_of(trim(a)),
    case when regexp_full_match(trim(a), '(?i)([^+-]*[+-]|[a-z]{{3,}})\\d{{1,2}}(:\\d\\d)?') and
    not starts_with(lower(trim(a)), 'etc/') then 'GMT' ||
    case when regexp_matches(trim(a), '^(\\+|[^+]+-)') then '+' else '-' end ||
    lpad(regexp_extract(trim(a), '(\\d{{1,2}})(:\\d\\d)?$', 1), 2, '0') ||
    coalesce(nullif(regexp_extract(trim(a), ':\\d\\d$'), ''), ':00') else trim(a) end);
"""
HELPERS_OF = {
    "redshift": """
create macro dw_offset_text(a) as case when rs_offset_of(regexp_extract(a, '[A-Za-z]+$')) is null then a
    else regexp_replace(a, ' *[A-Za-z]+$', '') || rs_offset_of(regexp_extract(a, '[A-Za-z]+$')) end;
""",
    "snowflake": "create macro dw_offset_text(a) as a",
}
"""A text of a date and time with its zone: Redshift's abbreviations become offsets."""
