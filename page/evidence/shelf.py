"""The results folders a visitor may open: those under the folder chosen at the server's start, and no other."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from experiments.manifest import MANIFEST
from experiments.options import COMPARE
from experiments.store import FILE, Results, open_results
from languages.text import _
from model.errors import InputError

DEPTH = 3
"""So many folders deep a result may lie."""
MOST = 200


@dataclass(frozen=True)
class Entry:
    """A folder on the shelf; `name` is its path from the root, and all that a visitor ever sees or sends."""

    name: str
    kind: str
    """run or compare."""
    changed: float
    """When it was last written, seconds since 1970."""


def entries(root: Path) -> list[Entry]:
    """Every results folder under the root, newest first; links that lead out of it are not followed."""
    found: list[Entry] = []
    top = root.resolve()
    for folder, names, files in os.walk(top):
        here = Path(folder)
        depth = len(here.relative_to(top).parts)
        names[:] = sorted(n for n in names if not n.startswith(".")) if depth < DEPTH else []
        kind = _kind(here, files)
        if kind and here.resolve().is_relative_to(top):
            found.append(Entry("/".join(here.relative_to(top).parts) or ".", kind, _changed(here / FILE)))
    return sorted(found, key=lambda e: (-e.changed, e.name))[:MOST]


def _changed(path: Path) -> float:
    try:
        return max(p.stat().st_mtime for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    except (OSError, ValueError):
        return 0.0


def _kind(folder: Path, files: list[str]) -> str:
    if FILE not in files:
        return ""
    try:
        plan = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("plan")
    except (OSError, ValueError, AttributeError):
        return "run"
    return "compare" if plan == COMPARE else "run"


def entry(root: Path, name: str) -> Entry:
    """The entry of a name.

    Raises:
        InputError: no folder on the shelf has this name, whatever else it may be a path of.
    """
    for one in entries(root):
        if one.name == name:
            return one
    raise InputError(_("there is no results folder {name!r} here; choose one of the list",
                       name=name[:80]))


def open_named(root: Path, name: str) -> Results:
    """Open a folder of the shelf by its name.

    Raises:
        InputError: not on the shelf, locked, or broken.
    """
    return open_entry(root.resolve(), entry(root, name))


@lru_cache(maxsize=8)
def open_entry(root: Path, found: Entry) -> Results:
    """A folder as it was when last written (`found` tells versions apart); raises like `open_named`."""
    results = open_results(root / found.name)
    results.runs()  # a broken table shows itself now
    return results
