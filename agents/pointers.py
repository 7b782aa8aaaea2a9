"""Rules as the compiled model calls them: through pointers, so that one changed rule compiles itself alone.

A rule is compiled where it can be, else called as it is (memory, dictionaries, any Python). One of a researcher's own
is watched: what it raises, or returns wrongly, is told to a `complaint`, and something harmless goes back to the model,
which ends the day and then raises.
"""

from __future__ import annotations

import ctypes
import hashlib
import inspect
import sys
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from math import isfinite
from typing import Any

import numba
import numba.experimental.function_type  # makes the compiler know pointers
import numpy as np
from numba import carray, types
from numba.core import errors
from numba.core.types import FunctionType, WrapperAddressProtocol

from . import attention
from .arguments import YES_NO as YES_NO_ARGUMENTS
from .compiled import ALSO, INSIDE, LAYOUTS, NAMED, PLAIN, Handle, OwnerType, kept_callback
from .context import in_context, wanted
from .rules import MODES, SLOTS
from .rules import Rules as RulesOf
from .strict import compiling, is_number, reads, strict
from .work import RELAY, TRANSLATE

F8, I8, B1, HOURS = types.float64, types.int64, types.boolean, types.CPointer(types.float64)
SPLIT, MODE = "split_attention", "transmission_mode"
MODE_NUMBERS = {name: number for number, name in enumerate(MODES)}
LARGEST = sys.float_info.max
TOLERANCE = 1e-9
"""How far rounding may carry a result beyond its range; of hours, `HOURS_OVER`."""
HOURS_OVER = 1e-6
Complaint = Callable[[str, Callable, tuple, Any], None]
"""Told slot, rule, arguments and what was returned (or the exception)."""


# --- who hears of it ----------------------------------------------------------------------------------------------


class Watches(threading.local):
    """Who watches over rules of one's own in this thread, the innermost last.

    Compiled rules are shared by all models, so they do not know whose they are.
    """

    def __init__(self) -> None:
        self.all: list[Any] = []


WATCHES = Watches()
_OTHERS: list[Callable] = []
"""What heard of exceptions that cannot be raised, before us."""


@contextmanager
def watching(watch: Any) -> Iterator[None]:
    """Have somebody watch: `take` hears of complaints, `escaped` of what C would lose, `failed` says there was one."""
    if sys.unraisablehook is not _escaped:
        _OTHERS.append(sys.unraisablehook)
        sys.unraisablehook = _escaped
    WATCHES.all.append(watch)
    try:
        yield
    finally:
        WATCHES.all.pop()


def _escaped(lost: Any) -> None:
    """Hear of exceptions that C's callbacks cannot raise.

    What Python puts into a thread from outside, as a time limit does, arrives when a function begins: for a rule called
    from compiled code that is before its first line, where nothing can catch it. A default that somebody edited may
    raise, too.
    """
    compiled = isinstance(lost.object, str) and lost.object.startswith("<numba")
    ours = compiled or "ctypes callback" in (lost.err_msg or "")
    if ours and WATCHES.all:
        WATCHES.all[-1].escaped(lost.exc_value or lost.exc_type())
    else:
        _OTHERS[-1](lost)


class _Listener:
    """Watches while something is compiled, which calls back as well."""

    failed, error = False, None

    def escaped(self, error: BaseException) -> None:
        self.error = self.error or error


def tell(slot: str, rule: Callable, args: tuple, value: Any) -> None:
    """Complain of a rule to whoever watches."""
    if not WATCHES.all:
        raise RuntimeError(f"rule {slot} failed outside of a model's day: {value!r}")
    WATCHES.all[-1].take(slot, rule, args, value)


def silent() -> bool:
    """Whether there is a complaint already, so that rules of one's own are asked no more."""
    return bool(WATCHES.all) and WATCHES.all[-1].failed


def context(slot: str, name: str) -> Any:
    """What a rule that is being asked asks for by keyword; whoever watches knows it."""
    if not WATCHES.all:
        raise LookupError(f"rule {slot} asks for what only a model's day knows")
    return WATCHES.all[-1].context(slot, name)


# --- slots ----------------------------------------------------------------------------------------------------------


def arguments(slot: str) -> list[str]:
    """Names of a slot's arguments."""
    return list(inspect.signature(SLOTS[slot].default).parameters)


def yes_no(slot: str) -> bool:
    """Whether a slot answers yes or no."""
    return SLOTS[slot].metadata["unit"] == "yes/no"


@cache
def signature(slot: str) -> Any:
    """Types of a slot's pointer; for `split_attention` four arrays, hours, kappa, where to put the result, kinds."""
    if slot == SPLIT:
        return types.void(HOURS, HOURS, HOURS, HOURS, F8, F8, HOURS, I8)
    back = B1 if yes_no(slot) else I8 if slot == MODE else F8
    return back(*(B1 if name in YES_NO_ARGUMENTS else F8 for name in arguments(slot)))


class Pointers(namedtuple("Pointers", tuple(SLOTS))):  # type: ignore[misc]  # slots are made, not written out
    """All rules together, by slot."""

    @property
    def handle(self) -> Handle:
        """As compiled code is given them: their addresses, one after another."""
        return Handle(NAMED["Rules"](), list(self))


NAMED["Rules"] = lambda: OwnerType("Rules")
LAYOUTS["Rules"] = lambda: {slot: (8 * k, FunctionType(signature(slot))) for k, slot in enumerate(SLOTS)}


class Pointer(WrapperAddressProtocol):
    """A rule's address. Keeps alive what lies there."""

    def __init__(self, slot: str, address: int, kept: Any, compiled: bool) -> None:
        self.slot, self.address, self.kept, self.compiled = slot, address, kept, compiled

    def __wrapper_address__(self) -> int:
        return self.address

    def signature(self) -> Any:
        """As numba's protocol wants it."""
        return signature(self.slot)


# --- the model's own rules ----------------------------------------------------------------------------------------


@cache
def default_pointers() -> Any:
    """The rules of `agents.rules`, compiled or loaded; these are not watched."""
    return Pointers(**{slot: _default(slot) for slot in SLOTS})


def _default(slot: str) -> Any:
    rule = SLOTS[slot].default
    if PLAIN:
        return _splits_in_place(rule) if slot == SPLIT else rule
    function: Any = _adapter(rule) if slot == SPLIT else rule
    function.stamp = _stamp(rule)
    try:
        made = kept_callback(function, signature(slot))
    except errors.NumbaError:  # somebody edited it so
        return watched(slot, rule)
    return Pointer(slot, made.address, made, True)


