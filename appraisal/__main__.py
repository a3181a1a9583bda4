"""The program: `python -m appraisal`, the command `appraisal`, and `python pipeline.py` all start here."""

import gc
import sys


def main() -> int:
    """Run the command line and give its exit code. Worker processes import this file, and need none of it."""
    # Nearly all that is loaded stays to the end. Looked through for garbage at the usual pace, and once
    # more on the way out, it would take a third of a short run.
    gc.set_threshold(50_000, 20, 20)

    from appraisal.cli.app import main as command_line  # noqa: PLC0415 - see above

    code = command_line()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
