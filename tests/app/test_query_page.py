import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from streamlit.testing.v1 import AppTest

import engine
from app.api import create_api
from app.components.query.execution import selected_part
from app.components.query.query_task import QueryTask
from app.components.query.saved_queries import put_into_editor
from app.tickets import tickets

from .conftest import Open, texts


def run_query(open_page: Open, sql: str):
    at = open_page("query")
    set_text(at, sql)
    at.button(key="run").click().run()
    assert not at.exception
    return at


def set_text(at: AppTest, sql: str, selected: tuple[int, int] = (0, 0)) -> None:
    """Set the editor's text and selection, as its component reports them."""
    at.session_state["_sql_shop"] = sql
    at.session_state["_selection_shop"] = selected


def running(at: AppTest) -> QueryTask:
    """Return the running query of the open tab."""
    task: QueryTask = at.session_state[f"_running_query_shop:{at.session_state['_tab_shop'].id}"]
    return task


def editor(at: AppTest) -> dict[str, Any]:
    """Return the data that the page sends to the editor."""
    sent = [component.proto.json for component in at.get("bidi_component")]
    data: dict[str, Any] = next(values for text in sent if text and "fault" in (values := json.loads(text)))
    return data


def test_without_experiments_the_page_links_to_create_one(open_page: Open):
    assert open_page("query").button(key="empty_to_experiments").label == "Create an experiment"


