"""The end of a day, a week and a month: reports fall due, deadlines pass, people look back and learn."""

from __future__ import annotations

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents import resident as residents
from agents.compiled import District, compiled, entry
from agents.leader import BY_CITY, BY_DEPARTMENT, BY_DISTRICT, BY_STREET, CITY, DISTRICT, FIRST_STREET
from agents.queues import shed_fresh
from agents.work import MONTH, PLAIN, WEEK, YEAR, Act, Class

from .assign import add_to_department
from .jobs import account_for_jobs
from .requests import forget_requests
from .supervision import look_at_copies, raids, reissue


@entry
def look_back(d: District) -> None:
    """The evening; on the last of a week and of a month, what these bring."""
    day = d.now[0].day
    look_at_copies(d, day, True)
    account_for_jobs(d)
    raids(d)
    forget_requests(d)
    shed_fresh(d.department_work, day, d.died)
    shed_fresh(d.desk_work, day, d.died)
    for s in range(len(d.streets)):
        residents.relax(d, s)
    d.now[0].scale *= residents.FADE
    if (day + 1) % WEEK == 0:
        feedback(d)
        begin_week(d)
    if (day + 1) % MONTH == 0:
        end_month(d)
    if secretaries_leave(d, day + 1):
        send_secretaries(d)


@compiled
def secretaries_leave(d: District, day: int) -> bool:
    """Whether on this morning the first secretaries' years are over."""
    since, years = day - d.scenario[0].burn_in, d.powers[0].first_secretary
    return years > 0 and since > 0 and since % (years * YEAR) == 0


@entry
def send_secretaries(d: District) -> None:
    """New first secretaries lead the streets: grounded, and knowing of the place what departments believe."""
    grounded = d.scenario[0].secretary_groundedness
    for s in range(len(d.streets)):
        leader = d.leaders[FIRST_STREET + s]
        leader.groundedness, leader.own[leaders.FEEDBACK] = grounded, 2 * grounded
        for k in range(len(d.departments)):
            d.beliefs[BY_STREET, s, k] = d.beliefs[BY_DEPARTMENT, s, k]


# --- the week -------------------------------------------------------------------------------------------------------


@entry
def begin_week(d: District) -> None:
    """Outreach and feedback wait anew; what was not done last week has lapsed."""
    sc, powers = d.scenario[0], d.powers[0]
    one = sc.h_feedback * sc.departments
    for cadre in d.cadres:
        cadres.begin_week(cadre, sc.h_outreach)
    for n in range(len(d.leaders)):
        hours = one * (sc.streets if n < FIRST_STREET else 1)
        leaders.begin_week(d.leaders[n], hours + (one * sc.streets if powers.causes and n == DISTRICT else 0.0))
    d.now[0].register_waits = powers.causes
    for row in range(len(d.departments)):
        d.departments[row].register_read = False
        if powers.causes:
            add_to_department(d, row, Act.READ, d.at[0].none, sc.h_feedback * sc.streets, WEEK, PLAIN, 0.5)
        if powers.forms < 1:
            reissue(d, row)


@compiled
def feedback(d: District) -> None:
    """What the grassroots see travels up as far as leaders read and let in; the register goes straight up."""
    today, reach, register = d.days[d.now[0].day], 0.0, 0.0
    for n in range(len(d.leaders)):
        leaders.let_in(d, n)
    city, district = d.leaders[CITY].passes, d.leaders[DISTRICT].passes
    pass_up(d, district, city)
    if d.now[0].register_waits:
        read_register(d, district)
        register = district
    for s in range(len(d.streets)):
        d.streets[s].voiced = 0.0
        reach += (1 - (1 - d.leaders[FIRST_STREET + s].passes * district) * (1 - register)) * city
    today.feedback_reach += reach / len(d.streets)
    today.feedback_weeks += 1


