"""Stylised facts as experiments, in both regions; one that fails is shown as failed.

Facts 4, 5 and 12 are reported, not asserted: they are what the model is asked, not what it must say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from agents.work import WEEK, Act, Fate
from languages.text import _
from model.governance import GovernanceModel
from model.measures import CADRE, FORMAL, counted, days_of
from model.scenario import Scenario

from . import check
from .check import COOLDOWN, SHORT, Check, Maker, above, at_rest, once, told, where, within

REGIONS = ("rich", "difficult")


FEW, MANY = range(1, 4), range(1, 7)
"""Seeds of quick checks, whose runs are short, and of the others."""


FULL_DAYS = _("More departments ask for more and more of it comes back, but cadres' day is bounded and nearly full: "
              "orders crowd each other out, so that rework grows less than in proportion.")
MADE_TAIL = _("What there is of a heavy tail is put in, by unequal hours and patience: nothing here explains the tails "
              "of real logs.")


def _seeds(quick: bool) -> range:
    return FEW if quick else MANY


@once
def _summary(region: str, regime: str, seed: int, given: tuple[tuple[str, Any], ...]) -> dict[str, float | None]:
    """All that any fact asks of a run; runs serve several facts, so they are done once."""
    m = check.arm(Scenario(region=region, **{"cooldown": COOLDOWN, **dict(given)}), regime, seed)
    data, rework = days_of(m, m.record.hours)[:, CADRE, [Act.DATA, Act.REWORK]].sum(axis=0)
    return {**m.measures(), "tail": _tail(m), "kurtosis": _kurtosis(m),
            "rework": float(rework), "redone": float(rework / max(data + rework, 1e-12)),
            "formal_first": _formal(m, 0, 42), "formal_later": _formal(m, 125, 250),
            "content_first": _content(m, 0, 60), "content_later": _content(m, 125, 250)}


def _each(name: str, region: str, regime: str, seeds: range, **given: Any) -> np.ndarray:
    given = {**(SHORT if seeds == FEW else {}), **given}
    found = [_summary(region, regime, seed, tuple(sorted(given.items())))[name] for seed in seeds]
    return np.array([np.nan if v is None else v for v in found], float)


def _gain(name: str, region: str, seeds: range, arm: str = "whistle", **given: Any) -> np.ndarray:
    return _each(name, region, arm, seeds, **given) - _each(name, region, "layered", seeds, **given)


def _moved(name: str, region: str, regime: str, seeds: range, low: dict[str, Any], high: dict[str, Any]) -> np.ndarray:
    return _each(name, region, regime, seeds, **high) - _each(name, region, regime, seeds, **low)


def _tail(m: GovernanceModel) -> float:
    """Of the cases open past the day they came: with those, half of all would have no wait."""
    p = m.problems
    done = np.isin(p.fate, (Fate.SERVED, Fate.LATE)) & counted(m, p.voiced) & (p.closed > p.voiced)
    waits = (p.closed - p.voiced)[done] + 1
    return float(np.quantile(waits, 0.99) / np.median(waits)) if len(waits) else np.nan


def _kurtosis(m: GovernanceModel) -> float:
    from scipy.stats import kurtosis

    hours = days_of(m, m.record.hours).sum(axis=1)
    weeks = hours[:len(hours) // WEEK * WEEK].reshape(-1, WEEK, hours.shape[1]).sum(axis=1)
    change = np.diff(weeks, axis=0)
    change = change[:, change.std(axis=0) > 1e-9]
    return float(kurtosis((change - change.mean(axis=0)) / change.std(axis=0), axis=None))


def _formal(m: GovernanceModel, first: int, last: int) -> float:
    hours = m.record.hours[m.scenario.burn_in + first:m.scenario.burn_in + last, CADRE]
    return float(hours[:, list(FORMAL)].sum() / max(hours.sum(), 1e-12))


def _content(m: GovernanceModel, first: int, last: int) -> float:
    p, switch = m.problems, m.scenario.burn_in
    ended = (p.closed >= switch + first) & (p.closed < switch + last) & (p.voiced >= 0)
    answers = p.satisfaction[ended & p.reasonable & np.isfinite(p.satisfaction)]
    return float(answers.mean()) if len(answers) else np.nan


def _year(m: GovernanceModel, first: int) -> dict[str, float]:
    """How layered stands in the 250 days from a day after the switch on."""
    p, i, day = m.problems, m.ideas, m.scenario.burn_in + first
    days = slice(day, day + 250)
    born = (p.born >= day) & (p.born < day + 250) & p.reasonable
    ideas = (i.born >= day) & (i.born < day + 250)
    got = m.copies.value_got.reshape(len(i), -1)[i.carrier].mean(axis=1)
    met = born & np.isin(p.fate, (Fate.SERVED, Fate.LATE, Fate.PREVENTED))
    standing = ("trust", "expectation", "knowledge", "motivation")
    mean = {name: float(m.record.column(name)[days].mean()) for name in standing}
    core = m.record.column("core_in_time")[days].sum() / m.record.column("core_due")[days].sum()
    return {**mean, "cases": float(p.severity[met].sum() / p.severity[born].sum()), "core": float(core),
            "policy": float((i.value * got)[ideas].sum() / i.value[ideas].sum()),
            "formalism": _formal(m, first, first + 250)}


@once
def _drift(region: str, seed: int) -> dict[str, float]:
    """Second year − first, whole years, since a year's end is not like its beginning."""
    m = GovernanceModel(Scenario(region=region, days=500), "layered", rng=seed).run()
    first, second = _year(m, 0), _year(m, 250)
    return {name: second[name] - first[name] for name in first}


