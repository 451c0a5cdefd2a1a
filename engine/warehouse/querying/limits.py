"""The time and memory limits of one query, where they differ from the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import WorkbenchError
from engine.settings import Settings

MIN_MEMORY_MB = 64


@dataclass(frozen=True)
class Limits:
    """The time and memory limit of a query; None takes the value of the settings."""

    timeout_seconds: float | None = None
    memory_mb: int | None = None

    def within(self, settings: Settings) -> Settings:
        """Return the settings with these limits; raises `WorkbenchError` for an invalid one."""
        if self.timeout_seconds is not None and not 0 < self.timeout_seconds < float("inf"):
            raise WorkbenchError(
                f"{self.timeout_seconds!r} is not a valid time limit.",
                where="timeout_seconds",
                hint="Give a number of seconds above 0.",
            )
        if self.memory_mb is not None and self.memory_mb < MIN_MEMORY_MB:
            raise WorkbenchError(
                f"{self.memory_mb!r} is not a valid memory limit.",
                where="memory_mb",
                hint=f"Give {MIN_MEMORY_MB} MB or more.",
            )
        return replace(
            settings,
            query_timeout_seconds=self.timeout_seconds or settings.query_timeout_seconds,
            query_memory_mb=self.memory_mb or settings.query_memory_mb,
        )
