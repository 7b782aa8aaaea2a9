"""Anyone's day on both sides, why, and one case followed: the same run again, to the last digit."""

import numpy as np
import pytest
from told import in_chinese

from model.governance import GovernanceModel
from model.history import history
from model.scenario import Event, Scenario
from page import people
from page.definition import Definition
from page.people import cases_of, life_of, person_of
from page.session import Session
from page.year import year_of

SMALL = Scenario(streets=3, departments=5, cadres=7, residents=60, days=40, burn_in=12, cooldown=30, events=(
    Event(day=5, kind="emergency", street=1),))
DEFINITION = Definition(SMALL, ("layered", "whistle"), 11)
LAST = 23


@pytest.fixture(scope="module")
def session():
    made = Session(DEFINITION)
    made.step(LAST)
    yield made
    made.close()


@pytest.mark.parametrize("kind, index", [("leader", 0), ("leader", 3), ("department", 2), ("cadre", 9),
                                         ("resident", 77)])
def test_a_day_is_the_sessions_and_adds_up(session, kind, index):
    found = person_of(DEFINITION, kind, index, LAST)
    for side in (0, 1):
        assert found["sides"][side] == session.person(kind, index)["sides"][side]
        rows = found["sides"][side]["rows"]
        assert sum(hours for _key, hours, _note in rows) == pytest.approx(found["sides"][side]["total"])
    assert found["why"]["measure"] == people.MEASURE_OF[kind] and in_chinese(found["title"])


def test_why_is_the_sessions_chain_and_parts_add_up(session):
    for kind in ("cadre", "resident", "leader"):  # the last rests on modes since the switch
        found = person_of(DEFINITION, kind, 1, LAST)["why"]
        head, *links = session.why(found["measure"])
        assert (found["a"], found["b"], found["d"]) == (head["a"], head["b"], head["delta"])
        parts = [bar["d"] for bar in found["bars"] if bar["part"]]
        assert sum(parts) == pytest.approx(found["d"] if parts else 0)
        told = [one["text"] for bar in found["bars"] for one in (bar, *bar["beside"])]
        assert told == [link["text"] for link in links]


def test_days_go_forward_in_a_run_that_is_kept_and_back_in_a_new_one():
    person_of(DEFINITION, "cadre", 1, 10)
    run = people._kept[DEFINITION, None]
    later = person_of(DEFINITION, "cadre", 1, 12)
    assert people._kept[DEFINITION, None] is run and run.day == 12
    before = person_of(DEFINITION, "cadre", 1, 10)
    assert people._kept[DEFINITION, None] is not run and before["sides"] != later["sides"]
    assert person_of(DEFINITION, "cadre", 1, 12)["sides"] == later["sides"]
    assert len(people._kept) <= people.MOST_REPLAYS


def test_nobody_has_no_day():
    assert person_of(DEFINITION, "cadre", 10_000, 3) == {} == life_of(DEFINITION, 10**7)


def test_a_case_is_followed_on_both_sides():
    (first, *_), year = cases_of(DEFINITION), year_of(DEFINITION)
    assert first["case"] == year.cases["case"][0]
    life = life_of(DEFINITION, first["case"])
    assert life["born"] == first["born"] and [side["closed"] for side in life["sides"]] == first["closed"]
    for regime, side in zip(DEFINITION.regimes, life["sides"], strict=True):
        m = GovernanceModel(SMALL, regime, rng=11).run(SMALL.burn_in)
        want = [(e.day, e.what, e.who, e.hours) for e in history(m, "case", first["case"])]
        got = [tuple(e.values()) for e in side["events"]]
        assert got == want[:len(got)] and len(got) == len(want)
    assert in_chinese(life["title"])


def test_cases_of_a_place_are_of_that_place_and_those_apart_first():
    every = cases_of(DEFINITION, most=1000)
    grid = every[5]["grid"]
    here = cases_of(DEFINITION, grid=grid)
    assert here and all(c["grid"] == grid for c in here)
    assert all(c["street"] == 1 for c in cases_of(DEFINITION, street=1))
    apart = [abs(np.subtract(*[99 if end is None else end for end in c["closed"]])) for c in every]
    assert apart[0] >= np.median(apart)
