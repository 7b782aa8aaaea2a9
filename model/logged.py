"""A run whose cases come from a real log: what it is given of the log, and what is told of the log beside the model."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from agents.things import LOGGED
from agents.work import Fate
from languages.text import Text, _, say

from .caselog import CaseLog, quantiles, read_cases
from .run import Run
from .scenario import PARAMETERS, Scenario


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


def case_times(m: Run) -> dict[str, tuple[np.ndarray, np.ndarray, int]]:
    """The log's cases that the run used, as the log tells them and as the model treats them.

    Returns:
        For `log` and `model`: day opened since the switch, working days until closed (nan: not seen closed), and the
        last day observed; of a log that is the latest date in it, as it does not say when it was drawn up.
    """
    log = m.case_log
    assert log is not None
    used = _used(m, log)
    ends = (log.day + log.closed_wait)[np.isfinite(log.closed_wait)]
    cases, waits = _model_waits(m)
    return {"log": (log.day[used], log.closed_wait[used], int(max(log.span - 1, ends.max(initial=0)))),
            "model": (m.problems.voiced[cases] - m.scenario.burn_in, waits, m.day - 1 - m.scenario.burn_in)}


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
