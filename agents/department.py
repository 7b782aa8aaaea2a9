"""District departments, one domain each. A department's record, day and month, and the Mesa agent."""

from __future__ import annotations

from typing import Annotated

from .compiled import District, Row, columns, compiled, entry, record, row_of
from .people import Person, number, weights
from .queues import in_reach, serve
from .work import Act, Class, kinds_of_acts

KINDS = ("core", "supervise", "respond")
CORE, SUPERVISE, RESPOND = range(3)
KIND_OF_ACT = kinds_of_acts(
    core=(Act.CORE, Act.OWN), supervise=(Act.ISSUE, Act.INSPECT, Act.DISTINGUISH, Act.READ, Act.REISSUE),
    respond=(Act.RESPOND, Act.REPAIR, Act.SUMMONED))
MOTIVATION = 0.5
"""Departments' motivation (assumption: constant)."""
QUALITY_RATE = 0.02
"""How far core quality moves a day towards the share of core work done in time (assumption)."""
FORM_STEP = 0.01
"""Share of the cut forms an hour of re-issuing brings back (control arm `cut_forms`; assumption)."""

DEPARTMENT = record(
    live="i4", late="i4", staff="i4", register_read="?",
    **columns("groundedness core_quality rating rated_due rated_today rated_month centre_due centre_today timely "
              "answered hours core_hours overdue slack core_backlog supervise_backlog supervise_hours forms issue_left "
              "good bad"),
    **columns("weights own press backlog waiting given", ("f8", (3,))))
"""A department. staff: its people; hours: paid a day, of all of them; live, late, overdue: of its directives' copies,
and late ÷ live; register_read: this week; rated_…: hours of being rated; centre_…: of staffing a call centre; timely,
answered: this month's requests answered in time, and all that ended; core_hours: delivered to core work yesterday;
…_backlog: hours left waiting; forms: asked for, as a share of what they were before a decree cut them; issue_left:
supervise hours not yet spoken for; good, bad: hours of core jobs due today, done and late; weights: learned, by
`KINDS`, as are own … given of today."""
DepartmentRow = Annotated[Row, row_of(DEPARTMENT)]


# --- a department's day ---------------------------------------------------------------------------------------------


@entry
def work(d: District, row: int) -> None:
    """Split the day's hours over core work, supervision and answers, and work them off: one person a piece at most."""
    dep, sc, now, q = d.departments[row], d.scenario[0], d.now[0], d.department_work
    now.who, now.row = Class.DEPARTMENT, row
    hours, ledger = dep.hours, d.hours[now.day, Class.DEPARTMENT]
    be_rated(dep, hours)
    staff_centre(dep, hours)
    left = hours - dep.rated_today - dep.centre_today
    worth = d.rules.delivered(MOTIVATION, dep.slack)
    for kind in range(len(dep.given)):
        queue = row * len(dep.given) + kind
        dep.waiting[kind], dep.press[kind] = q.waiting[queue], q.pressing[queue]
        dep.backlog[kind] = in_reach(q, queue, now.paid * worth, hours * worth) / worth
    d.rules.split_attention(dep.weights.ctypes, dep.press.ctypes, dep.own.ctypes, dep.backlog.ctypes,
                            left, sc.kappa, dep.given.ctypes, len(dep.given))
    for kind in range(len(dep.given)):
        serve(q, row * len(dep.given) + kind, dep.given[kind] * worth, now.paid * worth, worth, ledger)
    ledger[Act.RATED] += dep.rated_today
    ledger[Act.CENTRE] += dep.centre_today
    ledger[Act.IDLE] += left - dep.given.sum()
    note_backlog(dep, worth)


@compiled
def be_rated(dep: DepartmentRow, hours: float) -> None:
    """Hours of being rated by streets come first, half a day at most."""
    dep.rated_today = min(dep.rated_due, hours / 2)
    dep.rated_due -= dep.rated_today
    dep.rated_month += dep.rated_today


@compiled
def staff_centre(dep: DepartmentRow, hours: float) -> None:
    """Hours owed to the call centre come next; what the day cannot hold waits."""
    dep.centre_today = min(dep.centre_due, hours - dep.rated_today)
    dep.centre_due -= dep.centre_today


@compiled
def note_backlog(dep: DepartmentRow, worth: float) -> None:
    """What the day delivered and what it left waiting."""
    dep.core_hours, dep.supervise_hours = dep.given[CORE] * worth, dep.given[SUPERVISE]
    dep.core_backlog = dep.waiting[CORE] - dep.core_hours
    dep.supervise_backlog = dep.waiting[SUPERVISE] - dep.given[SUPERVISE] * worth


@compiled
def falls_behind(dep: DepartmentRow, core_due: float) -> bool:
    """Whether more core work waits than half of what the time allowed would do, at yesterday's pace."""
    return dep.core_backlog > dep.core_hours * core_due / 2


@compiled
def account_for_core(dep: DepartmentRow) -> None:
    """Core quality follows the share of the hours due today that were done in time."""
    due = dep.good + dep.bad
    dep.core_quality += QUALITY_RATE * ((dep.good / due if due > 0 else 1.0) - dep.core_quality)


# --- a department's month -------------------------------------------------------------------------------------------


@compiled
def begin_month(d: District, dep: DepartmentRow) -> None:
    """Rating waits anew."""
    dep.rated_due, dep.rated_month = float(d.scenario[0].streets) if d.powers[0].rating else 0.0, 0.0


@compiled
def be_assessed(d: District, row: int) -> None:
    """Streets may rate departments; poor answers must be mended: a low rating raises the weight of answering."""
    dep, rules, sc, powers = d.departments[row], d.rules, d.scenario[0], d.powers[0]
    d.now[0].who, d.now[0].row = Class.DEPARTMENT, row
    dep.rating = rules.rating(dep.timely / dep.answered if dep.answered > 0 else 0.5,
                              sc.kindness if powers.rating else 0.0)
    answers = powers.sigma_department * (1.5 - dep.rating if powers.rating else 1.0)
    share = answers / (1 - powers.sigma_department + answers) if answers > 0 else 0.0
    above = sc.weigh_core + sc.weigh_supervise + sc.weigh_respond
    for k in range(len(dep.weights)):
        weigh = sc.weigh_core if k == CORE else sc.weigh_supervise if k == SUPERVISE else sc.weigh_respond
        assessed = rules.assessed_weight(weigh / above, 1.0 if k == RESPOND else 0.0, share)
        dep.weights[k] = rules.learn_weight(dep.weights[k], assessed, sc.learning_rate)
    dep.slack = rules.slack(MOTIVATION, dep.rated_month / dep.staff)
    dep.timely = dep.answered = 0.0


# --- the agent ------------------------------------------------------------------------------------------------------


class Department(Person):
    """A department of the district."""

    TABLE = "departments"
    ACT = staticmethod(work)
    core_quality = number("core_quality", 0, 1, "Quality of its core work")
    groundedness = number("groundedness", 0, 1, "How well it knows local conditions")
    forms = number("forms", 0, 1, "Forms it asks for, as a share of what they were")
    weights = weights(KINDS)

    @property
    def domain(self) -> int:
        """Number of its domain, which is its own."""
        return self.index

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind; adds up to its paid hours."""
        given, gone = self.row["given"], {"rated": float(self.row["rated_today"]),
                                          "centre": float(self.row["centre_today"])}
        idle = float(self.row["hours"]) - float(given.sum()) - sum(gone.values())
        return {**dict(zip(KINDS, map(float, given), strict=True)), **gone, "idle": idle}
