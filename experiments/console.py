"""Where the command line prints its tables; apart from them, so that lists need nothing heavy."""

from __future__ import annotations

import os
import sys

from rich.console import Console

PLAIN_WIDTH = 100  # a pipe has no width of its own
NARROWEST = 78


def console() -> Console:
    """Stdout: as wide as the terminal, or 100 columns into a pipe; never so narrow that figures would be cut off."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    out = Console(width=None if known else PLAIN_WIDTH, highlight=False, markup=False)
    out.width = max(out.width, NARROWEST)
    return out
