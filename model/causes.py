"""Common causes (共性问题): someone sees what several cases have in common, and departments repair it, if that pays."""

from __future__ import annotations

from agents.compiled import District, Ints, compiled
from agents.lists import append
from agents.work import NEVER, Class, Fate, Stage

from .assign import at_counter, settle, site_of, solved_as
from .bundles import bundle, bundle_open_ones, release, release_misgrouped, under_repair
from .luck import Purpose, luck_of
from .requests import ask_departments

ENOUGH_CASES = 2
"""Known cases of a cause from which triage can judge."""


@compiled
def find_causes(d: District, rows: Ints) -> None:
    """Cadres see a common cause by knowing the place, triage by its register; these are the day's new cases.

    A matter settled at the counter makes nobody think about its cause.
    """
    for row in rows:
        if d.problems[row].cause >= 0 and d.problems[row].calls == 1:
            d.causes[d.problems[row].cause].known += 1
    for row in rows:
        if not at_counter(d, d.problems[row]):
            group(d, row)


@compiled
def group(d: District, row: int) -> None:
    """A new case is put with others or not; where a cause is seen, whoever sees it decides whether a repair pays."""
    p = d.problems[row]
    if p.cause < 0:
        beside = d.desks[d.structure.desk_of_site[site_of(d, p)]].repairing - 1
        if put_wrongly(d, row) and beside >= 0 and under_repair(d.causes[beside].stage):
            bundle(d, row, beside)
    elif under_repair(d.causes[p.cause].stage):
        bundle(d, row, p.cause)
    elif d.causes[p.cause].stage == Stage.UNKNOWN:
        stage = judge(d, row)
        if stage != Stage.UNKNOWN and pays(d, p.cause):
            begin_repair(d, p.cause, stage)


@compiled
def put_wrongly(d: District, row: int) -> bool:
    """Whether the register puts an individual case with the repair that its desk last asked for."""
    return d.powers[0].causes and luck_of(d, Purpose.MISGROUP, row) < d.scenario[0].misgroup


@compiled
def judge(d: District, row: int) -> int:
    """Whether a new case makes its cause seen, if it is not yet, or has it grouped wrongly."""
    p = d.problems[row]
    cause, luck = d.causes[p.cause], luck_of(d, Purpose.RECOGNISE, row)
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    if d.powers[0].causes:
        chance = d.rules.triage_chance(float(cause.known), d.scenario[0].misgroup)
    else:
        knowledge = d.desks[d.structure.desk_of_site[site_of(d, p)]].knowledge
        chance = d.rules.recognise_chance(knowledge, float(cause.known))
    cause.seen = cause.seen or luck < chance
    if cause.seen:
        return Stage.REPAIRING
    return Stage.MISGROUPED if d.powers[0].causes and cause.known >= ENOUGH_CASES else Stage.UNKNOWN


@compiled
def pays(d: District, k: int) -> bool:
    """Whether a repair seems to pay: nobody knows how many cases are to come, all know how many are usual."""
    cause, sc, waiting = d.causes[k], d.scenario[0], 0
    for row in d.drawn.members[d.drawn.first_member[k]:d.drawn.first_member[k + 1]]:
        waiting += d.problems[row].fate == Fate.OPEN and not at_counter(d, d.problems[row])
    d.now[0].who, d.now[0].row = Class.CAUSE, k
    return d.rules.worth_repairing(float(waiting), float(cause.known), sc.cause_size, sc.repair_cases / sc.reach,
                                   sc.repair_margin)


@compiled
def begin_repair(d: District, k: int, stage: int) -> None:
    """Departments are asked to repair what was found; until they have, its open cases wait for it."""
    cause, today, thing = d.causes[k], d.days[d.now[0].day], d.at[0].causes + k
    cause.stage = stage
    today.causes_found += stage == Stage.REPAIRING
    today.causes_misgrouped += stage == Stage.MISGROUPED
    d.died[thing] = NEVER
    desk = d.structure.desk_of_site[cause.street * d.scenario[0].departments + cause.domains[0]]
    d.desks[desk].repairing = k + 1
    bundle_open_ones(d, k)
    ask_departments(d, thing, cause.parts)


@compiled
def repaired(d: District, k: int) -> None:
    """A repair ends; if it met the cause, its open cases are solved with it and later ones do not arise."""
    cause, today = d.causes[k], d.days[d.now[0].day]
    met = cause.stage == Stage.REPAIRING
    cause.stage = Stage.REPAIRED if met else Stage.UNKNOWN
    if not met:
        release(d, k)
        return
    release_misgrouped(d, k)
    today.repairs += 1
    for row in d.drawn.members[d.drawn.first_member[k]:d.drawn.first_member[k + 1]]:
        p = d.problems[row]
        if p.fate == Fate.LATENT and p.calls:  # closed on paper before, now solved without another call
            settle(d, row, solved_as(d, p))
            today.solved += p.severity
        elif p.fate == Fate.LATENT:
            settle(d, row, Fate.PREVENTED)
            today.prevented += p.severity
        elif p.fate == Fate.OPEN:
            append(d.relieved, row)
