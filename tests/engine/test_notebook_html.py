import engine
from engine.display.html_tables import html_table
from engine.warehouse.audit.audit import AuditResult, Finding

SHOP = {"name": "shop", "tables": [{"name": "t", "target_rows": 1200, "columns": [{"name": "id", "data_type": "INT"}]}]}


def test_texts_are_escaped_and_numbers_stand_at_the_right():
    made = html_table("a < b", ["x", "n"], [["<b>", 1234], [None, 5]])

    assert "<b>a &lt; b</b>" in made
    assert "&lt;b&gt;</td>" in made
    assert '<th style="text-align: left">x</th><th style="text-align: right">n</th>' in made
    assert '<td style="text-align: right">1,234</td>' in made
    assert '<td style="text-align: left"></td>' in made
    assert '<th style="text-align: left">x</th>' in html_table("nothing", ["x"], [])


def test_an_experiment_a_run_and_a_result_show_what_they_are(home):
    with engine.Workbench(home) as workbench:
        shop = workbench.create(SHOP)
        run = shop.generate(seed=4, progress=lambda _progress: None)
        result = shop.query("select '<i>' as odd from t", limit=2)

        assert "Experiment shop: 1 table, 1,200 rows" in shop._repr_html_()
        assert "Run 1 of shop: COMPLETED" in run._repr_html_()
        assert "seed 4, version 1, loaded" in run._repr_html_()
        assert "2 rows, 1 column in" in result._repr_html_()
        assert "shape:" not in result._repr_html_()
        assert "truncated" in result._repr_html_()
        assert "<i>" not in result._repr_html_()


def test_a_workbench_shows_its_experiments(home):
    with engine.Workbench(home) as workbench:
        assert f"Workbench in {home}: 0 experiments" in workbench._repr_html_()

        workbench.create(SHOP).generate(seed=4, progress=lambda _progress: None)

        assert "1 experiment</b>" in workbench._repr_html_()
        assert 'shop</td><td style="text-align: right">1</td><td style="text-align: right">1,200' in (
            workbench._repr_html_()
        )


def test_an_audit_shows_its_verdict_and_what_failed():
    kept = Finding("row_count", "orders", "", "5", "5", True, "")
    broken = Finding("not_null", "orders", "id", "no NULLs", "<2> rows", False, "select 1")

    assert "Audit of shop, run 3: 2 checks, all passed" in AuditResult("shop", 3, (kept, kept))._repr_html_()
    shown = AuditResult("shop", None, (kept, broken))._repr_html_()
    assert "Audit of shop: 2 checks, 1 FAILED" in shown
    assert "&lt;2&gt; rows" in shown
    assert "row_count" not in shown


def test_a_chart_in_a_notebook_is_drawn_on_this_machine(home):
    with engine.Workbench(home) as workbench:
        chart = workbench.query("select range::varchar as kind, range as n from range(3)").chart()

    drawn = chart._repr_mimebundle_(None, None)

    assert drawn["image/svg+xml"].startswith("<svg")
    assert "https://cdn" not in str(drawn)