def in_regions(make: Callable[[str, range, bool], Iterator[Check]]) -> Maker:
    """A fact that is asked in both regions, one after the other."""
    @wraps(make)
    def maker(quick: bool) -> Iterator[Check]:
        for region in REGIONS:
            yield from make(region, _seeds(quick), quick)

    return maker


@in_regions
def rest(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """0: layered assessment is at rest when regimes part: without a switch its second year is as its first."""
    runs = [_drift(region, seed) for seed in seeds]
    for name in runs[0]:
        yield at_rest(_("0 layered, second year − first: {name}, {region}", name=name, region=where(region)), 0.01,
                      np.array([run[name] for run in runs]), "no drift told apart beyond .01")


@in_regions
def formalism(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """1: layered, a quarter to two thirds of cadres' hours are formal."""
    share = _each("formalism_share", region, "layered", seeds).mean()
    yield within(_("1 formalism share, {region}", region=where(region)), 0.25, 0.67, share,
                 "cases in newspapers, not a sample [F16–18]; the model was calibrated to .40")


@in_regions
def departments(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """2: formalism rises with the number of departments that issue; rework does so more than in proportion."""
    few, many = ({"departments": n} for n in (12, 24))
    share = _moved("formalism_share", region, "layered", seeds, few, many)
    yield above(_("2 formalism share, 24 departments − 12, {region}", region=where(region)),
                0.0, share, "twice as many issue")
    first = _each("rework", region, "layered", seeds, **few)
    rework = np.log2(_each("rework", region, "layered", seeds, **many) / first)
    yield above(_("2 rework hours by departments, exponent, {region}", region=where(region)), 1.0, rework,
                "more than in proportion; hours worked, and cadres' day is bounded", says=FULL_DAYS)
    again = _moved("redone", region, "layered", seeds, few, many)
    yield above(_("2 share of data work redone, 24 departments − 12, {region}", region=where(region)), 0.0, again,
                "rises with those who ask", says=FULL_DAYS)
    twice = _moved("duplicate_requests", region, "layered", seeds, few, many)
    yield above(_("2 share of items asked for twice, 24 departments − 12, {region}", region=where(region)),
                0.0, twice,
                "what each asks is nI, what differs U[1 − (1 − I/U)^n] (T11)")


@in_regions
def escalation(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """3: targets grow on their way down by a tenth to four fifths, and not at all without tightening."""
    ratio = _each("escalation_ratio", region, "layered", seeds).mean()
    yield within(_("3 escalation, {region}", region=where(region)),
                 1.1, 1.8, ratio, "1.32 for provinces' targets [F15]; calibrated")
    none = _each("escalation_ratio", region, "layered", range(1, 2), delta=0.0, **SHORT)[0]
    yield within(_("3 escalation without tightening, {region}", region=where(region)),
                 1 - 1e-9, 1 + 1e-9, none, "exactly 1")


@in_regions
def voice(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """4 (reported): demand rises when a reform opens, before satisfaction settles; satisfaction above resolution."""
    for arm in ("whistle", "hotline"):
        cases = _each("demand", region, arm, seeds) / _each("demand", region, "layered", seeds) - 1
        yield told(_("4 cases opened, {arm} ÷ layered − 1, {region}", arm=arm, region=where(region)),
                   "+.40 … +.55", cases,
                   "Beijing's first years, partly merged hotlines [F23, F27]; not fitted")
        yield told(_("4 repeats, {arm} − layered, {region}", arm=arm, region=where(region)),
                   "< 0", _gain("repeat_share", region, seeds, arm),
                   "with call-back, what failed reopens and is no new case")
    if not quick:  # no half year in short runs
        early, late = (_gain(name, region, seeds) for name in ("content_first", "content_later"))
        yield told(_("4 satisfaction gained, first 60 days − second half year, {region}", region=where(region)),
                   "< 0", early - late,
                   "settles later [F27]")
    levels = [_each(name, region, "hotline", seeds) for name in ("measured_satisfaction", "measured_resolution")]
    yield told(_("4 satisfaction − resolution, measured, hotline, {region}", region=where(region)),
               "> 0", levels[0] - levels[1],
               "published .61 − .40, .89 − .70 [F27]; satisfaction was tuned beside them: no evidence")


@in_regions
def measured(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """5 (reported): measured resolution rises more than true; inspection shrinks the gap, weight widens it."""
    yield told(_("5 measured − true resolution, whistle − layered, {region}", region=where(region)), "> 0",
               _gain("resolution_gap", region, seeds), "Goodhart [M]")
    if quick:
        return
    given = SHORT
    weak, strong = ("whistle+" + "+".join(f"{s}={v}" for s in ("sigma_street", "sigma_department"))
                    for v in (0.1, 0.5))
    moved = (_each("resolution_gap", region, strong, seeds, **given)
             - _each("resolution_gap", region, weak, seeds, **given))
    yield told(_("5 gap, σ .5 − .1, {region}", region=where(region)), "> 0", moved, "Goodhart [M]")
    moved = _moved("resolution_gap", region, "whistle", seeds, {"h_inspect": 0.0, **given},
                   {"h_inspect": 4.0, **given})
    yield told(_("5 gap, h_inspect 4 − 0, {region}", region=where(region)), "< 0", moved, "Goodhart [M]")


@in_regions
def tails(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """7: times to close have a heavy tail: the slowest hundredth waits longer than in an exponential of that median.

    Unequal hours and patience are inputs: without them the tail is reported beside it.
    """
    for regime in ("layered", "whistle"):
        ratio = _each("tail", region, regime, seeds)
        yield above(_("7 close times, 99th ÷ 50th percentile, {regime}, {region}", regime=regime,
                      region=where(region)), np.log(100) / np.log(2), ratio,
                    "cases open past their day; an exponential has 6.64", says=MADE_TAIL)
    equal = ((_("hours of cases"), {"effort_sd": 0.1}), (_("patience"), {"patience_sd": 0.0}))
    for what, given in () if quick else equal:
        yield told(_("7 the same, layered, {region}, equal {what}", region=where(region), what=what),
                   "lower", _each(
            "tail", region, "layered", seeds, **given, **SHORT),
            f"unequal {what}: put in, not found")


@in_regions
def jumps(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """9: week to week, hours by topic stand still or jump: changes are leptokurtic, without campaigns too."""
    yield above(_("9 excess kurtosis of weekly changes in hours, {region}", region=where(region)), 0.0,
                _each("kurtosis", region, "layered", seeds), "punctuated output (T10); 0 for a normal")
    if not quick:
        yield told(_("9 the same, {region}, ideas one by one", region=where(region)), "> 0", _each(
            "kurtosis", region, "layered", seeds, campaign_size=1.0, **SHORT),
            "campaigns are put in, not found")


@in_regions
def rebound(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """11: forms cut by decree come back within months where assessment stays as it is."""
    if quick:  # no half year in short runs
        return
    early, late = (_gain(when, region, seeds, arm="layered+cut_forms") for when in ("formal_first", "formal_later"))
    yield above(_("11 formalism after the decree, first two months, {region}", region=where(region)), 0.0, early,
                "30 % of forms cut", sign=-1)
    gone = 1 - late / min(early.mean(), -1e-9)
    yield above(_("11 share of the relief gone by the second half year, {region}", region=where(region)),
                0.5, gone, "within months")


def regions(quick: bool) -> Iterator[Check]:
    """12 (reported): the reform gains less in the difficult region, and may lose on emergencies."""
    seeds = _seeds(quick)
    for name, expected in (("served_cases", "< 0"), ("emergency_success", "< 0")):
        less = _gain(name, "difficult", seeds) - _gain(name, "rich", seeds)
        yield told(_("12 gain in {name}, difficult − rich", name=name), expected, less, "the essay's own caveat")


def hierarchy(quick: bool) -> Iterator[Check]:
    """14: where orders fit and conditions are alike, layers fit no worse (Rhodes et al. 2024 [F8])."""
    alike = {"theta_sd": 0.0, "theta_mean": 0.5, "idea_spread": 0.0}
    for region in REGIONS:
        d = -_gain("policy_fit", region, _seeds(quick), **alike)
        yield above(_("14 policy fit, layered − whistle, all alike, {region}", region=where(region)), -0.005, d,
                    "no worse than by .005 (half a point of fit)")


@in_regions
def volunteers(region: str, seeds: range, quick: bool) -> Iterator[Check]:
    """15: volunteers help only where there are ties."""
    for ties, least in ((0.8, _("there")), (0.0, _("not there"))):
        gain = _gain("served_cases", region, seeds, arm="layered+mobilise", ties=ties, **SHORT)
        name = _("15 cases served by mobilising, ties {least}, {region}", least=least, region=where(region))
        if ties:
            yield above(name, 0.0, gain, "essay §4")
        else:
            yield within(name, -0.002, 0.002, gain.mean(), "essay §4; ties are made in time, so not exactly none")


MAKERS = (rest, formalism, departments, escalation, voice, measured, tails, jumps, rebound, regions, hierarchy,
          volunteers)
