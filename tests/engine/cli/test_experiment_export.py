import json
from pathlib import Path

from tests.engine.cli.conftest import Command, rows_of


def test_export_prints_the_tables_and_where_they_are(filled: Command):
    result = filled("experiment", "export", "shop", "--to", "out", "--format", "csv", "--target", "duckdb")

    assert result.exit_code == 0
    assert [row[:4] for row in rows_of(result)] == [
        ["table", "format", "rows", "files"],
        ["customers", "csv", "20", "1"],
        ["orders", "csv", "50", "1"],
    ]
    assert result.stderr.startswith("Exported 70 rows with seed ")
    assert Path("out/main/orders/part-0000000.csv").exists()


def test_export_without_a_run_resumes_and_refuses(shop: Command):
    arguments = ("experiment", "export", "shop", "--to", "out", "--rows", "30", "--seed", "4")
    assert shop(*arguments, "--dry-run").stdout.startswith("table\trows\tfiles\tbytes\tcpu_seconds\ncustomers\t30\t1\t")
    by_two = shop(*arguments, "--dry-run", "--workers", "2")
    assert by_two.stderr.splitlines()[-1].startswith("2 workers: about ")
    assert shop(*arguments, "--dry-run", "--workers", "2", "--zip").exit_code == 2
    assert not Path("out").exists()
    assert shop(*arguments).exit_code == 0
    refused = shop(*arguments)
    assert refused.exit_code == 1
    assert "This export is complete there: shop as parquet, seed 4, 60 rows." in refused.stderr
    assert "2 files were there." in shop(*arguments, "--resume").stderr


def test_export_writes_a_unit_test_of_a_dbt_model(shop: Command):
    source = {
        "unique_id": "source.demo.shop.orders", "resource_type": "source", "package_name": "demo", "name": "orders",
        "source_name": "shop", "schema": "main", "identifier": "orders",
    }  # fmt: skip
    model = {
        "unique_id": "model.demo.ids", "resource_type": "model", "package_name": "demo", "name": "ids",
        "raw_code": "select order_id from {{ source('shop', 'orders') }}",
        "depends_on": {"nodes": ["source.demo.shop.orders"]},
    }  # fmt: skip
    content = {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"},
        "sources": {source["unique_id"]: source},
        "nodes": {model["unique_id"]: model},
    }
    Path("manifest.json").write_text(json.dumps(content))
    arguments = ["experiment", "export", "shop", "--to", "models", "--seed", "4", "--manifest", "manifest.json"]

    dry = shop(*arguments, "--format", "dbt", "--model", "ids", "--parents", "2", "--dry-run")
    assert rows_of(dry) == [["input", "rows", "columns"], ["source('shop', 'orders')", "2", "order_id"]]
    assert not Path("models").exists()
    assert shop(*arguments, "--format", "dbt", "--model", "ids", "--parents", "2").exit_code == 0
    assert '      rows:\n        - {"order_id": ' in Path("models/ids_unit_tests.yml").read_text()
    assert "needs both --manifest and --model" in shop(*arguments, "--format", "dbt").stderr
    assert "A unit test is of --format dbt" in shop(*arguments, "--model", "ids").stderr
