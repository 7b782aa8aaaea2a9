"""Phases 5 and 6: departments and cadres split their day over what waits, and work it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents.attention import between
from agents.work import ACTS, Act, Course

from .cases import departments_done, finished
from .directives import issued
from .queues import Served
from .street import end_copies, inspect

if TYPE_CHECKING:
    from .governance import GovernanceModel

LEADER, DEPARTMENT, CADRE = range(3)
CLASSES = ("leader", "department", "cadre")
TRAIN_DAY = 0.8
"""Hours a day of training (control arm `train`; assumption)."""
FORM_STEP = 0.01
"""Share of the cut forms an hour of re-issuing brings back (control arm `cut_forms`; assumption)."""
PROGRESS = np.isin(np.arange(len(ACTS)), [Act.DATA, Act.INTERPRET, Act.EXECUTE, Act.CONFLICT])


def departments_work(m: GovernanceModel) -> None:
    """Departments split their hours over core work, supervision and answering streets."""
    dep, sc, work = m.departments, m.scenario, m.department_work
    hours = np.full(sc.departments, sc.staff * m.paid)
    dep.rated = np.minimum(dep.rated_due, hours / 2)
    dep.rated_due = dep.rated_due - dep.rated
    backlog = work.backlog()
    pressing = work.pressing(m.day, m.rules.urgency, backlog).reshape(dep.given.shape)
    worth = m.rules.delivered(departments.MOTIVATION, dep.slack)[:, None]
    waiting = backlog.reshape(dep.given.shape)
    dep.given = m.rules.split_attention(dep.weights, pressing, np.ones_like(pressing), waiting / worth,
                                        hours - dep.rated, sc.kappa)
    served = m.today.department_work = work.serve((dep.given * worth).ravel())
    _charge(m, DEPARTMENT, served, np.repeat(worth.ravel(), len(departments.KINDS)))
    m.hours[DEPARTMENT, Act.RATED] += dep.rated.sum()
    m.hours[DEPARTMENT, Act.IDLE] += hours.sum() - dep.given.sum() - dep.rated.sum()
    dep.core_hours = dep.given[:, departments.CORE] * worth[:, 0]
    m.supervise_hours = dep.given[:, departments.SUPERVISE]
    _department_results(m, served)
    left = waiting - dep.given * worth
    m.core_backlog, m.supervise_backlog = left[:, departments.CORE], left[:, departments.SUPERVISE]


def _department_results(m: GovernanceModel, served: Served) -> None:
    act, ref, site = served.act[served.done], served.ref[served.done], served.site[served.done]
    m.jobs.course[ref[act == Act.CORE] - m.at.jobs] = Course.DONE
    issued(m, np.sort(ref[act == Act.ISSUE] - m.at.ideas))
    inspect(m, ref[act == Act.INSPECT] - m.at.copies)
    answered = (act == Act.RESPOND) | (act == Act.REPAIR)
    departments_done(m, ref[answered], site[answered])
    m.register_read[site[act == Act.READ]] = True
    forms = m.departments.forms
    np.add.at(forms, site[act == Act.REISSUE], FORM_STEP)
    np.minimum(forms, 1.0, out=forms)


def cadres_work(m: GovernanceModel) -> None:
    """Cadres lose hours to inspection, rating and switching; the rest they split by what presses and counts."""
    cad, work, rules = m.cadres, m.cadre_work, m.rules
    m.send_errands()
    desk = m.structure.desk_of_cadre
    left = m.paid - _overheads(m, desk)
    queued = work.backlog()
    pressing = work.pressing(m.day, rules.urgency, queued).reshape(-1, cadres.QUEUED)
    worth = rules.delivered(cad.motivation, cad.slack)
    backlog, press = np.empty_like(cad.given), np.empty_like(cad.given)
    staff = m.structure.staff_of_desk
    backlog[:, :cadres.QUEUED] = (queued.reshape(-1, cadres.QUEUED) / staff[:, None])[desk] / worth[:, None]
    backlog[:, cadres.OUTREACH], backlog[:, cadres.POLISH] = cad.outreach_due, cad.polish_due
    press[:, :cadres.QUEUED] = pressing[desk]
    press[:, cadres.OUTREACH:] = rules.urgency(m.day % 5 + 1.0, 5.0)
    press[np.asarray(rules.no_contrast(m.central_of_desk), bool)[desk]] = 1.0
    own = np.broadcast_to(cadres.OWN, backlog.shape)
    cad.given = rules.split_attention(_kind_weights(cad, backlog), press, own, backlog, left, m.scenario.kappa)
    paid = cad.given[:, :cadres.QUEUED]
    cell = (desk[:, None] * cadres.QUEUED + np.arange(cadres.QUEUED)).ravel()
    hours = np.bincount(cell, paid.ravel(), work.size)
    delivered = np.bincount(cell, (paid * worth[:, None]).ravel(), work.size)
    served = m.today.cadre_work = work.serve(delivered)
    _charge(m, CADRE, served, delivered / np.maximum(hours, 1e-12))
    _tally_own(m, left)
    _cadre_results(m, served)
    _note_days_of_work(m, queued - delivered, delivered)


def _kind_weights(cad: cadres.CadreColumns, backlog: np.ndarray) -> np.ndarray:
    """Weights by kind: the residents' part is shared by casework, coordination and outreach as they wait."""
    out = np.empty_like(backlog)
    out[:, :2] = cad.weights[:, :2]
    res = backlog[:, cadres.CASEWORK:cadres.POLISH]
    out[:, cadres.CASEWORK:cadres.POLISH] = cad.weights[:, 2:] * res / np.maximum(res.sum(axis=1), 1e-12)[:, None]
    out[:, cadres.POLISH] = 0.25 * cad.weights[np.arange(len(out)), cad.lowest]
    return out


