import pytest

from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home


def schema_named(name: str) -> ExperimentSchema:
    return ExperimentSchema.model_validate(
        {
            "name": name,
            "tables": [
                {"name": "customers", "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
                {"name": "orders", "columns": [{"name": "id", "data_type": "INT"}]},
            ],
        }
    )


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def catalog(home):
    catalog = Catalog(home.catalog_path)
    yield catalog
    catalog.close()


@pytest.fixture
def shop(catalog):
    return catalog.create_experiment(schema_named("shop"))
