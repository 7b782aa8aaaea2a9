"""A researcher's own rules: read from a file, called case by case if need be, and held to their slot's contract."""

from __future__ import annotations

import ast
import hashlib
import inspect
import linecache
import sys
import textwrap
import traceback
import weakref
from collections.abc import Callable
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.arguments import samples
from agents.pointers import SPLIT, arguments, pointers, problem, watching
from agents.rules import MODES, SLOTS, Rules
from agents.work import Class

from .errors import InputError, RuleError, Text, near, text_of
from .scenario import read_text

if TYPE_CHECKING:
    from .governance import GovernanceModel


TOLERANCE = 1e-6
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


def hooks_of(rules: Rules) -> list[str]:
    """Names of the hooks that come with rules."""
    return [name for name in HOOKS if getattr(rules, name, None) is not None]


class Watch:
    """Watches over rules of one's own while a model runs; what they did wrong is raised when the phase is over.

    Nothing can be raised through compiled code, so the first complaint is kept, and from then on the model's own rules
    answer. What follows may follow from it, so a run that has failed stays so.
    """

    def __init__(self, m: GovernanceModel) -> None:
        self.pointers = pointers(m.rules)
        self.failed = False
        self._model, self._heard, self._error, self._on = weakref.ref(m), None, None, []

    def __enter__(self) -> None:
        if self.failed:
            self._raise()
        self._on.append(watching(self))
        self._on[-1].__enter__()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> None:
        self._on.pop().__exit__(None, None, None)
        if self.failed:
            self._raise()

    def take(self, slot: str, rule: Callable, args: tuple, value: Any) -> None:
        """A rule complains. Little is done here, inside compiled code: the sentence is made later."""
        if not self.failed:
            now = self._model().now
            self._heard = slot, rule, args, value, int(now.who), int(now.row)
            self.failed = True

    def escaped(self, error: BaseException) -> None:
        """An exception was about to be lost between compiled code and a rule: a time limit, Ctrl-C."""
        if not self.failed:
            self.failed, self._error = True, error

    def _raise(self) -> None:
        if self._error is None:
            *heard, who, row = self._heard
            self._error = rule_error(*heard, self._model(), who, row)
        error = self._error
        if not isinstance(error, RuleError):  # it is told once; the day is lost all the same
            self._error = _broken_off(error, self._model())
        raise error


def _broken_off(error: BaseException, m: GovernanceModel) -> RuleError:
    day, kind = _day(m), type(error).__name__
    said = RuleError(f"this run was broken off on day {day} ({kind}) and cannot go on; build the model anew",
                     f"这次运行在第 {day} 天中断（{kind}），不能继续；请重新建立模型")
    said.__cause__ = error
    return said


def rule_error(slot: str, rule: Callable, args: tuple, value: Any, m: GovernanceModel, who: int,
               row: int) -> BaseException:
    """What a rule did wrong, told with slot, file, line, day and for whom it was asked.

    Args:
        slot: whose rule it is.
        rule: the rule.
        args: what it was given.
        value: what it returned, or the exception that it raised.
        m: the model.
        who: a `Class`, for whom it was asked.
        row: which of them.
    """
    if isinstance(value, BaseException) and not isinstance(value, Exception | SystemExit):
        return value
    day, (at, at_zh) = _day(m), asked_for(slot, args, m, who, row)
    if isinstance(value, BaseException):
        en, zh = _where(value, rule)
        error = RuleError(f"rule {slot} failed on day {day}: {en}, {at}",
                          f"规则 {slot} 在第 {day} 天出错：{zh}，{at_zh}")
        error.__cause__ = value
        return error
    (en, zh), (place, place_zh), see = what_is_wrong(slot, value, args), _place(rule), f"`chuishao rules {slot}`"
    return RuleError(f"rule {slot} on day {day}: {en} ({place}), {at}; see {see}",
                     f"规则 {slot} 在第 {day} 天：{zh}（{place_zh}），{at_zh}；见 {see}")


