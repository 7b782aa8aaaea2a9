"""What an hour is spent on, where things stand, and how time is counted; the vocabulary of the whole model."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

DAY_HOURS = 8.0
WEEK, MONTH, YEAR = 5, 21, 250
"""Working days."""
NEVER = 1 << 28
"""A day that does not come."""
RESTING = NEVER + 1
"""The day on which a thing ends that has not ended, but that nobody may work on now."""
BINDING, CENTRAL, PLAIN = range(3)
"""Priority of work in a queue: what binds goes first, then central works (中心工作), then all else by age."""
RELAY, TIGHTEN, TRANSLATE = range(3)
MODES = {"relay": 0.0, "tighten": 0.25, "translate": 1.0}
"""How a sender hands a directive on, and the leader or department hours each way costs (assumption)."""
Act = IntEnum("Act", """
    DATA REWORK REPORT RECTIFY INTERPRET EXECUTE CONFLICT PUSHED CASEWORK TRIAGE HANDOFF REQUEST CALLBACK REFUSE
    OUTREACH POLISH INSPECTION RATING SWITCHING TRAINING PATROL CORE ISSUE INSPECT DISTINGUISH READ REISSUE
    RATED CENTRE RESPOND REPAIR SUMMONED TRANSMIT FEEDBACK COMMAND MERGE OWN IDLE
""", start=0)
"""What an hour is spent on; the rows of the ledger."""


class Fate(IntEnum):
    """Where a problem stands; every problem has exactly one."""

    UNBORN = 0
    LATENT = 1
    OPEN = 2
    SERVED = 3
    LATE = 4
    PREVENTED = 5
    REFUSED = 6
    FALSE = 7
    UNSOLVED = 8
    EXPIRED = 9


class Course(IntEnum):
    """Where an idea for a directive, a copy of it on a street, or a core job stands."""

    UNBORN = 0
    WAITING = 1
    LIVE = 2
    DONE = 3
    OVERDUE = 4
    LAPSED = 5
    MERGED = 6


class Stage(IntEnum):
    """Where a common cause stands; a misgrouped repair spends its hours for nothing."""

    UNKNOWN = 0
    REPAIRING = 1
    MISGROUPED = 2
    REPAIRED = 3


class Pushed(IntEnum):
    """Who holds a core job: its department, a street it was pushed down to, or the department it was sent back to."""

    KEPT = 0
    DOWN = 1
    BACK = 2


class Class(IntEnum):
    """Who acts; the first three are paid, and are the first key of the ledger. The rest: whom rules are asked for."""

    LEADER = 0
    DEPARTMENT = 1
    CADRE = 2
    RESIDENT = 3
    STREET = 4
    COPY = 5
    PROBLEM = 6
    IDEA = 7
    CAUSE = 8
    EMERGENCY = 9


ACTS, FATES, COURSES = (tuple(one.name for one in names) for names in (Act, Fate, Course))
CLASSES = tuple(one.name.lower() for one in Class)[:3]
"""Who is paid."""


def kinds_of_acts(**acts: tuple[Act, ...]) -> np.ndarray:
    """The kind of work (a row of the keywords, from 0) each activity belongs to; those not named to the first."""
    out = np.zeros(len(Act), np.int64)
    for kind, members in enumerate(acts.values()):
        out[list(members)] = kind
    return out
