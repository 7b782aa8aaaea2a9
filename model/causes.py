"""Common causes (共性问题): someone sees what several cases have in common, and departments repair it once."""

from __future__ import annotations

from agents.compiled import District, Ints, compiled
from agents.lists import append
from agents.work import NEVER, Class, Fate, Stage

from .assign import at_counter, settle, site_of
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
        if d.problems[row].cause >= 0:
            d.causes[d.problems[row].cause].known += 1
    for row in rows:
        k = d.problems[row].cause
        if k >= 0 and d.causes[k].stage == Stage.UNKNOWN and not at_counter(d, d.problems[row]):
            d.causes[k].stage = judge(d, row)
            if d.causes[k].stage != Stage.UNKNOWN:
                ask_for_repair(d, k)


@compiled
def judge(d: District, row: int) -> int:
    """Whether a new case makes its cause seen, or has it grouped wrongly."""
    p = d.problems[row]
    known, luck = d.causes[p.cause].known, luck_of(d, Purpose.RECOGNISE, row)
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    if d.powers[0].causes:
        if luck < d.rules.triage_chance(float(known), d.scenario[0].misgroup):
            return Stage.REPAIRING
        return Stage.MISGROUPED if known >= ENOUGH_CASES else Stage.UNKNOWN
    knowledge = d.desks[d.structure.desk_of_site[site_of(d, p)]].knowledge
    return Stage.REPAIRING if luck < d.rules.recognise_chance(knowledge, float(known)) else Stage.UNKNOWN


@compiled
def ask_for_repair(d: District, k: int) -> None:
    """Departments are asked to repair what was found."""
    cause, today, thing = d.causes[k], d.days[d.now[0].day], d.at[0].causes + k
    today.causes_found += cause.stage == Stage.REPAIRING
    today.causes_misgrouped += cause.stage == Stage.MISGROUPED
    d.died[thing] = NEVER
    ask_departments(d, thing, cause.parts)


@compiled
def repaired(d: District, k: int) -> None:
    """A repair ends; if it met the cause, its open cases are solved with it and later ones do not arise."""
    cause, today = d.causes[k], d.days[d.now[0].day]
    if cause.stage == Stage.MISGROUPED:
        cause.stage = Stage.UNKNOWN
    if cause.stage != Stage.REPAIRING:
        return
    cause.stage = Stage.REPAIRED
    today.repairs += 1
    for row in d.drawn.members[d.drawn.first_member[k]:d.drawn.first_member[k + 1]]:
        p = d.problems[row]
        if p.fate == Fate.LATENT:
            settle(d, row, Fate.PREVENTED)
            today.prevented += p.severity
        elif p.fate == Fate.OPEN:
            append(d.relieved, row)