def call_hook(m: GovernanceModel, name: str) -> None:
    """Call a hook of the model's rules, if there is one.

    Raises:
        RuleError: it failed, or a rule that it made the model ask; told with file, line and day.
    """
    hook = getattr(m.rules, name, None)
    if hook is None:
        return
    with m.watch:
        try:
            hook(m)
        except (Exception, SystemExit) as error:
            en, zh = _where(error, hook)
            raise RuleError(f"hook {name} failed on day {_day(m)}: {en}",
                            f"钩子 {name} 在第 {_day(m)} 天出错：{zh}") from error
        _refuse_impossible(m, name, hook)


SHARES = {"cadres": ("knowledge", "motivation", "ties", "slack"), "leaders": ("groundedness",),
          "departments": ("core_quality", "groundedness", "forms"), "residents": ("expectation",)}
"""Columns that hooks may set, to shares."""


def _refuse_impossible(m: GovernanceModel, name: str, hook: Callable) -> None:
    """After a hook: what it set must be what it can be, or a comparison would pass for neutral."""
    for table, columns in SHARES.items():
        for column in columns:
            values = getattr(m, table)[column]
            bad = ~((values > -TOLERANCE) & (values < 1 + TOLERANCE))
            if bad.any():
                day, row, (place, place_zh) = _day(m), int(bad.argmax()), _place(hook)
                value = f"{values[row]:g}"
                raise RuleError(
                    f"hook {name} on day {day}: {table}.{column} is {value} in row {row}, outside 0 to 1 ({place})",
                    f"钩子 {name} 在第 {day} 天：{table}.{column} 第 {row} 行为 {value}，超出 0 至 1（{place_zh}）")


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
    if slot == SPLIT:
        _refuse_tables(function, (place, place_zh))


def _refuse_tables(function: Callable, place: Text) -> None:
    """Refuse a `split_attention` of before, which was given whole tables: it is tried on one person."""
    if not _speaks_of_tables(function):
        return
    args = samples(SPLIT, np.random.default_rng(1), 3)[-1]
    try:
        with redirect_stdout(sys.stderr):
            wrong = problem(SPLIT, function(*deepcopy(args)), args) == "shape"
    except (LookupError, ValueError, TypeError, AttributeError):
        wrong = True
    if wrong:
        en, zh = place
        raise InputError(
            f"{en} is written for tables of agents × kinds, but is given one person: arrays with one number a kind of "
            "work, hours as a number; write `backlog[2:5]` for `backlog[:, 2:5]`, `served.sum()` for "
            "`served.sum(axis=1)`, `len(backlog)` for `backlog.shape[1]`",
            f"{zh} 是按“主体 × 类别”的表编写的，而它得到的是一个人：数组中每类工作一个数，工时是一个数；"
            "请用 `backlog[2:5]` 代替 `backlog[:, 2:5]`，用 `served.sum()` 代替 `served.sum(axis=1)`，"
            "用 `len(backlog)` 代替 `backlog.shape[1]`")