def _overheads(m: GovernanceModel, desk: np.ndarray) -> np.ndarray:
    """Hours that are gone before any choice: a day's at most; inspections and ratings not fitted in wait."""
    cad = m.cadres
    switching = m.rules.switching(m.open_per_cadre)[desk]
    wanted = np.stack((cad.inspection_due, cad.rating_due, np.broadcast_to(switching, desk.shape),
                       np.full(len(desk), TRAIN_DAY if m.powers.train else 0.0)), axis=1)
    before = np.cumsum(wanted, axis=1) - wanted
    cad.overhead = between(m.paid - before, 0, wanted)
    cad.inspection_due = cad.inspection_due - cad.overhead[:, 0]
    cad.rating_due = cad.rating_due - cad.overhead[:, 1]
    return cad.overhead.sum(axis=1)


def _charge(m: GovernanceModel, who: int, served: Served, worth_of_queue: np.ndarray) -> None:
    """Enter the paid hours behind what was served into the ledger, by activity."""
    paid = served.hours / np.maximum(worth_of_queue[served.queue], 1e-12)
    m.hours[who] += np.bincount(served.act, paid, len(ACTS))


def _tally_own(m: GovernanceModel, left: np.ndarray) -> None:
    cad, hours = m.cadres, m.hours[CADRE]
    given, over = cad.given, cad.overhead
    sums = given.sum(axis=0)
    hours[Act.OUTREACH] += sums[cadres.OUTREACH]
    hours[Act.POLISH] += sums[cadres.POLISH]
    hours[list(cadres.OVERHEAD_ACTS)] += over.sum(axis=0)
    spent = given.sum(axis=1)
    hours[Act.IDLE] += (left - spent).sum()
    m.idle_of_street = m.by_street(left - spent)
    rework = 1 - 1 / m.data_factor
    hours[Act.REWORK] += hours[Act.DATA] * rework
    hours[Act.DATA] *= 1 - rework
    cad.outreach_due = np.maximum(cad.outreach_due - given[:, cadres.OUTREACH], 0)
    cad.polish_due = np.maximum(cad.polish_due - given[:, cadres.POLISH], 0)
    cad.outreach_week += given[:, cadres.OUTREACH]
    month = cad.month
    month["spent"] += spent + over.sum(axis=1)
    month["toil"] += given[:, cadres.PAPERWORK] + over[:, 0] + over[:, 1]
    month["contact"] += given[:, cadres.OUTREACH] + given[:, cadres.CASEWORK]
    month["outreach"] += given[:, cadres.OUTREACH]
    month["monitored"] += over[:, 0] + over[:, 1]
    month["polish"] += given[:, cadres.POLISH]
    month["trained"] += over[:, 3]


def _cadre_results(m: GovernanceModel, served: Served) -> None:
    d, streets = m.directives, m.scenario.streets
    moved = PROGRESS[served.act]
    np.add.at(d.done_hours.reshape(-1), served.ref[moved] - m.at.copies, served.hours[moved])
    act, ref = served.act[served.done], served.ref[served.done]
    np.subtract.at(d.pending_reports.reshape(-1), ref[act == Act.REPORT] - m.at.copies, 1)
    m.jobs.course[ref[act == Act.PUSHED] - m.at.jobs] = Course.DONE
    finished(m, ref[act == Act.CASEWORK] - m.at.problems)
    copy = np.unique(ref[PROGRESS[act]]) - m.at.copies
    i, s = copy // streets, copy % streets
    whole = (d.done_hours[i, s] >= d.total_hours[i, s] - 1e-5) & (d.copy_course[i, s] == Course.LIVE)
    end_copies(m, i[whole], s[whole], Course.DONE)


def _note_days_of_work(m: GovernanceModel, left: np.ndarray, delivered: np.ndarray) -> None:
    """Days of execution and of casework that wait at every desk, at the pace of today."""
    left = left.reshape(-1, cadres.QUEUED)
    staff = m.structure.staff_of_desk
    pace = np.maximum(delivered.reshape(-1, cadres.QUEUED), 0.05 * staff[:, None])
    m.days_of_work = left[:, cadres.EXECUTE] / pace[:, cadres.EXECUTE]
    m.case_days = left[:, cadres.CASEWORK] / pace[:, cadres.CASEWORK] / m.scenario.case_due
