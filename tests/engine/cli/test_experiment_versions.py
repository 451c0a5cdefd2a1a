"""Update, versions, diff, revert, rename, copy and describe, as a pipe sees them."""

import copy
import json
from pathlib import Path

from tests.engine.cli.conftest import SHOP, Command, rows_of


def save(**column) -> str:
    data = copy.deepcopy(SHOP)
    data["tables"][1]["columns"].append({"name": "fee", "data_type": "INT"} | column)
    Path("changed.json").write_text(json.dumps(data))
    return "changed.json"


def test_an_update_tells_its_changes_and_its_version(filled: Command):
    result = filled("experiment", "update", "shop", save(), "--note", "Fees.")

    assert (result.exit_code, result.stdout) == (
        0,
        "+ orders.fee: added (INT)\nSaved version 2 of shop: orders.fee: added (INT).\n",
    )
    header, second, first = rows_of(filled("experiment", "versions", "shop"))
    assert header == ["version", "current", "saved", "runs", "changes", "note"]
    assert (second[0], second[1], *second[3:]) == ("2", "yes", "0", "orders.fee: added (INT)", "Fees.")
    assert (first[0], first[1], *first[3:]) == ("1", "no", "1", "-", "-")
    assert "1 (made by version 1)" in filled("experiment", "show", "shop").stdout
    header, run = rows_of(filled("experiment", "runs", "shop"))
    assert run[header.index("version")] == "1"
    again = filled("experiment", "update", "shop", "changed.json")
    assert again.stdout == "Nothing was saved: the schema equals version 2 of shop.\n"


def test_an_update_based_on_an_older_version_is_refused(shop: Command):
    shop("experiment", "update", "shop", save())

    result = shop("experiment", "update", "shop", save(name="tax"), "--based-on", "1")

    assert (result.exit_code, result.stdout) == (1, "")
    assert 'Version 2 of "shop" came first' in result.stderr
    assert shop("experiment", "update", "shop", "changed.json", "--based-on", "2").exit_code == 0


def test_a_bad_file_is_refused(shop: Command):
    assert shop("experiment", "update", "shop", save(data_type="INTT")).exit_code == 1
    assert len(rows_of(shop("experiment", "versions", "shop"))) == 2


def test_versions_are_compared_and_reverted(shop: Command):
    shop("experiment", "update", "shop", save())

    assert shop("experiment", "diff", "shop", "2", "1").stdout == "- orders.fee: removed (INT)\n"
    assert shop("experiment", "diff", "shop", "1").stdout == "+ orders.fee: added (INT)\n"
    assert shop("experiment", "diff", "shop", "2", "2").stdout == "Version 2 → 2 of shop: no difference\n"
    assert "Saved version 3 of shop" in shop("experiment", "revert", "shop", "1").stdout
    assert shop("experiment", "diff", "shop", "1", "9").exit_code == 1


def test_rename_copy_and_describe(filled: Command):
    assert filled("experiment", "rename", "shop", "store").stdout == "Renamed shop to store.\n"
    assert filled("query", "execute", "select count(*) as n from store__orders").stdout == "n\n50\n"
    assert filled("experiment", "rename", "shop", "x").exit_code == 1
    copied = filled("experiment", "copy", "store", "other")
    assert copied.stdout == "Created other with the schema of store, without data.\n"
    assert filled("experiment", "copy", "store", "other").exit_code == 1
    assert filled("experiment", "describe", "store", "All sales.").exit_code == 0
    assert "All sales." in filled("experiment", "show", "store").stdout
