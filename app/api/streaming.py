"""Files that are sent in pieces, as they are made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from anyio import CancelScope
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool


async def close_when_done(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the chunks, and end what makes them when the client disconnects."""
    try:
        async for chunk in iterate_in_threadpool(chunks):
            yield chunk
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            with CancelScope(shield=True):
                await run_in_threadpool(close)
