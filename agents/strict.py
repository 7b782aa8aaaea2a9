"""A rule of one's own made ready for the compiler: compiled it answers as in Python, or raises; never otherwise.

The compiler is silent where Python complains: the root of −1 is nan, 0 ** −1 is infinite, the seventh of three numbers
is what happens to lie there, a variable never set is 0; a global keeps the value it had when it was compiled; a loop
cannot be interrupted. So a rule is compiled in a stricter writing, made from its source, in which all of this raises.
Who calls it then asks the rule in Python, whose answer or exception counts. What cannot be so written is not compiled.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import math
import operator
import warnings
from collections.abc import Callable, Hashable, Iterator
from copy import deepcopy
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
from numba import config, types
from numba.core import errors
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import Dispatcher
from numba.extending import overload

PRODUCTS = (operator.mul, operator.imul, operator.lshift, operator.ilshift)
FUEL = 10_000
"""Rounds of loops a call may take compiled; a rule that needs more is asked in Python, where a time limit works."""
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "python", "boundscheck": True, "no_cpython_wrapper": True,
           "no_cfunc_wrapper": True}
FILE = "<strict"
"""How the names of files begin that stricter writings have, though none is written."""
LARGEST = 2.0**62
"""Beyond this the compiler's whole numbers are not Python's."""
IN_PYTHON = (
    ast.Try, ast.TryStar, ast.With, ast.comprehension, ast.Lambda, ast.Dict, ast.Set, ast.JoinedStr, ast.Global,
    ast.Nonlocal, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Yield, ast.Await, ast.Invert,
    ast.Delete, ast.Starred)
"""What the compiler knows not, or otherwise than Python, or slowly."""


class PythonOnlyError(ValueError):
    """A rule that is called as it is; says why."""


def strict(rule: Callable, within: tuple[Callable, ...] = ()) -> Any:
    """A rule, in its stricter writing, as compiled code calls it; it is compiled when it is first called.

    Args:
        rule: a function of numbers, or of arrays and numbers.
        within: the functions that call it.

    Raises:
        PythonOnlyError: it can only be called as it is.
    """
    if not isinstance(rule, FunctionType) or rule.__closure__ or rule in within:
        raise PythonOnlyError("it is no function of its own, or calls itself")
    if "range" in rule.__globals__ or not is_number(rule.__defaults__ or ()):
        raise PythonOnlyError("it has a range of its own, or remembers by a default value")
    space: dict[str, Any] = {}
    node = _Strict().rewritten(_source_of(rule))
    exec(compile(ast.Module([node], []), f"{FILE} {rule.__name__}>", "exec"), space)
    made = space[node.name]
    made.__defaults__ = rule.__defaults__
    changing = _rebound(rule.__globals__)
    for name, value in _globals_of(made, rule.__globals__):
        if name in changing:
            raise PythonOnlyError(f"{name} is given other values as the model runs")
        space[name] = _frozen(name, value, (*within, rule))
    return numba.njit(**OPTIONS)(made)


def compiling(make: Callable[[], Any], inner: Dispatcher) -> Any:
    """What `make` gives, compiled fast: less optimised, which saves half of the time and costs a rule little.

    Args:
        make: compiles what calls the rule.
        inner: the rule, as `strict` gave it.

    Raises:
        NumbaWarning: a variable may not be set when it is read; the compiler would take it for 0.
        PythonOnlyError: whole numbers may grow beyond what the compiler knows.
    """
    meanwhile = {"OPT": type(vars(config)["OPT"])(1), "ALWAYS_WARN_UNINIT_VAR": 1}
    with global_compiler_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.NumbaWarning)  # of numba's own functions
        warnings.filterwarnings("error", f"(?s).*uninitialized variable.*{FILE}")
        before = {name: getattr(config, name) for name in meanwhile}
        vars(config).update(meanwhile)
        try:
            made = make()
        finally:
            vars(config).update(before)
    for one in (inner, *_helpers_of(inner)):
        _refuse_products(one)
    return made


def _refuse_products(made: Any) -> None:
    """Products of whole numbers, as of a factorial: too large for the compiler they become others without a word."""
    for result in made.overloads.values():
        for expression, types_ in result.type_annotation.calltypes.items():
            if getattr(expression, "op", "") in ("binop", "inplace_binop") and expression.fn in PRODUCTS and isinstance(
                    types_.return_type, types.Integer):
                raise PythonOnlyError("it multiplies whole numbers")


def _helpers_of(made: Dispatcher) -> Iterator[Dispatcher]:
    """Functions of the same file that a strict rule calls."""
    for value in made.py_func.__globals__.values():
        if isinstance(value, Dispatcher) and value.py_func.__code__.co_filename.startswith(FILE):
            yield value
            yield from _helpers_of(value)


# --- what a rule reads ----------------------------------------------------------------------------------------------


def reads(rule: Callable, seen: tuple[Callable, ...] = ()) -> tuple:
    """What a rule reads besides its arguments, its helpers included: a compiled rule holds as long as this is equal."""
    if not isinstance(rule, FunctionType) or rule in seen:
        return ()
    found: list[tuple] = []
    for name, value in _globals_of(rule, rule.__globals__):
        found.append((name, type(value), value if isinstance(value, Hashable) else id(value)))
        found += reads(value, (*seen, rule))
    return tuple(found)


def _globals_of(function: FunctionType, space: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names a function reads besides its own, with what they stand for in its file or in Python."""
    for name in sorted({at.argval for at in dis.get_instructions(function) if at.opname == "LOAD_GLOBAL"}):
        for known in (OURS, space, vars(builtins)):
            if name in known:
                yield name, known[name]
                break


