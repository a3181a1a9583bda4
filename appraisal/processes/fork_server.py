"""The process that readers are forked from, started ahead of the first dropped file.

It takes a third of a second to load what reading needs. Started at the very beginning it does so beside
the coordinator, on another core, and the first reader is there when the first file is.
"""

from __future__ import annotations

import multiprocessing
import sys
from typing import Any

if sys.platform == "win32":

    def load_ahead(*modules: str) -> None:
        """Windows has no fork server: there each reader loads the modules itself."""

    def start_method(module: str) -> Any:  # noqa: ARG001 - it is imported by each process
        return multiprocessing.get_context("spawn")

else:
    import signal
    from multiprocessing import resource_tracker
    from multiprocessing.forkserver import ensure_running

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

    def start_method(module: str) -> Any:
        """How a pool starts processes for functions of the module, which the server loads if it is not running yet."""
        load_ahead(module)
        return multiprocessing.get_context("forkserver")
