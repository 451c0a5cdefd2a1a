import threading

from engine.schema.models import ExperimentSchema
from engine.warehouse.querying.trial_database import TrialDatabase


def test_no_timer_outlives_the_query_that_it_limits():
    table = {"name": "t", "columns": [{"name": "x", "data_type": "INT"}]}
    database = TrialDatabase(ExperimentSchema.model_validate({"name": "e", "tables": [table]}), "duckdb")

    for _ in range(20):
        with database.within(60):
            assert database.tuples("select 1") == [(1,)]
        assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
