"""Regimes: how they are spelt, read and named, what a level may be, and that files say only what they change."""

import pickle
import re
from dataclasses import asdict, fields
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import in_chinese

from languages.text import say
from model.errors import InputError, text_of
from model.governance import GovernanceModel
from model.levels import LEVELS, TABLES
from model.regimes import (
    ARMS,
    CONTROLS,
    FOLDER,
    HALVES,
    LAYERED,
    REFORMS,
    SWITCH_KEYS,
    SWITCHES,
    WHISTLE,
    Powers,
    Regime,
    parse_regime,
    said,
)
from model.scenario import Scenario

NAMES = [*SWITCHES, *CONTROLS]
SUBSETS = [frozenset(on) for on in chain.from_iterable(combinations(NAMES, n) for n in range(len(NAMES) + 1))]
SCENARIO = Scenario(departments=20)
NOTHING = {"offices": 20, "whistle_due": -1, "first": False, "send_back": False, "summon": False, "discretion": 0.0,
           "direct_due": -1, "causes": False, "centre_hours": 0.0, "sigma_street": 0.0, "sigma_department": 0.0,
           "rating": False, "call_back": False, "contact": 1.0, "refuse": 1.0, "patrol": 0.0, "volunteers": False,
           "merge_tasks": False, "forms": 1.0, "train": 0.0, "staff": 1.0, "first_secretary": 0, "sent_down": 0,
           "own_policy": 0.0, "platform": False}
CHANGES = {
    "slim": {"offices": 6}, "dispatch": {"whistle_due": 0, "first": True, "send_back": True, "summon": True},
    "triage": {"causes": True}, "mobilise": {"volunteers": True},
    "two_way": {"sigma_street": 0.25, "sigma_department": 0.25, "rating": True, "call_back": True, "refuse": 0.5},
    "rate_departments": {"sigma_department": 0.25, "rating": True},
    "score_streets": {"sigma_street": 0.25, "call_back": True, "refuse": 0.5},
    "merge_tasks": {"merge_tasks": True}, "cut_forms": {"forms": 0.7}, "train": {"train": 0.8},
    "more_staff": {"staff": 1.1},
}


# --- levels and files -------------------------------------------------------------------------------------------------


def test_every_power_is_a_level_and_every_level_a_power():
    assert {("first" if key == "priority" else key) for key in LEVELS} == {f.name for f in fields(Powers)}
    assert {one.table for one in LEVELS.values()} == set(TABLES)


def test_the_files_state_what_the_specification_says():
    assert {name: dict(one.states) for name, one in REFORMS.items() if name != "whistle"} == {
        "whistle_ordinary": {**WHISTLE.levels, "whistle_due": 5, "priority": "plain"},
        "hotline": {"direct_due": 10, "centre_hours": 0.1, "sigma_street": 0.25, "sigma_department": 0.25,
                    "call_back": True, "contact": 0.7, "refuse": 0.4},
        "grid": {"sigma_street": 0.1, "call_back": True, "patrol": 0.5}, "merge_tasks": {"merge_tasks": True},
        "cut_forms": {"forms": 0.7}, "train": {"train": 0.8}, "more_staff": {"staff": 1.1},
        "first_secretary": {"first_secretary": 2}, "enforcement_sent_down": {"sent_down": 5},
        "ten_years_ago": {"own_policy": 0.7, "discretion": 0.5}, "platform": {"platform": True}}
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(REFORMS) >= set(ARMS)


def test_whistle_is_its_switches():
    assert {key for name in SWITCHES for key in SWITCH_KEYS[name]} == set(WHISTLE.levels)
    assert {*SWITCH_KEYS["rate_departments"], *SWITCH_KEYS["score_streets"]} == set(SWITCH_KEYS["two_way"])


@pytest.mark.parametrize("name", CHANGES)
def test_a_switch_changes_its_own_levels_and_nothing_else(name):
    assert asdict(parse_regime(f"layered+{name}").powers(SCENARIO)) == {**NOTHING, **CHANGES[name]}


def test_layered_has_no_powers():
    assert asdict(LAYERED.powers(SCENARIO)) == NOTHING and LAYERED.levels == {}


def test_there_are_no_more_offices_than_departments():
    few = Scenario(departments=4)
    assert [parse_regime(f"layered+offices={n}").powers(few).offices for n in (1, 4, 9)] == [1, 4, 4]


def own(tmp_path, text, name="mine"):
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_goes_by_its_name_and_travels_with_its_levels(tmp_path):
    path = own(tmp_path, 'label = "Mine"\n[powers]\nwhistle_due = 3\n[arms]\nforms = 0.5\ntrain = 0\n')
    regime = parse_regime(str(path))
    assert regime.levels == {"whistle_due": 3, "forms": 0.5}
    assert regime.name == "mine:layered+whistle_due=3+forms=0.5"
    path.unlink()
    again = parse_regime(regime.name)
    assert again == regime and again.name == regime.name
    assert said(regime.name, "zh") == said(regime.name, "en") == "mine"


