"""Vega for the browser: one file, made once on this machine and served from here, so that nobody else is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from agents.compiled import cache_root

NAME = f"vega-embed-{version('vl-convert-python')}.js"
KEPT = "window.vegaEmbed = vegaEmbed;"
"""What the file gives the browser."""


def folder() -> Path:
    """Where the file lies, and nothing else."""
    made = cache_root() / "page"
    made.mkdir(exist_ok=True)
    return made


@cache
def begin() -> subprocess.Popen | None:
    """Begin to make the file, in a process of its own as that takes seconds; None where it is there."""
    path = folder() / NAME
    command = [sys.executable, "-m", "page.bundle", str(path)]
    return None if path.is_file() else subprocess.Popen(command, cwd=Path(__file__).parents[1])


@cache
def address() -> str:
    """Where the browser gets the file; waits until it is there."""
    if making := begin():
        making.wait()
    return f"static/assets/{NAME}"


def make(path: Path) -> None:
    """Write the file."""
    from vl_convert import javascript_bundle

    unfinished = path.with_suffix(f".{os.getpid()}")  # servers may start at the same time
    unfinished.write_text(javascript_bundle(KEPT), encoding="utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
