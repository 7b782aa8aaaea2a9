"""`python -m page.shipped [--jobs N] [NAME …]`."""

import sys

from .making import main

if __name__ == "__main__":
    sys.exit(main())
