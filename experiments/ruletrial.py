"""What is tried of a rules file, inside a process of its own: samples, rule by rule, and short runs."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from inspect import getdoc
from multiprocessing.connection import Connection
from typing import Any

import numba
import numpy as np

from agents.arguments import YES_NO, samples
from agents.context import in_context
from agents.pointers import MODE_NUMBERS, SPLIT, arguments, default_pointers, through, watched, watching
from agents.rules import SLOTS
from languages.text import Text, _, say
from model.errors import InputError, RuleError, text_of
from model.regimes import LAYERED, Regime, parse_regime
from model.rulebook import changed_slots, rules_from_source
from model.scenario import Scenario
from model.watch import SAMPLE, what_is_wrong

from .neutrality import prove
from .runs import Source, TimeLimitError, run_once, time_limit

SHORT = {"days": 35, "burn_in": 10, "streets": 3, "residents": 80}
"""The short run: 35 days is the shortest a scenario may be, so that a month ends in it."""
REGIMES = ("layered", "whistle")
CHECKS = ("bounds", "purity", "one_by_one")
"""What is looked at; one_by_one: whether the compiled model, which asks case by case, hears what Python hears."""
CASES = {SPLIT: 30}
"""On how many cases a rule is tried; others on 60."""
A_WHILE = 0.02
"""Seconds for which a rule is asked to see what it costs, three times."""


def try_all(pipe: Connection, source: Source, seconds: float, run_seconds: float) -> None:
    """Try every rule of a file, then short runs; sends what is found, and at last that it has ended."""
    try:
        with time_limit(seconds):
            rules = rules_from_source(source.text, source.path)
    except (InputError, TimeLimitError) as error:
        pipe.send(("problems", {"slot": "", "line": 0, "check": "signature", **told(text_of(error))}))
        pipe.send(("end", None))
        return
    if _try_slots(pipe, {slot: getattr(rules, slot) for slot in changed_slots(rules)}, seconds):
        pipe.send(("at", {"slot": "run", "line": 0}))
        for what, said in _run(rules, run_seconds):
            pipe.send((what, said))
    pipe.send(("end", None))


def try_reform(pipe: Connection, path: str, seconds: float, run_seconds: float) -> None:
    """Try the rules of a reform's file, then a short run of it beside layered; sends what is found."""
    regime = parse_regime(path)
    if _try_slots(pipe, regime.own.slots if regime.own else {}, seconds):
        pipe.send(("at", {"slot": "run", "line": 0}))
        pipe.send(_beside_layered(regime, run_seconds))
    pipe.send(("end", None))


def _try_slots(pipe: Connection, rules: dict[str, Callable], seconds: float) -> bool:
    """Try rules by slot, and say what is found; whether all are fine."""
    fine = True
    for slot, rule in rules.items():
        at = {"slot": slot, "line": _line(rule)}
        pipe.send(("at", at))
        row = try_rule(slot, rule, seconds)
        for problem in row.pop("problems"):
            fine = False
            pipe.send(("problems", {**at, **problem}))
        pipe.send(("slots", {**at, **row, "says": getdoc(rule)}))
    return fine


def _beside_layered(regime: Regime, seconds: float) -> tuple[str, dict[str, Any]]:
    """A short run of a regime and of layered with one seed: what shows that they are equal but for the regime."""
    from model.governance import GovernanceModel

    start, runs = time.perf_counter(), []
    try:
        with time_limit(seconds):
            for one in (LAYERED, regime):
                runs.append(GovernanceModel(Scenario(**SHORT), one, rng=1).run())
    except (RuleError, TimeLimitError) as error:
        slow = _("the short run took more than {seconds:g} s; look for loops that hardly ever end", seconds=seconds)
        said = slow if isinstance(error, TimeLimitError) else text_of(error)
        return "problems", {"slot": _slot_of(said), "line": 0, "check": "run", **told(said)}
    both = tuple(run.neutrality() for run in runs)
    found = prove([both], ["layered", regime.name])
    return "run", {"days": SHORT["days"], "moved": runs[0].measures() != runs[1].measures(),
                   "paid_hours": [one["paid_hours"] for one in both], "gap": found.gap, "error": found.error,
                   "broken": sorted(found.broken), "sets_state": runs[1].sets_state,
                   "seconds": round(time.perf_counter() - start, 1)}


def told(text: Text) -> dict[str, str]:
    """A problem's sentence as it travels."""
    return {"error": str(text), "error_zh": say(text, "zh")}


def try_rule(slot: str, rule: Callable, seconds: float) -> dict[str, Any]:
    """One rule on samples: the first problem, whether it is compiled, and what a call costs (ns; × of the default)."""
    row: dict[str, Any] = {"problems": [], **dict.fromkeys((*CHECKS, "compiled", "ns", "times"))}
    pointer, tried = None, in_context(rule, SAMPLE.get)
    for name, look in zip(CHECKS, (_bounds, _purity, _one_by_one), strict=True):
        if name == "one_by_one":
            pointer = watched(slot, rule)  # compiling takes its time, which is not the rule's
        try:
            with time_limit(seconds):
                found, line = look(slot, rule if name == "one_by_one" else tried), None
        except Exception as error:
            found, line = _raised(error, rule, seconds)
            name = "speed" if isinstance(error, TimeLimitError) else "bounds"
        if found:
            row[name] = False
            row["problems"].append({"check": name, **told(found), **({"line": line} if line else {})})
            return row
        row[name] = True
    with watching(_Ear()):
        ns = cost(slot, pointer)
    return {**row, "compiled": getattr(pointer, "compiled", False), "ns": round(ns, 1),
            "times": round(ns / cost(slot, getattr(default_pointers(), slot)), 1)}


