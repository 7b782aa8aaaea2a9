"""Directives are issued and come down the layers to the street."""

from __future__ import annotations

import numpy as np

from agents import leader as leaders
from agents.calendar import Due, later, take
from agents.compiled import District, FloatTable, Ints, compiled, entry
from agents.department import SUPERVISE
from agents.leader import BY_DEPARTMENT, BY_STREET, CITY, DISTRICT, FIRST_STREET, TRANSMIT, cost_of, hand_on
from agents.lists import append, empty, sort_by
from agents.work import CENTRAL, PLAIN, TIGHTEN, TRANSLATE, WEEK, Act, Class, Course

from .assign import add_to_department
from .emergencies import decide_emergencies, hours_to_summon, note_command
from .own_work import carries_out, carry_out
from .street import arrive

BY_DEPARTMENT_WHIM, FIRST_STREET_WHIM = 2, 3
"""Columns of whims: of the city, the district, departments, and one a street."""


@entry
def issue_and_transmit(d: District) -> None:
    """Leaders spend their day; ideas go down to the departments, what these issued yesterday goes on to the cadres."""
    open_leaders_day(d)
    for row in range(len(d.leaders)):
        leaders.work(d, row)
    close_leaders_day(d)


@entry
def open_leaders_day(d: District) -> None:
    """What waits for every leader this morning."""
    gather_ideas(d)
    by_rank(d, d.arriving.values, d.arriving.count[0])
    central = 0
    for row in d.ideas_today.values[:d.ideas_today.count[0]]:
        central += d.ideas[row].central
    for n in range(len(d.leaders)):
        leader = d.leaders[n]
        leader.pressure = d.now[0].central_overdue if n < FIRST_STREET else d.streets[n - FIRST_STREET].overdue
        leader.waiting = central if n < FIRST_STREET else d.arriving.count[0]
    note_command_waiting(d)


@compiled
def note_command_waiting(d: District) -> None:
    """Hours of command that wait for the district's leader: emergencies, and requests old enough to be bound."""
    now, old = d.now[0], 0
    for k in range(now.requests):
        old += d.requests[k].raised <= now.day - d.scenario[0].bind_after
    now.command_waiting = now.paid if now.commands else 0.0
    now.command_waiting += hours_to_summon(d)
    now.bind_waiting = old * d.scenario[0].h_bind


@entry
def close_leaders_day(d: District) -> None:
    """Hand on what there is, in the hours meant for it, and enter the hours."""
    decide_emergencies(d)
    spend_district_hours(d)
    pass_down(d)
    to_departments(d)
    to_streets(d)
    for n in range(len(d.leaders)):
        leaders.close_day(d, n, d.now[0].merged_today if n == DISTRICT else 0.0)
    note_command(d)


@compiled
def spend_district_hours(d: District) -> None:
    """Of the district leader's hours some go to emergencies and to merging ideas."""
    now, district = d.now[0], d.leaders[DISTRICT]
    given = district.given[leaders.COMMAND] - now.summon_hours
    now.emergency_command = min(given, now.command_waiting - now.summon_hours)
    now.merged_today = min(now.merge_hours, district.left)
    district.left -= now.merged_today
    now.merge_hours -= now.merged_today


# --- ideas ----------------------------------------------------------------------------------------------------------


@compiled
def gather_ideas(d: District) -> None:
    """Today's ideas, central ones first; under `merge_tasks` a week's ideas wait for the weekly meeting."""
    now, today = d.now[0], d.ideas_today
    today.count[0] = 0
    for row in range(d.drawn.first_idea[now.day], d.drawn.first_idea[now.day + 1]):
        append(today, row)
    for row in take(d.calendar, Due.IDEA, now.day):
        append(today, row)
    for row in today.values[:today.count[0]]:
        d.ideas[row].course = Course.WAITING
        d.days[now.day].value_arisen += d.ideas[row].value
        later(d.calendar, Due.LAPSE, now.day + d.scenario[0].directive_due, row)
    if d.powers[0].merge_tasks:
        hold(d)
    by_rank(d, today.values, today.count[0])


@compiled
def hold(d: District) -> None:
    """Ideas wait until the week ends, then are merged."""
    for row in empty(d.ideas_today):
        append(d.held, row)
    if (d.now[0].day + 1) % WEEK == 0:
        for row in merge(d, empty(d.held)):
            append(d.ideas_today, row)


@compiled
def by_rank(d: District, rows: Ints, number: int) -> None:
    """Order ideas, central ones first."""
    keys = np.empty(number)
    for k in range(number):
        keys[k] = d.ideas[rows[k]].rank
    sort_by(keys, rows, number)


@entry
def merge(d: District, rows: Ints) -> Ints:
    """The district leader merges ideas of one domain, an hour a merger, a day's transmission hours at most."""
    hours, n, keys = d.leaders[DISTRICT].weights[TRANSMIT] * d.now[0].paid, 0, np.empty(len(rows))
    for row in rows:
        if d.ideas[row].course == Course.WAITING:
            rows[n], keys[n] = row, d.ideas[row].luck
            n += 1
    sort_by(keys, rows, n)
    first, kept = np.full(len(d.departments), -1), 0
    for row in rows[:n]:
        domain = d.ideas[row].domain
        if first[domain] < 0:
            first[domain] = row
        elif d.now[0].merge_hours + 1 <= hours:
            d.now[0].merge_hours += 1
            merge_into(d, row, first[domain])
    for row in first:
        if row >= 0:
            lower_target(d, row)
    for row in rows[:n]:
        if d.ideas[row].course == Course.WAITING:
            rows[kept] = row
            kept += 1
    return rows[:kept]


