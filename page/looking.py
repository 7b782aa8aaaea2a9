"""What the page looks at in a model between two days, in whichever table it lies; nothing here changes a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agents.compiled import Days, District, Floats, Ints, entry
from agents.queues import ENOUGH, Queues
from agents.work import MONTH
from model.emergencies import owed_hours
from model.governance import GovernanceModel
from model.street import fit_now

# --- what waits, what was worked on -----------------------------------------------------------------------------


def waiting(m: GovernanceModel, queues: Queues) -> np.ndarray:
    """Hours that wait: a row a desk or department, a column a kind of work. What has ended waits no more."""
    hours = np.zeros(len(queues.start))
    add_up(queues.handle, m.district.died, m.day, hours)
    return hours.reshape(-1, queues.head[0].kinds)


@entry
def add_up(q: Queues, died: Days, today: int, hours: Floats) -> None:
    """Add the hours that wait in each queue, arranged or put in since."""
    head = q.head[0]
    for queue in range(len(q.start)):
        for i in range(q.start[queue], q.stop[queue]):
            w = q.work[i]
            if died[w.thing] >= today:
                hours[queue] += w.left
    for i in range(head.fresh):
        if died[q.fresh[i].thing] >= today:
            hours[q.fresh[i].queue] += q.fresh[i].left


def worked_on(queues: Queues, place: int) -> np.ndarray:
    """Pieces of work that today's hours of a desk or department went into, in order of service."""
    head = queues.head[0]
    work = queues.work[queues.start[place * head.kinds]:queues.stop[(place + 1) * head.kinds - 1]]
    return work[(work.given > 0) | finished(work)]


def finished(work: np.ndarray) -> np.ndarray:
    """Which pieces of work are done."""
    return work.left <= ENOUGH


def owed_to_streets(m: GovernanceModel) -> np.ndarray:
    """Hours of binding work for streets that wait at every department."""
    hours = np.zeros(m.scenario.departments)
    add_owed(m.district.handle, hours)
    return hours


@entry
def add_owed(d: District, hours: Floats) -> None:
    """Work out what each department owes streets."""
    for department in range(len(hours)):
        hours[department] = owed_hours(d, department)


# --- directives -------------------------------------------------------------------------------------------------


def issued_today(m: GovernanceModel) -> np.ndarray:
    """Ideas that departments issued today; street leaders find them tomorrow."""
    return m.district.arriving.values[:m.district.arriving.count[0]]


def fits(m: GovernanceModel, copies: Sequence[int] | np.ndarray) -> np.ndarray:
    """How well copies fit their street, as they are carried out now.

    Raises:
        RuleError: a rule of one's own fails in it.
    """
    copies = np.array(copies, np.int64)
    out = np.zeros(len(copies))
    with m.watch:
        fit_all(m.district.handle, copies, out)
    return out


@entry
def fit_all(d: District, copies: Ints, out: Floats) -> None:
    """Work out the fit of each of these copies."""
    for i in range(len(copies)):
        out[i] = fit_now(d, copies[i], d.copies[copies[i]].adapted)


# --- residents --------------------------------------------------------------------------------------------------


def trust(m: GovernanceModel) -> np.ndarray:
    """Trust of every resident."""
    return m.streets.level[m.residents.street] + m.residents.distance * m.now.scale


def trust_by_street(m: GovernanceModel) -> np.ndarray:
    """Mean trust of every street."""
    return m.streets.level + m.streets.distance / m.streets.residents * m.now.scale


def civic_hours(m: GovernanceModel, resident: int) -> tuple[float, float]:
    """Hours of this month that a resident gave in all, and to voicing needs."""
    month, me, p = max(m.day - 1, 0) // MONTH, m.residents[resident], m.problems
    used = max(float(me.civic_used) - (month - int(me.civic_month)) * float(me.civic), 0.0)
    voiced = (p.resident == resident) & (p.voiced >= 0) & (p.voiced // MONTH == month)
    return used, min(used, m.scenario.h_voice * int(voiced.sum()))
