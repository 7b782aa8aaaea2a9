"""Leaders: one of the city, one of the district, one a street. A leader's record, day and week, and the Mesa agent."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from .compiled import District, Row, columns, compiled, entry, record, row_of
from .people import Person, number, weights
from .work import MODES, TIGHTEN, TRANSLATE, WEEK, Act, Class

KINDS = ("transmit", "feedback", "command")
TRANSMIT, FEEDBACK, COMMAND = range(3)
CITY, DISTRICT, FIRST_STREET = range(3)
"""Rows: the city's leader, the district's, then one a street."""
BY_CITY, BY_DISTRICT, BY_DEPARTMENT, BY_STREET = range(4)
"""Whose belief of what fits where."""
ABOVE = np.array([0.6, 0.2, 0.2])
"""Attention under every regime (assumption)."""
TIGHTEN_HOURS, TRANSLATE_HOURS = MODES["tighten"], MODES["translate"]
NO_LIMIT = 1e9
"""Hours left where a leader is asked how they would hand on if hours did not matter."""

LEADER = record(**columns("hours groundedness pressure feedback_due needed read passes waiting left"),
                **columns("weights own press backlog given", ("f8", (3,))), modes=("i4", (3,)))
"""A leader. hours: paid a day; pressure: overdue ÷ live directives below; feedback_due, needed: hours of feedback
still to read this week, and in all; read, passes: share of last week's that was read, and that goes on; waiting:
directives in the inbox this morning; left: transmission hours not yet used; weights: by `KINDS`, as are own … given of
today; modes: how many directives were relayed, tightened, translated today."""
LeaderRow = Annotated[Row, row_of(LEADER)]


# --- a leader's day -------------------------------------------------------------------------------------------------


@entry
def work(d: District, row: int) -> None:
    """Split the day over handing on, listening and commanding; directives are then handed on as they come."""
    leader, now = d.leaders[row], d.now[0]
    now.who, now.row = Class.LEADER, row
    mode = d.rules.transmission_mode(NO_LIMIT, leader.pressure, leader.groundedness)
    leader.backlog[TRANSMIT] = leader.waiting * cost_of(mode)
    leader.backlog[FEEDBACK], leader.backlog[COMMAND] = leader.feedback_due, 0.0
    if row == DISTRICT:
        leader.backlog[TRANSMIT] += now.merge_hours
        leader.backlog[COMMAND] = now.command_waiting + now.bind_waiting
    leader.press[FEEDBACK] = (now.day % WEEK + 1) / WEEK
    d.rules.split_attention(leader.weights.ctypes, leader.press.ctypes, leader.own.ctypes, leader.backlog.ctypes,
                            leader.hours, d.scenario[0].kappa, leader.given.ctypes, len(leader.given))
    leader.feedback_due = max(leader.feedback_due - leader.given[FEEDBACK], 0.0)
    leader.left = leader.given[TRANSMIT]
    leader.modes[:] = 0


@compiled
def cost_of(mode: int) -> float:
    """Hours it costs to hand a directive on."""
    return TRANSLATE_HOURS if mode == TRANSLATE else TIGHTEN_HOURS if mode == TIGHTEN else 0.0


@compiled
def hand_on(d: District, row: int) -> int:
    """How a leader hands the next directive on, while hours last."""
    leader, now = d.leaders[row], d.now[0]
    now.who, now.row = Class.LEADER, row
    mode = d.rules.transmission_mode(leader.left + 1e-9, leader.pressure, leader.groundedness)
    leader.left -= cost_of(mode)
    leader.modes[mode] += 1
    return mode


@compiled
def close_day(d: District, row: int, merged: float) -> None:
    """Enter the hours; those meant for transmission that no whole directive could use are idle."""
    leader, now = d.leaders[row], d.now[0]
    ledger = d.hours[now.day, Class.LEADER]
    leader.left = max(leader.left, 0.0)
    leader.given[TRANSMIT] -= leader.left
    ledger[Act.MERGE] += merged
    ledger[Act.TRANSMIT] += leader.given[TRANSMIT] - merged
    ledger[Act.FEEDBACK] += leader.given[FEEDBACK]
    ledger[Act.COMMAND] += leader.given[COMMAND]
    ledger[Act.IDLE] += leader.hours - leader.given.sum()


# --- a leader's week --------------------------------------------------------------------------------------


@compiled
def begin_week(leader: LeaderRow, hours: float) -> None:
    """So many hours of feedback wait to be read."""
    leader.feedback_due, leader.needed = hours, max(hours, 1e-9)


@compiled
def let_in(d: District, row: int) -> None:
    """Which share of the week's feedback was read, and goes on."""
    leader = d.leaders[row]
    d.now[0].who, d.now[0].row = Class.LEADER, row
    leader.read = min(max(1 - leader.feedback_due / leader.needed, 0.0), 1.0)
    leader.passes = d.rules.survives(leader.read, d.scenario[0].openness)


# --- the agent ------------------------------------------------------------------------------------------------------


class Leader(Person):
    """The leader of the city, the district or a street."""

    TABLE = "leaders"
    ACT = staticmethod(work)
    groundedness = number("groundedness", 0, 1, "How well they know local conditions")
    weights = weights(KINDS)

    @property
    def level(self) -> str:
        """city, district or street."""
        return {CITY: "city", DISTRICT: "district"}.get(self.index, "street")

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind, idle hours included; adds up to the day's paid hours."""
        given = self.row["given"]
        idle = float(self.row["hours"]) - float(given.sum())
        return {**dict(zip(KINDS, map(float, given), strict=True)), "idle": idle}
