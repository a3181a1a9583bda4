"""Processes on Windows: how they start, what they may use, how they end. `system.py` chooses.

There is no fork and no RLIMIT_AS. There is no Windows to try this on where it was written either:
`doctor --self-test` tells whether it holds.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

_EXTENDED_LIMIT_INFORMATION = 9
_LIMIT_PROCESS_MEMORY = 0x100


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


if sys.platform == "win32":
    import multiprocessing

    def load_ahead(*modules: str) -> None:
        """There is no fork server: each reader loads the modules itself."""

    def start_method(module: str) -> Any:  # noqa: ARG001 - it is imported by each process
        """How a pool starts processes."""
        return multiprocessing.get_context("spawn")

    def use_what_is_allowed() -> None:
        """A process has no limits that its administrator would set."""

    def limit_memory(megabytes: int) -> None:
        """Let this process use so much memory in all; beyond it allocations fail with MemoryError.

        In a job object of its own: a job that the process joins by itself needs no watcher and no further package;
        jobs nest since Windows 8. Silent where refused.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _LIMIT_PROCESS_MEMORY
        limits.ProcessMemoryLimit = megabytes << 20
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))  # stays open as long as the process
        size = ctypes.sizeof(limits)
        kernel.SetInformationJobObject(job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), size)
        kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))

    def limit_next_seconds(seconds: float) -> None:
        """There is no such limit for a process that goes on; the wall clock outside is enough."""

    def die_with_parent() -> None:
        """A process only sees that its pipes are closed."""

    def is_out_of_time(exit_code: int) -> bool:  # noqa: ARG001
        """No limit of ours ends a process."""
        return False

    def is_from_outside(exit_code: int) -> bool:  # noqa: ARG001
        """An exit code does not tell who ended the process."""
        return False

    def end_with_children(process: subprocess.Popen[bytes]) -> None:
        """End a process."""
        process.kill()
