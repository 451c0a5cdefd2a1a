"""The parts of the server that need no server."""

import sys

from streamlit.runtime.scriptrunner.exec_code import modified_sys_path

from app.asgi import FRAME, keep_page_folder_in_path


def test_a_run_of_a_page_leaves_the_path_of_imports_alone(monkeypatch):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path != str(FRAME.parent)])
    with modified_sys_path(str(FRAME)):
        assert sys.path[0] == str(FRAME.parent)  # otherwise it moves every place while other threads import

    keep_page_folder_in_path()
    keep_page_folder_in_path()
    kept = list(sys.path)
    assert kept.count(str(FRAME.parent)) == 1
    with modified_sys_path(str(FRAME)):
        assert sys.path == kept
    assert sys.path == kept
