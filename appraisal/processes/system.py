"""Processes on the system that we are on: how they start, what they may use, how they end.

On Linux and macOS readers are forked from a process that is started ahead of the first dropped file. It takes a third
of a second to load what reading needs: begun at the very start it does so beside the coordinator, on another core.

On Windows there is no fork and no RLIMIT_AS. There is no Windows to try this on where it was written either:
`doctor --self-test` tells whether it holds.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appraisal.errors import AppraisalError

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


class LimitsError(AppraisalError):
    """The system's limits for the program (`ulimit`) are too low to work with: one Chinese sentence."""


if sys.platform == "win32":

    def load_ahead(*modules: str) -> None:
        """There is no fork server: each reader loads the modules itself."""

    def usable_cores() -> int:
        """The cores that this process may use."""
        return os.cpu_count() or 1

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

else:
    import contextlib
    import resource
    from multiprocessing import resource_tracker
    from multiprocessing.forkserver import ensure_running

    _MEGABYTE = 1 << 20

    def load_ahead(*modules: str) -> None:
        """Start the fork server, which loads the modules by itself; returns at once.

        What is loaded stays: a second call, with whatever modules, changes nothing.
        """
        multiprocessing.get_context("forkserver").set_forkserver_preload(list(modules))
        # Ctrl-C is for the coordinator, which ends the others; until its imports are done the server
        # would answer it with a traceback. A blocked signal stays blocked in what is started.
        resource_tracker.ensure_running()  # or it would be started behind the mask, and lift it
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def usable_cores() -> int:
        """The cores that this process may use: fewer than there are where a container or `taskset` says so."""
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1

    def start_method(module: str) -> Any:
        """How a pool starts processes for functions of the module, which the server loads if it is not running yet."""
        load_ahead(module)
        return multiprocessing.get_context("forkserver")

    _NEEDED = (
        (resource.RLIMIT_NOFILE, 256, 1, "同时打开{}个文件", "ulimit -n"),
        (resource.RLIMIT_FSIZE, 64, _MEGABYTE, "写到{} MB 的文件", "ulimit -f"),
        (resource.RLIMIT_AS, 2048, _MEGABYTE, "使用{} MB 内存", "ulimit -v"),
    )
    """What is limited, the least to work with, its unit, in Chinese, and how the administrator sets it."""

    def use_what_is_allowed() -> None:
        """Raise this program's limits to what it needs. LimitsError where the system does not let it.

        Midway it would fail anywhere, with the words of whatever it was about then.
        """
        for kind, least, unit, meaning, command in _NEEDED:
            soft, hard = resource.getrlimit(kind)
            if not _is_less(soft, least * unit):
                continue
            if _is_less(hard, least * unit):
                raise LimitsError(
                    f"系统只允许本程序{meaning.format(hard // unit)}，至少要{least}，所以没有开始处理，什么都没有动。"
                    f"请管理员把上限（{command}）调高后再试。"
                )
            resource.setrlimit(kind, (least * unit, hard))

    def _is_less(limit: int, needed: int) -> bool:
        return limit != resource.RLIM_INFINITY and limit < needed

    def limit_memory(megabytes: int) -> None:
        """Let this process grow by so much from now on; beyond it allocations fail with MemoryError.

        macOS takes no notice of RLIMIT_AS: there the time limit alone remains.
        """
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's scores
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = _address_space() + megabytes * _MEGABYTE
        with contextlib.suppress(ValueError, OSError):  # the administrator's own limit is lower
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    def limit_next_seconds(seconds: float) -> None:
        """Let this process compute for so long from now on, then end by SIGXCPU.

        The wall clock is watched from outside; this limit still holds when nobody watches any more
        because the coordinator was killed.
        """
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

    def _address_space() -> int:
        """The size of this process now in bytes; 0 where the system does not tell."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        except OSError:
            return 0
        return pages * resource.getpagesize()

    def is_out_of_time(exit_code: int) -> bool:
        """Whether the process ended by its own limit of seconds."""
        return exit_code == -signal.SIGXCPU

    def is_from_outside(exit_code: int) -> bool:
        """Whether the kernel or a person ended the process."""
        return exit_code in {-signal.SIGKILL, -signal.SIGTERM}

    def end_with_children(process: subprocess.Popen[bytes]) -> None:
        """End a process that was started in a session of its own, and what it has started."""
        os.killpg(process.pid, signal.SIGKILL)

    def die_with_parent() -> None:
        """End this process when the one that forked it ends: nobody would look after it any more.

        It would go on taking tasks whose results are waited for from others. On macOS a process only sees that its
        pipes are closed.
        """
        if sys.platform != "linux":
            return
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent or parent == 1:  # it had ended before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    _PR_SET_PDEATHSIG = 1
