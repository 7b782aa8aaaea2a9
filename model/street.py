"""What becomes of directives at the street: they are worked out, carried out and reported on."""

from __future__ import annotations

import numpy as np

from agents.compiled import District, Ints, compiled, entry
from agents.leader import BY_STREET
from agents.lists import append
from agents.places import PAPER, TARGETS, Desk
from agents.resident import answer_for_data
from agents.things import Copy
from agents.work import CENTRAL, MONTH, PLAIN, WEEK, YEAR, Act, Class, Course

from .assign import add_to_desk, score, site_of_copy
from .luck import Purpose, luck_of
from .needs import begin

CONTRADICTION = 0.15
"""Of the smaller's execution hours that two contradicting directives waste (assumption)."""
MIDWEEK = 3
"""Day of a copy's week on which its second report is due in the last days of a year."""
LATE_VALUE = 0.5
"""Value of what is done after the deadline (assumption)."""


@entry
def arrive(d: District, ideas: Ints) -> None:
    """Copies of these ideas reach the cadres of all streets."""
    for row in ideas:
        idea, streets = d.ideas[row], len(d.streets)
        items, asking = fresh_items(d, row), askers(d, idea.domain)
        for k in range(row * streets, (row + 1) * streets):
            take_in(d, k, items, asking)
        idea.alive = streets
        live = d.live_ideas
        live.rows[idea.domain, live.count[idea.domain]] = row
        live.count[idea.domain] += 1


@compiled
def take_in(d: District, k: int, items: int, asking: int) -> None:
    """A copy arrives: what it will cost, whether it is adapted, and whom it burdens."""
    c, sc, now, rules = d.copies[k], d.scenario[0], d.now[0], d.rules
    today, days = d.days[now.day], max(int(np.rint(c.due)), 2)
    now.who, now.row = Class.COPY, k
    c.course, c.arrived, c.deadline, c.allowed = Course.LIVE, now.day, now.day + days, days
    c.first_inspection = 1 + int(luck_of(d, Purpose.INSPECT, k) * MONTH)
    interpret = rules.interpretation_hours(c.clarity, sc.h_int)
    c.exec_hours = rules.execution_hours(c.target, c.resources, sc.h_exec)
    set_aside(d, c)
    clash = contradictions(d, c)
    one = sc.h_item * form_hours(d, c.domain) / max(d.departments[c.domain].forms, 1e-9)
    one *= sc.platform_data if d.powers[0].platform else 1.0
    data = rules.data_hours(float(items), one, sc.rework, float(asking), sc.rework_askers)
    c.total_hours = interpret + c.exec_hours + clash + data
    adapt(d, k)
    put_copy(d, k, Act.INTERPRET, interpret)
    put_copy(d, k, Act.EXECUTE, c.exec_hours)
    put_copy(d, k, Act.CONFLICT, clash)
    put_copy(d, k, Act.DATA, min(items * one, data))
    put_copy(d, k, Act.REWORK, data - items * one)
    place = d.streets[c.street]
    answer_for_data(d, place.first_resident + int(luck_of(d, Purpose.HOUSEHOLD, k) * place.residents), items)
    today.clarity += c.clarity
    today.target += c.target
    today.copies += 1
    append(d.live, k)


@compiled
def form_hours(d: District, department: int) -> float:
    """Hours that a department's forms take ÷ those before a decree cut them: they fall by less than the forms do."""
    return d.departments[department].forms**d.scenario[0].forms_elasticity


@compiled
def set_aside(d: District, c: Copy) -> None:
    """A street with discretion leaves open part of the how that seems to misfit; inspectors judge it by its fit."""
    free, sc, belief = d.powers[0].discretion, d.scenario[0], d.beliefs[BY_STREET, c.street, c.domain]
    if free > 0 and d.rules.uses_discretion(c.x, belief, sc.v_err, d.streets[c.street].knowledge, sc.over):
        c.s *= 1 - free
        d.days[d.now[0].day].set_aside += 1


@compiled
def put_copy(d: District, k: int, act: int, hours: float) -> None:
    """A part of the work on a copy goes to its desk."""
    c = d.copies[k]
    idea = d.ideas[c.idea]
    if hours > 0:
        add_to_desk(d, site_of_copy(d, c), act, d.at[0].copies + k, hours, c.allowed,
                    CENTRAL if idea.central else PLAIN, idea.luck)


@entry
def fresh_items(d: District, row: int) -> int:
    """Items an idea makes every street collect: those its office's register does not hold fresh.

    All streets receive an idea on the same day, so their registers hold the same; one register an office suffices.
    On the day it is collected an item is fresh in any case: an office collects it once, another office asks again.
    """
    sc, day, idea, register = d.scenario[0], d.now[0].day, d.ideas[row], d.register
    today, count = d.days[day], 0
    wanted = int(np.rint(sc.items * d.departments[idea.domain].forms))
    today.item_requests += wanted * sc.streets
    if wanted > 0:
        register.asking[idea.domain] = day
    for item in d.drawn.items[row, :wanted]:
        common = item < sc.item_pool
        holder = d.structure.office_of_domain[idea.domain] if common else sc.departments - 1 + idea.domain
        cell = holder * sc.item_pool + item
        if day - register.held[cell] >= sc.fresh and register.held[cell] != day:
            count += 1
            if common:
                if day - register.last_asked[item] < max(sc.fresh, 1):
                    today.duplicates += sc.streets
                register.last_asked[item] = day
            register.held[cell] = day
    return count


