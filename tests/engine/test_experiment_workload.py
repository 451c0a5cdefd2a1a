"""The queries of an experiment: kept with it, run in the background, and changes for them accepted one by one."""

import io
import zipfile
from pathlib import Path

import pytest

import engine
from engine.errors import ConflictError, VersionConflictError, WorkbenchError
from engine.workload.changes import apply_changes

SCRIPT = """
create table goods (good_id int primary key, kind varchar(20) not null);
create table sales (sale_id int primary key, item int not null, sold_on date not null, price numeric(8,2) not null);
"""
QUERIES = {
    "lanterns.sql": "select kind, sum(price) from sales, goods where item = good_id and kind = 'LANTERN' group by 1",
    "spring.sql": "select count(*) from sales\nwhere price > 0\n  and sold_on between :first and '2012-06-30'",
}


@pytest.fixture
def shop(tmp_path: Path):
    with engine.Workbench(tmp_path / "home") as workbench:
        yield workbench.create(engine.import_sql(SCRIPT, name="shop", dialect="redshift"))


def archive(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for name, text in files.items():
            opened.writestr(name.replace("__", "/"), text)
    return written.getvalue()


def test_queries_are_brought_and_kept(shop: engine.Experiment) -> None:
    assert (dict(shop.workload.files), shop.workload.changed_at) == ({}, None)

    shop.bring_queries({"a.sql": b"select 1", "more.ZIP": archive(**{"bi__b.sql": "select 2", "bi__notes.txt": "no"})})
    shop.keep_workload(shop.workload.files, {"first": "2012-04-01"})
    shop.bring_queries({"a.sql": b"\xef\xbb\xbfselect 3"})

    assert dict(shop.workload.files) == {"a.sql": "select 3", "bi/b.sql": "select 2"}
    assert shop.workload.values == {"first": "2012-04-01"}
    for uploads, wrong in (
        ({"a.sql": b"\xff"}, "a.sql: The file is not UTF-8"),
        ({"a.zip": b"PK"}, "a.zip: The archive cannot be read"),
        ({"a.zip": archive(readme="x")}, "a.zip: The archive has no .sql file"),
        ({"a.zip": archive(**{"a.sql": " " * 17 * 2**20})}, "more than 5,000 files and 16 MB"),
        ({"a.sql": b"\0"}, "a.sql"),
    ):
        with pytest.raises(WorkbenchError, match=wrong):
            shop.bring_queries(uploads)
    assert len(shop.workload.files) == 2


def test_a_check_runs_in_the_background_and_names_the_starving_condition(shop: engine.Experiment) -> None:
    shop.generate(rows=50, progress=lambda _progress: None)
    _, spring = shop.read_queries(QUERIES)
    assert [(each.name, each.line, each.is_given) for each in spring.placeholders] == [("first", 3, False)]

    job = shop.start_coverage(QUERIES, values={"first": "2012-04-01"})
    shop._services.checks.wait(job)

    assert (job.status, job.result.run_id, [each.state for each in job.result.statements]) == (
        "COMPLETED", 1, ["empty", "only the empty-input row"],
    )  # fmt: skip
    assert shop.last_coverage() is job
    found = shop.find_starving(job.result.statements[1].statement)
    assert found is not None
    assert (found.line, found.text[:7], found.is_alone) == (3, "sold_on", True)


def test_accepted_changes_are_saved(shop: engine.Experiment) -> None:
    values = {"first": "2012-04-01"}
    job = shop.start_fit(QUERIES, rows=200, values=values, dry_run=True)
    shop._services.fits.wait(job)
    fitted = job.result
    assert shop.last_fit() is job
    assert apply_changes(shop.schema, fitted.kept).tables == fitted.schema.tables
    assert {each.place for each in fitted.kept} >= {"goods.kind", "sales.sold_on"}
    wanted = [number for number, each in enumerate(fitted.kept) if each.place == "sales.sold_on"]

    applied = shop.accept_fit(job.id, wanted)

    assert {each.place for each in applied.kept} == {"sales.sold_on"}
    assert (shop.version, str(applied)) == (2, f"{len(wanted)} change{'s' * (len(wanted) > 1)} saved.")
    with pytest.raises(VersionConflictError):
        shop.accept_fit(job.id)
    with pytest.raises(ConflictError, match="has no change 99"):
        shop.accept_fit(job.id, [99])
