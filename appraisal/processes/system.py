"""The functions for processes of the system that we are on; no other module here asks which it is."""

import sys

if sys.platform == "win32":
    from appraisal.processes.windows import (
        die_with_parent,
        end_with_children,
        is_from_outside,
        is_out_of_time,
        limit_memory,
        limit_next_seconds,
        load_ahead,
        start_method,
        use_what_is_allowed,
    )
else:
    from appraisal.processes.posix import (
        die_with_parent,
        end_with_children,
        is_from_outside,
        is_out_of_time,
        limit_memory,
        limit_next_seconds,
        load_ahead,
        start_method,
        use_what_is_allowed,
    )

__all__ = [
    "die_with_parent",
    "end_with_children",
    "is_from_outside",
    "is_out_of_time",
    "limit_memory",
    "limit_next_seconds",
    "load_ahead",
    "start_method",
    "use_what_is_allowed",
]
