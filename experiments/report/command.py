"""`chuishao report`."""

from __future__ import annotations

from pathlib import Path

import click

from languages.text import _, say

from ..installed import need


def report(*, folder: Path, out: Path | None, lang: str) -> int:
    """Write the report and say where it is."""
    need("report", _("the report"), "altair", "jinja2", "vl_convert")
    from .build import report as write

    click.echo(say(_("Written to {folder}", folder=write(folder, lang, out)), lang))
    return 0
