"""Answers made beforehand: `python -m page.shipped [--jobs N] [NAME …]`, one file a preset beside this one.

A file holds runs (measures and curves), strips, and for the two regions the year; beside it lie the runs of their maps
of where it fails. They are read into what is kept for all visitors, so that whoever asks for a preset finds it run
already. Files of other code than today's are not read.
"""

from __future__ import annotations

from .reading import is_shipped, preload, preload_maps

__all__ = ["is_shipped", "preload", "preload_maps"]