def test_a_file_can_be_added_to_and_be_added(tmp_path):
    path = own(tmp_path, "[arms]\nforms = 0.5\n")
    assert parse_regime(f"{path}+discretion=.3") == parse_regime(f"layered+discretion=.3+{path}")
    assert parse_regime(f"whistle-slim+{path}").levels == {**parse_regime("whistle-slim").levels, "forms": 0.5}


@pytest.mark.parametrize(("text", "line", "parts"), [
    ("[powers]\nwhistle_due = 40\n", 2, ["whistle_due = 40", "-1–30", "whole number", "days"]),
    ("[powers]\nwhistle_du = 4\n", 2, ["unknown level 'whistle_du'", "did you mean 'whistle_due'"]),
    ("[power]\n", None, ["power is no table", "did you mean 'powers'"]),
    ("[arms]\n\ndiscretion = 0.2\n", 3, ["discretion is no level of [arms]", "put it under [powers]"]),
    ("discretion = 0.2\n", 1, ["put it under [powers]"]),
    ("[powers]\nsend_back = 1\n", 2, ["send_back = 1", "neither true nor false"]),
    ("[powers]\npriority = 'last'\n", 2, ["priority = 'last'", "plain, first"]),
    ("[routing]\noffices = 0\n", 2, ["offices = 0", "1–60"]),
    ("[assessment]\nsigma_department = 0.2\n", 2, ["sigma_department", "add rating or call_back"]),
    ("label = 3\n", 1, ["label = 3", "quotes"]),
    ("[powers\n", None, ["not valid TOML"]),
])
def test_what_is_wrong_in_a_file_is_one_sentence_with_its_line(tmp_path, text, line, parts):
    with pytest.raises(InputError) as caught:
        parse_regime(str(own(tmp_path, text)))
    for part in (*parts, "mine.toml", *([f"line {line}"] if line else [])):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "part"), [("my-own", "letters, digits and _ only"), ("hotline", "a name of ours"),
                                            ("slim", "a name of ours")])
def test_a_file_needs_a_name_of_its_own(tmp_path, name, part):
    with pytest.raises(InputError, match=part):
        parse_regime(str(own(tmp_path, "", name)))


def test_visitors_cannot_name_files(tmp_path):
    with pytest.raises(InputError, match="is a file"):
        parse_regime(str(own(tmp_path, "")), files=False)
    assert parse_regime("mine:hotline", files=False) == parse_regime("hotline")


# --- spelling ---------------------------------------------------------------------------------------------------------


def test_every_set_has_a_name_of_its_own_that_is_read_back():
    made = [Regime.of(on) for on in SUBSETS]
    assert len({one.name for one in made}) == len(SUBSETS)
    for on, one in zip(SUBSETS, made, strict=True):
        assert one.on == on and parse_regime(one.name) == one


@given(st.permutations(NAMES), st.sampled_from(SUBSETS), st.sampled_from(["layered", "whistle"]), st.data())
def test_any_spelling_of_a_set_is_read(order, on, base, data):
    start = SWITCHES if base == "whistle" else {}
    words = [f"+{name}" for name in order if name in on] + [f"-{name}" for name in order if name in start and name not in on]
    gap = data.draw(st.sampled_from(["", " "]))
    read = parse_regime(base + "".join(gap + word for word in data.draw(st.permutations(words))))
    assert read.on == on
    assert parse_regime(read.name) == read


def _values(one):
    if one.choices:
        return st.sampled_from(one.choices)
    if isinstance(one.layered, bool):
        return st.booleans()
    low, high = one.low, one.high
    return st.integers(int(low), int(high)) if one.whole else st.floats(low, high).filter(lambda x: x == 0 or x > 1e-9)


@given(st.fixed_dictionaries({}, optional={key: _values(one) for key, one in LEVELS.items()}))
def test_any_levels_have_a_name_that_is_read_back(levels):
    if levels.get("sigma_department"):
        levels["rating"] = True
    regime = Regime(tuple(levels.items()))
    assert parse_regime(regime.name) == regime == Regime.of(regime.on) == pickle.loads(pickle.dumps(regime))
    assert regime.levels == {k: v for k, v in levels.items() if v != LEVELS[k].layered}


