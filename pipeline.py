"""The front door: `python pipeline.py [verb]`."""

import sys

if __name__ == "__main__":  # worker processes import this file, and need none of it
    import gc

    # Nearly all that is loaded stays to the end. Looked through for garbage at the usual pace, and once
    # more on the way out, it would take a third of a short run.
    gc.set_threshold(50_000, 20, 20)

    from appraisal.cli.app import main

    code = main()
    gc.freeze()
    sys.exit(code)
