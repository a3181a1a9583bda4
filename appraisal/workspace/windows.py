"""Files on Windows: where it differs from Linux and macOS. `system.py` chooses; each function stands in both.

There is no Windows to try this on where it was written: `doctor --self-test` tells whether it holds.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

LONGEST_PATH: int | None = 259
"""Characters of a whole path, unless the administrator allowed longer ones; Excel opens none beyond 218."""

_DRIVE_REMOTE = 4
"""What GetDriveTypeW says of a network drive."""

if sys.platform == "win32":
    import ctypes
    import msvcrt

    def lock(handle: int) -> bool:
        """Hold the open file until it is closed or this process ends; False where somebody else holds it."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def sync_folder(folder: Path) -> None:
        """There is no such call: names are on disk with their files."""

    def open_for_reading(path: Path, inside: Path | None) -> int:  # noqa: ARG001 - folders cannot be opened
        """A descriptor; a link is refused."""
        if path.is_symlink():
            raise OSError(errno.ELOOP, "is a link")
        return os.open(path, os.O_RDONLY | os.O_BINARY)

    def remove_file(path: Path, inside: Path) -> None:
        """Delete a file that is there, or a link itself; from `inside` down no folder may be a link."""
        if any(one.is_symlink() for one in path.parents if one.is_relative_to(inside) and one != inside):
            raise OSError(errno.ELOOP, "a folder on the way is a link")
        path.unlink()

    def make_private(folder: Path) -> None:
        """Rights stand in access lists, which a folder takes from the one above it."""

    def is_open_to_all(folder: Path) -> bool:  # noqa: ARG001
        """Access lists are not read: the administrator looks at them."""
        return False

    def font_folders() -> tuple[Path, ...]:
        """Nowhere: the system brings Chinese fonts along."""
        return ()

    def is_on_network(file: Path) -> bool:
        """Whether `file` lies on a network drive."""
        root = os.path.splitdrive(file.resolve())[0] + "\\"
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE
