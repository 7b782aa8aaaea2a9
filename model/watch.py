"""Watches over a researcher's own rules and hooks while a model runs, and says what they did wrong."""

from __future__ import annotations

import traceback
import weakref
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from agents.compiled import Owner
from agents.leader import FIRST_STREET
from agents.pointers import SPLIT, arguments, pointers, problem, watching
from agents.rules import MODES, SLOTS
from agents.work import Class
from languages.text import Text, _

from .errors import RuleError, text_of
from .regimes import Powers
from .rulebook import line_text
from .run import Run

TOLERANCE = 1e-6
SAMPLE = {"day": 10, "street": 0, "ties": 0.5, "powers": Powers(offices=6)}
"""What rules that ask for context are given where they are tried outside of a run: as under layered."""


class Watch:
    """Watches over rules of one's own while a model runs; what they did wrong is raised when the phase is over.

    Nothing can be raised through compiled code, so the first complaint is kept, and from then on the model's own rules
    answer. What follows may follow from it, so a run that has failed stays so.
    """

    def __init__(self, m: Run) -> None:
        self.pointers = pointers(m.rules)
        self.failed = False
        self._of = weakref.ref(m)
        self._heard: tuple[str, Callable, tuple, Any, int, int] | None = None
        self._error: BaseException | None = None
        self._on: list[AbstractContextManager] = []

    @property
    def _model(self) -> Run:
        m = self._of()
        assert m is not None  # the run that is going on
        return m

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
            now = self._model.now
            self._heard = slot, rule, args, value, int(now.who), int(now.row)
            self.failed = True

    def context(self, slot: str, name: str) -> Any:
        """What a rule asks for by keyword, of whom it is asked for; see `agents.context`."""
        m = self._model
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
        error = self._error
        if error is None:
            assert self._heard is not None  # it failed without an exception, so a rule complained
            slot, rule, args, value, who, row = self._heard
            error = self._error = rule_error(slot, rule, args, value, self._model, who, row)
        if not isinstance(error, RuleError):  # it is told once; the day is lost all the same
            self._error = _broken_off(error, self._model)
        raise error


def _broken_off(error: BaseException, m: Run) -> RuleError:
    day, kind = _day(m), type(error).__name__
    said = RuleError(_("this run was broken off on day {day} ({kind}) and cannot go on; build the model anew",
                       day=day, kind=kind))
    said.__cause__ = error
    return said


def rule_error(slot: str, rule: Callable, args: tuple, value: Any, m: Run, who: int,
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


def call_hook(m: Run, name: str) -> None:
    """Call a hook of the model's rules, and that of its regime once this has started, if there are any.

    Raises:
        RuleError: it failed, or a rule that it made the model ask; told with file, line and day.
    """
    ours, own = getattr(m.rules, name, None), m.own_hooks.get(name)
    if ours is not None:
        _call(m, name, ours)
    if own is not None:
        call_own_hook(m, name)


def call_own_hook(m: Run, name: str) -> None:
    """Call a hook of the model's regime, and note whether it sets anything in the district."""
    if hook := m.own_hooks.get(name):
        before = None if m.sets_state else state_of(m.district)
        _call(m, name, hook)
        m.sets_state = m.sets_state or state_of(m.district) != before


def _call(m: Run, name: str, hook: Callable) -> None:
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
            total = zlib.crc32(flat.data, total)
    return total


SHARES = {"cadres": ("knowledge", "motivation", "ties", "slack"), "leaders": ("groundedness",),
          "departments": ("core_quality", "groundedness", "forms"), "residents": ("expectation",)}
"""Columns that hooks may set, to shares."""


def _refuse_impossible(m: Run, name: str, hook: Callable) -> None:
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


def _day(m: Run) -> int:
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

WHOM = {
    Class.RESIDENT: _("resident {n} of {street}"), Class.CADRE: _("cadre {n} of {street}"),
    Class.LEADER: _("the leader of {street}"), Class.DEPARTMENT: _("department “{name}”"),
    Class.COPY: _("idea {n} on {street}"), Class.PROBLEM: _("problem {n}"), Class.IDEA: _("idea {n}"),
    Class.CAUSE: _("cause {n}"), Class.EMERGENCY: _("emergency {n}"),
}
ON_STREET = {Class.CADRE: "cadres", Class.RESIDENT: "residents", Class.PROBLEM: "problems", Class.COPY: "copies",
             Class.EMERGENCY: "emergencies"}


def street_of(m: Run, who: Class, row: int) -> int:
    """The street of whom a rule is asked for; −1 for departments, ideas, and leaders above the streets."""
    if who == Class.STREET:
        return row
    if who == Class.LEADER:
        return row - FIRST_STREET if row >= FIRST_STREET else -1
    return int(getattr(m, ON_STREET[who]).street[row]) if who in ON_STREET else -1


def asked_for(slot: str, args: tuple, m: Run, who: int, row: int) -> Text:
    """Whom the rule was asked for, as the model noted, and with what."""
    whom = _("waiting work") if slot == "urgency" else _person(Class(who), row, m)
    if slot == SPLIT:
        return _("asked for {whom}", whom=whom)
    given = ", ".join(f"{name} = {value:g}" for name, value in zip(arguments(slot), args, strict=True))
    return _("asked for {whom}, given {given}", whom=whom, given=given)


def _person(who: Class, row: int, m: Run) -> Text:
    """Whom a rule was asked for: people by their number on their street, things by that which `trace` takes."""
    street, n = street_of(m, who, row), row
    if who == Class.STREET:
        return m.street_name(row)
    if who == Class.LEADER and street < 0:
        return (_("the city's leader"), _("the district's leader"))[row]
    if who in (Class.RESIDENT, Class.CADRE):
        n += 1 - int((m.streets.first_resident if who == Class.RESIDENT else m.streets.first_cadre)[street])
    if who == Class.COPY:
        n //= m.scenario.streets
    named = {"name": m.department_name(row)} if who == Class.DEPARTMENT else {"street": m.street_name(street)}
    return Text(WHOM[who], n=n, **named)


def _where(error: BaseException, rule: Callable) -> Text:
    file = getattr(getattr(rule, "__code__", None), "co_filename", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    place = line_text(frames[-1].filename, frames[-1].lineno) if frames else _place(rule)
    kind = "" if isinstance(error, RuleError) else f"{type(error).__name__}: "
    return _("{kind}{said} ({place})", kind=kind, said=text_of(error), place=place)


def _place(rule: Callable) -> str:
    code = getattr(rule, "__code__", None)
    return line_text(code.co_filename, code.co_firstlineno) if code else repr(rule)
