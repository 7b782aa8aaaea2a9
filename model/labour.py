"""Phases 5 and 6: departments and cadres split their day over what waits, and work it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents.attention import between, distinct
from agents.work import ACTS, Act, Course

from .cases import departments_done
from .directives import issued
from .endings import finished
from .queues import Served
from .street import end_copies
from .supervision import inspect

if TYPE_CHECKING:
    from .governance import GovernanceModel

LEADER, DEPARTMENT, CADRE = range(3)
CLASSES = ("leader", "department", "cadre")
TRAIN_DAY = 0.8
"""Hours a day of training (control arm `train`; assumption)."""
FORM_STEP = 0.01
"""Share of the cut forms an hour of re-issuing brings back (control arm `cut_forms`; assumption)."""
_OWN_ACTS = np.array((Act.OUTREACH, Act.POLISH, *cadres.OVERHEAD_ACTS))
PROGRESS = np.isin(np.arange(len(ACTS)), [Act.DATA, Act.INTERPRET, Act.EXECUTE, Act.CONFLICT])


def departments_work(m: GovernanceModel) -> None:
    """Departments split their hours over core work, supervision and answering streets."""
    dep, sc, work = m.departments, m.scenario, m.department_work
    hours = np.full(sc.departments, sc.staff * m.paid)
    dep.rated = np.minimum(dep.rated_due, hours / 2)
    dep.rated_due = dep.rated_due - dep.rated
    dep.rated_month += dep.rated
    backlog = work.backlog()
    pressing = work.pressing(m.day, m.rules.urgency, backlog).reshape(dep.given.shape)
    worth = m.rules.delivered(departments.MOTIVATION, dep.slack)[:, None]
    waiting = backlog.reshape(dep.given.shape)
    dep.given = m.rules.split_attention(dep.weights, pressing, dep.own, waiting / worth, hours - dep.rated,
                                        sc.kappa)
    delivered = dep.given * worth
    served = m.today.department_work = work.serve(delivered.ravel())
    _charge(m, DEPARTMENT, served, worth.repeat(len(departments.KINDS)))
    rated = dep.rated.sum()
    m.hours[DEPARTMENT, Act.RATED] += rated
    m.hours[DEPARTMENT, Act.IDLE] += hours.sum() - dep.given.sum() - rated
    dep.core_hours = delivered[:, departments.CORE]
    m.supervise_hours = dep.given[:, departments.SUPERVISE]
    _department_results(m, served)
    left = waiting - delivered
    m.core_backlog, m.supervise_backlog = left[:, departments.CORE], left[:, departments.SUPERVISE]


def _department_results(m: GovernanceModel, served: Served) -> None:
    done = served.done.nonzero()[0]
    act, ref, site = served.act[done], served.ref[done], served.site[done]
    _core_done(m, ref[act == Act.CORE] - m.at.jobs)
    issued(m, np.sort(ref[act == Act.ISSUE] - m.at.ideas))
    inspect(m, ref[act == Act.INSPECT] - m.at.copies)
    answered = (act == Act.RESPOND) | (act == Act.REPAIR)
    departments_done(m, ref[answered], site[answered])
    if m.powers.triage:
        m.register_read[site[act == Act.READ]] = True
    if m.powers.cut_forms:
        forms = m.departments.forms
        np.add.at(forms, site[act == Act.REISSUE], FORM_STEP)
        np.minimum(forms, 1.0, out=forms)


def cadres_work(m: GovernanceModel) -> None:
    """Cadres lose hours to inspection, rating and switching; the rest they split by what presses and counts."""
    cad, work, rules = m.cadres, m.cadre_work, m.rules
    m.send_errands()
    desk = m.structure.desk_of_cadre
    over = _overheads(m, desk)
    left = m.paid - over
    queued, mine = work.backlog(), m.queues_of_cadre
    worth = rules.delivered(cad.motivation, cad.slack)
    backlog, press = np.empty_like(cad.own), np.empty_like(cad.own)
    backlog[:, :cadres.QUEUED] = (queued.take(mine) / m.staff_beside / worth).T
    backlog[:, cadres.OUTREACH], backlog[:, cadres.POLISH] = cad.outreach_due, cad.polish_due
    press[:, :cadres.QUEUED] = work.pressing(m.day, rules.urgency, queued).take(mine).T
    press[:, cadres.OUTREACH:] = rules.urgency(m.day % 5 + 1.0, 5.0)
    press[np.asarray(rules.no_contrast(m.central_of_desk), bool)[desk]] = 1.0
    cad.given = rules.split_attention(_kind_weights(cad, backlog), press, cad.own, backlog, left, m.scenario.kappa)
    paid = cad.given.T[:cadres.QUEUED]
    hours = np.bincount(mine.ravel(), paid.ravel(), work.size)
    delivered = np.bincount(mine.ravel(), (paid * worth).ravel(), work.size)
    served = m.today.cadre_work = work.serve(delivered)
    _charge(m, CADRE, served, delivered / np.maximum(hours, 1e-12))
    _tally_own(m, over, left)
    _cadre_results(m, served)
    _note_days_of_work(m, queued - delivered, delivered)


def _kind_weights(cad: cadres.CadreColumns, backlog: np.ndarray) -> np.ndarray:
    """Weights by kind: the residents' part is shared by casework, coordination and outreach as they wait."""
    out, res = np.empty_like(backlog), backlog[:, cadres.CASEWORK:cadres.POLISH]
    out[:, :2] = cad.weights[:, :2]
    out[:, cadres.CASEWORK:cadres.POLISH] = cad.weights[:, 2:] * res / np.maximum(res.sum(axis=1), 1e-12)[:, None]
    out[:, cadres.POLISH] = 0.25 * cad.weights[cad.rows, cad.lowest]
    return out


