"""What a worker process may use; set by the process itself before it touches a dropped file."""

from __future__ import annotations

import os
import signal
import sys

_MEGABYTE = 1 << 20

if sys.platform == "win32":
    from appraisal.processes.windows_job import limit_committed_memory

    def limit_memory(megabytes: int) -> None:
        """Let this process use so much memory in all; beyond it allocations fail with MemoryError."""
        limit_committed_memory(megabytes * _MEGABYTE)

    def limit_next_seconds(seconds: float) -> None:
        """Windows has no such limit for a process that goes on; the wall clock outside is enough."""

else:
    import contextlib
    import resource
    from pathlib import Path

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


if sys.platform == "linux":
    import ctypes

    _PR_SET_PDEATHSIG = 1

    def die_with_parent() -> None:
        """End this process when the one that forked it ends: nobody would look after it any more.

        It would go on taking tasks whose results are waited for from others.
        """
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent or parent == 1:  # it had ended before we asked
            os.kill(os.getpid(), signal.SIGKILL)

else:

    def die_with_parent() -> None:
        """Elsewhere a process only sees that its pipes are closed."""
