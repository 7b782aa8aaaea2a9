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
import zlib
from collections.abc import Callable
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.arguments import samples
from agents.compiled import Owner
from agents.context import CONTEXT
from agents.pointers import SPLIT, arguments, pointers, problem, watching
from agents.rules import MODES, SLOTS, Rules
from agents.work import Class
from languages.text import Text, _

from .errors import InputError, RuleError, near, text_of
from .regimes import Powers
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
        raise InputError(_("there is no rules file and no variant {name!r}; {remedy}", name=name,
                           remedy=near(name, names(), _("`chuishao rules` shows the variants"))))
    return read_text(path, _("rules file"), [])


def rules_from_source(text: str, name: str = "rules.py") -> Rules:
    """Rules of a source text; how a rules file travels to a worker."""
    module = _execute(text, name)
    mine = {n: f for n, f in vars(module).items() if inspect.isfunction(f) and not n.startswith("_")
            and (f.__module__ == module.__name__ or n in SLOTS and f.__module__ == "agents.variants")}
    for slot, other in vars(module).items():
        if slot in SLOTS and slot not in mine and getattr(other, "__module__", "") != SLOTS[slot].default.__module__:
            raise InputError(_("{name}: {slot} is a {kind}, not a function; define it with def",
                               name=name, slot=slot, kind=type(other).__name__))
    for slot, function in mine.items():
        (check_hook if slot in HOOKS else check_slot)(slot, function, name)
    if not mine:
        some = ", ".join(list(SLOTS)[:4])
        raise InputError(_("{name} defines no rule; define a function named like a slot, e.g. {some}",
                           name=name, some=some))
    return replace(HookedRules() if set(mine) & set(HOOKS) else Rules(), **mine)


def functions_of(text: str, name: str) -> dict[str, Callable]:
    """Public functions that a source text defines, whatever they are called."""
    module = _execute(text, name)
    return {n: f for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__
            and not n.startswith("_")}


def changed_slots(rules: Rules) -> list[str]:
    """Slots whose rule is not the default."""
    return [slot for slot, field in SLOTS.items() if getattr(rules, slot) is not field.default]


def hooks_of(rules: Rules) -> list[str]:
    """Names of the hooks that come with rules."""
    return [name for name in HOOKS if getattr(rules, name, None) is not None]


SAMPLE = {"day": 10, "street": 0, "ties": 0.5, "powers": Powers(offices=6)}
"""What rules that ask for context are given where they are tried outside of a run: as under layered."""


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

    def context(self, slot: str, name: str) -> Any:
        """What a rule asks for by keyword, of whom it is asked for; see `agents.context`."""
        m = self._model()
        if name == "day":
            return _day(m)
        if name == "powers":
            return m.powers
        who, row = Class(int(m.now.who)), int(m.now.row)
        street = -1 if slot == "urgency" else street_of(m, who, row)
        if name == "street":
            return street
        ties = m.cadres.ties
        if who == Class.CADRE and street >= 0:
            return float(ties[row])
        return float((ties[m.cadres.street == street] if street >= 0 else ties).mean())

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
    said = RuleError(_("this run was broken off on day {day} ({kind}) and cannot go on; build the model anew",
                       day=day, kind=kind))
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
    day, at = _day(m), asked_for(slot, args, m, who, row)
    if isinstance(value, BaseException):
        error = RuleError(_("rule {slot} failed on day {day}: {why}, {at}", slot=slot, day=day,
                            why=_where(value, rule), at=at))
        error.__cause__ = value
        return error
    return RuleError(_("rule {slot} on day {day}: {wrong} ({place}), {at}; see `chuishao rules {slot}`", slot=slot,
                       day=day, wrong=what_is_wrong(slot, value, args), place=_place(rule), at=at))


def call_hook(m: GovernanceModel, name: str) -> None:
    """Call a hook of the model's rules, and that of its regime once this has started, if there are any.

    Raises:
        RuleError: it failed, or a rule that it made the model ask; told with file, line and day.
    """
    ours, own = getattr(m.rules, name, None), m.own_hooks.get(name)
    if ours is not None:
        _call(m, name, ours)
    if own is not None:
        call_own_hook(m, name)


def call_own_hook(m: GovernanceModel, name: str) -> None:
    """Call a hook of the model's regime, and note whether it sets anything in the district."""
    if hook := m.own_hooks.get(name):
        before = None if m.sets_state else state_of(m.district)
        _call(m, name, hook)
        m.sets_state = m.sets_state or state_of(m.district) != before


def _call(m: GovernanceModel, name: str, hook: Callable) -> None:
    with m.watch:
        try:
            hook(m)
        except (Exception, SystemExit) as error:
            raise RuleError(_("hook {name} failed on day {day}: {why}", name=name, day=_day(m),
                              why=_where(error, hook))) from error
        _refuse_impossible(m, name, hook)


