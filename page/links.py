"""Addresses of views with a definition in their query."""

from __future__ import annotations

from urllib.parse import urlencode

from .definition import Definition

ANSWER, LAB = "/", "/lab"


def link(definition: Definition, view: str = ANSWER) -> str:
    """Address of a view that opens with a definition."""
    query = definition.to_query()
    return f"{view}?{urlencode(query)}" if query else view
