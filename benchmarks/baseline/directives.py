"""Directives come down the layers."""

from __future__ import annotations

from agents.department import SUPERVISE
from agents.leader import CITY, DISTRICT
from agents.rules import MODES
from agents.work import Act, Course
from model.queues import CENTRAL, PLAIN
from model.scenario import WEEK

from . import street, work
from .things import Copy


def issue_and_transmit(m) -> None:
    """Leaders spend their day; today's ideas go to departments, yesterday's issues to the cadres."""
    ideas = _ideas_of_today(m)
    central = [idea for idea in ideas if idea.central]
    arriving, m.inbox = sorted(m.inbox, key=lambda idea: idea.rank), []
    _brief_leaders(m, len(central), len(arriving))
    work.leaders_work(m)
    district = m.leaders[DISTRICT]
    m.emergency_command = min(district.given[2], _emergency_hours(m))
    m.merged_today = min(m.merge_hours, district.left)
    district.left -= m.merged_today
    m.merge_hours -= m.merged_today
    for who, number in (("city", CITY), ("district", DISTRICT)):
        leader = m.leaders[number]
        for idea in central:
            hop(m, idea.copies, leader.mode(), m.beliefs[who], idea.whims[number], leader.groundedness)
    _to_departments(m, ideas)
    _to_streets(m, arriving)
    for leader in m.leaders:
        leader.close_day()
    m.command_log.append(m.emergency_command)
    m.command_given = sum(m.command_log[-3:])


def _emergency_hours(m) -> float:
    return m.paid if m.command_due else 0.0


def _brief_leaders(m, central: int, arriving: int) -> None:
    for leader in m.leaders:
        leader.inbox = central if leader.number in (CITY, DISTRICT) else arriving
    district = m.leaders[DISTRICT]
    district.more = m.merge_hours
    old = sum(r.raised <= m.day - m.scenario.bind_after for r in m.requests)
    district.command = _emergency_hours(m) + old * m.scenario.h_bind


def _ideas_of_today(m) -> list:
    sc, ideas = m.scenario, m.on("idea")
    for idea in ideas:
        idea.course = Course.WAITING
        idea.copies = [_copy(m, idea, place) for place in m.streets]
        m.tally["value_arisen"] += idea.value
        m.later("lapse", m.day + sc.directive_due, idea)
    if m.powers.merge_tasks:
        m.held += ideas
        ideas = []
        if (m.day + 1) % WEEK == 0:
            ideas, m.held = _merge(m, m.held), []
    return sorted(ideas, key=lambda idea: idea.rank)


def _copy(m, idea, place) -> Copy:
    sc, index = m.scenario, idea.row * m.scenario.streets + place.number
    return Copy(m.copies_from + index, idea=idea, street=place, index=index, x=float(m.world.directives.x0[idea.row]),
                s=sc.specificity, due=float(sc.directive_due))


def _merge(m, ideas: list) -> list:
    hours, first = m.leaders[DISTRICT].weights[0] * m.paid, {}
    ideas = [idea for idea in ideas if idea.course == Course.WAITING]
    for idea in sorted(ideas, key=lambda i: i.luck):
        keep = first.setdefault(idea.domain, idea)
        if keep is not idea and m.merge_hours + 1 <= hours:
            m.merge_hours += 1
            idea.course, idea.carrier = Course.MERGED, keep.row
            keep.weight += idea.value / keep.value
            keep.parts += 1
            keep.central = keep.central or idea.central
    for keep in first.values():
        for copy in keep.copies:
            copy.target = m.rules.merged_target(keep.parts)
    return [idea for idea in ideas if idea.course == Course.WAITING]


def hop(m, copies: list, mode: str, beliefs: list, luck: float, grounded: float) -> None:
    """One hand-over: clarity is lost, then the directive is relayed, tightened or translated."""
    sc, rules = m.scenario, m.rules
    for c in copies:
        c.clarity *= sc.alpha
        if mode == "translate":
            c.x = rules.translate_content(c.x, beliefs[c.street.number][c.idea.domain], sc.translate_share)
            c.clarity = rules.translate_clarity(c.clarity, sc.translate_share)
            c.s = rules.translate_specificity(c.s, sc.tighten_step)
            c.resources = 1.0
        elif mode == "tighten":
            c.x += rules.whim(grounded, luck, sc.whim_sd)
            c.s = rules.tighten_specificity(c.s, sc.tighten_step)
            c.target = rules.tighten_target(c.target, sc.delta)
            c.due = rules.tighten_due(c.due, sc.delta)


def _to_departments(m, ideas: list) -> None:
    sc, left = m.scenario, {}
    for idea in ideas:
        d = m.departments[idea.domain]
        hours = left.get(d, sc.staff * m.paid * d.weights[SUPERVISE] - d.supervise_backlog)
        idea.mode = m.rules.transmission_mode(hours - sc.h_issue, d.overdue_share, d.groundedness)
        cost = sc.h_issue + MODES[idea.mode]
        left[d] = hours - cost
        d.add(Act.ISSUE, idea, cost, sc.directive_due, CENTRAL if idea.central else PLAIN, idea.luck)


def issued(m, ideas: list) -> None:
    """Departments have issued these; street leaders find them tomorrow."""
    for idea in ideas:
        idea.course = Course.LIVE
        hop(m, idea.copies, idea.mode, m.beliefs["department"], idea.whims[2], m.departments[idea.domain].groundedness)
        m.inbox.append(idea)


def _to_streets(m, ideas: list) -> None:
    for idea in ideas:
        for copy in idea.copies:
            leader = copy.street.leader
            hop(m, [copy], leader.mode(), m.beliefs["street"], idea.whims[3 + copy.street.number], leader.groundedness)
    if ideas:
        street.arrive(m, ideas)
