"""A researcher's own rules: read from a file, called case by case if need be, and held to their slot's contract."""

from __future__ import annotations

import hashlib
import inspect
import linecache
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.rules import MODES, SLOTS, Rules

from .blame import asked_for
from .errors import InputError, RuleError, near
from .scenario import read_text

if TYPE_CHECKING:
    from .governance import GovernanceModel


HOOKS = ("at_start", "each_day")
"""Functions of a rules file that are given the model: once it is built, and at the end of every day."""


@dataclass(frozen=True)
class HookedRules(Rules):
    """Rules of a file that also keeps memory or brings agents of its own."""

    at_start: Callable | None = None
    each_day: Callable | None = None


def load_rules(path: str | Path) -> Rules:
    """Rules of a file: each public function named like a slot replaces that slot's default; hooks are kept with them.

    The name of a shipped variant stands for a file that holds it.

    Raises:
        InputError: no such file, not text, a syntax error, an unknown slot, other arguments than the slot's.
    """
    return rules_from_source(rules_text(path), str(path))


def rules_text(rules: str | Path) -> str:
    """The text of a rules file, or of a shipped variant made into one.

    Raises:
        InputError: neither.
    """
    from agents.variants import as_rules, names

    path, name = Path(rules), str(rules)
    if not path.suffix and not path.exists():
        if name in names():
            return as_rules(name)
        raise InputError(f"there is no rules file and no variant {name!r}; "
                         f"{near(name, names(), '`chuishao rules` shows the variants')}")
    return read_text(path, "rules file", [])


def rules_from_source(text: str, name: str = "rules.py") -> Rules:
    """Rules of a source text; how a rules file travels to a worker."""
    module = _execute(text, name)
    mine = {n: f for n, f in vars(module).items() if inspect.isfunction(f) and not n.startswith("_")
            and (f.__module__ == module.__name__ or n in SLOTS and f.__module__ == "agents.variants")}
    for slot, other in vars(module).items():
        if slot in SLOTS and slot not in mine and getattr(other, "__module__", "") != SLOTS[slot].default.__module__:
            raise InputError(f"{name}: {slot} is a {type(other).__name__}, not a function; define it with def")
    for slot, function in mine.items():
        if slot in HOOKS and not _by_place(function, 1):
            raise InputError(f"{name}, line {function.__code__.co_firstlineno}: {slot} takes (model)")
        if slot not in HOOKS:
            _check(slot, function, name)
    if not mine:
        some = ", ".join(list(SLOTS)[:4])
        raise InputError(f"{name} defines no rule; define a function named like a slot, e.g. {some}")
    return replace(HookedRules() if set(mine) & set(HOOKS) else Rules(), **mine)


def changed_slots(rules: Rules) -> list[str]:
    """Slots whose rule is not the default."""
    return [slot for slot, field in SLOTS.items() if getattr(rules, slot) is not field.default]


def bind(rules: Rules, m: GovernanceModel) -> Rules:
    """Rules as the model calls them: defaults as they are, others watched (and called case by case if they need it)."""
    return replace(rules, **{slot: _watched(slot, getattr(rules, slot), m) for slot in changed_slots(rules)})


def call_hook(m: GovernanceModel, name: str) -> None:
    """Call a hook of the model's rules, if there is one.

    Raises:
        RuleError: it failed; told with file, line and day.
    """
    hook = getattr(m.rules, name, None)
    if hook is None:
        return
    try:
        hook(m)
    except (Exception, SystemExit) as error:
        raise RuleError(f"hook {name} failed on day {_day(m)}: {_where(error, hook)}") from error


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
        with redirect_stdout(sys.stderr):  # stdout is for results, and may be JSON
            exec(code, vars(module))
    except (Exception, SystemExit) as error:
        line = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name][-1]
        raise InputError(f"{name}, line {line}: {type(error).__name__}: {error}; mend what runs on import") from None
    return module


def _check(slot: str, function: Callable, name: str) -> None:
    if slot not in SLOTS:
        hint = near(slot, SLOTS, "`chuishao rules` lists the slots")
        raise InputError(f"{name}: there is no slot {slot!r}; {hint} (helpers start with an underscore)")
    wanted, given = (list(inspect.signature(f).parameters) for f in (SLOTS[slot].default, function))
    place = f"{name}, line {function.__code__.co_firstlineno}: {slot}"
    if len(given) != len(wanted) or not _by_place(function, len(wanted)):
        raise InputError(f"{place} takes ({', '.join(wanted)}), not {inspect.signature(function)}")
    if given != wanted and sorted(given) == sorted(wanted):
        raise InputError(f"{place} is given its arguments in the order ({', '.join(wanted)}); put them so")
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise InputError(f"{place} yields or awaits; a rule is a plain function that returns")


