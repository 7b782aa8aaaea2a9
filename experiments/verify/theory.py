"""Theory (docs/theory.md), reproduced by the shipped rules, queues and model under limiting parameters.

The docstring of each group names its rows. What has no counterpart in the model is a row too, reported as absent.
Queues (T3–T5) are in queueing.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from agents.compiled import Floats, FloatTable, Ints, entry
from agents.compiled import Rules as Pointers
from agents.pointers import default_pointers
from agents.rules import Rules
from agents.variants import no_effort_choice, tournament
from languages.text import _
from model.district import LONG_AGO
from model.governance import GovernanceModel
from model.scenario import Scenario
from model.street import fresh_items

from .check import Check, absent, mean_near, near

EXACT = 1e-9
RELAY = replace(Rules(), transmission_mode=lambda left, pressure, grounded: "relay")
TIGHTEN = replace(Rules(), transmission_mode=lambda left, pressure, grounded: "tighten")
SMALL = {"streets": 2, "days": 35, "burn_in": 10, "residents": 60}


def control_loss(quick: bool) -> Iterator[Check]:
    """T1: what survives n relays is alpha to the n; clarity is that mean, so that the binomial has no counterpart."""
    for central, hops in ((0.0, 2), (1.0, 4)):
        seen = GovernanceModel(Scenario(central_share=central, alpha=0.7, **SMALL), rng=1, rules=RELAY).run().measures()
        yield near(_("control loss over {hops} relays", hops=hops), 0.7**hops, seen["clarity_at_street"], EXACT,
                   "Williamson 1967: alpha^n; nothing random")
    yield absent(_("variance of provisions kept"), "Williamson 1967, binomial; the model has their mean share, clarity")


def escalation(quick: bool) -> Iterator[Check]:
    """T2: the target grows by 1 + delta a layer."""
    for delta in (0.0, 0.35):
        given = Scenario(central_share=0.0, delta=delta, idea_rate=0.05, **SMALL)
        seen = GovernanceModel(given, rng=1, rules=TIGHTEN).run().measures()
        yield near(_("escalation over two layers, delta {delta:g}", delta=delta),
                   (1 + delta) ** 2, seen["escalation_ratio"],
                   EXACT, "Li et al. 2019: product of 1 + delta; nothing random")


def contest(quick: bool) -> Iterator[Check]:
    """T2b: effort in a Tullock contest, where the rule `tournament` has it; the default rules know no contest."""
    sizes = [_equilibrium(n) for n in (2, 6)]
    rule = (tournament(1.0, 0.0) - tournament(0.0, 0.0)) / (no_effort_choice(1.0, 0.0) - tournament(0.0, 0.0))
    yield near(_("effort of six rivals ÷ of two, rule tournament"), sizes[1] / sizes[0], rule, 1e-6,
               "Tullock: V(n − 1)/n², by damped best responses; what motivation adds, in shares of two rivals'")
    yield absent(_("effort in a contest, default rules"),
                 "Li et al. 2019; escalation here is a rule: see escalation (T2)")


def _equilibrium(n: int) -> float:
    """Effort for a prize of 1: everyone answers best to the others, a twentieth of the way each time."""
    effort = 0.1
    for _turn in range(4000):
        others = (n - 1) * effort
        effort += 0.05 * (max(np.sqrt(others) - others, 0.0) - effort)
    return effort


def fixed_list(quick: bool) -> Iterator[Check]:
    """T6: Barabási's list of two. The attention rule in its corner (large kappa) takes the top of the list."""
    for p in (0.5, 0.9, 0.99):
        shares = _list_of_two(p, 100, 400 if quick else 1500)
        ratio = (1 - p * p) / (4 * p)
        for wait in (1, 2, 5):
            theory = 1 - ratio * np.log((1 + p) / (1 - p)) if wait == 1 else ratio * (
                ((1 + p) / 2) ** (wait - 1) - ((1 - p) / 2) ** (wait - 1)) / (wait - 1)
            yield mean_near(_("list of two, p {p:g}: waits {wait}", p=p, wait=wait), theory, shares[:, wait],
                            "Vázquez 2005, exact")