def _raised(error: Exception, rule: Callable, seconds: float) -> tuple[Text, int | None]:
    """What a rule raised, and at which of its lines."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, TimeLimitError):
        said = _("takes more than {seconds:g} s on a few samples", seconds=seconds)
    return text_of(error) if isinstance(error, RuleError) else said, lines[-1] if lines else None


def _cases(slot: str, seed: int) -> list[tuple[Any, ...]]:
    return samples(slot, np.random.default_rng(seed), CASES.get(slot, 60))


def _bounds(slot: str, rule: Callable) -> Text | None:
    """Whether answers are of the right kind and in the slot's range."""
    for args in _cases(slot, 1):
        said = what_is_wrong(slot, rule(*deepcopy(args)), args)
        if said:
            given = "" if slot == SPLIT else ", ".join(
                f"{name} = {value:.3g}" for name, value in zip(arguments(slot), args, strict=True))
            return _("{said} given {given}", said=said, given=given) if given else said
    return None


def _purity(slot: str, rule: Callable) -> Text | None:
    """Whether the same is answered again, also after other questions, and arguments are left alone."""
    cases, first = _cases(slot, 3), []
    for args in cases:
        kept = deepcopy(args)
        first.append(deepcopy(rule(*args)))
        if not all(map(np.array_equal, args, kept)):
            return _("changes its arguments")
    for args in _cases(slot, 4):
        rule(*args)
    same = all(np.array_equal(rule(*args), before) for args, before in zip(cases, first, strict=True))
    return None if same else _("answers the same question differently the second time")


def _one_by_one(slot: str, rule: Callable) -> Text | None:
    """Whether the compiled model hears what Python hears."""
    ask, tried = through(slot, watched(slot, rule)), in_context(rule, SAMPLE.get)
    with watching(_Ear()):
        for args in _cases(slot, 2):
            here, there = _number(tried(*deepcopy(args))), ask(*args)
            if not np.allclose(here, there, rtol=1e-6, atol=1e-9):
                return _("answers {there} compiled but {here} in Python", there=str(np.round(there, 4)),
                         here=str(np.round(here, 4)))
    return None


class _Ear:
    """Hears what the rule did wrong, and raises it where it is asked in Python, too."""

    failed = False

    def take(self, slot: str, rule: Callable, args: tuple, value: Any) -> None:
        """Python's own answer will tell."""

    def context(self, slot: str, name: str) -> Any:
        """What it may ask for besides."""
        return SAMPLE[name]

    def escaped(self, error: BaseException) -> None:
        """A time limit, which goes on in Python."""
        raise error


def _number(out: Any) -> Any:
    return MODE_NUMBERS.get(out, out) if isinstance(out, str) else out


def cost(slot: str, pointer: Any) -> float:
    """Nanoseconds a call takes where the compiled model asks; the best of three."""
    loop, cases = _loop(slot), _table(slot)
    loop(pointer, cases, 1)
    rounds, best = 1, float("inf")
    for _round in range(4):  # the first tells how many rounds make a while
        start = time.perf_counter()
        loop(pointer, cases, rounds)
        took = max(time.perf_counter() - start, 1e-9) / rounds
        best, rounds = min(best, took), min(max(int(A_WHILE / took), 1), 1_000_000)
    return max(best * 1e9, 0.1)


@cache
def _loop(slot: str) -> Callable:
    """A compiled loop that asks a rule again and again, as the model does."""
    if slot == SPLIT:
        asked = "c[0].ctypes, c[1].ctypes, c[2].ctypes, c[3].ctypes, 8.0, 2.0, c[4].ctypes, c.shape[1]"
    else:
        asked = ", ".join(f"c[{k}]{' > 0.5' * (name in YES_NO)}" for k, name in enumerate(arguments(slot)))
    space: dict[str, Any] = {}
    exec(f"def loop(ask, cases, rounds):\n    for i in range(rounds):\n        c = cases[i % len(cases)]\n"
         f"        ask({asked})\n", space)
    return numba.njit(space["loop"])


def _table(slot: str) -> np.ndarray:
    """Samples as the loop reads them; of `split_attention` those with most kinds, and room for the answer."""
    cases = _cases(slot, 5)
    if slot != SPLIT:
        return np.array(cases, float)
    most = max(len(args[3]) for args in cases)
    return np.array([[*args[:4], np.zeros(most)] for args in cases if len(args[3]) == most])


def _run(rules: Any, seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Short runs under both regimes; says whether the rules moved anything."""
    moved, start = False, time.perf_counter()
    for regime in REGIMES:
        try:
            with time_limit(seconds / 2):
                row = run_once(Scenario(**SHORT), regime, 1, rules)
        except (RuleError, TimeLimitError) as error:
            slow = _("the short run took more than {seconds:g} s; look for loops that hardly ever end",
                     seconds=seconds / 2)
            said = slow if isinstance(error, TimeLimitError) else text_of(error)
            yield "problems", {"slot": _slot_of(said), "line": 0, "check": "run", **told(said)}
            return
        moved = moved or row != run_once(Scenario(**SHORT), regime, 1)
    yield "run", {"days": SHORT["days"], "regimes": list(REGIMES), "moved": moved,
                  "seconds": round(time.perf_counter() - start, 1)}


def _slot_of(said: str) -> str:
    return next((word for word in said.split() if word in SLOTS), "")


def _line(rule: Callable) -> int:
    return getattr(getattr(rule, "__code__", None), "co_firstlineno", 0)