def _overheads(m: GovernanceModel, desk: np.ndarray) -> np.ndarray:
    """Hours that are gone before any choice: a day's at most; inspections and ratings not fitted in wait."""
    cad = m.cadres
    wanted = np.empty_like(cad.overhead)
    wanted[:, 0], wanted[:, 1] = cad.inspection_due, cad.rating_due
    wanted[:, 2], wanted[:, 3] = m.rules.switching(m.open_per_cadre)[desk], TRAIN_DAY if m.powers.train else 0.0
    before = wanted.cumsum(axis=1) - wanted
    cad.overhead = between(m.paid - before, 0, wanted)
    cad.inspection_due = cad.inspection_due - cad.overhead[:, 0]
    cad.rating_due = cad.rating_due - cad.overhead[:, 1]
    return cad.overhead.sum(axis=1)


def _charge(m: GovernanceModel, who: int, served: Served, worth_of_queue: np.ndarray) -> None:
    """Enter the paid hours behind what was served into the ledger, by activity."""
    paid = served.hours / np.maximum(worth_of_queue[served.queue], 1e-12)
    m.hours[who] += np.bincount(served.act, paid, len(ACTS))


def _tally_own(m: GovernanceModel, over: np.ndarray, left: np.ndarray) -> None:
    cad, hours = m.cadres, m.hours[CADRE]
    given, overhead = cad.given.T, cad.overhead.T
    own = np.concatenate((given[cadres.OUTREACH:], overhead))
    hours[_OWN_ACTS] += own.cumsum(axis=1)[:, -1]  # one by one: the order of adding is part of the result
    spent = given.sum(axis=0)
    idle = left - spent
    hours[Act.IDLE] += idle.sum()
    m.idle_of_street = m.by_street(idle)
    rework = 1 - 1 / m.data_factor
    hours[Act.REWORK] += hours[Act.DATA] * rework
    hours[Act.DATA] *= 1 - rework
    paper, _, casework, _, outreach, polish = given
    inspection, rating, _, training = overhead
    cad.outreach_due = np.maximum(cad.outreach_due - outreach, 0)
    cad.polish_due = np.maximum(cad.polish_due - polish, 0)
    cad.outreach_week += outreach
    month = cad.month
    month["spent"] += spent + over
    month["toil"] += paper + inspection + rating
    month["contact"] += outreach + casework
    month["outreach"] += outreach
    month["monitored"] += inspection + rating
    month["polish"] += polish
    month["trained"] += training


def _cadre_results(m: GovernanceModel, served: Served) -> None:
    c = m.directives.copies
    moved, done = PROGRESS[served.act].nonzero()[0], served.done.nonzero()[0]
    np.add.at(c.done_hours, served.ref[moved] - m.at.copies, served.hours[moved])
    act, ref = served.act[done], served.ref[done]
    np.subtract.at(c.pending_reports, ref[act == Act.REPORT] - m.at.copies, np.int16(1))
    _core_done(m, ref[act == Act.PUSHED] - m.at.jobs)
    finished(m, ref[act == Act.CASEWORK] - m.at.problems)
    copy = ref[PROGRESS[act]] - m.at.copies
    whole = (c.done_hours[copy] >= c.total_hours[copy] - 1e-5) & (c.copy_course[copy] == Course.LIVE)
    end_copies(m, distinct(copy[whole]), Course.DONE)


def _core_done(m: GovernanceModel, jobs: np.ndarray) -> None:
    """Core jobs are done; one that fell due yesterday and is still worked on today stays late."""
    m.jobs.course[jobs[m.jobs.course[jobs] == Course.WAITING]] = Course.DONE


def _note_days_of_work(m: GovernanceModel, left: np.ndarray, delivered: np.ndarray) -> None:
    """Days of execution and of casework that wait at every desk, at the pace of today."""
    left = left.reshape(-1, cadres.QUEUED)
    staff = m.structure.staff_of_desk
    slowest, delivered = 0.05 * staff, delivered.reshape(-1, cadres.QUEUED)
    m.days_of_work = left[:, cadres.EXECUTE] / np.maximum(delivered[:, cadres.EXECUTE], slowest)
    pace = np.maximum(delivered[:, cadres.CASEWORK], slowest)
    m.case_days = left[:, cadres.CASEWORK] / pace / m.scenario.case_due
