"""Exports read back: the same rows, audited; samples that can be joined; and what is refused, with nothing left."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import engine
from engine.cli import app
from engine.errors import ConflictError, NotFoundError, WorkbenchError
from engine.sql.ddl_export import find_surrogate
from tests.engine.export.kin import KIN, TABLES

GROWING = {
    "name": "growing",
    "tables": [
        {
            "name": "people",
            "grows": True,
            "target_rows": 40,
            "primary_key": ["id"],
            "columns": [{"name": "id", "data_type": "INT", "is_unique": True}],
        },
        {
            "name": "visits",
            "target_rows": 90,
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {
                    "name": "person",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "people", "references_column": "id"},
                },
                {"name": "day", "data_type": "INT"},
                {"name": "twice", "data_type": "INT", "expression": "day * 2"},
            ],
        },
    ],
}
COMPOSITE = """
create table sites (region int, code int, title varchar(20), primary key (region, code));
create table reads (id int primary key, region int not null, code int not null, v int,
  foreign key (region, code) references sites (region, code));
"""


@pytest.fixture(scope="module")
def exported(kin: engine.Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    kin.export(folder, rows_per_file=100)
    return folder


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture
def bench(tmp_path: Path):
    with engine.Workbench(tmp_path / "home") as workbench:
        yield workbench


def table_rows(experiment: engine.Experiment, table: str) -> list[dict]:
    name = ".".join(f'"{part}"' for part in table.split("."))
    return experiment.query(f"select * from {name}", dialect="duckdb").records()


@pytest.mark.parametrize("format_name", ["parquet", "delta"])
def test_a_whole_run_is_the_same_again(kin, exported: Path, bench, tmp_path: Path, format_name: str):
    place = exported if format_name == "parquet" else tmp_path / "delta"
    if format_name == "delta":
        kin.export(place, format="delta", target="redshift")

    found = bench.attach(place, name="back")

    run = found.run(1)
    assert {key: table_rows(found, key) for key in TABLES} == {key: table_rows(kin, key) for key in TABLES}
    assert found.audit().passed and not found.audit().not_proved
    assert (run.seed, run.status, run.is_loaded, run.requested_rows) == (5, "COMPLETED", True, kin.row_counts())
    assert str(place) in run.notes[0]
    assert found.load(1).row_counts == kin.row_counts()  # its files are those of a run
    assert bench.attach(place, name="back").loaded_run_id == 2


def test_a_sample_keeps_the_parents_of_its_rows(exported: Path, bench):
    found = bench.attach(exported, sample={"select": 20, "single": 7})

    counts, audit = found.row_counts(), found.audit()
    assert (counts["hr.people"], counts["Select"], counts["single"]) == (300, 20, 7)
    assert audit.passed and {"foreign_key", "unique", "not_null"} <= {each.check for each in audit.findings}
    assert any(each.expected.startswith("null_share") for each in audit.not_proved)

    share = bench.attach(exported, name="share", sample=0.05)
    again = bench.attach(exported, name="share", sample=0.05)
    counts = share.run(1).row_counts
    assert counts == again.run(2).row_counts and counts["Select"] == 25 and 15 < counts["hr.people"] < 150
    assert share.audit().passed


def test_tables_that_were_not_exported_are_empty(kin, bench, tmp_path: Path):
    kin.export(tmp_path / "part", tables=["Select"])

    found = bench.attach(tmp_path / "part", name="part")

    assert found.row_counts() == {"hr.people": 0, "Select": 500, "single": 0, "nothing": 0}
    assert found.run(1).notes[1] == "Not exported, so empty: hr.people, single, nothing."
    assert found.audit().passed
    assert ("person", "its parents were not exported") in [(e.column, e.found) for e in found.audit().not_proved]


def test_batches_of_earlier_runs_and_keys_of_several_columns(bench, tmp_path: Path):
    growing = bench.create(GROWING)
    growing.generate(seed=3)
    growing.generate({"people": 60, "visits": 150}, seed=3)
    growing.export(tmp_path / "grown")
    sites = bench.create(engine.import_sql(COMPOSITE, name="sites", dialect="redshift"))
    sites.generate({"sites": 200, "reads": 300}, seed=3)
    sites.export(tmp_path / "sites", target="duckdb")
    assert find_surrogate(sites.table("sites")) is not None  # a column that the files lack

    assert bench.attach(tmp_path / "grown").run(3).batches == growing.run(2).batches != {}
    back = bench.attach(tmp_path / "grown", name="back")
    assert back.audit().passed and table_rows(back, "visits") == table_rows(growing, "visits")
    found = bench.attach(tmp_path / "sites", name="found")
    assert [table_rows(found, key) for key in ("sites", "reads")] == [table_rows(sites, k) for k in ("sites", "reads")]
    few = bench.attach(tmp_path / "sites", name="few", sample={"reads": 10, "sites": 0})
    assert few.audit().passed and 1 < few.row_counts()["sites"] <= 10


@pytest.mark.parametrize(
    ("damage", "kind", "message"),
    [
        (lambda at: shutil.rmtree(at), NotFoundError, "There is no export: no manifest.json"),
        (lambda at: (at / "_SUCCESS").unlink(), WorkbenchError, "not complete: there is no _SUCCESS"),
        (lambda at: (at / "manifest.json").write_text("{}"), WorkbenchError, "manifest cannot be read: it has no exp"),
        (lambda at: (at / "manifest.json").write_text("{"), WorkbenchError, "manifest cannot be read"),
        (lambda at: part(at).unlink(), WorkbenchError, "is damaged: it is missing"),
        (
            lambda at: part(at).write_bytes(part(at).read_bytes()[:-1]),
            WorkbenchError,
            "it has .* bytes, .* were written",
        ),
        (lambda at: flip(part(at)), WorkbenchError, "its checksum is not that of the manifest"),
    ],
)
def test_what_is_no_whole_export_is_refused_and_leaves_nothing(copy: Path, bench, damage, kind, message: str):
    damage(copy)

    with pytest.raises(kind, match=message) as caught:
        bench.attach(copy, name="none")

    assert str(copy) in str(caught.value.where)
    assert bench.experiments() == [] and "none" not in bench


def test_a_damaged_part_is_named_and_leaves_the_experiment_as_it_was(copy: Path, bench):
    found = bench.attach(copy)
    flip(part(copy))

    for sample in (None, 0.5):
        with pytest.raises(WorkbenchError, match=r"damaged.*part-0000001"):
            bench.attach(copy, sample=sample)

    assert [run.id for run in found.runs()] == [1] and found.audit().passed


def test_other_schemas_formats_and_samples_are_refused(kin, exported: Path, bench, tmp_path: Path):
    bench.create({**KIN, "tables": KIN["tables"][2:]})
    kin.export(tmp_path / "csv", format="csv")
    kin.export(tmp_path / "redshift", target="redshift")

    with pytest.raises(ConflictError, match='"kin" has another schema than the export'):
        bench.attach(exported)
    with pytest.raises(WorkbenchError, match="is csv, which is not read back: only Parquet"):
        bench.attach(tmp_path / "csv", name="other")
    with pytest.raises(WorkbenchError, match=r"The table is csv\.gz in this export"):
        bench.attach(tmp_path / "redshift", name="other")
    for sample in (0.0, 1.5, -1, True, {"single": -3}):
        with pytest.raises(WorkbenchError, match="is no sample"):
            bench.attach(exported, name="other", sample=sample)
    with pytest.raises(NotFoundError, match='has no table "singel"'):
        bench.attach(exported, name="other", sample={"singel": 1})
    assert [each.name for each in bench.experiments()] == ["kin"]


def test_the_command_tells_what_was_attached(exported: Path, home: Path):
    result = CliRunner().invoke(app, ["experiment", "attach", str(exported), "cut", "--sample", "single=5"])

    assert result.exit_code == 0, result.output
    assert "single\t5\t50" in result.output and "as run 1 of cut" in result.output
    assert CliRunner().invoke(app, ["experiment", "attach", str(exported), "--sample", "x"]).exit_code == 2


def part(folder: Path) -> Path:
    return folder / "hr" / "people" / "part-0000001.parquet"


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_manifest_has_the_rows_of_all_tables(kin, tmp_path: Path):
    kin.export(tmp_path, tables=["single"])

    assert json.loads((tmp_path / "manifest.json").read_text())["all_rows"] == kin.row_counts()
