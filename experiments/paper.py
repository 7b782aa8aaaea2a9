"""`chuishao paper`: every table and figure of the comparison, with the plans, seeds and versions they came from.

One folder: `runs/` holds the results (run again = go on), `tables/` and `figures/` what the report draws from them,
`plans/` the plans as TOML, and `manifest.json` the hash of each file. All but `runs/` is equal when made twice.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from languages.text import _
from model.errors import InputError, near

from . import draws
from .codehash import code_hash
from .freeze import text_of
from .manifest import PACKAGES, git_state, version_of, write_json, writing
from .options import listed, plan_of
from .plan import PLANS, SweepPlan, load_plan
from .progress import get_ready
from .report.build import parts, sections
from .report.parts import Figure
from .store import open_results
from .sweep import run_plan
from .words import Words

REGIMES = "layered,whistle,whistle_ordinary,hotline,whistle+hotline,hotline+slim,grid+score_streets,ten_years_ago"
SEEDS, YEAR = 20, 250
FACTS = "facts"
RUNS, MANIFEST = "runs", "manifest.json"


def paper(*, out: Path, scale: float, only: str | None, workers: int | None, lang: str) -> int:
    """Run what is missing, write all; 1 if runs failed.

    Raises:
        InputError: no such part, or a folder that holds something else.
    """
    words, failed, wanted = Words(lang), False, _chosen(only)
    _writable(out)
    for name in wanted:
        print(words(_("paper: {part}", part=name)), file=sys.stderr)
        if name == FACTS:
            _table(_facts(scale < 1), out / "tables" / FACTS, "checks")
            continue
        plan = plans()[name](scale)
        _write(out / "plans" / f"{name}.toml", text_of(plan))
        folder = out / RUNS / name
        counts = run_plan(plan, text_of(plan), folder, workers=workers, ready=get_ready)
        failed |= counts["failed"] > 0
        _parts(folder, out, name, lang)
    for source in sorted((Path(__file__).parents[1] / "docs").glob("odd*.md")):
        _write(out / source.name, source.read_text(encoding="utf-8"))
    write_json(out / MANIFEST, manifest(out, scale, wanted))
    print(words(_("Written to {folder}", folder=out)), file=sys.stderr)
    return int(failed)


def plans() -> dict[str, Callable[[float], SweepPlan]]:
    """What is run, by name: the comparison in its first and third year, over each posterior, every shipped plan."""
    third = ("days=750", "from_day=500")
    found: dict[str, Callable[[float], SweepPlan]] = {
        "compare-year-1": partial(_compared, (), None), "compare-year-3": partial(_compared, third, None),
        **{f"compare-over-{name}": partial(_compared, (), name) for name in draws.shipped()}}
    return {**found, **{path.stem: partial(_shipped, path.stem) for path in sorted(PLANS.glob("*.toml"))}}


def names() -> list[str]:
    """Every part, in the order in which they are made."""
    return [*plans(), FACTS]


def _chosen(only: str | None) -> list[str]:
    wanted = names() if only is None else listed(only, "--only", "compare-year-1")
    for name in wanted:
        if name not in names():
            raise InputError(_("the paper has no part {name!r}; {remedy}", name=name, remedy=near(name, names())))
    return wanted


def _compared(changes: tuple[str, ...], posterior: str | None, scale: float) -> SweepPlan:
    return plan_of(region=(), regimes="layered,whistle" if posterior else REGIMES, seeds=max(
        2, round((5 if posterior else 1) * SEEDS * scale)), days=None, changes=changes, needs=None, limit=None,
        posterior=posterior)


def _shipped(name: str, scale: float) -> SweepPlan:
    plan = load_plan(name).scaled(scale)
    if plan.design.kind == "sobol":  # a power of two
        points = 1 << max(2, round(plan.design.points).bit_length() - 1)
        plan = plan.model_copy(update={"design": plan.design.model_copy(update={"points": points})})
    return plan.model_copy(update={"scale": 1.0})


def _parts(folder: Path, out: Path, name: str, lang: str) -> None:
    """What the report shows of a folder, as CSV and SVG."""
    results = open_results(folder)
    for part in parts(sections(results, Words(lang))):
        _table(part.data, out / "tables" / name, part.name)
        if isinstance(part, Figure):
            _write(out / "figures" / name / f"{part.name}.svg", _numbered(part.svg))


def _numbered(svg: str) -> str:
    """The same with its clips counted from 1: the renderer counts on from figure to figure."""
    clips = {name: f"clip{n}" for n, name in enumerate(dict.fromkeys(re.findall(r"\bclip\d+\b", svg)), 1)}
    return re.sub(r"\bclip\d+\b", lambda found: clips[found[0]], svg)


def _facts(quick: bool) -> pd.DataFrame:
    """Stylised facts as `verify` finds them."""
    from .verify.registry import chosen, made

    checks = [check for one in chosen("fact") for check in made(*one, quick)]
    return pd.DataFrame([{key: getattr(check, key) for key in ("name", "expected", "observed", "tolerance", "ok",
                                                               "basis")} for check in checks])


def _table(data: pd.DataFrame, folder: Path, name: str) -> None:
    _write(folder / f"{name}.csv", data.to_csv(index=False, lineterminator="\n"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def manifest(out: Path, scale: float, wanted: list[str]) -> dict[str, Any]:
    """Where it all came from, without what differs from one making to the next, and the hash of every file."""
    seeds = {name: {"first": plan.seeds.root, "a_point": plan.seeds.per_point, "own": plan.seeds.own, "runs": plan.size}
             for name in wanted if name != FACTS for plan in [plans()[name](scale)]}
    return {"kind": "chuishao paper", "scale": scale, "parts": wanted, "seeds": seeds, "code": code_hash(),
            "git": git_state(), "python": platform.python_version(),
            "versions": {name: version_of(name) for name in (*PACKAGES, "altair", "SALib", "vl-convert-python")},
            "files": {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
                      for path in _files(out)}}


def _files(out: Path) -> Iterator[Path]:
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.relative_to(out).parts[0] not in (RUNS, MANIFEST):
            yield path


def _writable(out: Path) -> None:
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    if any(path.name not in (RUNS, MANIFEST, "tables", "figures", "plans") and not path.name.startswith("odd")
           for path in out.iterdir()):
        raise InputError(_("{folder} is not empty and holds no results of ours; give --out a new folder", folder=out))
