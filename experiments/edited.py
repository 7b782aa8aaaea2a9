"""Default rules that somebody edited: which differ from the commit, and their text, kept with the results."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

RULES = "agents/rules.py"
FILE = "edited-rules.py"
"""What they are kept as."""
_ROOT = Path(__file__).parent.parent


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
        commit, before = (subprocess.run(["git", "-C", str(_ROOT), *words], capture_output=True, text=True, check=True,
                                         timeout=10).stdout
                          for words in (("rev-parse", "--short", "HEAD"), ("show", f"HEAD:{RULES}")))
    except (OSError, subprocess.SubprocessError):
        return None
    now = (_ROOT / RULES).read_text(encoding="utf-8")
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
