"""The story's scenes on the real model: what runs, what is asked of it, and which words its numbers choose.

No result is written here: `tell` picks words and marks by the paired differences that come out. Runs are small (some
weeks, few seeds), so what they cannot tell apart is said to be not told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.rules import Rules
from agents.variants import find
from agents.work import DAY_HOURS, Act
from experiments.activities import group_of
from experiments.paired import BETTER, OPEN, WORSE, mark, paired
from experiments.verify import episodes
from model.governance import GovernanceModel
from model.measures import CADRE, MEASURES, days_of
from model.scenario import Scenario, load_scenario

Values = dict[str, float]
Runs = dict[str, list[Values]]
"""What every arm's runs said, one a seed, the same seeds for all arms."""
SPAN = {"days": 60, "burn_in": 250}
SHORT = {"days": 45, "burn_in": 125, "streets": 3}
MISPLACED = {"theta_mean": 0.85, "groundedness": 0.2}
"""Orders from those who do not know the ground, where it differs from what they imagine (essay §4, 点位分布不合理)."""
NOBODY = replace(episodes.NO_COMMAND, many_hands=lambda come, knowledge, gain, enough: 0.0)
"""Nobody calls departments to the place, nor commands the days after."""
MORE, SAME, LESS = "more", "same", "less"


@dataclass(frozen=True)
class Arm:
    """One side of a scene."""

    scenario: Scenario
    regime: str = "layered"
    rules: Rules | None = None


@dataclass(frozen=True)
class Told:
    """What came out: what a guess is held against, sentences (key, values) and one picture."""

    truth: float | str
    lines: list[tuple[str, Values]]
    chart: dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """A question, the runs that answer it, and how they are told."""

    key: str
    arms: dict[str, Arm]
    get: Callable[[GovernanceModel], Values]
    tell: Callable[[Runs], Told]
    options: tuple[str, ...] = ()
    """Answers to choose from; empty: a number is asked for."""
    scale: tuple[float, float, float, str] = (0, 100, 5, "percent")
    """Lowest, highest, step and unit of a number."""
    seeds: tuple[int, ...] = (1, 2, 3, 4)
    lab: Scenario | None = None
    """What the lab opens; the first arm's scenario if None."""
    regimes: tuple[str, str] = ("layered", "whistle")
    """And the two sides it shows."""
    looks: tuple[str, ...] = ("clocks",)
    """Bands of the picture that the scene is about: pile, body, flow, names, clocks, homes."""
    sides: int = 1
    """How many sides the picture shows once one has guessed; where the arms are no regimes, the first."""


def mean(runs: Runs, arm: str, name: str) -> float:
    """Mean of a value over an arm's runs."""
    return float(np.mean([run[name] for run in runs[arm]]))


def verdict(runs: Runs, a: str, b: str, name: str, other: str = "") -> str:
    """Whether b − a is more, less or the same (its paired 95 % interval holds 0)."""
    found = paired([run[name] for run in runs[a]], [run[other or name] for run in runs[b]], 1)
    return {BETTER: MORE, WORSE: LESS, OPEN: SAME}[mark(found.difference, 1, found.p)]


def row(runs: Runs, label: str, a: str, b: str, name: str, direction: int | None = None, *, other: str = "",
        digits: int = 2) -> dict[str, Any]:
    """A row of a picture of pairs: both means, and whether b is better, worse or not told apart."""
    side = direction if direction is not None else MEASURES[name].direction
    way = {MORE: side, LESS: -side, SAME: 0}[verdict(runs, a, b, name, other)]
    return {"label": label, "a": mean(runs, a, name), "b": mean(runs, b, other or name), "digits": digits,
            "verdict": {1: "better", -1: "worse", 0: "unresolved"}[way]}


def measured(*names: str) -> Callable[[GovernanceModel], Values]:
    """Some measures of a run."""
    return lambda m: {name: value for name, value in m.measures().items() if name in names}


# --- the scenes -------------------------------------------------------------------------------------------------


