"""Damage to loaded rows that an audit must find; the rows are whole again afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

import engine


def change_rows(path: Path, *statements: str) -> None:
    """Put a file with changed rows in the place of a warehouse file, which may still be open."""
    changed = path.with_suffix(".changed")
    shutil.copyfile(path, changed)
    with duckdb.connect(changed) as connection:
        for statement in statements:
            connection.execute(statement)
    changed.replace(path)


@contextmanager
def damaged(made: engine.Experiment, *statements: str) -> Iterator[engine.AuditResult]:
    """Change the loaded rows by statements, and yield their audit while they are changed."""
    (path,) = made._services.home.experiment_dir(made.name).glob("warehouse-*.duckdb")
    whole = path.with_suffix(".whole")
    shutil.copyfile(path, whole)
    try:
        change_rows(path, *statements)
        yield made.audit()
    finally:
        whole.replace(path)


def find_damage(made: engine.Experiment, statement: str) -> set[tuple[str, str]]:
    """Return the checks and columns that fail while a statement has changed the loaded rows."""
    with damaged(made, statement) as audit:
        return {(finding.check, finding.column) for finding in audit.failures}
