"""A researcher's own rules, read from a file and held to their slot's contract before anything runs."""

from __future__ import annotations

import ast
import hashlib
import inspect
import linecache
import sys
import textwrap
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import numpy as np

from agents.arguments import samples
from agents.context import CONTEXT
from agents.pointers import SPLIT, problem
from agents.rules import SLOTS, Rules
from languages.text import Text, _

from .errors import InputError, near
from .scenario import read_text

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
    if path.suffix == ".toml":
        raise InputError(_("{path} is no Python file of rules; a reform's file is a regime, e.g. "
                           "--regimes layered,{path}, a scenario's goes to --region", path=name))
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


def _execute(text: str, name: str) -> ModuleType:
    module = ModuleType("chuishao_rules_" + hashlib.sha256(text.encode()).hexdigest()[:12])
    module.__file__ = name
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        code = compile(text, name, "exec")
    except (SyntaxError, ValueError) as error:
        line, said = getattr(error, "lineno", None), getattr(error, "msg", str(error))
        raise InputError(_("{place}: {said}; mend the syntax", place=line_text(name, line) if line else name,
                           said=said)) from None
    try:
        with redirect_stdout(sys.stderr):  # stdout is for results, and may be JSON
            exec(code, vars(module))
    except (Exception, SystemExit) as error:
        line = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name][-1]
        said = f"{type(error).__name__}: {error}"
        raise InputError(_("{place}: {said}; mend what runs on import", place=line_text(name, line),
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
    place = _("{place}: {slot}", place=line_text(name, function.__code__.co_firstlineno), slot=slot)
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


def line_text(file: str, line: int | None) -> Text:
    """A place in a file, as errors name it."""
    return _("{file}, line {line}", file=file, line=line)
