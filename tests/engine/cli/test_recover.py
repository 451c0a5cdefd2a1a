from engine import Workbench
from tests.engine.cli.conftest import SHOP


def test_a_lost_catalog_is_an_error_until_recovered(command, home):
    with Workbench(home) as workbench:
        workbench.create(SHOP).generate(seed=1, progress=lambda now: None)
    for path in home.glob("catalog.sqlite*"):
        path.unlink()
    refused = command("experiment", "list")
    assert refused.exit_code == 1
    assert "dw-sim recover" in refused.stderr
    assert command("recover").exit_code == 2  # no terminal, and no --yes
    assert not (home / "catalog.sqlite").exists()
    assert "shop\t1\tunchanged" in command("recover", "--yes").stdout
    assert command("experiment", "list").stdout.splitlines()[1].startswith("shop\t2\t70\t1 COMPLETED")
    assert "Nothing to recover" in command("recover").stdout


def test_list_reports_a_folder_that_is_not_deleted(command, home):
    best = home / "experiments" / "resnet50" / "best.pt"
    best.parent.mkdir(parents=True)
    best.touch()
    listed = command("experiment", "list")
    assert listed.exit_code == 0
    assert f"Note: {best.parent}: Not a workbench file" in listed.stderr
    assert best.exists()
