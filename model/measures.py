"""Every measure once: name, function of a run, unit, labels, direction.

The table's columns, the page and the docs are made from `MEASURES`.

Both cohorts (what arose) and flows (what happened by day) are those of `Scenario.counted`. What arose then has the
cool-down to end in; what still waits at the end of the run is unmet. In a run that is not over, all that arose so far
counts, so what is new and waits counts as not met yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from agents.work import MONTH, Act, Class, Course, Fate
from languages.text import Text, _, _p

from .run import Run

CADRE = Class.CADRE
FORMAL = (Act.DATA, Act.REWORK, Act.REPORT, Act.RECTIFY, Act.INSPECTION, Act.POLISH, Act.RATING, Act.CALLBACK)
CASES = (Act.CASEWORK, Act.TRIAGE, Act.HANDOFF, Act.REQUEST, Act.CALLBACK, Act.REFUSE, Act.OUTREACH)
SMOOTH = 21
"""Days over which day series of flows are taken together."""


@dataclass(frozen=True)
class Measure:
    """What is measured. direction +1: more is better, −1: less is better, 0: neither."""

    name: str
    of: Callable[[Run], float | None]
    unit: str
    label: Text
    direction: int
    text: Text
    daily: Callable[[Run], np.ndarray] | None = None


# --- helpers ----------------------------------------------------------------------------------------------------


def counted(m: Run, born: np.ndarray) -> np.ndarray:
    """Whether days lie in the window that results tell of, as far as it has been run."""
    first, last = m.scenario.counted
    born = np.ascontiguousarray(born)  # else each comparison would go through all of a long table
    return (born >= first) & (born < min(last, m.day))


def days_of(m: Run, by_day: np.ndarray) -> np.ndarray:
    """Of something by day, the days that results tell of."""
    return by_day[slice(*m.scenario.counted)]


def _ratio(top: float, bottom: float) -> float | None:
    return float(top) / float(bottom) if bottom > 0 else None


def _flow(top: str, bottom: str) -> Callable[[Run], float | None]:
    """Sum of one daily count over the sum of another."""
    return lambda m: _ratio(*(days_of(m, m.record.column(name)).sum() for name in (top, bottom)))


def _flow_daily(top: str, bottom: str) -> Callable[[Run], np.ndarray]:
    return lambda m: _rolling(m.record.column(top), m.record.column(bottom))


def _rolling(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Ratio of trailing sums over SMOOTH days; nan where the bottom is empty."""
    def trailing(v: np.ndarray) -> np.ndarray:
        total = np.cumsum(v)
        return total - np.concatenate((np.zeros(min(SMOOTH, len(v))), total[:-SMOOTH] if len(v) > SMOOTH else []))
    below = trailing(bottom)
    return np.where(below > 1e-12, trailing(top) / np.maximum(below, 1e-12), np.nan)


def _per_day(name: str) -> Callable[[Run], float | None]:
    return _mean(_days(name))


def _mean(daily: Callable[[Run], np.ndarray]) -> Callable[[Run], float | None]:
    """Mean of something by day over the days counted."""
    def of(m: Run) -> float | None:
        days = days_of(m, daily(m))
        return float(days.mean()) if len(days) else None
    return of


def _days(name: str) -> Callable[[Run], np.ndarray]:
    return lambda m: m.record.column(name)


def _share_of_hours(acts: tuple[Act, ...]) -> tuple[Callable, Callable]:
    """Share of cadres' paid hours on some activities: over the run, and by day."""
    def daily(m: Run) -> np.ndarray:
        hours = m.record.hours[:, CADRE]
        return hours[:, list(acts)].sum(axis=1) / np.maximum(hours.sum(axis=1), 1e-12)

    return _mean(daily), daily


def _gini(values: np.ndarray) -> float | None:
    v = np.sort(np.asarray(values, float))
    if not len(v) or v.sum() <= 0:
        return None
    n = len(v)
    return float((2 * np.arange(1, n + 1) - n - 1) @ v / (n * v.sum()))


# --- needs served -----------------------------------------------------------------------------------------------

