import pytest
from streamlit.testing.v1 import AppTest

import engine

from .conftest import Open, texts

QUERIES = {
    "paris.sql": "select * from customers\nwhere customer_id > 0\n  and country = 'PT';",
    "all.sql": "select count(*) as n from orders",
    "dear.sql": "select * from orders where total > :least",
    "report.sql": "select nothing from orders; hello",
}


def wait(experiment: engine.Experiment) -> None:
    services = experiment._services
    for jobs, job in ((services.checks, experiment.last_coverage()), (services.fits, experiment.last_fit())):
        if job is not None:
            jobs.wait(job, 120)


def states(at: AppTest) -> dict[str, str]:
    table = next(each.value for each in at.dataframe if "State" in each.value.columns)
    return {name: state[2:] for name, state in zip(table["Query"], table["State"], strict=True)}


def test_queries_are_pasted_kept_and_removed(open_page: Open, shop: engine.Experiment):
    at = open_page("workload")
    assert "Bring your queries" in texts(at)
    at.button(key="workload_add").click().run()
    assert "There is no query" in texts(at)

    for text in ("select * from customers", QUERIES["dear.sql"]):
        at.text_area(key="workload_sql").input(text).run()
        at.button(key="workload_add").click().run()

    assert not at.exception
    assert list(shop.workload.files) == ["pasted.sql", "pasted_2.sql"]
    assert "1 value missing" in texts(at)
    asked = at.text_input(key="workload_value:shop:least")
    assert asked.label.replace("\\", "") == "` :least ` :gray[pasted_2.sql line 1]"
    asked.input("500").run()
    assert shop.workload.values == {"least": "500"}
    assert states(at) == {"pasted.sql": "not checked", "pasted_2.sql": "not checked"}
    assert at.button(key="workload_check:shop").disabled
    assert not at.button(key="workload_fit:shop").disabled
    again = open_page("workload")
    assert again.text_input(key="workload_value:shop:least").value == "500"
    again.button(key="workload_remove_all").click().run()
    assert "Bring your queries" in texts(again)


def test_a_check_tells_states_and_what_starves(open_page: Open, filled: engine.Experiment):
    filled.keep_workload(QUERIES)
    at = open_page("workload")
    at.button(key="workload_check:shop").click().run()
    wait(filled)
    at.run()

    assert not at.exception
    assert states(at) == {
        "paris.sql": "empty",
        "all.sql": "finds rows",
        "dear.sql": "does not run",
        "report.sql #1": "does not run",
        "report.sql #2": "not understood",
    }
    assert "No row meets the condition ` country = 'PT' ` (line 3)." in texts(at)
    at.selectbox(key="workload_query:shop").select("dear.sql").run()
    assert ":least has no value (line 1)." in texts(at)
    at.pills(key="workload_states:shop").set_value(["not understood"]).run()
    assert list(states(at)) == ["report.sql #2"]

    filled.generate(seed=8, progress=lambda _progress: None)
    at.run()
    assert "Run 2 is loaded now; this check is of run 1." in texts(at)


@pytest.mark.parametrize("has_conflict", [False, True])
def test_the_accepted_changes_of_a_fit_are_saved(open_page: Open, filled: engine.Experiment, has_conflict: bool):
    spring = "select * from orders where ordered_on between '2012-04-01' and '2012-06-30'"
    filled.keep_workload(QUERIES | {"spring.sql": spring}, {"least": "5000"})
    at = open_page("workload")
    job = filled.start_fit(filled.workload.files, values=filled.workload.values, dry_run=True, verify=not has_conflict)
    wait(filled)
    at.run()

    assert not at.exception
    boxes = {each.label.split("**")[1].replace("\\", ""): each for each in at.checkbox}
    assert set(boxes) >= {"customers.country", "orders.total"}
    boxes["orders.total"].uncheck().run()
    if has_conflict:
        tables = [table.model_copy(update={"target_rows": 9}) for table in filled.schema.tables]
        filled.update(filled.schema.model_copy(update={"tables": tables}))
        at.button(key="workload_save:shop").click().run()
        assert "Version 2 of shop came first" in texts(at).replace('"', "")
        assert "The schema has changed since this fit" in texts(at)
        return
    assert "With these changes 4 of 6 queries find rows, 1 without." in texts(at).replace("**", "")
    save = at.button(key="workload_save:shop")
    saved = save.label.removeprefix("Save ")
    save.click().run()

    assert not at.exception
    assert f"{saved} saved as version 2." in texts(at)
    assert filled.schema.table("orders").column("total").max_value == 900
    assert filled.schema.table("customers").column("country").values == ["DE", "FR", "PT"]
    assert job.result.based_on == 1
    at.button(key="workload_to_generate").click().run()
    assert at.title[0].value == "Generate"


@pytest.mark.parametrize("key", ["workload_add", "workload_remove_all"])
def test_a_button_of_an_experiment_deleted_elsewhere_can_be_pressed(
    open_page: Open, bench: engine.Workbench, shop: engine.Experiment, key: str
):
    shop.keep_workload({"paris.sql": QUERIES["paris.sql"]}, {})
    at = open_page("workload")
    at.text_area(key="workload_sql").input("select * from customers")
    bench.delete("shop")

    at.button(key=key).click().run()

    assert not at.exception
    assert at.button(key="empty_to_experiments").label == "Create an experiment"
