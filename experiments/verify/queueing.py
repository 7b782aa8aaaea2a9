"""Queues (theory T3–T5) reproduced by the shipped one; where a day's tick differs, by how much and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated

import numpy as np

import model.district  # noqa: F401  compiled code is kept under the layout of a whole district
from agents.compiled import FloatTable, Ints, Rules, Table, entry, record, table, table_of
from agents.pointers import default_pointers
from agents.queues import ENOUGH, Queues, arrange, new_queues, put, serve
from agents.work import NEVER, Act
from languages.text import _

from .check import Check, mean_near, told

SHORT = 1 / 16
"""A tick so short, in mean services, that one tick is a fair allowance for what it leaves out."""
LOAD, FIRST, SERVERS = 0.7, 0.4, 3
"""Work that comes a day ÷ work that can be done, that of the first of two classes, cadres of a desk."""
COMING = record(tick="i8", place="i8", kind="i8", priority="i8", hours="f8", luck="f8")
"""Work on its way to a queue; kind: its class."""
Coming = Annotated[Table, table_of(COMING)]


def slotted_queue(quick: bool) -> Iterator[Check]:
    """T3: the daily tick itself: one unit of work a day, Poisson arrivals, one or two priorities."""
    places, days = (100, 600) if quick else (300, 1500)
    for rates in ((0.4,), (0.7,), (0.3, 0.3), (0.3, 0.5)):
        waiting, waits = _slotted(rates, places, days)
        total, first = sum(rates), rates[0]
        name = " + ".join(f"{r:g}" for r in rates)
        queue = first**2 / (2 * (1 - first))
        yield mean_near(_("slotted queue, {name} a day, first class", name=name), queue, waiting[:, 0], "λ²/2(1−λ)")
        if len(rates) == 1:
            yield mean_near(_("slotted wait, {name} a day", name=name),
                            first / (2 * (1 - first)), waits, "λ/2(1−λ) days")
        else:
            rest = total**2 / (2 * (1 - total)) - queue
            yield mean_near(_("slotted queue, {name} a day, second class", name=name), rest, waiting[:, 1],
                            "work is conserved")


def _slotted(rates: tuple[float, ...], places: int, days: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Mean evening queue by place and class, and mean wait by place; every place is a replicate."""
    coming = _arrivals(rates, places, days, np.random.default_rng(seed), lambda rng, n: np.ones(n))
    left, _, waits = _played(coming, len(rates), places, days, 1.0)
    return left, waits


def _arrivals(rates: tuple[float, ...], places: int, ticks: int, rng: np.random.Generator,
              hours: Callable[[np.random.Generator, int], np.ndarray]) -> np.recarray:
    """Poisson arrivals of every class at every place, tick by tick; the first class goes first."""
    parts = []
    for kind, rate in enumerate(rates):
        tick, place = np.divmod(np.repeat(np.arange(ticks * places), rng.poisson(rate, ticks * places)), places)
        part = table(len(tick), COMING)
        part.tick, part.place, part.kind, part.priority = tick, place, kind, kind
        part.hours, part.luck = hours(rng, len(tick)), rng.random(len(tick))
        parts.append(part)
    coming = np.concatenate(parts)
    return coming[np.argsort(coming["tick"], kind="stable")].view(np.recarray)


