"""Which code decides the numbers of a run: what this process loaded, not what its files say by now."""

from __future__ import annotations

import hashlib
from pathlib import Path

SAYS = ("labels_en.py", "labels_zh.py", "errors.py")
"""Files of words: a typo mended there makes no result stale."""


def _of_files() -> str:
    root, h = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted([*root.glob("agents/*.py"), *root.glob("model/*.py")]):
        if path.name not in SAYS:
            h.update(path.name.encode() + path.read_bytes())
    return h.hexdigest()[:16]


_LOADED = _of_files()  # as the process starts to import the model; it never hears of later edits


def code_hash() -> str:
    """A hash over the source of model and agents as this process runs it."""
    return _LOADED