def _frozen(name: str, value: Any, within: tuple[Callable, ...]) -> Any:
    """What a name stands for in compiled code, which keeps it: it must never change."""
    module = getattr(value, "__module__", None) or ""
    if is_number(value) or value is np or isinstance(value, np.ufunc | Dispatcher):
        return value
    if value is math:
        return STRICT_MATH
    if isinstance(value, FunctionType) and not module.startswith("numpy") and value not in OURS.values():
        return strict(value, within)
    if callable(value) and (module.startswith("numpy") or value in KNOWN):
        return KNOWN.get(value, value)
    raise PythonOnlyError(f"{name} may change, or the compiler does not know it")


def is_number(value: Any) -> bool:
    """Whether a value is a number the compiler knows, or a tuple of such."""
    if isinstance(value, tuple):
        return all(map(is_number, value))
    return abs(value) < LARGEST if isinstance(value, int) else isinstance(value, float | np.number | np.bool_)


def _rebound(space: dict[str, Any]) -> set[str]:
    """Names that functions of a file declare `global` to give them other values."""
    codes = [f.__code__ for f in space.values() if isinstance(f, FunctionType)]
    codes += [f.__code__ for kind in space.values() if isinstance(kind, type) for f in vars(kind).values()
              if isinstance(f, FunctionType)]
    return {at.argval for code in codes for part in _parts(code) for at in dis.get_instructions(part)
            if at.opname == "STORE_GLOBAL"}


def _parts(code: CodeType) -> Iterator[CodeType]:
    """A piece of code, and those inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _parts(inner)


# --- the stricter writing -------------------------------------------------------------------------------------------


def _source_of(rule: FunctionType) -> ast.FunctionDef:
    """A function's syntax, if the text at hand is still the one it was made from."""
    code = rule.__code__
    try:
        tree, made = _parsed("".join(inspect.findsource(code)[0]))
    except (OSError, TypeError, SyntaxError):
        raise PythonOnlyError("its source is not at hand") from None
    places = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)
              and _line_of(node) == code.co_firstlineno]
    if _does(code) not in made or len(places) != 1:
        raise PythonOnlyError("its source is not at hand, or has changed since")
    node = deepcopy(places[0])
    if isinstance(node, ast.FunctionDef):
        return node
    return ast.FunctionDef(name="rule", args=node.args, body=[ast.Return(node.body)], decorator_list=[])


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[ast.Module, set[tuple]]:
    """The syntax of a file, and what its functions do."""
    tree = ast.parse(text)
    return tree, set(map(_does, _parts(compile(tree, "", "exec", dont_inherit=True))))


def _line_of(node: ast.FunctionDef | ast.Lambda) -> int:
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])


def _does(code: CodeType) -> tuple:
    return code.co_name, code.co_firstlineno, code.co_code, code.co_names, code.co_varnames, repr(code.co_consts)


class _Strict(ast.NodeTransformer):
    """Rewrites a rule so that it raises where Python would; loops burn fuel."""

    def __init__(self) -> None:
        self._loops = False

    def rewritten(self, source: ast.FunctionDef) -> ast.FunctionDef:
        """The rule anew, without what only readers need."""
        body = source.body[1:] if ast.get_docstring(source) is not None else source.body
        new = [self.visit(statement) for statement in body] or [ast.Pass()]
        new = ast.parse(f"__fuel = {FUEL}").body * self._loops + new
        for argument in (*source.args.posonlyargs, *source.args.args):
            argument.annotation = None
        source.args.defaults = []
        source.body, source.decorator_list, source.returns = new, [], None
        return ast.fix_missing_locations(source)

    def visit(self, node: ast.AST) -> Any:
        """Refuse what must stay in Python."""
        strange = isinstance(node, ast.Constant) and node.value is not None and not is_number(node.value)
        if strange or isinstance(node, IN_PYTHON) or isinstance(node, ast.Attribute) and node.attr == "random":
            raise PythonOnlyError(f"it is written with {type(node).__name__}")
        return super().visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`float("inf")` is a number, not a text; `np.where` of numbers is one, too."""
        said = ast.unparse(node).replace('"', "'")
        if said in ("float('inf')", "float('-inf')", "float('nan')"):
            return ast.Constant(float(ast.literal_eval(node.args[0])))
        if said.startswith(("np.where(", "numpy.where(")) and len(node.args) == 3:
            node.func = ast.Name("__where", ast.Load())
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A range of whole numbers only."""
        return ast.Name("__range", node.ctx) if node.id == "range" else node

    def visit_For(self, node: ast.For) -> ast.For:
        """Burn fuel."""
        return self._burning(node)

    def visit_While(self, node: ast.While) -> ast.While:
        """Burn fuel."""
        return self._burning(node)

    def _burning(self, node: Any) -> Any:
        self._loops = True
        self.generic_visit(node)
        node.body[:0] = ast.parse("__fuel -= 1\nif __fuel < 0:\n    raise OverflowError").body
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """A power that Python refuses, or makes a complex number, raises."""
        self.generic_visit(node)
        small = all(isinstance(one, ast.Constant) and isinstance(one.value, int | float) and 0 <= one.value <= 18
                    for one in (node.left, node.right))
        return _call("__power", node.left, node.right) if isinstance(node.op, ast.Pow) and not small else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """The same of x **= y."""
        if not isinstance(node.op, ast.Pow):
            return self.generic_visit(node)
        left = ast.parse(ast.unparse(node.target), mode="eval").body
        return self.visit(ast.Assign([node.target], ast.BinOp(left, ast.Pow(), node.value)))

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        """What is raised is told by Python."""
        return ast.parse("raise AssertionError").body[0]

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        """So is what an assertion says."""
        return ast.Assert(self.visit(node.test), None)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


