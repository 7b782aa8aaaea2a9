"""What holds the state, and what the compiler does not check by itself: types, the cache of machine code, its place."""

import ast
import dis
import importlib
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import mesa
import numba
import pytest
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher

from agents import compiled as engine
from agents.compiled import NOT_COMPILED, Owner, compiled, entry, fields_of
from model.district import District
from model.governance import GovernanceModel

ROOT = Path(__file__).parents[2]
MOST = 40
FILES = sorted(path for folder in ("agents", "model") for path in (ROOT / folder).glob("*.py"))
MODULES = {f"{path.parent.name}.{path.stem}" for path in FILES if path.stem != "__init__"}
TINY = dict(streets=1, departments=3, cadres=3, residents=10, days=35, burn_in=5)
compiling = pytest.mark.skipif(engine.PLAIN, reason="nothing is compiled")


# --- state by owner ---------------------------------------------------------------------------------------------


def attributes(node):
    """Names that a class gives to `self`."""
    stores = (t for x in ast.walk(node) if isinstance(x, ast.Assign | ast.AnnAssign | ast.AugAssign) for t in ast.walk(x))
    return {t.attr for t in stores if isinstance(t, ast.Attribute) and isinstance(t.ctx, ast.Store)
            and isinstance(t.value, ast.Name) and t.value.id == "self"}


def test_no_class_holds_more_than_forty_attributes():
    sizes = {f"{path.stem}.{node.name}": len(attributes(node)) for path in FILES
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)}
    assert len(sizes) > 20 and max(sizes.values()) > 3  # it counts something
    assert {name: size for name, size in sizes.items() if size > MOST} == {}


def test_no_owner_holds_more_than_forty_fields():
    owners = [District, *(hint for hint in fields_of(District).values() if isinstance(hint, type))]
    assert len(owners) > 8 and all(issubclass(owner, Owner) for owner in owners)
    assert {owner.__name__: len(fields_of(owner)) for owner in owners if len(fields_of(owner)) > MOST} == {}


def test_a_model_holds_little_beside_its_district():
    m = GovernanceModel(**TINY, rng=1).run()
    assert m.agents
    assert len(vars(m).keys() - vars(mesa.Model()).keys()) <= 18


# --- declared types ---------------------------------------------------------------------------------------------


@pytest.fixture
def unkept(monkeypatch):
    """Functions compiled in a test are not kept on disk, and are no entries of the model."""
    monkeypatch.setattr(engine, "_Cache", lambda function: NullCache())
    monkeypatch.setattr(engine, "ENTRIES", [])


@compiling
def test_a_float_for_an_int_is_refused(unkept):
    @compiled
    def takes_int(days: int, hours: float) -> float:
        return days + hours

    @entry
    def gives_float(hours: float) -> float:
        return takes_int(hours, hours)

    @entry
    def gives_ratio(days: int) -> float:
        return takes_int(days / 2, 1.0)

    for wrong, given in ((gives_float, 2.5), (gives_ratio, 3)):
        with pytest.raises((TypeError, numba.TypingError), match="takes_int: days is given a float, not int64"):
            wrong(given)


@compiling
def test_an_int_for_a_float_and_a_bool_for_an_int_are_no_loss(unkept):
    @compiled
    def takes(days: int, hours: float) -> float:
        return days + hours

    @entry
    def gives(days: int, late: bool) -> float:
        return takes(late, days)

    assert gives(3, True) == 4.0


@compiling
def test_what_is_no_annotation_is_refused(unkept):
    @entry
    def wrong(days: str) -> int:
        return 1

    with pytest.raises(TypeError, match="no annotation of compiled code"):
        wrong("a")


# --- the cache's stamp ------------------------------------------------------------------------------------------


def compiled_functions(module):
    """The module's own functions that are compiled."""
    return {name: made.py_func for name, made in vars(module).items()
            if isinstance(made, Dispatcher) and made.py_func.__module__ == module.__name__}


COMPILED = [name for name in sorted(MODULES) if compiled_functions(importlib.import_module(name))]


