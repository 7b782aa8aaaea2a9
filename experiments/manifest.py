"""Where results come from: versions, commit, code, command and times, one entry each time a plan is run."""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from languages.text import _
from model.errors import InputError

from .codehash import code_hash

MANIFEST = "manifest.json"
ROOT = Path(__file__).parent.parent
RULES = "agents/rules.py"
EDITED = "edited-rules.py"
"""What default rules that somebody edited are kept as."""
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


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in a sentence where nothing can be written.

    Raises:
        InputError: so it is.
    """
    try:
        yield
    except OSError as error:
        raise InputError(_("cannot write to {folder} ({error}); give --out a folder you may write to", folder=path,
                           error=error.strerror)) from None


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
    try:
        return {"commit": _git("rev-parse", "HEAD").strip(), "dirty": bool(_git("status", "--porcelain").strip())}
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    return subprocess.run(["git", "-C", os.fspath(ROOT), *words], capture_output=True, text=True, check=True,
                          timeout=10).stdout


class Edited(NamedTuple):
    """Default rules that are not those of the commit."""

    commit: str
    names: list[str]
    """Functions that differ; docstrings do not count."""
    text: str

    @property
    def kept(self) -> str:
        """The text with a first line that says so."""
        return f"# Differs from the default rules of commit {self.commit} in: {', '.join(self.names)}\n{self.text}"


@cache
def edited_rules() -> Edited | None:
    """What was edited in this checkout; None outside git, or where nothing was."""
    try:
        commit, before = _git("rev-parse", "--short", "HEAD"), _git("show", f"HEAD:{RULES}")
    except (OSError, subprocess.SubprocessError):
        return None
    now = (ROOT / RULES).read_text(encoding="utf-8")
    names = differing(before, now)
    return Edited(commit.strip(), names, now) if names else None


def differing(before: str, now: str) -> list[str]:
    """Functions and classes that two source texts define differently, but for their docstrings; other lines as "…"."""
    old, new = (_defined(ast.parse(text)) for text in (before, now))
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _defined(tree: ast.Module) -> dict[str, str]:
    found = {"…": ""}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            found[node.name] = ast.dump(node)
        elif not isinstance(node, ast.Expr):
            found["…"] += ast.dump(node)
    return found
