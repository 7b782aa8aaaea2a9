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
from .errors import InputError, RuleError, Text, near, text_of
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
        en, zh = near(name, names(), ("`chuishao rules` shows the variants", "`chuishao rules` 列出各变体"))
        raise InputError(f"there is no rules file and no variant {name!r}; {en}",
                         f"没有规则文件、也没有变体 {name!r}；{zh}")
    return read_text(path, ("rules file", "规则文件"), [])


def rules_from_source(text: str, name: str = "rules.py") -> Rules:
    """Rules of a source text; how a rules file travels to a worker."""
    module = _execute(text, name)
    mine = {n: f for n, f in vars(module).items() if inspect.isfunction(f) and not n.startswith("_")
            and (f.__module__ == module.__name__ or n in SLOTS and f.__module__ == "agents.variants")}
    for slot, other in vars(module).items():
        if slot in SLOTS and slot not in mine and getattr(other, "__module__", "") != SLOTS[slot].default.__module__:
            raise InputError(f"{name}: {slot} is a {type(other).__name__}, not a function; define it with def",
                             f"{name}：{slot} 是 {type(other).__name__}，不是函数；请用 def 定义")
    for slot, function in mine.items():
        if slot in HOOKS and not _by_place(function, 1):
            line = function.__code__.co_firstlineno
            raise InputError(f"{name}, line {line}: {slot} takes (model)",
                             f"{name} 第 {line} 行：{slot} 的参数是 (model)")
        if slot not in HOOKS:
            _check(slot, function, name)
    if not mine:
        some = ", ".join(list(SLOTS)[:4])
        raise InputError(f"{name} defines no rule; define a function named like a slot, e.g. {some}",
                         f"{name} 没有定义规则；请定义与规则同名的函数，如 {some}")
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
        en, zh = _where(error, hook)
        raise RuleError(f"hook {name} failed on day {_day(m)}: {en}",
                        f"钩子 {name} 在第 {_day(m)} 天出错：{zh}") from error


def _execute(text: str, name: str) -> ModuleType:
    module = ModuleType("chuishao_rules_" + hashlib.sha256(text.encode()).hexdigest()[:12])
    module.__file__ = name
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        code = compile(text, name, "exec")
    except (SyntaxError, ValueError) as error:
        line, said = getattr(error, "lineno", None), getattr(error, "msg", error)
        raise InputError(f"{name}{f', line {line}' if line else ''}: {said}; mend the syntax",
                         f"{name}{f' 第 {line} 行' if line else ''}：{said}；请更正语法") from None
    try:
        with redirect_stdout(sys.stderr):  # stdout is for results, and may be JSON
            exec(code, vars(module))
    except (Exception, SystemExit) as error:
        line = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name][-1]
        said = f"{type(error).__name__}: {error}"
        raise InputError(f"{name}, line {line}: {said}; mend what runs on import",
                         f"{name} 第 {line} 行：{said}；请更正导入时运行的代码") from None
    return module


def _check(slot: str, function: Callable, name: str) -> None:
    if slot not in SLOTS:
        en, zh = near(slot, SLOTS, ("`chuishao rules` lists the slots", "`chuishao rules` 列出全部规则"))
        raise InputError(f"{name}: there is no slot {slot!r}; {en} (helpers start with an underscore)",
                         f"{name}：没有规则 {slot!r}；{zh}（辅助函数以下划线开头）")
    wanted, given = (list(inspect.signature(f).parameters) for f in (SLOTS[slot].default, function))
    line, order = function.__code__.co_firstlineno, ", ".join(wanted)
    place, place_zh = f"{name}, line {line}: {slot}", f"{name} 第 {line} 行：{slot}"
    if len(given) != len(wanted) or not _by_place(function, len(wanted)):
        raise InputError(f"{place} takes ({order}), not {inspect.signature(function)}",
                         f"{place_zh} 的参数是 ({order})，不是 {inspect.signature(function)}")
    if given != wanted and sorted(given) == sorted(wanted):
        raise InputError(f"{place} is given its arguments in the order ({order}); put them so",
                         f"{place_zh} 的参数顺序是 ({order})；请照此书写")
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise InputError(f"{place} yields or awaits; a rule is a plain function that returns",
                         f"{place_zh} 用了 yield 或 await；规则是用 return 返回的普通函数")


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
        def whom(k: int | None) -> Text:
            return asked_for(default, args, k, sys._getframe(2), m)

        try:
            out = how(*args)
        except (Exception, SystemExit) as error:
            (en, zh), (at, at_zh) = _where(error, rule), whom(getattr(how, "case", None))
            raise RuleError(f"rule {slot} failed on day {_day(m)}: {en}, {at}",
                            f"规则 {slot} 在第 {_day(m)} 天出错：{zh}，{at_zh}") from error
        problem, k = wrong(slot, out, args, meta["low"], meta["high"])
        if problem:
            (en, zh), (place, place_zh), (at, at_zh), see = problem, _place(rule), whom(k), f"`chuishao rules {slot}`"
            raise RuleError(f"rule {slot} on day {_day(m)}: {en} ({place}), {at}; see {see}",
                            f"规则 {slot} 在第 {_day(m)} 天：{zh}（{place_zh}），{at_zh}；见 {see}")
        return out
    return watched


