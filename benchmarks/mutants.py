"""`python -m benchmarks.mutants`: break the model in one place at a time, and see which test notices.

Neither mutmut nor cosmic-ray fits: a mutant recompiles what depends on it, so that it needs a compiler's cache of its
own, and there can be only few. The sample goes by hashes of what is changed: edits elsewhere leave it as it is.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from experiments.answering import Answering
from languages.text import _
from model.errors import InputError

from .race import HERE

RULES = ("agents/rules.py", "agents/variants.py")
PHASES = {"agents": "cadre department leader resident",
          "model": "cases causes complaints directives emergencies month needs requests supervision"}
FILES = (*RULES, *(f"{folder}/{name}.py" for folder, names in PHASES.items() for name in names.split()))
ENDS = {0: "", -signal.SIGXCPU: "no end"}
STAGES = ("tests/agents", "tests/model/test_golden.py", "tests/agents tests/model")  # for phases from the second on
PAIRS = ((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.And, ast.Or), (ast.Eq, ast.NotEq), (ast.Lt, ast.LtE),
         (ast.Gt, ast.GtE))
SWAPS = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}


class Mutant(NamedTuple):
    """One change: where it is, what stood there, and what stands there now."""

    file: str
    line: int
    start: int
    end: int
    function: str
    old: str
    new: str

    def of(self, source: bytes) -> bytes:
        """The changed source."""
        return source[:self.start] + self.new.encode() + source[self.end:]


def mutants_of(file: str, source: bytes) -> Iterator[Mutant]:
    """Every mutant of a file's functions and of its named numbers."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for name, node in _nodes(ast.parse(source)):
        start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        old = " ".join(source[start:end].decode().split())
        yield from (Mutant(file, node.lineno, start, end, name, old, new) for new in _instead_of(node))


def _nodes(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """What may be changed, with the name of its function, or of the number that it is."""
    parts = [(ast.unparse(s.targets[0]), [s.value]) for s in tree.body
             if isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant | ast.Tuple)]
    parts += [(f.name, f.body[ast.get_docstring(f) is not None:]) for f in ast.walk(tree)
              if isinstance(f, ast.FunctionDef)]
    return ((name, node) for name, body in parts for part in body for node in ast.walk(part)
            if isinstance(node, ast.expr | ast.stmt))


def _instead_of(node: Any) -> Iterator[str]:
    match node:
        case (ast.BinOp(op=op) | ast.BoolOp(op=op)) if type(op) in SWAPS:
            yield _unparsed(node, op=SWAPS[type(op)]())
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            yield _unparsed(node, ops=[SWAPS[type(op)]()])
        case ast.Name(id="min" | "max"):
            yield "max" if node.id == "min" else "min"
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            yield repr(number + 1 if isinstance(number, int) else number * 1.25 or 0.25)
        case ast.AugAssign() | ast.Expr() | ast.Continue() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "pass"  # not where a name is made: what follows would only fail to compile


def _unparsed(node: Any, **parts: Any) -> str:
    return ast.unparse(type(node)(**{name: parts.get(name, getattr(node, name)) for name in node._fields}))


def sample(number: int, seed: int, root: Path = HERE) -> list[Mutant]:
    """So many mutants of all, always the same for a seed."""
    ranked, seen = [], Counter()
    for mutant in (mutant for file in FILES for mutant in mutants_of(file, (root / file).read_bytes())):
        what = (mutant.file, mutant.function, mutant.old, mutant.new)
        seen[what] += 1
        ranked.append((hashlib.sha256(repr((seed, seen[what], *what)).encode()).digest(), mutant))
    return sorted(mutant for _rank, mutant in sorted(ranked)[:number])


def first_failure(root: Path, tests: str, cache: Path, limit: int) -> str:
    """The first test that fails in a checkout, "" where none does, or how pytest ended; limit: processor seconds."""
    command = [sys.executable, *shlex.split(f"-m pytest -xq -n0 --tb=no -rfE -p no:cacheprovider {tests}")]
    env = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5)))
    told = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M)
    return told[1] if told else ENDS.get(done.returncode, f"pytest ended with {done.returncode}")


def noticed_by(root: Path, mutant: Mutant, stages: tuple[str, ...], warm: Path, limit: int = 600) -> str:
    """What notices a mutant, in a copy of the checkout that is left as it was."""
    path = root / mutant.file
    source = path.read_bytes()
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        cache = Path(shutil.copytree(warm, Path(folder) / "cache"))
        path.write_bytes(mutant.of(source))
        try:
            return next(filter(None, (first_failure(root, tests, cache, limit) for tests in stages)), "")
        finally:
            path.write_bytes(source)


@click.command(cls=Answering)
@click.option("--sample", "number", type=click.IntRange(1), default=40, show_default=True, help="Mutants.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which of them.")
@click.option("--tests", multiple=True, metavar="WORDS", help="For pytest; several are run in turn till a test fails.")
def main(number: int, seed: int, tests: tuple[str, ...]) -> None:
    """Break the model in one place at a time in a copy of this checkout, and tell which test notices; 1–3 min each."""
    with tempfile.TemporaryDirectory(prefix="chuishao-mutants-") as place:
        root, warm = Path(place).resolve() / "checkout", Path(place).resolve() / "warm"
        shutil.copytree(HERE, root, ignore=shutil.ignore_patterns(".venv*", ".git", "__pycache__", ".hypothesis"))
        for stage in tests or STAGES:
            if failed := first_failure(root, stage, warm, 600):
                raise InputError(_("{test} fails without any mutant; mend it first", test=failed))
        for m in sample(number, seed):
            by = noticed_by(root, m, tests or STAGES[m.file not in RULES:], warm)
            click.echo(f"| {m.file}:{m.line} {m.function} | `{m.old}` → `{m.new}` | {by or '**nothing**'} |")


if __name__ == "__main__":
    main()
