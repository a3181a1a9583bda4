"""The front door: `python pipeline.py [verb]`."""

import sys

from appraisal.commands import main

if __name__ == "__main__":
    sys.exit(main())
