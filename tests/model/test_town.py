"""A town of one's own: tables of a scenario file, unequal places, their names."""

import pickle
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.work import Class
from languages.text import say
from model.errors import InputError
from model.governance import GovernanceModel
from model.regimes import parse_regime
from model.scenario import Scenario, load_scenario
from model.town import SHIPPED
from model.watch import asked_for
from model.world import draw_world

SMALL = {"days": 35, "burn_in": 5, "cooldown": 0}
STREETS = [{"name": {"en": "Old Town", "zh": "老城"}, "cadres": 5, "residents": 60, "knowledge": 0.8, "ties": 0.9},
           {"name": "Bridge", "cadres": 2, "theta": 0.2}, {"need_rate": 0.1, "residents": 15}]
DEPARTMENTS = [{"name": "Housing", "staff": 5}, {"staff": 1, "core_rate": 0.0}, {"groundedness": 0.9}]


def town(**changes):
    """Three streets and three departments, no two alike."""
    return Scenario(**{"street": STREETS, "department": DEPARTMENTS, "cadres": 4, "residents": 40, **SMALL, **changes})


def test_counts_and_values_follow_from_the_tables():
    sc = town()
    assert (sc.streets, sc.departments) == (3, 3)
    assert sc.by_street("cadres") == (5, 2, 4) and sc.by_street("residents") == (60, 40, 15)
    assert sc.by_department("staff") == (5, 1, 4)  # the last by the region
    m = GovernanceModel(sc, rng=1)
    assert len(m.cadres) == 11 and len(m.residents) == 115 and m.departments.staff.tolist() == [5, 1, 4]
    assert m.streets.first_resident.tolist() == [0, 60, 100] and m.streets.first_cadre.tolist() == [0, 5, 7]
    assert m.cadres.knowledge.tolist() == [0.8] * 5 + [0.5] * 6 and m.cadres.ties.tolist() == [0.9] * 5 + [0.5] * 6
    assert (m.district.drawn.theta[1] == 0.2).all() and m.departments.groundedness[2] == 0.9
    jobs = np.bincount(m.jobs.department, minlength=3)
    assert jobs[1] == 0 < min(jobs[0], jobs[2])


def test_what_every_table_gives_is_the_scenarios_mean():
    sc = Scenario(street=[{"cadres": 10, "ties": 0.2}, {"cadres": 21, "ties": 0.4}])
    assert (sc.cadres, sc.ties) == (16, 0.3) and sc.settled == ["streets", "cadres", "ties"]


def test_needs_arise_by_residents_and_rate():
    sc = town(days=500, unreasonable=0.0)
    p = draw_world(sc, 3).problems
    born = p["street"][p["born"] < sc.horizon]
    share = np.bincount(born) / len(born)
    rates = np.array([60 * 0.03, 40 * 0.03, 15 * 0.1])
    assert share == pytest.approx(rates / rates.sum(), abs=0.04)
    people = np.array(sc.by_street("residents"))
    assert (p["resident"] < people[p["street"]]).all()
    assert all(p["resident"][p["street"] == s].max() > 0.8 * people[s] for s in range(3))


def test_a_town_of_equal_tables_is_the_plain_scenario_to_the_bit():
    plain = Scenario(streets=3, departments=4, cadres=5, residents=40, knowledge=0.6, **SMALL)
    tables = Scenario(**SMALL, street=[{"name": name, "cadres": 5, "residents": 40, "knowledge": 0.6, "ties": 0.5,
                                        "need_rate": 0.03, "civic_hours": 1.0} for name in "ABC"],
                      department=[{"staff": 4, "core_rate": 1.0, "idea_rate": 0.33}] * 4)
    for regime in ("layered", "whistle"):
        one, other = (GovernanceModel(sc, regime, rng=2).run() for sc in (plain, tables))
        assert one.neutrality() == other.neutrality() and one.measures() == other.measures()
        assert one.problems.tobytes() == other.problems.tobytes()