MET = (Fate.SERVED, Fate.LATE, Fate.PREVENTED)
"""Fates of needs that were met, in time or not, or did not arise any more."""
READ = ("street", "resident", "reasonable", "authority", "patience", "hours", "severity", "fate", "voiced", "closed",
        "calls", "measured", "satisfaction", "given")
"""What measures read of a need."""
Needs = SimpleNamespace
"""Columns of `READ`, of some needs."""


class Seen:
    """A run as all its measures see it: the needs of the window are taken out of the long table once for all."""

    def __init__(self, m: Run) -> None:
        self._run = m

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    @cached_property
    def needs(self) -> Needs:
        """Of the window, reasonable or not."""
        return _needs(self._run)

    @cached_property
    def problems_met(self) -> tuple[Needs, np.ndarray]:
        """See `_problems`."""
        return _met(self.needs)


def _needs(m: Run) -> Needs:
    """Needs of the window, as they stand now."""
    return m.needs if isinstance(m, Seen) else _columns(_rows(m.problems, counted(m, m.problems.born)))


def _columns(table: np.recarray) -> Needs:
    return Needs(**{name: np.ascontiguousarray(table[name]) for name in READ})


def _those(needs: Needs, wanted: np.ndarray) -> Needs:
    return Needs(**{name: column[wanted] for name, column in vars(needs).items()})


def _rows(table: np.recarray, wanted: np.ndarray) -> np.recarray:
    """A copy of some rows, byte by byte, as numpy takes records field by field, in many times the time."""
    whole = table.view(np.ndarray).view(f"V{table.itemsize}")
    return whole[np.flatnonzero(wanted)].view(table.dtype).view(np.recarray)


def _problems(m: Run) -> tuple[Needs, np.ndarray]:
    """The reasonable needs of the window, and which of them were met in time or did not arise any more."""
    return m.problems_met if isinstance(m, Seen) else _met(_needs(m))


def _met(needs: Needs) -> tuple[Needs, np.ndarray]:
    p = _those(needs, needs.reasonable & (needs.fate != Fate.UNBORN))
    return p, np.isin(p.fate, MET)


Parts = tuple[np.ndarray, np.ndarray]
"""What was met, and what arose, a number a place; over all places, what a share is made of."""


def cases_by_street(m: Run) -> Parts:
    """Severity of needs."""
    p, met = _problems(m)
    return _sums(p.street, p.severity, met, m.scenario.streets)


def policy_by_street(m: Run) -> Parts:
    """Directives' public value, of which every street could have had all."""
    ideas, rows = m.ideas, counted(m, m.ideas.born)
    got = m.copies.value_got.reshape(len(ideas), -1)[ideas.carrier[rows]]
    value = ideas.value[rows]
    return value @ got, np.full(m.scenario.streets, value.sum())


def core_by_department(m: Run) -> Parts:
    """Severity of core jobs."""
    j = _rows(m.jobs, counted(m, m.jobs.born))
    return _sums(j.department, j.severity, j.course == Course.DONE, m.scenario.departments)


def _sums(place: np.ndarray, size: np.ndarray, met: np.ndarray, places: int) -> Parts:
    return np.bincount(place[met], size[met], places), np.bincount(place, size, places)


def _case_parts(m: Run) -> tuple[float, float]:
    p, met = _problems(m)
    return float(p.severity[met].sum()), float(p.severity.sum())


def _policy_parts(m: Run) -> tuple[float, float]:
    got, value = policy_by_street(m)
    return float(got.mean()), float(value[0])


def _core_parts(m: Run) -> tuple[float, float]:
    done, arose = core_by_department(m)
    return float(done.sum()), float(arose.sum())


def case_parts(m: Run) -> dict[str, tuple[float, float]]:
    """What `served_cases` is summed from, by the measure of a kind of need: severity met, and severity of the kind."""
    p, met = _problems(m)
    severity, above, small = p.severity, p.authority, p.hours <= m.scenario.spot
    kinds = {"counter_share": small, "served_street": ~small & ~above, "served_departments": ~small & above}
    return {name: (float(severity[here & met].sum()), float(severity[here].sum())) for name, here in kinds.items()}


