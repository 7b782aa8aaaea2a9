"""Files the browser gets as they are."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def address(name: str) -> str:
    """Where the browser gets a file; another file has another address, so that none is kept too long."""
    mark = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]
    return f"static/assets/{name}?{mark}"
