"""Load parameters, so that the layered regime spends a given share of cadres' hours on formalism."""

from __future__ import annotations

from model.governance import GovernanceModel
from model.measures import case_parts
from model.scenario import Scenario

from .problem import Free, Goal, Observed, Problem
from .published import published

FREE = (Free("h_item", 0.1, 4.0), Free("h_case", 2.0, 15.0), Free("core_rate", 0.1, 3.0), Free("idea_rate", 0.08, 1.0),
        Free("delta", 0.0, 0.5))
"""`h_item` carries the share; the others keep hours scarce, needs half met and targets growing as found."""
HALF_YEAR, YEAR = 125, 250


def beyond_counter(m: GovernanceModel) -> float:
    """Of the needs that are not settled at the counter: met, by severity."""
    parts = case_parts(m)
    met, all_ = (sum(parts[kind][k] for kind in ("served_street", "served_departments")) for k in (0, 1))
    return met / all_ if all_ else float("nan")


def problem(region: Scenario, level: str) -> Problem:
    """The layered regime only, half a year (the check: a year): nothing that the reform does is looked at."""
    known = published()
    share, need = known[f"formalism_{level[2:]}"], known[f"beyond_counter_{region.region}"]

    def seen(days: int, scenario: Scenario, seed: int) -> Observed:
        m = GovernanceModel(scenario.with_(days=days), "layered", rng=seed).run()
        got = m.measures()
        seen = {share.key: got["formalism_share"], need.key: beyond_counter(m), "utilisation": got["utilisation"],
                "escalation": got["escalation_ratio"]}
        return {key: float("nan") if v is None else v for key, v in seen.items()}

    goals = (Goal(share, 0.02), Goal(need, 0.03), Goal(known["utilisation"], 0.03, least=True),
             Goal(known["escalation"], 0.1))
    return Problem("formalism", region, "layered", FREE, goals, (), lambda s, seed: seen(HALF_YEAR, s, seed),
                   lambda s, seed: seen(YEAR, s, seed))
