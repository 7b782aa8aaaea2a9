"""Why one side differs from the other: what can be said from ledger, counts and measures."""

from __future__ import annotations

from typing import Any

Link = dict[str, Any]


def why_of(session: Any, models: list, measure: str) -> list[Link]:
    """No chain for any measure yet."""
    return []