def _list_of_two(p: float, people: int, steps: int) -> np.ndarray:
    """Share of tasks that waited so many steps, by person."""
    rng, n = np.random.default_rng(3), steps * people
    rank, seen = rng.random((people, 2)), np.zeros((people, 50))
    # every step the same three draws: who goes by rank, ranks for those who do not, and the rank of the next task
    drawn = [(rng.random(people), rng.random((people, 2)), rng.random(people)) for _ in range(steps)]
    by_rank, others, fresh = (np.concatenate(part) for part in zip(*drawn, strict=True))
    work_off(default_pointers().handle, (by_rank < p).astype(np.int64), others.reshape(n, 2), fresh, rank, seen)
    return seen / seen.sum(axis=1, keepdims=True)


@entry
def work_off(rules: Pointers, by_rank: Ints, others: FloatTable, fresh: Floats, rank: FloatTable, seen: FloatTable
             ) -> None:
    """Everybody has a list of two, and every step one task of it gets the day; seen: tasks by person and age when done.

    by_rank, others, fresh: a row a step and person, step by step; rank: by person and task, as it stands.
    """
    people, even, wanted, given = len(rank), np.ones(2), np.ones(2), np.zeros(2)
    age = np.ones((people, 2), np.int64)
    for i in range(len(fresh)):
        who = i % people
        order = rank[who] if by_rank[i] else others[i]
        wanted[0], wanted[1] = 1.0 + (order[0] > order[1]), 1.0 + (order[1] > order[0])
        rules.split_attention(wanted.ctypes, even.ctypes, even.ctypes, even.ctypes, 1.0, 60.0, given.ctypes, 2)
        done = given.argmax()
        if i // people > 50:
            seen[who, min(age[who, done], 49)] += 1
        age[who] += 1
        age[who, done], rank[who, done] = 1, fresh[i]


def attention(quick: bool) -> Iterator[Check]:
    """T8b: the attention rule is the numerical optimum of bounded hours."""
    from scipy.optimize import minimize

    w = np.array([0.5, 0.35, 0.15])
    one = np.ones(3)
    for kappa in (0.5, 1.0, 2.0, 4.0):
        power = (kappa - 1) / kappa

        def worth(e: np.ndarray, power: float = power) -> float:
            return -float((w * (np.log(e) if abs(power) < 1e-12 else e**power / power)).sum())

        best = minimize(worth, np.full(3, 8 / 3), bounds=[(1e-6, 8)] * 3, method="SLSQP", options={"ftol": 1e-14},
                        constraints={"type": "eq", "fun": lambda e: e.sum() - 8}).x
        rule = Rules().split_attention(w, one, one, np.full(3, 1e9), 8.0, kappa)
        yield near(_("attention shares, kappa {kappa:g}", kappa=kappa), 0.0, np.abs(rule - best).max(), 8e-4,
                   "Holmström–Milgrom 1991 with bounded hours, by SLSQP; a ten-thousandth of the day")


def contract(quick: bool) -> Iterator[Check]:
    """T8a: the linear contract with noise; nobody here is paid by results, and nobody chooses what to assess."""
    yield absent(_("linear contract, what noise does to its slopes"),
                 "Holmström–Milgrom 1991; attention here follows weights, see attention (T8b)")


def feedback(quick: bool) -> Iterator[Check]:
    """T9: feedback through layers is f to the n; a second channel beside them adds up as 1 − (1 − f)(1 − g)."""
    for f in (0.3, 0.6):
        given = Scenario(openness=f, h_feedback=0.0, **SMALL)
        chain = GovernanceModel(given, rng=1).run().measures()["feedback_reach"]
        yield near(_("feedback through three layers, openness {f:g}", f=f), f**3, chain, EXACT,
                   "Sah–Stiglitz: f^n where all is read; nothing random")
        register = GovernanceModel(given, "layered+triage", rng=1).run()
        after = register.series()["feedback_reach"].dropna().iloc[-1]
        yield near(_("with the register beside two of them, openness {f:g}", f=f),
                   (1 - (1 - f * f) * (1 - f)) * f, after, EXACT, "parallel channels up to the district, then the city")


def threshold(quick: bool) -> Iterator[Check]:
    """T10: who acts only beyond a threshold turns normal input into leptokurtic output."""
    spread, edge = 0.1, 0.2
    people, steps = (60, 4000) if quick else (200, 10_000)
    rng, gap, out = np.random.default_rng(7), np.zeros(people), np.zeros((steps, people))
    distinguishes = np.vectorize(Rules().distinguishes, otypes=[bool])
    for step in range(steps):
        gap += spread * rng.standard_normal(people)
        acts = distinguishes(np.abs(gap))
        out[step, acts], gap[acts] = gap[acts], 0.0
    seen = (out**4).mean(axis=0) / (out**2).mean(axis=0) ** 2 - 3
    yield mean_near(_("excess kurtosis of answers, signals of half the threshold"), _kurtosis(edge / spread), seen,
                    "Jones–Baumgartner, the rule distinguishes; by quadrature, 0 for the normal input")


