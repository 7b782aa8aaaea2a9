"""A researcher's own rules: read from a file, called case by case if need be, and held to their slot's contract."""

from __future__ import annotations

import hashlib
import inspect
import linecache
import traceback
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.rules import MODES, SLOTS, Rules

from .errors import InputError, RuleError
from .scenario import read_text

if TYPE_CHECKING:
    from .governance import GovernanceModel

def load_rules(path: str | Path) -> Rules:
    """Rules of a file: each public function named like a slot replaces that slot's default.

    Raises:
        InputError: no such file, not text, a syntax error, an unknown slot, other arguments than the slot's.
    """
    return rules_from_source(read_text(Path(path), "rules file", []), str(path))


def rules_from_source(text: str, name: str = "rules.py") -> Rules:
    """Rules of a source text; how a rules file travels to a worker."""
    module = _execute(text, name)
    mine = {n: f for n, f in vars(module).items()
            if inspect.isfunction(f) and f.__module__ == module.__name__ and not n.startswith("_")}
    for slot, other in vars(module).items():
        if slot in SLOTS and slot not in mine and getattr(other, "__module__", "") != SLOTS[slot].default.__module__:
            raise InputError(f"{name}: {slot} is a {type(other).__name__}, not a function; define it with def")
    for slot, function in mine.items():
        _check(slot, function, name)
    if not mine:
        some = ", ".join(list(SLOTS)[:4])
        raise InputError(f"{name} defines no rule; define a function named like a slot, e.g. {some}")
    return replace(Rules(), **mine)


def changed_slots(rules: Rules) -> list[str]:
    """Slots whose rule is not the default."""
    return [slot for slot, field in SLOTS.items() if getattr(rules, slot) is not field.default]


def bind(rules: Rules, m: GovernanceModel) -> Rules:
    """Rules as the model calls them: defaults as they are, others watched (and called case by case if they need it)."""
    return replace(rules, **{slot: _watched(slot, getattr(rules, slot), m) for slot in changed_slots(rules)})


def _execute(text: str, name: str) -> ModuleType:
    module = ModuleType("chuishao_rules_" + hashlib.sha256(text.encode()).hexdigest()[:12])
    module.__file__ = name
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        code = compile(text, name, "exec")
    except (SyntaxError, ValueError) as error:
        place = f", line {error.lineno}" if getattr(error, "lineno", None) else ""
        raise InputError(f"{name}{place}: {getattr(error, 'msg', error)}; mend the syntax") from None
    try:
        exec(code, vars(module))
    except (Exception, SystemExit) as error:
        line = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name][-1]
        raise InputError(f"{name}, line {line}: {type(error).__name__}: {error}; mend what runs on import") from None
    return module


def _check(slot: str, function: Callable, name: str) -> None:
    if slot not in SLOTS:
        near = get_close_matches(slot, SLOTS, 1)
        hint = f"did you mean {near[0]!r}?" if near else "`chuishao rules` lists the slots"
        raise InputError(f"{name}: there is no slot {slot!r}; {hint} (helpers start with an underscore)")
    wanted = list(inspect.signature(SLOTS[slot].default).parameters)
    given = inspect.signature(function).parameters
    if len(given) != len(wanted):
        line = function.__code__.co_firstlineno
        raise InputError(f"{name}, line {line}: {slot} takes ({', '.join(wanted)}), not ({', '.join(given)})")


def _watched(slot: str, rule: Callable, m: GovernanceModel) -> Callable:
    """The rule, with what it raises or returns wrongly told with slot, file, line and day."""
    low, high = SLOTS[slot].metadata["low"], SLOTS[slot].metadata["high"]
    how = _Caller(rule) if slot != "split_attention" else rule

    def watched(*args: Any) -> Any:
        try:
            out = how(*args)
        except Exception as error:
            raise RuleError(f"rule {slot} failed on day {_day(m)}: {_where(error, rule)}") from error
        problem = _wrong(slot, out, args, low, high)
        if problem:
            raise RuleError(f"rule {slot} on day {_day(m)}: {problem} ({_place(rule)}); see `chuishao rules {slot}`")
        return out
    return watched


def _day(m: GovernanceModel) -> int:
    return getattr(m, "day", 0) - m.scenario.burn_in


class _Caller:
    """Calls a rule with arrays; one written for single cases (`if`, `and`) is called case by case instead."""

    def __init__(self, rule: Callable) -> None:
        self.rule, self.single = rule, False

    def __call__(self, *args: Any) -> Any:
        arrays = [a for a in args if isinstance(a, np.ndarray)]
        if not arrays:
            return self.rule(*args)
        shape = np.broadcast_shapes(*(a.shape for a in arrays))
        if not self.single:
            try:
                return self._whole(args, shape)
            except (ValueError, TypeError):
                self.single = True
        flat = [np.broadcast_to(a, shape).ravel().tolist() if isinstance(a, np.ndarray) else [a] * int(np.prod(shape))
                for a in args]
        return np.array([self.rule(*case) for case in zip(*flat, strict=True)], float).reshape(shape)

    def _whole(self, args: tuple, shape: tuple[int, ...]) -> np.ndarray:
        out = np.asarray(self.rule(*args))
        return out if out.shape == shape else np.broadcast_to(out, shape).astype(float)


def _wrong(slot: str, out: Any, args: tuple, low: float, high: float) -> str:
    if slot == "transmission_mode":
        return "" if out in MODES else f"returned {out!r}, not one of {', '.join(MODES)}"
    values = np.asarray(out)
    if values.dtype.kind not in "fiub":
        return f"returned {type(out).__name__}, not numbers"
    if values.size and not np.isfinite(values).all():
        return "returned NaN or infinity"
    if values.size and (values.min() < low - 1e-9 or values.max() > high + 1e-9):
        return f"returned {values.min():g} to {values.max():g}, outside {low:g} to {high:g}"
    return _overspent(values, args) if slot == "split_attention" else ""


def _overspent(given: np.ndarray, args: tuple) -> str:
    backlog, hours = args[3], args[4]
    if given.shape != backlog.shape:
        return f"returned shape {given.shape}, not {backlog.shape} (agents × kinds)"
    if (given.sum(axis=1) > hours + 1e-6).any():
        return "gave an agent more hours than the day has"
    return "gave a kind more hours than wait there" if (given > backlog + 1e-6).any() else ""


def _where(error: Exception, rule: Callable) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else _place(rule)
    return f"{type(error).__name__}: {error} ({place})"


def _place(rule: Callable) -> str:
    code = getattr(rule, "__code__", None)
    return f"{code.co_filename}, line {code.co_firstlineno}" if code else repr(rule)
