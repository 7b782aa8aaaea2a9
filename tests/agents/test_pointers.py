"""How the compiled model asks rules: pointers, what is kept on disk, what a rule may return, who hears of it."""

import math
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from agents import pointers
from agents.arguments import samples
from agents.compiled import PLAIN
from agents.pointers import MODE, SPLIT, WATCHES, default_pointers, problem, through, watched, watching
from agents.rules import SLOTS
from agents.work import RELAY, TIGHTEN, TRANSLATE

compiled_only = pytest.mark.skipif(PLAIN, reason="nothing is compiled")
PERSON = (np.ones(3), np.ones(3), np.ones(3), np.array([1.0, 2.0, 3.0]), 4.0, 2.0)
_limit = 0.5


def _half(x):
    return x / 2


def slack(motivation, monitored):
    return _half(motivation) * _limit


class Ear:
    """Notes what it hears."""

    def __init__(self):
        self.failed, self.heard, self.lost = False, [], []

    def take(self, slot, rule, args, value):
        self.heard.append((slot, args, value))

    def escaped(self, error):
        self.lost.append(error)


# --- the model's own rules --------------------------------------------------------------------------------------


@compiled_only
def test_defaults_are_compiled_once_a_process():
    assert default_pointers() is default_pointers()
    assert all(pointer.compiled for pointer in default_pointers())


def test_what_is_kept_on_disk_is_known_again_in_another_process(pytestconfig):
    code = "from agents.pointers import SLOTS, _stamp; print([_stamp(field.default) for field in SLOTS.values()])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)}).stdout
    assert told == f"{[pointers._stamp(field.default) for field in SLOTS.values()]}\n"


def test_what_is_kept_on_disk_is_old_once_a_constant_or_a_helper_changes(monkeypatch):
    stamps = [pointers._stamp(slack)]
    monkeypatch.setitem(globals(), "_limit", 0.25)
    stamps.append(pointers._stamp(slack))

    def _half(x):
        return x / 4

    monkeypatch.setitem(globals(), "_half", _half)
    stamps.append(pointers._stamp(slack))
    assert len(set(stamps)) == 3


@compiled_only
def test_a_default_somebody_edited_so_that_it_does_not_compile_is_called(monkeypatch):
    def edited(motivation, monitored):
        return float(format(0.125, ".3f"))

    monkeypatch.setattr(SLOTS["slack"], "default", edited)
    pointer = pointers._default("slack")
    assert not pointer.compiled
    assert through("slack", pointer)(0.5, 1.0) == 0.125


@compiled_only
@pytest.mark.parametrize("slot", ["slack", SPLIT])
def test_what_a_default_somebody_edited_raises_is_not_lost(monkeypatch, slot):
    def slack(motivation, monitored):
        if motivation < 3:
            raise AssertionError
        return 0.0

    def split_attention(weights, urgency, own, backlog, hours, kappa):
        return backlog[:2]

    monkeypatch.setattr(SLOTS[slot], "default", {"slack": slack, SPLIT: split_attention}[slot])
    pointer, ear = pointers._default(slot), Ear()
    assert pointer.compiled
    with watching(ear):
        through(slot, pointer)(*(PERSON if slot == SPLIT else (0.5, 1.0)))
    assert [type(error) for error in ear.lost] == [ValueError if slot == SPLIT else AssertionError]


# --- rules of one's own -----------------------------------------------------------------------------------------


@compiled_only
def test_a_rule_is_compiled_once_and_again_when_what_it_reads_has_changed(monkeypatch):
    first = watched("slack", slack)
    assert first.compiled and watched("slack", slack) is first
    monkeypatch.setitem(globals(), "_limit", 0.25)
    second = watched("slack", slack)
    assert second is not first
    assert [through("slack", one)(0.4, 0.0) for one in (first, second)] == [0.1, 0.05]


@pytest.mark.parametrize("rule", [lambda motivation, monitored: 7.0, lambda motivation, monitored: {}[motivation],
                                  lambda motivation, monitored: 1 / (motivation - motivation)])
