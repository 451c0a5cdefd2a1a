"""The scripts of Redshift and Snowflake parse in their dialects and name every column."""

import json
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import engine
from engine.errors import WorkbenchError
from engine.sql.sqlglot_parser import silent_sqlglot

ROLE = "arn:aws:iam::123456789012:role/load"


def read_script(path: Path, dialect: str) -> list[exp.Expression]:
    with silent_sqlglot():
        found = [each for each in sqlglot.parse((path / "load.sql").read_text(), dialect=dialect) if each]
        assert not any(isinstance(each, exp.Command) for each in found)
    return found


@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "jsonl"])
@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_a_script_parses_and_names_every_column(dialect: str, form: str, kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path, format=form, target=dialect, location="s3://bucket/kin", role=ROLE)

    copies = [each for each in read_script(tmp_path, dialect) if isinstance(each, exp.Copy)]
    text = (tmp_path / "load.sql").read_text()
    assert len(copies) == 4
    for table in kin.schema.tables:
        names = [f'"{column.name}"' if column.quoted else column.name for column in table.columns]
        assert ", ".join(names) in text


def test_redshift_copies_by_manifests_with_sizes(kin: engine.Experiment, tmp_path: Path):
    made = kin.export(tmp_path, target="redshift", location="s3://bucket/kin", role=ROLE, rows_per_file=300)

    text = (tmp_path / "load.sql").read_text()
    assert made.notes == ["hr.people: As CSV: COPY does not load TIME and TIMESTAMPTZ from Parquet."]
    assert "-- As CSV: COPY does not load TIME and TIMESTAMPTZ from Parquet.\ncopy hr.people" in text
    assert "format as csv\nmanifest gzip ignoreheader 1 null as '\\N'" in text
    assert (
        f"copy \"Select\" (\"Order\", person, u)\nfrom 's3://bucket/kin/main/Select.manifest'\niam_role '{ROLE}'"
        in text
    )
    entries = json.loads((tmp_path / "main/Select.manifest").read_text())["entries"]
    second = tmp_path / "main/Select/part-0000001.parquet"
    assert len(entries) == 2
    assert entries[1] == {
        "url": "s3://bucket/kin/main/Select/part-0000001.parquet",
        "mandatory": True,
        "meta": {"content_length": second.stat().st_size},
    }


def test_super_is_loaded_as_text_and_parsed(tmp_path: Path):
    script = "create table t (id int, doc super);"
    with engine.Workbench(tmp_path / "home") as workbench:
        made = workbench.create(engine.import_sql(script, name="docs", dialect="redshift"))
        made.export(tmp_path / "out", rows=10, seed=1)

    text = (tmp_path / "out/load.sql").read_text()
    assert "manifest serializetojson;" in text
    assert "update t set doc = json_parse(doc::varchar) where is_varchar(doc);" in text
    assert "s3://YOUR-BUCKET/YOUR-FOLDER" in text


def test_redshift_refuses_a_text_that_is_its_null(tmp_path: Path):
    table = {"name": "t", "target_rows": 20, "columns": [{"name": "x", "data_type": "TEXT", "values": ["\\N"]}]}
    with engine.Workbench(tmp_path / "home") as workbench:
        made = workbench.create({"name": "texts", "tables": [table]})
        with pytest.raises(WorkbenchError, match=r"t\.x: A text is \\N, which Redshift's COPY takes for NULL"):
            made.export(tmp_path / "out", seed=1, format="csv", target="redshift")


def test_snowflake_has_a_stage_of_its_own_or_an_external_one(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path / "own", target="snowflake", tables=["single"], stage="lake.raw.loading")
    own = (tmp_path / "own/load.sql").read_text()
    assert "create stage if not exists lake.raw.loading;" in own
    assert (
        f"put 'file://{(tmp_path / 'own').as_posix()}/main/single/part-*.parquet' @lake.raw.loading/main/single/" in own
    )
    assert "file_format = (type = parquet use_logical_type = true binary_as_text = false)\n" in own
    assert "match_by_column_name = case_insensitive" in own

    kin.export(tmp_path / "s3", target="snowflake", tables=["single"], location="gs://b/kin", integration="lake")
    assert "url = 'gcs://b/kin/'\nstorage_integration = lake;" in (tmp_path / "s3/load.sql").read_text()


@pytest.mark.parametrize(
    "names",
    [
        {"location": "s3://KEY:SECRET@bucket/x"},
        {"location": "https://bucket/x?X-Amz-Signature=1"},
        {"role": "aws_access_key_id=AKIA;aws_secret_access_key=SECRET"},
        {"stage": "x credentials=(aws_key_id='SECRET')"},
        {"integration": "a'b"},
    ],
)
def test_what_can_be_a_credential_is_refused_and_not_repeated(names, kin: engine.Experiment, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="This is not a") as caught:
        kin.export(tmp_path, **names)
    assert "SECRET" not in str(caught.value)
    assert not list(tmp_path.iterdir())