def stamp_if(monkeypatch, module, changed=""):
    """The stamp of a module's machine code, had another been edited."""
    source = engine._source_of.__wrapped__
    with monkeypatch.context() as patch:
        patch.setattr(engine, "_source_of", lambda name: source(name) + b"# edited" * (name == changed))
        return engine.stamp_of.__wrapped__(module)


def globals_of(function):
    """Names it looks up in its module."""
    return {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}


def used_by(module):
    """Modules of ours whose functions, records and owners a module's functions are made of, as Python finds them."""
    found = set()
    for function in compiled_functions(module).values():
        for name in globals_of(function):
            value = function.__globals__.get(name)
            value = value.py_func if isinstance(value, Dispatcher) else value
            if inspect.ismodule(value):
                found |= {value.__name__}
            elif (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ in MODULES:
                found |= {value.__module__}
    return found & MODULES - {module.__name__}


@compiling
@pytest.mark.parametrize("name", COMPILED)
def test_an_edit_of_what_it_is_made_of_changes_the_stamp(name, monkeypatch):
    """Of the module itself, of what it calls, and of what that calls: Numba looks at a function's own file only."""
    reach, todo = set(), {name}
    while todo:
        reach |= todo
        todo = set().union(*(used_by(importlib.import_module(one)) for one in todo)) - reach
    now = stamp_if(monkeypatch, name)
    assert now == engine.stamp_of(name)
    assert [one for one in sorted(reach) if stamp_if(monkeypatch, name, one) == now] == []
    assert stamp_if(monkeypatch, name, "agents.compiled") != now


@compiling
@pytest.mark.parametrize("name", COMPILED)
def test_an_edit_of_words_or_rules_changes_no_stamp(name, monkeypatch):
    now = stamp_if(monkeypatch, name)
    for other in ("model.errors", "model.measures", "model.governance",
                  "agents.rules", "agents.variants", "model.caselog"):
        assert stamp_if(monkeypatch, name, other) == now, other


@compiling
def test_an_edit_recompiles_what_depends_on_it_and_no_more(monkeypatch):
    def edited(other):
        return {name for name in COMPILED if stamp_if(monkeypatch, name, other) != engine.stamp_of(name)}

    assert edited("model.day") == {"model.day"} < edited("model.emergencies") < edited("agents.compiled") == set(COMPILED)
    assert "model.street" in edited("model.luck") and "model.street" not in edited("model.emergencies")


@compiling
@pytest.mark.parametrize("name", COMPILED)
def test_nothing_compiled_uses_what_no_stamp_holds(name):
    """What is imported from modules that are left out of stamps must not be part of machine code."""
    module = importlib.import_module(name)
    left_out = {alias.asname or alias.name for node in ast.parse(inspect.getsource(module)).body
                if isinstance(node, ast.ImportFrom)
                for alias in node.names if importlib.util.resolve_name(
                    "." * node.level + (node.module or ""), module.__package__) in NOT_COMPILED}
    for function in compiled_functions(module).values():
        assert not left_out & globals_of(function), function.__name__


@compiling
def test_the_layout_of_tables_is_part_of_the_stamp(monkeypatch):
    now = engine.stamp_of("model.street")
    monkeypatch.setattr(engine, "layout_of", lambda kind: "another")
    assert engine.stamp_of.__wrapped__("model.street") != now
    monkeypatch.undo()
    layout = engine.layout_of(engine.NAMED["District"]())
    assert all(f"{name}: " in layout for name in fields_of(District)) and "motivation" in layout


# --- where machine code is kept ---------------------------------------------------------------------------------


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """Every folder that machine code might be kept in lies below a file, where even root cannot write."""
    file = tmp_path / "a_file"
    file.write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(file / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(file / "user"))
    monkeypatch.setattr(engine, "_ROOT", file)
    return file


def test_without_a_writable_folder_it_says_so_and_keeps_for_this_start_only(nowhere, monkeypatch, capsys):
    ended = []
    monkeypatch.setattr(engine.atexit, "register", lambda *what, **how: ended.append((what, how)))
    folder = engine.cache_root.__wrapped__()
    assert folder.is_dir() and not list(folder.iterdir())
    told = capsys.readouterr().err
    assert "the compiled model cannot be kept" in told and "Set NUMBA_CACHE_DIR to a folder of yours" in told
    ((remove, *what), how), = ended
    remove(*what, **how)
    assert not folder.exists()


def test_the_first_writable_folder_is_taken_without_a_word(nowhere, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    assert engine.cache_root.__wrapped__() == tmp_path / "user" / "chuishao"
    monkeypatch.setattr(engine, "_ROOT", tmp_path / "ours")
    assert engine.cache_root.__wrapped__() == tmp_path / "ours" / "agents" / "__pycache__" / "compiled"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))
    assert engine.cache_root.__wrapped__() == tmp_path / "given"
    assert capsys.readouterr().err == ""