@compiled
def pass_up(d: District, district: float, city: float) -> None:
    """Cadres tell of each site where directives are at work, as far as they know it; each layer filters."""
    departments, open_ = len(d.departments), d.scenario[0].openness
    live = np.zeros((len(d.streets), departments), np.bool_)
    for k in d.live.values[:d.live.count[0]]:
        live[d.copies[k].street, d.copies[k].domain] |= not d.copies[k].own
    for s in range(len(d.streets)):
        up = d.leaders[FIRST_STREET + s].passes
        for k in range(departments):
            if live[s, k]:
                seen = up * d.desks[d.structure.desk_of_site[s * departments + k]].knowledge
                truth = d.drawn.theta[s, k]
                learn(d, BY_STREET, s, k, truth, seen)
                learn(d, BY_DEPARTMENT, s, k, truth, seen * open_)
                learn(d, BY_DISTRICT, s, k, truth, seen * district)
                learn(d, BY_CITY, s, k, truth, seen * district * city)


@compiled
def learn(d: District, whose: int, street: int, domain: int, signal: float, arriving: float) -> None:
    """A belief moves towards what arrives."""
    belief = d.beliefs[whose, street, domain]
    d.now[0].who, d.now[0].row = Class.STREET, street
    d.beliefs[whose, street, domain] = d.rules.learn_belief(belief, signal, arriving, d.scenario[0].learning_rate)


@compiled
def read_register(d: District, share: float) -> None:
    """Departments and the district read the register of cases; it shows who voices, not who needs."""
    sc, voiced = d.scenario[0], 0.0
    for place in d.streets:
        voiced += max(place.voiced, 1e-9)
    for k in range(len(d.departments)):
        mean = 0.0
        for s in range(len(d.streets)):
            mean += max(d.streets[s].voiced, 1e-9) * d.drawn.theta[s, k] / voiced
        for s in range(len(d.streets)):
            d.now[0].who, d.now[0].row = Class.STREET, s
            signal = d.rules.register_signal(d.drawn.theta[s, k], mean, sc.voice_bias)
            learn(d, BY_DEPARTMENT, s, k, signal, sc.openness if d.departments[k].register_read else 0.0)
            learn(d, BY_DISTRICT, s, k, signal, share)


# --- the month ------------------------------------------------------------------------------------------------------


@compiled
def end_month(d: District) -> None:
    """Cadres and departments are assessed, and change."""
    for row in range(len(d.cadres)):
        cadres.be_assessed(d, row)
        cadres.change(d, d.cadres[row])
    for row in range(len(d.departments)):
        departments.be_assessed(d, row)
    d.days[d.now[0].day].months += 1
    begin_month(d)
    note_people(d)


@entry
def begin_month(d: District) -> None:
    """Ratings and polish wait anew, and scores count from nothing."""
    for cadre in d.cadres:
        cadres.begin_month(d, cadre)
    for dep in d.departments:
        departments.begin_month(d, dep)
    for place in d.streets:
        place.civic = 0.0
    forget_scores(d)


@entry
def forget_scores(d: District) -> None:
    """Scores of desks count from nothing."""
    for desk in d.desks:
        for k in range(len(desk.good)):
            desk.good[k] = desk.every[k] = 0


@entry
def note_people(d: District) -> None:
    """Means over the cadres of every desk and street, as they stand now."""
    for desk in d.desks:
        desk.knowledge = desk.motivation = desk.residents_weight = desk.watched = 0.0
    for place in d.streets:
        place.knowledge = 0.0
    for cadre in d.cadres:
        desk = d.desks[cadre.desk]
        desk.knowledge += cadre.knowledge / desk.cadres
        desk.motivation += cadre.motivation / desk.cadres
        desk.residents_weight += cadre.weights[2] / desk.cadres
        desk.watched += cadre.watched / desk.cadres
        d.streets[cadre.street].knowledge += cadre.knowledge / d.streets[cadre.street].cadres
