"""The parts of a run: the rows, size and checksum of each Parquet file.

The checksum is CRC-32, which detects every flipped bit and any burst of 32, at about 0.8 GB/s; it does not protect
against deliberate changes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file of a table: its number, its rows (`first_row` counts from 0), its size and its checksum."""

    number: int
    first_row: int
    rows: int
    size_bytes: int
    checksum: int

    @classmethod
    def of(cls, path: Path, number: int, first_row: int, rows: int) -> Part:
        """Return the part that was just written to `path`."""
        return cls(number, first_row, rows, path.stat().st_size, checksum(path))

    def fault(self, path: Path) -> str:
        """Return what is wrong with the file at `path`, or an empty string when it is this part, byte for byte."""
        try:
            size_bytes = path.stat().st_size
            if size_bytes != self.size_bytes:
                return f"it has {size_bytes:,} bytes, {self.size_bytes:,} were written"
            return "" if checksum(path) == self.checksum else "its bytes are not those that were written"
        except FileNotFoundError:
            return "it is missing"
        except OSError as error:
            return f"it cannot be read: {error.strerror}"


def part_name(number: int) -> str:
    """Return the name of a part's file; the names sort like the numbers up to 99,999."""
    return f"part-{number:05d}.parquet"


def part_files(folder: Path) -> dict[int, Path]:
    """Return the part files in a folder by number, in order."""
    found = {path.stem.removeprefix("part-"): path for path in folder.glob("part-*.parquet")}
    return {int(number): found[number] for number in sorted(filter(str.isdecimal, found), key=int)}


def select_fitting(parts: Iterable[Part], rows: int, chunk_rows: int) -> dict[int, Part]:
    """Return the parts that have exactly the rows of their chunk, when `rows` rows are split by `chunk_rows`."""
    return {
        part.number: part
        for part in parts
        if part.first_row == part.number * chunk_rows
        and part.rows == min(chunk_rows, rows - part.first_row)
        and (part.rows > 0 or part.number == 0)
    }


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            value = zlib.crc32(block, value)
    return value
