"""Answers made beforehand: `python -m page.shipped [--jobs N] [NAME …]`, one file a preset beside this one."""

from __future__ import annotations

from typing import Any

from ..definition import Definition


def shipped_of(definition: Definition) -> Any | None:
    """What was made beforehand for a definition; None if it is no preset as it stands, or was made by other code."""
    return None


def shipped_year(definition: Definition) -> dict[str, Any] | None:
    """The packet of a preset's year, as `Year.packet` gives it; None if there is none."""
    return None