def _hours(m: GovernanceModel) -> Values:
    """A cadre's day: hours of eight by group."""
    spent = m.ledger()
    mine = spent[spent["agent_class"] == "cadre"]
    groups = mine.groupby(mine["activity"].map(group_of), sort=False)["hours"].sum()
    return {name: float(DAY_HOURS * hours / mine["hours"].sum()) for name, hours in groups.items()}


def _day(runs: Runs) -> Told:
    groups = ("paper", "assessment", "for_residents", "directives", "core_work", "steering", "idle")
    hours = {name: float(np.mean([run.get(name, 0.0) for run in runs["layered"]])) for name in groups}
    forms = hours["paper"] + hours["assessment"]
    return Told(forms, [("day_told", {"forms": forms, "residents": hours["for_residents"]}),
                        ("day_most" if forms > hours["for_residents"] else "day_least", {})],
                {"kind": "stack", "unit": "hours", "rows": [{"label": "layered", "parts": hours}]})


def _order(runs: Runs) -> Told:
    rows = [{"label": f"way_{arm}", "value": 100 * mean(runs, arm, "escalation_ratio"),
             "note": 100 * mean(runs, arm, "clarity_at_street")} for arm in runs]
    values = {r["label"]: r for r in rows}
    best = max(rows, key=lambda r: r["note"])
    return Told(values["way_as_is"]["value"], [
        ("order_told", {"target": values["way_as_is"]["value"], "clear": values["way_as_is"]["note"]}),
        ("order_tight", {"target": values["way_tighten"]["value"]}),
        (f"order_best_{best['label'][4:]}", {"clear": best["note"]})],
        {"kind": "bars", "unit": "target", "rows": rows, "base": 100})


def _data(m: GovernanceModel) -> Values:
    hours = days_of(m, m.record.hours)[:, CADRE].mean(axis=0)
    again, first = float(hours[Act.REWORK]), float(hours[Act.DATA])
    return {"first": first, "repeat": again, "share": 100 * again / (again + first)}


def _statistics(runs: Runs) -> Told:
    share = {arm: mean(runs, arm, "share") for arm in runs}
    rows = [{"label": f"data_row_{arm}", "parts": {n: mean(runs, arm, n) for n in ("repeat", "first")}} for arm in runs]
    slim = verdict(runs, "layered", "slim", "share")
    return Told(share["layered"], [("data_told", {"share": share["layered"]}),
                                   (f"data_slim_{slim}", {"share": share["slim"]}),
                                   ("data_clear", {"share": share["clear"]})],
                {"kind": "stack", "unit": "hours_day", "rows": rows})


def _slimming(runs: Runs) -> Told:
    known, special = (verdict(runs, f"{k}25", f"{k}6", "served_cases") for k in ("any_", "expert_"))
    rows = [row(runs, "handoffs_per_case", "expert_25", "expert_6", "handoffs_per_case"),
            row(runs, "duplicate_requests", "expert_25", "expert_6", "duplicate_requests"),
            row(runs, "cases_any", "any_25", "any_6", "served_cases", digits=3),
            row(runs, "cases_expert", "expert_25", "expert_6", "served_cases", digits=3)]
    gain = {k: [{"cases": b["served_cases"] - a["served_cases"]}
                for a, b in zip(runs[f"{k}25"], runs[f"{k}6"], strict=True)] for k in ("any_", "expert_")}
    price = verdict(gain, "any_", "expert_", "cases")
    return Told(special, [(f"slim_expert_{special}", {}), (f"slim_any_{known}", {}), (f"slim_price_{price}", {})],
                {"kind": "pairs", "a": "offices_25", "b": "offices_6", "rows": rows})


WHISTLED = ("served_cases", "served_policy", "served_core", "formalism_share")
WHISTLE_VALUES = measured(*WHISTLED)
"""One function, so that scenes share runs."""


def _whistle(runs: Runs) -> Told:
    core, cases = (verdict(runs, "layered", "whistle", name) for name in ("served_core", "served_cases"))
    return Told(core, [(f"whistle_cases_{cases}", {}), (f"whistle_core_{core}", {})],
                {"kind": "pairs", "a": "layered", "b": "whistle",
                 "rows": [row(runs, name, "layered", "whistle", name) for name in WHISTLED]})


