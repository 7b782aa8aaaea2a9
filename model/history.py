"""The life of one case, directive or person, day by day: what happened, who gave how many hours to it, and why.

`history(model, "case", 12)` runs the model on from today and writes the days down as they pass. Nothing is stored in
the model for it: every evening the tables are looked at, so whatever a rule changes is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from agents.cadre import Cadre
from agents.department import Department
from agents.leader import FIRST_STREET, Leader
from agents.queues import Queues
from agents.resident import Resident
from agents.work import BINDING, MODES, Act, Course, Fate
from languages.text import Text, _, _p, listed

from .errors import InputError
from .governance import GovernanceModel

KINDS = ("case", "directive", "leader", "department", "cadre", "resident")
"""Whose life can be followed."""
NAMES = {name: text for name, text in zip(KINDS, (
    _p("history", "case"), _p("history", "directive"), _p("history", "leader"), _p("history", "department"),
    _p("history", "cadre"), _p("history", "resident")), strict=True)}
PEOPLE = {"leader": Leader, "department": Department, "cadre": Cadre, "resident": Resident}
ENDS = {
    Fate.SERVED: _("solved in time"), Fate.LATE: _("solved, but late"),
    Fate.PREVENTED: _("does not arise any more: its cause has been repaired"),
    Fate.REFUSED: _("refused as unreasonable"),
    Fate.FALSE: _("closed on paper: overdue cases count against the cadres"),
    Fate.UNSOLVED: _("closed unsolved: departments did not take it up"), Fate.EXPIRED: _("lapses: nobody solved it"),
}
COURSES = {Course.LAPSED: _("lapses: its department had no hours to issue it in time"),
           Course.MERGED: _("is merged into another")}


@dataclass(frozen=True)
class Entry:
    """Something that happened on a day. Days count from the switch; hours are those of whoever is named."""

    day: int
    what: Text
    who: Text | None = None
    hours: float | None = None

    def plain(self, say: Callable[[Any], Any] = str) -> dict[str, Any]:
        """As JSON takes it, its texts said in a language."""
        return {key: say(value) if isinstance(value, Text) else value for key, value in asdict(self).items()}


def history(m: GovernanceModel, kind: str, index: int, until: int | None = None) -> list[Entry]:
    """Follow somebody or something from today on.

    Args:
        m: a model; it is run on, a day at a time.
        kind: one of `KINDS`.
        index: row of the model's table of problems, ideas, leaders, departments, cadres or residents, from 0.
        until: the model's day on which to stop; the end of the run if None.

    Returns:
        What happened, in order of days.

    Raises:
        InputError: no such kind, or nobody of this number.
    """
    if kind not in KINDS:
        raise InputError(_("nothing is called {kind!r}; give one of {kinds}", kind=kind, kinds=listed(KINDS)))
    most = count_of(m, kind)
    if not 0 <= index < most:
        raise InputError(_("there is no {kind} {index}; give a number from 0 to {most}", kind=NAMES[kind],
                           index=index, most=most - 1))
    life = (_Case(m, index) if kind == "case" else _Directive(m, index) if kind == "directive"
            else _Person(m, kind, index))
    entries: list[Entry] = []
    while m.day < (m.scenario.horizon if until is None else until):
        day = m.day - m.scenario.burn_in
        m.step()
        entries += (Entry(day, *told) for told in life.evening())
    return entries


def count_of(m: GovernanceModel, kind: str) -> int:
    """How many there are of a kind."""
    if kind == "case":
        return m.world.arrivals
    return len(m.ideas if kind == "directive" else getattr(m, f"{kind}s"))


def place_of(m: GovernanceModel, kind: str, index: int) -> Text | None:
    """The name of a department, or of the street of a street's leader, a cadre or a resident; None for others."""
    if kind == "department":
        return m.department_name(index)
    if kind == "leader":
        return m.street_name(index - FIRST_STREET) if index >= FIRST_STREET else None
    return m.street_name(getattr(m, f"{kind}s").street[index]) if kind in ("cadre", "resident") else None


Told = tuple[Any, ...]
"""What, who, hours of an `Entry`."""


def hours_on(m: GovernanceModel, thing: int) -> Iterator[Told]:
    """Hours that today went into a thing, by activity and who gave them."""
    for queues, who in ((m.district.desk_work, lambda w: cadres_of(m, w.site)),
                        (m.district.department_work, lambda w: m.department_name(w.site))):
        work = waiting(queues)
        for w in work[(work.thing == thing) & (work.given > 0)]:
            yield doing(w.act), who(w), round(float(w.given), 2)


def cadres_of(m: GovernanceModel, site: int) -> Text:
    """Those who work on a site; a merged office goes by its first and its last department."""
    office = m.district.structure.office_of_domain
    here = np.flatnonzero(office == office[site % len(office)])
    if len(here) == 1:
        return _("cadres")
    return _("cadres ({first} – {last})", first=m.department_name(here[0]), last=m.department_name(here[-1]))


