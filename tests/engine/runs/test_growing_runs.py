"""Runs that add to the run before: no file of whole chunks changes, and a run can be resumed, repeated and audited."""

import json

import pytest

import engine
from engine.errors import CancelledError, GenerationError, WorkbenchError
from engine.schema.checks import check_schema
from engine.schema.files import read_schema
from engine.settings import Settings

ZIPF = {"type": "zipf", "parameters": {"s": 1.1}}
CHUNK = 250
APPENDS = 5


def column(name, data_type="INT", **rest):
    return {"name": name, "data_type": data_type, **rest}


def key(name, table, **options):
    target = {"references_table": table, "references_column": "id"}
    return column(name, "BIGINT", required=True, foreign_key=target | options)


def table(name, rows, *columns, **rest):
    ident = column("id", "BIGINT", sequence={"start": 1}, is_unique=True)
    return {"name": name, "columns": [ident, *columns], **({} if rows is None else {"target_rows": rows}), **rest}


def shop(**rest):
    total = {"of": "items.order_id", "sum": "price"}
    return {
        "name": "shop",
        "tables": [
            table(
                "customers",
                300,
                column("email", "VARCHAR(60)", faker_rule="email", is_unique=True),
                column("name", "VARCHAR(60)", faker_rule="name"),
                **({"grows": True} | rest),
            ),
            table("products", 50, column("code", "VARCHAR(10)", pattern="??-####", is_unique=True)),
            table(
                "orders",
                1000,
                key("customer_id", "customers", distribution=ZIPF),
                key("store_id", "stores"),
                column("total", "DECIMAL(12,2)", rollup=total),
                column("who", "VARCHAR(60)", expression="customer_id.name"),
            ),
            table(
                "items",
                None,
                key("order_id", "orders", fan_out=[1, 4]),
                key("product_id", "products", counted=True, distribution=ZIPF),
                column("price", "DECIMAL(8,2)", min_value=1, max_value=90),
                column("balance", "DECIMAL(12,2)", running={"sum": "price", "within": "order_id"}),
            ),
            table("stores", 20),
        ],
    }


@pytest.fixture
def home(tmp_path):
    with engine.Workbench(settings=Settings(home=tmp_path / "home", chunk_rows=CHUNK, threads=1)) as workbench:
        yield workbench


def quietly(progress):
    pass