def _by_place(function: Callable, n: int) -> bool:
    """Whether so many arguments can be given by their place: none by keyword only."""
    try:
        inspect.signature(function).bind(*range(n))
    except TypeError:
        return False
    return True


def _watched(slot: str, rule: Callable, m: GovernanceModel) -> Callable:
    """The rule, with what it raises or returns wrongly told with slot, file, line, day and agent."""
    default, meta = SLOTS[slot].default, SLOTS[slot].metadata
    how = Caller(rule) if slot != "split_attention" else rule

    def watched(*args: Any) -> Any:
        def whom(k: int | None) -> str:
            return asked_for(default, args, k, sys._getframe(2), m)

        try:
            out = how(*args)
        except (Exception, SystemExit) as error:
            at = whom(getattr(how, "case", None))
            raise RuleError(f"rule {slot} failed on day {_day(m)}: {_where(error, rule)}, {at}") from error
        problem, k = wrong(slot, out, args, meta["low"], meta["high"])
        if problem:
            raise RuleError(f"rule {slot} on day {_day(m)}: {problem} ({_place(rule)}), {whom(k)}; "
                            f"see `chuishao rules {slot}`")
        return out
    return watched


def _day(m: GovernanceModel) -> int:
    return getattr(m, "day", 0) - m.scenario.burn_in


NOTHING = "returned nothing, not numbers; end every branch with return"


class Caller:
    """Calls a rule with arrays; one written for single cases (`if`, `and`) is called case by case instead."""

    def __init__(self, rule: Callable) -> None:
        self.rule, self.single = rule, False
        self.case: int | None = None
        """Which case is being asked about, where one is."""

    def __call__(self, *args: Any) -> Any:
        """What the rule returns for these arguments; numbers, or arrays of one shape."""
        self.case = None
        arrays = [a for a in args if isinstance(a, np.ndarray)]
        if not arrays:
            return self.rule(*args)
        shape = np.broadcast_shapes(*(a.shape for a in arrays))
        if not self.single:
            try:
                return self._whole(args, shape)
            except (ValueError, TypeError):
                self.single = True
        return self._one_by_one(args, shape)

    def _whole(self, args: tuple, shape: tuple[int, ...]) -> np.ndarray:
        value = self.rule(*args)
        if value is None:
            raise RuleError(NOTHING)
        out = np.asarray(value)
        return out if out.shape == shape else np.broadcast_to(out, shape).astype(float)

    def _one_by_one(self, args: tuple, shape: tuple[int, ...]) -> np.ndarray:
        out, flat = np.empty(shape), [np.broadcast_to(a, shape).ravel().tolist() for a in args]
        for self.case, case in enumerate(zip(*flat, strict=True)):
            value = self.rule(*case)
            if value is None:
                raise RuleError(NOTHING)
            if np.ndim(value) or np.asarray(value).dtype.kind not in "fiub":
                raise RuleError(f"returned {value!r}, not a number")
            out.flat[self.case] = value
        return out


def wrong(slot: str, out: Any, args: tuple, low: float, high: float) -> tuple[str, int | None]:
    """What is wrong with what a rule returned ("" if nothing), and with which of the cases (flat)."""
    if slot == "transmission_mode":
        fine = isinstance(out, str) and out in MODES
        return "" if fine else f"returned {out!r}, not one of {', '.join(MODES)}", None
    if out is None:
        return NOTHING, None
    values = np.asarray(out)
    if values.dtype.kind not in "fiub":
        return f"returned {type(out).__name__}, not numbers", None
    outside = (values < low - 1e-9) | (values > high + 1e-9)
    for what, bad in (("NaN or infinity", ~np.isfinite(values)),
                      (f"{{:g}} to {{:g}}, outside {low:g} to {high:g}", outside)):
        if bad.any():
            return "returned " + what.format(values.min(), values.max()), int(np.argmax(bad))
    return _overspent(values, args) if slot == "split_attention" else ("", None)


def _overspent(given: np.ndarray, args: tuple) -> tuple[str, int | None]:
    backlog, hours = args[3], args[4]
    if given.shape != backlog.shape:
        return f"returned shape {given.shape}, not {backlog.shape} (agents × kinds)", None
    for what, over in (("an agent more hours than the day has", (given.sum(axis=1) > hours + 1e-6)[:, None]),
                       ("a kind more hours than wait there", given > backlog + 1e-6)):
        if over.any():
            return f"gave {what}", int(np.argmax(np.broadcast_to(over, given.shape)))
    return "", None


def _where(error: Exception, rule: Callable) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else _place(rule)
    said = str(error) if isinstance(error, RuleError) else f"{type(error).__name__}: {error}"
    return f"{said} ({place})"


def _place(rule: Callable) -> str:
    code = getattr(rule, "__code__", None)
    return f"{code.co_filename}, line {code.co_firstlineno}" if code else repr(rule)