# --- mathematics that raises ----------------------------------------------------------------------------------------


def _power(a, b):
    """`a ** b` of numbers."""
    return a**b


@overload(_power)
def _power_compiled(a, b):
    if not all(isinstance(one, types.Number | types.Boolean) for one in (a, b)):
        return lambda a, b: a**b

    def power(a, b):
        left, right = float(a), float(b)
        out = left**right
        if not math.isfinite(out) and math.isfinite(left) and math.isfinite(right):
            raise OverflowError
        return out
    return power


def _where(condition, a, b):
    """`numpy.where`, of which the compiler would make an array of no dimension."""
    return np.where(condition, a, b)


@overload(_where)
def _where_compiled(condition, a, b):
    if all(isinstance(one, types.Number | types.Boolean) for one in (condition, a, b)):
        return lambda condition, a, b: a * 1.0 if condition else b * 1.0
    return lambda condition, a, b: np.where(condition, a, b)


@overload(np.clip)
def _clip_of_numbers(a, a_min, a_max):
    """`numpy.clip` of single numbers, which the compiler lacks."""
    if isinstance(a, types.Number | types.Boolean):
        return lambda a, a_min, a_max: min(max(a, a_min), a_max)
    return None


def _range(start, stop=None, step=None):
    """`range`, which the compiler would also make of numbers with a fraction; not longer than there is fuel."""


@overload(_range)
def _range_compiled(start, stop=None, step=None):
    if any(isinstance(types.unliteral(one), types.Float) for one in (start, stop, step)):
        raise errors.TypingError("range of whole numbers only")
    if step not in (None, types.none):
        return lambda start, stop=None, step=None: _short(range(start, stop, step))
    if stop not in (None, types.none):
        return lambda start, stop=None, step=None: _short(range(start, stop))
    return lambda start, stop=None, step=None: _short(range(start))


@numba.njit(**OPTIONS)
def _short(numbers):
    if len(numbers) > FUEL:
        raise OverflowError
    return numbers


def _checked(function: Callable) -> Any:
    """A function of `math` that refuses what Python's refuses."""
    @numba.njit(**OPTIONS)
    def checked(x):
        out = function(x)
        if (math.isnan(out) and not math.isnan(x)) or (math.isinf(out) and not math.isinf(x)):
            raise ValueError
        return out
    return checked


def _whole(function: Callable) -> Any:
    """A function that makes whole numbers, of those that can be made whole."""
    @numba.njit(**OPTIONS)
    def whole(x):
        if not abs(x) < LARGEST:
            raise OverflowError
        return function(x)
    return whole


SAFE = "atan atan2 copysign degrees erf erfc fabs isfinite isinf isnan radians tanh pi e tau inf nan"
"""What never raises in `math`."""
CHECKED = "acos acosh asin asinh atanh cos cosh exp expm1 gamma lgamma log log10 log1p log2 sin sinh sqrt tan"
STRICT_MATH = ModuleType("math")
vars(STRICT_MATH).update({name: getattr(math, name) for name in SAFE.split()})
vars(STRICT_MATH).update({name: _checked(getattr(math, name)) for name in CHECKED.split()})
vars(STRICT_MATH).update({name: _whole(getattr(math, name)) for name in ("ceil", "floor", "trunc")}, pow=_power)
OURS = {"__power": _power, "__range": _range, "__where": _where}
"""What the stricter writing calls."""
KNOWN: dict[Any, Any] = {
    **{one: one for one in (abs, bool, enumerate, float, len, max, min, sum, zip)},
    AssertionError: AssertionError, OverflowError: OverflowError,
    int: _whole(int), round: _whole(round), pow: _power, **{one: one for one in OURS.values()},
    **{getattr(math, name): made for name, made in vars(STRICT_MATH).items() if callable(made)}}
"""Functions of Python, and what stands for them in compiled code."""
