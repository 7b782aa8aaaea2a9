"""Regimes: every set of switches has a name that is read back, and a switch changes its own power and nothing else."""

from dataclasses import asdict
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import in_chinese

from languages.text import say
from model.errors import InputError, text_of
from model.regimes import CONTROLS, LAYERED, SWITCHES, WHISTLE, Regime, parse_regime
from model.scenario import Scenario

NAMES = [*SWITCHES, *CONTROLS]
SCENARIO = Scenario(departments=20, rho=0.7)
NOTHING = {"offices": 20, "dispatch": False, "triage": False, "rho": 0.0, "mobilise": False, "merge_tasks": False,
           "cut_forms": False, "train": False, "staff": 1.0}
CHANGES = {
    "slim": {"offices": 4}, "dispatch": {"dispatch": True}, "triage": {"triage": True}, "two_way": {"rho": 0.7},
    "mobilise": {"mobilise": True}, "merge_tasks": {"merge_tasks": True}, "cut_forms": {"cut_forms": True},
    "train": {"train": True}, "more_staff": {"staff": 1.1},
}
SUBSETS = [frozenset(on) for on in chain.from_iterable(combinations(NAMES, n) for n in range(len(NAMES) + 1))]


def test_the_table_here_covers_every_switch_and_arm():
    assert list(CHANGES) == NAMES
    assert len(SUBSETS) == 32 * 2**len(CONTROLS)


def test_every_set_has_a_name_of_its_own_that_is_read_back():
    names = {Regime(on).name for on in SUBSETS}
    assert len(names) == len(SUBSETS)
    for on in SUBSETS:
        assert parse_regime(Regime(on).name) == Regime(on)


@given(st.permutations(NAMES), st.sampled_from(SUBSETS), st.sampled_from(["layered", "whistle"]), st.data())
def test_any_spelling_of_a_set_is_read(order, on, base, data):
    start = SWITCHES if base == "whistle" else {}
    words = [f"+{name}" for name in order if name in on] + [f"-{name}" for name in order if name in start and name not in on]
    gap = data.draw(st.sampled_from(["", " "]))
    read = parse_regime(base + "".join(gap + word for word in data.draw(st.permutations(words))))
    assert read.on == on
    assert parse_regime(read.name) == read


@pytest.mark.parametrize(("text", "name"), [
    ("layered", "layered"), ("whistle", "whistle"), (" whistle ", "whistle"), ("layered+two_way", "layered+two_way"),
    ("whistle-slim", "whistle-slim"), ("layered+empower", "whistle-slim-two_way-mobilise"),
    ("whistle-empower", "whistle-dispatch-triage"), ("layered+slim-slim", "layered"), ("whistle-slim+slim", "whistle"),
    ("layered+slim+dispatch+triage+two_way+mobilise", "whistle"),
    ("whistle-slim-dispatch-triage-two_way-mobilise", "layered"), ("layered+train+merge_tasks", "layered+merge_tasks+train")])
def test_worked_examples(text, name):
    assert parse_regime(text) == parse_regime(name)


def test_the_names_that_stand_for_none_and_all():
    assert LAYERED.on == frozenset()
    assert WHISTLE.on == frozenset(SWITCHES)
    assert (LAYERED.name, WHISTLE.name) == ("layered", "whistle")
    assert parse_regime("whistle-slim").name == "whistle-slim"
    assert parse_regime("layered+train").name == "layered+train"


@pytest.mark.parametrize(("text", "parts"), [
    ("", ["''", "must start with 'layered' or 'whistle'"]),
    ("two_way", ["'two_way'", "must start with"]),
    ("Layered", ["'Layered'", "must start with"]),
    ("+slim", ["must start with"]),
    ("layered+twoway", ["unknown switch 'twoway'", "did you mean 'two_way'"]),
    ("whistle-slimm", ["unknown switch 'slimm'", "did you mean 'slim'"]),
    ("layered+xyz", ["unknown switch 'xyz'", "known: slim, dispatch"]),
    ("layered+Slim", ["unknown switch 'Slim'"]),
    ("layered+", ["unknown switch ''"]),
])
def test_wrong_names_are_told_with_their_remedy(text, parts):
    with pytest.raises(InputError) as caught:
        parse_regime(text)
    for part in parts:
        assert part in str(caught.value)
    in_chinese(text_of(caught.value))


def test_a_switch_needs_its_sign():
    with pytest.raises(InputError, match="xslim"):
        parse_regime("whistle xslim")


def test_a_regime_of_unknown_switches_cannot_be_made():
    with pytest.raises(InputError, match="did you mean 'slim'"):
        Regime(frozenset({"slim", "slimm"}))


@pytest.mark.parametrize("name", NAMES)
def test_a_switch_changes_its_own_power_and_nothing_else(name):
    assert asdict(Regime(frozenset({name})).powers(SCENARIO)) == {**NOTHING, **CHANGES[name]}


def test_powers_of_a_set_are_those_of_its_switches():
    for on in SUBSETS:
        wanted = dict(NOTHING)
        for name in on:
            wanted.update(CHANGES[name])
        assert asdict(Regime(on).powers(SCENARIO)) == wanted


def test_two_way_without_strength_is_layered():
    scenario = Scenario(rho=0.0)
    assert parse_regime("layered+two_way").powers(scenario) == LAYERED.powers(scenario)


def test_only_more_staff_is_not_neutral():
    assert {on for on in SUBSETS if not Regime(on).neutral} == {on for on in SUBSETS if "more_staff" in on}


def test_every_switch_is_said_in_both_languages():
    for name, (label, text) in (SWITCHES | CONTROLS).items():
        assert label == name and text[:10].isascii() and text[:10].strip()
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in say(said, "zh")) for said in (label, text))
