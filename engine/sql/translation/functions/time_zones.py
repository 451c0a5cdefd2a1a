"""Time zones in DuckDB's terms: Redshift's abbreviations, POSIX-style zones, and IANA names.

An abbreviation is a fixed offset in Redshift and never follows daylight saving time, even where the IANA database has a
zone with that name. The names come from Redshift's own list and PostgreSQL's default list, on which Redshift's is
based; the offsets are PostgreSQL's, as Redshift's guide has none. The offset of a POSIX-style zone (UTC+5) counts hours
west of UTC, a plain offset (+05:30, ISO 8601) hours east.

https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html#CONVERT_TIMEZONE-usage-notes
https://github.com/postgres/postgres/blob/master/src/timezone/tznames/Default
https://docs.aws.amazon.com/redshift/latest/dg/r_timezone_config.html
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, literal_text, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import VARCHAR

_OFFSETS = """
-11:00 NUT | -10:00 CKT HST TAHT | -09:30 MART | -09:00 AKST GAMT | -08:00 AKDT PST | -07:00 MST PDT
-06:00 CST EAST GALT MDT | -05:00 ACT CDT COT EASST EST PET | -04:00 AMT AST BOT CLT EDT FKT GYT PYT VET
-03:30 NFT NST | -03:00 ADT ART BRA BRT CLST FKST GFT PMST PYST UYT WGT | -02:30 NDT
-02:00 ARST BRST FNT PMDT UYST WGST | -01:00 AZOT EGT FNST | +00:00 AZOST EGST GMT UCT UT UTC WET Z ZULU
+01:00 BST CET MET MEZ WAT WETDST | +02:00 BDST CEST CETDST EET IST MEST MESZ METDST SAST
+03:00 EAT EEST EETDST FET IDT MSK VOLT | +03:30 IRT | +04:00 AZT GEST GET MSD MUT RET SCT | +04:30 AFT
+05:00 AMST AZST MAWT MUST MVT PKT TFT TJT TMT UZT YEKT | +05:30 LKT | +05:45 NPT
+06:00 ALMT BDT BTT IOT KGST KGT OMST PKST UZST XJT YEKST | +06:30 MMT
+07:00 ALMST CXT DAVT ICT KRAT NOVST NOVT OMSST WAST | +08:00 AWST BNT BORT CCT HKT IRKT KRAST MYT PHT SGT ULAT WADT
+08:45 ACWST | +09:00 AWSST IRKST JAYT JST KST PWT ULAST WDT YAKT | +09:30 ACST CAST
+10:00 AEST CHUT DDUT KDT LIGT MPT PGT TRUT VLAT YAKST YAPT | +10:30 ACDT ACSST CADT LHST SADT
+11:00 AEDT AESST KOST LHDT MAGT PONT VLAST VUT | +12:00 ANAT FJT GILT MAGST MHT NZST NZT PETT TVT WAKT WFT
+12:45 CHAST | +13:00 ANAST FJST NZDT PETST PHOT TKT TOT | +13:45 CHADT | +14:00 LINT
"""


def _parse_offsets() -> dict[str, str]:
    found = {}
    for entry in _OFFSETS.replace("\n", "|").split("|"):
        offset, _, names = entry.strip().partition(" ")
        found.update(dict.fromkeys(names.split(), offset))
    return found


ABBREVIATIONS = _parse_offsets()
"""The offset from UTC of each abbreviation."""
UNKNOWN_ABBREVIATIONS = "AET AGT BET CAT CNT CTT ECT IET MIT NET PLT PNT PRT SST VST".split()
"""Time zones that DuckDB accepts and Redshift does not."""
_POSIX = re.compile(r"(?!Etc/)(?:[^+-]*?\s*([+-])|[A-Za-z]{3,})(\d{1,2})(?::(\d\d))?", re.IGNORECASE)


def translate_zone(node: exp.Expr, context: Context) -> exp.Expr:
    """Return DuckDB's name of a time zone; Snowflake accepts only IANA names."""
    if context.is_snowflake:
        return node
    literal = literal_text(node)
    if literal is None:
        return call("rs_zone", node, kind=VARCHAR)
    if literal.strip().upper() in UNKNOWN_ABBREVIATIONS:
        message = f'Redshift knows no time zone "{literal.strip()}"; name a place, such as Europe/Paris.'
        raise UntranslatableError(node, message)
    return text(_name_zone(literal.strip()))


def _name_zone(literal: str) -> str:
    offset = ABBREVIATIONS.get(literal.upper())
    if offset is not None:
        return f"GMT{offset}"
    posix = _POSIX.fullmatch(literal)
    if posix is None:
        return literal
    is_east = posix[1] == ("+" if literal.startswith(("+", "-")) else "-")
    sign = "+" if is_east else "-"
    return f"GMT{sign}{int(posix[2]):02}:{posix[3] or '00'}"


_MAP = ", ".join(f"'{name}': '{offset}'" for name, offset in ABBREVIATIONS.items())
_UNKNOWN = ", ".join(f"'{name}'" for name in UNKNOWN_ABBREVIATIONS)
HELPERS = f"""
create macro rs_offset_of(a) as case when upper(a) in ({_UNKNOWN}) then dw_raise('Redshift knows no time zone ' || a)
    else map {{{_MAP}}}[upper(a)] end;
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
"""Macro for a date and time text with a zone: Redshift's abbreviations become offsets."""
