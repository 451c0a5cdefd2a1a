"""The editor's bundle: built from the pinned packages, with their licences."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[4] / "app" / "components" / "shared" / "sql_editor"
LICENCES = (FOLDER / "bundle" / "LICENCES.txt").read_text("utf-8")
SCRIPT = (FOLDER / "bundle" / "sql_editor.js").read_text("utf-8")


def test_every_package_of_the_bundle_is_pinned_and_has_its_licence():
    packages = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
    runtime = {
        f"{path.removeprefix('node_modules/')} {entry['version']} ({entry['license']})"
        for path, entry in packages.items()
        if path and not entry.get("dev")
    }

    assert set(re.findall(r"^\S+ [\d.]+ \(.+\)$", LICENCES, re.MULTILINE)) == runtime
    assert LICENCES.count("Permission is hereby granted, free of charge") == len(runtime)


def test_the_dependencies_are_exact_versions():
    package = json.loads((FOLDER / "package.json").read_text("utf-8"))

    for version in (*package["dependencies"].values(), *package["devDependencies"].values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_the_bundle_loads_nothing_from_elsewhere():
    assert not re.search(r"""(?:import|from)\s*\(?["']https?:""", SCRIPT)
    assert "fetch(" not in SCRIPT


def test_the_bundle_reports_under_the_names_the_page_listens_to():
    for name in ("draft", "run"):
        assert re.search(rf'set(?:State|Trigger)Value\("{name}"', SCRIPT)


def test_each_component_of_the_bundle_has_its_style_sheet():
    assert {path.name for path in (FOLDER / "bundle").iterdir()} == {
        "LICENCES.txt",
        "script_view.css",
        "sql_editor.css",
        "sql_editor.js",
    }
