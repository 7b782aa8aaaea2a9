"""Every parameter, mechanism and switch moves a measure in a stated direction, on paired seeds."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from agents.rules import Rules
from model.governance import GovernanceModel
from model.scenario import PARAMETERS, Scenario

BASE = dict(streets=4, days=80, burn_in=25)
SEEDS = (1, 2, 3)


@cache
def measures(regime, seed, changes):
    return GovernanceModel(Scenario(**{**BASE, **dict(changes)}), regime, rng=seed).run().measures()


def differences(measure, low, high):
    """Paired differences high − low; each side is (regime, changes)."""
    return np.array([measures(high[0], seed, tuple(sorted(high[1].items())))[measure]
                     - measures(low[0], seed, tuple(sorted(low[1].items())))[measure] for seed in SEEDS])


def moves(measure, low, high, direction):
    """All pairs move that way: with three pairs, one chance in eight each way if nothing did."""
    got = differences(measure, low, high) * direction
    assert (got > 1e-9).all(), f"{measure}: {got * direction}"


# parameter, low, high, measure, direction, regime, other settings
TABLE = [
    ("streets", 2, 6, "paid_hours", 1, "layered", {}),
    ("departments", 6, 25, "paid_hours", 1, "layered", {}),
    ("offices_slim", 3, 20, "handoffs_per_case", 1, "whistle", {}),
    ("cadres", 15, 35, "served_need", 1, "layered", {}),
    ("residents", 300, 800, "served_need", -1, "layered", {}),
    ("staff", 2, 6, "core_quality", 1, "layered", {}),
    ("days", 60, 90, "paid_hours", 1, "layered", {}),
    ("burn_in", 10, 60, "core_quality", -1, "layered", {"staff": 2}),
    ("load", 0.5, 2.0, "served_need", -1, "layered", {}),
    ("need_rate", 0.02, 0.06, "served_cases", -1, "layered", {}),
    ("life_share", 0.0, 1.0, "true_resolution", -1, "layered", {}),
    ("cross_share", 0.0, 0.9, "handoffs_per_case", 1, "layered", {}),
    ("cross_production", 0.0, 0.9, "handoffs_per_case", 1, "layered", {}),
    ("kinship", 0.0, 1.0, "handoffs_per_case", -1, "whistle", {}),
    ("tacit", 0.0, 0.9, "served_cases", -1, "layered", {}),
    ("authority_share", 0.1, 0.9, "core_quality", -1, "whistle", {}),
    ("unreasonable", 0.0, 0.35, "measured_resolution", -1, "whistle", {}),
    ("cause_share", 0.0, 0.6, "core_quality", -1, "whistle", {}),
    ("cause_size", 3.0, 20.0, "served_cases", 1, "layered+triage", {"cause_share": 0.6}),
    ("repair_cases", 1.0, 15.0, "core_quality", -1, "layered+triage", {}),
    ("patience", 15, 60, "served_cases", 1, "layered", {}),
    ("case_due", 5, 40, "satisfaction", 1, "layered", {}),
    ("emergency_rate", 4.0, 20.0, "emergency_success", -1, "layered", {"days": 150}),
    ("h_case", 3.0, 12.0, "served_cases", -1, "layered", {}),
    ("h_exec", 3.0, 12.0, "served_policy", -1, "layered", {}),
    ("h_int", 0.0, 12.0, "served_policy", -1, "layered", {}),
    ("h_item", 0.2, 1.5, "formalism_share", 1, "layered", {}),
    ("h_report", 0.1, 2.0, "formalism_share", 1, "layered", {}),
    ("h_issue", 1.0, 16.0, "core_quality", -1, "layered", {"staff": 2}),
    ("h_handoff", 0.0, 4.0, "casework_share", 1, "layered", {}),
    ("h_request", 0.0, 4.0, "casework_share", 1, "layered", {}),
    ("h_refuse", 0.0, 4.0, "casework_share", 1, "layered", {"unreasonable": 0.35}),
    ("h_inspect", 0.0, 4.0, "slack", -1, "layered", {}),
    ("h_bind", 0.2, 8.0, "authority", -1, "layered", {"accept_base": 0.01}),
    ("h_feedback", 0.02, 1.0, "feedback_reach", -1, "layered", {}),
    ("h_outreach", 0.0, 8.0, "knowledge", 1, "layered", {}),
    ("pushed_cost", 1.0, 4.0, "served_core", -1, "layered", {"staff": 1, "core_rate": 0.5}),
    ("core_rate", 0.5, 2.0, "core_quality", -1, "layered", {}),
    ("h_core", 10.0, 40.0, "core_quality", -1, "layered", {}),
    ("core_due", 3, 30, "core_quality", 1, "layered", {}),
    ("idea_rate", 0.1, 0.8, "served_policy", -1, "layered", {}),
    ("central_share", 0.0, 0.9, "clarity_at_street", -1, "layered", {}),
    ("idea_spread", 0.0, 0.5, "policy_fit", -1, "layered", {}),
    ("directive_due", 8, 60, "served_policy", 1, "layered", {}),
    ("groundedness", 0.1, 0.9, "escalation_ratio", -1, "layered", {}),
    ("groundedness_sd", 0.0, 0.28, "escalation_ratio", 1, "layered", {}),
    ("alpha", 0.6, 1.0, "clarity_at_street", 1, "layered", {}),
    ("specificity", 0.1, 1.0, "policy_fit", -1, "layered", {"knowledge": 0.9}),
    ("tighten_step", 0.0, 0.9, "policy_fit", -1, "layered", {"region": "difficult", "groundedness": 0.05, "groundedness_sd": 0.0}),
    ("delta", 0.0, 0.5, "escalation_ratio", 1, "layered", {}),
    ("translate_share", 0.0, 1.0, "clarity_at_street", 1, "layered", {}),
    ("whim_sd", 0.0, 0.5, "policy_fit", -1, "layered", {"groundedness": 0.1, "groundedness_sd": 0.05}),
    ("theta_mean", 0.5, 0.9, "policy_fit", -1, "layered", {}),
    ("theta_sd", 0.0, 0.25, "policy_fit", -1, "layered", {}),
    ("v_err", 0.0, 1.0, "policy_fit", -1, "layered", {}),
    ("fit_threshold", 0.3, 0.95, "disturbance", 1, "layered", {}),
    ("disturb_rate", 1.0, 20.0, "disturbance", 1, "layered", {}),
    ("items", 4, 30, "formalism_share", 1, "layered", {}),
    ("item_pool", 15, 200, "formalism_share", 1, "layered", {}),
    ("common_items", 0.1, 0.9, "duplicate_requests", 1, "layered", {}),
    ("fresh", 2, 30, "duplicate_requests", 1, "layered", {}),
    ("supplements", 0.0, 3.0, "formalism_share", 1, "layered", {}),
    ("redo_share", 0.0, 0.8, "formalism_share", 1, "layered", {}),
    ("return_rate", 0.0, 0.6, "formalism_share", 1, "layered", {}),
    ("cut_share", 0.05, 0.8, "formalism_share", -1, "layered+cut_forms", {}),
    ("kappa", 0.5, 3.0, "casework_share", -1, "layered", {}),
    ("learning_rate", 0.02, 0.8, "casework_share", 1, "layered+two_way", {}),
    ("gaming", 0.0, 1.0, "measured_satisfaction", 1, "layered", {}),
    ("audit", 0.0, 1.0, "resolution_gap", -1, "layered", {}),
    ("psi", 0.0, 0.5, "served_cases", -1, "whistle", {}),
    ("knowledge", 0.1, 0.9, "served_cases", 1, "layered", {}),
    ("accept_base", 0.02, 0.5, "authority", 1, "layered", {}),
    ("accept_gain", 0.0, 1.0, "authority", 1, "layered", {}),
    ("accept_crowd", 0.0, 0.2, "authority", -1, "layered", {}),
    ("request_due", 5, 40, "authority", 1, "layered", {}),
    ("bind_after", 3, 30, "authority", -1, "layered", {}),
    ("reach", 0.1, 1.0, "served_cases", 1, "whistle", {}),
    ("ties", 0.0, 1.0, "volunteer_hours", 1, "whistle", {}),
    ("civic_hours", 1.0, 8.0, "volunteer_hours", 1, "whistle", {}),
    ("voice_base", 0.3, 1.2, "voice_rate", 1, "layered", {}),
    ("voice_expectation", 0.0, 1.0, "voice_rate", 1, "layered", {}),
    # departments here mostly see that streets differ, so complaints bring local conditions to them
    ("platform_base", 0.0, 1.0, "policy_fit", 1, "layered", {"theta_sd": 0.25, "knowledge": 0.9}),
    ("rho", 0.1, 1.0, "casework_share", 1, "layered+two_way", {}),
    ("h_triage", 0.0, 3.0, "casework_share", 1, "layered+triage", {}),
    ("h_callback", 0.0, 4.0, "formalism_share", 1, "layered+two_way", {"rho": 1.0}),
    ("inflation", 0.0, 0.5, "core_quality", -1, "layered+dispatch", {}),
    ("misgroup", 0.0, 0.5, "served_cases", -1, "layered+triage", {"cause_share": 0.8, "cause_size": 15.0, "repair_cases": 2.0}),
    ("openness", 0.1, 0.9, "feedback_reach", 1, "layered", {}),
    ("voice_bias", 0.0, 1.0, "policy_fit", -1, "layered+triage", {"theta_sd": 0.25, "knowledge": 0.9, "openness": 0.9, "learning_rate": 0.8}),
    ("needs_sample", 0.2, 1.0, "served_cases", -1, "layered", {"needs": "LOG"}),
]


def test_the_table_covers_every_parameter():
    assert {row[0] for row in TABLE} == set(PARAMETERS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_parameter(row, case_log):
    name, low, high, measure, direction, regime, other = row
    other = {k: case_log if v == "LOG" else v for k, v in other.items()}
    whole = PARAMETERS[name].whole
    low, high = (int(v) if whole else float(v) for v in (low, high))
    moves(measure, (regime, {**other, name: low}), (regime, {**other, name: high}), direction)


@pytest.fixture(scope="session")
def case_log(tmp_path_factory):
    """A made-up log: some sixty cases a day on four streets."""
    rng = np.random.default_rng(1)
    days = np.datetime64("2024-01-01") + np.arange(130)
    rows = [f"{day},S{rng.integers(4)},D{rng.integers(25)}" for day in days for _ in range(60)]
    path = tmp_path_factory.mktemp("log") / "cases.csv"
    path.write_text("opened,street,domain\n" + "\n".join(rows))
    return str(path)


# mechanism of DESIGN §2: measure, low side, high side, direction of high − low
SWITCHED = {
    "W1 slim": ("handoffs_per_case", "layered", "layered+slim", -1),
    "W1 slim registers": ("duplicate_requests", "layered", "layered+slim", -1),
    "W2 dispatch": ("authority", "layered", "layered+dispatch", 1),
    "W2 dispatch's price": ("core_quality", "layered", "layered+dispatch", -1),
    "W2 triage": ("feedback_reach", "layered", "layered+triage", 1),
    "W3 two-way": ("casework_share", "layered", "layered+two_way", 1),
    "W3 two-way's price": ("core_quality", "layered", "layered+two_way", -1),
    "W3 rising voice": ("voice_rate", "layered", "layered+two_way", 1),
    "W4 mobilise": ("volunteer_hours", "layered", "layered+mobilise", 1),
    "control: merge tasks": ("formalism_share", "layered", "layered+merge_tasks", -1),
    "control: cut forms": ("formalism_share", "layered", "layered+cut_forms", -1),
    "control: train": ("knowledge", "layered", "layered+train", 1),
    "control: more staff": ("served_need", "layered", "layered+more_staff", 1),
}


@pytest.mark.parametrize("name", SWITCHED)
def test_switch(name):
    measure, low, high, direction = SWITCHED[name]
    moves(measure, (low, {}), (high, {}), direction)


def test_complaints_answered_for_all_alike_fit_worse():
    """M12: the same complaints, by departments that never tell streets apart."""
    scenario = Scenario(**BASE, theta_by_street=(0.1, 0.1, 0.9, 0.9), platform_base=1.0, need_rate=0.06)
    fits = []
    for rules in (Rules(), replace(Rules(), distinguishes=lambda gap: gap < 0)):
        fits.append([GovernanceModel(scenario, rng=seed, rules=rules).run().measures()["policy_fit"] for seed in SEEDS])
    assert (np.array(fits[1]) < np.array(fits[0])).all(), fits


def test_without_escalation_the_target_stays():
    assert measures("layered", 1, (("delta", 0.0),))["escalation_ratio"] == pytest.approx(1.0)
