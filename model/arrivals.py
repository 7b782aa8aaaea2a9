"""Phase 1: needs, core jobs and hazards of the day arise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.department import CORE, SUPERVISE
from agents.work import Act, Course, Fate

from .queues import BINDING, PLAIN

if TYPE_CHECKING:
    from .governance import GovernanceModel

REPAIRED = 3
RESPONSE_DAYS = 3
"""Days of district command that decide an emergency after its first hours (assumption)."""


def arise(m: GovernanceModel) -> None:
    """Let the day's problems, core jobs and emergencies come."""
    _problems(m)
    _jobs(m)
    _emergencies(m)


def _problems(m: GovernanceModel) -> None:
    start_problems(m, m.born_today("problems"), first_look=m.day)


def start_problems(m: GovernanceModel, rows: np.ndarray, first_look: int) -> None:
    """Problems begin today, save those whose common cause has been repaired."""
    p = m.problems
    gone = m.causes.stage[p.cause[rows]] == REPAIRED
    if np.count_nonzero(gone):
        m.settle(rows[gone], Fate.PREVENTED)
        severity = float(p.severity[rows[gone]].sum())
        m.tally["prevented"] += severity
        m.tally["need"] += severity
        rows = rows[~gone]
    p.fate[rows] = Fate.LATENT
    good = p.reasonable[rows]
    m.tally["need"] += float(p.severity[rows][good].sum())
    m.later("look", first_look, rows)
    m.later("expire", m.day + m.scenario.patience, rows)


def _jobs(m: GovernanceModel) -> None:
    rows = m.born_today("jobs")
    jobs, sc, dep = m.jobs, m.scenario, m.departments
    jobs.course[rows] = Course.WAITING
    d, luck = jobs.department[rows], jobs.luck[rows]
    behind = m.core_backlog > dep.core_hours * sc.core_due / 2
    pushed = behind[d] & (luck < m.rules.push_chance(dep.weights[d, CORE], dep.weights[d, SUPERVISE]))
    jobs.pushed[rows] = pushed
    if m.powers.dispatch and np.count_nonzero(pushed):
        site = jobs.street[rows] * sc.departments + d
        back = pushed & m.rules.sends_back(m.days_of_work[m.structure.desk_of_site[site]]).astype(bool)
        m.ask_cadres(site[back], Act.REQUEST, sc.h_request, luck[back])
        jobs.pushed[rows[back]] = 2
        pushed = pushed & ~back
    _queue_jobs(m, rows, pushed)
    m.later("job_due", m.day + sc.core_due, rows)


def _queue_jobs(m: GovernanceModel, rows: np.ndarray, down: np.ndarray) -> None:
    jobs, sc = m.jobs, m.scenario
    kept, low = rows[~down], rows[down]
    m.department_work.add(jobs.department[kept], Act.CORE, m.at.jobs + kept, jobs.hours[kept], m.day, sc.core_due,
                          np.where(jobs.pushed[kept], BINDING, PLAIN), jobs.luck[kept])
    if len(low):
        m.tally["pushed_hours"] += float(jobs.hours[low].sum())
        m.cadre_work.add(jobs.street[low] * sc.departments + jobs.department[low], Act.PUSHED, m.at.jobs + low,
                         jobs.hours[low] * sc.pushed_cost, m.day, sc.core_due, PLAIN, jobs.luck[low])


def _emergencies(m: GovernanceModel) -> None:
    """The first hours are decided on the spot today, the days after by the district's command."""
    for row in m.born_today("emergencies"):
        street = int(m.emergencies.street[row])
        ties = m.by_street(m.cadres.ties)[street]
        m.emergencies.first[row] = m.rules.first_hours(
            m.street_knowledge[street], m.specificity_of_street[street], m.residents.mean_trust()[street], ties,
            m.idle_of_street[street])
        m.command_due.append((m.day, int(row)))
    for day, row in [c for c in m.command_due if c[0] + RESPONSE_DAYS == m.day]:
        hours = m.command_given / RESPONSE_DAYS / len(m.command_due)  # several at once share the command
        m.emergencies.success[row] = m.emergencies.first[row] * m.rules.days_after(
            hours, float(m.departments.core_quality.mean()))
        m.command_due.remove((day, row))


def command_backlog(m: GovernanceModel) -> float:
    """Hours of emergency command waiting for the district leader today."""
    return m.paid if m.command_due else 0.0


def note_command(m: GovernanceModel) -> None:
    """Keep the command hours of the last days."""
    m.command_log.append(m.emergency_command)
    m.command_given = sum(m.command_log[-RESPONSE_DAYS:])
