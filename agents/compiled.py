"""How the model is compiled: each function once, for the types its annotations name, kept on disk.

`@compiled` marks a function that others call, `@entry` one that Python calls, too. An annotation is `int`, `float`,
`bool`, an array (`Ints`, `Floats`), a record of a table (`record("cadre", …)` makes one), or an owner of tables. A
float given for an int is refused: the compiler would cut it off in silence. With NUMBA_DISABLE_JIT=1 the same source
runs as plain Python, for a debugger.
"""

from __future__ import annotations

import ast
import atexit
import hashlib
import inspect
import os
import platform
import shutil
import sys
import tempfile
import threading
import typing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import caching, cgutils
from numba.core.ccallback import CFunc
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, unbox

PLAIN = bool(vars(config)["DISABLE_JIT"])  # numba fills its config when it is imported
"""Whether the source runs uncompiled."""
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
INSIDE: dict[str, Any] = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Of functions that only compiled code calls."""
_ROOT = Path(__file__).parent.parent

# --- kinds: what annotations stand for ------------------------------------------------------------------------------


class Kind(NamedTuple):
    """An array of a type of number or record; without dimensions one record."""

    dtype: Any
    ndim: int = 1


class Named(NamedTuple):
    """Something whose type is made elsewhere, by its name."""

    name: str


def _array(dtype: str, ndim: int = 1) -> Kind:
    return Kind(np.dtype(dtype), ndim)


Ints = Annotated[np.ndarray, _array("i8")]
Days = Annotated[np.ndarray, _array("i4")]
IntTable = Annotated[np.ndarray, _array("i8", 2)]
Floats = Annotated[np.ndarray, _array("f8")]
FloatTable = Annotated[np.ndarray, _array("f8", 2)]
FloatCube = Annotated[np.ndarray, _array("f8", 3)]
Words = Annotated[np.ndarray, _array("u8")]
Word = Annotated[Any, _array("u8", 0)]  # Any: a number that numpy and Python type differently
Row = np.record
Table = np.recarray
"""How a record and a table are written in annotations, with what makes their layout: `Annotated[Row, row_of(CADRE)]`.
Their fields are known to the compiler, not to a type checker."""
District = Annotated[Any, Named("District")]
"""The whole state of a district; `model.district` says what is in it."""
Rules = Annotated[Any, Named("Rules")]
"""The decision rules in force, called by their names."""
NAMED: dict[str, Any] = {}
"""What makes the type of each `Named`: filled where it is defined."""


def columns(names: str, kind: Any = "f8") -> dict[str, Any]:
    """Columns of one kind, by the names in a text."""
    return dict.fromkeys(names.split(), kind)


def record(**kinds: Any) -> np.dtype:
    """The layout of a record: name = numpy kind, or (kind, shape)."""
    fields = [(name, *(kind if isinstance(kind, tuple) else (kind,))) for name, kind in kinds.items()]
    return np.dtype(fields, align=True)


def row_of(dtype: np.dtype) -> Kind:
    """What the annotation of one record of a table holds."""
    return Kind(dtype, 0)


def table_of(dtype: np.dtype, ndim: int = 1) -> Kind:
    """What the annotation of a table of records holds."""
    return Kind(dtype, ndim)


def table(size: int | tuple[int, ...], dtype: np.dtype) -> np.recarray:
    """An empty table."""
    return np.zeros(size, dtype).view(np.recarray)


def scratch(size: int | tuple[int, ...], dtype: Any) -> np.ndarray:
    """A table whose rows hold anything until they are written; clearing large ones would cost more than a run."""
    made = np.empty(size, dtype)
    return made.view(np.recarray) if made.dtype.names else made


def _kind_of(hint: Any) -> Kind | Named | None:
    return next((k for k in getattr(hint, "__metadata__", ()) if isinstance(k, Kind | Named)), None)


def _type_of(hint: Any) -> types.Type:
    """The compiler's type of an annotation."""
    plain = {int: types.int64, float: types.float64, bool: types.boolean}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Owner):
        return NAMED[hint.__name__]()
    kind = _kind_of(hint)
    if isinstance(kind, Named):
        return NAMED[kind.name]()
    if kind is None:
        raise TypeError(f"{hint!r} is no annotation of compiled code; see agents/compiled.py")
    element = numba.from_dtype(kind.dtype)
    return element if kind.ndim == 0 else types.Array(element, kind.ndim, "C")


def fields_of(owner: type) -> dict[str, Any]:
    """Names and annotations of what an owner holds."""
    if owner not in _fields:
        _fields[owner] = typing.get_type_hints(owner, include_extras=True)
    return _fields[owner]


