"""The essay's episodes on the shipped scenario files: what must show, and when it must fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from agents.rules import Rules
from agents.work import Act
from languages.text import _
from model.governance import GovernanceModel
from model.measures import CADRE
from model.scenario import load_scenario

from .check import COOLDOWN, SHORT, Check, above, arm, length, near

NOBODY_ADAPTS = replace(Rules(), adapt_chance=lambda fit_, specificity, threshold, motivation, knowledge: 0.0)
ALL_ADAPT = replace(Rules(), adapt_chance=lambda fit_, specificity, threshold, motivation, knowledge: (
    1.0 if specificity > 0.5 and fit_ < threshold else 0.0))
NO_COMMAND = replace(Rules(), days_after=lambda command, core, busy: Rules().days_after(0.0, core, busy))
APART = replace(Rules(), distinguishes=lambda belief_gap: belief_gap >= 0)
FULL_HOURS = replace(Rules(), delivered=lambda motivation, slack: 1.0 + 0.0 * motivation)
NEVER_APART = replace(Rules(), distinguishes=lambda belief_gap: belief_gap < 0)


def _runs(episode: str, get: Callable[[GovernanceModel], Any], quick: bool, regime: str = "layered",
          rules: Rules | None = None, **given: Any) -> np.ndarray:
    """What an episode's runs say, a row a seed."""
    scenario = load_scenario(episode, **{"cooldown": COOLDOWN, **given})

    def run(seed: int) -> GovernanceModel:
        return GovernanceModel(scenario, regime, rng=seed, rules=rules).run() if rules else arm(scenario, regime, seed)

    return np.array([get(run(seed)) for seed in range(1, 4 if quick else 7)], float)


def _of(name: str) -> Callable[[GovernanceModel], float]:
    return lambda m: m.measures()[name]


FIT = _of("policy_fit")


def _hazard(m: GovernanceModel, day: int, street: int) -> int:
    """The row of an injected emergency."""
    e = m.emergencies
    return int(np.flatnonzero((e.born == m.scenario.burn_in + day) & (e.street == street))[0])


def landslide(quick: bool) -> Iterator[Check]:
    """Those on the spot decide the first hours, the command the days after; drawn down departments are missed."""
    def both(m: GovernanceModel) -> np.ndarray:
        rows = [_hazard(m, 20, street) for street in (0, 1)]
        return np.concatenate((m.emergencies.first[rows], m.emergencies.success[rows]))

    def run(regime: str = "layered", rules: Rules | None = None, **given: Any) -> np.ndarray:
        return _runs("landslide", both, quick, regime, rules, **{"days": 40, "burn_in": 60, **given})

    base = run()
    yield above(_("landslide: first hours, street that knows the place − street that does not"), 0.0,
                base[:, 0] - base[:, 1], "essay §3: 凌晨时分，带领村民翻山越岭")
    yield above(_("landslide: success, with the command − without"), 0.0, base[:, 2] - run(rules=NO_COMMAND)[:, 2],
                "essay §3: 县上的灾后应急抢险指挥部高效运转")
    drained = {"days": 150, "burn_in": 60, "need_rate": 0.08,
               "events": [{"day": 120, "kind": "emergency", "street": 1}]}

    def late(m: GovernanceModel) -> float:
        return m.emergencies.success[_hazard(m, 120, 1)]

    gain = _runs("landslide", late, quick, "whistle", **drained) - _runs("landslide", late, quick, **drained)
    yield above(_("landslide fails: departments drawn down by whistles, place unknown, whistle − layered"), 0.0, gain,
                "core work low after months of whistles", sign=-1)


def double_reduction(quick: bool) -> Iterator[Check]:
    """An answer that tells streets apart fits; one answer for all does not, the less the more is complained."""
    apart, uniform, silent = (
        _runs("double-reduction", FIT, quick, rules=rules, **given, **SHORT)
        for rules, given in ((APART, {}), (NEVER_APART, {}), (NEVER_APART, {"platform_base": 0.0})))
    yield above(_("double reduction: policy fit, streets told apart − one answer for all"), 0.0, apart - uniform,
                "essay §2: 联系两地实际情况加以区别")
    yield above(_("double reduction fails: one answer for all, many complaints − none"), 0.0, uniform - silent,
                "the answer goes to whoever complains", sign=-1)


