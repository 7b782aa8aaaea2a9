"""The runs whose results are written down: each a name, changes to a scenario, a regime and a seed.

They reach every switch, control arm, shipped scenario, kind of event, way to cut a street and most ends of the
parameters' ranges; most are small, so that all of them take seconds. `cases.csv` and `cases_plain.csv` are made up
(a script with a fixed seed), as are the streets and causes they name: the first has all columns, weekends, open cases,
gaps, shared causes, cases of up to four domains and three rows that cannot be used; the second only what a log
must have.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.governance import GovernanceModel
from model.scenario import Scenario, load_scenario

HERE = Path(__file__).parent
SMALL = {"streets": 3, "departments": 8, "cadres": 8, "residents": 100, "days": 50, "burn_in": 20, "cooldown": 30}
MIDDLE = {"departments": 10, "cadres": 8, "residents": 100, "days": 45, "burn_in": 20, "cooldown": 20}
"""For shipped scenarios, some of which need their six streets."""


class Configuration(NamedTuple):
    """One run."""

    name: str
    changes: dict
    regime: str = "layered"
    seed: int = 1
    file: str = ""
    """A shipped scenario the changes are laid over."""

    def scenario(self) -> Scenario:
        """The scenario of the run."""
        return load_scenario(self.file).with_(**self.changes) if self.file else Scenario(**self.changes)

    def results(self) -> dict:
        """What is written down of the run, by name; of each day's series its sum over the days where it is defined."""
        m = GovernanceModel(self.scenario(), self.regime, rng=self.seed).run()
        series = m.series()
        return {
            "measures": m.measures(),
            "hours": {f"{who}.{activity}": hours for who, activity, hours in m.ledger().itertuples(index=False)},
            "accounts": m.accounts(),
            "series": {name: float(np.nansum(series[name].to_numpy(float))) for name in series.columns},
        }


def small(name: str, regime: str = "layered", seed: int = 1, **changes) -> Configuration:
    """A small district with some values changed."""
    return Configuration(name, {**SMALL, **changes}, regime, seed)


def shipped(file: str, regime: str, seed: int = 3, **changes) -> Configuration:
    """A shipped scenario in a district of middle size."""
    return Configuration(f"{file}-{regime}", {**MIDDLE, **changes}, regime, seed, file)


def logged(name: str, regime: str, file: str = "cases.csv", **changes) -> Configuration:
    """A small district whose cases come from a log."""
    return small(name, regime, 4, **{"needs": str(HERE / file), **changes})


def event(day: int, kind: str, street: int = 0, domain: int = 0) -> dict:
    """One event of a scenario."""
    return {"day": day, "kind": kind, "street": street, "domain": domain}


SWITCHES = ("slim", "dispatch", "triage", "two_way", "mobilise")
CONTROLS = ("merge_tasks", "cut_forms", "train", "more_staff")
HARD = {"load": 2.0, "cause_share": 0.4}
"""More than the hours suffice for, so that deadlines pass and requests come back."""
MANY_EVENTS = [event(day, kind, day % 3, day % 8) for day in range(2, 42, 3)
               for kind in ("emergency", "inspection", "whistle", "central_work")]

REGIMES = (
    small("layered"),
    small("whistle", "whistle"),
    *(small(f"layered+{switch}", f"layered+{switch}", 2) for switch in SWITCHES),
    *(small(f"whistle-{switch}", f"whistle-{switch}", 2, **HARD) for switch in SWITCHES),
    *(small(f"layered+{arm}", f"layered+{arm}", 3) for arm in CONTROLS),
    small("whistle+merge_tasks+cut_forms", "whistle+merge_tasks+cut_forms", 5, idea_rate=1.0),
    small("whistle+train+more_staff", "whistle+train+more_staff", 3),
    small("layered+all-controls", "layered+" + "+".join(CONTROLS), 4, **HARD),
    small("whistle+all-controls", "whistle+" + "+".join(CONTROLS), 4, **HARD),
    small("difficult-layered", "layered", 5, region="difficult"),
    small("difficult-whistle", "whistle", 5, region="difficult"),
    small("hard-layered", "layered", 6, **HARD),
    small("hard-whistle", "whistle", 6, **HARD),
    *(small(name, name, 7, **HARD) for name in ("whistle_ordinary", "hotline", "grid", "whistle+hotline")),
)

