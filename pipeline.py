"""The front door of a checkout: `python pipeline.py [verb]`."""

import sys

from appraisal.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
