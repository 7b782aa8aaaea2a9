"""Cases on their way: refused, registered, handed over between offices, begun by cadres or departments."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, later, take
from agents.compiled import District, Ints, compiled, entry
from agents.lists import empty, sort
from agents.resident import spend_civic
from agents.work import BINDING, PLAIN, Act, Class, Fate

from .assign import add_to_desk, ask_desk, at_counter, is_direct, settle, site_of
from .causes import find_causes
from .luck import Purpose, luck_of
from .requests import answer_requests, ask_departments, send_directly, to_be_asked
from .volunteers import help_with, spread_help


@entry
def route(d: District) -> None:
    """Send the day's new and reopened cases where they can be solved."""
    charge_calls(d)
    rows = past_the_desk(d, reasonable_ones(d, empty(d.new_cases)))
    if d.powers[0].causes:
        for row in rows:
            p = d.problems[row]
            if not at_counter(d, p):
                ask_desk(d, site_of(d, p), Act.TRIAGE, d.scenario[0].h_triage, p.luck)
    find_causes(d, rows)
    n = 0
    for row in rows:
        if not handed_over(d, row):
            rows[n] = row
            n += 1
    begin_cases(d, np.concatenate((rows[:n], take(d.calendar, Due.BEGIN, d.now[0].day))))
    answer_requests(d)


@compiled
def charge_calls(d: District) -> None:
    """Departments staff the call centre in equal parts."""
    hours = d.powers[0].centre_hours * d.days[d.now[0].day].voiced / len(d.departments)
    for dep in d.departments:
        dep.centre_due += hours


@compiled
def past_the_desk(d: District, rows: Ints) -> Ints:
    """Cases that go straight to departments cost the desk nothing, and it learns nothing from them; the others stay."""
    kept = 0
    for row in rows:
        if is_direct(d, row):
            d.days[d.now[0].day].cases += 1
            send_directly(d, row)
        else:
            rows[kept] = row
            kept += 1
    return rows[:kept]


@compiled
def reasonable_ones(d: District, rows: Ints) -> Ints:
    """Unreasonable demands are refused with the regime's chance; the others stay."""
    sort(rows, len(rows))
    kept = 0
    for row in rows:
        if not refused(d, row):
            rows[kept] = row
            kept += 1
    return rows[:kept]


@compiled
def refused(d: District, row: int) -> bool:
    """Whether a demand is refused."""
    p = d.problems[row]
    if p.reasonable or luck_of(d, Purpose.REFUSE, row) >= d.powers[0].refuse:
        return False
    ask_desk(d, site_of(d, p), Act.REFUSE, d.scenario[0].h_refuse, p.luck)
    settle(d, row, Fate.REFUSED)
    return True


@compiled
def handed_over(d: District, row: int) -> bool:
    """Each further office costs hours, the resident's too, and a day; whether there is one.

    A matter for the counter needs none.
    """
    p, today = d.problems[row], d.days[d.now[0].day]
    extra = 0 if at_counter(d, p) else further_offices(d, row)
    today.handoffs += extra
    today.cases += 1
    if extra > 0:
        ask_desk(d, site_of(d, p), Act.HANDOFF, d.scenario[0].h_handoff * extra, p.luck)
        spend_civic(d, p.resident, d.scenario[0].h_errand * extra)
        later(d.calendar, Due.BEGIN, d.now[0].day + extra, row)
    return extra > 0


@entry
def further_offices(d: District, row: int) -> int:
    """Offices of the street a case touches, beyond the first."""
    p, office, extra = d.problems[row], d.structure.office_of_domain, 0
    for k in range(1, p.parts):
        new = True
        for j in range(k):
            new = new and office[p.domains[j]] != office[p.domains[k]]
        extra += new
    return extra


@compiled
def begin_cases(d: District, rows: Ints) -> None:
    """Work on cases begins: by the street, or by departments where these alone can act or it whistles anyway.

    A direct case comes here when its answer has not helped. Those that wait for a repair wait on.
    """
    spread_help(d)
    asking, n = np.empty(len(rows), np.int64), 0
    for row in rows:
        p = d.problems[row]
        if p.fate != Fate.OPEN:
            continue
        if p.bundled >= 0:
            later(d.calendar, Due.BEGIN, d.now[0].day + 1, row)
        elif at_counter(d, p):
            settle_at_counter(d, row)
        elif is_direct(d, row):
            send_directly(d, row)
        elif p.authority or inflated(d, row):
            asking[n] = row
            n += 1
        else:
            begin_casework(d, row)
    for row in asking[:n]:
        p = d.problems[row]
        ask_departments(d, row, p.parts)
        hours = d.scenario[0].h_request * to_be_asked(d, row, p.parts)
        if hours > 0:
            ask_desk(d, site_of(d, p), Act.REQUEST, hours, p.luck)


@compiled
def settle_at_counter(d: District, row: int) -> None:
    """A small matter is the first desk's alone, before all else."""
    p, sc = d.problems[row], d.scenario[0]
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    site = site_of(d, p)
    knowledge, own = d.desks[d.structure.desk_of_site[site]].knowledge, d.structure.own_share[site]
    hours = d.rules.case_hours(p.hours, knowledge, own, sc.psi)
    add_to_desk(d, site, Act.CASEWORK, row, hours, sc.case_due, BINDING, p.luck)


@compiled
def inflated(d: District, row: int) -> bool:
    """Whether a street that can whistle does so for what it could do alone."""
    if d.powers[0].whistle_due < 0:
        return False
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    desk = d.desks[d.structure.desk_of_site[site_of(d, d.problems[row])]]
    return luck_of(d, Purpose.INFLATE, row) < d.rules.inflate_chance(desk.case_days, d.scenario[0].inflation)


@compiled
def begin_casework(d: District, row: int) -> None:
    """A case for the cadres themselves, as far as volunteers do not help."""
    p, sc, own = d.problems[row], d.scenario[0], 0.0
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    site = site_of(d, p)
    for k in range(p.parts):
        own += d.structure.own_share[p.street * sc.departments + p.domains[k]]
    knowledge = d.desks[d.structure.desk_of_site[site]].knowledge
    hours = help_with(d, row, d.rules.case_hours(p.hours, knowledge, own / p.parts, sc.psi))
    add_to_desk(d, site, Act.CASEWORK, row, hours, sc.case_due, PLAIN, p.luck)
