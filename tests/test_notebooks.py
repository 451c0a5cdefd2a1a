"""Every notebook runs from top to bottom, from its own folder, and is kept without outputs."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert [notebook.name for notebook in NOTEBOOKS][:1] == ["01_first_experiment.ipynb"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_twice(notebook: Path, tmp_path: Path):
    shutil.copytree(PROJECT / "schemas", tmp_path / "schemas")
    shutil.copytree(PROJECT / "notebooks", tmp_path / "notebooks")

    executed = nbformat.read(notebook, as_version=4)
    resources = {"metadata": {"path": str(tmp_path / "notebooks")}}
    client = NotebookClient(executed, timeout=120, kernel_name="python3", resources=resources)
    with client.setup_kernel():
        for _ in range(2):
            for index, cell in enumerate(executed.cells):
                client.execute_cell(cell, index)
            assert complaints(executed) == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(notebook: Path):
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]

    assert cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def complaints(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells wrote to stderr, and the warnings among what they show."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return [
        text for output, text in zip(outputs, texts, strict=True) if output.get("name") == "stderr" or "Warning" in text
    ]