def adapting(quick: bool) -> Iterator[Check]:
    """Who knows the place does better by acting on his own, and is vindicated where residents know him; else not."""
    def seen(m: GovernanceModel) -> list[float]:
        return [FIT(m), m.record.column("petitions").sum(), m.measures()["motivation"]]

    known, strangers = (_runs("test-site", seen, quick, **given, **SHORT) for given in ({}, {"ties": 0.0}))
    gain = known[:, 0] - _runs("test-site", FIT, quick, rules=NOBODY_ADAPTS, **SHORT)
    yield above(_("test site: policy fit, adapting − obeying, place known"), 0.0, gain, "essay §4: 小圆")
    poor = {"knowledge": 0.05, "v_err": 0.9, "theta_mean": 0.5, **SHORT}
    loss = _runs("test-site", FIT, quick, rules=ALL_ADAPT, **poor) - _runs(
        "test-site", FIT, quick, rules=NOBODY_ADAPTS, **poor)
    yield above(_("test site fails: policy fit, adapting − obeying, place unknown"), 0.0, loss,
                "his own error is larger than the order's (T13)", sign=-1)
    yield above(_("test site: petitions among acquaintances − among strangers"), 0.0, known[:, 1] - strangers[:, 1],
                "essay §4: 居民们便自发接龙为小圆请愿正名")
    yield above(_("test site fails: motivation among acquaintances − among strangers"), 0.0,
                known[:, 2] - strangers[:, 2], "without petitions the sanction stands, initiative dies")


def statistics(quick: bool) -> Iterator[Check]:
    """A report that comes back with chance ε costs h/(1 − ε), more where more ask; slimming leaves that as it is."""
    def redone(m: GovernanceModel) -> float:
        hours = m.record.hours[:, CADRE].sum(axis=0)
        return hours[Act.REWORK] / (hours[Act.REWORK] + hours[Act.DATA])

    calm = {"load": 0.1, "campaign_size": 1.0, **length(quick)}  # what is begun is finished
    rework = load_scenario("statistics").rework
    # an hour paid delivers an hour: where several share a desk, who redoes is not who collects, and may be slower
    for regime in ("layered", "layered+slim"):
        share = _runs("statistics", redone, quick, regime, FULL_HOURS, rework_askers=0.0, **calm)
        name = (_("statistics: share of data work redone") if regime == "layered"
                else _("statistics fails: share of data work redone, slimming alone"))
        yield near(name, rework, share.mean(), 5e-3,
                   "T11; a hundredth for work that is open at the switch and the end")
    more = _runs("statistics", redone, quick, rework=0.2, rework_askers=0.1, **calm)
    yield above(_("statistics: share of data work redone, several ask − one"), 0.0, more - 0.2,
                "essay §2: supplements, returns")


def slimming(quick: bool) -> Iterator[Check]:
    """Fewer offices hand over less and ask less twice; where special knowledge counts, that costs the gain."""
    names = ("handoffs_per_case", "duplicate_requests")

    def seen(m: GovernanceModel) -> list[float]:
        return [_of(name)(m) for name in names]

    less = _runs("slimming", seen, quick, "layered+slim", **SHORT) - _runs("slimming", seen, quick, **SHORT)
    for k, name in enumerate(names):
        yield above(_("slimming: {what}, 6 offices − 25", what=name.replace('_', ' ')),
                    0.0, less[:, k], "essay §4: 机构减肥",
                    sign=-1)
    gains = [_runs("slimming", _of("served_cases"), quick, "layered+slim", psi=psi, **SHORT)
             - _runs("slimming", _of("served_cases"), quick, psi=psi, **SHORT) for psi in (0.5, 0.0)]
    yield above(_("slimming fails: gain in cases served, specialists needed − not"), 0.0, gains[0] - gains[1],
                "psi .5 against 0", sign=-1)


MAKERS = (landslide, double_reduction, adapting, statistics, slimming)
