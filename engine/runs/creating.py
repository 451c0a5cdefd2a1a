"""Creating an experiment: its folder, the warehouse file of its empty tables, then its record."""

from __future__ import annotations

from engine.runs.loading import Loader
from engine.schema.models import ExperimentSchema
from engine.store.creation import claim_folder


def create_experiment(loader: Loader, schema: ExperimentSchema) -> None:
    """Create an experiment with empty tables from a checked schema; raises `ConflictError` when the name is taken."""
    home, catalog = loader.home, loader.catalog
    catalog.check_free(schema.name)
    with claim_folder(home, catalog, schema):
        try:
            loader.create(schema)
        except BaseException:
            home.remove_experiment(schema.name)
            raise