def waiting(queues: Queues) -> np.recarray:
    """Pieces of work in queues, those finished today too."""
    work: Any = queues.work
    return work[queues.start[0]:queues.stop[-1]]


def doing(act: int) -> Text:
    """An activity of the ledger."""
    return DOING.get(Act(act)) or Text(Act(act).name.lower())


DOING = {
    Act.CASEWORK: _("work on the case"), Act.RESPOND: _("answers the street"), Act.REPAIR: _("repairs the cause"),
    Act.INTERPRET: _("work out what is meant"), Act.EXECUTE: _("carry it out"),
    Act.CONFLICT: _("lose hours to what contradicts it"), Act.DATA: _("collect its data"),
    Act.REPORT: _("report on it"), Act.RECTIFY: _("rectify what an inspection found"), Act.ISSUE: _("issues it"),
    Act.INSPECT: _("inspects it"), Act.OWN: _("carries it out itself"), Act.REWORK: _("redo what came back"),
    Act.TRIAGE: _("sorting cases"), Act.HANDOFF: _("handing cases over"), Act.CALLBACK: _("calling back"),
    Act.REQUEST: _("writing requests and whistles"), Act.REFUSE: _("refusing demands"), Act.CORE: _("core work"),
    Act.PUSHED: _("core jobs pushed down"), Act.REISSUE: _("asking again for forms that were cut"),
    Act.DISTINGUISH: _("telling streets apart"), Act.READ: _("reading the register"),
    Act.SUMMONED: _("helping in an emergency"),
}


# --- a case ---------------------------------------------------------------------------------------------------------


class _Case:
    """What happens to a need of a resident."""

    def __init__(self, m: GovernanceModel, row: int) -> None:
        self.m, self.row, self.before = m, row, m.problems[row].copy()
        self.pending = self._pending()

    def evening(self) -> Iterator[Told]:
        """What has changed since yesterday."""
        p, before, today = self.m.problems[self.row].copy(), self.before, self.m.day - 1
        if p.fate != Fate.UNBORN and before.fate == Fate.UNBORN:
            yield (self._born(p),)
        if p.voiced != before.voiced and p.voiced == today:
            yield (_("is voiced") if before.voiced < 0 else _("is voiced again"),
                   _("resident {n}", n=int(p.resident) + 1))
        yield from self._between(today)
        yield from hours_on(self.m, self.row)
        if p.attempt > before.attempt:
            yield (_("the fix did not help; work begins again"),)
        if p.fate != before.fate and p.fate == Fate.LATENT and before.fate == Fate.OPEN:
            yield (_("is off the books, unsolved; its resident may call again"),)
        if p.fate != before.fate and p.fate in ENDS:
            yield (self._ended(p),)
        self.before, self.pending = p, self._pending()

    def _born(self, p: np.record) -> Text:
        domains = listed(self.m.department_name(k) for k in p.domains[:p.parts])
        kind = _("only departments can solve it") if p.authority else _("the street can solve it")
        return _("arises on {street}: {hours:.1f} h of work, severity {severity:.2f}, domain of {domains}; {kind}",
                 street=self.m.street_name(p.street), hours=float(p.hours), severity=float(p.severity),
                 domains=domains, kind=kind)

    def _ended(self, p: np.record) -> Text:
        if p.voiced < 0 or p.fate in (Fate.PREVENTED, Fate.REFUSED):
            return ENDS[Fate(p.fate)]
        return _("{how}, {days} days after it was voiced", how=ENDS[Fate(p.fate)], days=int(p.closed - p.voiced))

    def _between(self, today: int) -> Iterator[Told]:
        """What passed between the street and departments."""
        passed: Any = self.m.district.passed[:self.m.now.passed]
        for note in passed[passed.thing == self.row]:
            if note.answered:
                yield _("has done its part"), self.m.department_name(note.department)
            elif self.m.powers.whistle_due >= 0 and self.m.day > self.m.scenario.burn_in:
                yield _("is whistled for, and has to come"), self.m.department_name(note.department)
            else:
                yield _("is asked"), self.m.department_name(note.department)
        now, taken = self._pending(), self._taken(today)
        for k, attempt in self.pending.items():
            if k in now and now[k] > attempt:
                yield (_("has not accepted in time; is asked again (request {n})", n=now[k]),
                       self.m.department_name(k))
            elif k not in now and k in taken:
                yield (_("is bound by the district's leader") if taken[k] else _("accepts")), self.m.department_name(k)

    def _pending(self) -> dict[int, int]:
        """Departments that have not accepted yet, and for the how many-th time they are asked."""
        rows: Any = self.m.district.requests[:self.m.now.requests]
        return {int(r.department): int(r.attempt) for r in rows[rows.thing == self.row]}

    def _taken(self, today: int) -> dict[int, bool]:
        """Departments in whose queues it was put today, and whether it binds."""
        queues = self.m.district.department_work
        parts: list[Any] = [waiting(queues), queues.fresh[:queues.head[0].fresh]]
        return {int(w.site): bool(w.priority == BINDING) for part in parts
                for w in part[(part.thing == self.row) & (part.born == today)]}