_fields: dict[type, dict[str, Any]] = {}


class Owner:
    """A group of tables that belong together, passed to compiled code as one; subclasses annotate what they hold.

    Python reads and writes the same arrays. Single numbers that change live in a record, so that both see them.
    """

    def __init_subclass__(cls) -> None:
        NAMED[cls.__name__] = lambda: OwnerType(cls.__name__)
        LAYOUTS[cls.__name__] = lambda: _layout(cls)

    def __init__(self, **parts: Any) -> None:
        vars(self).update(parts)
        self._handle: Any = None

    @property
    def handle(self) -> Any:
        """What compiled functions are given: this owner, as the compiler knows it."""
        if PLAIN:
            return self
        if self._handle is None:
            self._handle = Handle(OwnerType(type(self).__name__), [getattr(self, n) for n in fields_of(type(self))])
        return self._handle

    def take(self, **parts: Any) -> None:
        """Hold other tables from now on; what compiled functions were given before is out of date."""
        vars(self).update(parts)
        self.look_again()

    def look_again(self) -> None:
        """Make the handle anew when it is next asked for: a table here, or one of an owner within, is another."""
        self._handle = None

    def in_use(self) -> dict[str, int]:
        """Tables of which only the first rows hold something: how many."""
        return {}

    def copy(self) -> typing.Self:
        """The same with arrays of its own."""
        rows = self.in_use()
        return type(self)(**{name: _copied(getattr(self, name), rows.get(name)) for name in fields_of(type(self))})


def _copied(part: Any, rows: int | None) -> Any:
    """A table byte by byte, as numpy copies records field by field, in twenty times the time; an owner by its own."""
    if not isinstance(part, np.ndarray):
        return part.copy() if hasattr(part, "copy") else part
    twin = np.empty_like(part, order="C")
    _bytes(twin[:rows])[:] = _bytes(np.ascontiguousarray(part[:rows]))
    return twin


def _bytes(table: np.ndarray) -> np.ndarray:
    return table.view(np.ndarray).reshape(-1).view(np.uint8)


class OwnerType(types.Type):
    """An owner as compiled code knows it: an address, where shapes and addresses of its tables lie one after another.

    Numba's own structs count a reference at every look at a table, which costs more than the look; an owner outlives
    every call it is given to, so nothing need be counted.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)


LAYOUTS: dict[str, Callable[[], dict[str, tuple[int, types.Type]]]] = {}
"""What makes the layout of each owner: by field, its place in bytes and its type."""


@cache
def layout(name: str) -> dict[str, tuple[int, types.Type]]:
    """Where the fields of an owner lie, and what they are."""
    return LAYOUTS[name]()


def _layout(cls: type[Owner]) -> dict[str, tuple[int, types.Type]]:
    place, out = 0, {}
    for name, hint in fields_of(cls).items():
        kind = _type_of(hint)
        out[name] = place, kind
        place += 8 * (5 + 2 * kind.ndim if isinstance(kind, types.Array) else 1)
    return out


class Handle:
    """An owner's address, and what keeps alive what lies there."""

    def __init__(self, kind: OwnerType, parts: list[Any]) -> None:
        self._numba_type_, self.parts = kind, [part.handle if hasattr(part, "handle") else part for part in parts]
        self.words = np.array([word for part in self.parts for word in _words(part)], np.int64)
        self.address = self.words.ctypes.data


def _words(part: Any) -> tuple[int, ...]:
    """A field as it lies in an owner: an array as numba's arrays, without their counters of references."""
    if not isinstance(part, np.ndarray):
        return (part.address,)
    return (0, 0, part.size, part.itemsize, part.ctypes.data, *part.shape, *part.strides)


register_model(OwnerType)(models.OpaqueModel)


@infer_getattr
class _Fields(AttributeTemplate):
    """What compiled code finds at an owner."""

    key = OwnerType

    def generic_resolve(self, kind: OwnerType, name: str) -> types.Type | None:  # type: ignore[override]  # NotImplemented there
        """The type of a field."""
        return layout(kind.name).get(name, (0, None))[1]


@lower_getattr_generic(OwnerType)
def _read(context: Any, builder: Any, kind: OwnerType, address: Any, name: str) -> Any:
    """Machine code that reads a field."""
    place, field = layout(kind.name)[name]
    at = builder.gep(address, [ir.Constant(ir.IntType(64), place)])
    if isinstance(field, types.Array):
        at = builder.bitcast(at, context.get_value_type(field).as_pointer())
        array = context.make_array(field)(context, builder, value=builder.load(at))
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()
    held = builder.load(builder.bitcast(at, cgutils.voidptr_t.as_pointer()))
    if isinstance(field, OwnerType):
        return held
    function = cgutils.create_struct_proxy(field)(context, builder)
    function.c_addr = held
    function.py_addr = function.jit_addr = cgutils.get_null_value(cgutils.voidptr_t)
    return function._getvalue()


