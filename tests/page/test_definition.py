"""What defines a run travels in links and files; what does not fit becomes a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import in_chinese

from experiments.runs import run_once
from languages.text import say
from model.errors import InputError, text_of
from model.scenario import PARAMETERS, Scenario, load_scenario
from page.definition import Definition

EVENTS = ({"day": 12, "kind": "whistle", "street": 1, "domain": 2}, {"day": 3, "kind": "emergency", "street": 0})
SOME = [
    Definition(),
    Definition(Scenario(region="difficult", reach=0.1 + 0.2, cadres=9, events=EVENTS), ("layered+two_way", "whistle-slim"),
               2**32 - 1),
    Definition(Scenario(streets=2, theta_by_street=(0.25, 1 / 3), knowledge_by_street=(0.5, 0.9), name="两街 test")),
    Definition(rules="mine"),
]


@pytest.mark.parametrize("definition", SOME)
def test_a_link_and_a_file_bring_the_same_definition_back(definition):
    query = definition.to_query()
    assert all(isinstance(k, str) and isinstance(v, str) for k, v in query.items())
    assert Definition.from_query(query) == (definition, [])
    assert Definition.from_toml(definition.to_toml()) == definition


def test_a_link_holds_only_what_is_not_the_default():
    assert Definition().to_query() == {}
    assert Definition().with_(reach=0.3).to_query() == {"reach": "0.3"}
    assert Definition(Scenario(region="difficult")).to_query() == {"region": "difficult"}


def test_every_parameter_travels_in_a_link():
    for name, p in PARAMETERS.items():
        if name not in ("streets", "cadres", "residents"):
            room = {"days": 5000} if name == "from_day" else {}  # it must lie before the last day counted
            definition = Definition().with_(**room, **{name: p.low if p.default != p.low else p.high})
            assert Definition.from_query(definition.to_query()) == (definition, []), name


@pytest.mark.parametrize(("query", "words"), [
    ({"raech": "0.3"}, ("unknown", "raech", "reach")),
    ({"reach": "7"}, ("reach", "0.05", "1")),
    ({"reach": "nan"}, ("reach", "0.05")),
    ({"reach": "true"}, ("reach",)),
    ({"streets": "2.5"}, ("streets",)),
    ({"streets": "60", "residents": "200000"}, ("residents",)),
    ({"region": "moon"}, ("moon", "difficult")),
    ({"a": "laired"}, ("laired", "layered")),
    ({"b": "whistle+slime"}, ("slime", "slim")),
    ({"seed": "-1"}, ("seed",)),
    ({"seed": "9999999999"}, ("seed",)),
    ({"seed": "9" * 5000}, ("seed",)),
    ({"needs": "/etc/passwd"}, ("case log",)),
    ({"theta_by_street": "0.1,0.2"}, ("theta_by_street", "6")),
    ({"theta_by_street": "0.1,x"}, ("theta_by_street", "give a number", "'x'")),
    ({"days": "[" * 5000}, ("days",)),
    ({"street": "[" * 99999}, ("street", "not readable")),
    ({"events": "5.flood.0.0"}, ("flood", "inspection")),
    ({"events": "5.emergency.59.0"}, ("59",)),
    ({"events": "900.emergency.0.0"}, ("900", "250")),
    ({"events": "x"}, ("day.kind.street.domain",)),
])
def test_what_does_not_fit_a_link_is_a_notice_and_the_rest_is_kept(query, words):
    definition, notices = Definition.from_query({"delta": "0.2", **query})
    assert definition.scenario.delta == 0.2
    assert len(notices) == 1
    assert all(word in notices[0] for word in words), notices[0]
    in_chinese(notices[0])
    assert len(notices[0]) < 400
    rest = definition.to_query()
    rest.pop("streets", None)
    assert rest == {"delta": "0.2"}


def test_a_link_holds_no_more_events_than_fit_a_run():
    definition, notices = Definition.from_query({"events": "~".join(["1.emergency.0.0"] * 66)})
    assert len(definition.events) == 64 and len(notices) == 2
    definition, notices = Definition.from_query({"events": "~".join(["1.inspection.0.0"] * 300)})
    assert len(definition.events) == 256 and len(notices) == 1


def test_a_file_of_the_page_is_one_for_the_command_line(tmp_path):
    definition = SOME[1].with_(days=35, burn_in=5, streets=2, residents=30)
    path = tmp_path / "mine.toml"
    path.write_text(definition.to_toml(), encoding="utf-8")
    loaded = load_scenario(path)
    assert loaded == definition.scenario.with_(name="mine")
    assert run_once(loaded, "whistle", 3)["served_need"] == run_once(definition.scenario, "whistle", 3)["served_need"]


def test_any_scenario_file_can_be_read():
    found = Definition.from_toml("# my own\nreach = 0.2\n[[events]]\nday = 3\nkind = 'inspection'\n")
    assert found.scenario.reach == 0.2 and found.regimes == ("layered", "whistle")


@pytest.mark.parametrize(("text", "words"), [
    ("reach = ", "TOML"), ("streets = " + "9" * 5000, "TOML"), ("days = " + "[" * 5000, "TOML"), ("reach = 9.0", "reach = 9"), ("raech = 0.5", "reach"), ("needs = 'x.csv'", "case log"),
    ("# seed: many\nreach = 0.2", "seed"), ("# regimes: layered\n", "two"), ("# regimes: layered, moon\n", "moon"),
])
def test_a_file_that_does_not_fit_is_one_sentence(text, words):
    with pytest.raises(InputError, match=words) as error:
        Definition.from_toml(text)
    in_chinese(text_of(error.value))


def test_regimes_are_spelt_in_one_way():
    assert Definition(regimes=("layered+slim+dispatch+triage+two_way+mobilise", "whistle-slim")).regimes[0] == "whistle"


def test_changes_and_events_are_told_apart():
    definition = SOME[1]
    assert set(definition.changed()) == {"reach", "cadres"}
    assert len(definition.events) == 2 and definition.events[0].day == 12


KEYS = st.sampled_from(["a", "b", "seed", "region", "rules", "name", "events", "reach", "streets", "days", "theta_by_street",
                        "needs", "scenario", "__class__"]) | st.text(max_size=8)
VALUES = st.sampled_from(["", "whistle", "layered+", "5.emergency.0.0~", "1,2", "nan", "1e308", "2026-01-01", "1\nb=2",
                          "difficult", "[[x]]"]) | st.text(max_size=12) | st.floats().map(repr) | st.integers().map(str)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_link_whatever_is_an_exception_and_what_is_kept_travels_on(query):
    definition, notices = Definition.from_query(query)
    assert Definition.from_query(definition.to_query()) == (definition, [])
    assert len(notices) <= len(query) + 300 and all(say(notice, "zh") not in ("", notice) for notice in notices)