SHIPPED = (
    shipped("landslide", "layered"),
    shipped("landslide", "whistle"),
    shipped("double-reduction", "layered"),
    shipped("double-reduction", "layered+two_way"),
    shipped("test-site", "layered"),
    shipped("statistics", "layered"),
    shipped("slimming", "layered+slim"),
    shipped("stress-uninspected", "layered"),
    shipped("stress-complaints", "whistle"),
    shipped("stress-inflation", "whistle"),
    shipped("stress-load", "layered", streets=3),
    shipped("stress-mobilise", "whistle"),
    shipped("stress-reach", "whistle"),
    shipped("stress-staff", "layered"),
    shipped("stress-unreasonable", "whistle"),
)

SIZES = (
    small("one-street", "whistle", streets=1, residents=150),
    small("two-departments", "whistle", departments=2),
    small("one-department", "layered", departments=1),
    small("one-department-whistle", "whistle", departments=1),
    small("fewer-cadres-than-offices", "layered", cadres=3),
    small("two-cadres-five-offices", "whistle+offices=5", cadres=2),
    small("one-cadre", "layered", cadres=1),
    small("one-cadre-whistle", "whistle", cadres=1),
    small("sixty-departments", "whistle+offices=7", departments=60, cadres=25, streets=2, days=40),
    small("ten-residents", "whistle", residents=10),
    small("one-office", "whistle+offices=1"),
    small("more-offices-than-departments", "whistle+offices=9", departments=4),
    small("more-cadres-than-departments", "whistle+offices=4", cadres=20, departments=6, residents=200),
    small("twenty-streets", "layered", streets=20, cadres=4, residents=40, days=40),
    small("seven-departments-five-cadres", "whistle+offices=4", departments=7, cadres=5),
    Configuration("three-thousand-residents", {"streets": 2, "residents": 3000, "cadres": 40, "departments": 10,
                                               "days": 40, "burn_in": 15}, "whistle", 2),
)

