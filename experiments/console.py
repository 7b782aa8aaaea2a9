"""Where the command line prints its tables; apart from them, so that lists need nothing heavy."""

from __future__ import annotations

import os
import sys

import click
from rich.console import Console

from languages.text import ENGLISH, say

PLAIN_WIDTH = 100  # a pipe has no width of its own
NARROWEST = 78


def said(text: object) -> str:
    """A sentence in the language of the command that runs; English in a script."""
    command = click.get_current_context(silent=True)
    return say(text, command.params.get("lang") or ENGLISH if command else ENGLISH)


def console() -> Console:
    """Stdout: as wide as the terminal, or 100 columns into a pipe; never so narrow that figures would be cut off."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    out = Console(width=None if known else PLAIN_WIDTH, highlight=False, markup=False)
    out.width = max(out.width, NARROWEST)
    return out
