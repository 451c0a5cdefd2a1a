"""Redshift's time zone abbreviations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import QueryError
from engine.settings import Settings
from engine.sql.translation import translate
from engine.sql.translation.functions.time_zones import ABBREVIATIONS, UNKNOWN_ABBREVIATIONS
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.macros import macro_file
from engine.warehouse.querying.session import Session, open_session

LISTED = """
ACSST ACST ACT ADT AESST AEST AFT AKDT AKST ALMST ALMT AMST AMT ANAST ANAT ARST ART AST AWSST AWST AZOST AZOT AZST AZT
BDST BDT BNT BORT BOT BRA BRST BRT BST BTT CADT CAST CCT CDT CEST CET CETDST CHADT CHAST CHUT CKT CLST CLT COT CST CXT
DAVT DDUT EASST EAST EAT EDT EEST EET EETDST EGST EGT EST FET FJST FJT FKST FKT FNST FNT GALT GAMT GEST GET GFT GILT GMT
GYT HKT HST ICT IDT IOT IRKST IRKT IRT IST JAYT JST KDT KGST KGT KOST KRAST KRAT KST LHDT LHST LIGT LINT LKT MAGST MAGT
MART MAWT MDT MEST MET METDST MEZ MHT MMT MPT MSD MSK MST MUST MUT MVT MYT NDT NFT NOVST NOVT NPT NST NUT NZDT NZST NZT
OMSST OMST PDT PET PETST PETT PGT PHOT PHT PKST PKT PMDT PMST PONT PST PWT PYST PYT RET SADT SAST SCT SGT TAHT TFT TJT
TKT TMT TOT TRUT TVT UCT ULAST ULAT UT UTC UYST UYT UZST UZT VET VLAST VLAT VOLT VUT WADT WAKT WAST WAT WDT WET WETDST
WFT WGST WGT YAKST YAKT YAPT YEKST YEKT Z ZULU
""".split()
"""The abbreviations in the Redshift developer guide."""


@pytest.fixture(scope="module")
def redshift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("zones")
    settings = Settings(home=folder, query_memory_mb=512, query_timeout_seconds=20, threads=1)
    macros = macro_file(folder, "redshift")
    with open_session([], current=None, settings=settings, temp_dir=folder, macros=macros) as session:
        yield session


def test_every_abbreviation_of_the_guide_is_supported() -> None:
    assert [name for name in LISTED if name not in ABBREVIATIONS] == []


def test_abbreviation_gives_the_same_time_as_literal_and_column(redshift: Session) -> None:
    literals = ", ".join(f"convert_timezone('{name}', '2024-07-01 12:00:00')" for name in ABBREVIATIONS)
    names = " union all ".join(f"select {place} as p, '{name}' as z" for place, name in enumerate(ABBREVIATIONS))
    column = f"select convert_timezone(z, '2024-07-01 12:00:00') from ({names}) order by p"
    (as_literals,) = run_query(redshift, translate(f"select {literals}", "redshift")).records()
    assert list(as_literals) == [row[0] for row in run_query(redshift, translate(column, "redshift")).records()]


@pytest.mark.parametrize("name", UNKNOWN_ABBREVIATIONS)
def test_zone_that_only_duckdb_has_is_refused(redshift: Session, name: str) -> None:
    with pytest.raises(QueryError, match="knows no time zone"):
        run_query(redshift, translate(f"select convert_timezone('{name}', '2024-07-01 12:00:00')", "redshift"))
    column = f"select convert_timezone(z, '2024-07-01 12:00:00') from (select '{name}' as z)"
    with pytest.raises(QueryError, match="knows no time zone"):
        run_query(redshift, translate(column, "redshift"))