ENDS = (
    small("no-gaming", "layered", gaming=0),
    small("all-found", "whistle", gaming=1, depth=1),
    small("full-gaming", "layered+two_way", gaming=1, depth=0, **HARD),
    small("sigma-1", "whistle+sigma_street=1+sigma_department=1"),
    small("sigma-0", "whistle+sigma_street=0+sigma_department=0"),
    small("threshold-95", "whistle", fit_threshold=0.95, disturb_rate=20),
    small("same-conditions", "layered", theta_sd=0, groundedness_sd=0, idea_spread=0, whim_sd=0),
    small("no-burn-in", "whistle", burn_in=0),
    small("long-burn-in", "whistle", burn_in=100, days=35),
    small("reach-05", "whistle", reach=0.05),
    small("kappa-05", kappa=0.5),
    small("kappa-2", "whistle", kappa=2),
    small("kappa-4", kappa=4, **HARD),
    small("fresh-0", fresh=0),
    small("fresh-60", "whistle", fresh=60, item_pool=10),
    small("no-items", "whistle", items=0),
    small("sixty-items", items=60, item_pool=1, common_items=1),
    small("load-4", load=4),
    small("load-4-whistle", "whistle", load=4),
    small("load-005", "whistle", load=0.05),
    small("patience-5", "layered", patience=5, case_due=3),
    small("mostly-causes", "whistle", cause_share=0.9, cause_size=30, misgroup=0.5),
    small("cheap-repairs", "layered", cause_share=0.9, cause_size=2, repair_cases=1),
    small("unreasonable-35", "layered", unreasonable=0.35),
    small("voice-2", "layered", voice_cost=0, platform_base=1),
    small("requests-2-days", "layered", request_due=2, accept_base=0, accept_gain=0, authority_share=1),
    small("bind-at-once", "layered", bind_after=0, h_bind=0.1),
    small("dear-binding", bind_after=0, h_bind=8, **HARD),
    small("no-civic-hours", "whistle", civic_hours=0),
    small("core-due-60", core_due=60, h_core=60),
    small("need-rate-3", "whistle", need_rate=0.3),
    small("no-needs", "whistle", need_rate=0, emergency_rate=20),
    small("closed-ears", "whistle", openness=0),
    small("open-ears", "whistle", openness=1, voice_bias=1, learning_rate=1),
    small("no-ideas", "whistle", idea_rate=0),
    small("three-ideas", "layered", 2, idea_rate=3, h_issue=1, delta=0.5),
    small("no-core", "whistle", core_rate=0),
    small("central-works", idea_rate=1, central_share=1, delta=0.5),
    small("rigid", "layered", specificity=1, tighten_step=1, theta_mean=0.9, knowledge=0.98, ties=1, load=2),
    small("free", "whistle", specificity=0, v_err=1, knowledge=0.02, translate_share=0),
    small("ungrounded", "layered", groundedness=0.05, alpha=0.6, whim_sd=0.5, h_int=20, load=2),
    small("paper", "layered", rework=0.6, rework_askers=0.2, h_report=4, h_item=2),
    small("urgent", "layered", directive_due=3, case_due=1, core_due=1),
    small("cross-domain", "whistle", life_share=1, cross_share=1, kinship=0, tacit=0.9, psi=0.5),
    small("cross-domain-layered", life_share=0, cross_production=1, kinship=1, h_handoff=8, accept_crowd=0.2),
    small("cut-all-forms", "layered+forms=0"),
    small("cut-few-forms", "whistle+forms=0.99"),
    small("inflated", "whistle", inflation=0.5, authority_share=0, load=3),
    small("one-person", "whistle", staff=1),
    small("dear-people", "whistle", h_request=8, h_refuse=4, h_triage=4, h_callback=4, h_inspect=8, h_feedback=2),
    small("pushed-down", "layered", core_rate=5, pushed_cost=4),
    small("pushed-back", "whistle", core_rate=5, load=2),
    small("own-conditions", "layered", theta_by_street=[0, 1, 0.5], knowledge_by_street=[0, 1, 0.3]),
)

EVENTS = (
    small("events-layered", "layered", events=MANY_EVENTS),
    small("events-whistle", "whistle", 2, events=MANY_EVENTS),
    small("events-merged", "layered+merge_tasks", 2, events=MANY_EVENTS[:20]),
    small("events-at-the-edges", "whistle", burn_in=0, events=[
        *(event(0, kind, 1, 7) for kind in ("central_work", "whistle", "inspection", "emergency")),
        *(event(49, kind, 2, 0) for kind in ("emergency", "inspection", "whistle", "central_work")),
        *(event(10, "emergency", 0) for _ in range(12)), *(event(12, "central_work", 0, 3) for _ in range(12))]),
)

LOGS = (
    logged("log-layered", "layered"),
    logged("log-whistle", "whistle"),
    logged("log-few-departments", "whistle", departments=4, days=100),
    logged("log-sample", "layered", needs_sample=0.4),
    logged("log-plain", "whistle", "cases_plain.csv", streets=2),
    logged("log-voiced-by-all", "layered", voice_cost=0, residents=60, burn_in=0, events=MANY_EVENTS[:8]),
)

FULL = (
    Configuration("full-layered", {}, "layered", 7),
    Configuration("full-whistle", {}, "whistle", 7),
    Configuration("full-difficult-layered", {"region": "difficult"}, "layered", 8),
    Configuration("full-difficult-whistle", {"region": "difficult"}, "whistle", 8),
    Configuration("full-stress-load", {"days": 120}, "layered", 9, "stress-load"),
    Configuration("full-two-years", {"streets": 3, "days": 500}, "whistle-slim", 10),
)

CONFIGURATIONS = (*REGIMES, *SHIPPED, *SIZES, *ENDS, *EVENTS, *LOGS, *FULL)
