"""The essay's mechanisms, each turned up in the default district: which way its measure moves, with the interval.

`MOVES` is what tests turn up in a small district, too. A row is a measure and two sides, (regime, changes of the
scenario, rules if they are not the default ones); the direction is what the essay says of the second against the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from agents.rules import Rules
from agents.work import ACTS, CLASSES
from languages.text import _
from model.governance import GovernanceModel
from model.measures import MEASURES, days_of
from model.scenario import Scenario

from .check import SHORT, Check, above, where
from .episodes import APART as ALWAYS_APART
from .episodes import NEVER_APART, NO_COMMAND, NOBODY_ADAPTS
from .theory import RELAY as ALL_RELAY

L, W = "layered", "whistle"
ALL_TRANSLATE = replace(Rules(), transmission_mode=lambda left, pressure, grounded: "translate")
NO_SYMPATHY_LOST = replace(Rules(), resting_trust=lambda motivation: 0.5 + 0.0 * motivation)

UNGROUNDED = {"groundedness": 0.1}
MISFIT = {**UNGROUNDED, "theta_mean": 0.9}
RIGID = {**MISFIT, "specificity": 1.0, "knowledge": 0.9}
ABOVE = {"theta_by_street": (0.1, 0.1, 0.9, 0.9), "streets": 4, "days": 80, "need_rate": 0.06}
HAZARDS = {"emergency_rate": 20.0}

Side = tuple[Any, ...]
"""Regime, changes, perhaps rules."""
Move = tuple[str, Side, Side, int]


def turned(name: str, low: Any, high: Any, measure: str, direction: int, regime: str = L, **other: Any) -> Move:
    """One parameter from low to high."""
    return measure, (regime, {**other, name: low}), (regime, {**other, name: high}), direction


def switched(high: str, measure: str, direction: int, low: str = L, **other: Any) -> Move:
    """One switch on."""
    return measure, (low, other), (high, other), direction


def ruled(measure: str, low: Rules | None, high: Rules | None, direction: int, **changes: Any) -> Move:
    """One rule for another (None: the default)."""
    return measure, (L, changes, low), (L, changes, high), direction


DAYS_TO_ACCEPT = "#accept_days/#accept_count"
MOVES: dict[str, Move] = {
    _("M1 relay leaves it unclear"): ruled("clarity_at_street", ALL_TRANSLATE, ALL_RELAY, -1),
    _("M1 what is unclear is worked out below"): ruled("cadre.interpret", ALL_TRANSLATE, ALL_RELAY, +1),
    _("M1 clarity lost is worked out below"): turned("alpha", 0.6, 1.0, "cadre.interpret", -1),
    _("M2 faults found become orders"): turned("fit_threshold", 0.3, 0.95, "cadre.rectify", +1),
    _("M2 more of what is inspected is faulted"): turned("fit_threshold", 0.3, 0.95, "#faults/#inspections", +1),
    _("M2 no resources make execution dearer"): ruled("served_policy", ALL_TRANSLATE, ALL_RELAY, -1),
    _("M3 over-specification"): turned("specificity", 0.1, 1.0, "policy_fit", -1, knowledge=0.9),
    _("M4 target up"): turned("delta", 0.0, 0.5, "escalation_ratio", +1),
    _("M4 the higher target is not met"): turned("delta", 0.0, 0.5, "served_policy", -1, **UNGROUNDED),
    _("M5 one prescription for unlike streets"): turned("theta_sd", 0.0, 0.25, "policy_fit", -1),
    _("M5 whims of ungrounded leaders"): turned("whim_sd", 0.0, 0.5, "policy_fit", -1, **UNGROUNDED),
    _("M6 complying disturbs residents"): turned("disturb_rate", 0.0, 20.0, "disturbance", +1, **MISFIT),
    _("M6 disturbance by the threshold"): turned("fit_threshold", 0.3, 0.95, "disturbance", +1),
    _("M6 disturbance leaves more unserved"): turned("disturb_rate", 0.0, 20.0, "served_need", -1, **MISFIT,
                                                  translate_share=0.0),
    _("M6 adapting is sanctioned"): ruled("#sanctions", NOBODY_ADAPTS, None, +1, **RIGID),
    _("M6 adapting fits better"): ruled("policy_fit", NOBODY_ADAPTS, None, +1, **RIGID),
    _("M7 departments overlap"): turned("departments", 6, 25, "duplicate_requests", +1),
    _("M7 departments contradict"): turned("departments", 6, 25, "conflict_hours", +1),
    _("M8 many works cost switching"): turned("idea_rate", 0.1, 0.8, "cadre.switching", +1),
    _("M8 central works crowd a desk, residents wait"): turned("crowding", 0.0, 1.0, "casework_share", -1,
                                                            central_share=0.9),
    _("M9 supplements and returns redo reports"): turned("rework", 0.0, 0.6, "cadre.rework", +1),
    _("M9 the more ask, the more is redone"): turned("rework_askers", 0.0, 0.1, "cadre.rework", +1),
    _("M10 days to accept"): turned("accept_crowd", 0.0, 0.2, DAYS_TO_ACCEPT, +1),
    _("M10 returned requests"): turned("accept_crowd", 0.0, 0.2, "#returned", +1, accept_base=0.02, cross_share=1.0),
    _("M11 late binding"): turned("bind_after", 3, 30, DAYS_TO_ACCEPT, +1),
    _("M11 no hour to bind: answers come later"): turned("h_bind", 0.2, 8.0, DAYS_TO_ACCEPT, +1, accept_base=0.02),
    _("M11 command decides the days after"): ruled("emergency_success", NO_COMMAND, None, +1, **HAZARDS),
    _("M11 several at once share command"): turned("emergency_rate", 3.0, 20.0, "emergency_success", -1, days=150),
    _("M12 a uniform answer fits worse"): ruled("policy_fit", ALWAYS_APART, NEVER_APART, -1, platform_base=1.0,
                                                **ABOVE),
    _("M13 forms"): turned("items", 4, 30, "formalism_share", +1),
    _("M13 traces"): turned("h_report", 0.1, 2.0, "formalism_share", +1),
    _("M13 collecting data costs residents"): turned("items", 4, 30, "trust", -1),
    _("M14 grounded leaders fit better"): turned("groundedness", 0.1, 0.9, "policy_fit", +1),
    _("M15 overloaded departments push down"): turned("core_rate", 0.5, 2.0, "#pushed_hours", +1),
    _("M15 the street cannot bind them"): switched("layered+dispatch", "authority", +1),
    _("M16 filtered feedback"): turned("openness", 0.1, 0.9, "feedback_reach", +1),
    _("M16 no hours for feedback"): turned("h_feedback", 0.1, 1.0, "feedback_reach", -1),
    _("M16 prescriptions learn from feedback"): turned("openness", 0.1, 0.9, "policy_fit", +1),
    _("M16 prescriptions do not learn"): turned("learning_rate", 0.0, 0.8, "policy_fit", +1),
    _("M17 life needs are solved less"): turned("life_share", 0.0, 1.0, "served_cases", -1),
    _("M17 life needs cross domains"): turned("life_share", 0.0, 1.0, "handoffs_per_case", +1),
    _("M18 toil"): turned("items", 4, 30, "toil_index", +1),
    _("M18 toil wears motivation"): turned("items", 4, 30, "motivation", -1),
    _("M18 complaining costs sympathy"): ruled("trust", NO_SYMPATHY_LOST, None, -1),
    _("M18 uneven load, evened by pooling"): switched("layered+slim", "load_inequality", -1),
    _("M19 monitoring prevents slack"): turned("h_inspect", 0.0, 4.0, "slack", -1),
    _("M19 monitoring prevents false closure"): turned("h_inspect", 0.0, 4.0, "resolution_gap", -1, region="difficult"),
    _("W1 hand-offs fall"): switched("layered+slim", "handoffs_per_case", -1),
    _("W1 registers are pooled"): switched("layered+slim", "duplicate_requests", -1),
    _("W1 price: specialisation lost"): turned("psi", 0.0, 0.5, "served_cases", -1, W),
    _("W2 dispatch shortens waits"): switched("layered+dispatch", "wait_p50", -1),
    _("W2 pushed jobs are sent back"): switched("layered+dispatch", "#pushed_hours", -1, staff=2),
    _("W2 price: core work"): switched("layered+dispatch", "core_quality", -1),
    _("W2 triage: recurrence"): switched("layered+triage", "#prevented", +1),
    _("W2 price: triage hours"): switched("layered+triage", "cadre.triage", +1),
    _("W3 response to residents counts"): switched("layered+two_way", "casework_share", +1),
    _("W3 departments answer"): switched("layered+two_way", "department.respond", +1),
    _("W3 more is truly resolved"): switched("layered+two_way", "true_resolution", +1),
    _("W3 price: core work"): switched("layered+two_way", "core_quality", -1, staff=2),
    _("W3 price: rating hours"): switched("layered+two_way", "cadre.rating", +1),
    _("W4 volunteers"): switched("layered+mobilise", "volunteer_hours", +1),
    _("W4 they serve"): switched("layered+mobilise", "served_cases", +1, ties=1.0, civic_hours=8.0, tacit=0.3),
    _("W4 they need ties"): turned("ties", 0.0, 1.0, "volunteer_hours", +1, W),
    _("W4 those served are heard"): switched("layered+mobilise", "voice_rate", +1, ties=1.0, civic_hours=8.0, tacit=0.3,
                                          days=120),
    _("W4 they pass needs on"): switched("layered+mobilise", "#passed_on", +1),
    _("W4 price: outreach hours"): switched("layered+mobilise", "cadre.outreach", +1, call_cost=1.0),
    _("W4 a petition spares a sanction"): turned("ties", 0.0, 1.0, "#sanctions", -1, **RIGID),
    _("W4 a petition mends the order"): turned("ties", 0.0, 1.0, "policy_fit", +1, **RIGID),
    _("reach lets answers arrive (layered)"): turned("reach", 0.1, 1.0, "served_cases", +1),
    _("reach lets whistles arrive"): turned("reach", 0.1, 1.0, "served_cases", +1, W),
    _("ties save in emergencies"): turned("ties", 0.0, 1.0, "emergency_success", +1, **HAZARDS),
    _("knowledge saves in emergencies"): turned("knowledge", 0.1, 0.9, "emergency_success", +1, **HAZARDS),
    _("dispatch solves cases"): switched("layered+dispatch", "served_cases", +1),
    _("merge_tasks (control)"): switched("layered+merge_tasks", "formalism_share", -1),
    _("cut_forms (control)"): switched("layered+cut_forms", "formalism_share", -1),
    _("train (control)"): switched("layered+train", "knowledge", +1),
    _("more_staff (control)"): switched("layered+more_staff", "served_need", +1),
}


def value(m: GovernanceModel, name: str) -> float:
    """A measure (`trust`), hours on the days counted (`cadre.switching`), a count (`#returned`) or a ratio of two."""
    if name in MEASURES:
        found = MEASURES[name].of(m)
        return np.nan if found is None else found
    if not name.startswith("#"):
        who, _, activity = name.partition(".")
        hours = days_of(m, m.record.hours)[:, CLASSES.index(who), ACTS.index(activity.upper())]
        return float(hours.sum())
    top, _, bottom = name.partition("/")
    count, by = (float(days_of(m, m.record.column(part[1:])).sum()) if part else 1.0 for part in (top, bottom))
    return count / by if by else np.nan


def rich(quick: bool) -> Iterator[Check]:
    """M1–M19, W1–W6 in the rich region at its defaults; one that does not move as the essay says is shown as failed."""
    return _moved("rich", quick)


def difficult(quick: bool) -> Iterator[Check]:
    """M1–M19, W1–W6 in the difficult region at its defaults; one that does not move as said is shown as failed."""
    return _moved("difficult", quick)


def _moved(region: str, quick: bool) -> Iterator[Check]:
    seeds = range(1, 4 if quick else 9)
    for name, (measure, low, high, direction) in MOVES.items():
        gains = np.array([_gain(region, measure, low, high, seed, quick) for seed in seeds])
        yield above(_("{name}, {region}: {measure}", name=name, region=where(region), measure=measure),
                    0.0, gains, "the essay; default district, paired", direction)


def _gain(region: str, measure: str, low: Side, high: Side, seed: int, quick: bool) -> float:
    """What the second side has more than the first; the days before the switch once where they are the same."""
    if low[1:] == high[1:] and low[0] != high[0]:
        common = _begun(region, (L, *low[1:]), seed, quick)
        common.run(common.scenario.burn_in)
        first, second = (common.fork(side[0]) for side in (low, high))
    else:
        first, second = (_begun(region, side, seed, quick) for side in (low, high))
    return value(second.run(), measure) - value(first.run(), measure)


def _begun(region: str, side: Side, seed: int, quick: bool) -> GovernanceModel:
    regime, changes, *rules = side
    scenario = Scenario(**{"region": region, **(SHORT if quick else {}), **changes})
    return GovernanceModel(scenario, regime, rng=seed, rules=rules[0] if rules else None)


MAKERS = (rich, difficult)
