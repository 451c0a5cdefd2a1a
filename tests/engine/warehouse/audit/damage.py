"""Damage to loaded rows that an audit must find; the rows are whole again afterwards."""

import duckdb

import engine


def find_damage(made: engine.Experiment, statement: str) -> set[tuple[str, str]]:
    """Return the checks and columns that fail while a statement has changed the loaded rows."""
    (path,) = made._services.home.experiment_dir(made.name).glob("warehouse-*.duckdb")
    whole = path.read_bytes()
    with duckdb.connect(path) as connection:
        connection.execute(statement)
    failures = {(finding.check, finding.column) for finding in made.audit().failures}
    path.write_bytes(whole)
    return failures
