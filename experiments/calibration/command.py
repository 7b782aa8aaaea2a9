"""What `chuishao calibrate` does, prints and writes."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np

from languages.text import _, say
from model.errors import InputError
from model.scenario import Scenario, load_scenario

from ..options import changed
from ..progress import counted, get_ready
from ..runs import ROOT
from ..words import Words
from . import formalism, hotline
from .fit import TOLERANCE, Fit, fit
from .problem import Observed, Problem, mean_of
from .published import TARGETS, Published, warning
from .show import show

SETS = 100
"""Sets of values of a search."""
FRESH = 1000
"""Fresh seeds lie so far behind those of the fit."""
KINDS = {"formalism": (formalism.problem, "level", "0.40"), "hotline": (hotline.problem, "count", "due")}
"""For every target: what makes the problem, the option that says which, and what it is by default."""


def calibrate(*, bank: Path | None, numbers: str | None, target: str, level: str | None, count: str | None,
              region: str, changes: tuple[str, ...], seeds: int, budget: int | None, out: Path | None,
              **how: Any) -> int:
    """Fit: by a search, or with a bank of runs, as a posterior.

    Raises:
        InputError: wrong input, found before anything runs.
    """
    if bank is None:
        if numbers is not None:
            raise InputError(_("--numbers says what a bank draws; give --bank, or leave it out"))
        return search(target=target, level=level, count=count, region=region, changes=changes, seeds=seeds,
                      budget=budget or SETS, out=out, **how)
    for option, given in (("--out", out), ("--count", count)):
        if given is not None:
            raise InputError(_("{option} has no effect with --bank, which writes everything to its folder; leave it "
                               "out",
                               option=option))
    from . import uncertain

    return uncertain.calibrate(_scenario(region, changes), tuple(changed(changes)), target=target, level=level,
                               which=numbers or "all", seeds=seeds, sets=budget or uncertain.SETS, folder=bank, **how)


def search(*, target: str, level: str | None, count: str | None, region: str, changes: tuple[str, ...], seeds: int,
           budget: int, out: Path | None, as_json: bool, lang: str) -> int:
    """Fit, check on fresh seeds, print, write.

    Raises:
        InputError: wrong input, found before anything runs.
    """
    make, option = KINDS[target][:2]
    which = _which(target, {"level": level, "count": count})
    scenario = _scenario(region, changes)
    problem = make(scenario, which)
    _free(problem, changes)
    if out is not None:
        _writable(out)
    used = range(ROOT, ROOT + seeds)
    get_ready()
    with counted((budget + 1) * seeds) as done:
        found = fit(problem, used, budget, done)
        fresh = mean_of(problem.check, scenario.with_(**found.best.values), range(ROOT + FRESH, ROOT + FRESH + seeds),
                        done)
    if as_json:
        print(json.dumps(as_dict(found, fresh, used), ensure_ascii=False, allow_nan=False))
    else:
        from ..console import console

        show(found, fresh, len(used), Words(lang), console())
    if out is not None:
        sets = [word for change in changes for word in ("--set", change)]
        made = shlex.join(["chuishao", "calibrate", "--target", target, f"--{option}", which, "--region", region, *sets,
                           "--seeds", str(seeds), "--budget", str(budget)])
        out.write_text(preset(found, made), encoding="utf-8")
        print(say(_("Written to {file}: a fitted preset, not a default.", file=out), lang), file=sys.stderr)
    return 0


def as_dict(found: Fit, fresh: Observed, seeds: range) -> dict[str, Any]:
    """The JSON object: parameters with intervals and profiles, figures with what was reached, losses."""
    problem, trade = found.problem, found.trade_off()
    return {
        "target": problem.name, "region": problem.scenario.name or problem.scenario.region, "regime": problem.regime,
        "seeds": list(seeds), "sets": len(found.tried), "tolerance": TOLERANCE, "accepted": len(found.accepted()),
        "loss": {"start": found.start.loss, "best": found.best.loss},
        "parameters": {f.name: {
            "start": found.start.values[f.name], "fitted": found.best.values[f.name], "low": f.low,
            "high": f.high, "interval": list(found.interval(f.name)), "open_share": found.open_share(k),
            "profile": [list(point) for point in found.profile(k)]} for k, f in enumerate(problem.free)},
        "figures": [_figure(g.figure, "fitted", found, fresh) for g in problem.goals]
        + [_figure(f, "held_out", found, fresh) for f in problem.held_out],
        "trade_off": None if trade is None else {"between": list(trade[:2]), "correlation": trade[2]},
        "warning": warning(problem.name),
    }


def preset(found: Fit, made: str) -> str:
    """The fit as a scenario file that says what it is and by which command it was made."""
    import tomli_w

    problem, sc = found.problem, found.problem.scenario
    head = (f"# A fitted preset, never a default: {TARGETS[problem.name]}, {problem.regime} regime, by "
            f"`{made}`; loss {found.start.loss:.2f} before, {found.best.loss:.2f} after. How far off it is: "
            "docs/validity.md\n")
    given = sc.model_dump(mode="json", include=set(sc.changed()) - {"name"}, exclude_none=True)
    return head + tomli_w.dumps({"region": sc.region, **given, **found.best.values})


def _figure(figure: Published, role: str, found: Fit, fresh: Observed) -> dict[str, Any]:
    def seen(observed: Observed) -> float | None:
        value = observed.get(figure.key)
        return None if value is None or not np.isfinite(value) else value

    return {"name": figure.key, "value": figure.value, "source": figure.source, "mark": figure.mark, "role": role,
            "start": seen(found.start.seen), "fitted": seen(found.best.seen), "fresh": seen(fresh)}


def _which(target: str, given: dict[str, str | None]) -> str:
    own, default = KINDS[target][1:]
    for option, value in given.items():
        if value is not None and option != own:
            raise InputError(_("--{option} {value} has no effect with --target {target}; leave it out, or give "
                               "--{own}",
                               option=option, value=value, target=target, own=own))
    return given[own] or default


def _scenario(region: str, changes: tuple[str, ...]) -> Scenario:
    given = changed(changes)
    if "days" in given:
        raise InputError(_("--set cannot change days; the fit and its check have their own run lengths"))
    return load_scenario(region, **given)


def _free(problem: Problem, changes: tuple[str, ...]) -> None:
    fixed = {f.name for f in problem.free} & set(changed(changes))
    if fixed:
        raise InputError(_("{name} is fitted; leave out --set {name}", name=min(fixed)))


def _writable(out: Path) -> None:
    if out.suffix != ".toml":
        raise InputError(_("--out {out} is no TOML file; give a name that ends in .toml", out=out))
    if out.is_file() and out.stat().st_size:
        raise InputError(_("{out} exists and is not overwritten; give --out another name, or move it away", out=out))
    try:
        with out.open("a", encoding="utf-8"):
            pass
        if not out.stat().st_size:
            out.unlink()
    except OSError as error:
        raise InputError(_("cannot write {out} ({why}); give --out a file you may write to", out=out,
                           why=error.strerror)) from None
