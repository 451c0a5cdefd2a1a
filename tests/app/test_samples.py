from typing import Any

import pytest

import engine
from app.samples import samples


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_first_query_of_a_sample_has_rows_and_a_chart(sample: Any, bench: engine.Workbench):
    experiment = bench.create(sample.schema)
    experiment.generate(seed=1, progress=lambda _progress: None)

    result = experiment.query(experiment.first_query())

    assert result.row_count > 1
    assert result.chart().to_dict()["mark"]["type"] == "line"


def test_the_e_commerce_sample_comes_first():
    assert samples()[0].name == "ecommerce"
    assert len(samples()[0].schema.tables) >= 5


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_rows_of_a_sample_equal_its_planned_rows(sample: Any, bench: engine.Workbench):
    assert sample.rows == sum(bench.create(sample.schema).planned_rows().values())
