"""What comes from outside a run: injected events, and a real log of cases; and the accounts of what became of all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from agents.calendar import Due, later
from agents.things import INJECTED, LOGGED
from agents.work import COURSES, FATES, NEVER, Course, Fate, Pushed
from languages.text import Text, _, say

from .caselog import CaseLog, quantiles, read_cases
from .district import NOTES_TO_SPARE
from .errors import InputError
from .run import Run
from .scenario import PARAMETERS, Scenario
from .world import SPARE

TABLE_OF = {"emergency": ("emergencies", Due.EMERGENCY), "whistle": ("problems", Due.PROBLEM),
            "central_work": ("ideas", Due.IDEA)}


def inject(m: Run, kind: str, street: int, domain: int, day: int) -> None:
    """Make something happen; its luck was drawn beforehand, so both sides of a comparison get the same.

    emergency: on a street. whistle: a case only departments can solve, voiced at once. central_work: a central idea.
    inspection: every live copy on the street is inspected.
    """
    if kind not in (*TABLE_OF, "inspection"):
        raise InputError(_("unknown event {kind!r}; known: emergency, inspection, whistle, central_work", kind=kind))
    if not m.day <= day < m.scenario.burn_in + m.scenario.days:
        first, last = m.day - m.scenario.burn_in, m.scenario.days - 1
        raise InputError(_("event {kind} on day {day}: give a day from {first} to {last}",
                           kind=kind, day=day - m.scenario.burn_in, first=first, last=last))
    if kind == "inspection":
        _count_raids(m)
        later(m.district.calendar.handle, Due.RAID, day, street)
        return
    table, due = getattr(m, TABLE_OF[kind][0]), TABLE_OF[kind][1]
    spare = np.flatnonzero(table.born == NEVER)
    spare = spare[spare < m.district.at[0].arrivals] if kind == "whistle" else spare
    if not len(spare):
        raise InputError(_too_many(kind, SPARE))
    row = spare[0]
    _make(m, kind, table[row], row, street, domain)
    table.born[row] = day
    later(m.district.calendar.handle, due, day, row)


def _count_raids(m: Run) -> None:
    """Compiled notes have room for so many."""
    if m.district.calendar.count[:, Due.RAID].sum() >= NOTES_TO_SPARE:
        raise InputError(_too_many("inspection", NOTES_TO_SPARE))


def _too_many(kind: str, most: int) -> Text:
    return _("no more than {most} events of kind {kind!r} fit into one run; use fewer", most=most, kind=kind)


def _make(m: Run, kind: str, thing: np.record, row: int, street: int, domain: int) -> None:
    """Turn a row kept ready into what was asked for."""
    if kind == "whistle":
        before, here = m.streets[thing.street], m.streets[street]
        within = (thing.resident - before.first_resident) * here.residents // before.residents
        thing.street, thing.resident = street, here.first_resident + within
        thing.authority, thing.reasonable, thing.voice_luck = True, True, INJECTED
        thing.domains, thing.parts = (domain, -1, -1), 1
    elif kind == "emergency":
        thing.street = street
    else:
        thing.domain, thing.central, thing.rank = domain, True, row - len(m.ideas)
        m.copies.domain[row * m.scenario.streets:(row + 1) * m.scenario.streets] = domain


def accounts(m: Run) -> dict[str, dict[str, int]]:
    """Every problem, idea, copy and core job that has begun, by where it stands."""
    jobs, begun, born = m.jobs, m.problems.born < m.day, m.ideas.born < m.day
    ideas, done = _course_of_ideas(m)[born], jobs.course == Course.DONE
    down = jobs.pushed == Pushed.DOWN
    return {
        "problems": {name.lower(): int((m.problems.fate[begun] == f).sum()) for f, name in enumerate(FATES)},
        "ideas": {name.lower(): int((ideas == c).sum()) for c, name in enumerate(COURSES)},
        "jobs": {"done_by_department": int((done & ~down).sum()), "done_by_cadres": int((done & down).sum()),
                 "late": int((jobs.course == Course.OVERDUE).sum()),
                 "open": int((jobs.course == Course.WAITING).sum())},
        "begun": {"problems": int(begun.sum()), "ideas": int(born.sum()), "jobs": int((jobs.born < m.day).sum())},
    }


def _course_of_ideas(m: Run) -> np.ndarray:
    """An idea is done when all its copies are, overdue when they have ended otherwise."""
    course, copies = m.ideas.course.copy(), m.copies.course.reshape(len(m.ideas), -1)
    ended = (copies == Course.DONE) | (copies == Course.OVERDUE)
    over = (course == Course.LIVE) & ended.all(axis=1)
    course[over] = np.where((copies[over] == Course.DONE).all(axis=1), Course.DONE, Course.OVERDUE)
    return course


# --- a real log -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def read_log(scenario: Scenario) -> CaseLog | None:
    """The case log a scenario names, or None."""
    return None if scenario.needs is None else read_cases(scenario.needs, scenario)


def without_log(sc: Scenario, seed: int, log: CaseLog | None, model: Callable[..., Any]) -> tuple[float, float]:
    """Share of needs voiced in a layered burn-in without the log, and mean expectation: what a log cannot tell."""
    if log is None:
        return 1.0, 1.0
    days = max(sc.burn_in, 60)
    return _voiced(sc.with_(needs=None, events=(), burn_in=days, days=35, from_day=0, cooldown=0), seed, model)


@lru_cache(maxsize=64)
def _voiced(scenario: Scenario, seed: int, model: Callable[..., Any]) -> tuple[float, float]:
    m = model(scenario, rng=seed).run(scenario.burn_in)
    p = m.problems
    mine = p.reasonable & (p.born < scenario.burn_in)
    return float((p.voiced[mine] >= 0).mean()) if mine.any() else 1.0, float(m.residents.expectation.mean())


def case_notes(m: Run, lang: str = "en") -> list[str]:
    """Sentences on what was done with the log."""
    if m.case_log is None:
        return []
    share = m.without_log[0]
    rate = (1 - share) / max(share, 0.05)
    log, sc = m.case_log, m.scenario
    beyond, again = int((log.day >= sc.days).sum()), int((log.day < sc.burn_in).sum())
    notes = (*log.notes,
             *_length(log.span, sc.days, beyond),
             _("The log begins at the switch. What was before it is not known: the {burn_in} days of the burn-in have "
               "the {again:,} cases of the log's first {burn_in} days, which come again after the switch and are "
               "counted there alone. The {cooldown} days after the run's last have the log's next cases, or its first "
               "ones again; they are not counted.", again=again, burn_in=sc.burn_in, cooldown=sc.cooldown),
             _("{share:.0%} of needs are voiced in a layered burn-in, so unvoiced need is added: {rate:.2f} per case.",
               share=share, rate=rate))
    return [say(note, lang) for note in notes]


def _length(span: int, days: int, beyond: int) -> list[Text]:
    """What is to be said of a log that ends after the run does, or before."""
    fitting = max(span, int(PARAMETERS["days"].low))
    if beyond:
        return [_("The run has {days} days: {beyond:,} cases opened later are not used (`--days {span}` uses all).",
                  days=days, beyond=beyond, span=span)]
    return [] if span >= days else [
        _("The log covers {span} days: nothing arises in the {left} days after it, though they count; "
          "`--days {fitting}` is the shortest run that holds it.", span=span, left=days - span, fitting=fitting)]


def case_waits(m: Run) -> dict[str, dict[str, float | None]] | None:
    """Quantiles of waiting times: the log's, and the model's for the same cases."""
    if m.case_log is None:
        return None
    return {"log": quantiles(m.case_log.closed_wait[_used(m, m.case_log)]), "model": quantiles(_model_waits(m)[1])}


def _used(m: Run, log: CaseLog) -> np.ndarray:
    """Which cases of the log the run has come to."""
    return log.day < min(m.scenario.days, m.day - m.scenario.burn_in)


def _model_waits(m: Run) -> tuple[np.ndarray, np.ndarray]:
    """The log's cases since the switch, none of the cool-down, and how long each waited; nan: not closed, or given up.

    Without those that a repaired cause prevented: nobody voiced them, so they wait for nothing.
    """
    p, switch = m.problems, m.scenario.burn_in
    run = (p.born >= switch) & (p.born < switch + m.scenario.days)
    cases = np.flatnonzero((p.voice_luck == LOGGED) & (p.voiced >= 0) & run)
    closed = np.isin(p.fate[cases], (Fate.SERVED, Fate.LATE, Fate.FALSE, Fate.REFUSED))
    return cases, np.where(closed, p.closed[cases] - p.voiced[cases], np.nan)