places = st.lists(st.fixed_dictionaries({"cadres": st.integers(1, 7), "residents": st.integers(10, 40)}, optional={
    "need_rate": st.floats(0, 0.2),
    "theta": st.floats(0, 1), "ties": st.floats(0, 1), "knowledge": st.floats(0.02, 0.98)}), min_size=1, max_size=4)
staffed = st.lists(st.fixed_dictionaries({}, optional={
    "staff": st.integers(1, 5), "core_rate": st.floats(0, 2), "idea_rate": st.floats(0, 1)}), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None)
@given(places, staffed, st.sampled_from(["whistle", "hotline", "grid", "layered+train"]))
def test_nothing_is_lost_and_regimes_are_neutral_in_any_town(streets, departments, regime):
    sc = Scenario(street=streets, department=departments, **SMALL)
    runs = [GovernanceModel(sc, name, rng=4).run() for name in ("layered", regime)]
    base, other = (m.neutrality() for m in runs)
    assert (base["world"], base["burn_in"]) == (other["world"], other["burn_in"])
    day = {"leader": sc.streets + 2, "department": sum(sc.by_department("staff")), "cadre": sum(sc.by_street("cadres"))}
    for m in runs:
        accounts, seen = m.accounts(), m.neutrality()
        assert seen["paid_hours"] == pytest.approx({who: 8 * sc.days * n for who, n in day.items()})
        assert seen["spent_plus_idle_error"] < 1e-9
        for kind in ("problems", "ideas", "jobs"):
            assert sum(accounts[kind].values()) == accounts["begun"][kind]
        assert m.desks.cadres.sum() == len(m.cadres)


def test_grids_hold_the_residents_of_their_street():
    m = GovernanceModel(town(), rng=1)
    for person in m.agents_by_type[type(m.agents.select(lambda a: hasattr(a, "grid"))[0])]:
        assert 0 <= person.grid < m.streets.cadres[person.street]


def test_a_fork_of_a_town_is_the_run_itself():
    sc = town()
    start = GovernanceModel(sc, rng=5).run(sc.burn_in)
    assert start.fork("whistle").run().measures() == GovernanceModel(sc, "whistle", rng=5).run().measures()


# --- values -----------------------------------------------------------------------------------------------------


def test_a_town_can_be_changed_compared_hashed_and_travels():
    sc = town()
    assert sc == town() and hash(sc) == hash(town()) and sc != town(cadres=3)
    assert sc.with_(days=40).with_(days=35) == sc and pickle.loads(pickle.dumps(sc)) == sc
    assert sc.with_(cadres=3).by_street("cadres") == (5, 2, 3)
    assert {"street", "department"} <= set(sc.changed()) and "streets" not in sc.changed()
    data = {k: v for k, v in sc.model_dump(mode="json").items() if v is not None}
    assert Scenario(**data) == sc
    assert sc.with_(street=[]).streets == 6


@pytest.mark.parametrize(("data", "words"), [
    ({"street": 3}, ["street: write one [[street]] table", "streets = N"]),
    ({"streets": [{"cadres": 3}]}, ["streets is a number", "[[street]]"]),
    ({"street": [{}, {"cadre": 3}]}, ["street 2 has no 'cadre'", "did you mean 'cadres'?"]),
    ({"street": [{"name": "Bridge", "cadres": 0}]}, ["street 1 (Bridge): cadres = 0", "whole number from 1 to 400"]),
    ({"street": [{"cadres": True}]}, ["cadres = True"]),
    ({"street": [{"residents": "many"}]}, ["residents = 'many'", "whole number from 10 to"]),
    ({"street": [{"ties": float("nan")}]}, ["ties = nan", "number from 0 to 1"]),
    ({"street": [{"theta": [0.5, 0.5]}]}, ["street 1: theta lists 2 values", "one a department (25)"]),
    ({"department": [{"staff": 2.5}]}, ["department 1: staff = 2.5", "whole number"]),
    ({"department": [{"cadres": 2}]}, ["department 1 has no 'cadres'", "known: name, staff"]),
    ({"street": [{"name": {"en": "x"}}]}, ["street 1", "{en = \"…\", zh = \"…\"}"]),
    ({"street": [{"name": 7}]}, ["name is no name", "1 to 60 letters"]),
    ({"street": [{"name": "A"}, {"name": {"en": "B", "zh": "a"}}]}, ["street 2", "the name of two"]),
    ({"street": [{}, {}], "streets": 3}, ["streets = 3", "2 tables [[street]]", "take streets out"]),
    ({"street": [{"cadres": 3}], "cadres": 4}, ["cadres would change nothing", "every [[street]]"]),
    ({"street": [{"theta": 0.3}], "theta_mean": 0.4}, ["theta_mean would change nothing"]),
    ({"street": [{"theta": 0.3}, {}], "theta_by_street": [0.1, 0.2]}, ["theta_by_street", "keep one"]),
    ({"street": [{}] * 61}, ["61 tables [[street]]", "60 at most"]),
    ({"street": [{}], "events": [{"day": 1, "kind": "emergency", "street": 1}]}, ["no street 1"]),
])
def test_what_does_not_fit_is_refused_in_a_sentence(data, words):
    with pytest.raises(InputError) as told:
        Scenario(**data)
    assert all(word in str(told.value) for word in words), str(told.value)