@compiled
def askers(d: District, domain: int) -> int:
    """Departments that of late asked every street for data, with this one.

    What definitions mean is at odds between those who ask, however a street's offices are cut.
    """
    number = 1
    for other in range(len(d.departments)):
        number += other != domain and d.now[0].day - d.register.asking[other] < max(d.scenario[0].fresh, 1)
    return number


@compiled
def contradictions(d: District, c: Copy) -> float:
    """Hours wasted because live directives of neighbouring domains prescribe opposite things.

    Of two that arrive on one day the later in rank bears the waste, as the later one does on different days.
    """
    domains, streets, waste = len(d.departments), len(d.streets), 0.0
    left, right = (c.domain - 1) % domains, (c.domain + 1) % domains
    for side in range(2 if left != right else 1):
        beside = left if side == 0 else right
        if beside == c.domain:
            continue
        for j in range(d.live_ideas.count[beside]):
            other = d.copies[d.live_ideas.rows[beside, j] * streets + c.street]
            if other.course == Course.LIVE and d.rules.contradict(c.x, other.x):
                waste += CONTRADICTION * min(c.exec_hours, other.exec_hours)
    return waste


@compiled
def desk_of_copy(d: District, c: Copy) -> Desk:
    """The desk that works on a copy."""
    return d.desks[d.structure.desk_of_site[site_of_copy(d, c)]]


@compiled
def adapt(d: District, k: int) -> None:
    """Some cadres do it their own way."""
    c, sc = d.copies[k], d.scenario[0]
    desk = desk_of_copy(d, c)
    chance = d.rules.adapt_chance(fit_now(d, k, False), c.s, sc.fit_threshold, desk.motivation, desk.knowledge)
    c.adapted = luck_of(d, Purpose.ADAPT, k) < chance


@entry
def fit_now(d: District, k: int, adapted: bool) -> float:
    """How well a copy fits its street as it is carried out now; an adapted one leaves nothing fixed."""
    c = d.copies[k]
    d.now[0].who, d.now[0].row = Class.COPY, k
    knows = desk_of_copy(d, c).knowledge * (d.scenario[0].direct_knowledge if c.own else 1.0)
    return d.rules.fit(c.x, d.drawn.theta[c.street, c.domain], 0.0 if adapted else c.s, d.scenario[0].v_err, knows)


@compiled
def done_share(c: Copy) -> float:
    """Hours done ÷ hours due of a copy, at most 1."""
    return min(1.0, c.done_hours / max(c.total_hours, 1e-9))


@compiled
def year_ends(d: District) -> bool:
    """Whether these are the last days of a year, when everything is assessed (年底考核)."""
    return d.now[0].day % YEAR >= YEAR - d.scenario[0].rush


@compiled
def report_weekly(d: District, k: int, rush: bool) -> None:
    """A live copy owes a report a week, at the year's end two; one not filed by the next is overdue and redone.

    Weekly traces are looked at weekly, so they come before data due later (assumption).
    """
    c, sc = d.copies[k], d.scenario[0]
    age = d.now[0].day - c.arrived
    if age > 0 and (age % WEEK == 0 or (rush and age % WEEK == MIDWEEK)):
        late, site = c.pending_reports > 0, site_of_copy(d, c)
        hours = sc.h_report * form_hours(d, c.domain) * (1 + (sc.rework if late else 0.0))
        add_to_desk(d, site, Act.REPORT, d.at[0].copies + k, hours, MIDWEEK if rush else WEEK, CENTRAL,
                    d.ideas[c.idea].luck)
        c.pending_reports += 1
        score(d, site, PAPER, not late)


@compiled
def pass_deadline(d: District, k: int) -> None:
    """What is done by the end of its last day counts fully, what comes later half; at twice the time it is dropped."""
    c, day = d.copies[k], d.now[0].day
    if day == c.deadline:
        c.value_in_time = done_share(c)
        if not c.own:
            score(d, site_of_copy(d, c), TARGETS, False)
    elif day - c.deadline > c.allowed:
        end_copy(d, k, Course.OVERDUE)


@entry
def end_copy(d: District, k: int, course: int) -> None:
    """A copy is done or dropped: value by fit, trouble for residents by misfit."""
    c, day, sc = d.copies[k], d.now[0].day, d.scenario[0]
    today, idea = d.days[day], d.ideas[c.idea]
    share, fit, late = done_share(c), fit_now(d, k, c.adapted), day > c.deadline
    before = c.value_in_time if late else share
    c.value_got, c.course = fit * (before + LATE_VALUE * (share - before)), course
    d.died[d.at[0].copies + k] = day
    idea.alive -= 1
    if not late and not c.own:
        score(d, site_of_copy(d, c), TARGETS, True)
    today.fit_hours += c.exec_hours * share * fit
    today.exec_hours += c.exec_hours * share
    today.value += c.value_got * idea.value * idea.weight / sc.streets
    if luck_of(d, Purpose.DISTURB, k) < d.rules.disturbance(fit, sc.fit_threshold, sc.disturb_rate) * share:
        row = d.at[0].arrivals + k
        today.disturbed += d.problems[row].severity
        begin(d, row, day + 1)