@unbox(OwnerType)
def _unbox(kind: OwnerType, handle: Any, c: Any) -> NativeValue:
    """From Python a handle comes in as its address."""
    number = c.pyapi.object_getattr_string(handle, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address)


# --- the decorators -------------------------------------------------------------------------------------------------


def compiled(function: Callable) -> Callable:
    """A function of compiled code, called by compiled code only."""
    return _compiled(function, INSIDE)


def entry(function: Callable) -> Callable:
    """A function of compiled code that Python calls, too."""
    made = _compiled(function, {**OPTIONS, "no_cfunc_wrapper": True})
    if not PLAIN:
        ENTRIES.append(made)
    return made


ENTRIES: list[Any] = []
"""Every entry, in order of definition."""


def _compiled(function: Callable, options: dict[str, Any]) -> Callable:
    if PLAIN:
        return function
    made: Any = numba.njit(**options)(function)
    template, compile_, names = made.get_call_template, made.compile, list(inspect.signature(function).parameters)

    def ready(sig: Any = None) -> None:
        if not made.overloads:
            hints = typing.get_type_hints(function, include_extras=True)
            made._cache = _Cache(function)  # not before: its stamp holds the layout of all tables
            compile_(tuple(_type_of(hints[name]) for name in names))
            _note(made)

    def called_by_compiled(args: tuple, kws: dict) -> Any:
        ready()
        for name, given, wanted in zip(names, args, made.signatures[0], strict=False):
            if isinstance(types.unliteral(given), types.Float) and not isinstance(wanted, types.Float):
                raise TypeError(_refusal(function, name, wanted))
        return template(args, kws)

    def called_with_others(*args: Any) -> Any:
        ready()
        turned = [_as(wanted, value, function, name)
                  for name, value, wanted in zip(names, args, made.signatures[0], strict=True)]
        return lambda *given: made(*turned)  # numba calls what it gets here

    made.get_call_template, made.ready, made.compile = called_by_compiled, ready, ready
    made._compile_for_args = called_with_others
    return made


def _as(wanted: types.Type, value: Any, function: Callable, name: str) -> Any:
    """A number of Python as the declared type has it; a float for a whole number is refused."""
    if isinstance(wanted, types.Float):
        return float(value)
    if isinstance(wanted, types.Integer | types.Boolean):
        if isinstance(value, float | np.floating):
            raise TypeError(_refusal(function, name, wanted))
        return bool(value) if isinstance(wanted, types.Boolean) else int(value)
    if numba.typeof(value) != wanted:
        raise TypeError(f"{function.__module__}.{function.__name__}: {name} is {numba.typeof(value)}, not {wanted}")
    return value


def _refusal(function: Callable, name: str, wanted: types.Type) -> str:
    return f"{function.__module__}.{function.__name__}: {name} is given a float, not {wanted}"


# --- the cache ------------------------------------------------------------------------------------------------------


class _Locator(caching._CacheLocator):
    """Where a function's machine code is kept, and what it is stamped with: all source that it depends on.

    Numba's own locators look at a function's own file only, not at what it calls: an edit there would go unseen.
    """

    def __init__(self, function: Callable) -> None:
        self._function = function

    def get_cache_path(self) -> str:
        """A folder a module."""
        return str(cache_root() / self._function.__module__)

    def get_source_stamp(self) -> str:
        """A hash over the source."""
        return getattr(self._function, "stamp", None) or stamp_of(self._function.__module__)

    def get_disambiguator(self) -> str:
        """Nothing: names are unique in a module."""
        return ""

    @classmethod
    def from_function(cls, function: Callable, file: str) -> _Locator:
        """For any function."""
        return cls(function)


class _Place(caching.CompileResultCacheImpl):
    _locator_classes = [_Locator]  # type: ignore[list-item]  # numba has object where it means a locator


