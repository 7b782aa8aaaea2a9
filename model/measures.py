"""Every measure once: name, function of a run, unit, labels, direction.

The table's columns, the page and the docs are made from `MEASURES`.

Cohorts: what arose from the switch to 30 days before the end. Flows: all days since the switch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agents.work import Act, Class, Course, Fate
from languages.text import Text, _, _p

if TYPE_CHECKING:
    from .governance import GovernanceModel

CADRE = Class.CADRE
TAIL = 30
"""Days before the end whose needs are not counted: there was no time to meet them."""
FORMAL = (Act.DATA, Act.REWORK, Act.REPORT, Act.RECTIFY, Act.INSPECTION, Act.POLISH, Act.RATING, Act.CALLBACK)
CASES = (Act.CASEWORK, Act.TRIAGE, Act.HANDOFF, Act.REQUEST, Act.CALLBACK, Act.REFUSE, Act.OUTREACH)
SMOOTH = 21
"""Days over which day series of flows are taken together."""


@dataclass(frozen=True)
class Measure:
    """What is measured. direction +1: more is better, −1: less is better, 0: neither."""

    name: str
    of: Callable[[GovernanceModel], float | None]
    unit: str
    label: Text
    direction: int
    text: Text
    daily: Callable[[GovernanceModel], np.ndarray] | None = None


# --- helpers ----------------------------------------------------------------------------------------------------


def _window(m: GovernanceModel, born: np.ndarray) -> np.ndarray:
    return (born >= m.scenario.burn_in) & (born < m.day - TAIL)


def _ratio(top: float, bottom: float) -> float | None:
    return float(top) / float(bottom) if bottom > 0 else None


def _flow(top: str, bottom: str) -> Callable[[GovernanceModel], float | None]:
    """Sum of one daily count over the sum of another, since the switch."""
    def of(m: GovernanceModel) -> float | None:
        first = m.scenario.burn_in
        return _ratio(m.record.column(top)[first:].sum(), m.record.column(bottom)[first:].sum())
    return of


def _flow_daily(top: str, bottom: str) -> Callable[[GovernanceModel], np.ndarray]:
    return lambda m: _rolling(m.record.column(top), m.record.column(bottom))


def _rolling(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Ratio of trailing sums over SMOOTH days; nan where the bottom is empty."""
    def trailing(v: np.ndarray) -> np.ndarray:
        total = np.cumsum(v)
        return total - np.concatenate((np.zeros(min(SMOOTH, len(v))), total[:-SMOOTH] if len(v) > SMOOTH else []))
    below = trailing(bottom)
    return np.where(below > 1e-12, trailing(top) / np.maximum(below, 1e-12), np.nan)


def _per_day(name: str) -> Callable[[GovernanceModel], float | None]:
    def of(m: GovernanceModel) -> float | None:
        days = m.record.column(name)[m.scenario.burn_in:]
        return float(days.mean()) if len(days) else None
    return of


def _days(name: str) -> Callable[[GovernanceModel], np.ndarray]:
    return lambda m: m.record.column(name)


def _share_of_hours(acts: tuple[Act, ...]) -> tuple[Callable, Callable]:
    """Share of cadres' paid hours on some activities: over the run, and by day."""
    def daily(m: GovernanceModel) -> np.ndarray:
        hours = m.record.hours[:, CADRE]
        return hours[:, list(acts)].sum(axis=1) / np.maximum(hours.sum(axis=1), 1e-12)

    def of(m: GovernanceModel) -> float | None:
        days = daily(m)[m.scenario.burn_in:]
        return float(days.mean()) if len(days) else None
    return of, daily


def _gini(values: np.ndarray) -> float | None:
    v = np.sort(np.asarray(values, float))
    if not len(v) or v.sum() <= 0:
        return None
    n = len(v)
    return float((2 * np.arange(1, n + 1) - n - 1) @ v / (n * v.sum()))


# --- needs served -----------------------------------------------------------------------------------------------