# --- a directive ----------------------------------------------------------------------------------------------------


class _Directive:
    """What becomes of an idea for a directive on its way down and on the streets."""

    def __init__(self, m: GovernanceModel, row: int) -> None:
        self.m, self.row = m, row
        self.rows = slice(row * m.scenario.streets, (row + 1) * m.scenario.streets)
        self.idea, self.copies = m.ideas[row].copy(), m.copies[self.rows].copy()

    def evening(self) -> Iterator[Told]:
        """What has changed since yesterday."""
        idea, copies = self.m.ideas[self.row].copy(), self.m.copies[self.rows].copy()
        at = self.m.district.at[0]
        if self.idea.course == Course.UNBORN and idea.course != Course.UNBORN:
            department = self.m.department_name(idea.domain)
            yield (_("the idea arises; domain of {department}", department=department) if not idea.central else
                   _("central work comes down; domain of {department}", department=department),)
        if idea.course != self.idea.course:
            if idea.course == Course.LIVE:
                yield _("{mode} and issued", mode=MODE[idea.mode]), self.m.department_name(idea.domain)
            elif idea.course in COURSES:
                yield (COURSES[Course(idea.course)],)
        yield from hours_on(self.m, at.ideas + self.row)
        for k, (c, before) in enumerate(zip(copies, self.copies, strict=True)):
            yield from self._copy(k, c, before)
            yield from hours_on(self.m, at.copies + self.rows.start + k)
        self.idea, self.copies = idea, copies

    def _copy(self, k: int, c: np.record, before: np.record) -> Iterator[Told]:
        if c.course == Course.LIVE and before.course != Course.LIVE:
            wanted = float(self.m.district.drawn.theta[c.street, c.domain])
            if c.own:
                yield _("its department carries it out itself"), self.m.street_name(k)
                return
            yield (_("arrives: prescribes {x:.2f} where {theta:.2f} would work, fixes {s:.2f} of the how, clarity "
                     "{clarity:.2f}, target × {target:.2f}, {days} days", x=float(c.x), theta=wanted, s=float(c.s),
                     clarity=float(c.clarity), target=float(c.target), days=int(c.allowed)), self.m.street_name(k))
            if c.adapted:
                yield _("cadres carry it out their own way"), self.m.street_name(k)
        if c.course in (Course.DONE, Course.OVERDUE) and before.course == Course.LIVE:
            how = _("is done") if c.course == Course.DONE else _("is dropped")
            yield _("{how}: {value:.0%} of its value got", how=how, value=float(c.value_got)), self.m.street_name(k)


MODE = {n: text for n, text in enumerate((_p("mode", "relayed unchanged"), _p("mode", "tightened"),
                                          _p("mode", "translated")))}
assert len(MODE) == len(MODES)


# --- a person -------------------------------------------------------------------------------------------------------


SPENT = {
    "paperwork": _p("history", "paperwork"), "execute": _p("history", "carrying out directives"),
    "casework": _p("history", "cases"), "coordinate": _p("history", "coordination"),
    "outreach": _p("history", "outreach"), "polish": _p("history", "polish"),
    "inspection": _p("history", "being inspected"), "rating": _p("history", "rating departments"),
    "switching": _p("history", "switching"), "training": _p("history", "training"), "core": _p("history", "core work"),
    "supervise": _p("history", "supervision"), "respond": _p("history", "answers to streets"),
    "rated": _p("history", "being rated"), "transmit": _p("history", "handing on"),
    "feedback": _p("history", "feedback"), "command": _p("history", "command"), "idle": _p("history", "idle"),
}


class _Person:
    """A person's days: how the hours went, and a resident's needs."""

    def __init__(self, m: GovernanceModel, kind: str, index: int) -> None:
        self.m, self.kind, self.index = m, kind, index
        self.person = next(a for a in m.agents_by_type[PEOPLE[kind]] if a.index == index)
        rows = np.flatnonzero(m.problems.resident[:m.world.arrivals] == index) if kind == "resident" else ()
        self.cases = {int(row): _Case(m, int(row)) for row in rows}

    def evening(self) -> Iterator[Told]:
        """The day's hours, the most first; of a resident, what became of their needs."""
        for row, case in self.cases.items():
            yield from ((_("case {n}: {what}", n=row, what=what), *rest) for what, *rest in case.evening())
        if self.kind != "resident":
            hours = sorted(self.person.diary.items(), key=lambda one: -one[1])
            yield from ((SPENT.get(what, Text(what)), None, round(h, 2)) for what, h in hours if h > 0.005)
