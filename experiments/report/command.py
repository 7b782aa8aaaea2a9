"""`chuishao report`."""

from __future__ import annotations

from pathlib import Path

import click

from ..words import Words
from .build import report as write


def report(*, folder: Path, out: Path | None, lang: str) -> int:
    """Write the report and say where it is."""
    click.echo(Words(lang)("written", folder=write(folder, lang, out)))
    return 0