def _played(coming: np.recarray, classes: int, places: int, ticks: int, hours: float) -> tuple[np.ndarray, ...]:
    """What became of it after the first tenth: mean evening work and cases by place and class, mean wait by place."""
    left, cases, done, waited = np.zeros((4, places, classes))
    play(new_queues(places, 1, len(coming)).handle, default_pointers().handle, coming,
         np.searchsorted(coming.tick, np.arange(ticks + 1)), hours, ticks // 10, left, cases, done, waited)
    counted = ticks - ticks // 10
    return left / counted, cases / counted, waited.sum(axis=1) / np.maximum(done.sum(axis=1), 1)


@entry
def play(q: Queues, rules: Rules, coming: Coming, start: Ints, hours: float, warm: int, left: FloatTable,
         cases: FloatTable, done: FloatTable, waited: FloatTable) -> None:
    """Tick by tick, as a day is in the model: what comes is put in, arranged and served; then it is looked at.

    start: by tick, the first arrival of it, and the end; hours: a tick; warm: ticks before counting.
    """
    died, ledger = np.full(left.shape[1], NEVER, np.int32), np.zeros(Act.IDLE + 1)
    for tick in range(len(start) - 1):
        for i in range(start[tick], start[tick + 1]):
            c = coming[i]
            put(q, tick, c.place, Act.CASEWORK, c.kind, c.place, c.hours, 5, c.priority, c.luck)
        arrange(q, tick, died, rules)
        for place in range(len(q.start)):
            serve(q, place, hours, hours, 1.0, ledger)
            for i in range(q.start[place] if tick >= warm else q.stop[place], q.stop[place]):
                w = q.work[i]
                done[place, w.thing] += w.given
                waited[place, w.thing] += (tick - w.born) * w.given
                if w.left > ENOUGH:
                    left[place, w.thing] += w.left
                    cases[place, w.thing] += 1


def servers(quick: bool) -> Iterator[Check]:
    """T4: with short ticks a desk is M/M/1, however many it has; Erlang-C's c servers apart wait less, but work slower.

    The cadres of a desk pool their hours: one server c times as fast. Erlang-C has one server a case, so that a case
    finds a free one more often and then takes c times as long.
    """
    erlang = erlang_c(SERVERS, SERVERS * LOAD)
    for c in (1, SERVERS):
        for tick in (SHORT, 1.0):
            wait = _observed((c * LOAD,), tick, c, quick)[0].sum(axis=1) / c
            length = _("a day") if tick == 1 else _("1/{n:.0f} day", n=1 / tick)
            name = _("wait, {c} at the desk, tick {tick}", c=c, tick=length)
            pooled = LOAD / (1 - LOAD) / c
            if tick < 1:
                yield mean_near(_("M/M/1 {name}", name=name), pooled, wait,
                                "Erlang: ρ/(1−ρ) of the pooled service; one tick allowed", tick)
            else:
                yield told(_("M/M/1 {name}", name=name), pooled, wait,
                           "the day's arrivals are all at hand in the morning, and wait for no later hour")
    wait = _observed((SERVERS * LOAD,), SHORT, SERVERS, quick)[0].sum(axis=1) / SERVERS
    yield told(_("Erlang-C wait, {servers} servers", servers=SERVERS), erlang / (SERVERS - SERVERS * LOAD), wait,
               "C(c, a)/(cμ − λ): apart, a free server is likelier; the pooled desk waits ρ/C times as long")
    yield told(_("Erlang-C wait + service, {servers} servers", servers=SERVERS),
               erlang / (SERVERS - SERVERS * LOAD) + 1,
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
            yield mean_near(_("work of the first class waiting"), FIRST / (1 - FIRST), work[:, 0],
                            "ρ₁/(1−ρ₁): the second class does not exist for it; one tick allowed", tick)
        for k, (theory, cobham) in enumerate(zip(preemptive(*rates), non_preemptive(*rates), strict=True)):
            name = (_("days in the system, first class"), _("days in the system, second class"))[k]
            if tick < 1:
                yield mean_near(_("{name}, preemptive", name=name), theory, spent[:, k],
                                "1/[(1−σₖ₋₁)(1−σₖ)], preemptive-resume, by Little's law; one tick allowed", tick)
                yield told(_("{name}, Cobham", name=name), cobham, spent[:, k],
                           "W₀/[(1−σₖ₋₁)(1−σₖ)] + 1: there the first waits for a second-class case in hand")
            else:
                yield told(_("{name}, tick a day", name=name), theory, spent[:, k],
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


@cache
def _observed(rates: tuple[float, ...], tick: float, desk: int, quick: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean work (in mean services) and cases in the system by place and class; places are replicates.

    Arrivals are Poisson, so that the work an arrival meets is this mean, and its wait the work ÷ the desk's speed.
    """
    places, days = (40, 600) if quick else (100, 1500)
    ticks = int(days / tick)
    coming = _arrivals(tuple(rate * tick for rate in rates), places, ticks, np.random.default_rng(2),
                       lambda rng, n: rng.exponential(1.0, n))
    return _played(coming, len(rates), places, ticks, tick * desk)[:2]


MAKERS = (slotted_queue, servers, priorities)
