"""What is tried of a rules file, inside a process of its own: samples, rule by rule, and short runs."""

from __future__ import annotations

import inspect
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from agents.arguments import samples
from agents.rules import SLOTS
from model.errors import InputError, RuleError, Text, text_of
from model.rulebook import Caller, changed_slots, rules_from_source, wrong
from model.scenario import Scenario

from .runs import Source, TimeLimitError, run_once, time_limit

SHORT = {"days": 35, "burn_in": 10, "streets": 3, "residents": 80}
"""The short run: 35 days is the shortest a scenario may be, so that a month ends in it."""
REGIMES = ("layered", "whistle")
CHECKS = ("bounds", "purity", "one_by_one")


def try_all(pipe: Connection, source: Source, seconds: float, run_seconds: float) -> None:
    """Try every rule of a file, then short runs; sends what is found, and at last that it has ended."""
    try:
        with time_limit(seconds):
            rules = rules_from_source(source.text, source.path)
    except (InputError, TimeLimitError) as error:
        pipe.send(("problems", {"slot": "", "line": 0, "check": "signature", **told(text_of(error))}))
        pipe.send(("end", None))
        return
    fine = True
    for slot in changed_slots(rules):
        rule = getattr(rules, slot)
        at = {"slot": slot, "line": _line(rule)}
        pipe.send(("at", at))
        row = try_rule(slot, rule, seconds)
        for problem in row.pop("problems"):
            fine = False
            pipe.send(("problems", {**at, **problem}))
        pipe.send(("slots", {**at, **row}))
    if fine:
        pipe.send(("at", {"slot": "run", "line": 0}))
        for what, said in _run(rules, run_seconds):
            pipe.send((what, said))
    pipe.send(("end", None))


def told(text: Text) -> dict[str, str]:
    """A problem's sentence as it travels."""
    return {"error": text[0], "error_zh": text[1]}


def try_rule(slot: str, rule: Callable, seconds: float) -> dict[str, Any]:
    """One rule on samples: a problem a check at most, and its time against the default's."""
    row: dict[str, Any] = {"problems": [], **dict.fromkeys(CHECKS), "times": None}
    for name, look in zip(CHECKS, (_bounds, _purity, _one_by_one), strict=True):
        try:
            with time_limit(seconds):
                found, line = look(slot, rule), None
        except Exception as error:
            found, line = _raised(error, rule, seconds)
            name = "speed" if isinstance(error, TimeLimitError) else "bounds"
        if found:
            row[name] = False
            row["problems"].append({"check": name, **told(found), **({"line": line} if line else {})})
            return row
        row[name] = True
    row["times"] = round(_seconds(slot, rule) / max(_seconds(slot, SLOTS[slot].default), 1e-9), 1)
    return row


def _raised(error: Exception, rule: Callable, seconds: float) -> tuple[Text, int | None]:
    """What a rule raised, and at which of its lines."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    said = (f"{type(error).__name__}: {error}",) * 2
    if isinstance(error, TimeLimitError):
        said = f"takes more than {seconds:g} s on a few samples", f"在几个样例上就用了超过 {seconds:g} 秒"
    return text_of(error) if isinstance(error, RuleError) else said, lines[-1] if lines else None


def _cases(slot: str, seed: int) -> list[list[Any]]:
    """Argument lists to call a slot with, as a run does: tables, senders, or many cases at once."""
    rng = np.random.default_rng(seed)
    return [samples(slot, rng) for _ in range(20 if slot in ("split_attention", "transmission_mode") else 3)]


def _called(slot: str, rule: Callable, args: list[Any]) -> Any:
    return rule(*args) if slot == "split_attention" else Caller(rule)(*args)


def _bounds(slot: str, rule: Callable) -> Text | None:
    """Whether answers are of the right kind and in the slot's range."""
    meta = SLOTS[slot].metadata
    for args in _cases(slot, 1):
        out = _called(slot, rule, [_copy(a) for a in args])
        said, k = wrong(slot, out, tuple(args), meta["low"], meta["high"])
        if said:
            given = _example(slot, args, k)
            return (f"{said[0]} given {given}", f"{said[1]}；给定 {given}") if given else said
    return None


def _example(slot: str, args: list[Any], k: int | None) -> str:
    if k is None or slot in ("split_attention", "transmission_mode"):
        return ""
    names = inspect.signature(SLOTS[slot].default).parameters
    return ", ".join(f"{n} = {float(a[k]):.3g}" for n, a in zip(names, args, strict=True))


def _one_by_one(slot: str, rule: Callable) -> Text | None:
    """Whether a case is answered alike alone and among others."""
    if slot == "transmission_mode":
        return None
    for args in _cases(slot, 2):
        together = np.asarray(_called(slot, rule, args))
        for k in range(len(args[3] if slot == "split_attention" else args[0])):
            one = [a[k:k + 1] if isinstance(a, np.ndarray) else a for a in args]
            alone = np.asarray(_called(slot, rule, one))
            if not np.allclose(alone[0], together[k], rtol=1e-6, atol=1e-9):
                both = np.round(together[k], 4), np.round(alone[0], 4)
                return ("answers {} among others but {} alone".format(*both),
                        "与其他一起问时答 {}，单独问时答 {}".format(*both))
    return None


def _purity(slot: str, rule: Callable) -> Text | None:
    """Whether the same is answered again, also after other questions, and arguments are left alone."""
    lists, others = _cases(slot, 3), _cases(slot, 4)
    first = []
    for args in lists:
        kept = [_copy(a) for a in args]
        first.append(_copy(_called(slot, rule, args)))
        if not all(np.array_equal(a, b) for a, b in zip(args, kept, strict=True)):
            return "changes its arguments", "改动了参数"
    for args in others:
        _called(slot, rule, args)
    again = [_called(slot, rule, args) for args in lists]
    same = all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    return None if same else ("answers the same question differently the second time", "同一问题第二次的回答不同")


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _seconds(slot: str, rule: Callable) -> float:
    """The shortest of five rounds."""
    lists, rounds = _cases(slot, 5), []
    for _ in range(5):
        start = time.perf_counter()
        for args in lists:
            _called(slot, rule, args)
        rounds.append(time.perf_counter() - start)
    return min(rounds)


def _run(rules: Any, seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Short runs under both regimes; says whether the rules moved anything."""
    moved, start = False, time.perf_counter()
    for regime in REGIMES:
        try:
            with time_limit(seconds / 2):
                row = run_once(Scenario(**SHORT), regime, 1, rules)
        except (RuleError, TimeLimitError) as error:
            slow = (f"the short run took more than {seconds / 2:g} s; look for loops that hardly ever end",
                    f"短的运行用了超过 {seconds / 2:g} 秒；请查找几乎不结束的循环")
            said = slow if isinstance(error, TimeLimitError) else text_of(error)
            yield "problems", {"slot": _slot_of(said[0]), "line": 0, "check": "run", **told(said)}
            return
        moved = moved or row != run_once(Scenario(**SHORT), regime, 1)
    yield "run", {"days": SHORT["days"], "regimes": list(REGIMES), "moved": moved,
                  "seconds": round(time.perf_counter() - start, 1)}


def _slot_of(said: str) -> str:
    return next((word for word in said.split() if word in SLOTS), "")


def _line(rule: Callable) -> int:
    return getattr(getattr(rule, "__code__", None), "co_firstlineno", 0)
