"""Files on the system that we are on: what differs between Windows and Linux or macOS.

There is no Windows to try this on where it was written: `doctor --self-test` tells whether it holds.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path, PurePosixPath

if sys.platform == "win32":
    import ctypes
    import msvcrt

    LONGEST_PATH: int | None = 259
    """Characters of a whole path, unless the administrator allowed longer ones; Excel opens none beyond 218."""

    _DRIVE_REMOTE = 4
    """What GetDriveTypeW says of a network drive."""

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
        if any(
            parent.is_symlink()
            for parent in path.parents
            if parent.is_relative_to(inside) and parent != inside
        ):
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

else:
    import fcntl

    LONGEST_PATH: int | None = None
    """Characters of a whole path, of which there is no such limit here."""

    _FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    _TO_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    """A link is not followed, and a pipe without a writer does not block."""

    def lock(handle: int) -> bool:
        """Hold the open file until it is closed or this process ends; False where somebody else holds it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def sync_folder(folder: Path) -> None:
        """Return when the names in the folder are safely on disk."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def open_for_reading(path: Path, inside: Path | None) -> int:
        """A descriptor; no link is followed, with `inside` none of the folders from there down either."""
        if inside is None:
            return os.open(path, _TO_READ)
        folder = _opened_folder(path, inside)
        try:
            return os.open(path.name, _TO_READ, dir_fd=folder)
        finally:
            os.close(folder)

    def remove_file(path: Path, inside: Path) -> None:
        """Delete a file that is there, or a link itself; from `inside` down no folder may be a link."""
        folder = _opened_folder(path, inside)
        try:
            os.unlink(path.name, dir_fd=folder)
        finally:
            os.close(folder)

    def _opened_folder(path: Path, inside: Path) -> int:
        """A descriptor of the folder of `path`, each on the way opened from the one above it."""
        folder = os.open(inside, _FOLDER)
        for name in path.relative_to(inside).parts[:-1]:
            try:
                below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            finally:
                os.close(folder)
            folder = below
        return folder

    def make_private(folder: Path) -> None:
        """Nobody but this user may look into the folder."""
        folder.chmod(0o700)

    def is_open_to_all(folder: Path) -> bool:
        """Whether everybody on this machine may write into the folder."""
        return bool(folder.stat().st_mode & stat.S_IWOTH)

    def font_folders() -> tuple[Path, ...]:
        """Where to look for a Chinese font; nowhere where the system brings some along."""
        if sys.platform == "darwin":
            return ()
        return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"

    def is_on_network(file: Path) -> bool:
        """Whether `file` lies on a network drive, as far as this system can tell."""
        try:
            mounts = Path("/proc/mounts").read_text("utf-8", "surrogateescape")
        except OSError:  # no Linux
            return False
        return file_system_of(PurePosixPath(file.resolve()), mounts) in _NETWORK_TYPES | _FUSE_TYPES


_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "9p", "ncpfs", "glusterfs", "lustre", "beegfs"}
)
_FUSE_TYPES = frozenset({"fuse.sshfs", "fuse.glusterfs", "fuse.cephfs", "fuse.rclone", "fuse.davfs"})


def file_system_of(file: PurePosixPath, mounts: str) -> str | None:
    """The type of the file system that holds `file`, by the text of /proc/mounts."""
    found: tuple[int, str] | None = None
    for line in mounts.splitlines():
        _, folder, kind, *_ = line.split(" ")
        mount = PurePosixPath(_unescaped(folder))
        # Of two mounts on one folder, the later one covers the earlier.
        if file.is_relative_to(mount) and (found is None or len(mount.parts) >= found[0]):
            found = len(mount.parts), kind
    return found[1] if found else None


def _unescaped(folder: str) -> str:
    """/proc/mounts writes blanks and backslashes in octal."""
    for octal, mark in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        folder = folder.replace(octal, mark)
    return folder
