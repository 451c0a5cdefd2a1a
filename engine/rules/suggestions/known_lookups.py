"""Well-known lookup tables, whose rows a script does not give: which table is one, and which column plays which role.

A list fills a table only if its names or codes fit a column, and the script says nothing of its rows: no INSERT, no
CHECK list, no count. Columns that no role fits keep their rules.
"""

from __future__ import annotations

from engine.rules.name_words import words, words_without_prefix
from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.lookup_data import Lookup, Record, find_lookup, tpch_nations, tpch_regions
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.fields import Cell, Row
from engine.schema.given_rows import convert_cell, parse_cell
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_MAX_COLUMNS = 12
_AFFIXES = frozenset(
    "dim d lkp lookup ref reference tbl t list master code codes value values stg raw type types".split()
)
_ID_WORDS = frozenset("id key sk pk nr no num number seq".split())
_ROLES = {
    "code": "code iso iso2 alpha2 alpha_2 abbr abbrev abbreviation iso_code code2 iso_code_2 iso_2 cd alpha_2_code",
    "code3": "code3 iso3 alpha3 alpha_3 iso_code3 iso_code_3 iso_3 alpha_3_code",
    "short": "short short_name name_short abbreviated_name",
    "name": "name label title description desc value full_name long_name display_name nm",
    "continent": "continent continent_name",
    "capital": "capital capital_city",
    "symbol": "symbol",
    "number": "number num of_year of_week",
    "quarter": "quarter quarter_number quarter_of_year",
    "days": "days days_in_month",
    "is_weekend": "is_weekend weekend weekend_flag is_weekend_day",
    "country": "country country_name",
    "country_code": "country_code",
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names.split()}
_PARTS_WITH_YEAR = frozenset("year fiscalyear yearquarter monthstart monthend quarterstart quarterend".split())


def suggest_known_rows(draft: SchemaDraft) -> None:
    """Suggest the rows of well-known lookup tables."""
    for table in draft.tables:
        if draft.rows(table) is None:
            found = known_rows(table)
            if found is not None:
                rows, because = found
                draft.set_table(table, {"rows": rows, "because": because})


def _names_a_year(name: str) -> bool:
    """Return whether a column tells months or quarters of different years apart: its table is a calendar."""
    found = part_of_name(name)
    return found is not None and found[0] in _PARTS_WITH_YEAR


def known_rows(table: TableSchema) -> tuple[list[Row], str] | None:
    """Return the rows that a table of this name and these columns is known to have, and why; None for any other."""
    if table.rows or table.target_rows is not None or len(table.columns) > _MAX_COLUMNS or table.composite_keys:
        return None
    if any(column.values is not None or _names_a_year(column.name) for column in table.columns):
        return None
    benchmark = _find_tpch(table)
    if benchmark is not None:
        return benchmark
    bare = _bare_name(table)
    lookup = find_lookup(bare) if bare else None
    if lookup is None:
        return None
    roles = _match(table, lookup, bare)
    if not {"name", "code", "short", "code3"} & set(roles.values()):
        return None
    rows = [_build_row(table, roles, number, record) for number, record in enumerate(lookup.records, start=1)]
    because = f"A lookup table of {lookup.title}: its {len(rows)} rows are known ({lookup.source})."
    return rows, because


def _find_tpch(table: TableSchema) -> tuple[list[Row], str] | None:
    names = {column.name.casefold(): column.name for column in table.columns}
    for prefix, key, records in (("r_", "regionkey", tpch_regions), ("n_", "nationkey", tpch_nations)):
        if not {f"{prefix}{key}", f"{prefix}name"} <= names.keys():
            continue
        rows: list[Row] = [
            {names[f"{prefix}{role}"]: cell for role, cell in record.items() if f"{prefix}{role}" in names}
            for record in records()
        ]
        if all(_fits(table.column(name), row[name]) for row in rows if isinstance(row, dict) for name in row):
            return rows, f"The {len(rows)} rows that the TPC-H specification lists."
    return None


def _bare_name(table: TableSchema) -> str:
    """Return the table's name without affixes such as dim_ and its plural: `dim_countries` is `country`."""
    name = list(words(table.name))
    while len(name) > 1 and name[0] in _AFFIXES:
        name = name[1:]
    while len(name) > 1 and name[-1] in _AFFIXES and find_lookup("_".join([*name[:-1], _singular(name[-1])])) is None:
        name = name[:-1]
    return "_".join([*name[:-1], _singular(name[-1])]) if name else ""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("uses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "ss")) else word


def _match(table: TableSchema, lookup: Lookup, bare: str) -> dict[str, str]:
    """Return the role of each column that has one; two columns do not share a role, but code and short name."""
    roles: dict[str, str] = {}
    for column in table.columns:
        role = _find_role(table, column, lookup, bare)
        if role and role not in roles.values():
            roles[column.name] = role
    is_named = "name" in roles.values()
    if not is_named and "short" not in roles.values():
        return roles if {"code", "code3"} & set(roles.values()) else {}
    return roles


def _find_role(table: TableSchema, column: ColumnSchema, lookup: Lookup, bare: str) -> str:
    name = words_without_prefix(column.name, table.name)
    text = "_".join(name)
    is_number = column.type.kind in NUMERIC
    is_key = table.is_unique(column) or column.name.casefold() in map(str.casefold, table.primary_key)
    stripped = _strip(list(words(column.name)), bare.split("_"))
    is_id = is_key or ({text, stripped} & _ID_WORDS and column is table.columns[0])
    if is_number and is_id and column.type.scale == 0 and column.type.kind is not Kind.FLOAT:
        return "id" if _fits(column, len(lookup.records)) and column.foreign_key is None else ""
    if column.foreign_key is not None:
        return ""
    candidates = [_ROLE_OF.get(text, ""), _ROLE_OF.get(stripped, ""), "name" if stripped == "" else ""]
    if is_key and column.type.kind is Kind.TEXT and (set(words(column.name)) & _ID_WORDS):
        candidates.append("code")
    for role in candidates:
        for actual in (role, "short") if role == "name" else (role,):
            if actual in lookup.records[0] and all(_fits(column, record[actual]) for record in lookup.records):
                values = [record[actual] for record in lookup.records]
                if not is_key or len(set(values)) == len(values):
                    return actual
    return ""


def _strip(name: list[str], bare: list[str]) -> str:
    """Return a column's name without that of its table: `country_name` is `name`, `order_state_code` is `code`."""
    for length in range(len(bare), 0, -1):
        for part in (bare[:length], bare[-length:]):
            if [_singular(word) for word in name[:length]] == part:
                return "_".join(name[length:])
    return "_".join(name)


def _fits(column: ColumnSchema, cell: Cell) -> bool:
    if (column.type.kind is Kind.BOOLEAN) != isinstance(cell, bool):
        return False
    try:
        parse_cell(convert_cell(cell, column.type), column.type)
    except ValueError:
        return False
    return True


def _build_row(table: TableSchema, roles: dict[str, str], number: int, record: Record) -> Row:
    cells: dict[str, Cell] = {
        name: number if role == "id" else convert_cell(record[role], table.column(name).type)
        for name, role in roles.items()
    }
    return list(cells.values()) if len(cells) == len(table.columns) else cells
