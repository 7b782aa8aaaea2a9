"""Wrong input is told in one sentence with its remedy; right input comes back as it went in."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import in_chinese

from languages.text import say
from model.errors import InputError, text_of
from model.scenario import PARAMETERS, REGIONS, REMOVED, SCENARIOS, Event, Scenario, load_scenario, parse_value

NAN, INF = math.nan, math.inf


def sentence(call, *args, **kw):
    """What the error says: one line, and the same in Chinese."""
    with pytest.raises(InputError) as caught:
        call(*args, **kw)
    in_chinese(text_of(caught.value))
    return str(caught.value)


# --- wrong values -----------------------------------------------------------------------------------------------

WRONG = [
    # given, what the sentence must hold
    ({"lode": 2.0}, ["unknown parameter 'lode'", "did you mean 'load'"]),
    ({"Load": 2.0}, ["unknown parameter 'Load'", "'load'"]),
    ({"zzzz": 2.0}, ["unknown parameter 'zzzz'", "chuishao parameters"]),
    ({"load": 9.0}, ["load = 9", "outside 0.05–4"]),
    ({"load": 0.0}, ["load = 0", "outside 0.05–4"]),
    ({"load": -1.0}, ["load = -1", "outside 0.05–4"]),
    ({"load": 9}, ["load = 9", "outside 0.05–4"]),
    ({"load": NAN}, ["load = nan", "outside 0.05–4"]),
    ({"load": INF}, ["load = inf", "outside 0.05–4"]),
    ({"departments": 99}, ["departments = 99", "outside 1–60", "whole number"]),
    ({"load": "2"}, ["load = '2'", "not a number", "between 0.05 and 4"]),
    ({"load": True}, ["load = True", "not a number"]),
    ({"load": None}, ["load = None", "not a number"]),
    ({"load": [1.0]}, ["load", "not a number"]),
    ({"cadres": 2.5}, ["cadres = 2.5", "not a whole number", "between 1 and 400"]),
    ({"cadres": 2.0}, ["cadres = 2.0", "not a whole number"]),
    ({"cadres": True}, ["cadres = True", "not a whole number"]),
    ({"cadres": NAN}, ["cadres = nan", "not a whole number"]),
    ({"region": "poor"}, ["region", "'rich', 'difficult'", "'poor'"]),
    ({"name": 3}, ["name", "text in quotes", "3"]),
    ({"needs": 3}, ["needs", "text in quotes", "3"]),
    ({"theta_by_street": [0.1, 0.2]}, ["theta_by_street needs 6 values between 0 and 1"]),
    ({"theta_by_street": [0.1] * 7}, ["theta_by_street needs 6 values"]),
    ({"theta_by_street": []}, ["theta_by_street needs 6 values"]),
    ({"theta_by_street": [0.5] * 5 + [1.1]}, ["theta_by_street needs 6 values between 0 and 1"]),
    ({"theta_by_street": [0.5] * 5 + [NAN]}, ["theta_by_street needs 6 values between 0 and 1"]),
    ({"theta_by_street": [0.5] * 5 + ["a"]}, ["theta_by_street", "number", "'a'"]),
    ({"theta_by_street": 0.5}, ["theta_by_street", "0.5"]),
    ({"knowledge_by_street": [0.5], "streets": 2}, ["knowledge_by_street needs 2 values"]),
    ({"events": [{"day": -1, "kind": "whistle"}]}, ["day", "give 0 or more", "-1"]),
    ({"events": [{"day": 1, "kind": "flood"}]}, ["events.0.kind", "'emergency'", "'flood'"]),
    ({"events": [{"kind": "whistle"}]}, ["day", "missing"]),
    ({"events": [{"day": "soon", "kind": "whistle"}]}, ["day", "whole number", "'soon'"]),
    ({"events": [{"day": 1.5, "kind": "whistle"}]}, ["day", "whole number", "1.5"]),
    ({"events": [{"day": INF, "kind": "whistle"}]}, ["day", "finite number"]),
    ({"events": [{"day": "9" * 5000, "kind": "whistle"}]}, ["day", "smaller whole number"]),
    ({"events": [{"day": 1, "kind": "whistle", "street": None}]}, ["street", "whole number", "None"]),
    ({"events": [{"day": 1, "kind": "whistle", "where": 2}]}, ["an event has no 'where'", "known: day, kind, street, domain"]),
    ({"events": [{"day": 4, "kind": "whistle", "street": 6}]}, ["event on day 4", "no street 6", "from 0 to 5"]),
    ({"events": [{"day": 4, "kind": "whistle", "domain": 25}]}, ["event on day 4", "no domain 25", "from 0 to 24"]),
    ({"days": 40, "events": [{"day": 40, "kind": "whistle"}]}, ["event on day 40", "only 40 days"]),
]


@pytest.mark.parametrize(("given_", "parts"), WRONG, ids=[str(given_)[:50] for given_, _ in WRONG])
def test_wrong_input_is_told_with_its_remedy(given_, parts):
    text = sentence(Scenario, **given_)
    for part in parts:
        assert part in text


def test_what_may_be_given_is_listed_in_chinese():
    with pytest.raises(InputError) as caught:
        Scenario(region="poor")
    assert say(text_of(caught.value), "zh") == "region：请给以下之一：'rich'、'difficult'（现为 'poor'）"


@pytest.mark.parametrize("given_", [
    {"events": "abc"}, {"events": 5}, {"events": [3]}, {"region": {}}], ids=str)
def test_input_of_a_wholly_wrong_shape_is_told_too(given_):
    sentence(Scenario, **given_)


def test_every_number_has_bounds_that_are_allowed_and_passed_by_nothing():
    for name, p in PARAMETERS.items():
        kind, step = (int, 1) if p.whole else (float, 1e-6 + abs(p.high) * 1e-6)
        long = {"days": 5000} if name == "from_day" else {}
        for value in (p.low, p.high, p.default, p.difficult):
            assert getattr(Scenario(**long, **{name: kind(value)}), name) == value
        for value in (p.low - step, p.high + step, INF, -INF, NAN):
            whole = p.whole and math.isfinite(value)
            text = sentence(Scenario, **{name: int(value) if whole else float(value)})
            assert text.startswith(f"{name} = ")
            assert f"{p.low:g}" in text
            assert f"{p.high:g}" in text


def test_every_number_is_fully_described():
    for name, p in PARAMETERS.items():
        assert p.low < p.high, name
        assert p.unit, name
        assert p.text.endswith("."), name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in say(p.label, "zh")), name
        assert p.mark in ("found", "unverified", "calibrated", "assumed"), name
        assert isinstance(p.default, int if p.whole else float), name


def test_every_number_of_the_scenario_is_a_parameter():
    rest = {"name", "region", "theta_by_street", "knowledge_by_street", "needs", "events", "street", "department"}
    assert set(Scenario.model_fields) - set(PARAMETERS) == rest


def test_a_scenario_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Scenario().load = 2.0


def test_a_whole_number_does_for_a_float():
    assert isinstance(Scenario(load=2).load, float)


def test_regions_differ_only_by_their_defaults_and_what_is_given_wins():
    rich, difficult = Scenario(), Scenario(region="difficult")
    differ = {p.name for p in PARAMETERS.values() if getattr(rich, p.name) != getattr(difficult, p.name)}
    assert differ == set(REGIONS["difficult"])
    assert all(getattr(difficult, name) == PARAMETERS[name].difficult for name in differ)
    assert Scenario(region="difficult", reach=0.9).reach == 0.9


# --- there and back ---------------------------------------------------------------------------------------------


def value_of(name):
    p = PARAMETERS[name]
    return st.integers(int(p.low), int(p.high)) if p.whole else st.floats(p.low, p.high)


@st.composite
def scenarios(draw):
    names = draw(st.sets(st.sampled_from(sorted(PARAMETERS)), max_size=8))
    given_ = {name: draw(value_of(name)) for name in sorted(names)}
    if "from_day" in given_:
        given_["from_day"] = min(given_["from_day"], given_.get("days", PARAMETERS["days"].default) - 1)
    here = given_.get("streets", PARAMETERS["streets"].default)
    if draw(st.booleans()):
        given_["theta_by_street"] = draw(st.lists(st.floats(0, 1), min_size=here, max_size=here))
    if draw(st.booleans()):
        given_["events"] = [{"day": draw(st.integers(0, 34)), "kind": "emergency", "street": here - 1}]
    return Scenario(region=draw(st.sampled_from(["rich", "difficult"])), **given_)


@settings(max_examples=80, deadline=None)
@given(scenarios())
def test_what_changed_makes_the_scenario_again(scenario):
    changed = scenario.changed()
    assert Scenario(region=scenario.region, **changed) == scenario
    base = Scenario(region=scenario.region)
    assert all(getattr(base, name) != value for name, value in changed.items())
    assert scenario.with_() == scenario


def toml(value):
    """A value as TOML."""
    if isinstance(value, Event):
        return "{" + ", ".join(f"{k} = {toml(v)}" for k, v in value.model_dump().items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios())
def test_what_changed_makes_the_scenario_again_from_a_file(scenario, tmp_path_factory):
    lines = [f"{name} = {toml(value)}\n" for name, value in {"region": scenario.region, **scenario.changed()}.items()]
    path = tmp_path_factory.mktemp("there") / "and-back.toml"
    path.write_text("".join(lines), encoding="utf-8")
    loaded = load_scenario(path)
    assert loaded.name == "and-back"
    assert loaded.with_(name="") == scenario


def test_nothing_changed_is_nothing():
    assert Scenario().changed() == {}
    assert Scenario(region="difficult").changed() == {}
    assert Scenario(load=1.0).changed() == {}
    assert Scenario(load=2.0).changed() == {"load": 2.0}


def test_with_keeps_what_was_given_and_checks_what_is_new():
    scenario = Scenario(region="difficult", load=2.0).with_(reach=0.5)
    assert scenario.changed() == {"load": 2.0, "reach": 0.5}
    assert "outside" in sentence(scenario.with_, reach=5.0)
    assert "theta_by_street needs 2 values" in sentence(
        Scenario(streets=1, theta_by_street=[0.5]).with_, streets=2)


def test_with_another_region_brings_its_defaults():
    assert Scenario(region="difficult").with_(region="rich") == Scenario()


def test_horizon_counts_the_burn_in_and_the_cool_down():
    assert Scenario(days=40, burn_in=5, cooldown=7).horizon == 52
    assert Scenario(days=40, burn_in=5).horizon == 165


def test_what_is_counted_lies_between_the_first_day_asked_for_and_the_cool_down():
    assert Scenario(days=40, burn_in=5, cooldown=7).counted == (5, 45)
    assert Scenario(days=750, from_day=500, burn_in=60).counted == (560, 810)
    with pytest.raises(InputError, match="from_day = 40: the run has only 40 days"):
        Scenario(days=40, from_day=40)


@pytest.mark.parametrize(("name", "text", "value"), [
    ("load", "2", 2), ("load", "1.5", 1.5), ("load", "two", "two"), ("name", "abc", "abc"), ("name", '"a b"', "a b"),
    ("theta_by_street", "[0.1, 0.9]", [0.1, 0.9]), ("load", "", ""), ("load", "nan", NAN), ("load", ".5", 0.5),
    ("load", "1.", 1.0), ("load", "-.5", -0.5), ("load", "1.2.3", "1.2.3")])
def test_parse_value(name, text, value):
    got = parse_value(name, text)
    assert got == value or (got != got and value != value)
    assert type(got) is type(value)


def test_parse_value_of_an_unknown_name():
    assert "did you mean 'load'" in sentence(parse_value, "lode", "2")


# --- files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
    return write


@pytest.mark.parametrize("name", [*REGIONS, *sorted(path.stem for path in SCENARIOS.glob("*.toml"))])
def test_shipped_scenarios_load(name):
    scenario = load_scenario(name, days=40)
    assert scenario.days == 40
    assert scenario.name in (name, "") or scenario.name  # a file may give a longer name
    assert scenario.region in REGIONS


def test_a_file_is_read_and_named_by_its_stem_unless_it_names_itself(write):
    text = 'region = "difficult"\nload = 2\n[[events]]\nday = 3\nkind = "emergency"\n'
    scenario = load_scenario(write(text), cadres=9)
    assert scenario == Scenario(name="mine", region="difficult", load=2, cadres=9,
                                events=(Event(day=3, kind="emergency"),))
    assert load_scenario(write('name = "其他"\n')).name == "其他"


def test_a_mark_at_the_beginning_and_windows_lines_do_no_harm(write):
    assert load_scenario(write(b"\xef\xbb\xbfload = 2\r\ncadres = 9\r\n")).changed() == {
        "name": "mine", "load": 2.0, "cadres": 9}


def test_what_is_given_in_the_call_wins_over_the_file(write):
    assert load_scenario(write("load = 2\n"), load=3.0).load == 3


def test_a_case_log_is_looked_for_beside_its_scenario(write, tmp_path):
    assert load_scenario(write('needs = "cases.csv"\n')).needs == str(tmp_path / "cases.csv")


WRONG_FILES = [
    ("load = 1\n\ncadres = 999\n", ["cadres = 999", "outside 1–400", "mine.toml, line 3"]),
    ("# wrong\nlaod = 1\n", ["unknown parameter 'laod'", "did you mean 'load'", "mine.toml, line 2"]),
    ("days = 50\npatience = 1\n", ["patience = 1", "mine.toml, line 2"]),
    ("load = 1\n\nload 2\n", ["not valid TOML", "line 3", "column 6"]),
    ("load = 1\nload = 2\n", ["not valid TOML", "line 2"]),
    ("load = [1\n", ["not valid TOML"]),
    (f"days = {'9' * 5000}\n", ["not valid TOML", "4300 digits"]),
    (f"load = {'[' * 5000}\n", ["not valid TOML", "recursion"]),
    ("load = 'much'\n", ["load = 'much'", "not a number", "line 1"]),
    ("theta_by_street = [0.5]\n", ["theta_by_street needs 6 values", "line 1"]),
    ("[district]\nload = 1\n", ["unknown parameter 'district'", "mine.toml"]),
    ("[[events]]\nday = 1\nkind = 'flood'\n", ["'flood'", "mine.toml"]),
    (b"\xff\xfe\x00\x01", ["mine.toml", "not a text file in UTF-8"]),
    ("负荷 = 1\n".encode("gbk"), ["mine.toml", "not a text file in UTF-8"]),
    (b"\x00\x01\x02", ["mine.toml", "not valid TOML"]),
]


@pytest.mark.parametrize(("text", "parts"), WRONG_FILES, ids=[repr(text)[:40] for text, _ in WRONG_FILES])
def test_a_wrong_file_is_told_with_its_line(write, text, parts):
    told = sentence(load_scenario, write(text))
    for part in parts:
        assert part in told


def test_the_line_told_is_that_of_the_wrong_name_not_of_the_hint(write):
    assert "line 2" in sentence(load_scenario, write("load = 1\nlode = 2\n"))


def test_a_missing_file_is_told_with_near_names(tmp_path):
    assert "did you mean 'difficult'" in sentence(load_scenario, "dificult")
    text = sentence(load_scenario, tmp_path / "nowhere.toml")
    assert "there is no scenario" in text
    assert "check the path" in text
    assert "known: rich, difficult" in sentence(load_scenario, "nowhere")


def test_a_file_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("model.scenario.MOST", 10**6)
    assert "more than 1 million characters" in sentence(load_scenario, "/dev/zero")


def test_a_directory_is_no_scenario(tmp_path):
    assert "cannot be read" in sentence(load_scenario, tmp_path)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"], ids=["too long", "with a NUL"])
def test_an_impossible_name_is_told_too(name):
    sentence(load_scenario, name)


@pytest.mark.parametrize("name", REMOVED)
def test_a_parameter_that_is_gone_says_what_replaces_it(name):
    assert name not in PARAMETERS
    with pytest.raises(InputError) as error:
        Scenario(**{name: 0.5})
    assert REMOVED[name] in str(error.value)
    with pytest.raises(InputError, match=re.escape(REMOVED[name])):
        parse_value(name, "0.5")
