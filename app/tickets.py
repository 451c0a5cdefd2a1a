"""Download tickets: a page creates an address for a query's full result, and the REST API streams it.

The address has a secret instead of the query: it stays short, and no other site can guess it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Literal

from engine import QueryResult, Workbench

MAX_TICKETS = 40


@dataclass(frozen=True, eq=False)
class Ticket:
    """A query whose result may be downloaded.

    A complete `result` is the file itself: running the query again could return other rows.
    """

    experiment: str
    sql: str
    dialect: str
    result: QueryResult | None = None

    def pieces(
        self, bench: Workbench, kind: Literal["csv", "parquet"], *, spreadsheet_safe: bool = False
    ) -> Iterator[bytes]:
        """Return the file in pieces; an invalid query raises here. A CSV may be `spreadsheet_safe`."""
        if self.result is not None and self.result.is_whole:
            return iter([_write_file(self.result, kind, spreadsheet_safe=spreadsheet_safe)])
        if kind == "parquet":
            return bench.stream_parquet(self.sql, dialect=self.dialect, experiment=self.experiment)
        return bench.stream_csv(
            self.sql, dialect=self.dialect, experiment=self.experiment, spreadsheet_safe=spreadsheet_safe
        )


@dataclass
class Tickets:
    """The valid tickets, at most `MAX_TICKETS`; the oldest expire first."""

    is_served: bool = False
    """Whether this process has the REST API, which redeems the tickets."""
    _by_secret: OrderedDict[str, Ticket] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def issue(self, ticket: Ticket) -> str:
        """Store a ticket and return its secret."""
        with self._lock:
            secret = secrets.token_urlsafe(18)
            self._by_secret[secret] = ticket
            if len(self._by_secret) > MAX_TICKETS:
                self._by_secret.popitem(last=False)
            return secret

    def redeem(self, secret: str) -> Ticket | None:
        """Return the ticket of a secret, any number of times; None when it is unknown or expired."""
        with self._lock:
            return self._by_secret.get(secret)


def _write_file(result: QueryResult, kind: Literal["csv", "parquet"], *, spreadsheet_safe: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{kind}"
        if kind == "csv":
            result.to_csv(path, spreadsheet_safe=spreadsheet_safe)
        else:
            result.to_parquet(path)
        return path.read_bytes()


tickets = Tickets()
"""The tickets of this process, shared by the pages and the REST API."""
