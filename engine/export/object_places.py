"""A place in object storage.

An object is put in one request that fails if there is one of its name, so it is there whole or not at all. Its SHA-256
is computed before it is sent, and kept in its metadata: what is there is compared without reading it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from engine.errors import ConflictError, StorageError
from engine.export.object_access import StoreOptions, open_store, split_url
from engine.export.places import Content, StoredObject, describe

if TYPE_CHECKING:
    from obstore import ReadableFile
    from obstore.store import ObjectStore

_SHA256 = "sha256"
_MAX_BYTES = 5_000_000_000
_READ_BYTES = 8_000_000


class ObjectPlace:
    """A folder of a bucket: `s3://bucket/folder`, `gs://bucket/folder` or `az://container/folder`."""

    in_memory = True

    def __init__(self, url: str, options: StoreOptions | None = None, store: ObjectStore | None = None) -> None:
        self._url = "{}://{}/{}".format(*split_url(url)).rstrip("/")
        self.options = options or StoreOptions()
        self._store = store if store is not None else open_store(url, self.options)

    @property
    def url(self) -> str:
        """The URL of the folder."""
        return self._url

    @property
    def free_bytes(self) -> None:
        """None: object storage has no limit that is known."""
        return None

    def put(self, name: str, content: Content) -> StoredObject:
        """Create an object in one request, which fails if there is one of that name."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        stored = describe(name, content)
        if stored.size_bytes > _MAX_BYTES:
            raise StorageError(
                "The object is larger than one request may send, 5 GB.",
                where=f"{self.url}/{name}",
                hint="Export it in several files, or to a folder.",
            )
        with self._failures(name):
            try:
                obstore.put(
                    self._store,
                    name,
                    content,
                    attributes={_SHA256: stored.sha256},
                    mode="create",
                    use_multipart=False,
                )
            except AlreadyExistsError:
                raise ConflictError(
                    "The object exists already.", where=f"{self.url}/{name}", hint="Nothing was changed."
                ) from None
        if isinstance(content, Path):
            content.unlink()
        return stored

    def names(self) -> Iterator[str]:
        """Yield the names of all objects of the folder."""
        import obstore

        with self._failures(""):
            for objects in obstore.list(self._store):
                yield from (found["path"] for found in objects)

    def stat(self, name: str) -> StoredObject | None:
        """Return size and checksum of an object: the checksum of its metadata, or of its content without that."""
        import obstore

        with self._failures(name):
            try:
                found = obstore.get(self._store, name, options={"head": True})
                size, sha256 = found.meta["size"], found.attributes.get(_SHA256)
                if sha256 is None:
                    digest = hashlib.sha256()
                    for block in obstore.get(self._store, name).stream():
                        digest.update(block)
                    sha256 = digest.hexdigest()
            except FileNotFoundError:
                return None
        return StoredObject(name, size, sha256)

    def read(self, name: str) -> bytes:
        """Return the content of an object."""
        import obstore

        with self._failures(name):
            return bytes(obstore.get(self._store, name).bytes())

    def open(self, name: str) -> BinaryIO:
        """Open an object; ranges of it are fetched as they are read."""
        import obstore

        with self._failures(name):
            reader = obstore.open_reader(self._store, name, buffer_size=_READ_BYTES)
        return cast(BinaryIO, _ObjectFile(reader, lambda: self._failures(name)))

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Open a temporary folder of this machine."""
        folder = Path(tempfile.mkdtemp(prefix="dw-sim-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def tidy(self) -> None:
        """Do nothing: an object that was not put whole is not there."""

    @contextmanager
    def _failures(self, name: str) -> Iterator[None]:
        """Raise `StorageError` with what happened, where, and what to do."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, FileNotFoundError) as error:
            where = f"{self.url}/{name}" if name else self.url
            raise self._explain(str(error).partition("\n\nDebug source")[0], where) from error

    def _explain(self, text: str, where: str) -> StorageError:
        scheme, bucket, _ = split_url(self.url)
        what = "container" if scheme == "az" else "bucket"
        server = self.options.endpoint or "the service"
        if any(sign in text for sign in ("NoSuchBucket", "ContainerNotFound", "bucket does not exist")):
            hint = "Create it, or correct its name."
            return StorageError(f'There is no {what} "{bucket}".', where=where, hint=hint)
        if any(sign in text for sign in ("169.254.", "metadata.google", "No credentials", "MissingCredentials")):
            hint = "Sign in, or set the variables of the cloud, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            return StorageError("No credentials were found.", where=where, hint=hint)
        if any(sign in text for sign in ("403 ", "401 ", "AccessDenied", "privileges", "authenticat")):
            hint = f"Its keys or role need to list, read and create objects in {what} {bucket}."
            return StorageError("Access was refused.", where=where, hint=hint)
        if "error sending request" in text or "timed out" in text:
            hint = "Check the network, and the endpoint (--endpoint or AWS_ENDPOINT_URL); then resume."
            return StorageError(f"There is no connection to {server}.", where=where, hint=hint)
        if "404 " in text:
            return StorageError("There is no such object.", where=where, hint="Correct its name.")
        return StorageError(f"The storage answered: {text[:300]}", where=where, hint="Resume when it is well again.")


class _ObjectFile(RawIOBase):
    """An object as a file that is read in ranges."""

    def __init__(self, reader: ReadableFile, failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._reader = reader
        self._failures = failures

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        with self._failures():
            return bytes(self._reader.readall() if size < 0 else self._reader.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()
