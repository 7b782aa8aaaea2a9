"""From what a person typed to a plan; everything that can be wrong is found here, before any run starts."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

from languages.text import _
from model.errors import InputError
from model.regimes import Regime, parse_regime
from model.scenario import PARAMETERS, REGIONS, parse_value, read_text

from . import draws
from .plan import SweepPlan, distinct
from .planfile import CompareTable, DesignTable, RunTable, SeedsTable
from .rulelist import entries
from .runs import LIMIT

COMPARE = "compare"
"""The plan of a comparison is called so."""
ELSEWHERE = {
    "region": _("use --region"), "needs": _("use --needs"), "name": _("a scenario file has a name"),
    "events": _("put events in a scenario file and give it with --region"),
}
BY_STREET = ("theta_by_street", "knowledge_by_street")


def plan_of(*, region: tuple[str, ...], regimes: str, seeds: int, days: int | None, changes: tuple[str, ...],
            needs: str | None, limit: float | None, rules_variants: str | None = None, posterior: str | None = None
            ) -> SweepPlan:
    """The plan of a comparison: one point in each region, under one set of rules or several.

    Raises:
        InputError: anything that does not fit.
    """
    given = changed(changes)
    if days is not None:
        if "days" in given:
            raise InputError(_("days is given by --days and by --set; give it once"))
        given["days"] = days
    given |= log_of(needs)
    plan = SweepPlan(name=COMPARE, regions=tuple(map(_region, region or REGIONS)), fixed=given,
                     compare=CompareTable(regimes=regime_names(regimes)), design=DesignTable(kind="list"),
                     seeds=SeedsTable(per_point=seeds), run=RunTable(limit_seconds=limit or LIMIT),
                     rules=_rules(rules_variants) if rules_variants is not None else (),
                     posterior=posterior and draws.found(posterior, Path.cwd()))
    plan.sources()
    draws.check(plan, plan.scenarios, plan.seeds_of(0))
    distinct([scenario for _point, scenario in plan.scenarios()])
    return plan


def log_of(needs: str | None) -> dict[str, Any]:
    """A case log as scenarios name it: by its whole path; nothing without one."""
    if needs is None:
        return {}
    read_text(Path(needs), _("case log"), [])
    return {"needs": str(Path(needs).resolve())}


def _rules(text: str) -> tuple[str, ...]:
    """Read `SLOT|VARIANT|FILE.py|all[,…]` as plans have it: files by their whole path."""
    names = listed(text, "--rules-variants", "split_attention")
    return tuple(str(Path(one).absolute()) if one.endswith(".py") else one for one in entries(names))


def _region(which: str) -> str:
    """A region as plans have it: a name of ours, or a file's whole path."""
    return str(Path(which).absolute()) if which not in REGIONS and os.path.isfile(which) else which


def changed(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Read every `--set name=value`."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = (part.strip() for part in pair.partition("="))
        if not sign or not name or not text:
            raise InputError(_("--set {pair!r} is not name=value; write e.g. --set reach=0.5", pair=pair))
        if name in ELSEWHERE:
            raise InputError(_("--set cannot change {name!r}; {remedy}", name=name, remedy=ELSEWHERE[name]))
        if name in values:
            raise InputError(_("{name} is set twice; give each --set once", name=name))
        values[name] = _value(name, text)
    return values


def listed(text: str, option: str, example: str) -> list[str]:
    """Read `a, b,…` as an option takes it; blanks beside a comma do not matter.

    Raises:
        InputError: nothing before, between or after the commas.
    """
    names = [part.strip() for part in text.split(",")]
    if "" in names:
        raise InputError(_("{option} {text!r} has an empty item; put a name between commas, e.g. {option} {example}",
                           option=option, text=text, example=example))
    return names


def regimes_of(text: str) -> list[Regime]:
    """Read `a,b,…` into regimes; their notes say what conflicted."""
    return [parse_regime(part) for part in listed(text, "--regimes", "layered,whistle")]


def regime_names(text: str) -> tuple[str, ...]:
    """Read `a,b,…` into the regimes' shortest names, the first being what others are compared with."""
    names = tuple(regime.name for regime in regimes_of(text))
    if len(names) < 2:
        raise InputError(_("--regimes {text!r} names {n}; a comparison needs two, e.g. layered,whistle", text=text,
                           n=len(names)))
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise InputError(_("--regimes names {name} twice; give different ones, e.g. layered,whistle", name=twice[0]))
    return names


def _value(name: str, text: str) -> Any:
    value = parse_value(name, text)
    if name in BY_STREET and not isinstance(value, list):
        raise InputError(_("{name} needs a list, one number a street, e.g. --set '{name}=[0.2, 0.8]'", name=name))
    if name in PARAMETERS and isinstance(value, list | dict):
        raise InputError(_("{name} takes one number, not {text!r}; `chuishao parameters` shows its range", name=name,
                           text=text))
    return value
