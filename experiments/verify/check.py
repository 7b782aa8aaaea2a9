"""What a check says: expected, observed, how far they may be apart and why, and whether they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import Any

import numpy as np

from languages.text import _
from model.governance import GovernanceModel
from model.scenario import Scenario

from ..paired import interval


@dataclass(frozen=True)
class Check:
    """One line of `chuishao verify`."""

    name: str
    expected: str | float
    observed: float | None
    tolerance: float | None
    ok: bool | None
    """None: reported, not asserted."""
    basis: str
    """Where expectation and tolerance come from."""
    kind: str = ""
    """theory, neutrality, conservation, fact or episode; the registry fills it in."""
    says: str = ""
    """What it says of the model if it fails."""
    open: bool = False
    """Whether it fails only since too few runs tell nothing apart; a quick check then is reported, not asserted."""


Maker = Callable[[bool], Iterable[Check]]
"""Makes checks; the argument asks for quick ones: fewer replicates, wider tolerances."""


def once(make: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose value for the same arguments is made once, also where several threads ask for it at once."""
    found: dict[Any, Future] = {}
    lock = Lock()

    @wraps(make)
    def ask(*given: Any) -> Any:
        with lock:
            first = given not in found
            waits = found.setdefault(given, Future())
        if first:
            try:
                waits.set_result(make(*given))
            except BaseException as error:
                waits.set_exception(error)
                raise
        return waits.result()

    return ask


COOLDOWN = 30
"""Days after those that count; what still waits then is unmet, in all arms alike."""
SHORT = {"days": 100, "burn_in": 30}
"""What quick checks run instead of a year, where the answer does not hang on it."""


@lru_cache(maxsize=24)
def _at_switch(scenario: Scenario, seed: int) -> GovernanceModel:
    """A run as it stands at the switch; of the last few, since arms that are compared follow each other."""
    return GovernanceModel(scenario, "layered", rng=seed).run(scenario.burn_in)


def arm(scenario: Scenario, regime: str, seed: int) -> GovernanceModel:
    """A run to its end; the days before the switch are run once for several arms."""
    return _at_switch(scenario, seed).fork(regime).run()


def length(quick: bool) -> dict[str, int]:
    """The run length of a quick check; nothing for a full one."""
    return SHORT if quick else {}


def where(region: str) -> str:
    """What a region is called in the name of a check."""
    return {"rich": _("rich"), "difficult": _("difficult")}.get(region, region)


def near(name: str, expected: float, observed: float, tolerance: float, basis: str) -> Check:
    """Observed must lie within the tolerance of what is expected."""
    return Check(name, float(expected), float(observed), float(tolerance),
                 bool(abs(observed - expected) <= tolerance), basis)


def mean_near(name: str, expected: float, values: np.ndarray, basis: str, extra: float = 0.0) -> Check:
    """The mean of independent replicates must lie within four standard errors (and `extra`) of what is expected."""
    values = np.asarray(values, float)
    tolerance = 4 * values.std(ddof=1) / math.sqrt(len(values)) + extra
    return near(name, expected, values.mean(), tolerance, f"{basis}; 4 s.e. of {len(values):,}")


def above(name: str, least: float, values: np.ndarray, basis: str, sign: int = 1, says: str = "") -> Check:
    """The mean over pairs or runs must lie surely above (sign −1: below) a value: the 95 % interval excludes it."""
    values = np.asarray(values, float)
    low, high, _how = interval(values)
    ok = bool(low > least) if sign > 0 else bool(high < least)
    return Check(name, f"{'>' if sign > 0 else '<'} {least:g}", float(values.mean()), float((high - low) / 2), ok,
                 f"{basis}; 95 % interval of {len(values)} runs", says=says,
                 open=bool(not ok and low <= least <= high))


def at_rest(name: str, bound: float, values: np.ndarray, basis: str) -> Check:
    """No change beyond the bound may be told apart: the 95 % interval of the mean reaches into ± bound."""
    values = np.asarray(values, float)
    low, high, _how = interval(values)
    ok = bool(low <= bound and high >= -bound)
    return Check(name, f"±{bound:g}", float(values.mean()), float((high - low) / 2), ok,
                 f"{basis}; 95 % interval of {len(values)} runs")


def within(name: str, low: float, high: float, observed: float, basis: str) -> Check:
    """Observed must lie in a range."""
    return Check(name, f"{low:g}–{high:g}", float(observed), 0.0, bool(low <= observed <= high), basis)


def told(name: str, expected: str | float, values: np.ndarray, basis: str) -> Check:
    """Reported, not asserted: the mean and half of its 95 % interval."""
    values = np.asarray(values, float)
    low, high, _how = interval(values)
    half = None if low is None else float((high - low) / 2)
    return Check(name, expected, float(values.mean()), half, None, basis)


def absent(name: str, basis: str) -> Check:
    """Reported: theory that has no counterpart in the model, so that nothing can be observed."""
    return Check(name, "no counterpart", None, None, None, basis)
