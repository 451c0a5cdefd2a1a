import engine

from .conftest import Open, texts


def test_empty_tables_lead_to_generate(open_page: Open, shop: engine.Experiment):
    at = open_page("explore")

    at.button(key="empty_to_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"


def test_a_table_has_its_profile_and_distributions(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")
    at.selectbox(key="explore_table:shop").select("orders").run()

    assert not at.exception
    assert at.dataframe[0].value["column"].to_list() == ["order_id", "customer_id", "ordered_on", "total"]
    assert "40 rows, 4 columns." in texts(at)
    assert len(at.get("vega_lite_chart")) == 4


def test_the_keys_have_their_coverage(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")

    at.segmented_control(key="explore_view").set_value("Keys").run()

    assert not at.exception
    assert at.dataframe[0].value["references"].to_list() == ["customers.customer_id"]
    assert at.dataframe[0].value["orphans"].to_list() == [0]


def test_the_diagram_needs_no_rows(open_page: Open, shop: engine.Experiment):
    at = open_page("explore")

    at.segmented_control(key="explore_view").set_value("Diagram").run()

    assert not at.exception
    assert any('"customers" ||--o{ "orders"' in element.value for element in at.markdown)


def test_the_audit_gives_its_verdict_until_other_data_is_loaded(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")
    at.segmented_control(key="explore_view").set_value("Audit").run()
    assert "Passed" not in texts(at)

    at.button(key="audit").click().run()
    assert not at.exception
    assert "**Passed**" in texts(at)

    filled.generate(seed=9, progress=lambda _progress: None)
    at.run()
    assert "**Passed**" not in texts(at)


def test_a_run_under_way_is_shown(open_page: Open, busy: engine.Experiment):
    assert open_page("explore").button(key="cancel:shop").label == "Cancel run"


def test_after_a_run_that_failed_the_loaded_rows_are_still_shown(
    open_page: Open, filled: engine.Experiment, broken_run: engine.Run
):
    at = open_page("explore")

    assert not at.error
    assert "5 rows, 2 columns." in texts(at)


def test_without_experiments_the_way_leads_to_one(open_page: Open):
    assert open_page("explore").button(key="empty_to_experiments").label == "Start with an experiment"
