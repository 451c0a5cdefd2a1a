"""Running conformance cases: each is translated and run like a query of the workbench."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import QueryError, WorkbenchError
from engine.settings import Settings
from engine.sql.translation import translate
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.macros import macro_file
from engine.warehouse.querying.session import Session, open_session
from tests.conformance.comparing import is_same_rows

OWN = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One query with its expected rows, or with a part of the expected error message."""

    id: str
    dialect: str
    area: str
    query: str
    expected: list[list[str | None]] | None
    refused: str = ""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a case: passed, or the actual result."""

    case: Case
    is_passed: bool
    found: str = ""
    sql: str = ""


def read_cases(folder: Path) -> list[Case]:
    """Read the cases of a folder; the first word of a file's name is the dialect."""
    cases = []
    for path in sorted(folder.glob("*.json")):
        dialect = path.stem.split("_")[0]
        for number, entry in enumerate(json.loads(path.read_text("utf-8"))):
            cases.append(_case(entry, dialect, path.stem, number))
    return cases


def _case(entry: dict[str, Any], dialect: str, stem: str, number: int) -> Case:
    return Case(
        entry.get("id") or f"{stem}#{number + 1}",
        dialect,
        entry.get("area", stem),
        entry["query"],
        entry.get("expected"),
        entry.get("refused", ""),
    )


def run_cases(cases: Sequence[Case], folder: Path) -> list[Outcome]:
    """Run the cases one by one."""
    with open_sessions(folder) as sessions:
        return [run_case(case, sessions[case.dialect]) for case in cases]


@contextmanager
def open_sessions(folder: Path) -> Iterator[dict[str, Session]]:
    """Open one session for each dialect, which all its cases share."""
    settings = Settings(home=folder, query_memory_mb=512, query_timeout_seconds=3600, threads=1)
    with ExitStack() as stack:
        yield {
            dialect: stack.enter_context(
                open_session([], current=None, settings=settings, temp_dir=folder, macros=macro_file(folder, dialect))
            )
            for dialect in ("redshift", "snowflake")
        }


def run_case(case: Case, session: Session) -> Outcome:
    """Run one case."""
    sql = ""
    try:
        translation = translate(case.query, case.dialect)
        sql = translation.sql
        rows = run_query(session, translation).records()
    except QueryError as error:
        if case.expected is None:
            is_placed = error.line is not None
            return Outcome(case, is_placed and case.refused.lower() in error.message.lower(), str(error), sql)
        return Outcome(case, False, str(error), sql)
    except WorkbenchError as error:
        return Outcome(case, False, str(error), sql)
    except Exception as error:  # a bug: reported, so that the other cases still run
        return Outcome(case, False, f"{type(error).__name__}: {error}", sql)
    return Outcome(case, case.expected is not None and is_same_rows(rows, case.expected), str(rows), sql)
