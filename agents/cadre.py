"""Grassroots cadres: those at the end of every line. A cadre's record, day and month, and the Mesa agent."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from .compiled import District, Floats, Row, columns, compiled, entry, record, row_of
from .people import Person, number, weights
from .places import PAPER, RESIDENTS, SOLVED, TARGETS, Desk
from .queues import left_in_hand, whole_pieces, work_off
from .work import WEEK, Act, Class, kinds_of_acts

KINDS = ("paperwork", "execute", "casework", "coordinate", "outreach", "polish")
PAPERWORK, EXECUTE, CASEWORK, COORDINATE, OUTREACH, POLISH = range(6)
QUEUED = 4
"""Kinds 0–3 wait in the desk's queues; outreach and polish are each cadre's own."""
KIND_OF_ACT = kinds_of_acts(
    paperwork=(), execute=(Act.INTERPRET, Act.EXECUTE, Act.CONFLICT, Act.PUSHED),
    casework=(Act.CASEWORK, Act.RESPOND, Act.REPAIR),
    coordinate=(Act.TRIAGE, Act.HANDOFF, Act.REQUEST, Act.CALLBACK, Act.REFUSE), outreach=(Act.OUTREACH,),
    polish=(Act.POLISH,))
ASSESSED = ("paperwork", "execute", "residents")
"""What cadres are assessed on; casework, coordination and outreach are the residents' part."""
OVERHEADS = ("inspection", "rating", "switching", "training", "patrol")
INSPECTION, RATING, SWITCHING, TRAINING, PATROL = range(5)
"""Hours that are gone before any choice."""
POLISH_MONTH = 6.0
"""Hours of polish a month beyond which it adds too little (assumption)."""

CADRE = record(
    **columns("street desk lowest first_resident residents", "i4"),
    **columns("hours knowledge level motivation ties slack toil inspection_due rating_due outreach_due polish_due "
              "outreach_week outreach_last spent toiled contact outreach monitored polish trained watched"),
    weights=("f8", (3,)), **columns("pull press own backlog given", ("f8", (6,))), overhead=("f8", (5,)))
"""A cadre. hours: paid a day, with those of people sent down to the desk; first_resident, residents: of their grid, the
first one in the district's table and how many; lowest: which assessed score was lowest last month; knowledge, level:
local knowledge now, and kept at usual contact; ties: among the residents of their grid; slack, toil: shares of last
month's hours; …_due: hours that wait; outreach_week, outreach_last: of this week and the last; spent … trained: hours
of this month; watched: monitored hours of last month; weights: learned, by `ASSESSED`; pull … given: of today, by
`KINDS`; overhead: hours of today, by `OVERHEADS`."""
CadreRow = Annotated[Row, row_of(CADRE)]


# --- a cadre's day --------------------------------------------------------------------------------------------------


@entry
def work(d: District, row: int) -> None:
    """Lose hours to what cannot be refused, split the rest by what presses and counts, work it off piece by piece."""
    cadre = d.cadres[row]
    desk = d.desks[cadre.desk]
    d.now[0].who, d.now[0].row = Class.CADRE, row
    left = cadre.hours - overheads(d, cadre)
    worth = d.rules.delivered(cadre.motivation, cadre.slack)
    look_at_what_waits(d, row, worth)
    weigh(d, cadre, desk)
    d.rules.split_attention(cadre.pull.ctypes, cadre.press.ctypes, cadre.own.ctypes, cadre.backlog.ctypes, left,
                            d.scenario[0].kappa, cadre.given.ctypes, len(cadre.given))
    for kind in range(QUEUED):
        delivered = work_off(d.desk_work, QUEUED * cadre.desk + kind, row, cadre.given[kind] * worth, worth,
                             d.hours[d.now[0].day, Class.CADRE])
        cadre.given[kind] = delivered / worth  # what found no free piece is idle
        desk.paid[kind] += cadre.given[kind]
        desk.delivered[kind] += delivered
    desk.to_come -= 1
    write_diary(d, cadre, left)


