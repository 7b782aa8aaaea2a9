"""Queues (FACTS §1, T3–T5) reproduced by the shipped one; where a day's tick differs, by how much and why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from model.queues import Queues

from .check import Check, mean_near, told

SHORT = 1 / 16
"""A tick so short, in mean services, that one tick is a fair allowance for what it leaves out."""
LOAD, FIRST, SERVERS = 0.7, 0.4, 3
"""Work that comes a day ÷ work that can be done, that of the first of two classes, cadres of a desk."""


def slotted_queue(quick: bool) -> Iterator[Check]:
    """T3: the daily tick itself: one unit of work a day, Poisson arrivals, one or two priorities."""
    places, days = (100, 600) if quick else (300, 1500)
    for rates in ((0.4,), (0.7,), (0.3, 0.3), (0.3, 0.5)):
        waiting, waits = _slotted(rates, places, days)
        total, first = sum(rates), rates[0]
        name = " + ".join(f"{r:g}" for r in rates)
        queue = first**2 / (2 * (1 - first))
        yield mean_near(f"slotted queue, {name} a day, first class", queue, waiting[:, 0], "λ²/2(1−λ)")
        if len(rates) == 1:
            yield mean_near(f"slotted wait, {name} a day", first / (2 * (1 - first)), waits, "λ/2(1−λ) days")
        else:
            rest = total**2 / (2 * (1 - total)) - queue
            yield mean_near(f"slotted queue, {name} a day, second class", rest, waiting[:, 1],
                            "work is conserved")


def _slotted(rates: tuple[float, ...], places: int, days: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Mean evening queue by place and class, and mean wait by place; every place is a replicate."""
    rng, warm, classes = np.random.default_rng(seed), days // 10, len(rates)
    queues, never = Queues(np.arange(places), 1, np.array([0])), np.zeros(days * classes, bool)
    waiting, waits, done = np.zeros((places, len(rates))), np.zeros(places), np.zeros(places)
    for day in range(days):
        for priority, rate in enumerate(rates):
            place = np.repeat(np.arange(places), rng.poisson(rate, places))
            queues.add(place, 0, day * classes + priority, 1.0, day, 5, priority, rng.random(len(place)))
        queues.arrange()
        out = queues.serve(np.ones(places))
        queues.shed(never)
        if day >= warm:
            items = queues.items()
            np.add.at(waiting, (items["queue"], items["ref"] % classes), items["left"])
            np.add.at(waits, out.queue, (day - out.ref // classes) * out.done)
            np.add.at(done, out.queue, out.done)
    return waiting / (days - warm), waits / np.maximum(done, 1)


def servers(quick: bool) -> Iterator[Check]:
    """T4: with short ticks a desk is M/M/1, however many it has; Erlang-C's c servers apart wait less, but work slower.

    The cadres of a desk pool their hours: one server c times as fast. Erlang-C has one server a case, so that a case
    finds a free one more often and then takes c times as long.
    """
    erlang = erlang_c(SERVERS, SERVERS * LOAD)
    for c in (1, SERVERS):
        for tick in (SHORT, 1.0):
            wait = _observed((c * LOAD,), tick, c, quick)[0].sum(axis=1) / c
            name = f"wait, {c} at the desk, tick {_tick(tick)}"
            pooled = LOAD / (1 - LOAD) / c
            if tick < 1:
                yield mean_near(f"M/M/1 {name}", pooled, wait,
                                "Erlang: ρ/(1−ρ) of the pooled service; one tick allowed", tick)
            else:
                yield told(f"M/M/1 {name}", pooled, wait,
                           "the day's arrivals are all at hand in the morning, and wait for no later hour")
    wait = _observed((SERVERS * LOAD,), SHORT, SERVERS, quick)[0].sum(axis=1) / SERVERS
    yield told(f"Erlang-C wait, {SERVERS} servers", erlang / (SERVERS - SERVERS * LOAD), wait,
               "C(c, a)/(cμ − λ): apart, a free server is likelier; the pooled desk waits ρ/C times as long")
    yield told(f"Erlang-C wait + service, {SERVERS} servers", erlang / (SERVERS - SERVERS * LOAD) + 1,
               wait + 1 / SERVERS, "the pooled desk does a case c times as fast and is done sooner")


def priorities(quick: bool) -> Iterator[Check]:
    """T5: with short ticks two classes are preemptive-resume; Cobham's are not, so that his first class waits more.

    Every tick goes back to the first class, also where a case of the second is half done.
    """
    rates = (FIRST, LOAD - FIRST)
    for tick in (SHORT, 1.0):
        work, count = _observed(rates, tick, 1, quick)
        spent = count / np.array(rates)
        if tick < 1:
            yield mean_near("work of the first class waiting", FIRST / (1 - FIRST), work[:, 0],
                            "ρ₁/(1−ρ₁): the second class does not exist for it; one tick allowed", tick)
        for k, (theory, cobham) in enumerate(zip(preemptive(*rates), non_preemptive(*rates), strict=True)):
            name = f"days in the system, {('first', 'second')[k]} class"
            if tick < 1:
                yield mean_near(f"{name}, preemptive", theory, spent[:, k],
                                "1/[(1−σₖ₋₁)(1−σₖ)], preemptive-resume, by Little's law; one tick allowed", tick)
                yield told(f"{name}, Cobham", cobham, spent[:, k],
                           "W₀/[(1−σₖ₋₁)(1−σₖ)] + 1: there the first waits for a second-class case in hand")
            else:
                yield told(f"{name}, tick a day", theory, spent[:, k],
                           "less: what is done on the day it came counts as none, the rest in whole evenings")


def erlang_c(c: int, a: float) -> float:
    """Chance of having to wait at c servers with a of them busy on average."""
    last = a**c / math.factorial(c) / (1 - a / c)
    return last / (sum(a**k / math.factorial(k) for k in range(c)) + last)


def preemptive(first: float, second: float) -> tuple[float, float]:
    """Mean time in the system of two preemptive-resume classes, exponential services of mean 1."""
    return 1 / (1 - first), 1 / ((1 - first) * (1 - first - second))


def non_preemptive(first: float, second: float) -> tuple[float, float]:
    """The same by Cobham 1954, where a service once begun is ended."""
    rest = first + second
    return 1 + rest / (1 - first), 1 + rest / ((1 - first) * (1 - rest))


def _tick(tick: float) -> str:
    return "a day" if tick == 1 else f"1/{1 / tick:.0f} day"


@cache
def _observed(rates: tuple[float, ...], tick: float, desk: int, quick: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean work (in mean services) and cases in the system by place and class; places are replicates.

    Arrivals are Poisson, so that the work an arrival meets is this mean, and its wait the work ÷ the desk's speed.
    """
    places, days = (40, 600) if quick else (100, 1500)
    rng, ticks = np.random.default_rng(2), int(days / tick)
    queues, never = Queues(np.arange(places), 1, np.array([0])), np.zeros(len(rates), bool)
    work, count = np.zeros((2, places * len(rates)))
    for step in range(ticks):
        for k, rate in enumerate(rates):
            place = np.repeat(np.arange(places), rng.poisson(rate * tick, places))
            queues.add(place, 0, np.full(len(place), k), rng.exponential(1.0, len(place)), step % 16_000, 5, k,
                       rng.random(len(place)))
        queues.arrange()
        queues.serve(np.full(places, tick * desk))
        queues.shed(never)
        if step >= ticks // 10:
            items = queues.items()
            cell = items["queue"] * len(rates) + items["ref"].astype(int)
            work += np.bincount(cell, items["left"], len(work))
            count += np.bincount(cell, minlength=len(count))
    return tuple(v.reshape(places, -1) / (ticks - ticks // 10) for v in (work, count))


MAKERS = (slotted_queue, servers, priorities)