def grown(step):
    return {"customers": 300 + 10 * step, "orders": 1000 + 45 * step, "products": 50 + step // 2}


def whole_parts(home, run):
    """The bytes of the files of a run that have a whole chunk, by table and name."""
    folder = home.settings.home / "experiments" / "shop"
    found = {}
    for path in sorted(folder.rglob(f"*{run.id}*/**/part-*.parquet")):
        number = int(path.stem.removeprefix("part-"))
        if (number + 1) * CHUNK <= run.row_counts[path.parent.name]:
            found[path.parent.name, number] = path.read_bytes()
    return found


def test_appends_leave_every_earlier_file_as_it_was(home):
    made = home.create(shop())
    run = made.generate(grown(0), seed=1, progress=quietly, load=False)
    assert (run.batches, run.notes) == ({}, ())
    parts, first = whole_parts(home, run), run
    assert {name for name, _ in parts} == {"customers", "orders", "items"}
    for step in range(1, APPENDS + 1):
        wanted = made.planned_rows(grown(step), seed=1)
        expected = made.preview("items", 20, offset=wanted["items"] - 20, seed=1, counts=grown(step))
        run = made.generate(grown(step), seed=1, progress=quietly, load=step == APPENDS)
        assert run.row_counts == wanted
        assert run.batches["customers"] == [grown(each)["customers"] for each in range(step)]
        assert "stores" not in run.batches
        assert run.notes == (f"Its rows are added to those of run {step}.",)
        now = whole_parts(home, run)
        assert parts.items() <= now.items(), step
        parts = now
    assert made.estimate(grown(APPENDS), seed=1).rows == sum(run.row_counts.values())
    tail = made.query("select * from items order by id desc limit 20").frame.sort("id")
    assert tail.rows() == expected.rows()
    audit = made.audit()
    assert audit.passed, audit.failures
    assert "batches" in {finding.check for finding in audit.findings}

    frame = made.query("select * from orders where id <= 1000 order by id").frame
    made.load(first.id)
    assert made.query("select * from orders order by id").frame.equals(frame)
    assert made.audit().passed
    assert made.compare_tables(first.id, run.id)["rows_difference"].to_list()[:3] == [
        10 * APPENDS,
        APPENDS // 2,
        45 * APPENDS,
    ]


def test_an_append_that_is_killed_is_resumed_to_the_same_files(home):
    made = home.create(shop())
    first = made.generate(grown(0), seed=1, progress=quietly, load=False)
    with pytest.raises(CancelledError):
        made.generate(grown(1), seed=1, progress=lambda now: now.rows_done >= 600 and made.cancel())
    stopped = made.runs()[0]
    assert (stopped.status, stopped.batches["orders"]) == ("ABORTED", [1000])
    assert stopped.notes == ("Its rows are added to those of run 1.",)
    done = made.resume(stopped.id, progress=quietly)
    assert done.batches == stopped.batches
    assert made.audit().passed
    whole = made.generate(done.requested_rows, seed=1, batches=done.batches, progress=quietly)
    assert whole_parts(home, whole) == whole_parts(home, done)
    assert whole_parts(home, first).items() <= whole_parts(home, done).items()


def test_a_run_is_repeated_exactly_with_its_batches(home):
    made = home.create(shop())
    made.generate(grown(0), seed=1, progress=quietly)
    second = made.generate(grown(1), seed=1, progress=quietly)
    third = made.generate(grown(2), seed=1, progress=quietly)
    same = made.generate(grown(2), seed=1, progress=quietly)
    assert (same.batches, same.notes) == (third.batches, ())
    again = made.generate(second.requested_rows, seed=1, batches=second.batches, progress=quietly)
    assert whole_parts(home, again) == whole_parts(home, second)


def test_fewer_rows_or_another_seed_start_anew_and_say_so(home):
    made = home.create(shop())
    made.generate(grown(3), seed=1, progress=quietly)
    fewer = made.generate(grown(2), seed=1, progress=quietly)
    assert (fewer.batches, fewer.notes) == ({}, ("customers has 10 rows less than in run 1: all rows are made anew.",))
    other = made.generate(grown(5), seed=2, progress=quietly)
    assert (other.batches, other.notes) == ({}, ("The seed is not that of run 2, 1: all rows are made anew.",))
    assert made.preview("orders", seed=2, counts=grown(5)).equals(made.preview("orders", seed=2, counts=grown(6)))


def test_a_new_version_and_a_new_table_add_to_the_run_before(home):
    made = home.create(shop())
    made.generate(grown(0), seed=1, progress=quietly)
    changed = json.loads(made.to_json())
    changed["tables"].append(table("visits", 500, key("customer_id", "customers")))
    made.update(changed)
    run = made.generate(grown(1), seed=1, progress=quietly)
    assert run.batches["visits"] == [0]
    assert run.notes == (
        "Its rows are added to those of run 1.",
        "Run 1 was made by version 1 of the schema: what has changed since is different in its rows, too.",
    )
    assert made.audit().passed
    assert made.generate(grown(2), seed=1, progress=quietly).batches["visits"] == [0, 500]


def test_batches_survive_the_loss_of_the_catalog(home):
    made = home.create(shop())
    made.generate(grown(0), seed=1, progress=quietly)
    run = made.generate(grown(1), seed=1, progress=quietly)
    home.close()
    for path in home.settings.home.glob("catalog*"):
        path.unlink()
    engine.Workbench.recover(settings=home.settings)
    with engine.Workbench(settings=home.settings) as restored:
        assert restored["shop"].run(run.id).batches == run.batches
        assert restored["shop"].audit().passed


def test_other_schemas_remember_nothing(home):
    made = home.create(shop(grows=False))
    made.generate(grown(0), seed=1, progress=quietly)
    run = made.generate(grown(1), seed=1, progress=quietly)
    assert (run.batches, run.notes) == ({}, ())


def test_impossible_batches_are_refused(home):
    made = home.create(shop())
    for batches, text in (
        ({"customers": [200, 100]}, "no rising row counts"),
        ({"customers": [100], "orders": [100, 200]}, "no rising row counts"),
        ({"nowhere": [100]}, "no table"),
        ({"customers": [301]}, "is above its 300 rows"),
    ):
        with pytest.raises(GenerationError, match=text):
            made.generate(seed=1, batches=batches)


def test_listed_and_remembered_batches_contradict_each_other():
    with pytest.raises(WorkbenchError, match="lists batches, and customers grows by its runs"):
        read_schema(shop(batches=[100]))
    assert check_schema(read_schema(shop())) == []
