"""The jobs, and who does each of them.

A contender is named as `module:function` and imported only in the process that measures it, so that the memory of
the process that starts the others stays small (a child's peak memory begins at its parent's).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What the timed work did: rows made, and the seconds of its parts where they are told apart."""

    rows: int
    parts: Mapping[str, float] = field(default_factory=dict)


Work = Callable[[], Outcome]
Preparation = Callable[[int, Path], Work]
"""Gets the rows and an empty folder; does what is not timed and returns what is."""


class UnavailableError(Exception):
    """The contender cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Contender:
    """One way of doing a job. `share` is the part of the job's rows it makes, where all would take too long."""

    name: str
    function: str
    share: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Job:
    """A job at its number of rows; the first contender is ours and every ratio is its rows/s by the other's."""

    name: str
    title: str
    rows: int
    contenders: tuple[Contender, ...]


_HERE = "tests.benchmarks"
_GENERATE_CUSTOMERS = f"{_HERE}.customers:generate"

JOBS = {
    job.name: job
    for job in (
        Job(
            "customers",
            "Seven columns of people to Parquet",
            5_000_000,
            (
                Contender("DW Simulator", _GENERATE_CUSTOMERS),
                Contender("only writing the frame", f"{_HERE}.customers:write_only", note="the lower bound"),
                Contender("DuckDB SQL", f"{_HERE}.customer_peers:duckdb_sql", note="even picks, simple e-mails"),
                Contender("Mimesis", f"{_HERE}.customer_peers:mimesis_lists", 1 / 25, "fewer rows, scaled"),
                Contender("Faker loop", f"{_HERE}.customer_peers:faker_loop", 1 / 250, "fewer rows, scaled"),
            ),
        ),
        Job(
            "tpch",
            "The eight tables of TPC-H at scale 1 to Parquet",
            8_660_030,
            (
                Contender("DW Simulator", f"{_HERE}.tpch:generate"),
                Contender("tpchgen-cli", f"{_HERE}.tpch:tpchgen"),
            ),
        ),
        Job(
            "ecommerce",
            "From the schema to the first query answered",
            1_000_000,
            (Contender("DW Simulator", f"{_HERE}.ecommerce:first_answer"),),
        ),
        Job(
            "rollup",
            "Order totals that are the sums of their lines, to Parquet",
            500_000,
            (
                Contender("DW Simulator", f"{_HERE}.rollups:generate"),
                Contender("Misata", f"{_HERE}.rollups:misata", note="totals are floats"),
            ),
        ),
        Job(
            "creation",
            "The empty e-commerce experiment, in a new process",
            7,
            (
                Contender("created before", f"{_HERE}.warehouse:create_again"),
                Contender("first in its home", f"{_HERE}.warehouse:create_first"),
                Contender("DuckDB alone", f"{_HERE}.warehouse:create_in_duckdb", note="checks nothing"),
            ),
        ),
        Job(
            "load",
            "Parquet files of seven tables to a DuckDB file",
            1_000_000,
            (
                Contender("DW Simulator", f"{_HERE}.warehouse:load"),
                Contender("DuckDB alone", f"{_HERE}.warehouse:load_in_duckdb", note="checks nothing"),
            ),
        ),
        Job(
            "queries",
            "80 queries of the loaded tables, each counted as a row",
            1_000_000,
            (
                Contender("DW Simulator", f"{_HERE}.warehouse:ask"),
                Contender("DuckDB alone", f"{_HERE}.warehouse:ask_duckdb", note="no limits, no checks"),
            ),
        ),
        Job(
            "tpch_queries",
            "The 22 queries of TPC-H, three times each",
            8_660_030,
            (
                Contender("Redshift's SQL", f"{_HERE}.tpch_queries:ask_redshift"),
                Contender("Snowflake's SQL", f"{_HERE}.tpch_queries:ask_snowflake"),
                Contender("DuckDB alone", f"{_HERE}.tpch_queries:ask_duckdb", note="no limits, no checks"),
            ),
        ),
        Job(
            "engines",
            "The customers as an export in files of 5 million rows",
            20_000_000,
            (
                Contender("this process", f"{_HERE}.engines:alone"),
                Contender("1 process", f"{_HERE}.engines:one_process"),
                Contender("2 processes", f"{_HERE}.engines:processes"),
                Contender("Ray, 2 workers", f"{_HERE}.engines:ray"),
                Contender("Spark, 2 workers", f"{_HERE}.engines:spark"),
                Contender("dbldatagen on Spark", f"{_HERE}.engines:dbldatagen", note="even picks, simple e-mails"),
            ),
        ),
        Job(
            "width", "A table of 200 columns to Parquet", 500_000, (Contender("DW Simulator", f"{_HERE}.growth:wide"),)
        ),
        Job(
            "tables",
            "600 tables created, generated and loaded",
            600_000,
            (Contender("DW Simulator", f"{_HERE}.growth:many_tables"),),
        ),
        Job(
            "audit",
            "The audit of loaded customers",
            20_000_000,
            (Contender("whole", f"{_HERE}.growth:audit"), Contender("one tenth", f"{_HERE}.growth:audit", 1 / 10)),
        ),
        Job(
            "profile",
            "The profile of loaded customers, column by column",
            20_000_000,
            (Contender("whole", f"{_HERE}.growth:profile"), Contender("one tenth", f"{_HERE}.growth:profile", 1 / 10)),
        ),
        Job(
            "growth",
            "The customers at growing sizes",
            50_000_000,
            (
                Contender("whole", _GENERATE_CUSTOMERS),
                Contender("one fifth", _GENERATE_CUSTOMERS, 1 / 5),
                Contender("one fiftieth", _GENERATE_CUSTOMERS, 1 / 50),
            ),
        ),
    )
}
