"""What is worked on, one object a thing, and the queues it waits in."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import Any

from agents.work import Course, Fate
from model.queues import DONE


@dataclass(eq=False)
class Thing:
    """Anything work can be about; work on what is dead is dropped at the end of the day."""

    name: int
    """Its number among all things, which keys its luck as a request."""
    dead: bool = False
    outstanding: int = 0
    raised: float = -1.0


@dataclass(eq=False)
class Problem(Thing):
    """A need of a resident."""

    row: int = 0
    born: int = 0
    street: Any = None
    resident: Any = None
    domains: list = field(default_factory=list)
    hours: float = 0.0
    tacit: float = 0.0
    severity: float = 0.0
    reasonable: bool = True
    authority: bool = False
    cause: Any = None
    voice_luck: float = 0.0
    luck: float = 0.0
    look: int = 0
    fate: int = Fate.LATENT
    voiced: int = -1
    closed: int = -1
    attempt: int = 0
    measured: bool = False
    satisfaction: float = nan


@dataclass(eq=False)
class Cause(Thing):
    """What several problems spring from."""

    street: int = 0
    domains: list = field(default_factory=list)
    hours: float = 0.0
    luck: float = 0.0
    known: int = 0
    stage: int = 0
    members: list = field(default_factory=list)


@dataclass(eq=False)
class Idea(Thing):
    """An idea for a directive; `copies` has one a street."""

    row: int = 0
    born: int = 0
    domain: int = 0
    central: bool = False
    value: float = 0.0
    items: list = field(default_factory=list)
    whims: list = field(default_factory=list)
    luck: float = 0.0
    rank: int = 0
    course: int = Course.UNBORN
    weight: float = 1.0
    parts: float = 1.0
    carrier: int | None = None
    """Row of the idea it was merged into."""
    mode: str = "relay"
    copies: list = field(default_factory=list)


@dataclass(eq=False)
class Copy(Thing):
    """A directive on one street."""

    idea: Any = None
    street: Any = None
    index: int = 0
    x: float = 0.0
    s: float = 0.0
    due: float = 0.0
    clarity: float = 1.0
    target: float = 1.0
    resources: float = 0.0
    course: int = Course.UNBORN
    arrived: int = -1
    deadline: int = -1
    allowed: int = 0
    exec_hours: float = 0.0
    total_hours: float = 0.0
    done_hours: float = 0.0
    adapted: bool = False
    pending_reports: int = 0
    value_in_time: float = 0.0
    value_got: float = 0.0

    @property
    def live(self) -> bool:
        """Still to be carried out."""
        return self.course == Course.LIVE

    @property
    def done_share(self) -> float:
        """Share of its hours done."""
        return min(1.0, self.done_hours / max(self.total_hours, 1e-9))


@dataclass(eq=False)
class Job(Thing):
    """A department's own work."""

    born: int = 0
    department: int = 0
    street: int = 0
    hours: float = 0.0
    severity: float = 0.0
    luck: float = 0.0
    course: int = Course.UNBORN
    pushed: int = 0


@dataclass(eq=False)
class Request:
    """What no department has accepted yet."""

    thing: Thing
    department: Any
    attempt: int
    raised: int
    first: int
    limit: float
    parts: int
    hazard: float = 0.0


@dataclass(eq=False)
class Work:
    """A piece of work in a queue; `place` is its domain at a desk."""

    act: int
    thing: Thing | None
    place: int
    left: float
    born: int
    period: float
    rank: tuple


class Queue:
    """Work of one kind that waits at one place, in order of priority, day and luck."""

    def __init__(self) -> None:
        self.items: list[Work] = []
        self.new: list[Work] = []
        self.came = 0.0

    def add(self, act, thing, place, hours, day, period, priority, luck) -> None:
        """Put work in."""
        self.new.append(Work(act, thing, place, hours, day, period, (priority, day, int(luck * 2**28))))

    def arrange(self) -> None:
        """Sort in what is new; equals keep the order they came in."""
        if self.new:
            self.came += sum(work.left for work in self.new)
            self.items.extend(self.new)
            self.items.sort(key=lambda work: work.rank)
            self.new = []

    def backlog(self) -> float:
        """Hours waiting."""
        self.arrange()
        return sum(work.left for work in self.items)

    def pressing(self, day: int, urgency, backlog: float) -> float:
        """Mean urgency, weighted by hours."""
        return sum(urgency(day - w.born, w.period) * w.left for w in self.items) / max(backlog, 1e-12)

    def serve(self, hours: float) -> list[tuple[Work, float, bool]]:
        """Work hours off in order; returns what was touched, with hours and whether it is done."""
        touched = []
        for work in self.items:
            given = min(work.left, hours)
            hours -= given
            work.left -= given
            if given > 0 or work.left <= DONE:
                touched.append((work, given, work.left <= DONE))
        return touched

    def shed(self) -> list[Work]:
        """Drop what is done and what has died; returns what died undone."""
        self.arrange()
        keep, lost = [], []
        for work in self.items:
            if work.left > DONE:
                (lost if work.thing is not None and work.thing.dead else keep).append(work)
        self.items = keep
        return lost