def _emergencies(m: GovernanceModel) -> Values:
    e, day = m.emergencies, m.scenario.burn_in + 20
    at = {s: int(np.flatnonzero((e.born == day) & (e.street == s))[0]) for s in (0, 1)}
    return {"first_known": float(e.first[at[0]]), "first_unknown": float(e.first[at[1]]),
            "after": float(e.success[at[0]] / e.first[at[0]])}


def _landslide(runs: Runs) -> Told:
    place = mean(runs, "command", "first_known") - mean(runs, "command", "first_unknown")
    command = mean(runs, "command", "first_known") - mean(runs, "nobody", "first_known")
    truth = "place" if place > abs(command) + 0.01 else "command" if command > abs(place) + 0.01 else "both"
    after = verdict(runs, "nobody", "command", "after")
    rows = [row(runs, "first_hours", "command", "command", "first_unknown", 1, other="first_known"),
            row(runs, "first_command", "nobody", "command", "first_known", 1),
            row(runs, "days_after", "nobody", "command", "after", 1)]
    return Told(truth, [(f"slide_first_{truth}", {"known": 100 * mean(runs, "command", "first_known"),
                                                 "unknown": 100 * mean(runs, "command", "first_unknown"),
                                                 "alone": 100 * mean(runs, "nobody", "first_known")}),
                        (f"slide_after_{after}", {"with": 100 * mean(runs, "command", "after"),
                                                  "without": 100 * mean(runs, "nobody", "after")})],
                {"kind": "pairs", "a": "without_it", "b": "with_it", "rows": rows})


def _reduction(runs: Runs) -> Told:
    apart, noise = (verdict(runs, *pair, "policy_fit") for pair in (("uniform", "apart"), ("silent", "uniform")))
    rows = [row(runs, "fit_apart", "uniform", "apart", "policy_fit", digits=3),
            row(runs, "fit_complaints", "silent", "uniform", "policy_fit", digits=3)]
    return Told(apart, [(f"double_apart_{apart}", {}), (f"double_noise_{noise}", {})],
                {"kind": "pairs", "a": "without_it", "b": "with_it", "rows": rows})


def _site(m: GovernanceModel) -> Values:
    return {"policy_fit": m.measures()["policy_fit"], "petitions": float(m.record.column("petitions").sum())}


def _sites(runs: Runs) -> Told:
    known = verdict(runs, "obeys", "adapts", "policy_fit")
    strange = verdict(runs, "blind_obeys", "blind_adapts", "policy_fit")
    heard = verdict(runs, "strangers", "adapts", "petitions")
    rows = [row(runs, "site_known", "obeys", "adapts", "policy_fit", digits=3),
            row(runs, "site_unknown", "blind_obeys", "blind_adapts", "policy_fit", digits=3),
            row(runs, "site_petitions", "strangers", "adapts", "petitions", 1, digits=1)]
    return Told(known, [(f"site_known_{known}", {}), (f"site_unknown_{strange}", {}), (f"site_heard_{heard}", {})],
                {"kind": "pairs", "a": "without_it", "b": "with_it", "rows": rows})


def _failing(runs: Runs) -> Told:
    where = ("rich", "far", "crying")
    need = {k: verdict(runs, f"{k}_layered", f"{k}_whistle", "served_cases") for k in where}
    core = {k: verdict(runs, f"{k}_layered", f"{k}_whistle", "served_core") for k in where}
    rows = [row(runs, f"fail_{k}", f"{k}_layered", f"{k}_whistle", "served_cases", digits=3) for k in where]
    rows += [row(runs, f"fail_core_{k}", f"{k}_layered", f"{k}_whistle", "served_core", digits=3) for k in where]
    lost = sum(v == LESS for v in core.values())
    return Told(need["crying"], [(f"fail_rich_{need['rich']}", {}), (f"fail_far_{need['far']}", {}),
                                 (f"fail_crying_{need['crying']}", {}), ("fail_core", {"lost": lost, "of": len(core)})],
                {"kind": "pairs", "a": "layered", "b": "whistle", "rows": rows})