@compiled
def overheads(d: District, cadre: CadreRow) -> float:
    """Hours gone before any choice, a day's at most; inspections and ratings that do not fit in wait."""
    left, hours = cadre.hours, cadre.overhead
    hours[INSPECTION], hours[RATING] = cadre.inspection_due, cadre.rating_due
    hours[SWITCHING] = d.rules.switching(d.desks[cadre.desk].open_per_cadre)
    hours[TRAINING], hours[PATROL] = d.powers[0].train, d.powers[0].patrol
    for k in range(len(hours)):
        d.desks[cadre.desk].wanted += hours[k]
        hours[k] = min(left, hours[k])
        left -= hours[k]
    cadre.inspection_due -= hours[INSPECTION]
    cadre.rating_due -= hours[RATING]
    return cadre.hours - left


@compiled
def look_at_what_waits(d: District, row: int, worth: float) -> None:
    """Hours that wait for this cadre by kind, and how they press: the piece in hand, and a share of what is free.

    Those who still come today share it; less than a day of it is counted in whole pieces, so that none is left half.
    """
    cadre, q = d.cadres[row], d.desk_work
    desk = d.desks[cadre.desk]
    for kind in range(QUEUED):
        queue = QUEUED * cadre.desk + kind
        share = q.free[queue] / max(desk.to_come, 1)
        if share < cadre.hours:
            share = whole_pieces(q, queue, share)
        cadre.backlog[kind] = (left_in_hand(q, queue, row) + share) / worth
        cadre.press[kind] = desk.press[kind]
    cadre.backlog[OUTREACH], cadre.backlog[POLISH] = cadre.outreach_due, cadre.polish_due
    week = d.rules.urgency(d.now[0].day % WEEK + 1.0, float(WEEK))
    cadre.press[OUTREACH] = cadre.press[POLISH] = week


@compiled
def weigh(d: District, cadre: CadreRow, desk: Desk) -> None:
    """Weights by kind: casework, coordination and outreach share the residents' weight as they wait."""
    for kind in (PAPERWORK, EXECUTE):
        cadre.pull[kind] = d.rules.crowded(cadre.weights[kind], desk.central, d.scenario[0].crowding)
    waiting = max(cadre.backlog[CASEWORK] + cadre.backlog[COORDINATE] + cadre.backlog[OUTREACH], 1e-12)
    for kind in (CASEWORK, COORDINATE, OUTREACH):
        cadre.pull[kind] = cadre.weights[2] * cadre.backlog[kind] / waiting
    cadre.pull[POLISH] = 0.25 * cadre.weights[cadre.lowest]


@compiled
def write_diary(d: District, cadre: CadreRow, left: float) -> None:
    """Enter the hours into the ledger, and count what the month will be judged by."""
    given, over = cadre.given, cadre.overhead
    enter(d, d.hours[d.now[0].day, Class.CADRE], cadre, left)
    cadre.outreach_due = max(cadre.outreach_due - given[OUTREACH], 0.0)
    cadre.polish_due = max(cadre.polish_due - given[POLISH], 0.0)
    cadre.outreach_week += given[OUTREACH]
    cadre.spent += given.sum() + over.sum()
    cadre.toiled += given[PAPERWORK] + over[INSPECTION] + over[RATING]
    cadre.contact += given[OUTREACH] + given[CASEWORK] + over[PATROL]
    cadre.outreach += given[OUTREACH]
    watch = d.scenario[0].platform_watch if d.powers[0].platform else 1.0
    cadre.monitored += over[INSPECTION] * watch + over[RATING]
    cadre.polish += given[POLISH]
    cadre.trained += over[TRAINING]


@compiled
def enter(d: District, ledger: Floats, cadre: CadreRow, left: float) -> None:
    """Hours of their own and idle ones; what went into the desk's work has been entered with it."""
    idle = left - cadre.given.sum()
    for k in range(len(cadre.overhead)):
        ledger[Act.INSPECTION + k] += cadre.overhead[k]
    ledger[Act.OUTREACH] += cadre.given[OUTREACH]
    ledger[Act.POLISH] += cadre.given[POLISH]
    ledger[Act.IDLE] += idle
    d.streets[cadre.street].idle += idle / d.streets[cadre.street].cadres


# --- a cadre's week and month ---------------------------------------------------------------------------------------