def test_the_line_of_a_table_is_named(tmp_path):
    file = tmp_path / "town.toml"
    file.write_text('days = 40\n[[street]]\ncadres = 3\n\n[[street]]\nname = "B"\ncadres = 4.5\n', encoding="utf-8")
    with pytest.raises(InputError, match=re.escape("street 2 (B): cadres = 4.5")) as told:
        load_scenario(file)
    assert "(town.toml, line 7)" in str(told.value)


# --- names ------------------------------------------------------------------------------------------------------


def test_places_are_called_by_their_names_in_both_languages():
    sc = town()
    assert [say(sc.street_name(0), lang) for lang in ("en", "zh")] == ["Old Town", "老城"]
    assert say(sc.street_name(1), "zh") == "Bridge" and str(sc.street_name(2)) == "Street 3"
    assert str(sc.department_name(0)) == "Housing" and str(sc.department_name(1)) == "Department 2"
    assert pickle.loads(pickle.dumps(sc.street_name(0))).into("zh") == "老城"


def test_departments_without_tables_have_illustrative_names_that_differ():
    sc = Scenario(departments=30)
    names = [str(sc.department_name(k)) for k in range(30)]
    assert len(set(names)) == 30 and names[:25] == list(map(str, SHIPPED)) and names[25] == "Department 26"
    assert len(SHIPPED) == 25


def test_the_shipped_example_is_unequal_and_named():
    sc = load_scenario("example-town")
    assert len(set(sc.by_street("residents"))) == sc.streets == 5 and len(set(sc.by_department("staff"))) > 4
    assert all(say(sc.street_name(k), "zh") != str(sc.street_name(k)) for k in range(5))
    short = sc.with_(days=35, burn_in=0, cooldown=0)
    m = GovernanceModel(short, parse_regime("whistle"), rng=1).run()
    assert m.measures()["served_cases"] > 0 and m.street_name(1) == "New Estates"


# --- a case log -------------------------------------------------------------------------------------------------


LOG = "opened,closed,street,domain\n2024-03-01,2024-03-12,老城,housing\n2024-03-04,,Bridge,Noise\n2024-03-05,,old town,Rats\n"


def logged(folder, **changes):
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    return town(needs=str(folder / "log.csv"), **changes)


def test_a_log_finds_streets_and_departments_by_name(tmp_path):
    other = [*DEPARTMENTS, {"name": {"en": "Other", "zh": "其他"}}]
    m = GovernanceModel(logged(tmp_path, department=other), rng=1)
    log, said = m.case_log, " ".join(m.case_notes())
    assert log.street.tolist() == [0, 1, 0] and log.domains[:, 0].tolist() == [0, 3, 3]
    assert "without a case in the log: Street 3" in said and "2 cases of domains without a department" in said
    assert "nothing arises in the 32 days after it" in said
    assert [str(m.street_name(k)) for k in range(3)] == ["Old Town", "Bridge", "Street 3"]
    assert str(m.department_name(3)) == "Other"
    m.run()


