import json
from typing import Any

from streamlit.testing.v1 import AppTest

import engine
from app.samples import samples
from tests.engine.conftest import until

from .conftest import SHOP, Open, texts

SCRIPT = """CREATE TABLE pairs (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b));
GRANT SELECT ON pairs TO public;
"""


def test_a_script_becomes_an_experiment_and_its_notes_are_not_repeated(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value(SCRIPT)

    at.button(key="new_sql_create").click().run()
    assert "trial" not in bench
    at.button(key="review_create").click().run()

    assert not at.exception
    written = texts(at)
    assert "trial** created with 1 table" in written
    assert "statement ignored" not in written  # the review has shown the notes of the import
    assert "_row_id" in written
    assert "trial" in bench


def test_the_next_step_is_generate(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);")
    at.button(key="new_sql_create").click().run()
    at.button(key="review_create").click().run()

    at.button(key="new_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"
    assert at.selectbox(key="chosen_experiment").value == "trial"


def test_an_experiment_is_created_with_its_first_run(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);")
    at.button(key="new_sql_create").click().run()
    at.number_input(key="review_total_rows").set_value(321)

    at.button(key="review_create_with_data").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"
    until(lambda: bench["trial"].progress() is None)
    assert bench["trial"].row_counts() == {"pairs": 321}


def test_a_script_that_fails_is_kept_and_explained(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value("SELECT 1;")

    at.button(key="new_sql_create").click().run()

    assert not at.exception
    assert len(at.error) == 1
    assert at.text_area(key="new_sql").value == "SELECT 1;"
    assert at.text_input(key="new_sql_name").value == "trial"
    assert bench.experiments() == []


def test_a_script_without_a_name_asks_for_one_at_the_field(open_page: Open):
    at = open_page("new_experiment")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);")

    at.button(key="new_sql_create").click().run()
    assert not at.error
    assert ":red[Give the experiment a name, for example sales_2024]" in texts(at)
    at.text_input(key="new_sql_name").set_value("trial").run()

    assert not at.exception
    assert "Give the experiment a name" not in texts(at)


def test_all_problems_of_a_schema_are_listed(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "a", "data_type": "INTT"}, {"name": "b", "data_type": "DATEE"}]
    text = json.dumps({"name": "trial", "tables": [{"name": "t", "columns": columns}]})
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("JSON").run()

    at.text_area(key="new_json").set_value(text)
    at.button(key="new_json_create").click().run()

    shown = at.error[0].value.replace("\\", "")
    assert "2 problems to fix" in shown
    assert "t.a:" in shown
    assert "t.b:" in shown
    assert at.text_area(key="new_json").value == text


def test_an_error_is_shown_only_in_its_own_form(open_page: Open):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value("SELECT 1;")
    at.button(key="new_sql_create").click().run()
    assert len(at.error) == 1

    at.segmented_control(key="new_way").set_value("JSON").run()
    assert len(at.error) == 0
    at.segmented_control(key="new_way").set_value("SQL script").run()

    assert len(at.error) == 1
    assert at.text_area(key="new_sql").value == "SELECT 1;"


def test_json_becomes_an_experiment_under_another_name(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("JSON").run()
    at.text_input(key="new_json_name").set_value("atelier")
    at.text_area(key="new_json").set_value(json.dumps(SHOP))

    at.button(key="new_json_create").click().run()
    at.button(key="review_create").click().run()

    assert not at.exception
    assert [experiment.name for experiment in bench.experiments()] == ["atelier"]
    assert at.text_area == []


def test_text_other_than_json_is_never_read_as_a_path(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("JSON").run()

    at.text_area(key="new_json").set_value("/etc/hostname")
    at.button(key="new_json_create").click().run()

    assert "The text is not a schema in JSON" in texts(at)


def test_a_taken_name_is_refused(open_page: Open, shop: engine.Experiment):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("Shop")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);")

    at.button(key="new_sql_create").click().run()

    assert not at.exception
    assert len(at.error) == 1


def test_a_file_fills_the_editor_and_the_name(open_page: Open):
    at = open_page("new_experiment")

    at.file_uploader(key="new_sql_file").upload("bakery.sql", "\ufeffCREATE TABLE loaves (a INT);".encode()).run()

    assert not at.exception
    assert at.text_area(key="new_sql").value == "CREATE TABLE loaves (a INT);"
    assert at.text_input(key="new_sql_name").value == "bakery"


def test_a_binary_file_is_refused(open_page: Open):
    at = open_page("new_experiment")

    at.file_uploader(key="new_sql_file").upload("bakery.sql", b"\xff\xfe\x00").run()

    assert not at.exception
    assert "not UTF-8" in texts(at)


def test_a_sample_can_be_the_start(open_page: Open):
    at = open_page("new_experiment")

    at.segmented_control(key="new_way").set_value("Sample").run()

    assert not at.exception
    assert at.button(key="build:ecommerce").label == "Create with data"


def test_a_created_sample_can_be_opened(open_page: Open, bench: engine.Workbench):
    sample = next(sample for sample in samples() if sample.name == "saas")
    experiment = bench.create(sample.schema)
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("Sample").run()
    assert "Already created" in texts(at)

    at.button(key="open:saas").click().run()
    assert not at.exception
    assert (at.title[0].value, at.header[0].value) == ("Experiments", "saas")

    experiment.generate(rows=3, seed=1, progress=lambda _progress: None)
    at.switch_page("app_pages/new_experiment.py").run()
    at.button(key="open:saas").click().run()
    assert at.title[0].value == "Query"


def test_a_sample_can_be_reviewed_under_a_free_name(open_page: Open, bench: engine.Workbench):
    sample = next(sample for sample in samples() if sample.name == "saas")
    bench.create(sample.schema)
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("Sample").run()

    at.button(key="look:saas").click().run()
    assert not at.exception
    assert at.header[0].value == "Review saas\\_2"
    at.button(key="review_create").click().run()

    assert not at.exception
    assert bench["saas_2"].planned_rows() == bench["saas"].planned_rows()


def test_the_review_shows_columns_with_samples_and_the_script_with_its_notes(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value(SCRIPT)

    at.button(key="new_sql_create").click().run()

    assert not at.exception
    grid = at.dataframe[0].value
    assert grid["column"].to_list() == ["_row_id", "a", "b"]
    assert [len(samples) for samples in grid["samples"]] == [5, 5, 5]
    at.session_state["review_tab"] = "Import (2 notes)"
    at.run()
    assert not at.exception
    data = shown_script(at)
    assert data["text"] == SCRIPT
    assert [(each["line"], each["outcome"]) for each in data["statements"]] == [(1, "with notes"), (2, "skipped")]
    assert "1 table imported (1 warning), 1 statement ignored" in texts(at)
    assert bench.experiments() == []


def test_all_changes_can_be_discarded(open_page: Open):
    at = reviewing(open_page)
    at.session_state["_review"].review.change("pairs", "b", {"type": "NONSENSE"})
    at.number_input(key="review_rows:pairs:0").set_value(25).run()
    assert at.button(key="review_discard").label == "Discard 2 changes"

    at.button(key="review_discard").click().run()

    assert not at.exception
    assert at.dataframe[0].value["type"].to_list() == ["BIGINT", "INT", "INT"]
    assert at.number_input(key="review_rows:pairs:1").value is None
    assert [button.key for button in at.button if button.key == "review_discard"] == []


def test_json_under_review_is_shown_with_its_warnings(open_page: Open):
    tables = [
        {
            "name": "pairs",
            "primary_key": ["a", "b"],
            "columns": [{"name": "a", "data_type": "INT"}, {"name": "b", "data_type": "INT"}],
        }
    ]
    text = json.dumps({"name": "trial", "tables": tables})
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("JSON").run()
    at.text_area(key="new_json").set_value(text)
    at.button(key="new_json_create").click().run()

    assert "pairs has a composite primary key (a, b)" in at.info[0].value.replace("\\", "")
    assert at.get("popover")[1].proto.popover.label == "1 warning"
    at.session_state["review_tab"] = "Import"
    at.run()

    assert not at.exception
    assert at.code[0].value == text
    assert "composite primary key" in texts(at)


def test_a_change_in_the_review_is_in_the_experiment(open_page: Open, bench: engine.Workbench):
    at = reviewing(open_page)
    at.session_state["_review"].review.change("pairs", "b", {"type": "BIGINT"})

    at.button(key="review_create").click().run()

    assert not at.exception
    assert bench["trial"].table("pairs").column("b").data_type == "BIGINT"


def test_a_wrong_change_is_explained_and_kept(open_page: Open, bench: engine.Workbench):
    at = reviewing(open_page)
    at.session_state["_review"].review.change("pairs", "b", {"type": "BIGINTT"})
    at.run()

    assert not at.exception
    assert "1 problem to fix" in texts(at)
    assert "pairs.b:" in texts(at)
    assert at.button(key="review_create").disabled
    assert at.selectbox(key="review_table").options == ["pairs · 1 problem"]
    grid = at.dataframe[0].value
    assert grid["type"].to_list()[-1] == "BIGINTT"
    assert [len(samples) for samples in grid["samples"]] == [5, 5, 0]
    for tab in ("Diagram", "Columns"):
        at.session_state["review_tab"] = tab
        at.run()
        assert not at.exception

    at.selectbox(key="review_table").select_index(0)  # under the label it has until the next run
    at.session_state["_review"].review.change("pairs", "b", {"type": "BIGINT"})
    at.run()
    assert not at.exception
    at.button(key="review_create").click().run()
    assert [experiment.name for experiment in bench.experiments()] == ["trial"]


def test_the_rows_of_a_table_can_be_set_and_follow_the_keys_again(open_page: Open, bench: engine.Workbench):
    at = reviewing(open_page)
    assert (at.number_input(key="review_rows:pairs:0").value, "1 table, 1,000 rows" in texts(at)) == (None, True)

    at.number_input(key="review_rows:pairs:0").set_value(25).run()
    assert "1 table, 25 rows" in texts(at)
    at.button(key="review_create").click().run()

    assert bench["trial"].planned_rows() == {"pairs": 25}


def test_changes_survive_going_back_to_the_input(open_page: Open):
    at = reviewing(open_page)
    at.session_state["_review"].review.change("pairs", "b", {"type": "BIGINT"})
    at.button(key="review_back").click().run()
    at.text_input(key="new_sql_name").set_value("renamed")
    at.button(key="new_sql_create").click().run()
    assert at.header[0].value == "Review renamed"
    assert at.dataframe[0].value["type"].to_list() == ["BIGINT", "INT", "BIGINT"]

    at.button(key="review_back").click().run()
    at.text_area(key="new_sql").set_value(SCRIPT.replace("b INT", "b SMALLINT"))
    at.button(key="new_sql_create").click().run()

    assert not at.exception
    assert at.dataframe[0].value["type"].to_list() == ["BIGINT", "INT", "SMALLINT"]


def test_going_back_keeps_the_input(open_page: Open):
    at = reviewing(open_page)

    at.button(key="review_back").click().run()

    assert not at.exception
    assert at.text_area(key="new_sql").value == SCRIPT
    assert at.text_input(key="new_sql_name").value == "trial"


def test_the_reviewed_schema_can_be_downloaded(open_page: Open):
    at = reviewing(open_page)

    buttons = at.get("download_button")

    assert [button.label for button in buttons] == ["JSON", "Redshift", "Snowflake", "DuckDB"]
    assert [button.help for button in buttons] == [
        "trial.json",
        "trial_redshift.sql",
        "trial_snowflake.sql",
        "trial_duckdb.sql",
    ]


def reviewing(open_page: Open) -> AppTest:
    """Open the page with a script under review."""
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value(SCRIPT)
    at.button(key="new_sql_create").click().run()
    assert not at.exception
    return at


def shown_script(at: AppTest) -> dict[str, Any]:
    """Return the data of the script view."""
    (view,) = (each for each in at.get("bidi_component") if each.proto.component_name.endswith(".script_view"))
    return dict(json.loads(view.proto.json))


def test_given_rows_and_checks_stand_under_the_columns_and_popularity_can_be_left_out(open_page: Open):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("units")
    at.text_area(key="new_sql").set_value(
        "CREATE TABLE unit_codes (code VARCHAR(4) PRIMARY KEY);"
        "INSERT INTO unit_codes VALUES ('KG'), ('M');"
        "CREATE TABLE sales (id INT PRIMARY KEY, code VARCHAR(4) REFERENCES unit_codes, n INT CHECK (n < 9));"
    )
    at.checkbox(key="new_sql_popularity").uncheck()
    at.button(key="new_sql_create").click().run()

    assert not at.exception
    assert at.expander[0].label == "2 given rows"
    assert at.expander[0].dataframe[0].value["code"].to_list() == ["KG", "M"]
    at.selectbox(key="review_table").select("sales").run()
    assert "Every row meets:\n\n- n < 9" in texts(at)
    assert "referred to more often" not in at.dataframe[0].value["because"].to_list()
