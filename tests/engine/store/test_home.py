import pytest

from engine.errors import NotFoundError, WorkbenchError
from engine.store.home import Home
from engine.system.durable_files import temporary_name


def test_the_folders_are_made(tmp_path):
    home = Home(tmp_path / "a" / "b")
    assert home.experiments_dir.is_dir()
    assert home.temp_dir.is_dir()


def test_a_file_in_the_way_is_reported(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(WorkbenchError, match="DW_SIM_HOME"):
        Home(tmp_path / "taken")


def test_a_question_mark_is_rejected(tmp_path):
    with pytest.raises(WorkbenchError, match="question mark"):
        Home(tmp_path / "what?")


@pytest.mark.parametrize("name", ["..", "../shop", "a/b", "", "a b", "/etc", "shop\0", "select", "x" * 64])
def test_a_text_that_is_no_name_has_no_folder(home, name):
    with pytest.raises(NotFoundError):
        home.experiment_dir(name)


def test_names_that_differ_in_case_share_a_folder(home):
    assert home.lock_path("Shop") == home.lock_path("SHOP")


@pytest.mark.parametrize("key", ["orders", "sales.orders", "ORDERS_2"])
def test_a_plain_table_key_is_its_folder(home, key):
    run = home.run_dir("shop", 3)
    assert home.table_dir(run, key) == run / key


@pytest.mark.parametrize("key", ["..", ".", "a/b", "../../x", "Kitchen Note", "é", "a.b.c", "x" * 200, "con:"])
def test_any_other_table_key_gets_a_safe_folder(home, key):
    run = home.run_dir("shop", 3)
    folder = home.table_dir(run, key)
    assert folder.parent == run
    assert folder.name.replace("-", "").replace("_", "").isalnum()
    assert len(folder.name) < 100


def test_odd_table_keys_do_not_collide(home):
    run = home.run_dir("shop", 3)
    keys = ["a b", "a_b", "a-b", "a/b", "a  b", "A b", "a b "]
    assert len({home.table_dir(run, key) for key in keys}) == len(keys)


def test_warehouse_files_are_found_by_load_id(home):
    for load_id in (1, 12):
        path = home.warehouse_path("shop", load_id)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    temporary_name(path).touch()
    assert home.warehouse_files("shop") == {n: home.warehouse_path("shop", n) for n in (1, 12)}


def test_size_counts_everything_in_the_folder(home):
    part = home.table_dir(home.run_dir("shop", 1), "orders") / "part-00000.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 100)
    home.warehouse_path("shop", 1).write_bytes(b"x" * 11)
    assert home.size_bytes("shop") == 111
    assert home.size_bytes("nothing") == 0


def test_remove_experiment_leaves_nothing(home):
    part = home.table_dir(home.run_dir("shop", 1), "orders") / "part-00000.parquet"
    part.parent.mkdir(parents=True)
    part.touch()
    home.lock_path("shop").touch()
    home.remove_experiment("shop")
    assert list(home.experiments_dir.iterdir()) == []
    home.remove_experiment("shop")
