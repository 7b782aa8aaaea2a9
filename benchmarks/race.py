"""Timing that a noisy machine cannot turn: sides take turns, and only ratios within a round are reported."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ratio:
    """How many times longer one side took than the other: median over rounds, and the rounds' lowest and highest."""

    name: str
    slow: str
    fast: str
    median: float
    low: float
    high: float
    seconds: dict[str, float]
    """Median seconds of each side, for orientation: they depend on the machine and on who else uses it."""
    rounds: int
    target: str = ""

    def __str__(self) -> str:
        mark = f"   target {self.target}" if self.target else ""
        times = ", ".join(f"{name} {value:.3g} s" for name, value in self.seconds.items())
        return f"{self.name:44} {self.median:8.2f}× ({self.low:.2f}–{self.high:.2f})   {times}{mark}"


def race(name: str, slow: tuple[str, Callable], fast: tuple[str, Callable], rounds: int = 3, target: str = "",
         clock: Callable[[], float] = time.process_time, repeats: int = 1) -> Ratio:
    """Let two sides take turns.

    Args:
        name: what is compared.
        slow: label and function of the side whose time is divided.
        fast: label and function of the side it is divided by.
        rounds: how often; every second round starts with the other side.
        target: what is aimed at, in words.
        clock: seconds of this process by default, so that what others do counts little; wall time for processes.
        repeats: how often the fast side works in its turn, if it is too fast for the clock.
    """
    times = turns(dict((slow, fast)), rounds, clock, {fast[0]: repeats})
    return ratio(name, times, target)


def race_all(name: str, slow: Mapping[str, Callable], fast: tuple[str, Callable], rounds: int = 3,
             targets: Mapping[str, str] | None = None) -> Iterator[Ratio]:
    """Several slow sides against one fast side, all in the same rounds; targets by slow side."""
    times = turns({**slow, fast[0]: fast[1]}, rounds)
    for label in slow:
        yield ratio(name, {label: times[label], fast[0]: times[fast[0]]}, (targets or {}).get(label, ""))


def turns(sides: Mapping[str, Callable], rounds: int, clock: Callable[[], float] = time.process_time,
          repeats: Mapping[str, int] | None = None) -> dict[str, list[float]]:
    """Seconds of every side in every round; every second round goes the other way round."""
    times: dict[str, list[float]] = {label: [] for label in sides}
    for turn in range(rounds):
        for label in list(sides) if turn % 2 == 0 else reversed(list(sides)):
            gc.collect()
            often = (repeats or {}).get(label, 1)
            start = clock()
            for _ in range(often):
                sides[label]()
            times[label].append((clock() - start) / often)
    return times


def ratio(name: str, times: dict[str, list[float]], target: str = "") -> Ratio:
    """The ratio of the first side's times to the second's, round by round."""
    (slow, a), (fast, b) = ((label, np.array(values)) for label, values in times.items())
    each = a / b
    return Ratio(name, slow, fast, float(np.median(each)), float(each.min()), float(each.max()),
                 {label: float(np.median(values)) for label, values in times.items()}, len(each), target)
