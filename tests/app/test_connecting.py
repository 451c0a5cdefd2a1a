"""The dialog of a card that tells how other programs reach the data: each text works as it stands."""

import json
import shlex

import duckdb

import engine
from app.components.experiments.cards import CONNECT

from .conftest import Open


def open_dialog(open_page: Open):
    at = open_page()
    at.get("menu_button")[0].click(CONNECT).run()
    assert not at.exception
    return at


def test_the_file_is_made_on_request(open_page: Open, filled: engine.Experiment):
    at = open_dialog(open_page)
    at.button(key="make_file:shop").click().run()
    at.get("menu_button")[0].click(CONNECT).run()

    assert not at.exception
    path = next(code.value for code in at.code if code.value.endswith(".duckdb"))
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.sql("select count(*) from orders").fetchall() == [(40,)]


def test_the_texts_are_those_of_the_experiment(open_page: Open, filled: engine.Experiment):
    python, terminal, http = (code.value for code in open_dialog(open_page).code)

    names: dict[str, object] = {}
    exec(python, names)  # as a notebook does
    assert len(names["frame"]) == 5
    names["bench"].close()
    commands = [shlex.split(line) for line in terminal.splitlines()]
    assert [command[:3] for command in commands[1:]] == [
        ["dw-sim", "query", "execute"],
        ["dw-sim", "experiment", "path"],
        ["dw-sim", "experiment", "export"],
    ]
    question = json.loads(shlex.split(http.splitlines()[1])[-1])
    assert engine.Experiment.query(filled, question["sql"]).row_count == 5


def test_a_file_that_cannot_be_made_is_an_error(open_page: Open, filled: engine.Experiment):
    at = open_dialog(open_page)
    filled.reset()
    at.button(key="make_file:shop").click().run()
    filled.generate(progress=lambda _progress: None)
    at.run()
    at.get("menu_button")[0].click(CONNECT).run()
    assert "Nothing is loaded" in at.error[0].value