@compiled
def merge_into(d: District, row: int, carrier: int) -> None:
    """One idea is carried by another from now on."""
    idea, keep = d.ideas[row], d.ideas[carrier]
    idea.course, idea.carrier = Course.MERGED, carrier
    keep.weight += idea.value / keep.value
    keep.parts += 1
    keep.central = keep.central or idea.central


@compiled
def lower_target(d: District, row: int) -> None:
    """A merged idea asks for less than its parts."""
    d.now[0].who, d.now[0].row = Class.IDEA, row
    for k in range(row * len(d.streets), (row + 1) * len(d.streets)):
        d.copies[k].target = d.rules.merged_target(d.ideas[row].parts)


@compiled
def lapse_ideas(d: District) -> None:
    """Ideas for which no department had hours in time lapse."""
    for row in take(d.calendar, Due.LAPSE, d.now[0].day):
        if d.ideas[row].course == Course.WAITING:
            d.ideas[row].course = Course.LAPSED
            d.died[d.at[0].ideas + row] = d.now[0].day


# --- down the layers ------------------------------------------------------------------------------------------------


@compiled
def pass_down(d: District) -> None:
    """City and district hand central works on, the same to all streets unless they translate."""
    for who in (CITY, DISTRICT):
        for row in d.ideas_today.values[:d.ideas_today.count[0]]:
            if d.ideas[row].central:
                mode = hand_on(d, who)
                for s in range(len(d.streets)):
                    hop(d, row, s, mode, d.beliefs[who], d.drawn.whims[row, who], d.leaders[who].groundedness)


@compiled
def to_departments(d: District) -> None:
    """Departments take ideas up: how they will hand them on depends on the supervise hours not yet spoken for."""
    sc, now = d.scenario[0], d.now[0]
    for dep in d.departments:
        dep.issue_left = dep.hours * dep.weights[SUPERVISE] - dep.supervise_backlog
    for row in d.ideas_today.values[:d.ideas_today.count[0]]:
        idea = d.ideas[row]
        dep = d.departments[idea.domain]
        now.who, now.row = Class.DEPARTMENT, idea.domain
        idea.mode = d.rules.transmission_mode(dep.issue_left - sc.h_issue, dep.overdue, dep.groundedness)
        cost = sc.h_issue + cost_of(idea.mode)
        dep.issue_left -= cost
        add_to_department(d, idea.domain, Act.ISSUE, d.at[0].ideas + row, cost, sc.directive_due,
                          CENTRAL if idea.central else PLAIN, idea.luck)


@compiled
def issue(d: District, row: int) -> None:
    """A department has issued an idea; street leaders find it in tomorrow's inbox, or it does it itself."""
    idea = d.ideas[row]
    idea.course = Course.LIVE
    for s in range(len(d.streets)):
        hop(d, row, s, idea.mode, d.beliefs[BY_DEPARTMENT], d.drawn.whims[row, BY_DEPARTMENT_WHIM],
            d.departments[idea.domain].groundedness)
    if carries_out(d, row):
        carry_out(d, row)
    else:
        append(d.arriving, row)


@compiled
def to_streets(d: District) -> None:
    """Street leaders hand yesterday's issues on to the cadres: the copies arrive."""
    rows = empty(d.arriving)
    for row in rows:
        for s in range(len(d.streets)):
            who = FIRST_STREET + s
            hop(d, row, s, hand_on(d, who), d.beliefs[BY_STREET], d.drawn.whims[row, FIRST_STREET_WHIM + s],
                d.leaders[who].groundedness)
    arrive(d, rows)


@compiled
def hop(d: District, row: int, street: int, mode: int, beliefs: FloatTable, luck: float, grounded: float) -> None:
    """One hand-over of a street's copy: clarity is lost, then it is relayed, tightened or translated.

    beliefs: of the sender, by street and domain; luck: of the sender's whim; grounded: how grounded the sender is.
    """
    sc, rules = d.scenario[0], d.rules
    c = d.copies[row * sc.streets + street]
    c.clarity *= sc.alpha
    if mode == TRANSLATE:
        c.x = rules.translate_content(c.x, beliefs[street, c.domain], sc.translate_share)
        c.clarity = rules.translate_clarity(c.clarity, sc.translate_share)
        c.s = rules.translate_specificity(c.s, sc.tighten_step)
        c.resources = 1.0
    elif mode == TIGHTEN:
        c.x += rules.whim(grounded, luck, sc.whim_sd)
        c.s = rules.tighten_specificity(c.s, sc.tighten_step)
        c.target = rules.tighten_target(c.target, sc.delta)
        c.due = rules.tighten_due(c.due, sc.delta)
