"""The background import of the libraries that later pages need."""

import subprocess
import sys

from app.preloading import LIBRARIES, warm_up

FRESH = """
import sys
from app.preloading import LIBRARIES, warm_up
assert not set(LIBRARIES) & set(sys.modules), "they are loaded too early"
warm_up().join()
print(sorted(set(LIBRARIES) - set(sys.modules)))
"""


def test_the_libraries_are_loaded_in_the_background():
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_libraries_are_loaded_once():
    assert warm_up() is warm_up()
    warm_up().join()
    assert set(LIBRARIES) <= set(sys.modules)
