"""The texts of a workload: a file, a folder of .sql files, or texts by file name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NotFoundError, WorkbenchError
from engine.workload.dbt_projects import has_only_macros

_MAX_FILE_BYTES = 16 * 1024 * 1024
_MAX_FILES = 20_000
_SKIPPED_FOLDERS = frozenset({"target", "dbt_packages", "macros", "logs"})
"""Folders of a dbt project that hold no queries of its own; the compiled copies in `target` would be read twice."""

WorkloadSource = str | Path | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's name, as paths in the folder are written, and its text."""

    name: str
    text: str

    @property
    def stem(self) -> str:
        """The name without folders and suffix, which is a dbt model's name."""
        return self.name.rpartition("/")[2].partition(".")[0]


def read_sources(source: WorkloadSource) -> tuple[SourceFile, ...]:
    """Return the files of a workload by name; raises `NotFoundError` and `WorkbenchError`."""
    if isinstance(source, Mapping):
        texts = {str(name): text for name, text in source.items() if not has_only_macros(text)}
        return tuple(SourceFile(name, text) for name, text in texts.items() if not name.endswith(".yml"))
    path = Path(source)
    if path.is_file():
        return (SourceFile(path.name, _read_text(path)),)
    if not path.is_dir():
        raise NotFoundError(f"There is no file or folder {path}.", hint="Give a .sql file or a folder with .sql files.")
    files = sorted(_find_files(path))
    if not files:
        raise NotFoundError(f"The folder {path} has no .sql file.", hint="Give the folder that holds the queries.")
    if len(files) > _MAX_FILES:
        raise WorkbenchError(f"The folder {path} has over {_MAX_FILES:,} .sql files.", hint="Give one of its folders.")
    return tuple(SourceFile(name, _read_text(path / name)) for name in files)


def _find_files(folder: Path) -> Iterator[str]:
    is_project = (folder / "dbt_project.yml").is_file()
    for path in folder.rglob("*"):
        inner = path.relative_to(folder)
        if path.suffix.lower() != ".sql" or not path.is_file() or any(part.startswith(".") for part in inner.parts):
            continue
        if is_project and _SKIPPED_FOLDERS.intersection(inner.parts[:-1]):
            continue
        yield inner.as_posix()


def _read_text(path: Path) -> str:
    if path.stat().st_size > _MAX_FILE_BYTES:
        raise WorkbenchError(f"{path} has over {_MAX_FILE_BYTES // 1024**2} MB.", hint="Split it into several files.")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorkbenchError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from error