def _day(m: GovernanceModel) -> int:
    return getattr(m, "day", 0) - m.scenario.burn_in


NOTHING = "returned nothing, not numbers; end every branch with return", "没有返回数值；每个分支都应以 return 结束"


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
            raise RuleError(*NOTHING)
        out = np.asarray(value)
        return out if out.shape == shape else np.broadcast_to(out, shape).astype(float)

    def _one_by_one(self, args: tuple, shape: tuple[int, ...]) -> np.ndarray:
        out, flat = np.empty(shape), [np.broadcast_to(a, shape).ravel().tolist() for a in args]
        for self.case, case in enumerate(zip(*flat, strict=True)):
            value = self.rule(*case)
            if value is None:
                raise RuleError(*NOTHING)
            if np.ndim(value) or np.asarray(value).dtype.kind not in "fiub":
                raise RuleError(f"returned {value!r}, not a number", f"返回了 {value!r}，不是数")
            out.flat[self.case] = value
        return out


def wrong(slot: str, out: Any, args: tuple, low: float, high: float) -> tuple[Text | None, int | None]:
    """What is wrong with what a rule returned (None if nothing), and with which of the cases (flat)."""
    if slot == "transmission_mode":
        modes = ", ".join(MODES)
        said = f"returned {out!r}, not one of {modes}", f"返回了 {out!r}，应为以下之一：{modes}"
        return None if isinstance(out, str) and out in MODES else said, None
    if out is None:
        return NOTHING, None
    values, kind = np.asarray(out), type(out).__name__
    if values.dtype.kind not in "fiub":
        return (f"returned {kind}, not numbers", f"返回了 {kind}，不是数"), None
    bad = ~np.isfinite(values)
    if bad.any():
        return ("returned NaN or infinity", "返回了 NaN 或无穷大"), int(np.argmax(bad))
    bad = (values < low - 1e-9) | (values > high + 1e-9)
    if bad.any():
        span = f"{values.min():g}", f"{values.max():g}", f"{low:g}", f"{high:g}"
        return tuple(text.format(*span) for text in OUTSIDE), int(np.argmax(bad))
    return _overspent(values, args) if slot == "split_attention" else (None, None)


OUTSIDE = "returned {} to {}, outside {} to {}", "返回了 {} 至 {}，超出 {} 至 {}"


def _overspent(given: np.ndarray, args: tuple) -> tuple[Text | None, int | None]:
    backlog, hours = args[3], args[4]
    if given.shape != backlog.shape:
        return (f"returned shape {given.shape}, not {backlog.shape} (agents × kinds)",
                f"返回的形状是 {given.shape}，应为 {backlog.shape}（主体 × 类别）"), None
    for said, over in (
            (("gave an agent more hours than the day has", "分给某个主体的工时多于一天"),
             (given.sum(axis=1) > hours + 1e-6)[:, None]),
            (("gave a kind more hours than wait there", "分给某类工作的工时多于其积压"), given > backlog + 1e-6)):
        if over.any():
            return said, int(np.argmax(np.broadcast_to(over, given.shape)))
    return None, None


def _where(error: Exception, rule: Callable) -> Text:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == rule.__code__.co_filename]
    place, place_zh = _line(frames[-1].filename, frames[-1].lineno) if frames else _place(rule)
    kind = "" if isinstance(error, RuleError) else f"{type(error).__name__}: "
    en, zh = text_of(error)
    return f"{kind}{en} ({place})", f"{kind}{zh}（{place_zh}）"


def _place(rule: Callable) -> Text:
    code = getattr(rule, "__code__", None)
    return _line(code.co_filename, code.co_firstlineno) if code else (repr(rule), repr(rule))


def _line(file: str, line: int | None) -> Text:
    return f"{file}, line {line}", f"{file} 第 {line} 行"
