"""The home folder and the limits, read once from DW_SIM_* environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from engine.errors import WorkbenchError


@dataclass(frozen=True)
class Settings:
    """The home folder and the limits of the workbench.

    | field | variable | default |
    |---|---|---|
    | `home` | `DW_SIM_HOME` | the user's data folder |
    | `chunk_rows` | `DW_SIM_CHUNK_ROWS` | 250,000 rows in a Parquet file |
    | `query_timeout_seconds` | `DW_SIM_QUERY_TIMEOUT_SECONDS` | 300 |
    | `query_memory_mb` | `DW_SIM_QUERY_MEMORY_MB` | 2,048 |
    | `threads` | `DW_SIM_THREADS` | DuckDB's threads; 0 is one per processor |
    | `query_workers` | `DW_SIM_QUERY_WORKERS` | processes that run queries; 0 is this process. The server uses 4 |
    | `export_places` | `DW_SIM_EXPORT_PLACES` | folders and URLs, by commas, where the API exports and attaches; none |
    """

    home: Path
    chunk_rows: int = 250_000
    query_timeout_seconds: float = 300.0
    query_memory_mb: int = 2048
    threads: int = 0
    query_workers: int | None = None
    export_places: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; raises `WorkbenchError` for a variable that is not a number or is out of range."""
        home = environment.get("DW_SIM_HOME")
        return cls(
            home=Path(home).expanduser() if home else platformdirs.user_data_path("dw-sim", appauthor=False),
            chunk_rows=int(_read_number(environment, "DW_SIM_CHUNK_ROWS", cls.chunk_rows, 1)),
            query_timeout_seconds=_read_number(
                environment, "DW_SIM_QUERY_TIMEOUT_SECONDS", cls.query_timeout_seconds, 0.001
            ),
            query_memory_mb=int(_read_number(environment, "DW_SIM_QUERY_MEMORY_MB", cls.query_memory_mb, 64)),
            threads=int(_read_number(environment, "DW_SIM_THREADS", cls.threads, 0)),
            query_workers=_read_workers(environment),
            export_places=tuple(filter(None, map(str.strip, environment.get("DW_SIM_EXPORT_PLACES", "").split(",")))),
        )

    def at(self, home: str | Path) -> Settings:
        """Return the same settings with another home folder."""
        return replace(self, home=Path(home).expanduser())


def _read_workers(environment: Mapping[str, str]) -> int | None:
    is_given = bool(environment.get("DW_SIM_QUERY_WORKERS", "").strip())
    return int(_read_number(environment, "DW_SIM_QUERY_WORKERS", 0, 0)) if is_given else None


def _read_number(environment: Mapping[str, str], name: str, default: float, min_value: float) -> float:
    text = environment.get(name)
    if text is None or not text.strip():
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not min_value <= value < float("inf"):
        raise WorkbenchError(
            f"{text!r} is not a number of at least {min_value:g}.",
            where=name,
            hint="Fix or unset this environment variable.",
        )
    return value
