"""Residents are heard: needs voiced, complaints above, volunteers."""

from __future__ import annotations

from agents.work import Act
from model.queues import PLAIN
from model.scenario import MONTH, WEEK
from model.voices import VOLUNTEER_WEEK

from . import street


def answer_complaints(m) -> None:
    """One complaint a domain and day reaches its department."""
    first, told = {}, {True: [], False: []}
    for _, domain, place in sorted(m.complaints, key=lambda c: c[0]):
        m.tally["platform"] += 1
        first.setdefault(domain, place)
    for domain, place in sorted(first.items()):
        d, belief = m.departments[domain], [row[domain] for row in m.beliefs["department"]]
        own = belief.pop(place.number)
        gap = abs(own - sum(belief) / len(belief)) if belief else 0.0
        apart = m.rules.distinguishes(gap) and d.supervise_backlog < d.supervise_hours + 1
        if apart:
            d.add(Act.DISTINGUISH, None, 1.0, WEEK, PLAIN, 0.5)
        m.tally["uniform_corrections"] += not apart
        told[bool(apart)].append((domain, place))
    for apart in (True, False):
        for domain, place in told[apart]:
            street.correct(m, domain, place, apart)


def call_volunteers(m) -> None:
    """The week's volunteer hours of every street."""
    sc = m.scenario
    for place in m.streets:
        outreach = sum(c.outreach_last for c in place.cadres)
        call = m.rules.call_of(outreach, sc.h_outreach * sc.cadres)
        free = max(sc.civic_hours - place.civic / sc.residents, 0) * WEEK / MONTH
        share = m.rules.volunteers(place.trust, place.ties, call)
        place.volunteer_hours, place.volunteers_used = sc.residents * share * min(VOLUNTEER_WEEK, free), 0.0