class _Cache(caching.FunctionCache):
    _impl_class = _Place

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was kept, or nothing where it cannot be read: an older version's, or one cut off in writing."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # unpickling raises whatever it likes
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep it, or go on without where a disk is full."""
        with suppress(OSError):
            super().save_overload(sig, data)


def kept_callback(function: Callable, signature: Any) -> Any:
    """A C callback, compiled now or loaded; its `stamp` says what it depends on."""
    made = CFunc(function, (signature.args, signature.return_type), {}, dict(OPTIONS))
    vars(made)["_cache"] = _Cache(function)
    made.compile()
    return made


@cache
def cache_root() -> Path:
    """The first folder of these that can be written to."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chuishao"
    for folder in ([Path(given)] if given else []) + [_ROOT / "agents" / "__pycache__" / "compiled", user]:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            return folder
    folder = Path(tempfile.mkdtemp(prefix="chuishao-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    print("Chuishao: the compiled model cannot be kept, since no folder for it can be written to; each start will "
          "take a minute. Set NUMBA_CACHE_DIR to a folder of yours.", file=sys.stderr)
    return folder


@cache
def stamp_of(module: str) -> str:
    """A hash over the source of a module and of all of agents and model that it imports, and the versions of tools."""
    tools = (numba.__version__, np.__version__, platform.python_version(), vars(config)["BOUNDSCHECK"],
             layout_of(NAMED["District"]()))
    h = hashlib.sha256(repr(tools).encode())
    for name in sorted(_imported_by(module) | {module, __name__}):
        h.update(name.encode() + _source_of(name))
    return h.hexdigest()


def layout_of(kind: types.Type) -> str:
    """All fields of a type, and of what it holds; signatures name owners only."""
    if isinstance(kind, OwnerType):
        return f"{kind}({', '.join(f'{name}: {layout_of(field)}' for name, (_, field) in layout(kind.name).items())})"
    return str(kind)


NOT_COMPILED = {"model.scenario", "model.errors", "model.regimes", "model.world", "agents.rules", "agents.people"}
"""What compiled modules import, but of which no compiled code is made; types that depend on it are part of keys."""


@cache
def _source_of(module: str) -> bytes:
    path = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path.read_bytes() if path.exists() else b""


@cache
def _imported_by(module: str) -> frozenset[str]:
    """Modules of agents and model that this one imports, itself or through others."""
    package, found = module.rpartition(".")[0], set()
    for node in ast.parse(_source_of(module)).body:
        if isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, (package if node.level else "", node.module)))
            found |= {base, *(f"{base}.{one.name}" for one in node.names)}
    found = {name for name in found if name.startswith(("agents.", "model.")) and _source_of(name)} - NOT_COMPILED
    return frozenset(found.union(*(_imported_by(name) for name in found)))


# --- first use ------------------------------------------------------------------------------------------------------

_lock = threading.RLock()
_listener: Callable[[int, int], None] | None = None
_done = 0


def _note(made: Any) -> None:
    """Tell whoever listens that one more entry is there, if it had to be compiled."""
    global _done
    if _listener is not None and made.stats.cache_misses and any(made is one for one in ENTRIES):
        _done += 1
        _listener(_done, len(ENTRIES))


def say_so(done: int, all_: int) -> None:
    """Tell on stderr how far compiling is."""
    if done == 1:
        print("Chuishao: compiling the model for this machine, once; this takes about a minute.", file=sys.stderr)
    if sys.stderr.isatty():
        print(f"\r  {done} of {all_}", end="\n" if done == all_ else "", file=sys.stderr, flush=True)


def prepare(tell: Callable[[int, int], None] = say_so) -> None:
    """Have every entry compiled and kept, by one process while others wait; each is loaded when it is first called.

    Args:
        tell: called as (entries compiled so far, entries there are) while anything is compiled.
    """
    global _listener
    if PLAIN or len(ENTRIES) in _prepared:
        return
    with _lock:
        whole = cache_root() / f"whole-{_stamp_of_all()}"
        if not whole.exists():
            with _one_process():
                _listener = tell
                try:
                    for made in ENTRIES:
                        made.ready()
                    for make in ALSO:
                        make()
                finally:
                    _listener = None
            with suppress(OSError):
                whole.touch()
        _prepared.add(len(ENTRIES))


_prepared: set[int] = set()
"""Numbers of entries for which all was found or made."""
ALSO: list[Callable[[], Any]] = []
"""What else is compiled once and kept, beside entries."""


def _stamp_of_all() -> str:
    stamps = {made.__module__: stamp_of(made.__module__) for made in ENTRIES}
    rules = _source_of("agents.rules") + _source_of("agents.attention")
    return hashlib.sha256(repr((sorted(stamps.items()), len(ENTRIES))).encode() + rules).hexdigest()[:24]


@contextmanager
def _one_process() -> Iterator[None]:
    """Wait while another process compiles; where files cannot be locked, each compiles for itself, which is safe."""
    with ExitStack() as held, suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(held.enter_context(open(cache_root() / "lock", "w")), fcntl.LOCK_EX)
        held = held.pop_all()
    with held:
        yield
