"""Two checkouts in turn on a noisy machine: A B B A …, every turn a process of its own, and ratios pair by pair."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from languages.text import _
from model.errors import InputError

from .cases import CASES, Asked

HERE = Path(__file__).parents[1]
CHILD = Path(__file__).with_name("cases.py")
MARK = Path("model") / "governance.py"
CLOCKS = ("cpu", "wall")


@dataclass(frozen=True)
class Side:
    """A checkout that is timed: "old" or "new", what it is called, and where it is."""

    name: str
    label: str
    root: Path


# --- checkouts --------------------------------------------------------------------------------------------------------


@contextmanager
def checkout(which: str, here: Path = HERE) -> Iterator[Side]:
    """The old side: the checkout in a folder, or a commit of this repository in a worktree that goes at the end.

    Args:
        which: a folder that holds `model/governance.py`, or whatever git knows a commit by.
        here: a folder of the repository that has the commit.

    Raises:
        InputError: neither of the two.
    """
    if (Path(which) / MARK).is_file():
        yield Side("old", which, Path(which).resolve())
        return
    commit = _commit(which, here)
    with tempfile.TemporaryDirectory(prefix="chuishao-race-") as place:
        root = Path(place).resolve() / "checkout"
        try:
            _added(which, commit, root, here)
            yield Side("old", which, root)
        finally:
            _git(here, "worktree", "remove", "--force", str(root))


def _commit(which: str, here: Path) -> str:
    found = _git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{which}^{{commit}}")
    if found.returncode:
        raise InputError(_("there is no commit or checkout {which!r}; give a commit that `git log` shows, or a folder "
                           "that holds {mark}", which=which, mark=MARK))
    return found.stdout.strip()


def _added(which: str, commit: str, root: Path, here: Path) -> None:
    made = _git(here, "worktree", "add", "--quiet", "--detach", str(root), commit)
    if made.returncode:
        why = _last(made.stderr)
        raise InputError(_("git could not check out {which!r} ({why}); mend that, or give the folder of a checkout",
                           which=which, why=why))
    if not (root / MARK).is_file():
        raise InputError(_("commit {which!r} has no {mark}; give a later one", which=which, mark=MARK))


def _git(here: Path, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["git", "-C", str(here), *words], capture_output=True, text=True)
    except FileNotFoundError:
        raise InputError(_("git was not found; install it, or give the folder of a checkout")) from None


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def described(root: Path) -> str:
    """The commit of a checkout, "-dirty" if files differ from it; empty outside git."""
    return _git(root, "--no-optional-locks", "describe", "--always", "--dirty", "--exclude=*").stdout.strip()


# --- turns ------------------------------------------------------------------------------------------------------------


def order(sides: Sequence[Side], pairs: int) -> Iterator[Side]:
    """Whose turn it is: A B B A A B …; with one side, it alone."""
    for n in range(pairs):
        yield from sides if n % 2 == 0 else reversed(sides)


def turn(side: Side, name: str, asked: Asked, place: str) -> dict[str, Any]:
    """What a case takes in a fresh process that imports a side's checkout (`benchmarks.cases.measured`).

    Raises:
        InputError: the case fails there.
    """
    words = [sys.executable, "-P", str(CHILD), name, json.dumps(asdict(asked)), str(side.root)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(side.root)}, cwd=place, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    try:
        out, err = process.communicate()
    except BaseException:  # Ctrl-C reaches us alone; with the process go its commands and their workers
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        why = _last(err)
        raise InputError(_("{name} failed on {side} ({why}); mend that, or leave it out with --only",
                           name=name, side=side.label, why=why))
    return json.loads(_last(out))


def race(name: str, sides: Sequence[Side], pairs: int, asked: Asked) -> dict[str, Any]:
    """Let the sides take turns at a case; old is divided by new where there are both."""
    turns: dict[str, list[dict[str, Any]]] = {side.name: [] for side in sides}
    with tempfile.TemporaryDirectory(prefix="chuishao-turns-") as place:
        for side in order(sides, pairs):
            turns[side.name].append(turn(side, name, asked, place))
    found = {"name": name, "about": CASES[name].about, "pairs": pairs,
             "sides": {side.name: {"label": side.label, **summary(turns[side.name])} for side in sides}}
    return {**found, "ratio": ratios(turns["old"], turns["new"])} if len(turns) == 2 else found


# --- statistics -------------------------------------------------------------------------------------------------------


def spread(values: Sequence[float]) -> dict[str, float]:
    """Lowest, median and highest."""
    return {"min": min(values), "median": median(values), "max": max(values)}


def summary(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A side's seconds over all its timed runs, the warm-up of every turn, the highest peak, and the turns."""
    peaks = [one["peak_MB"] for one in turns if one["peak_MB"] is not None]
    return {**{clock: spread([s for one in turns for s in one[clock]]) for clock in CLOCKS},
            "first": [one["first"] for one in turns], "peak_MB": max(peaks, default=None), "turns": list(turns)}


def ratios(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Old ÷ new by clock, pair by pair; what counts of a turn is its median run."""
    return {clock: spread([median(a[clock]) / median(b[clock]) for a, b in zip(old, new, strict=True)])
            for clock in CLOCKS}


def told(found: dict[str, Any]) -> str:
    """A case in a few lines."""
    labels = [of["label"] for of in found["sides"].values()]
    wide = max(map(len, labels)) + 2
    lines = [f"{found['name']}: {found['about']}; {_count(found)}",
             *(f"  {of['label']:{wide}}{_side(of)}" for of in found["sides"].values())]
    if "ratio" in found:
        each = [f"{clock} {r['median']:.2f}× ({r['min']:.2f} – {r['max']:.2f})" for clock, r in found["ratio"].items()]
        lines.append(f"  {' ÷ '.join(labels)}: {', '.join(each)}")
    return "\n".join(lines)


def _count(found: dict[str, Any]) -> str:
    n, reps = found["pairs"], CASES[found["name"]].reps
    return f"{n} {'pair' if 'ratio' in found else 'turn'}{'s' * (n > 1)} of {reps} run{'s' * (reps > 1)}"


def _side(of: dict[str, Any]) -> str:
    words = [f"{clock} " + " · ".join(f"{s:.3g}" for s in of[clock].values()) + " s" for clock in CLOCKS]
    first, *later = of["first"]
    words.append(f"warm-up {first:.3g} s" + (f", later {median(later):.3g} s" if later else ""))
    return "   ".join(words + ([f"peak {of['peak_MB']:,.0f} MB"] if of["peak_MB"] is not None else []))
