"""The passive nouns: what is worked on. Each is a table of columns, one row a thing; a row number is its name.

What is drawn beforehand (equal in all regimes) comes first in each table, what happens to it later comes after.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


class Act:
    """What an hour is spent on; the rows of the ledger. Plain numbers, since columns are compared with them daily."""

    DATA = 0
    REWORK = 1
    REPORT = 2
    RECTIFY = 3
    INTERPRET = 4
    EXECUTE = 5
    CONFLICT = 6
    PUSHED = 7
    CASEWORK = 8
    TRIAGE = 9
    HANDOFF = 10
    REQUEST = 11
    CALLBACK = 12
    REFUSE = 13
    OUTREACH = 14
    POLISH = 15
    INSPECTION = 16
    RATING = 17
    SWITCHING = 18
    TRAINING = 19
    CORE = 20
    ISSUE = 21
    INSPECT = 22
    DISTINGUISH = 23
    READ = 24
    REISSUE = 25
    RATED = 26
    RESPOND = 27
    REPAIR = 28
    TRANSMIT = 29
    FEEDBACK = 30
    COMMAND = 31
    MERGE = 32
    IDLE = 33


ACTS = tuple(name for name in vars(Act) if name.isupper())
"""Names of the activities, in order of their numbers."""


class Fate:
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


FATES = tuple(name for name in vars(Fate) if name.isupper())


class Course:
    """Where an idea for a directive, a copy of it on a street, or a core job stands."""

    UNBORN = 0
    WAITING = 1
    LIVE = 2
    DONE = 3
    OVERDUE = 4
    LAPSED = 5
    MERGED = 6


COURSES = tuple(name for name in vars(Course) if name.isupper())


def _state(n, dtype, value=0):
    return np.full(n, value, dtype)


@dataclass
class Problems:
    """Needs of residents, by day of birth; behind them one slot a directive copy for the trouble it may make."""

    born: np.ndarray
    street: np.ndarray
    resident: np.ndarray
    domains: np.ndarray
    """Rows × 3, −1 where there is no further domain; the first leads."""
    life: np.ndarray
    hours: np.ndarray
    tacit: np.ndarray
    severity: np.ndarray
    reasonable: np.ndarray
    authority: np.ndarray
    """Only departments can solve it."""
    cause: np.ndarray
    """Common cause, −1 none."""
    voice_luck: np.ndarray
    luck: np.ndarray
    arrivals: int
    """Rows that are needs; those behind are slots for disturbance."""
    fate: np.ndarray = field(init=False)
    voiced: np.ndarray = field(init=False)
    """Day a need was voiced, −1 never."""
    closed: np.ndarray = field(init=False)
    attempt: np.ndarray = field(init=False)
    """How often work on it has not helped."""
    measured: np.ndarray = field(init=False)
    """Solved as far as the papers say."""

    def __post_init__(self) -> None:
        n = len(self.born)
        self.fate = _state(n, np.int8)
        self.voiced, self.closed = _state(n, np.int32, -1), _state(n, np.int32, -1)
        self.attempt = _state(n, np.int16)
        self.measured = _state(n, bool)
        self.parts = (self.domains >= 0).sum(axis=1)


@dataclass
class CommonCauses:
    """What several problems of a street spring from; repaired once, the later ones do not arise."""

    street: np.ndarray
    domains: np.ndarray
    hours: np.ndarray
    luck: np.ndarray
    known: np.ndarray = field(init=False)
    """Cases of it voiced so far."""
    stage: np.ndarray = field(init=False)
    """0 unknown, 1 repair under way, 2 misgrouped: hours under way for nothing, 3 repaired."""

    def __post_init__(self) -> None:
        n = len(self.street) + 1  # the last row is what cause −1, none, points at
        self.known, self.stage = _state(n, np.int16), _state(n, np.int16)
        self.parts = (self.domains >= 0).sum(axis=1)


@dataclass
class Directives:
    """Ideas for directives and their copies, one a street: columns of ideas, and of ideas × streets."""

    born: np.ndarray
    domain: np.ndarray
    central: np.ndarray
    x0: np.ndarray
    value: np.ndarray
    items: np.ndarray
    """Ideas × items: number in the common pool, or pool size + number in the domain's own pool."""
    whims: np.ndarray
    """Ideas × senders (city, district, department, street …), standard normal."""
    luck: np.ndarray
    streets: int
    due_days: float
    specificity: float
    course: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        n, s = len(self.born), self.streets
        self.course = _state(n, np.int8)
        self.weight = np.ones(n)
        """Value carried: its own, and what was merged into it."""
        self.parts = np.ones(n)
        self.carrier = np.arange(n)
        """The idea that carries an idea's value: itself, or the one it was merged into."""
        self.x = np.repeat(self.x0[:, None], s, axis=1)
        self.clarity, self.target, self.resources = np.ones((n, s)), np.ones((n, s)), np.zeros((n, s))
        self.s = np.full((n, s), self.specificity)
        self.due = np.full((n, s), float(self.due_days))
        self.copy_course = _state((n, s), np.int8)
        self.arrived = _state((n, s), np.int32, -1)
        self.deadline, self.allowed = _state((n, s), np.int32, -1), _state((n, s), np.int32)
        self.exec_hours, self.total_hours, self.done_hours = np.zeros((n, s)), np.zeros((n, s)), np.zeros((n, s))
        self.adapted = _state((n, s), bool)
        self.pending_reports = _state((n, s), np.int16)
        self.value_in_time, self.value_got = np.zeros((n, s)), np.zeros((n, s))
        """Share of a copy's value got: by its deadline, and in all."""
        self.copies = Copies(self)

    def __getstate__(self) -> dict:
        return {name: value for name, value in vars(self).items() if name != "copies"}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self.copies = Copies(self)  # views do not survive a copy