def _problems(m: GovernanceModel) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the reasonable needs of the window, and which of them were met in time or did not arise any more."""
    p = m.problems
    rows = np.flatnonzero(_window(m, p.born) & p.reasonable & (p.fate != Fate.UNBORN))
    return rows, np.isin(p.fate[rows], (Fate.SERVED, Fate.LATE, Fate.PREVENTED))


def _case_parts(m: GovernanceModel) -> tuple[float, float]:
    rows, met = _problems(m)
    severity = m.problems.severity[rows]
    return float(severity[met].sum()), float(severity.sum())


def _policy_parts(m: GovernanceModel) -> tuple[float, float]:
    ideas, got = m.ideas, m.copies.value_got.reshape(len(m.ideas), -1)
    rows = _window(m, ideas.born)
    served = ideas.value[rows] * got[ideas.carrier[rows]].mean(axis=1)
    return float(served.sum()), float(ideas.value[rows].sum())


def _core_parts(m: GovernanceModel) -> tuple[float, float]:
    j = m.jobs
    rows = _window(m, j.born) & (j.born + m.scenario.core_due < m.day)  # the last may not have fallen due
    return float(j.severity[rows & (j.course == Course.DONE)].sum()), float(j.severity[rows].sum())


def need_parts(m: GovernanceModel) -> dict[str, tuple[float, float]]:
    """What `served_need` is summed from, by the measure of the part: severity met, and all severity."""
    return {"served_cases": _case_parts(m), "served_policy": _policy_parts(m), "served_core": _core_parts(m)}


def served_need(m: GovernanceModel) -> float | None:
    """All severity met ÷ all severity: cases, directives, core jobs."""
    parts = list(need_parts(m).values())
    return _ratio(sum(p[0] for p in parts), sum(p[1] for p in parts))


def _served_daily(m: GovernanceModel) -> np.ndarray:
    col = m.record.column
    top = col("solved") + col("prevented") + col("value") + col("core_in_time")
    return _rolling(top, col("need") + col("value_arisen") + col("core_due"))


def _waits(m: GovernanceModel) -> np.ndarray:
    p = m.problems
    rows = np.flatnonzero(_window(m, p.born) & p.reasonable & (p.voiced >= 0))
    good = np.isin(p.fate[rows], (Fate.SERVED, Fate.LATE))
    return np.where(good, p.closed[rows] - p.voiced[rows], p.patience[rows].astype(float))


def _quantile(q: float) -> Callable[[GovernanceModel], float | None]:
    def of(m: GovernanceModel) -> float | None:
        waits = _waits(m)
        return float(np.quantile(waits, q)) if len(waits) else None
    return of


def _inequality(m: GovernanceModel) -> float | None:
    rows, met = _problems(m)
    p, n = m.problems, m.scenario.streets
    need = np.bincount(p.street[rows], p.severity[rows], n)
    served = np.bincount(p.street[rows][met], p.severity[rows][met], n)
    return _gini(served[need > 0] / need[need > 0])


# --- true and measured ------------------------------------------------------------------------------------------


def true_resolution(m: GovernanceModel) -> float | None:
    """Voiced reasonable cases truly solved ÷ all voiced reasonable cases of the window."""
    p = m.problems
    rows = _window(m, p.born) & p.reasonable & (p.voiced >= 0)
    return _ratio(np.isin(p.fate[rows], (Fate.SERVED, Fate.LATE)).sum(), rows.sum())


def measured_resolution(m: GovernanceModel) -> float | None:
    """What the papers say: closed on paper counts, polish lifts, unreasonable demands count as far as assessed."""
    p = m.problems
    voiced = _window(m, p.born) & (p.voiced >= 0)
    rho = m.regime.powers(m.scenario).rho
    weight = np.where(p.reasonable, 1.0, rho)[voiced]
    base = _ratio((p.measured[voiced] * weight).sum(), weight.sum())
    return None if base is None else _lifted(m, base)


def _lifted(m: GovernanceModel, true: float) -> float:
    lift = _flow("lift", "months")(m) or 0.0
    return true + (1 - true) * lift


def _gap(m: GovernanceModel) -> float | None:
    true, measured = true_resolution(m), measured_resolution(m)
    return None if true is None or measured is None else measured - true


def _satisfaction(m: GovernanceModel) -> float | None:
    p = m.problems
    rows = _window(m, p.born) & p.reasonable & np.isfinite(p.satisfaction)
    return float(p.satisfaction[rows].mean()) if rows.any() else None


def _measured_satisfaction(m: GovernanceModel) -> float | None:
    true = _satisfaction(m)
    return None if true is None else _lifted(m, true)


# --- work -------------------------------------------------------------------------------------------------------


def _utilisation(m: GovernanceModel) -> float | None:
    days = _utilisation_daily(m)[m.scenario.burn_in:]
    return float(days.mean()) if len(days) else None


def _utilisation_daily(m: GovernanceModel) -> np.ndarray:
    hours = m.record.hours
    return 1 - hours[:, :, Act.IDLE].sum(axis=1) / np.maximum(hours.sum(axis=(1, 2)), 1e-12)


def _load_inequality(m: GovernanceModel) -> float | None:
    """Gini over cadres of hours of work that came to their desk ÷ hours they had."""
    if m.day <= m.scenario.burn_in:
        return None
    came = m.district.desk_work.came.reshape(len(m.desks), -1).sum(axis=1) / np.maximum(m.desks.cadres, 1)
    return _gini(came[m.cadres.desk])


def _emergency_success(m: GovernanceModel) -> float | None:
    e = m.emergencies
    chance = e.success[(e.born >= m.scenario.burn_in) & np.isfinite(e.success)]
    return float(chance.mean()) if len(chance) else None


def _voice_rate(m: GovernanceModel) -> float | None:
    p = m.problems
    rows = _window(m, p.born) & p.reasonable & (p.fate != Fate.UNBORN) & (p.fate != Fate.PREVENTED)
    return _ratio((p.voiced[rows] >= 0).sum(), rows.sum())


def _paid(m: GovernanceModel) -> float:
    return float(m.record.hours[m.scenario.burn_in:].sum())


def _conflict_daily(m: GovernanceModel) -> np.ndarray:
    return m.record.hours[:, CADRE, Act.CONFLICT]


def _conflict(m: GovernanceModel) -> float | None:
    days = _conflict_daily(m)[m.scenario.burn_in:]
    return float(days.mean()) if len(days) else None


_formal, _formal_daily = _share_of_hours(FORMAL)
_casework, _casework_daily = _share_of_hours(CASES)

_ALL = (
    Measure("served_need", served_need, "share", _("Need served"), 1,
            _("Severity of needs met (cases, directives, core jobs) ÷ all severity, voiced or not."), _served_daily),
    Measure("served_cases", lambda m: _ratio(*_case_parts(m)), "share", _("Cases served"), 1,
            _("Of residents' needs: solved within their patience or prevented.")),
    Measure("served_policy", lambda m: _ratio(*_policy_parts(m)), "share", _("Policy served"), 1,
            _("Of directives' public value: fit × done.")),
    Measure("served_core", lambda m: _ratio(*_core_parts(m)), "share", _("Core work served"), 1,
            _("Of departments' core jobs: done in time, by whomever."), _flow_daily("core_in_time", "core_due")),
    Measure("wait_p50", _quantile(0.5), "days", _("Wait, median"), -1,
            _("From voice to solution; unsolved cases count as waiting out their patience.")),
    Measure("wait_p90", _quantile(0.9), "days", _("Wait, 90 %"), -1, _("The same, 90th percentile.")),
    Measure("true_resolution", true_resolution, "share", _("True resolution"), 1, _("Voiced cases truly solved.")),
    Measure("measured_resolution", measured_resolution, "share", _("Measured resolution"), 0,
            _("Voiced cases solved as the papers say.")),
    Measure("resolution_gap", _gap, "share", _("Measured − true"), -1, _("Measured less true resolution.")),
    Measure("satisfaction", _satisfaction, "0–1", _("Satisfaction"), 1, _("Of residents whose case ended."),
            _flow_daily("satisfaction", "ended")),
    Measure("measured_satisfaction", _measured_satisfaction, "0–1", _("Measured satisfaction"), 0,
            _("Satisfaction as the papers say.")),
    Measure("trust", _per_day("trust"), "0–1", _("Trust"), 1, _("Mean over residents and days."), _days("trust")),
    Measure("formalism_share", _formal, "share", _("Formalism"), -1,
            _("Cadre hours on paperwork, rework, inspection, polish, the reform's scoring and callbacks ÷ paid."),
            _formal_daily),
    Measure("casework_share", _casework, "share", _("Hours for residents"), 1,
            _("Cadre hours on cases, their coordination and outreach ÷ paid."), _casework_daily),
    Measure("utilisation", _utilisation, "share", _("Utilisation"), 0, _("Hours worked ÷ paid, all classes."),
            _utilisation_daily),
    Measure("load_inequality", _load_inequality, "Gini", _("Uneven load"), -1,
            _("Gini over cadres of hours asked ÷ hours had.")),
    Measure("toil_index", _per_day("toil_index"), "share", _("Toil"), -1,
            _("Of the hours a cadre worked in the last full month, those on paperwork (rework and rectification too), "
              "inspection and rating."), _days("toil_index")),
    Measure("motivation", _per_day("motivation"), "0–1", _("Motivation"), 1, _p("motivation", "Of cadres."),
            _days("motivation")),
    Measure("slack", _per_day("slack"), "share", _("Slack"), -1, _("Of cadres' hours."), _days("slack")),
    Measure("knowledge", _per_day("knowledge"), "0–1", _("Local knowledge"), 1, _("Of cadres."), _days("knowledge")),
    Measure("policy_fit", _flow("fit_hours", "exec_hours"), "0–1", _("Policy fit"), 1,
            _("How directives fit where they are carried out, weighted by hours."),
            _flow_daily("fit_hours", "exec_hours")),
    Measure("clarity_at_street", _flow("clarity", "copies"), "0–1", _("Clarity at the street"), 1,
            _("What is clear of a directive when it reaches the cadres."), _flow_daily("clarity", "copies")),
    Measure("escalation_ratio", _flow("target", "copies"), "×", _("Escalation"), -1,
            _("Target at the street ÷ that of a single idea."), _flow_daily("target", "copies")),
    Measure("duplicate_requests", _flow("duplicates", "item_requests"), "share", _("Duplicate requests"), -1,
            _("Data items collected again though another office of the street held them fresh."),
            _flow_daily("duplicates", "item_requests")),
    Measure("conflict_hours", _conflict, "h/day", _("Hours lost to contradiction"), -1,
            _("Cadre hours wasted by directives that contradict."), _conflict_daily),
    Measure("feedback_reach", _flow("feedback_reach", "feedback_weeks"), "share", _("Feedback reach"), 1,
            _("Of what the grassroots see, what arrives at the top."), _flow_daily("feedback_reach", "feedback_weeks")),
    Measure("handoffs_per_case", _flow("handoffs", "cases"), "per case", _("Hand-offs per case"), -1,
            _("Further offices of the street a case touches."), _flow_daily("handoffs", "cases")),
    Measure("authority", _flow("bound", "asked"), "share", _("Authority"), 1,
            _("Requests that became binding on a department ÷ requests settled."), _flow_daily("bound", "asked")),
    Measure("core_quality", _per_day("core_quality"), "0–1", _("Core quality"), 1,
            _("Quality of departments' own work."), _days("core_quality")),
    Measure("disturbance", _per_day("disturbed"), "severity/day", _("Disturbance"), -1,
            _("New problems that misfitting directives make for residents."),
            lambda m: _rolling(m.record.column("disturbed"), np.ones(len(m.record)))),
    Measure("emergency_success", _emergency_success, "probability", _("Emergencies"), 1,
            _("Chance that an emergency goes well, first hours × days after.")),
    Measure("voice_rate", _voice_rate, "share", _("Voice"), 0, _("Of needs that are voiced."),
            lambda m: _rolling(m.record.column("voiced"), np.ones(len(m.record)))),
    Measure("volunteer_hours", _per_day("volunteer_hours"), "h/day", _("Volunteer hours"), 0,
            _("Unpaid hours of residents."), _days("volunteer_hours")),
    Measure("inequality", _inequality, "Gini", _("Inequality of service"), -1, _("Gini over streets of cases served.")),
    Measure("paid_hours", _paid, "h", _("Paid hours"), 0, _("Since the switch, all classes; equal by design."),
            lambda m: m.record.hours.sum(axis=(1, 2))),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
HEADLINES = ("served_need", "core_quality", "emergency_success", "policy_fit", "formalism_share")


def series_of(m: GovernanceModel) -> pd.DataFrame:
    """Day × measure; the index is the day since the switch."""
    daily = {name: measure.daily(m) for name, measure in MEASURES.items() if measure.daily}
    index = pd.RangeIndex(-m.scenario.burn_in, len(m.record) - m.scenario.burn_in, name="day")
    return pd.DataFrame(daily, index=index)
