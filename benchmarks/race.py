"""Timing that a noisy machine cannot turn: sides take turns, and only ratios within a round are reported."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
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
    times: dict[str, list[float]] = {slow[0]: [], fast[0]: []}
    for turn in range(rounds):
        for label, work in (slow, fast) if turn % 2 == 0 else (fast, slow):
            gc.collect()
            often = repeats if label == fast[0] else 1
            start = clock()
            for _ in range(often):
                work()
            times[label].append((clock() - start) / often)
    return ratio(name, times, target)


def ratio(name: str, times: dict[str, list[float]], target: str = "") -> Ratio:
    """The ratio of the first side's times to the second's, round by round."""
    (slow, a), (fast, b) = ((label, np.array(values)) for label, values in times.items())
    each = a / b
    return Ratio(name, slow, fast, float(np.median(each)), float(each.min()), float(each.max()),
                 {label: float(np.median(values)) for label, values in times.items()}, len(each), target)