def _stamp(rule: Callable) -> str:
    """A hash over what a rule's machine code depends on: its source, values and helpers, the tools of attention."""
    parts = [inspect.getsource(rule), inspect.getsource(attention), numba.__version__]
    for name, _, value in reads(rule):
        parts += [name, inspect.getsource(value) if inspect.isfunction(value) else str(value) * is_number(value)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_ADAPTER = """
def split_attention(weights, urgency, own, backlog, hours, kappa, given, kinds):
    out = rule(carray(weights, kinds), carray(urgency, kinds), carray(own, kinds), carray(backlog, kinds), hours, kappa)
    into = carray(given, kinds)
    if len(out) != kinds:
        raise ValueError("split_attention has to return one number a kind of work")
    for k in range(kinds):
        into[k] = out[k]
"""


def _adapter(rule: Callable) -> Callable:
    """`split_attention` behind a pointer: arrays come as addresses.

    The rule is a global of it, not a variable of an outer function: those are part of the cache's key, so that no
    process would find what another kept.
    """
    space: dict[str, Any] = {"rule": numba.njit(error_model="numpy")(rule), "carray": carray, "__name__": __name__}
    exec(_ADAPTER, space)
    return space[SPLIT]


def _splits_in_place(rule: Callable) -> Callable:
    """`split_attention` as uncompiled code calls it."""
    def split_attention(weights, urgency, own, backlog, hours, kappa, given, kinds):
        _put_at(given, rule(*(_numbers_at(a, kinds) for a in (weights, urgency, own, backlog)), hours, kappa))
    return split_attention


ALSO.append(default_pointers)


# --- rules of one's own -------------------------------------------------------------------------------------------


def pointers(rules: RulesOf, complain: Complaint = tell) -> Any:
    """Rules as the model calls them; those that are not defaults are watched.

    Args:
        rules: the rules in force.
        complain: told what goes wrong, at once; nothing is raised through compiled code.
    """
    own = {slot: getattr(rules, slot) for slot, field in SLOTS.items() if getattr(rules, slot) is not field.default}
    return default_pointers()._replace(**{slot: watched(slot, rule, complain) for slot, rule in own.items()})


def watched(slot: str, rule: Callable, complain: Complaint = tell) -> Any:
    """One rule of one's own, compiled if it can be; made once for all models."""
    if PLAIN:
        return _asked(slot, rule, complain)
    try:
        return _made(slot, rule, complain, reads(rule))
    except TypeError:  # something without a hash
        return _made.__wrapped__(slot, rule, complain, ())


@lru_cache(maxsize=256)
def _made(slot: str, rule: Callable, complain: Complaint, values: tuple) -> Pointer:
    """A pointer to a rule that reads these values."""
    call = _callback(slot, _asked(slot, rule, complain))
    address = ctypes.cast(call, ctypes.c_void_p).value or 0
    if wanted(rule):  # which only Python can give
        return Pointer(slot, address, call, False)
    listener = _Listener()
    try:
        with watching(listener):
            inner = strict(rule)
            watch = (_watch_split if slot == SPLIT else _watch)(slot, inner, _prototype(slot)(address))
            made = compiling(lambda: numba.cfunc(signature(slot), nogil=True, error_model="python")(watch), inner)
        pointer = Pointer(slot, made.address, (made, call), True)
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("agents", "builtins", "numba", "llvmlite"):
            raise  # a time limit that came meanwhile
        pointer = Pointer(slot, address, call, False)
    if listener.error is not None:
        raise listener.error
    return pointer


_WATCH = """
def {slot}({args}):
    value = nan
    try:
        value = inner({args}) * 1.0
    except Exception:
        value = nan
    if low <= value <= high and {whole}:
        return {back}(value)
    return ask({args})
"""


def _watch(slot: str, inner: Callable, ask: Any) -> Callable:
    """A compiled rule, which is asked in Python when it raises or its answer is not as it should be.

    It is written as source, since compiled callbacks take arguments by name only.
    """
    low, high = _range_of(slot)
    space = {"inner": inner, "ask": ask, "low": low, "high": high, "nan": float("nan")}
    whole = "value == int(value)" if slot == MODE else "True"
    exec(_WATCH.format(slot=slot, args=", ".join(arguments(slot)), back=_kind_of(slot).__name__, whole=whole), space)
    return space[slot]


def _watch_split(slot: str, inner: Callable, ask: Any) -> Callable:
    """The same for `split_attention`; the rule gets copies, as it may write into them."""
    @numba.njit(**INSIDE)
    def total_of(weights, urgency, own, backlog, hours, kappa, given, kinds):  # apart: in `try` all is slow to compile
        day, total = np.empty((4, kinds)), 0.0
        for k in range(kinds):
            day[0, k], day[1, k], day[2, k], day[3, k] = weights[k], urgency[k], own[k], backlog[k]
        out = inner(day[0], day[1], day[2], day[3], hours, kappa)
        fine = len(out) == kinds
        for k in range(kinds if fine else 0):
            given[k] = out[k]
            total += out[k]
            fine = fine and -TOLERANCE <= out[k] <= backlog[k] + HOURS_OVER
        return total if fine else np.nan

    def split_attention(weights, urgency, own, backlog, hours, kappa, given, kinds):
        total = np.nan
        try:
            total = total_of(weights, urgency, own, backlog, hours, kappa, given, kinds)
        except Exception:
            total = np.nan
        if not total <= hours + HOURS_OVER:
            ask(weights, urgency, own, backlog, hours, kappa, given, kinds)
    return split_attention


def _asked(slot: str, rule: Callable, complain: Complaint) -> Callable:
    """A rule called as it is, watched; once there is a complaint the model's own answers, to the end of the phase."""
    default, back, (low, high) = SLOTS[slot].default, _kind_of(slot), _range_of(slot)
    plain, called = back is float and slot != SPLIT, in_context(rule, lambda name: context(slot, name))

    def ask(args: tuple, kept: tuple) -> Any:
        try:
            out = called(*args)
            if plain and type(out) is float and low <= out <= high:
                return out  # nearly always
            if problem(slot, out, kept) is None:
                return out
        except BaseException as error:  # nothing may escape into compiled code
            out = error
        complain(slot, rule, kept, out)
        return None

    def number(*args: Any) -> Any:
        if PLAIN:  # the compiler gives plain numbers, which divide otherwise than numpy's
            args = tuple(one.item() if isinstance(one, np.generic) else one for one in args)
        out = None if silent() else ask(args, args)
        out = default(*args) if out is None else out
        return back(MODE_NUMBERS.get(out, out) if isinstance(out, str) else out)

    def split(weights, urgency, own, backlog, hours, kappa, given, kinds):
        arrays, rest = [_numbers_at(a, kinds) for a in (weights, urgency, own, backlog)], (float(hours), float(kappa))
        out = None if silent() else ask((*(a.copy() for a in arrays), *rest), (*arrays, *rest))
        _put_at(given, np.zeros(kinds) if out is None else np.asarray(out, float))

    return split if slot == SPLIT else number


def _numbers_at(place: Any, kinds: int) -> np.ndarray:
    """Numbers at an address, as a copy that cannot be written to; uncompiled code gives numpy's own view of it."""
    address = place.data if PLAIN else place
    return np.frombuffer(ctypes.string_at(address, 8 * kinds))  # several times as fast as `numpy.ctypeslib.as_array`


def _put_at(place: Any, numbers: np.ndarray) -> None:
    ctypes.memmove(place.data if PLAIN else place, numbers.tobytes(), 8 * len(numbers))


def _callback(slot: str, function: Callable) -> Any:
    """A Python function as one of C, which is given addresses."""
    return _prototype(slot, ctypes.c_void_p)(function)


def _prototype(slot: str, array: Any = None) -> Any:
    """The type of a slot's function in C; where arrays begin, the compiler wants pointers."""
    array = array or ctypes.POINTER(ctypes.c_double)
    kinds = {F8: ctypes.c_double, I8: ctypes.c_int64, B1: ctypes.c_bool, HOURS: array}
    of = signature(slot)
    return ctypes.CFUNCTYPE(kinds.get(of.return_type), *(kinds[kind] for kind in of.args))


def through(slot: str, pointer: Any) -> Callable:
    """A rule as the model asks it, but called from Python with the slot's own arguments; to try it out."""
    at = pointer if PLAIN else _prototype(slot, ctypes.c_void_p)(pointer.address)

    def ask(*args: Any) -> Any:
        return at(*args) if pointer else None  # which lives as long as this function

    def split_attention(weights, urgency, own, backlog, hours, kappa):
        arrays = [np.array(a, float) for a in (weights, urgency, own, backlog, np.zeros(len(backlog)))]
        *given, into = (a.ctypes if PLAIN else a.ctypes.data for a in arrays)
        ask(*given, hours, kappa, into, len(backlog))
        return arrays[-1]

    return split_attention if slot == SPLIT else ask


def _kind_of(slot: str) -> type:
    """Python's kind of what a slot's pointer gives back."""
    return bool if yes_no(slot) else int if slot == MODE else float


def _range_of(slot: str) -> tuple[float, float]:
    """What a slot may return; not infinity."""
    if slot == MODE:
        return RELAY, TRANSLATE
    meta = SLOTS[slot].metadata
    return max(meta["low"] - TOLERANCE, -LARGEST), min(meta["high"] + TOLERANCE, LARGEST)


# --- what a rule may return -----------------------------------------------------------------------------------------


def problem(slot: str, out: Any, args: tuple) -> str | None:
    """What is wrong with what a rule returned, by the key of a sentence; None if nothing.

    Args:
        slot: whose rule it is.
        out: what it returned, or the exception that it raised.
        args: what it was given.
    """
    if isinstance(out, BaseException):
        return "raised"
    if out is None:
        return "nothing"
    if slot == SPLIT:
        return _wrong_hours(out, args)
    if isinstance(out, str) and slot == MODE:
        return None if out in MODES else "no_mode"
    if not isinstance(out, int | float) and (np.ndim(out) or np.asarray(out).dtype.kind not in "fiub"):
        return "no_mode" if slot == MODE else "no_number"
    if slot == MODE:
        return None if out in MODE_NUMBERS.values() else "no_mode"
    low, high = _range_of(slot)
    return None if low <= out <= high else "outside" if isfinite(out) else "not_finite"


def _wrong_hours(out: Any, args: tuple) -> str | None:
    backlog, hours = args[3], args[4]
    try:
        given = np.asarray(out, float)
    except (TypeError, ValueError):
        return "no_number"
    if given.shape != np.shape(backlog):
        return "shape"
    values, most = given.tolist(), [wait + HOURS_OVER for wait in backlog.tolist()]  # faster than arrays so short
    if not all(map(isfinite, values)):
        return "not_finite"
    if min(values) < -TOLERANCE:
        return "outside"
    over = any(value > wait for value, wait in zip(values, most, strict=True))
    return "day" if sum(values) > hours + HOURS_OVER else "backlog" if over else None
