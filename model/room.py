"""Room in the queues: compiled code cannot make any, so each morning there is enough for all that a day may put in."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due
from agents.compiled import District, compiled, entry, scratch
from agents.queues import Queues

from .emergencies import NEAREST


def make_room(d) -> None:
    """Let the queues of a `model.district.District` grow where they may not last for today."""
    for queues, needed in ((d.desk_work, desk_rows(d.handle)), (d.department_work, department_rows(d.handle))):
        if needed > len(queues.fresh):
            _grow(queues, 2 * needed)
            d.look_again()


def _grow(q: Queues, room: int) -> None:
    q.take(**{name: _longer(getattr(q, name), room) for name in ("work", "fresh", "done", "begun")})


def _longer(rows: np.ndarray, room: int) -> np.ndarray:
    """The same rows with room behind them; copied whole, as numpy copies records field by field."""
    out, whole = scratch((*rows.shape[:-1], room), rows.dtype), f"V{rows.itemsize}"
    out.view(np.ndarray).view(whole)[..., :rows.shape[-1]] = rows.view(np.ndarray).view(whole)
    return out


@compiled
def has_room(d: District) -> bool:
    """Whether the queues last for today."""
    return desk_rows(d) <= len(d.desk_work.fresh) and department_rows(d) <= len(d.department_work.fresh)


@entry
def desk_rows(d: District) -> int:
    """Rows that wait at desks, and that today may add.

    A live copy brings a report, an inspection a rectification, a new copy five pieces of work, a job two, a case five:
    triage, hand-off or refusal, request, work, callback; where departments were sent down, parts of it and of a repair.
    """
    new, sent = d.arriving.count[0] * len(d.streets), d.powers[0].sent_down > 0
    return (rows_of(d.desk_work) + rows_of(d.department_work) + d.now[0].errands + 2 * jobs_today(d) + 5 * new
            + (11 if sent else 5) * cases_today(d) + (d.now[0].requests if sent else 0) + d.live.count[0] + new)


@entry
def department_rows(d: District) -> int:
    """The same at departments: a case, repair or emergency asks three at most, an inspection or raid is one a copy.

    Of what they issue themselves today they may carry out every copy.
    """
    day, copies = d.now[0].day, d.live.count[0] + d.arriving.count[0] * len(d.streets)
    ideas = d.drawn.first_idea[day + 1] - d.drawn.first_idea[day] + noted_today(d, Due.IDEA) + d.held.count[0]
    own = len(d.streets) if d.powers[0].own_policy > 0 else 0
    return ((1 + own) * (rows_of(d.department_work) + ideas) + jobs_today(d) + 6 * cases_today(d) + d.now[0].requests
            + 3 * len(d.departments) + NEAREST * emergencies_today(d) + (1 + noted_today(d, Due.RAID)) * copies)


@compiled
def rows_of(q: Queues) -> int:
    """Pieces of work, once what was put in is arranged."""
    return q.stop[len(q.stop) - 1] - q.start[0] + q.head[0].fresh


@compiled
def jobs_today(d: District) -> int:
    """Core jobs that begin today."""
    day = d.now[0].day
    return d.drawn.first_job[day + 1] - d.drawn.first_job[day]


@compiled
def emergencies_today(d: District) -> int:
    """Emergencies that come today."""
    day = d.now[0].day
    return d.drawn.first_emergency[day + 1] - d.drawn.first_emergency[day] + noted_today(d, Due.EMERGENCY)


@compiled
def cases_today(d: District) -> int:
    """Cases that are open or may be opened today."""
    day = d.now[0].day
    born = d.drawn.first_problem[day + 1] - d.drawn.first_problem[day] + noted_today(d, Due.PROBLEM)
    return d.now[0].open_cases + born + noted_today(d, Due.LOOK)


@compiled
def noted_today(d: District, what: int) -> int:
    """How much is noted for today and a purpose."""
    return d.calendar.count[d.now[0].day, what]