def _counter_share(m: Run) -> float | None:
    return _ratio(case_parts(m)["counter_share"][0], _case_parts(m)[1])


def _cases_met(m: Run) -> float:
    return _case_parts(m)[0] - float(days_of(m, m.record.column("disturbed")).sum())


def _unsettled(m: Run) -> float | None:
    """Severity (of directives: value) of all three kinds that had not come to an end when the run ended."""
    p, _met = _problems(m)
    parts = [(p.severity, np.isin(p.fate, (Fate.LATENT, Fate.OPEN)))]
    ideas = counted(m, m.ideas.born)
    carrier = m.ideas.carrier[ideas]
    ended = np.isin(m.copies.course.reshape(len(m.ideas), -1)[carrier], (Course.DONE, Course.OVERDUE)).mean(axis=1)
    parts.append((m.ideas.value[ideas], np.where(m.ideas.course[carrier] == Course.LAPSED, 0.0, 1 - ended)))
    jobs = counted(m, m.jobs.born)
    parts.append((m.jobs.severity[jobs], m.jobs.course[jobs] == Course.WAITING))
    return _ratio(sum(float(size @ open_) for size, open_ in parts), sum(float(size.sum()) for size, _ in parts))


def served_need(m: Run) -> float | None:
    """All severity met ÷ all severity: cases, directives, core jobs."""
    parts = (_case_parts(m), _policy_parts(m), _core_parts(m))
    return _ratio(sum(p[0] for p in parts), sum(p[1] for p in parts))


def _served_daily(m: Run) -> np.ndarray:
    col = m.record.column
    top = col("solved") + col("prevented") + col("value") + col("core_in_time")
    return _rolling(top, col("need") + col("value_arisen") + col("core_due"))


def _waits(m: Run) -> np.ndarray:
    p, solved = _voiced(m)
    return np.where(solved, p.closed - p.voiced, p.patience.astype(float))


def _voiced(m: Run) -> tuple[Needs, np.ndarray]:
    """The voiced reasonable cases of the window, and which of them were truly solved."""
    p, _met = _problems(m)
    p = _those(p, p.voiced >= 0)
    return p, np.isin(p.fate, (Fate.SERVED, Fate.LATE))


def _quantile(q: float) -> Callable[[Run], float | None]:
    def of(m: Run) -> float | None:
        waits = _waits(m)
        return float(np.quantile(waits, q)) if len(waits) else None
    return of


def _inequality(m: Run) -> float | None:
    served, need = cases_by_street(m)
    return _gini(served[need > 0] / need[need > 0])


