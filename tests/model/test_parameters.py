"""Every parameter matters, in a stated direction: low against high, on paired seeds.

Where a default is one end of a row, its run is shared by all such rows. A row's other settings make the parameter
bite: `kindness` needs ratings, the cost of a request an unreasonable demand, and so on.
"""

from dataclasses import replace

import numpy as np
import pytest

from model.regimes import Regime
from model.scenario import PARAMETERS

pytestmark = pytest.mark.slow


class Cheaper(Regime):
    """Layered assessment with a channel at half the cost of a call."""

    def powers(self, scenario):
        return replace(super().powers(scenario), contact=0.5)


L, W, CHEAP = "layered", "whistle", Cheaper()
DAYS_TO_ACCEPT = "#accept_days/#accept_count"
MISFIT = {"groundedness": 0.1, "theta_mean": 0.9}
CAUSES = {"cause_share": 0.6}
YEARS_END = {"burn_in": 190}
HAZARDS = {"emergency_rate": 20.0}

# parameter: low, high, {measure, hours or count: direction}, regime, other settings
TABLE = {
    "streets": (2, 3, {"paid_hours": +1}, L, {}),
    "departments": (6, 25, {"paid_hours": +1, "conflict_hours": +1, "duplicate_requests": +1}, L, {}),
    "cadres": (15, 25, {"served_need": +1}, L, {}),
    "residents": (500, 800, {"served_need": -1}, L, {}),
    "staff": (2, 4, {"core_quality": +1, "served_need": +1}, L, {}),
    "days": (60, 90, {"paid_hours": +1}, L, {}),
    # departments short of staff fall behind from day 0, so the longer they have, the worse their core work by the switch
    "burn_in": (10, 60, {"core_quality": -1}, L, {"staff": 2}),
    "from_day": (0, 30, {"paid_hours": -1}, L, {}),
    "cooldown": (0, 60, {"unsettled": -1}, L, {}),
    "load": (1.0, 2.0, {"served_need": -1}, L, {}),
    "need_rate": (0.03, 0.06, {"served_cases": -1}, L, {}),
    "life_share": (0.0, 1.0, {"true_resolution": -1, "handoffs_per_case": +1}, L, {}),
    "cross_share": (0.0, 0.45, {"handoffs_per_case": +1}, L, {}),
    "cross_production": (0.2, 0.9, {"handoffs_per_case": +1}, L, {}),
    "kinship": (0.0, 0.5, {"handoffs_per_case": -1}, W, {}),
    "tacit": (0.0, 0.5, {"served_cases": -1, "#reopened": +1}, L, {}),
    "authority_share": (0.1, 0.4, {"core_quality": -1, "department.respond": +1}, W, {}),
    "unreasonable": (0.0, 0.35, {"measured_resolution": -1}, W, {}),
    "cause_share": (0.0, 0.6, {"#prevented": +1}, "layered+triage", {}),
    "cause_size": (3.0, 20.0, {"#prevented": +1, "served_cases": +1}, "layered+triage", CAUSES),
    "repair_cases": (1.0, 12.0, {"#repairs": -1, "#prevented": -1}, "layered+triage", {}),
    "repair_margin": (0.25, 2.0, {"#repairs": -1, "#prevented": -1}, "layered+triage", {}),
    "patience": (15, 60, {"served_cases": +1, "wait_p90": +1}, L, {}),
    "patience_sd": (0.0, 1.5, {"served_cases": -1}, L, {}),
    "case_due": (5, 15, {"satisfaction": +1}, L, {}),
    "emergency_rate": (3.0, 20.0, {"emergency_success": -1}, L, {"days": 150}),
    "crowd": (0.0, 4.0, {"emergency_success": +1}, W, {**HAZARDS, "knowledge": 0.8, "ties": 1.0}),
    "k_crowd": (0.0, 1.0, {"emergency_success": -1}, W, {**HAZARDS, "ties": 1.0}),
    "summon_gain": (0.0, 3.0, {"emergency_success": +1}, L, {**HAZARDS, "knowledge": 0.8}),
    "k_summon": (0.0, 1.0, {"emergency_success": -1}, L, HAZARDS),
    "drain": (0.0, 0.5, {"emergency_success": -1}, W, {**HAZARDS, "staff": 2}),
    "h_case": (3.0, 6.3, {"served_cases": -1}, L, {}),
    "effort_sd": (1.0, 2.75, {"wait_p50": -1}, L, {}),
    "spot": (0.0, 2.0, {"wait_p50": -1, "handoffs_per_case": -1}, L, {}),
    "severity_effort": (0.0, 0.5, {"served_cases": -1}, L, {}),
    "h_exec": (3.0, 6.5, {"served_policy": -1}, L, {}),
    "h_int": (4.0, 12.0, {"served_policy": -1, "cadre.interpret": +1}, L, {}),
    "h_item": (0.2, 0.53, {"formalism_share": +1}, L, {}),
    "h_report": (0.5, 2.0, {"formalism_share": +1}, L, {}),
    "h_issue": (1.0, 16.0, {"core_quality": -1, "department.issue": +1}, L, {"staff": 2}),
    "h_handoff": (0.0, 1.0, {"casework_share": +1, "cadre.handoff": +1}, L, {}),
    "h_request": (0.0, 0.5, {"casework_share": +1, "cadre.request": +1}, L, {}),
    "h_refuse": (0.1, 4.0, {"casework_share": +1}, L, {"unreasonable": 0.35}),
    "h_inspect": (0.0, 4.0, {"slack": -1, "cadre.inspection": +1}, L, {}),
    "depth": (0.0, 1.0, {"#faults": +1, "cadre.rectify": +1}, L, {}),
    "rush": (0, 60, {"cadre.report": +1, "#inspections": +1, "overtime_wanted": +1}, L, YEARS_END),
    "h_bind": (0.2, 1.0, {"authority": -1, DAYS_TO_ACCEPT: +1}, L, {"accept_base": 0.01}),
    "h_feedback": (0.1, 1.0, {"feedback_reach": -1}, L, {}),
    "h_outreach": (0.0, 2.0, {"knowledge": +1, "cadre.outreach": +1}, L, {}),
    "pushed_cost": (1.0, 1.5, {"served_core": -1}, L, {"staff": 1, "core_rate": 0.5}),
    "core_rate": (0.5, 2.0, {"core_quality": -1, "#pushed_hours": +1}, L, {}),
    "h_core": (20.0, 40.0, {"core_quality": -1}, L, {}),
    "core_due": (3, 10, {"core_quality": +1}, L, {}),
    "idea_rate": (0.1, 0.8, {"served_policy": -1, "cadre.switching": +1}, L, {}),
    "campaign_size": (1.0, 20.0, {"served_policy": -1}, L, {}),
    "campaign_span": (1, 60, {"utilisation": +1}, L, {"campaign_size": 20.0}),
    "crowding": (0.0, 1.0, {"casework_share": -1}, L, {"central_share": 0.9}),
    # central works change hands four times, others twice
    "central_share": (0.0, 0.9, {"clarity_at_street": -1}, L, {}),
    "idea_spread": (0.0, 0.5, {"policy_fit": -1}, L, {}),
    # up to a month, time helps; with much more, work waits longer than the test's days
    "directive_due": (8, 20, {"served_policy": +1}, L, {}),
    "groundedness": (0.1, 0.9, {"escalation_ratio": -1, "policy_fit": +1}, L, {}),
    # where senders are grounded on average, only the spread makes some of them tighten
    "groundedness_sd": (0.0, 0.2, {"escalation_ratio": +1}, L, {"groundedness": 0.8}),
    "alpha": (0.6, 0.85, {"clarity_at_street": +1, "cadre.interpret": -1}, L, {}),
    "specificity": (0.1, 1.0, {"policy_fit": -1}, L, {"knowledge": 0.9}),
    # where nearly all senders tighten; those who translate undo as much of it (DESIGN §4: s −= sσ/2), so mixed it is open
    "tighten_step": (0.0, 0.9, {"policy_fit": -1}, L,
                     {"region": "difficult", "groundedness": 0.02, "groundedness_sd": 0.0, "directive_due": 8}),
    "delta": (0.0, 0.35, {"escalation_ratio": +1}, L, {}),
    "translate_share": (0.0, 0.8, {"clarity_at_street": +1, "policy_fit": +1}, L, {}),
    "whim_sd": (0.0, 0.5, {"policy_fit": -1}, L, {"groundedness": 0.1}),
    "theta_mean": (0.5, 0.9, {"policy_fit": -1, "disturbance": +1}, L, {"disturb_rate": 20.0}),
    "theta_sd": (0.0, 0.25, {"policy_fit": -1}, L, {}),
    "v_err": (0.0, 0.3, {"policy_fit": -1}, L, {}),
    "over": (0.0, 0.4, {"#set_aside": +1}, "layered+discretion=.8", {}),
    "fit_threshold": (0.3, 0.95, {"disturbance": +1, "cadre.rectify": +1}, L, {}),
    "disturb_rate": (0.0, 20.0, {"disturbance": +1}, L, MISFIT),
    "items": (4, 30, {"formalism_share": +1, "trust": -1}, L, {}),
    "item_pool": (15, 60, {"formalism_share": +1}, L, {}),  # the more different items, the rarer a fresh one
    "common_items": (0.1, 0.9, {"duplicate_requests": +1}, L, {}),
    "fresh": (2, 30, {"formalism_share": -1, "cadre.data": -1}, L, {}),
    "rework": (0.0, 0.6, {"formalism_share": +1, "cadre.rework": +1}, L, {}),
    "rework_askers": (0.0, 0.1, {"cadre.rework": +1}, L, {}),
    # sharper attention follows the weights assessed from above, of which residents have the least
    "kappa": (1.0, 3.0, {"casework_share": -1, "served_cases": -1}, L, {}),
    "learning_rate": (0.02, 0.8, {"casework_share": +1}, "layered+two_way", {}),
    "gaming": (0.0, 1.0, {"measured_satisfaction": +1, "resolution_gap": +1}, W, {}),
    "weigh_paperwork": (0.1, 1.0, {"casework_share": -1}, L, {}),
    "weigh_execute": (0.1, 1.0, {"casework_share": -1}, L, {}),
    "weigh_residents": (0.05, 0.6, {"casework_share": +1}, L, {}),
    "weigh_core": (0.1, 1.0, {"department.core": +1}, L, {"staff": 2}),
    "weigh_supervise": (0.1, 1.0, {"department.core": -1}, L, {"staff": 2}),
    "weigh_respond": (0.02, 0.5, {"department.respond": +1}, L, {}),
    "own_paperwork": (0.2, 2.0, {"casework_share": -1}, L, {}),
    "own_casework": (0.3, 3.0, {"casework_share": +1}, L, {}),
    "own_coordinate": (0.1, 3.0, {"casework_share": +1}, L, {}),
    "own_outreach": (0.1, 3.0, {"cadre.outreach": +1}, L, {}),
    "own_polish": (0.1, 3.0, {"cadre.polish": +1}, L, {}),
    "psi": (0.0, 0.5, {"served_cases": -1}, W, {}),
    "knowledge": (0.1, 0.9, {"served_cases": +1, "policy_fit": +1}, L, {}),
    "usual": (12.0, 36.0, {"knowledge": -1}, L, {}),
    "usual_outreach": (0.0, 12.0, {"emergency_success": -1}, L, {**HAZARDS, "learn_rate": 0.5, "learn_gain": 1.0}),
    "learn_rate": (0.02, 0.3, {"knowledge": +1}, L, {"usual": 6.0}),
    "learn_gain": (0.0, 1.0, {"knowledge": +1}, L, {"usual": 6.0}),
    "accept_base": (0.02, 0.05, {"authority": +1, DAYS_TO_ACCEPT: -1}, L, {}),
    "accept_gain": (0.0, 0.3, {"authority": +1, DAYS_TO_ACCEPT: -1}, L, {}),
    "accept_crowd": (0.0, 0.2, {DAYS_TO_ACCEPT: +1, "#returned": +1}, L, {"accept_base": 0.02, "cross_share": 1.0}),
    "request_due": (5, 15, {"authority": +1, "#returned": -1}, L, {}),
    "bind_after": (3, 30, {"authority": -1, DAYS_TO_ACCEPT: +1}, L, {}),
    "reach": (0.1, 0.8, {"served_cases": +1}, W, {}),
    "ties": (0.0, 1.0, {"volunteer_hours": +1}, W, {}),
    "civic_hours": (0.2, 4.0, {"volunteer_hours": +1, "voice_rate": +1, "budget_bound": -1}, W, {}),
    "civic_sd": (0.0, 2.0, {"budget_bound": +1}, L, {}),
    "h_voice": (0.1, 2.0, {"budget_bound": +1, "voice_rate": -1}, L, {}),
    "h_errand": (0.0, 4.0, {"budget_bound": +1}, L, {}),
    "voice_cost": (0.3, 0.8, {"voice_rate": -1}, L, {}),
    # with most needs worth less than a call costs, only blur lets them be voiced
    "voice_steep": (1.0, 8.0, {"voice_rate": -1}, L, {"voice_cost": 1.0}),
    "ads": (0.0, 1.0, {"voice_rate": +1}, CHEAP, {}),
    "tell": (0.0, 1.0, {"voice_rate": +1}, CHEAP, {}),
    "inform": (0.0, 2.0, {"#passed_on": +1, "voice_rate": +1}, "layered+mobilise", {}),
    "volunteer_skill": (0.0, 1.5, {"volunteer_hours": +1}, "layered+mobilise", {}),  # without skill nobody helps with cases
    "call_cost": (0.0, 1.0, {"cadre.outreach": +1}, "layered+mobilise", {}),
    "courtesy": (0.0, 1.0, {"satisfaction": +1}, L, {}),
    "tolerance": (0.0, 0.5, {"satisfaction": +1}, L, {}),
    # most are satisfied, and blur brings them nearer to one half
    "doubt": (0.02, 0.3, {"satisfaction": -1}, L, {}),
    # expectation starts below what answers are worth: who learns faster is harder to satisfy
    "learn_own": (0.1, 0.6, {"satisfaction": -1}, L, {}),
    "learn_near": (0.0, 0.2, {"satisfaction": -1, "voice_rate": +1}, L, {}),
    # its effect on fit turns on whether streets are told apart: test_mechanisms.py, M12
    "platform_base": (0.0, 1.0, {"#platform": +1, "department.distinguish": +1}, L, {"region": "difficult", "days": 80}),
    "direct_knowledge": (0.0, 1.0, {"served_cases": +1}, "hotline", {}),
    "forms_elasticity": (0.0, 1.0, {"formalism_share": -1}, "layered+forms=0.3", {}),
    "kindness": (0.0, 1.0, {"department.respond": -1}, "layered+rate_departments", {}),
    "find": (0.0, 1.0, {"voice_rate": +1}, "grid", {}),
    "h_triage": (0.25, 3.0, {"casework_share": +1, "cadre.triage": +1}, "layered+triage", {}),
    "h_callback": (0.0, 4.0, {"formalism_share": +1, "cadre.callback": +1}, "layered+two_way", {}),
    "inflation": (0.0, 0.5, {"core_quality": -1, "#whistles": +1}, "layered+dispatch", {}),
    "misgroup": (0.0, 0.5, {"#causes_misgrouped": +1, "served_cases": -1}, "layered+triage",
                 {"cause_share": 0.8, "cause_size": 15.0, "repair_cases": 2.0}),
    "secretary_groundedness": (0.1, 0.9, {"clarity_at_street": +1, "policy_fit": +1}, "first_secretary", {}),
    "stay": (0.05, 0.6, {"served_core": -1, "cadre.pushed": -1}, "layered+sent_down=10", {}),
    "platform_watch": (1.0, 3.0, {"#faults": +1, "slack": -1}, "platform", {}),
    "platform_data": (1.0, 2.0, {"formalism_share": +1, "cadre.data": +1}, "platform", {}),
    "openness": (0.1, 0.9, {"feedback_reach": +1, "policy_fit": +1}, L, {}),
    "voice_bias": (0.0, 1.0, {"policy_fit": -1}, "layered+triage",
                   {"theta_sd": 0.25, "knowledge": 0.9, "openness": 0.9, "learning_rate": 0.8}),
    "needs_sample": (0.2, 1.0, {"casework_share": +1}, L, {"needs": "the log"}),
}


def test_the_table_covers_every_parameter():
    assert set(TABLE) == set(PARAMETERS)


@pytest.mark.parametrize("name", TABLE)
def test_parameter(name, moves, request):
    low, high, expected, regime, other = TABLE[name]
    if "needs" in other:
        other = {**other, "needs": request.getfixturevalue("case_log")}
    kind = int if PARAMETERS[name].whole else float
    for measure, direction in expected.items():
        moves(measure, (regime, {**other, name: kind(low)}), (regime, {**other, name: kind(high)}), direction)


@pytest.fixture(scope="session")
def case_log(tmp_path_factory):
    """A made-up log: some forty-five cases a day on three streets."""
    rng = np.random.default_rng(1)
    days = np.datetime64("2024-01-01") + np.arange(110)
    rows = [f"{day},S{rng.integers(3)},D{rng.integers(25)}" for day in days for _ in range(45)]
    path = tmp_path_factory.mktemp("log") / "cases.csv"
    path.write_text("opened,street,domain\n" + "\n".join(rows))
    return str(path)
