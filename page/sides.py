"""Two models on one seed: the common burn-in is run once, then side B goes its own way."""

from __future__ import annotations

import ctypes
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from agents.rules import Rules
from experiments.runs import Source, TimeLimitError, time_limit
from languages.text import Text, _, listed
from model.district import District
from model.errors import InputError
from model.governance import GovernanceModel
from model.pay import check_pay
from model.regimes import Regime, parse_regime
from model.rulebook import rules_from_source
from model.scenario import Scenario

from .definition import Definition
from .words_engine import sentence

DAY_LIMIT = 20.0
"""Seconds a day may take under a researcher's rules before it counts as endless; a day takes milliseconds."""
MOST_STARTS = 4
"""Burn-ins kept for all visitors, some 45 MB each in a default district."""
AT_ONCE = 10
"""Days that are run between two looks at what else there is to do: some 10 ms."""


def find_rules(definition: Definition, rules_of: Mapping[str, Source] | None) -> tuple[Source | None, Text | None]:
    """The rules a definition names among the server's files (None: the model's own), or why there are none."""
    rules = rules_of or {}
    if definition.rules is None or definition.rules in rules:
        return rules.get(definition.rules or ""), None
    offered = listed(rules) if rules else sentence("default_rules_only")
    return None, sentence("no_rules", name=definition.rules, list=offered)


def build(definition: Definition, source: Source | None = None) -> list[GovernanceModel]:
    """Models of side A and side B on the day of the switch, equal to the bit.

    Raises:
        InputError: a scenario or a rules text that does not fit.
        RuleError: a rule failed in the burn-in.
    """
    if source is not None:  # rules may keep memory in their module or in closures on a model: a module a side
        return [_warm(_model(definition, side, rules_from_source(source.text, source.path)), True) for side in (0, 1)]
    a = _warm(_model(definition, 0, None), False)
    return [a, a.fork(definition.regimes[1])]


def release(models: list[GovernanceModel]) -> None:
    """Give the memory of models back at once, to the system too where its library can (28 ms for five visitors)."""
    for m in models:
        vars(m).clear()  # breaks its cycles, so that it goes now and not when the collector comes round
    models.clear()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def guarded(own_rules: bool) -> Iterator[None]:
    """End a day that a researcher's rule never would; the model's own rules need no watch."""
    with time_limit(DAY_LIMIT if own_rules else None):
        yield


def endless(error: BaseException) -> bool:
    """Whether an error stands for the time limit, perhaps wrapped in a rule's."""
    return isinstance(error, TimeLimitError) or isinstance(error.__cause__, TimeLimitError)


def _model(definition: Definition, side: int, rules: Rules | None) -> GovernanceModel:
    with guarded(rules is not None):
        return GovernanceModel(definition.scenario, definition.regimes[side], rng=definition.seed, rules=rules)


def _warm(model: GovernanceModel, own_rules: bool) -> GovernanceModel:
    while model.day < model.scenario.burn_in:
        with guarded(own_rules):
            model.step()
    return model


# --- burn-ins that are kept -------------------------------------------------------------------------------------------


def run_to(m: GovernanceModel, day: int) -> Iterator[None]:
    """Run on to a day, some days at a time; whoever asks for the next may stop in between."""
    while m.day < day:
        m.run(min(AT_ONCE, day - m.day))
        yield


def part(start: GovernanceModel, regime: str) -> GovernanceModel:
    """A run of its own from a morning of the switch, under a regime."""
    vars(start.district)["copy"] = partial(_lean_copy, start.district)
    return start.fork(_fit(start, regime))


def take_over(start: GovernanceModel, regime: str) -> GovernanceModel:
    """The same, when nobody else wants that morning any more: it is not copied."""
    start.regime = _fit(start, regime)
    return start


def _fit(start: GovernanceModel, name: str) -> Regime:
    """A regime that a district can have; a model asks the same when it begins under it."""
    regime = parse_regime(name)
    if regime.code_lost:
        raise InputError(_("the rules of {name!r} are not here; give the regime's own TOML file, or open the "
                           "folder of its results", name=regime.label))
    check_pay(start.scenario, regime.powers(start.scenario))
    return regime


SCRATCH = ("requests", "passed", "errands")
"""Tables with room for the worst, of which only the first rows are in use: `now` says how many."""


def _lean_copy(d: District) -> District:
    """A copy as `District.copy` makes it, but of scratch tables only the rows in use: half of all bytes."""
    lean = copy(d)
    vars(lean).update({name: getattr(d, name)[:0] for name in SCRATCH})
    twin = District.copy(lean)
    for name in SCRATCH:
        table, used = getattr(d, name), int(d.now[0][name])
        made = np.empty_like(table)
        made[:used] = table[:used]
        vars(twin)[name] = made
    return twin


def inject_all(m: GovernanceModel, scenario: Scenario) -> None:
    """What a definition makes happen, put into a run that began without it."""
    for event in scenario.events:
        m.inject(event.kind, event.street, event.domain, m.scenario.burn_in + event.day)


@dataclass
class _Start:
    """A morning of the switch, and how many go on from it just now."""

    model: GovernanceModel
    users: int = 0
    kept: bool = True


class Starts:
    """Mornings of the switch by scenario and seed, the same under every regime; the last few are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, _Start] = OrderedDict()
        self._lock = threading.Lock()

    def borrow(self, scenario: Scenario, seed: int) -> _Start | None:
        """One that is kept; give it back by `give_back`."""
        with self._lock:
            start = self._kept.get((scenario, seed))
            if start is not None:
                self._kept.move_to_end((scenario, seed))
                start.users += 1
            return start

    def keep(self, scenario: Scenario, seed: int, model: GovernanceModel) -> _Start:
        """Keep one, borrowed at once by whoever made it."""
        with self._lock:
            start = _Start(model, users=1)
            self._drop(self._kept.pop((scenario, seed), None))
            self._kept[scenario, seed] = start
            while len(self._kept) > MOST_STARTS:
                self._drop(self._kept.popitem(last=False)[1])
            return start

    def give_back(self, start: _Start) -> None:
        """Nobody goes on from it here any more."""
        with self._lock:
            start.users -= 1
            if not start.kept and not start.users:
                vars(start.model).clear()

    def _drop(self, start: _Start | None) -> None:
        if start is not None:
            start.kept = False
            if not start.users:
                vars(start.model).clear()


STARTS = Starts()


def quiet(scenario: Scenario) -> Scenario:
    """A scenario without its events: until the switch it runs alike."""
    return scenario.with_(events=()) if scenario.events else scenario


def begun(scenario: Scenario, seed: int) -> Iterator[GovernanceModel | None]:
    """Run a district to the morning of the switch: yields None between days, at last the model."""
    model = GovernanceModel(scenario, rng=seed)
    try:
        for _day in run_to(model, scenario.burn_in):
            yield None
    except BaseException:
        vars(model).clear()
        raise
    yield model
