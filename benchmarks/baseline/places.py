"""Streets with their desks: how many cadres share which domains, and what waits for them."""

from __future__ import annotations

from model.scenario import Scenario

from .things import Queue

QUEUED = 4


class Desk:
    """Where work of some domains of a street queues; the cadres of it work it off together."""

    def __init__(self, number: int) -> None:
        self.number, self.cadres, self.queues = number, [], [Queue() for _ in range(QUEUED)]
        self.days_of_work = self.case_days = self.open_per_cadre = self.central = 0.0
        self.forget_scores()

    def forget_scores(self) -> None:
        """A new month of results begins: good ones and all."""
        self.scores = {name: [0, 0] for name in ("paper", "targets", "residents", "solved")}

    def score(self, name: str, good: bool) -> None:
        """Note a result."""
        self.scores[name][0] += good
        self.scores[name][1] += 1

    def share(self, name: str, empty: float = 1.0) -> float:
        """Good results ÷ all."""
        good, every = self.scores[name]
        return good / every if every else empty

    def note_people(self) -> None:
        """Means over the cadres, as they stand this month."""
        n = len(self.cadres)
        self.knowledge = sum(c.knowledge for c in self.cadres) / n
        self.motivation = sum(c.motivation for c in self.cadres) / n
        self.residents_weight = sum(c.weights[2] for c in self.cadres) / n

    def open_day(self, day: int, rules) -> None:
        """What waits this morning, and how it presses; hours are collected from the cadres."""
        self.waiting = [q.backlog() for q in self.queues]
        self.pressing = [q.pressing(day, rules.urgency, w) for q, w in zip(self.queues, self.waiting, strict=True)]
        self.paid, self.delivered = [0.0] * QUEUED, [0.0] * QUEUED


class Street:
    """A street: residents, cadres, a leader and desks."""

    def __init__(self, number: int) -> None:
        self.number, self.residents, self.cadres, self.desks = number, [], [], []
        self.leader = None
        self.rest = 0.5
        self.civic = self.voiced = self.idle = 0.0
        self.volunteer_hours = self.volunteers_used = 0.0
        self.overdue = self.specificity = 0.0

    def desk(self, domain: int) -> Desk:
        """The desk of a domain."""
        return self.desks[self.desk_of_domain[domain]]

    @property
    def trust(self) -> float:
        """Mean trust of its residents."""
        return sum(r.trust for r in self.residents) / len(self.residents)

    @property
    def ties(self) -> float:
        """Mean ties of its grids."""
        return sum(c.ties for c in self.cadres) / len(self.cadres)

    def cut(self, sc: Scenario, offices: int) -> None:
        """Cut the street into offices; waiting work moves with its domain."""
        waiting = [(kind, work) for desk in self.desks for kind, q in enumerate(desk.queues) for work in q.items]
        d, c = sc.departments, sc.cadres
        matched, desks = min(d, c), min(offices, d, c)
        self.office = [min(offices, d) * k // d for k in range(d)]
        self.desk_of_domain = [desks * (matched * k // d) // matched for k in range(d)]
        self.desks = [Desk(n) for n in range(desks)]
        own_of_cadre = [matched * k // c for k in range(c)]
        for k, cadre in enumerate(self.cadres):
            cadre.desk = self.desks[desks * own_of_cadre[k] // matched]
            cadre.desk.cadres.append(cadre)
        self.own_share = []
        for domain in range(d):
            desk, people = self.desk(domain), zip(own_of_cadre, self.cadres, strict=True)
            here = [own for own, cadre in people if cadre.desk is desk]
            self.own_share.append(sum(own == matched * domain // d for own in here) / len(here))
        for kind, work in waiting:
            self.desk(work.place).queues[kind].items.append(work)
        for queue in (q for desk in self.desks for q in desk.queues):
            queue.items.sort(key=lambda work: work.rank)
        self.note_people()

    def note_people(self) -> None:
        """Means over cadres, as they stand this month."""
        self.knowledge = sum(c.knowledge for c in self.cadres) / len(self.cadres)
        for desk in self.desks:
            desk.note_people()