class Copies:
    """The columns of ideas × streets once more, flat: row = idea × streets + street; views of the same numbers."""

    NAMES = ("x", "clarity", "target", "resources", "s", "due", "copy_course", "arrived", "deadline", "allowed",
             "exec_hours", "total_hours", "done_hours", "adapted", "pending_reports", "value_in_time", "value_got")

    def __init__(self, directives: Directives) -> None:
        n, s = directives.x.shape
        self.idea, self.street = np.repeat(np.arange(n), s), np.tile(np.arange(s), n)
        self.of_idea = np.arange(n * s).reshape(n, s)
        """Rows of the copies of each idea."""
        for name in self.NAMES:
            setattr(self, name, getattr(directives, name).reshape(-1))


@dataclass
class CoreJobs:
    """Departments' own work, which nobody voices."""

    born: np.ndarray
    department: np.ndarray
    street: np.ndarray
    hours: np.ndarray
    severity: np.ndarray
    luck: np.ndarray
    course: np.ndarray = field(init=False)
    pushed: np.ndarray = field(init=False)
    """0 kept, 1 pushed down to a street, 2 sent back."""

    def __post_init__(self) -> None:
        self.course, self.pushed = _state(len(self.born), np.int8), _state(len(self.born), np.int8)


@dataclass
class Emergencies:
    """Sudden hazards, with the chance (not a coin) that they go well."""

    born: np.ndarray
    street: np.ndarray
    first: np.ndarray = field(init=False)
    success: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.success = _state(len(self.born), float, np.nan), _state(len(self.born), float, np.nan)


def _row(i: int) -> property:
    return property(lambda table: table.rows[i])


class Requests:
    """Requests no department has accepted yet: a column a thing asked for, kept short by dropping what is settled."""

    NAMES = ("thing", "department", "attempt", "raised", "first", "hazard", "limit", "parts")
    thing, department, attempt, raised, first, hazard, limit, parts = (_row(i) for i in range(len(NAMES)))

    def __init__(self) -> None:
        self.rows = np.empty((len(self.NAMES), 0))

    def __len__(self) -> int:
        return self.rows.shape[1]

    def add(self, **columns) -> None:
        """Put requests in, all columns named."""
        n = len(columns["thing"])
        new = np.empty((len(self.NAMES), n))
        for i, name in enumerate(self.NAMES):
            new[i] = columns[name]
        self.rows = np.concatenate((self.rows, new), axis=1)

    def keep(self, which: np.ndarray) -> None:
        """Drop all but these (a mask)."""
        self.rows = self.rows.take(which.nonzero()[0], axis=1)
