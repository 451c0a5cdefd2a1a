"""The limits of one query, where they differ from those of the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import WorkbenchError
from engine.settings import Settings

LEAST_MEMORY_MB = 64


@dataclass(frozen=True)
class Limits:
    """How long a query may take and how much memory; None is what the settings say."""

    timeout_seconds: float | None = None
    memory_mb: int | None = None

    def within(self, settings: Settings) -> Settings:
        """Return the settings with these limits; raises `WorkbenchError` for one that is no limit."""
        if self.timeout_seconds is not None and not 0 < self.timeout_seconds < float("inf"):
            raise WorkbenchError(
                f"{self.timeout_seconds!r} is not a time limit.",
                where="timeout_seconds",
                hint="It is a number of seconds above 0.",
            )
        if self.memory_mb is not None and self.memory_mb < LEAST_MEMORY_MB:
            raise WorkbenchError(
                f"{self.memory_mb!r} is not a memory limit.",
                where="memory_mb",
                hint=f"It is {LEAST_MEMORY_MB} or more.",
            )
        return replace(
            settings,
            query_timeout_seconds=self.timeout_seconds or settings.query_timeout_seconds,
            query_memory_mb=self.memory_mb or settings.query_memory_mb,
        )