def test_a_complaint_is_told_and_the_default_answers(rule):
    with watching(Ear()) as _:
        ear, ask = WATCHES.all[-1], through("slack", watched("slack", rule))
        assert ask(0.5, 10.0) == pytest.approx(SLOTS["slack"].default(0.5, 10.0))
    ((slot, args, value),) = ear.heard
    assert (slot, args) == ("slack", (0.5, 10.0))
    assert value == 7.0 or isinstance(value, KeyError | ZeroDivisionError)


def test_a_complaint_about_a_day_s_split_leaves_everybody_idle():
    def greedy(weights, urgency, own, backlog, hours, kappa):
        backlog[:] = 100.0
        return backlog

    with watching(Ear()):
        ear = WATCHES.all[-1]
        assert through(SPLIT, watched(SPLIT, greedy))(*PERSON).tolist() == [0, 0, 0]
    ((_, args, value),) = ear.heard
    assert args[3].tolist() == [1, 2, 3]  # as it was given, though the rule wrote into it
    assert value.tolist() == [100, 100, 100]


def test_nobody_is_asked_while_there_is_a_complaint():
    asked = []

    def rule(motivation, monitored):
        asked.append(1)
        return 0.0

    with watching(SimpleNamespace(failed=True)):
        assert through("slack", watched("slack", rule))(0.5, 10.0) == pytest.approx(SLOTS["slack"].default(0.5, 10.0))
    assert not asked


def test_the_innermost_hears():
    outer, inner, rule = Ear(), Ear(), watched("slack", lambda motivation, monitored: 7.0)
    with watching(outer):
        with watching(inner):
            through("slack", rule)(0.5, 1.0)
        through("slack", rule)(0.25, 1.0)
    assert [args[0] for _, args, _ in inner.heard] == [0.5]
    assert [args[0] for _, args, _ in outer.heard] == [0.25]
    assert WATCHES.all == []


@pytest.mark.parametrize("slot", ["slack", "contradict", "inspection_finds", MODE, SPLIT])
def test_compiled_and_called_are_asked_alike(slot):
    """A closure is called as it is."""
    rule = SLOTS[slot].default
    called = watched(slot, lambda *args: rule(*args))
    assert PLAIN or not called.compiled
    for args in samples(slot, np.random.default_rng(3)):
        np.testing.assert_array_equal(through(slot, called)(*args),
                                      through(slot, getattr(default_pointers(), slot))(*args))


# --- what a rule may return -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slot", "out", "key"), [
    ("slack", 0.5, None), ("slack", 1, None), ("slack", True, None), ("slack", np.float32(0.5), None),
    ("slack", np.array(0.5), None), ("slack", 1 + 1e-12, None), ("slack", 1 + 1e-6, "outside"), ("slack", -1, "outside"),
    ("slack", math.nan, "not_finite"), ("slack", math.inf, "not_finite"), ("data_hours", math.inf, "not_finite"),
    ("whim", -math.inf, "not_finite"), ("whim", -1e300, None), ("slack", None, "nothing"), ("slack", "1", "no_number"),
    ("slack", [0.5], "no_number"), ("slack", 1j, "no_number"), ("slack", {}, "no_number"), ("slack", ValueError(), "raised"),
    (MODE, RELAY, None), (MODE, float(TIGHTEN), None), (MODE, np.int64(TRANSLATE), None), (MODE, "relay", None),
    (MODE, 3, "no_mode"), (MODE, 0.5, "no_mode"), (MODE, math.nan, "no_mode"), (MODE, "shout", "no_mode"),
    (MODE, [], "no_mode"), (MODE, None, "nothing"),
    (SPLIT, np.array([1.0, 2.0, 1.0]), None), (SPLIT, [1, 2, 1], None), (SPLIT, (0, 0, 0), None),
    (SPLIT, np.array([1.0, 2.0]), "shape"), (SPLIT, np.zeros((1, 3)), "shape"), (SPLIT, 1.0, "shape"),
    (SPLIT, np.array([1.0, 2.0, 1.5]), "day"), (SPLIT, np.array([1.5, 0, 0]), "backlog"),
    (SPLIT, np.array([-1.0, 0, 0]), "outside"), (SPLIT, np.array([math.nan, 0, 0]), "not_finite"),
    (SPLIT, "abc", "no_number"), (SPLIT, {}, "no_number"), (SPLIT, None, "nothing")])
def test_problem(slot, out, key):
    assert problem(slot, out, PERSON if slot == SPLIT else ()) == key