SKIPPED = ("drawn", "requests", "passed", "errands")
"""Parts of a district that are not looked at: what was drawn never changes, and lists of what is under way are long and
change with what they are about."""


def state_of(owner: Any, long: int = 400_000) -> int:
    """A checksum over the tables of a district, to see whether somebody wrote into one.

    Of tables of more bytes than `long` only the sum is taken, which two rows that change places leave as it is.
    """
    total = 0
    for name, part in vars(owner).items():
        if isinstance(part, Owner) and name not in SKIPPED:
            total = zlib.crc32(state_of(part).to_bytes(4, "little"), total)
        elif isinstance(part, np.ndarray) and name not in SKIPPED:
            flat = np.ascontiguousarray(part).view(np.ndarray).reshape(-1).view(np.uint8)
            if len(flat) > long:
                flat = np.frombuffer(flat[:len(flat) // 8 * 8], np.uint64).sum(keepdims=True)
            total = zlib.crc32(flat, total)
    return total


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
                row = int(bad.argmax())
                raise RuleError(_("hook {name} on day {day}: {table}.{column} is {value:g} in row {row}, outside 0 to "
                                  "1 ({place})", name=name, day=_day(m), table=table, column=column,
                                  value=float(values[row]), row=row, place=_place(hook)))
    for table in ("cadres", "leaders", "departments", "residents", "streets", "desks"):
        rows = getattr(m, table)
        for column in rows.dtype.names:
            if rows.dtype[column].base.kind == "f" and not np.isfinite(rows[column]).all():
                raise RuleError(_("hook {name} on day {day}: {table}.{column} is no finite number in some row "
                                  "({place})", name=name, day=_day(m), table=table, column=column, place=_place(hook)))


def _execute(text: str, name: str) -> ModuleType:
    module = ModuleType("chuishao_rules_" + hashlib.sha256(text.encode()).hexdigest()[:12])
    module.__file__ = name
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        code = compile(text, name, "exec")
    except (SyntaxError, ValueError) as error:
        line, said = getattr(error, "lineno", None), getattr(error, "msg", str(error))
        raise InputError(_("{place}: {said}; mend the syntax", place=_line(name, line) if line else name,
                           said=said)) from None
    try:
        with redirect_stdout(sys.stderr):  # stdout is for results, and may be JSON
            exec(code, vars(module))
    except (Exception, SystemExit) as error:
        line = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name][-1]
        said = f"{type(error).__name__}: {error}"
        raise InputError(_("{place}: {said}; mend what runs on import", place=_line(name, line),
                           said=said)) from None
    return module


def check_hook(hook: str, function: Callable, name: str) -> None:
    """Refuse a hook that cannot be given the model alone."""
    if not _by_place(function, 1):
        line = function.__code__.co_firstlineno
        raise InputError(_("{name}, line {line}: {slot} takes (model)", name=name, line=line, slot=hook))


def check_slot(slot: str, function: Callable, name: str) -> None:
    """Refuse a rule that its slot cannot ask: no such slot, other arguments, a generator."""
    if slot not in SLOTS:
        raise InputError(_("{name}: there is no slot {slot!r}; {remedy} (helpers start with an underscore)", name=name,
                           slot=slot, remedy=near(slot, SLOTS, _("`chuishao rules` lists the slots"))))
    known, unknown = _by_keyword(function)
    wanted, given = (list(inspect.signature(f).parameters) for f in (SLOTS[slot].default, function))
    given = [one for one in given if one not in known]
    order = ", ".join(wanted)
    place = _("{place}: {slot}", place=_line(name, function.__code__.co_firstlineno), slot=slot)
    unknown = [one for one in unknown if one not in wanted]
    if unknown:
        raise InputError(_("{place} asks for {name!r} by keyword; {remedy}", place=place, name=unknown[0],
                           remedy=near(unknown[0], CONTEXT)))
    if len(given) != len(wanted) or not _by_place(function, len(wanted)):
        raise InputError(_("{place} takes ({order}), not {given}",
                           place=place, order=order, given=str(inspect.signature(function))))
    if given != wanted and sorted(given) == sorted(wanted):
        raise InputError(_("{place} is given its arguments in the order ({order}); put them so",
                           place=place, order=order))
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise InputError(_("{place} yields or awaits; a rule is a plain function that returns", place=place))
    if slot == SPLIT:
        _refuse_tables(function, place)


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
        raise InputError(_("{place} is written for tables of agents × kinds, but is given one person: arrays with one "
                           "number a kind of work, hours as a number; write `backlog[2:5]` for `backlog[:, 2:5]`, "
                           "`served.sum()` for `served.sum(axis=1)`, `len(backlog)` for `backlog.shape[1]`",
                           place=place))


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


def _by_keyword(function: Callable) -> tuple[list[str], list[str]]:
    """What a function asks for by keyword only, as of `agents.context`; and what is not known there."""
    names = [one.name for one in inspect.signature(function).parameters.values()
             if one.kind is one.KEYWORD_ONLY and one.default is one.empty]
    return [one for one in names if one in CONTEXT], [one for one in names if one not in CONTEXT]


def _by_place(function: Callable, n: int) -> bool:
    """Whether so many arguments can be given by their place, and by keyword only what `agents.context` knows."""
    more = dict.fromkeys(_by_keyword(function)[0])
    try:
        inspect.signature(function).bind(*range(n), **more)
    except TypeError:
        return False
    return True


def _day(m: GovernanceModel) -> int:
    return m.day - m.scenario.burn_in


WRONG: dict[str, Text] = {
    "nothing": _("returned nothing, not a number; end every branch with return"),
    "no_mode": _("returned {out}, not one of {modes}"),
    "no_number": _("returned {out}, not a number"),
    "not_finite": _("returned NaN or infinity"),
    "outside": _("returned {out}, outside {low:g} to {high:g}"),
    "shape": _("returned {out} instead of {kinds} numbers, one a kind of work"),
    "day": _("gave more hours than the day has"),
    "backlog": _("gave a kind more hours than wait there"),
}
"""What a rule can do wrong, by the keys of `agents.pointers.problem`."""


def what_is_wrong(slot: str, out: Any, args: tuple) -> Text | None:
    """What is wrong with what a rule returned, in a sentence; None if nothing."""
    key = problem(slot, out, args)
    if key is None:
        return None
    meta = SLOTS[slot].metadata
    given = {"low": meta["low"], "high": meta["high"], "modes": ", ".join(MODES),
             "kinds": len(args[3]) if slot == SPLIT else 0}
    if slot == SPLIT and key == "outside":
        out = np.asarray(out, float).min()
    return Text(WRONG[key], out=_form(out) if key == "shape" else _shown(out), **given)


def _form(out: Any) -> Text:
    """How many numbers a rule returned."""
    shape = np.shape(out)
    return {0: _("a single number"), 1: _("{n} numbers", n=np.size(out))}.get(
        len(shape), _("a table of {shape}", shape=shape))


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

ONE_OF_STREET = {
    Class.RESIDENT: _("resident {n} of street {street}"), Class.CADRE: _("cadre {n} of street {street}"),
}
NUMBERED = {
    Class.DEPARTMENT: _("department {n}"), Class.STREET: _("street {n}"), Class.PROBLEM: _("problem {n}"),
    Class.IDEA: _("idea {n}"), Class.CAUSE: _("cause {n}"), Class.EMERGENCY: _("emergency {n}"),
}


ON_STREET = {Class.CADRE: "cadres", Class.RESIDENT: "residents", Class.PROBLEM: "problems", Class.COPY: "copies",
             Class.EMERGENCY: "emergencies"}


def street_of(m: GovernanceModel, who: Class, row: int) -> int:
    """The street of whom a rule is asked for; −1 for departments, ideas, and leaders above the streets."""
    if who == Class.STREET:
        return row
    if who == Class.LEADER:
        return row - 2 if row >= 2 else -1
    return int(getattr(m, ON_STREET[who]).street[row]) if who in ON_STREET else -1


def asked_for(slot: str, args: tuple, m: GovernanceModel, who: int, row: int) -> Text:
    """Whom the rule was asked for, as the model noted, and with what."""
    whom = _("waiting work") if slot == "urgency" else _person(Class(who), row, m)
    if slot == SPLIT:
        return _("asked for {whom}", whom=whom)
    given = ", ".join(f"{name} = {value:g}" for name, value in zip(arguments(slot), args, strict=True))
    return _("asked for {whom}, given {given}", whom=whom, given=given)


def _person(who: Class, row: int, m: GovernanceModel) -> Text:
    if who in ONE_OF_STREET:
        street = int((m.residents if who == Class.RESIDENT else m.cadres).street[row])
        first = m.streets[street].first_resident if who == Class.RESIDENT else m.streets[street].first_cadre
        return Text(ONE_OF_STREET[who], n=row - int(first), street=street)
    if who == Class.LEADER:
        return ((_("the city's leader"), _("the district's leader"))[row] if row < 2 else
                _("the leader of street {n}", n=row - 2))
    if who == Class.COPY:
        idea, street = divmod(row, m.scenario.streets)
        return _("idea {idea} on street {street}", idea=idea, street=street)
    return Text(NUMBERED[who], n=row)


def _where(error: Exception, rule: Callable) -> Text:
    file = getattr(getattr(rule, "__code__", None), "co_filename", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    place = _line(frames[-1].filename, frames[-1].lineno) if frames else _place(rule)
    kind = "" if isinstance(error, RuleError) else f"{type(error).__name__}: "
    return _("{kind}{said} ({place})", kind=kind, said=text_of(error), place=place)


def _place(rule: Callable) -> str:
    code = getattr(rule, "__code__", None)
    return _line(code.co_filename, code.co_firstlineno) if code else repr(rule)


def _line(file: str, line: int | None) -> Text:
    return _("{file}, line {line}", file=file, line=line)
