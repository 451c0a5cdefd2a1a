"""Tables whose rules were checked without a problem, so that checking a changed schema again costs what changed.

A table is known by a digest of what its rules can read: its own JSON, that of the tables it names and of those they
name, their row counts, and the schema's other keys. A table names another where the name is anywhere in its JSON: that
is more than its rules read, never less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b

from engine.schema.models import ExperimentSchema

_WORDS = re.compile(r"\w+")
_MOST_KNOWN = 10_000


class SoundTables:
    """Digests of sound tables; a schema's digests are computed together."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}

    def digests(self, schema: ExperimentSchema, counts: Mapping[str, int]) -> dict[str, str]:
        """Return the digest of each table by its key."""
        texts = {table.key: table.model_dump_json(exclude_unset=True) for table in schema.tables}
        words = {key: set(_WORDS.findall(text.casefold())) for key, text in texts.items()}
        parts = {table.key: set(_WORDS.findall(table.name.casefold())) for table in schema.tables}
        named = {key: [other for other in texts if parts[other] <= words[key]] for key in texts}
        whole = repr((schema.name, schema.locale, schema.dialect, schema.has_batches))
        own = {key: blake2b(f"{text}\0{counts[key]}".encode()).hexdigest() for key, text in texts.items()}
        found = {}
        for key in texts:
            read, waiting = {key}, [key]
            while waiting:
                new = [each for each in named[waiting.pop()] if each not in read]
                read.update(new)
                waiting += new
            listed = "\0".join([whole, key, *(own[each] for each in sorted(read))])
            found[key] = blake2b(listed.encode()).hexdigest()
        return found

    def __contains__(self, digest: str) -> bool:
        return digest in self._known

    def add(self, digest: str) -> None:
        """Add a table that has no problem."""
        self._known[digest] = None
        while len(self._known) > _MOST_KNOWN:
            self._known.pop(next(iter(self._known)))