@pytest.mark.parametrize(("text", "name"), [
    ("layered", "layered"), (" whistle ", "whistle"), ("whistle-slim", "whistle-slim"),
    ("layered+empower", "layered+dispatch+triage"), ("whistle-empower", "whistle-dispatch-triage"),
    ("layered+slim-slim", "layered"), ("whistle -slim +slim", "whistle"),
    ("layered+slim+dispatch+triage+two_way+mobilise", "whistle"), ("layered+train+merge_tasks", "layered+merge_tasks+train"),
    ("layered+rate_departments+score_streets", "layered+two_way"), ("whistle+offices=6", "whistle"),
    ("whistle+offices=10", "whistle+offices=10"), ("hotline+contact=1", "hotline-contact"),
    ("train", "layered+train"), ("layered+train=.8", "layered+train"), ("layered+train=1.2", "layered+train=1.2"),
    ("layered+summon", "layered+summon"), ("layered+priority=first", "layered+priority=first"),
    ("layered+whistle_due=-1", "layered"), ("layered+forms=1e-05", "layered+forms=1e-05"),
    ("whistle+hotline", "whistle+hotline"), ("grid+score_streets", "grid+score_streets"),
    ("whistle+sigma_street=.5", "whistle+sigma_street=0.5")])
def test_names_are_the_shortest_spelling(text, name):
    assert parse_regime(text).name == name


def test_a_b_takes_what_b_states_where_both_do_and_says_so():
    both = parse_regime("whistle+hotline")
    assert both.levels == {**WHISTLE.levels, "direct_due": 10, "centre_hours": 0.1, "contact": 0.7, "refuse": 0.4}
    (note,) = both.notes
    assert all(part in note for part in ("refuse is 0.4", "as hotline has it", "in place of 0.5"))
    assert parse_regime("hotline+whistle").levels["refuse"] == 0.5
    assert parse_regime("whistle+offices=3").notes == parse_regime("hotline+grid-sigma_street").notes[1:] == ()


@pytest.mark.parametrize(("text", "parts"), [
    ("", ["''", "must start with layered"]),
    ("two_way", ["'two_way'", "must start with"]),
    ("Layered", ["'Layered'", "must start with", "did you mean 'layered'"]),
    ("hotlin", ["did you mean 'hotline'"]),
    ("+slim", ["must start with"]),
    ("layered+twoway", ["unknown switch 'twoway'", "did you mean 'two_way'"]),
    ("whistle-slimm", ["unknown switch 'slimm'", "did you mean 'slim'"]),
    ("layered+xyz", ["unknown switch 'xyz'", "known: slim, dispatch"]),
    ("layered+Slim", ["unknown switch 'Slim'"]),
    ("layered+", ["'layered+'", "a name is missing after +"]),
    ("layered+slim=3", ["slim is a switch", "layered+slim"]),
    ("layered+discretion", ["discretion needs a value", "layered+discretion="]),
    ("layered+discretion=.9", ["discretion = 0.9", "0–0.8"]),
    ("layered+discretio=.3", ["unknown level 'discretio'", "did you mean 'discretion'"]),
    ("layered+offices=0", ["offices = 0", "1–60"]),
    ("layered+whistle_due=1.5", ["not a whole number"]),
    ("layered+a*b", ["'layered+a*b'"]),
    ("whistle xslim", ["xslim", "put + or -"]),
    ("layered+sigma_department=.2", ["add rating or call_back"]),
    ("hotline-call_back", ["add rating or call_back"]),
    ("nowhere.toml", ["there is no regime 'nowhere.toml'; check the path"]),
])
def test_wrong_names_are_told_with_their_remedy(text, parts):
    with pytest.raises(InputError) as caught:
        parse_regime(text)
    for part in parts:
        assert part in str(caught.value)
    in_chinese(text_of(caught.value))


# --- what a regime is -------------------------------------------------------------------------------------------------


def test_only_more_paid_hours_are_not_neutral():
    assert {on for on in SUBSETS if not Regime.of(on).neutral} == {on for on in SUBSETS if "more_staff" in on}
    assert [name for name in REFORMS if not parse_regime(name).neutral] == ["more_staff"]


def test_paid_hours_are_equal_under_every_shipped_reform_but_more_staff():
    scenario = Scenario(streets=2, departments=8, cadres=4, residents=40, days=35, burn_in=10)
    paid = {name: GovernanceModel(scenario, name, rng=2).run().neutrality() for name in ("layered", *REFORMS)}
    hours = {name: sum(told["paid_hours"].values()) for name, told in paid.items()}
    assert max(told["spent_plus_idle_error"] for told in paid.values()) < 1e-6
    for name in REFORMS:
        assert hours[name] == pytest.approx(hours["layered"] * (1.1 if name == "more_staff" else 1), rel=1e-9)


def test_every_name_is_said_in_both_languages():
    names = {**SWITCHES, **HALVES, **CONTROLS}
    texts = [*chain.from_iterable(names.values()), *(text for one in REFORMS.values() for text in (one.label, one.text)),
             *(text for one in LEVELS.values() for text in (one.label, one.text, one.price))]
    assert all(str(label) == name for name, (label, _says) in names.items())
    for text in texts:
        assert text[:10].isascii() and any("\u4e00" <= letter <= "\u9fff" for letter in say(text, "zh")), text
    assert not re.search("[a-z]", said("whistle-slim+offices=3+priority=plain", "zh"))


def test_the_files_are_in_the_wheel():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'model = ["reforms/*.toml"]' in text
