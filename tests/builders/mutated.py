"""A good workbook with some of its inflated bytes changed, zipped again: the package is sound, its content is not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping


def parts_of(data: bytes) -> dict[str, bytes] | None:
    """Every part of a zip; None where these bytes are no sound one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {one.filename: package.read(one) for one in package.infolist()}
    except Exception:  # noqa: BLE001 - zipfile has a dozen ways of saying so
        return None


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package, stored: packing them would cost more than reading them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return target.getvalue()


def with_part_changed(data: bytes, which: int, change: Callable[[bytes], bytes]) -> bytes:
    """With the `which`-th part (counted round and round) put through `change`; the bytes as they are if no zip."""
    parts = parts_of(data)
    if not parts:
        return data
    name = list(parts)[which % len(parts)]
    return zipped({**parts, name: change(parts[name])})
