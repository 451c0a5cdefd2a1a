"""Damage to loaded rows that an audit must find; the rows are whole again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

import engine


@contextmanager
def damaged(made: engine.Experiment, *statements: str) -> Iterator[engine.AuditResult]:
    """Change the loaded rows by statements, and yield their audit while they are changed."""
    (path,) = made._services.home.experiment_dir(made.name).glob("warehouse-*.duckdb")
    whole = path.read_bytes()
    try:
        with duckdb.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        yield made.audit()
    finally:
        path.write_bytes(whole)


def find_damage(made: engine.Experiment, statement: str) -> set[tuple[str, str]]:
    """Return the checks and columns that fail while a statement has changed the loaded rows."""
    with damaged(made, statement) as audit:
        return {(finding.check, finding.column) for finding in audit.failures}