@compiled
def begin_week(cadre: CadreRow, outreach: float) -> None:
    """Outreach waits anew; what was not done last week has lapsed."""
    cadre.outreach_last, cadre.outreach_week, cadre.outreach_due = cadre.outreach_week, 0.0, outreach


@compiled
def begin_month(d: District, cadre: CadreRow) -> None:
    """Ratings and polish wait anew, and the month's hours count from nothing."""
    sc = d.scenario[0]
    cadre.polish_due = POLISH_MONTH if sc.gaming > 0 else 0.0
    cadre.rating_due = sc.departments / d.streets[cadre.street].cadres if d.powers[0].rating else 0.0
    cadre.spent = cadre.toiled = cadre.contact = cadre.outreach = 0.0
    cadre.monitored = cadre.polish = cadre.trained = 0.0


@compiled
def be_assessed(d: District, row: int) -> None:
    """Measured results of the desk; polish lifts what was lowest last month; weights follow what is assessed."""
    sc, cadre, today = d.scenario[0], d.cadres[row], d.days[d.now[0].day]
    desk, lowest, least = d.desks[cadre.desk], 0, np.inf
    above = sc.weigh_paperwork + sc.weigh_execute + sc.weigh_residents
    d.now[0].who, d.now[0].row = Class.CADRE, row
    if cadre.lowest == 2:
        today.lift += d.rules.gaming_lift(0.0, sc.gaming, cadre.polish) / len(d.cadres)
    for k in range(3):
        seen = share_of(desk, PAPER if k == 0 else TARGETS if k == 1 else RESIDENTS, 1.0)
        if k == cadre.lowest:
            seen += d.rules.gaming_lift(seen, sc.gaming, cadre.polish)
        if seen < least:
            least, lowest = seen, k
        weigh = sc.weigh_paperwork if k == 0 else sc.weigh_execute if k == 1 else sc.weigh_residents
        assessed = d.rules.assessed_weight(weigh / above, 1.0 if k == 2 else 0.0, d.powers[0].sigma_street)
        cadre.weights[k] = d.rules.learn_weight(cadre.weights[k], assessed, sc.learning_rate)
    cadre.lowest = lowest


@compiled
def share_of(desk: Desk, score: int, empty: float) -> float:
    """Good results of a desk ÷ all of them; `empty` where nothing was counted."""
    return desk.good[score] / desk.every[score] if desk.every[score] else empty


@compiled
def change(d: District, cadre: CadreRow) -> None:
    """Slack, motivation, knowledge and ties follow the month's hours."""
    rules, sc = d.rules, d.scenario[0]
    cadre.toil = cadre.toiled / max(cadre.spent, 1e-9)
    cadre.motivation = rules.learn_motivation(cadre.motivation, cadre.toil, share_of(d.desks[cadre.desk], SOLVED, 0.5))
    cadre.slack, cadre.watched = rules.slack(cadre.motivation, cadre.monitored), cadre.monitored
    cadre.knowledge = rules.learn_knowledge(cadre.knowledge, cadre.contact + cadre.trained, cadre.level, sc.usual,
                                            sc.learn_gain, sc.learn_rate)
    cadre.ties = rules.learn_knowledge(cadre.ties, cadre.outreach, d.streets[cadre.street].ties, sc.usual_outreach,
                                       sc.learn_gain, sc.learn_rate)


# --- the agent ------------------------------------------------------------------------------------------------------


class Cadre(Person):
    """A cadre of a street."""

    TABLE = "cadres"
    ACT = staticmethod(work)
    knowledge = number("knowledge", 0, 1, "Local knowledge")
    motivation = number("motivation", 0, 1, "Motivation")
    ties = number("ties", 0, 1, "Ties among the residents of their grid")
    slack = number("slack", 0, 1, "Share of hours that are slack")
    weights = weights(ASSESSED)

    @property
    def street(self) -> int:
        """Number of the street."""
        return int(self.row["street"])

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind, overheads and idle; adds up to the day's paid hours."""
        hours = dict(zip(OVERHEADS + KINDS, map(float, (*self.row["overhead"], *self.row["given"])), strict=True))
        return {**hours, "idle": float(self.row["hours"]) - sum(hours.values())}