def _kurtosis(edge: float, nodes: int = 60) -> float:
    """Excess kurtosis a step, when steps of a standard normal add up and are let out and forgotten beyond ± edge."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    inside, outside = x * edge, edge + 4 * (x + 1)

    def density(z: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.exp(-((z - y[:, None]) ** 2) / 2) / np.sqrt(2 * np.pi)

    start = np.append(inside, 0.0)
    stays = density(inside, start) * w * edge
    leaves = (density(outside, start) + density(-outside, start)) * 4 * w
    first = [np.ones(nodes + 1), leaves @ outside**2, leaves @ outside**4]
    within = np.linalg.solve(np.eye(nodes) - stays[:-1], np.array([f[:-1] for f in first]).T)
    length, second, fourth = (f[-1] + stays[-1] @ within[:, k] for k, f in enumerate(first))
    return float(fourth * length / second**2 - 3)


def duplicates(quick: bool) -> Iterator[Check]:
    """T11: n tasks each asking I of U items; an office that keeps a register asks once for what several want.

    The model draws a directive's wishes one by one, so 12 wishes are I = U[1 − (1 − 1/U)^12] = 10.96 different items.
    """
    pool, wishes = 60, 12
    each = pool * (1 - (1 - 1 / pool) ** wishes)
    given = {"common_items": 1.0, "item_pool": pool, "items": wishes, "fresh": 60, "departments": 5, "streets": 1,
             "days": 250, "burn_in": 0, "residents": 10}
    for n in (2, 5):
        asked = _asked("layered+offices=1", n, given, 60 if quick else 200)
        yield mean_near(_("distinct items of {n} tasks, one register", n=n), pool * (1 - (1 - each / pool) ** n), asked,
                        "U[1 − (1 − I/U)^n]")
    apart = _asked("layered", 5, given, 60 if quick else 200)
    yield mean_near(_("items of 5 tasks, a register each"), 5 * each, apart, "n·I: nothing is shared")


def _asked(regime: str, n: int, given: dict, sets: int) -> np.ndarray:
    """Items a street is asked for by n directives of n departments on one day, for so many days."""
    m = GovernanceModel(Scenario(**given), regime, rng=5)
    m.step()
    of_domain = [np.flatnonzero(m.ideas.domain == k) for k in range(n)]
    out = []
    for one in range(min(sets, *map(len, of_domain))):
        m.district.register.held[:], m.district.register.last_asked[:] = LONG_AGO, LONG_AGO
        out.append(sum(fresh_items(m.district.handle, int(rows[one])) for rows in of_domain))
    return np.array(out, float)


def redoing(quick: bool) -> Iterator[Check]:
    """T11: hours of a report that comes back with a chance, every time it is handed in; with more askers, oftener."""
    rng, n = np.random.default_rng(6), 20_000 if quick else 200_000
    hours, back, gain = 9.0, 0.29, 0.1
    for askers in (1, 4):
        # every return repeats the whole: a geometric number of times
        played = hours * rng.geometric(1 - back * (1 + gain * (askers - 1)), n)
        rule = float(Rules().data_hours(1, hours, back, askers, gain))
        yield mean_near(_("hours of a report, played out, {askers} asking", askers=askers),
                        rule, played, "the rule says h/(1 − ε)")


def delegation(quick: bool) -> Iterator[Check]:
    """T13: discretion fits better exactly where the order misses by more than v(1 − k)."""
    x, theta, k, v = (a.ravel() for a in np.meshgrid(*[np.linspace(0.0, 1.0, 12)] * 4))
    fit = np.vectorize(Rules().fit, otypes=[float])
    order, loose = (fit(x, theta, s, v, k) for s in (1.0, 0.0))
    edge = np.abs(np.abs(x - theta) - v * (1 - k)) < 1e-9
    wrong = ((loose > order) != (np.abs(x - theta) > v * (1 - k))) & ~edge
    yield near(_("delegation threshold, cases decided wrongly"), 0.0, wrong.sum(), 0.0,
               f"Aghion–Tirole, Dessein: |x − θ| > v(1 − k), on {x.size} points")


MAKERS = (control_loss, escalation, contest, fixed_list, attention, contract, feedback, threshold, duplicates, redoing,
          delegation)
