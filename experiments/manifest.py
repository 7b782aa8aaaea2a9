"""Where results come from: versions, commit, code, command and times, one entry each time a plan is run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .codehash import code_hash

MANIFEST = "manifest.json"
PACKAGES = ("chuishao", "mesa", "numba", "numpy", "pandas", "pydantic", "scipy", "distributed")


def note_start(folder: Path, rules: str | None, **about: Any) -> None:
    """Add an entry on this process and its rules file to a folder's manifest, and what is said of the whole."""
    start = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "argv": sys.argv, "git": git_state(),
             "code": code_hash(), "rules": rules, "python": platform.python_version(), "system": platform.platform(),
             "versions": {name: version_of(name) for name in PACKAGES}}
    old = []
    with suppress(OSError, ValueError, KeyError):
        old = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["starts"]
    write_json(folder / MANIFEST, {"kind": "chuishao run", **about, "starts": [*old, start]})


def write_json(path: Path, data: Any) -> None:
    """Write a file that is whole whenever it is there."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(part, path)


def version_of(name: str) -> str | None:
    """Version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def git_state() -> dict[str, Any] | None:
    """Commit of this checkout and whether it was changed since; None outside git."""
    here = Path(__file__).parent

    def ask(*words: str) -> str:
        return subprocess.run(["git", "-C", os.fspath(here), *words], capture_output=True, text=True, check=True,
                              timeout=10).stdout.strip()

    try:
        return {"commit": ask("rev-parse", "HEAD"), "dirty": bool(ask("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None