def _speaks_of_tables(function: Callable) -> bool:
    """Whether a rule names rows and columns; others are not tried, since trying may not end."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "axis":
            return True
        if isinstance(node, ast.Subscript) and (isinstance(node.slice, ast.Tuple) or ast.unparse(node.value) == "hours"
                                                or ast.unparse(node).endswith(".shape[1]")):
            return True
    return False


def _by_place(function: Callable, n: int) -> bool:
    """Whether so many arguments can be given by their place: none by keyword only."""
    try:
        inspect.signature(function).bind(*range(n))
    except TypeError:
        return False
    return True


def _day(m: GovernanceModel) -> int:
    return m.day - m.scenario.burn_in


WRONG: dict[str, Text] = {
    "nothing": ("returned nothing, not a number; end every branch with return",
                "没有返回数值；每个分支都应以 return 结束"),
    "no_mode": ("returned {0}, not one of {modes}", "返回了 {0}，应为以下之一：{modes}"),
    "no_number": ("returned {0}, not a number", "返回了 {0}，不是数"),
    "not_finite": ("returned NaN or infinity", "返回了 NaN 或无穷大"),
    "outside": ("returned {0}, outside {low:g} to {high:g}", "返回了 {0}，超出 {low:g} 至 {high:g}"),
    "shape": ("returned {0} instead of {kinds} numbers, one a kind of work",
              "返回了 {0}，应为 {kinds} 个数，每类工作一个"),
    "day": ("gave more hours than the day has", "分出的工时多于一天"),
    "backlog": ("gave a kind more hours than wait there", "分给某类工作的工时多于其积压"),
}
"""What a rule can do wrong, by the keys of `agents.pointers.problem`."""


def what_is_wrong(slot: str, out: Any, args: tuple) -> Text | None:
    """What is wrong with what a rule returned, in a sentence; None if nothing."""
    key = problem(slot, out, args)
    if key is None:
        return None
    (en, zh), meta = WRONG[key], SLOTS[slot].metadata
    given = {"low": meta["low"], "high": meta["high"], "modes": ", ".join(MODES),
             "kinds": len(args[3]) if slot == SPLIT else 0}
    if slot == SPLIT and key == "outside":
        out = np.asarray(out, float).min()
    shown, shown_zh = _form(out) if key == "shape" else (_shown(out),) * 2
    return en.format(shown, **given), zh.format(shown_zh, **given)


def _form(out: Any) -> Text:
    """How many numbers a rule returned."""
    shape = np.shape(out)
    return {0: ("a single number", "单个数"), 1: (f"{np.size(out)} numbers", f"{np.size(out)} 个数")}.get(
        len(shape), (f"a table of {shape}", f"一张 {shape} 的表"))


def _shown(out: Any) -> str:
    """What a rule returned, in a few words."""
    if isinstance(out, int | float | np.number):
        return f"{out:g}"
    try:
        said = " ".join(repr(out).split())
    except Exception:  # a class of its own that cannot be shown
        return type(out).__name__
    return said if len(said) < 80 else f"{said[:79]}…"


# --- for whom a rule was asked --------------------------------------------------------------------------------------

WHO_ZH = {Class.RESIDENT: "居民", Class.CADRE: "干部", Class.DEPARTMENT: "部门", Class.STREET: "街道"}


def asked_for(slot: str, args: tuple, m: GovernanceModel, who: int, row: int) -> Text:
    """Whom the rule was asked for, as the model noted, and with what."""
    en, zh = ("waiting work", "待办工作") if slot == "urgency" else _person(Class(who), row, m)
    if slot == SPLIT:
        return f"asked for {en}", f"问及{zh}"
    said = ", ".join(f"{name} = {value:g}" for name, value in zip(arguments(slot), args, strict=True))
    return f"asked for {en}, given {said}", f"问及{zh}，给定 {said}"


def _person(who: Class, row: int, m: GovernanceModel) -> Text:
    per = {Class.RESIDENT: m.scenario.residents, Class.CADRE: m.scenario.cadres}.get(who)
    if per:
        return (f"{who.name.lower()} {row % per} of street {row // per}",
                f"街道 {row // per} 的{WHO_ZH[who]} {row % per}")
    if who == Class.LEADER:
        return ((("the city's leader", "市领导"), ("the district's leader", "区领导"))[row] if row < 2 else
                (f"the leader of street {row - 2}", f"街道 {row - 2} 的领导"))
    if who == Class.COPY:
        idea, street = divmod(row, m.scenario.streets)
        return f"idea {idea} on street {street}", f"街道 {street} 上的设想 {idea}"
    if who in WHO_ZH:
        return f"{who.name.lower()} {row}", f"{WHO_ZH[who]} {row}"
    zh = {Class.PROBLEM: "诉求", Class.IDEA: "设想", Class.CAUSE: "共性问题", Class.EMERGENCY: "突发事件"}[who]
    return f"{who.name.lower()} {row}", f"{zh} {row}"


def _where(error: Exception, rule: Callable) -> Text:
    file = getattr(getattr(rule, "__code__", None), "co_filename", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    place, place_zh = _line(frames[-1].filename, frames[-1].lineno) if frames else _place(rule)
    kind = "" if isinstance(error, RuleError) else f"{type(error).__name__}: "
    en, zh = text_of(error)
    return f"{kind}{en} ({place})", f"{kind}{zh}（{place_zh}）"


def _place(rule: Callable) -> Text:
    code = getattr(rule, "__code__", None)
    return _line(code.co_filename, code.co_firstlineno) if code else (repr(rule), repr(rule))


def _line(file: str, line: int | None) -> Text:
    return f"{file}, line {line}", f"{file} 第 {line} 行"
