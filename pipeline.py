"""The front door: `python pipeline.py [verb]`."""

import sys

if __name__ == "__main__":  # worker processes import this file, and need none of it
    import gc

    # Nearly all that is loaded stays: at its usual pace the collector takes a sixth of a start.
    gc.set_threshold(50_000, 20, 20)

    from appraisal.commands import main

    sys.exit(main())
