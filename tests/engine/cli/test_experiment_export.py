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
