"""Whether a file lies on a network drive, where SQLite's locks cannot be relied on.

SQLite's own words: "WAL does not work over a network filesystem" (sqlite.org/wal.html).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "9p", "ncpfs", "glusterfs", "lustre", "beegfs"}
)
_FUSE_TYPES = frozenset({"fuse.sshfs", "fuse.glusterfs", "fuse.cephfs", "fuse.rclone", "fuse.davfs"})

_DRIVE_REMOTE = 4
"""What GetDriveTypeW says of a network drive."""


def is_on_network(file: Path) -> bool:
    """Whether `file` lies on a network drive, as far as this system can tell."""
    resolved = file.resolve()
    if sys.platform == "win32":
        return _is_remote_drive(resolved)
    try:
        mounts = Path("/proc/mounts").read_text("utf-8", "surrogateescape")
    except OSError:  # no Linux
        return False
    return file_system_of(PurePosixPath(resolved), mounts) in _NETWORK_TYPES | _FUSE_TYPES


def file_system_of(file: PurePosixPath, mounts: str) -> str | None:
    """The type of the file system that holds `file`, by the text of /proc/mounts."""
    found: tuple[int, str] | None = None
    for line in mounts.splitlines():
        _, folder, kind, *_ = line.split(" ")
        mount = PurePosixPath(_plain(folder))
        # Of two mounts on one folder, the later one covers the earlier.
        if file.is_relative_to(mount) and (found is None or len(mount.parts) >= found[0]):
            found = len(mount.parts), kind
    return found[1] if found else None


def _plain(folder: str) -> str:
    """/proc/mounts writes blanks and backslashes in octal."""
    for octal, mark in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        folder = folder.replace(octal, mark)
    return folder


if sys.platform == "win32":
    import ctypes

    def _is_remote_drive(file: Path) -> bool:
        root = os.path.splitdrive(file)[0] + "\\"
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE
