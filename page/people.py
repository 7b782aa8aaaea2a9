"""Anyone's day, and one case's life, on both sides; each is run again from the morning of the switch."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from agents.work import Fate
from experiments.runs import Source
from model.governance import GovernanceModel
from model.history import ENDS, history
from model.measures import MEASURES
from model.scenario import Scenario
from model.structure import grid_of

from .definition import Definition
from .diary import diary_of
from .sides import STARTS, begun, build, find_rules, guarded, inject_all, part, quiet, release
from .why import Modes, why_of
from .words_engine import sentence
from .year import year_of

Rules = Mapping[str, Source] | None
MOST_REPLAYS = 2
"""Pairs of models kept for all visitors, so that the next day asked for is near."""
MEASURE_OF = {"leader": "policy_fit", "department": "served_core", "cadre": "formalism_share",
              "resident": "served_cases"}
"""What each has most to do with."""
AT_A_TIME = 20
"""Days a case is followed before it is seen whether it has ended."""
GOES_ON = (Fate.UNBORN, Fate.LATENT, Fate.OPEN)


def person_of(definition: Definition, kind: str, index: int, day: int, rules_of: Rules = None) -> dict[str, Any]:
    """The day of a leader, department, cadre or resident on both sides.

    Args:
        definition: which run.
        kind: leader (0 the city's, 1 the district's, then streets), department, cadre or resident.
        index: from 0, street by street; cadre k keeps grid k.
        day: a row of `Year.frames`, 0 … days: how the day that ended then went.
        rules_of: rule files by name, from the server's start.

    Returns:
        `kind`, `index`, `title`; `sides`: two of `page.diary.diary_of` (title, rows [[word key, hours, note],
        …] that add up to total, state [[word key, value], …], items [{act, text, hours, done}, …]); `why`:
        `_waterfall` of the measure that such a person has most to do with, up to this day. Texts are `Text`s (say them
        in a language). Empty where there is nobody of this index.
    """
    with replayed(definition, day, rules_of) as run:
        return person_in(run.models, run.modes, kind, index)


def person_in(models: list[GovernanceModel], modes: Modes, kind: str, index: int) -> dict[str, Any]:
    """The same of two models as they stand."""
    sides = [diary_of(m, kind, index) for m in models]
    if not all(sides):
        return {}
    return {"kind": kind, "index": index, "title": sides[0]["title"], "sides": sides,
            "why": _waterfall(models, modes, MEASURE_OF[kind])}


def resident_of(scenario: Scenario, grid: int, step: int = 0) -> int:
    """One of a grid's residents, the next ones by `step`."""
    those = np.flatnonzero(grid_of(scenario, np.arange(sum(scenario.by_street("residents")))) == grid)
    return int(those[step % len(those)])


def _waterfall(models: list[GovernanceModel], modes: Modes, measure: str) -> dict[str, Any]:
    """Why B differs from A on a measure so far; d is None, and there are no bars, where a side has no value yet.

    Returns:
        `measure`, `label`, `unit`, `a`, `b`, `d`; `bars`: [{text, what, d, part (the parts add up to the measure's d),
        pull (+1, −1, 0), rows: [[names …, A, B, B − A], …], beside: [the same of what moves this one]}, …].
    """
    head, *links = why_of(modes, models, measure)
    bars: list[dict[str, Any]] = []
    for link in links:
        bar = {"text": link["text"], "what": link["what"], "d": link["delta"], "part": link["part"],
               "pull": link["pull"], "rows": link["rows"], "beside": []}
        (bars[-1]["beside"] if bars and link["level"] > 1 and bars[-1]["level"] == 1 else bars).append(
            {**bar, "level": link["level"]})
    return {"measure": measure, "label": MEASURES[measure].label, "unit": MEASURES[measure].unit, "a": head["a"],
            "b": head["b"], "d": head["delta"], "bars": bars}


def life_of(definition: Definition, case: int, rules_of: Rules = None) -> dict[str, Any]:
    """A need's life on both sides, from the switch on.

    Returns:
        `case`, `born`, `street`, `grid`, `resident`, `hours`, `severity`, `authority`, `title`; `sides`: two of
        {`events`: [{day, what, who, hours}, …] in order, `voiced`, `closed` (days since the switch, None if never),
        `fate` (word), `end` (Text, None while it goes on)}. Empty where there is no such need.
    """
    with _anew(definition, rules_of) as models:
        m = models[0]
        if not 0 <= case < m.world.arrivals:
            return {}
        sides = _both(lambda m: _life(m, case), models)
        p = m.problems[case]
        title = sentence("case_title", n=case, street=m.street_name(p.street),
                         department=m.department_name(p.domains[0]))
        return {"case": case, "born": int(p.born) - m.scenario.burn_in, "street": int(p.street), "title": title,
                "grid": int(m.residents.grid[p.resident]), "resident": int(p.resident),
                "hours": float(p.hours), "severity": float(p.severity), "authority": bool(p.authority), "sides": sides}


