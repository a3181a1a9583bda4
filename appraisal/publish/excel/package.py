"""How every xlsx and docx is packed before it leaves us: the same content gives the same bytes.

Writers stamp the clock, their own name and the machine's file system into what they write; nothing of that belongs in
a paper that circulates, and it would make two equal runs look different.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import IO

_CORE = "docProps/core.xml"
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can bear."""

_LEVEL = 3
"""How hard zlib tries, 1 to 9: against its usual 6 two thirds of the time, and a month's papers 4% larger."""

_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)

Part = Callable[[], IO[bytes]]
"""Opens a part to be read from its beginning."""


def packed(parts: Mapping[str, Part], *, created: date, behind: bytes = b"") -> bytes:
    """The parts by name as one document, with fixed zip times, part order and core properties.

    Parts keep their bytes, except `docProps/core.xml`: no author, and `created` as its only day. They may
    come `behind` the parts of a document packed before, which are not packed again.
    """
    target = io.BytesIO(behind)
    with zipfile.ZipFile(target, "a" if behind else "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=_order):
            if name == _CORE:
                package.writestr(_entry(name), _CORE_XML.format(day=created.isoformat()).encode())
                continue
            with parts[name]() as part, package.open(_entry(name), "w") as copy:
                shutil.copyfileobj(part, copy)  # never whole in memory: a sheet may have 200 MB
    return target.getvalue()


def normalised(document: bytes, *, created: date) -> bytes:
    """A document that some other program wrote, packed as ours are."""
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        return packed({name: partial(source.open, name) for name in source.namelist()}, created=created)


def _order(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # There is no other way for an entry with a time of its own.
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
    entry.create_system = 0  # else the bytes tell Windows from Linux
    return entry
