"""Documents where Faker falls short: XML without an extra package, archives without the current time."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZipFile, ZipInfo


def xml_document(generator: Any, **arguments: Any) -> str:
    """Return a document with a word as its root and the entries of a `pydict` (called with the arguments)."""
    entries: Mapping[str, Any] = generator.pydict(**arguments)
    root = Element(generator.word())
    for name, value in entries.items():
        SubElement(root, name).text = str(value)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def still_archive(data: bytes) -> bytes:
    """Return a copy of a ZIP archive with all files dated 1980."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(target, "w") as archive:
        for entry in source.infolist():
            archive.writestr(ZipInfo(entry.filename), source.read(entry), entry.compress_type)
    return target.getvalue()
