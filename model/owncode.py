"""Rules and hooks that a reform's file brings along: they start with the reform, at the switch.

`[rules]` names a Python file beside the TOML and, by slot, its functions; `[hooks]` names functions that are given the
model. A regime's name holds a mark of them, so that results tell versions apart; whoever reads a name needs the code
only to run it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from languages.text import _

from .errors import InputError, near
from .levels import TABLES
from .scenario import read_text

RULES, HOOKS = "rules", "hooks"
"""Tables of a reform's file that are no levels."""
FILE = "file"
"""The key of `[rules]` that names the Python file."""
KNOWN: dict[str, OwnCode] = {}
"""What this process has read, by its mark."""


@dataclass(frozen=True)
class OwnCode:
    """A reform's TOML and the Python file beside it, as texts; how it travels to workers."""

    file: str
    source: str
    rules: tuple[tuple[str, str], ...]
    """Slot and the function that takes its place."""
    hooks: tuple[tuple[str, str], ...] = ()
    """Hook and its function."""
    levels: str = ""
    """The reform's name and levels, as JSON: one file's code may serve several reforms."""
    path: str = field(default="", compare=False)
    """Where the TOML was read, for a command that repeats a run."""
    text: str = field(default="", compare=False)
    """The TOML."""

    @property
    def mark(self) -> str:
        """Eight hex digits that change with the code, and with the levels it goes with."""
        what = json.dumps([self.source, self.rules, self.hooks, self.levels])
        return hashlib.sha256(what.encode()).hexdigest()[:8]

    @property
    def slots(self) -> dict[str, Callable]:
        """The functions by slot."""
        return _functions(self)[0]

    @property
    def called(self) -> dict[str, Callable]:
        """The functions by hook."""
        return _functions(self)[1]


def remember(own: OwnCode) -> OwnCode:
    """Let names with its mark find it in this process."""
    return KNOWN.setdefault(own.mark, own)


def own_code(data: Mapping[str, Any], path: Path, text: str) -> OwnCode | None:
    """What `[rules]` and `[hooks]` of a reform's file name; None if it has neither.

    Raises:
        InputError: no file, no such function, slot or hook, other arguments than the slot's.
    """
    rules, hooks = (_names(data, table) for table in (RULES, HOOKS))
    if not rules and not hooks:
        return None
    file = rules.pop(FILE, "")
    if not file or Path(file).name != file:
        raise InputError(_("[rules] needs the Python file that lies beside it; write e.g. file = \"mine.py\""))
    source = read_text(path.parent / file, _("rules file"), [])
    levels = json.dumps([path.stem, {table: data[table] for table in TABLES if table in data}], sort_keys=True)
    own = OwnCode(file, source, tuple(rules.items()), tuple(hooks.items()), levels, str(path.absolute()), text)
    _functions(own)  # all that is wrong is found now
    return remember(own)


def _names(data: Mapping[str, Any], table: str) -> dict[str, str]:
    given = data.get(table, {})
    if not isinstance(given, dict):
        raise InputError(_("{name} is a table; write [{name}] above its levels", name=table))
    for key, value in given.items():
        if not isinstance(value, str):
            raise InputError(_("{name} = {got!r} is no text; put it in quotes", name=key, got=value))
    return dict(given)


@lru_cache(maxsize=64)
def _functions(own: OwnCode) -> tuple[dict[str, Callable], dict[str, Callable]]:
    from . import rulebook  # which needs the compiler, that lists of regimes do without

    there = rulebook.functions_of(own.source, own.file)
    slots = {slot: _named(there, slot, name, own) for slot, name in own.rules}
    hooks = {hook: _named(there, hook, name, own) for hook, name in own.hooks}
    for slot, function in slots.items():
        rulebook.check_slot(slot, function, own.file)
    for hook, function in hooks.items():
        if hook not in rulebook.HOOKS:
            raise InputError(_("there is no hook {name!r}; {remedy}", name=hook, remedy=near(hook, rulebook.HOOKS)))
        rulebook.check_hook(hook, function, own.file)
    return slots, hooks


def _named(there: Mapping[str, Callable], key: str, name: str, own: OwnCode) -> Callable:
    if name not in there:
        raise InputError(_("{key} = {name!r}: {file} has no such function; {remedy}", key=key, file=own.file, name=name,
                           remedy=near(name, there)))
    return there[name]
