"""Where an Iceberg table's own files are written while it is made: to a folder of scratch files, under final names.

PyIceberg makes this by its property `py-io-impl`, and the module is imported by it alone: it needs the extra `iceberg`.
"""

from __future__ import annotations

from pathlib import Path

from pyarrow.fs import LocalFileSystem
from pyiceberg.io.pyarrow import PyArrowFile, PyArrowFileIO

LOCATION, SCRATCH = "dw-sim.location", "dw-sim.scratch"


class ScratchIO(PyArrowFileIO):
    """Files of a folder: those of the table's metadata are below its property SCRATCH, the others where they are."""

    def new_input(self, location: str) -> PyArrowFile:
        """Return a file to read; `location` is its final one."""
        return self._scratch_file(location) if self._is_metadata(location) else super().new_input(location)

    def new_output(self, location: str) -> PyArrowFile:
        """Return a file to write, which keeps its final location as its name."""
        return self._scratch_file(location)

    def _is_metadata(self, location: str) -> bool:
        return location.startswith(f"{self.properties[LOCATION]}/metadata/")

    def _scratch_file(self, location: str) -> PyArrowFile:
        path = Path(self.properties[SCRATCH]) / location.rpartition("/")[2]
        return PyArrowFile(location=location, path=path.as_posix(), fs=LocalFileSystem())