@pytest.mark.parametrize(("changes", "words"), [
    ({}, ["2 domains that no [[department]] is called after", "'Noise'", 'one "other"']),
    ({"street": [{"name": "Old Town"}, {"name": "Bridges"}]}, ["cases on 'Bridge'", "did you mean 'Bridges'?"]),
])
def test_what_a_log_names_and_the_town_does_not_have_is_refused(tmp_path, changes, words):
    with pytest.raises(InputError) as told:
        GovernanceModel(logged(tmp_path, **changes), rng=1)
    assert all(word in str(told.value) for word in words), str(told.value)


def test_without_a_town_a_log_names_streets_and_departments(tmp_path):
    (tmp_path / "log.csv").write_text(LOG.replace("old town", "老城"), encoding="utf-8")
    m = GovernanceModel(Scenario(streets=2, departments=4, residents=40, cadres=4, needs=str(tmp_path / "log.csv"),
                                 **SMALL), rng=1)
    assert [str(m.street_name(k)) for k in range(2)] == ["Bridge", "老城"]
    assert [str(m.department_name(k)) for k in (0, 3)] == ["Noise", "Department 4"]


def test_events_may_name_their_street_and_department():
    sc = town(events=[{"day": 3, "kind": "whistle", "street": "老城", "domain": "housing"},
                      {"day": 4, "kind": "emergency", "street": "Bridge"}, {"day": 5, "kind": "inspection", "street": 2}])
    assert [(e.street, e.domain) for e in sc.events] == [(0, 0), (1, 0), (2, 0)]
    assert Scenario(events=[{"day": 1, "kind": "whistle", "domain": "Water"}]).events[0].domain == SHIPPED.index("Water")


@pytest.mark.parametrize(("event", "said"), [
    ({"street": "Brige"}, "event on day 3: no street is called 'Brige'; did you mean 'Bridge'?"),
    ({"domain": "Parks"}, "event on day 3: no department is called 'Parks'; known: Housing")])
def test_an_event_on_a_place_that_is_none_is_refused(event, said):
    with pytest.raises(InputError, match=re.escape(said)):
        town(events=[{"day": 3, "kind": "whistle", **event}])


def test_an_event_on_a_street_without_names_asks_for_its_number():
    with pytest.raises(InputError, match="no street is called 'Old Town'; give its number, from 0"):
        Scenario(events=[{"day": 3, "kind": "whistle", "street": "Old Town"}])


@pytest.mark.parametrize(("street", "domain", "said"), [
    (3, 0, "no street 3; give a number from 0 to 2"), (0, 3, "no domain 3; give a number from 0 to 2"), (-1, 0, "no street -1")])
@pytest.mark.parametrize("kind", ["emergency", "whistle", "inspection", "central_work"])
def test_nothing_is_made_happen_where_there_is_no_such_place(kind, street, domain, said):
    m = GovernanceModel(town(), rng=1)
    with pytest.raises(InputError, match=said):
        m.inject(kind, street, domain)


@pytest.mark.parametrize(("who", "row", "said"), [
    (Class.CADRE, 5, "cadre 1 of Bridge"), (Class.RESIDENT, 114, "resident 15 of Street 3"), (Class.STREET, 1, "Bridge"),
    (Class.LEADER, 0, "the city's leader"), (Class.LEADER, 2, "the leader of Old Town"), (Class.COPY, 7, "idea 2 on Bridge"),
    (Class.DEPARTMENT, 0, "department “Housing”"), (Class.PROBLEM, 7, "problem 7"), (Class.IDEA, 2, "idea 2")])
def test_an_error_of_a_rule_names_whom_it_was_asked_for_as_all_else_does(who, row, said):
    m = GovernanceModel(town(), rng=1)
    assert asked_for("slack", (0.5, 2.0), m, who, row) == f"asked for {said}, given motivation = 0.5, monitored = 2"
