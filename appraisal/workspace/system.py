"""The functions for files of the system that we are on; no other module of the workspace asks which it is."""

import sys

if sys.platform == "win32":
    from appraisal.workspace.windows import (
        LONGEST_PATH,
        font_folders,
        is_on_network,
        is_open_to_all,
        lock,
        make_private,
        open_for_reading,
        remove_file,
        sync_folder,
    )
else:
    from appraisal.workspace.posix import (
        LONGEST_PATH,
        font_folders,
        is_on_network,
        is_open_to_all,
        lock,
        make_private,
        open_for_reading,
        remove_file,
        sync_folder,
    )

__all__ = [
    "LONGEST_PATH",
    "font_folders",
    "is_on_network",
    "is_open_to_all",
    "lock",
    "make_private",
    "open_for_reading",
    "remove_file",
    "sync_folder",
]