def _worst_tenth(m: Run) -> float | None:
    """Need served in the tenth of grids that were worst served before the switch, when all regimes were still one."""
    switch, n = m.scenario.burn_in, len(m.cadres)
    p = _columns(_rows(m.problems, m.problems.born < switch))
    p = _those(p, p.reasonable)
    early = np.isin(p.fate, MET) & (p.closed < switch)
    served, need = _sums(m.residents.grid[p.resident], p.severity, early, n)
    share = served[need > 0] / need[need > 0]
    worst = np.flatnonzero(need > 0)[np.argsort(share, kind="stable")[:max(1, n // 10)]]
    p, met = _problems(m)
    mine = np.isin(m.residents.grid[p.resident], worst)
    return _ratio(p.severity[mine & met].sum(), p.severity[mine].sum())


# --- true and measured ------------------------------------------------------------------------------------------


def true_resolution(m: Run) -> float | None:
    """Voiced reasonable cases truly solved ÷ all voiced reasonable cases of the window."""
    p, solved = _voiced(m)
    return _ratio(solved.sum(), len(solved))


def measured_resolution(m: Run) -> float | None:
    """What the papers say: closed on paper counts, polish lifts, unreasonable demands count under call-back."""
    p = _needs(m)
    voiced = p.voiced >= 0
    weight = np.where(p.reasonable, 1.0, m.regime.powers(m.scenario).call_back)[voiced]
    base = _ratio((p.measured[voiced] * weight).sum(), weight.sum())
    return None if base is None else _lifted(m, base)


def _lifted(m: Run, true: float) -> float:
    lift = _flow("lift", "months")(m) or 0.0
    return true + (1 - true) * lift


def _gap(m: Run) -> float | None:
    true, measured = true_resolution(m), measured_resolution(m)
    return None if true is None or measured is None else measured - true


def _satisfaction(m: Run) -> float | None:
    p = _needs(m)
    rows = p.reasonable & np.isfinite(p.satisfaction)
    return float(p.satisfaction[rows].mean()) if rows.any() else None


def _measured_satisfaction(m: Run) -> float | None:
    """Of all who were called back, those with unreasonable demands too, and lifted by polish."""
    p = _needs(m)
    rows = np.isfinite(p.satisfaction)
    if not m.regime.powers(m.scenario).call_back or not rows.any():
        return None
    return _lifted(m, float(p.satisfaction[rows].mean()))


# --- work -------------------------------------------------------------------------------------------------------


def _utilisation_daily(m: Run) -> np.ndarray:
    hours = m.record.hours
    return 1 - hours[:, :, Act.IDLE].sum(axis=1) / np.maximum(hours.sum(axis=(1, 2)), 1e-12)


def _load_inequality(m: Run) -> float | None:
    """Gini over cadres of hours of work that came to their desk ÷ hours they had."""
    if m.day <= m.scenario.burn_in:
        return None
    came = m.district.desk_work.came.reshape(len(m.desks), -1).sum(axis=1) / np.maximum(m.desks.cadres, 1)
    return _gini(came[m.cadres.desk])


def _emergency_success(m: Run) -> float | None:
    e = m.emergencies
    chance = e.success[counted(m, e.born) & np.isfinite(e.success)]
    return float(chance.mean()) if len(chance) else None


def _voice_rate(m: Run) -> float | None:
    p, _met = _problems(m)
    rows = p.fate != Fate.PREVENTED
    return _ratio((p.voiced[rows] >= 0).sum(), rows.sum())


def _demand(m: Run) -> float | None:
    """Cases opened a day since the switch ÷ those of the last two months before it."""
    voiced, switch = m.record.column("voiced"), m.scenario.burn_in
    before, after = voiced[max(switch - 2 * MONTH, 0):switch], days_of(m, voiced)
    return _ratio(after.mean(), before.mean()) if len(before) and len(after) else None


def _loudest_tenth(m: Run) -> float | None:
    """Hours on the needs of the window of those who called most; of people with as many calls, their mean."""
    p, people = _needs(m), len(m.residents)
    rows = np.flatnonzero(p.calls > 0)
    calls, hours = (np.bincount(p.resident[rows], v[rows], people) for v in (p.calls, p.given))
    tenth = max(people // 10, 1)
    least = np.sort(calls)[-tenth]
    above, tied = calls > least, calls == least
    return _ratio(hours[above].sum() + (tenth - above.sum()) * hours[tied].mean(), hours.sum())


def _paid(m: Run) -> float:
    return float(days_of(m, m.record.hours).sum())


def _conflict_daily(m: Run) -> np.ndarray:
    return m.record.hours[:, CADRE, Act.CONFLICT]


def _flows(name: str, top: str, bottom: str, *about: Any) -> Measure:
    """The sum of one daily count over that of another, in all and by day; about: as of `Measure`, from the unit on."""
    return Measure(name, _flow(top, bottom), *about, _flow_daily(top, bottom))  # type: ignore[call-arg]


def _standing(name: str, *about: Any) -> Measure:
    """What is written down every day under this name: its mean, and by day."""
    return Measure(name, _per_day(name), *about, _days(name))  # type: ignore[call-arg]


_formal, _formal_daily = _share_of_hours(FORMAL)
_casework, _casework_daily = _share_of_hours(CASES)

_ALL = (
    Measure("served_need", served_need, "share", _("Need served"), 1,
            _("Severity of needs met ÷ all severity, voiced or not. It adds up three kinds with weights of ours: the "
              "severity of a case, the public value of a directive and the severity of a core job, each 1 on average."),
            _served_daily),
    Measure("served_cases", lambda m: _ratio(*_case_parts(m)), "share", _("Cases served"), 1,
            _("Of residents' needs: solved within their patience or prevented.")),
    Measure("served_policy", lambda m: _ratio(*_policy_parts(m)), "share", _("Policy served"), 1,
            _("Of directives' public value: fit × done.")),
    Measure("served_core", lambda m: _ratio(*_core_parts(m)), "share", _("Core work served"), 1,
            _("Of departments' core jobs: done in time, by whomever."), _flow_daily("core_in_time", "core_due")),
    Measure("counter_share", _counter_share, "share", _("Served at the counter"), 0,
            _("Of residents' needs: settled at the counter, since they take `spot` hours or less.")),
    Measure("served_street", lambda m: _ratio(*case_parts(m)["served_street"]), "share",
            _("Cases served by the street"), 1, _("Of the needs above the counter that a street can meet: met.")),
    Measure("served_departments", lambda m: _ratio(*case_parts(m)["served_departments"]), "share",
            _("Cases served by departments"), 1, _("Of the needs that only departments can meet: met.")),
    Measure("worst_tenth", _worst_tenth, "share", _("Cases served, worst tenth"), 1,
            _("In the tenth of grids that were worst served before the switch.")),
    Measure("unsettled", _unsettled, "share", _("Unsettled"), -1,
            _("Of all severity (cases, directives, core jobs): still waiting when the run ended; counted as unmet.")),
    Measure("wait_p50", _quantile(0.5), "days", _("Wait, median"), -1,
            _("From voice to solution; unsolved cases count as waiting out their patience.")),
    Measure("wait_p90", _quantile(0.9), "days", _("Wait, 90 %"), -1, _("The same, 90th percentile.")),
    Measure("true_resolution", true_resolution, "share", _("True resolution"), 1, _("Voiced cases truly solved.")),
    Measure("measured_resolution", measured_resolution, "share", _("Measured resolution"), 0,
            _("Voiced cases solved as the papers say.")),
    Measure("resolution_gap", _gap, "share", _("Measured − true"), -1, _("Measured minus true resolution.")),
    Measure("satisfaction", _satisfaction, "share", _("Satisfaction"), 1,
            _("Of residents whose case ended: satisfied."), _flow_daily("satisfaction", "ended")),
    Measure("measured_satisfaction", _measured_satisfaction, "share", _("Measured satisfaction"), 0,
            _("Satisfaction as the papers say; only where residents are called back.")),
    _standing("trust", "0–1", _("Trust"), 1, _("Mean over residents and days.")),
    Measure("formalism_share", _formal, "share", _("Formalism"), -1,
            _("Cadre hours on paperwork, rework, inspection, polish, the reform's scoring and callbacks ÷ paid."),
            _formal_daily),
    Measure("casework_share", _casework, "share", _("Hours for residents"), 1,
            _("Cadre hours on cases, their coordination and outreach ÷ paid."), _casework_daily),
    Measure("utilisation", _mean(_utilisation_daily), "share", _("Utilisation"), 0,
            _("Hours worked ÷ paid, all classes."), _utilisation_daily),
    Measure("load_inequality", _load_inequality, "Gini", _("Uneven load"), -1,
            _("Gini over cadres of hours demanded ÷ hours available.")),
    _standing("overtime_wanted", "h/cadre/day", _("Overtime wanted"), -1,
              _("Hours that overheads and work due that day would take beyond the paid ones; never worked.")),
    _standing("toil_index", "share", _("Toil"), -1,
              _("Of the hours a cadre worked in the last full month, those on paperwork (rework and rectification "
                "too), inspection and rating.")),
    _standing("motivation", "0–1", _("Motivation"), 1, _p("motivation", "Of cadres.")),
    _standing("slack", "share", _("Slack"), -1, _("Of cadres' hours.")),
    _standing("knowledge", "0–1", _("Local knowledge"), 1, _("Of cadres.")),
    _flows("policy_fit", "fit_hours", "exec_hours", "0–1", _("Policy fit"), 1,
           _("How directives fit where they are carried out, weighted by hours.")),
    _flows("clarity_at_street", "clarity", "copies", "0–1", _("Clarity at the street"), 1,
           _("What is clear of a directive when it reaches the cadres.")),
    _flows("escalation_ratio", "target", "copies", "×", _("Escalation"), -1,
           _("Target at the street ÷ that of a single idea.")),
    _flows("duplicate_requests", "duplicates", "item_requests", "share", _("Duplicate requests"), -1,
           _("Data items collected again though another office of the street held them fresh.")),
    Measure("conflict_hours", _mean(_conflict_daily), "h/day", _("Hours lost to contradiction"), -1,
            _("Cadre hours wasted by directives that contradict."), _conflict_daily),
    _flows("feedback_reach", "feedback_reach", "feedback_weeks", "share", _("Feedback reach"), 1,
           _("Of what the grassroots see, what arrives at the top.")),
    _flows("handoffs_per_case", "handoffs", "cases", "per case", _("Hand-offs per case"), -1,
           _("Further offices of the street a case touches.")),
    _flows("authority", "answered", "asked", "share", _("Authority"), 1,
           _("Of all requests, whistles and direct calls: answered within the time a case may take.")),
    _standing("core_quality", "0–1", _("Core quality"), 1, _("Quality of departments' own work.")),
    Measure("disturbance", _per_day("disturbed"), "severity/day", _("Disturbance"), -1,
            _("New problems that misfitting directives make for residents."),
            lambda m: _rolling(m.record.column("disturbed"), np.ones(len(m.record)))),
    Measure("emergency_success", _emergency_success, "probability", _("Emergencies"), 1,
            _("Chance that an emergency goes well, first hours × days after.")),
    Measure("voice_rate", _voice_rate, "share", _("Voice"), 0, _("Of needs that are voiced."),
            lambda m: _rolling(m.record.column("voiced"), np.ones(len(m.record)))),
    Measure("demand", _demand, "×", _("Demand"), 0,
            _("Cases opened a day ÷ those of the last two months before the switch.")),
    _flows("repeat_share", "repeats", "voiced", "share", _("Repeated calls"), -1,
           _("Of the cases opened, those about a need whose case had been closed unsolved.")),
    Measure("loudest_tenth", _loudest_tenth, "share", _("Hours for the loudest tenth"), 0,
            _("Of the hours worked on cases, those for the tenth of residents who call most.")),
    _flows("budget_bound", "hindered", "looks", "share", _("Held back by lack of hours"), 0,
           _("Of the occasions when residents considered a need not voiced, those when they lacked only civic hours.")),
    _standing("volunteer_hours", "h/day", _("Volunteer hours"), 0, _("Unpaid hours of residents.")),
    Measure("inequality", _inequality, "Gini", _("Inequality of service"), -1, _("Gini over streets of cases served.")),
    Measure("paid_hours", _paid, "h", _("Paid hours"), 0, _("On the days counted, all classes; equal by design."),
            lambda m: m.record.hours.sum(axis=(1, 2))),
    Measure("cases_met", _cases_met, "severity", _("Cases met, in all"), 1,
            _("Sum of the severity of needs met or prevented, less the trouble that misfitting directives made.")),
    Measure("value_got", lambda m: _policy_parts(m)[0], "severity", _("Directive value got, in all"), 1,
            _("Sum of directives' public value: fit × done.")),
    Measure("jobs_done", lambda m: _core_parts(m)[0], "severity", _("Core jobs done, in all"), 1,
            _("Sum of the severity of core jobs done in time.")),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
HEADLINES = ("served_cases", "served_policy", "served_core", "emergency_success", "formalism_share")
WORTH = ("cases_met", "value_got", "jobs_done")
"""What a regime brings, in three kinds that only a reader can weigh against each other (experiments.analysis.worth)."""


def series_of(m: Run) -> pd.DataFrame:
    """Day × measure, without the cool-down; the index is the day since the switch."""
    days = min(len(m.record), m.scenario.counted[1])
    daily = {name: measure.daily(m)[:days] for name, measure in MEASURES.items() if measure.daily}
    index = pd.RangeIndex(-m.scenario.burn_in, days - m.scenario.burn_in, name="day")
    return pd.DataFrame(daily, index=index)