def _life(m: GovernanceModel, case: int) -> dict[str, Any]:
    sc, events = m.scenario, []
    m.run(max(min(int(m.problems.born[case]), sc.horizon) - m.day, 0))
    while m.day < sc.horizon and m.problems.fate[case] in GOES_ON:
        events += history(m, "case", case, min(m.day + AT_A_TIME, sc.horizon))
    p = m.problems[case]
    over = p.fate not in GOES_ON and p.closed >= 0
    return {"events": [{"day": e.day, "what": e.what, "who": e.who, "hours": e.hours} for e in events],
            "voiced": int(p.voiced) - sc.burn_in if p.voiced >= 0 else None,
            "closed": int(p.closed) - sc.burn_in if over else None, "fate": Fate(p.fate).name.lower(),
            "end": ENDS.get(Fate(p.fate))}


def cases_of(definition: Definition, grid: int | None = None, street: int | None = None, most: int = 12,
             rules_of: Rules = None) -> list[dict[str, Any]]:
    """Cases worth following there (everywhere if None): those whose ends lie most days apart first.

    Returns:
        [{case, grid, street, born, closed: [A, B]}, …].
    """
    found = year_of(definition, None, find_rules(definition, rules_of)[0]).cases
    for name, value in (("grid", grid), ("street", street)):
        found = found if value is None else found[found[name] == value]
    return [{"case": int(c["case"]), "grid": int(c["grid"]), "street": int(c["street"]), "born": int(c["born"]),
             "closed": [None if c[end] < 0 else int(c[end]) for end in ("closed_a", "closed_b")]} for c in found[:most]]


# --- runs that are done again -----------------------------------------------------------------------------------------


class Replay:
    """Both sides of a run, some days after the switch; they go forward only."""

    def __init__(self, models: list[GovernanceModel], own_rules: bool) -> None:
        self.models, self._own_rules = models, own_rules
        self.lock, self.modes = threading.RLock(), Modes()

    @property
    def day(self) -> int:
        """Days since the switch."""
        return self.models[0].day - self.models[0].scenario.burn_in

    def go_to(self, day: int) -> None:
        """Run both sides on, each in a thread."""
        if day > self.day:
            _both(lambda m: self._go(m, day), self.models)

    def _go(self, m: GovernanceModel, day: int) -> None:
        side = self.models.index(m)
        while m.day < m.scenario.burn_in + day:
            with guarded(self._own_rules):
                m.run(1)
            self.modes.note(side, m)


_kept: OrderedDict[Any, Replay] = OrderedDict()
_lock = threading.Lock()


@contextmanager
def replayed(definition: Definition, day: int, rules_of: Rules = None) -> Iterator[Replay]:
    """Both sides of a run as they stand after a day; only whoever holds it may look."""
    day = min(max(day, 0), definition.scenario.days)
    key = definition, find_rules(definition, rules_of)[0]
    with _lock:
        run = _kept.get(key)
    if run is not None and run.lock.acquire(blocking=False):
        try:
            if run.models and run.day <= day:
                run.go_to(day)
                yield run
                return
        finally:
            run.lock.release()
    run = Replay(_parted(definition, rules_of), key[1] is not None)
    with run.lock:
        run.go_to(day)
        _keep(key, run)
        yield run


def _keep(key: Any, run: Replay) -> None:
    with _lock:
        gone = [_kept.pop(key, None)]
        _kept[key] = run
        while len(_kept) > MOST_REPLAYS:
            gone.append(_kept.popitem(last=False)[1])
    for one in gone:
        if one is not None and one.lock.acquire(blocking=False):  # else whoever holds it lets it go
            try:
                release(one.models)
            finally:
                one.lock.release()


@contextmanager
def _anew(definition: Definition, rules_of: Rules) -> Iterator[list[GovernanceModel]]:
    models = _parted(definition, rules_of)
    try:
        yield models
    finally:
        release(models)


def _parted(definition: Definition, rules_of: Rules) -> list[GovernanceModel]:
    """Both sides on the morning of the switch."""
    source = find_rules(definition, rules_of)[0]
    if source is not None:
        return build(definition, source)
    before = quiet(definition.scenario)
    start = STARTS.borrow(before, definition.seed)
    if start is None:
        start = STARTS.keep(before, definition.seed, list(begun(before, definition.seed))[-1])
    try:
        models = [part(start.model, regime) for regime in definition.regimes]
    finally:
        STARTS.give_back(start)
    for m in models:
        inject_all(m, definition.scenario)
    return models


def _both(act: Callable[[GovernanceModel], Any], models: list[GovernanceModel]) -> list[Any]:
    """The same for both sides, at the same time."""
    with ThreadPoolExecutor(1) as other:
        b = other.submit(act, models[1])
        return [act(models[0]), b.result()]