def test_empty_tables_lead_to_generate(open_page: Open, shop: engine.Experiment):
    at = open_page("query")

    at.button(key="empty_to_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"


def test_the_editor_starts_with_a_query_that_returns_rows(open_page: Open, filled: engine.Experiment):
    at = open_page("query")

    at.button(key="run").click().run()

    assert not at.exception
    assert list(at.dataframe[0].value.columns) == ["month", "total", "orders"]
    assert len(at.get("vega_lite_chart")) == 1


def test_an_experiment_deleted_elsewhere_does_not_break_the_page(
    open_page: Open, bench: engine.Workbench, filled: engine.Experiment
):
    at = open_page("query")
    bench.delete("shop")

    at.button(key="run").click().run()

    assert not at.exception
    assert at.button(key="empty_to_experiments").label == "Create an experiment"


def test_a_tab_of_an_experiment_deleted_elsewhere_can_be_pressed(
    open_page: Open, bench: engine.Workbench, filled: engine.Experiment
):
    at = open_page("query")
    at.text_input(key=next(each.key for each in at.text_input if (each.key or "").startswith("tab_title:"))).set_value(
        "Totals"
    )
    bench.delete("shop")

    at.button(key="new_tab:shop").click().run()

    assert not at.exception
    assert at.button(key="empty_to_experiments").label == "Create an experiment"


def expand(at: AppTest, table: str) -> None:
    """Expand a table in the schema browser."""
    at.session_state[f"browse:{table}"] = True
    at.run()


def test_the_schema_is_next_to_the_editor(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    assert [expander.label for expander in at.expander] == ["**customers** 5", "**orders** 40"]
    assert "total :gray[decimal(10,2)]" not in texts(at)

    expand(at, "shop:orders")

    assert "total :gray[decimal(10,2)]" in texts(at)


def test_a_table_shows_its_first_rows(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    expand(at, "shop:customers")

    at.button(key="rows_of:shop:customers").click().run()

    assert not at.exception
    assert editor(at)["text"] == "SELECT *\nFROM customers\nLIMIT 100"
    assert len(at.dataframe[0].value) == 5


def test_null_is_not_empty_text(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select null::varchar as a, '' as b")

    assert at.dataframe[0].value["a"].isna()[0]
    assert at.dataframe[0].value["b"][0] == ""
    assert at.dataframe[0].proto.placeholder == "NULL"


def test_an_error_has_its_position_and_keeps_the_text(open_page: Open, filled: engine.Experiment):
    sql = "select *\nfrom orderz"

    at = run_query(open_page, sql)

    assert "line 2, column 6:" in texts(at)
    assert at.code[0].value.splitlines()[1].index("^") == 5
    assert "orders" in texts(at)
    assert editor(at)["text"] == sql
    assert len(at.dataframe) == 0


def test_two_statements_are_refused(open_page: Open, filled: engine.Experiment):
    assert len(run_query(open_page, "select 1; select 2").error) == 1


def test_an_empty_result_is_explained(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select * from orders where total < 0")

    assert "0 rows: the query ran, nothing matched" in texts(at)
    assert list(at.dataframe[0].value.columns) == ["order_id", "customer_id", "ordered_on", "total"]


def test_odd_types_do_not_break_the_page(open_page: Open, filled: engine.Experiment):
    at = run_query(
        open_page,
        "select interval 3 days as span, 1 as n, 2 as n, date '-0044-03-15' as ides, union_value(a := 1) as either,"
        " [1, 2] as list, {'a': 1} as struct, 'x'::blob as bytes, 170141183460469231731687303715884105727 as wide",
    )

    assert len(at.dataframe[0].value.columns) == 9


def test_the_chart_can_be_chosen(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, count(*) as customers from customers group by country")

    at.selectbox(key="chart_mark:shop").select("Points").run()

    assert not at.exception
    assert '"circle"' in at.get("vega_lite_chart")[0].proto.spec


def test_a_result_without_a_chart_is_no_error(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 'a' || range as letter, {'b': 1} as thing from range(2)")

    at.segmented_control(key="view").set_value("Chart").run()

    assert not at.exception
    assert len(at.error) == 0


def test_a_wide_result_starts_as_a_table(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 1 as a, 2 as b, 3 as c, 4 as d, 5 as e, 6 as f")

    assert at.segmented_control(key="view_wide").value == "Table"
    assert len(at.get("vega_lite_chart")) == 0


def test_a_query_in_another_dialect_runs(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    at.selectbox(key="dialect").select("snowflake")
    set_text(at, "select iff(count(*) > 1, 'many', 'few') as size from orders")

    at.button(key="run").click().run()

    assert not at.exception
    assert at.dataframe[0].value["size"][0] == "many"


def test_the_query_can_be_saved_under_a_name(open_page: Open, filled: engine.Experiment):
    at = open_page("query")

    at.text_input(key="save_name:shop").set_value("by month").run()

    assert not at.exception
    assert at.get("download_button")[0].label.replace("\\", "") == "Download by month.sql"


def test_a_large_schema_can_be_searched(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "id", "data_type": "INT"}]
    tables = [{"name": f"t{number}", "columns": columns} for number in range(12)]
    bench.create({"name": "large", "tables": tables})
    at = open_page("query")
    assert len(at.expander) == 12

    at.text_input(key="find:large").set_value("t11").run()

    assert [expander.label for expander in at.expander] == ["**t11** 0"]


def test_the_tree_of_hundreds_of_tables_is_paged_and_names_the_columns_found(open_page: Open, bench: engine.Workbench):
    names = [[f"c{number:03d}" for number in range(250)], *[["id"] for _ in range(299)]]
    tables = [
        {"name": f"t{place:03d}", "columns": [{"name": name, "data_type": "INT"} for name in columns]}
        for place, columns in enumerate(names)
    ]
    bench.create({"name": "wide", "tables": tables})
    at = open_page("query")
    assert len(at.expander) == 40

    at.text_input(key="find:wide").set_value("C24").run()
    assert [expander.label for expander in at.expander] == ["**t000** 0 :gray[c240, c241, c242, …]"]
    expand(at, "wide:t000")

    assert not at.exception
    assert "c249 :gray[int]" in texts(at)
    assert "c001" not in texts(at)
    assert "And 240 other columns." in texts(at)


def test_the_tables_of_a_narrow_screen_are_folded_until_asked_for(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    assert at.button(key="fold_tree:shop").label == "Show 2 tables"

    at.button(key="fold_tree:shop").click().run()

    assert at.button(key="fold_tree:shop").label == "Hide 2 tables"


def test_the_editor_knows_the_tables_and_their_columns(open_page: Open, filled: engine.Experiment):
    data = editor(open_page("query"))

    assert data["tables"][0] == {
        "name": "customers",
        "detail": "5 rows",
        "columns": [["customer_id", "int"], ["country", "varchar(2)"]],
    }
    assert data["fault"] is None


def test_an_error_is_underlined_at_its_position(open_page: Open, filled: engine.Experiment):
    sql = "select *\nfrom orderz"

    fault = editor(run_query(open_page, sql))["fault"]

    assert (fault["text"], fault["line"], fault["column"]) == (sql, 2, 6)
    assert "Did you mean" in fault["message"]


def test_the_next_query_clears_the_error(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select * from orderz")
    set_text(at, "select 1 as one")

    at.button(key="run").click().run()

    assert len(at.error) == 0
    assert editor(at)["fault"] is None


def test_only_the_selection_runs_and_its_error_keeps_the_position(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    text = "select 1;\n  select nothing from orders"
    set_text(at, text, (12, len(text)))

    at.button(key="run").click().run()

    assert not at.exception
    fault = editor(at)["fault"]
    assert (fault["text"], fault["line"], fault["column"]) == (text, 2, 10)


@pytest.mark.parametrize(
    ("text", "selection", "part"),
    [
        ("select 1", (0, 0), "select 1"),
        ("select 1; select 2", (10, 18), "          select 2"),
        ("a\nb", (3, 2), " \nb"),
        ("select 1   ", (8, 11), "select 1   "),
    ],
)
def test_what_runs_is_the_selection_or_all(text: str, selection: tuple[int, int], part: str):
    assert selected_part(text, selection) == part


def test_results_stay_as_tabs_and_can_be_closed(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 1 as one")
    set_text(at, "select 2 as two")
    at.button(key="run").click().run()
    assert list(at.dataframe[0].value.columns) == ["two"]

    at.segmented_control(key="result_tab:shop").set_value(1).run()
    assert list(at.dataframe[0].value.columns) == ["one"]
    at.button(key="close_tab:shop").click().run()

    assert not at.exception
    assert list(at.dataframe[0].value.columns) == ["two"]


def test_queries_with_the_same_start_have_separate_tabs(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    for number in range(3):
        set_text(at, f"select 'a text that is longer than a title' as a, {number} as b")
        at.button(key="run").click().run()

    at.segmented_control(key="result_tab:shop").set_value(2).run()

    assert not at.exception
    assert at.dataframe[0].value["b"].to_list() == [0]
    assert len({option.content for option in at.segmented_control(key="result_tab:shop").proto.options}) == 3


def test_the_history_brings_a_query_back(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 1 as one")
    set_text(at, "select 2 as two")

    at.selectbox(key="history:shop").select_index(0).run()

    assert not at.exception
    assert editor(at)["text"] == "select 1 as one"


def test_the_label_of_a_past_query_is_the_same_at_every_time(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 1 as one")
    (query,) = filled.queries.history()

    (label,) = at.selectbox(key="history:shop").options
    assert label.endswith(f"{query.asked_at:%Y-%m-%d %H:%M:%S} UTC")


def test_a_label_that_is_gone_leaves_the_editor_alone(monkeypatch: pytest.MonkeyPatch):
    session = {"history:shop": "select 5 · 1 row · a minute ago"}
    monkeypatch.setattr("streamlit.session_state", session)

    put_into_editor("shop", "history:shop")

    assert session == {"history:shop": None}


def test_a_query_can_be_saved_opened_and_deleted(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select 1 as one")
    at.text_input(key="save_name:shop").set_value("the one").run()
    at.button(key="save_kept:shop").click().run()
    assert [saved.sql for saved in filled.queries.saved()] == ["select 1 as one"]

    set_text(at, "select 2")
    at.selectbox(key="saved:shop").select_index(0).run()
    assert editor(at)["text"] == "select 1 as one"
    at.button(key="forget:shop:0").click().run()

    assert not at.exception
    assert filled.queries.saved() == []


def test_the_translation_is_in_an_expander(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    at.selectbox(key="dialect").select("snowflake")
    set_text(at, "select iff(1 = 1, 'a', 'b') as x")

    at.button(key="run").click().run()

    assert "CASE" in at.code[0].value


def test_a_long_query_can_be_cancelled(open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 0.0)
    at = run_query(open_page, "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7")
    waiting = running(at)
    assert not waiting.has_ended

    at.button(key="cancel_query:shop").click().run()
    assert waiting.wait(20)
    at.run()

    assert not at.exception
    assert "The query was cancelled." in texts(at)
    assert "cancel_query:shop" not in [button.key for button in at.button]


def test_the_previous_result_is_labelled_while_a_query_runs(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    at = run_query(open_page, "select 1 as one")
    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 0.0)
    set_text(at, "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7")

    at.button(key="run").click().run()

    assert not at.exception
    assert "Previous result below." in texts(at)
    assert at.dataframe[0].value["one"].to_list() == [1]
    waiting = running(at)
    at.button(key="cancel_query:shop").click().run()
    assert waiting.wait(20)


def test_a_single_row_starts_as_a_table(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select count(*) as orders from orders")

    assert at.segmented_control(key="view_single").value == "Table"


def test_the_chart_options_show_the_automatic_values(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select ordered_on, total, order_id from orders")

    assert [(box.label, box.proto.placeholder) for box in at.selectbox if box.key.startswith("chart_")] == [
        ("Mark", "Line (auto)"),
        ("X", "ordered_on (auto)"),
        ("Unit of time", "Quarter (auto)"),
        ("Y", "total (auto)"),
        ("Aggregate", "Sum (auto)"),
        ("Colour", "None (auto)"),
    ]


def test_a_chart_offers_only_options_that_apply(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, count(*) as n from customers group by country")

    labels = [box.label for box in at.selectbox if box.key.startswith("chart_")]

    assert labels == ["Mark", "X", "Y", "Colour"]


def test_the_chart_options_can_be_reset(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, count(*) as n from customers group by country")
    assert "chart_reset:shop" not in [button.key for button in at.button]
    at.selectbox(key="chart_mark:shop").select("Points").run()

    at.button(key="chart_reset:shop").click().run()

    assert not at.exception
    assert at.selectbox(key="chart_mark:shop").value is None
    assert '"circle"' not in at.get("vega_lite_chart")[0].proto.spec


def test_a_result_with_other_columns_resets_the_chart(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, count(*) as n from customers group by country")
    at.selectbox(key="chart_mark:shop").select("Points").run()
    set_text(at, "select country, count(*) as customers from customers group by country")

    at.button(key="run").click().run()

    assert not at.exception
    assert at.selectbox(key="chart_mark:shop").value is None


def test_the_next_query_starts_after_the_previous_one_stopped(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 0.0)
    at = run_query(open_page, "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7")
    before = running(at)
    had_ended = []

    def begun(*arguments: Any, **options: Any) -> QueryTask:
        had_ended.append(before.has_ended)
        return QueryTask(*arguments, **options)

    monkeypatch.setattr("app.components.query.execution.STOP_SECONDS", 20.0)
    monkeypatch.setattr("app.components.query.execution.QueryTask", begun)
    set_text(at, "select 2 as two")
    at.button(key="run").click().run()

    assert not at.exception
    assert had_ended == [True]


def test_the_columns_of_a_result_are_profiled(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select * from orders")

    at.segmented_control(key="view").set_value("Columns").run()

    assert not at.exception
    summary = at.dataframe[0].value
    assert summary["column"].to_list() == ["order_id", "customer_id", "ordered_on", "total"]
    assert summary["null_fraction"].to_list() == [0.0, 0.0, 0.0, 0.0]


def test_a_chart_is_built_of_colour_and_aggregate(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, customer_id % 2 as odd, customer_id as id from customers")

    at.selectbox(key="chart_aggregate:shop").select("Rows")
    at.selectbox(key="chart_x:shop").select("country").run()

    assert not at.exception
    assert '"rows by country"' in at.get("vega_lite_chart")[0].proto.spec


def test_a_long_result_has_pages(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select range * 2 as n from range(25000) order by 1")
    assert "**25,000 rows**" in texts(at)
    assert "Showing rows 1 to 10,000 of 25,000" in texts(at)

    [pages] = at.get("pagination")
    pages.set_value(3).run()

    assert not at.exception
    assert "Showing rows 20,001 to 25,000 of 25,000" in texts(at)
    assert at.dataframe[0].value["n"].to_list() == list(range(40_000, 50_000, 2))


def test_a_short_result_has_no_pages(open_page: Open, filled: engine.Experiment):
    assert not run_query(open_page, "select range from range(10000)").get("pagination")


def test_the_chart_can_be_saved_as_a_picture(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select country, count(*) as customers from customers group by country")

    buttons = {button.key: button.proto for button in at.get("download_button")}
    assert buttons["chart_png:shop"].label == "PNG"
    assert buttons["chart_svg:shop"].label == "SVG"


def test_the_checkbox_makes_the_csv_safe_for_spreadsheets(
    open_page: Open, bench: engine.Workbench, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tickets, "is_served", True)  # as on the server
    at = run_query(open_page, "select '=1' as \"+a\", -1 as n")
    with TestClient(create_api(bench)) as client:
        assert client.get(csv_address(at)).text == "+a,n\r\n=1,-1\r\n"
        at.checkbox(key="spreadsheet_safe:shop").check().run()
        assert client.get(csv_address(at)).text == "'+a,n\r\n'=1,-1\r\n"
        at.checkbox(key="spreadsheet_safe:shop").uncheck().run()
        assert client.get(csv_address(at)).text == "+a,n\r\n=1,-1\r\n"


def csv_address(at: AppTest) -> str:
    """Return the path of the CSV link below /api."""
    data = " ".join(component.proto.json for component in at.get("bidi_component"))
    (address,) = re.findall(r"/api(/query/downloads/[^\"\\]+\.csv[^\"\\]*)", data)
    return str(address)


def test_a_result_without_a_chart_has_no_picture_buttons(open_page: Open, filled: engine.Experiment):
    at = run_query(open_page, "select [range] as list from range(2)")

    assert [button.key for button in at.get("download_button") if button.key.startswith("chart_")] == []


def test_the_run_button_shows_what_will_run(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    text = "select 1 as one"
    labels = []
    for selected in ((0, 0), (0, 8), (0, len(text)), (6, 7)):
        set_text(at, text, selected)
        at.run()
        labels.append(at.button(key="run").label)

    assert labels == ["Run", "Run selection", "Run", "Run"]


def test_queries_work_during_a_run(open_page: Open, filled: engine.Experiment, busy: engine.Experiment):
    at = run_query(open_page, "select count(*) as orders from orders")

    assert at.dataframe[0].value["orders"].to_list() == [40]


def test_after_a_failed_run_the_page_links_to_generate(open_page: Open, broken_run: engine.Run):
    assert open_page("query").button(key="empty_to_generate").label == "Generate data"
