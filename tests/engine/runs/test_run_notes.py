import engine


def test_a_run_says_which_columns_come_from_a_pool(tmp_path):
    columns = [
        {"name": "shade", "data_type": "VARCHAR", "faker_rule": "color_hsl"},
        {"name": "city", "data_type": "VARCHAR", "faker_rule": "city"},
    ]
    with engine.Workbench(tmp_path) as workbench:
        lab = workbench.create({"name": "lab", "tables": [{"name": "t", "target_rows": 3, "columns": columns}]})
        run = lab.generate(load=False, progress=lambda _: None)
    assert run.notes == ('t.shade: drawn from a pool of 1,000 values of Faker\'s "color_hsl".',)


def test_a_run_says_which_unique_columns_do_not_follow_their_rule(tmp_path):
    columns = [
        {"name": "id", "data_type": "INT", "faker_rule": "random_int", "is_unique": True},
        {"name": "email", "data_type": "VARCHAR(60)", "faker_rule": "email", "is_unique": True},
    ]
    with engine.Workbench(tmp_path) as workbench:
        lab = workbench.create({"name": "lab", "tables": [{"name": "t", "target_rows": 3, "columns": columns}]})
        run = lab.generate(load=False, progress=lambda _: None)
    assert run.notes == ('t.id: unique INT values follow the column\'s bounds, not "random_int".',)


def test_a_run_says_which_weights_a_key_does_not_follow(tmp_path):
    columns = [
        {"name": "a", "data_type": "INT"},
        {"name": "b", "data_type": "CHAR(1)", "values": ["x", "y"], "weights": [9, 1]},
    ]
    table = {"name": "t", "target_rows": 3, "columns": columns, "composite_keys": [["a", "b"]]}
    with engine.Workbench(tmp_path) as workbench:
        lab = workbench.create({"name": "lab", "tables": [table]})
        run = lab.generate(load=False, progress=lambda _: None)
    assert run.notes == ("t.b: a composite key sets how often each value occurs, so its weights are ignored.",)
