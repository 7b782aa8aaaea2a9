"""Which code decides the numbers of a run: what this process loaded, not what its files say by now."""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

SAYING = ("_", "_p")
"""Functions whose literals are words: a typo mended there, or in a docstring, makes no result stale."""


def _of_files() -> str:
    root, h = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted([*root.glob("agents/*.py"), *root.glob("model/*.py")]):
        h.update(path.name.encode() + without_words(path.read_bytes()))
    for path in sorted(root.glob("model/reforms/*.toml")):  # what a regime's name stands for
        levels = {k: v for k, v in tomllib.loads(path.read_text("utf-8")).items() if isinstance(v, dict)}
        h.update(path.name.encode() + json.dumps(levels, sort_keys=True).encode())
    return h.hexdigest()[:16]


def without_words(source: bytes) -> bytes:
    """A source text without its words; positions are cut out of the bytes, which is the same in every Python."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    kept, at = b"", 0
    for node in sorted(_words(ast.parse(source)), key=lambda node: (node.lineno, node.col_offset)):
        kept += source[at:starts[node.lineno - 1] + node.col_offset]
        assert node.end_lineno and node.end_col_offset is not None  # as in all that was parsed
        at = starts[node.end_lineno - 1] + node.end_col_offset
    return kept + source[at:]


def _words(tree: ast.AST) -> Iterator[ast.Constant]:
    """Docstrings, and literals given to the functions that say something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            given = [node.value]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            given = node.args
        else:
            continue
        yield from (one for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


_LOADED = _of_files()  # as the process starts to import the model; it never hears of later edits


def code_hash() -> str:
    """A hash over the source of model and agents as this process runs it."""
    return _LOADED
