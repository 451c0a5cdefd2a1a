"""A page that ends early ends like any other: none of its fragments draws into places that are gone."""

import re
from pathlib import Path

import app
import engine

from .conftest import Open, texts


def test_no_fragment_outlives_the_experiment_that_it_showed(
    open_page: Open, bench: engine.Workbench, shop: engine.Experiment
):
    at = open_page("generate", experiment="shop")
    assert at._fragment_storage._fragments

    bench.delete("shop")
    at.run()

    assert "No experiments yet" in texts(at)
    assert not at._fragment_storage._fragments


def test_pages_end_in_this_way_alone():
    """`st.stop()` would keep the fragments."""
    sources = sorted(Path(app.__file__).parent.rglob("*.py"))
    assert len(sources) > 50
    assert [path.name for path in sources if re.search(r"\bst\.stop\(\)(?!`)", path.read_text("utf-8"))] == []