def kept_in(folder, monkeypatch, stamp):
    """A function compiled, or loaded from a folder; whether it was loaded."""
    monkeypatch.setattr(engine, "cache_root", lambda: folder)
    monkeypatch.setattr(engine, "ENTRIES", [])

    def doubled(days: int) -> int:
        return 2 * days

    doubled.stamp = stamp
    made = entry(doubled)
    assert made(4) == 8
    return bool(made.stats.cache_hits)


@compiling
def test_machine_code_is_loaded_while_its_stamp_holds(monkeypatch, tmp_path):
    assert [kept_in(tmp_path, monkeypatch, stamp) for stamp in ("one", "one", "two", "two")] == [False, True, False, True]
    assert list(tmp_path.rglob("*.nbc"))


# --- the same source uncompiled ---------------------------------------------------------------------------------

RUNS = """
import json, sys
from dataclasses import replace
from agents.attention import water_fill
from agents.compiled import PLAIN
from agents.rules import Rules
from model.governance import GovernanceModel

def split_attention(weights, urgency, own, backlog, hours, kappa):
    return water_fill(weights * urgency, backlog, hours)

own = replace(Rules(), split_attention=split_attention, transmission_mode=lambda left, pressure, grounded: "translate",
              sends_back=lambda days: days > 1)
events = [{"day": 3, "kind": "whistle"}, {"day": 4, "kind": "emergency"}, {"day": 5, "kind": "inspection"}]
given = dict(json.loads(sys.argv[1]), load=2.0, events=events, rng=1)
runs = {name: GovernanceModel(**given, regime=regime, rules=rules).run() for name, regime, rules in (
    ("layered", "layered", None), ("reform", "whistle+merge_tasks", None), ("own rules", "layered+dispatch", own))}
json.dump({"plain": PLAIN, **{name: [m.measures(), m.accounts(), m.record.hours.sum(axis=0).tolist()]
                              for name, m in runs.items()}}, sys.stdout)
"""


@pytest.mark.slow
def test_the_same_source_uncompiled_gives_the_same():
    def told(**switches):
        out = subprocess.run([sys.executable, "-c", RUNS, json.dumps({**TINY, "cooldown": 0})], cwd=ROOT, env={**os.environ, **switches},
                             capture_output=True, text=True, check=True).stdout
        return json.loads(out)

    compiled_, plainly = told(NUMBA_DISABLE_JIT="0"), told(NUMBA_DISABLE_JIT="1")
    assert (compiled_.pop("plain"), plainly.pop("plain")) == (False, True)
    assert compiled_.keys() == plainly.keys()
    for name, (measures, accounts, hours) in compiled_.items():
        assert plainly[name][0].keys() == measures.keys(), name
        for measure, value in measures.items():  # None where it is not defined
            given = plainly[name][0][measure]
            assert given is value or given == pytest.approx(value, rel=1e-9, abs=1e-9), (name, measure)
        assert plainly[name][1] == accounts, name
        assert sum(plainly[name][2], []) == pytest.approx(sum(hours, []), abs=1e-9), name
    assert compiled_["layered"] != compiled_["reform"]