def _both(prefix: str, which: str, **given: Any) -> dict[str, Arm]:
    scenario = load_scenario(which, **{**SPAN, **given})
    return {f"{prefix}{regime}": Arm(scenario, regime) for regime in ("layered", "whistle")}


def _rules(slot: str, name: str) -> Rules:
    return Rules(**{slot: find(name)[1]})


def _all() -> tuple[Scene, ...]:
    orders, double = load_scenario("difficult", **SHORT), load_scenario("double-reduction", days=45, burn_in=15)
    slide = load_scenario("landslide", days=35, burn_in=15)
    stats, site = load_scenario("statistics", **SHORT), load_scenario("test-site", **SHORT, **MISPLACED)
    blind = site.with_(knowledge=0.05, v_err=0.9)
    slims = {k: load_scenario("slimming", **SHORT, **given) for k, given in (("any_", {"psi": 0.0}), ("expert_", {}))}
    ways = {"as_is": None, "relay": "mailbox", "tighten": "driven_leader", "translate": "grounded_leader"}
    yes_no = (MORE, SAME, LESS)
    return (
        Scene("day", {"layered": Arm(load_scenario("rich", **SPAN))}, _hours, _day, scale=(0, 8, 0.5, "hours"),
              seeds=(1, 2)),
        Scene("order", {k: Arm(orders, "layered", _rules("transmission_mode", v) if v else None)
                        for k, v in ways.items()},
              measured("escalation_ratio", "clarity_at_street"), _order, scale=(80, 250, 5, "target"), seeds=(1, 2),
              looks=("flow", "names")),
        Scene("data", {"layered": Arm(stats), "slim": Arm(stats, "layered+slim"),
                       "clear": Arm(stats.with_(rework=0.0))},
              _data, _statistics, seeds=(1, 2, 3), regimes=("layered", "layered+slim"),
              looks=("pile", "clocks"), sides=2),
        Scene("slim", {f"{k}{n}": Arm(s, regime) for k, s in slims.items()
                       for n, regime in (("25", "layered"), ("6", "layered+slim"))},
              measured("served_cases", "handoffs_per_case", "duplicate_requests"), _slimming, yes_no,
              lab=slims["expert_"], regimes=("layered", "layered+slim"), looks=("clocks", "homes"), sides=2),
        Scene("whistle", _both("", "rich"), WHISTLE_VALUES, _whistle, yes_no, looks=("body", "flow"), sides=2),
        Scene("slide", {"command": Arm(slide), "nobody": Arm(slide, "layered", NOBODY)},
              _emergencies, _landslide, ("place", "command", "both"), seeds=(1, 2, 3),
              looks=("flow", "names", "homes")),
        Scene("double", {"apart": Arm(double, "layered", episodes.APART),
                         "uniform": Arm(double, "layered", episodes.NEVER_APART),
                         "silent": Arm(double.with_(platform_base=0.0), "layered", episodes.NEVER_APART)},
              measured("policy_fit"), _reduction, yes_no, looks=("flow", "names")),
        Scene("site", {"adapts": Arm(site, "layered", episodes.ALL_ADAPT),
                       "obeys": Arm(site, "layered", episodes.NOBODY_ADAPTS),
                       "blind_adapts": Arm(blind, "layered", episodes.ALL_ADAPT),
                       "blind_obeys": Arm(blind, "layered", episodes.NOBODY_ADAPTS),
                       "strangers": Arm(site.with_(ties=0.0), "layered", episodes.ALL_ADAPT)},
              _site, _sites, yes_no, looks=("clocks", "homes")),
        Scene("fail", {**_both("rich_", "rich"), **_both("far_", "rich", reach=0.05),
                       **_both("crying_", "rich", reach=0.05, inflation=0.5)},
              WHISTLE_VALUES, _failing, yes_no, lab=load_scenario("rich", **SPAN, reach=0.05, inflation=0.5),
              looks=("body", "flow"), sides=2),
    )


SCENES: dict[str, Scene] = {scene.key: scene for scene in _all()}
