import engine

from .conftest import Open, texts

BY_COUNTRY = "select country, count(*) as customers from customers group by country"


def test_without_saved_queries_the_board_leads_to_the_query_page(open_page: Open, filled: engine.Experiment):
    assert open_page("board").button(key="empty_to_query").label == "Write a query"


def test_saved_queries_are_pinned_arranged_and_unpinned(open_page: Open, filled: engine.Experiment):
    filled.queries.save("countries", BY_COUNTRY, view="chart", chart={"mark": "point"})
    filled.queries.save("total", "select count(*) as n from orders", view="table")
    at = open_page("board")
    assert "Choose a saved query above to pin it." in texts(at)

    for name in ("countries", "total"):
        at.selectbox(key="pin:shop").select(name).run()
    at.button(key="arrow_back:shop:table:total").click().run()
    at.segmented_control(key="width:shop:chart:countries:1").set_value(2).run()

    assert not at.exception
    assert [(item.query, item.width) for item in filled.board().items] == [("total", 1), ("countries", 2)]
    assert '"circle"' in at.get("vega_lite_chart")[0].proto.spec
    assert at.dataframe[0].value["n"].tolist() == [40]
    at.button(key="unpin:shop:chart:countries").click().run()
    assert [item.query for item in filled.board().items] == ["total"]


def test_the_board_follows_a_run_and_tells_a_query_that_fails(open_page: Open, filled: engine.Experiment):
    filled.queries.save("total", "select count(*) as n from orders", view="table")
    filled.queries.save("broken", "select nothing from orders", view="table")
    for name in ("total", "broken"):
        filled.board().pin(name)
    at = open_page("board")

    filled.generate(rows={"orders": 7}, seed=7, progress=lambda _progress: None)
    at.run()

    assert at.dataframe[0].value["n"].tolist() == [7]
    assert '"nothing"' in texts(at)


def test_the_board_is_exported_in_the_background_and_again_after_a_change(open_page: Open, filled: engine.Experiment):
    filled.queries.save("total", "select count(*) as n from orders", view="table")
    filled.board().pin("total")
    at = open_page("board")

    at.button(key="export_board:shop").click().run()
    at.session_state["_board_file"][1].wait(20)
    at.run()

    assert not at.exception
    assert at.session_state["_board_file"][1].result.startswith("<!doctype html>")
    assert "Download the file" in [each.proto.label for each in at.get("download_button")]
    filled.board().resize("total", 2)
    at.run()
    assert at.button(key="export_board:shop").label == "Export as HTML"
