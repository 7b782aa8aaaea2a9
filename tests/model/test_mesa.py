"""The model is a Mesa model: seeds, parameters by name, an end, agents made on demand, collectors, batches, a page."""

import gc
import sys
import weakref
from unittest.mock import MagicMock

import mesa
import numpy as np
import pytest
from told import in_chinese

from agents.cadre import EXECUTE, Cadre
from agents.department import Department
from agents.leader import DISTRICT, Leader
from agents.people import Person
from agents.resident import Resident
from model.errors import InputError, text_of
from model.governance import GovernanceModel
from model.mesa_manners import SEED
from model.regimes import WHISTLE
from model.scenario import Scenario

TINY = dict(streets=1, departments=3, cadres=3, residents=20, days=35, burn_in=5, load=4.0, cooldown=0)


def tiny(**other):
    return GovernanceModel(**{**TINY, "rng": 1, **other})


def equal(a, b):
    """Two runs are the same to the bit."""
    return a.record.digest(a.day) == b.record.digest(b.day) and a.world.digest == b.world.digest


def refusal(*args, **kw):
    with pytest.raises(InputError) as error:
        GovernanceModel(*args, **kw)
    in_chinese(text_of(error.value))
    return str(error.value)


# --- seeds and parameters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{"rng": 3}, {"seed": 3}, {"rng": np.int64(3)}, {"seed": np.uint32(3)}])
def test_a_seed_is_a_whole_number_by_either_name(given):
    assert equal(GovernanceModel(**TINY, **given).run(), tiny(rng=3).run())


def test_a_generator_gives_a_seed_and_then_another():
    one, again = np.random.default_rng(5), np.random.default_rng(5)
    first, second = (tiny(rng=one) for _ in range(2))
    assert first.seed != second.seed
    assert (tiny(rng=again).seed, GovernanceModel(**TINY, seed=again).seed) == (first.seed, second.seed)
    assert equal(first.run(), tiny(rng=first.seed).run())


def test_without_a_seed_it_is_the_same_run_each_time():
    assert tiny(rng=None).seed == SEED
    assert equal(tiny(rng=None).run(), tiny(rng=SEED).run())


@pytest.mark.parametrize(("given", "part"), [
    ({"rng": 1, "seed": 1}, "give rng or seed, not both"), ({"rng": 1.0}, "whole number of 0 or more"),
    ({"seed": "1"}, "whole number"), ({"rng": True}, "whole number"), ({"seed": -1}, "0 or more"),
    ({"rng": [1, 2]}, "whole number"), ({"seed": float("nan")}, "whole number")])
def test_what_is_no_seed_is_refused_in_words(given, part):
    assert part in refusal(**TINY, **given)


def test_a_scenario_can_be_given_by_its_values():
    assert tiny().scenario == Scenario(**TINY)
    changed = GovernanceModel(Scenario(**TINY), streets=2)
    assert changed.scenario == Scenario(**{**TINY, "streets": 2})
    assert GovernanceModel(Scenario(**TINY)).scenario == Scenario(**TINY)
    assert "did you mean 'load'" in refusal(lode=2.0)
    assert "outside 0.05–4" in refusal(load=9.0)


# --- a run ------------------------------------------------------------------------------------------------------


def test_it_runs_while_it_is_running():
    m = tiny()
    assert m.running and m.day == m.steps == 0
    m.run_model()
    assert not m.running
    assert m.day == m.steps == m.scenario.horizon
    assert equal(m, tiny().run())


def test_it_is_running_to_its_last_day():
    m = tiny().run(39)
    assert m.running
    m.step()
    assert not m.running


@pytest.mark.parametrize("step", ["step", "step_by_agents"])
def test_a_step_past_the_end_says_so(step):
    m = tiny().run()
    with pytest.raises(InputError, match=r"the run is over after 35 days and 0 of cool-down; .*Scenario\(days=…\)") as error:
        getattr(m, step)()
    in_chinese(text_of(error.value))
    assert m.day == 40
    assert m.run().day == 40  # to the end, where it is


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="this Mesa has no run_for")
def test_mesas_clock_runs_it():
    m = tiny()
    m.run_for(7)
    assert m.day == m.time == 7
    m.run(3)
    m.step_by_agents()
    m.run_until(20)
    assert m.day == m.steps == m.time == 20
    assert equal(m, tiny().run(20))
    with pytest.raises(InputError, match="the run is over after 35 days"):
        m.run_for(21)


def test_mesa_counts_days_however_they_are_run():
    m = tiny(collect=collector())
    m.step()
    m.step_by_agents()
    m.run(2)
    fork = m.fork("whistle")
    fork.step()
    assert (m.steps, fork.steps) == (4, 5)
    for one in (m, fork):
        told = one.datacollector.get_agenttype_vars_dataframe(Cadre)
        assert sorted(set(told.index.get_level_values("Step"))) == list(range(1, one.day + 1))
        assert one.datacollector.model_vars["day"] == list(range(1, one.day + 1))
    plain = tiny().run(4)
    plain.step()
    assert plain.steps == plain.day == 5


# --- agents on demand -------------------------------------------------------------------------------------------


def made(m):
    """Its people that exist as agents."""
    return [one for one in gc.get_objects() if issubclass(type(one), Person) and one.model is m]  # a dead proxy answers to isinstance


def test_agents_are_made_when_somebody_asks():
    m = tiny().run()
    assert m.measures() and not made(m)
    assert len(m.agents) == len(made(m)) == 3 + 3 + 3 + 20
    assert len(m.agents_by_type[Cadre]) == 3
    assert len(made(m)) == 29  # asking again makes no more


def test_agents_are_of_four_types_in_the_order_they_act():
    m = tiny()
    assert {kind: len(some) for kind, some in m.agents_by_type.items()} == {Leader: 3, Department: 3, Cadre: 3, Resident: 20}
    assert m.agent_types == [Leader, Department, Cadre, Resident]
    for kind, some in m.agents_by_type.items():
        assert [one.index for one in some] == list(range(len(some)))
        assert {type(one) for one in some} == {kind}
    assert [one.level for one in m.agents_by_type[Leader]] == ["city", "district", "street"]


def test_a_model_that_nobody_uses_is_gone_with_its_agents():
    for asked in (False, True):
        m = tiny().run()
        watches = [weakref.ref(m), weakref.ref(m.district), weakref.ref(m.problems)]
        if asked:
            watches.append(weakref.ref(list(m.agents)[-1]))
        del m
        gc.collect()
        assert not any(watch() for watch in watches)


def test_every_model_counts_its_agents_from_one():
    for m, before in ((tiny(), 0), (mesa.Model(), 0), (tiny(), 2)):
        added = [mesa.Agent(m) for _ in range(before)]  # before the people are made
        people = len(m.agents)
        added += [mesa.Agent(m), mesa.Agent(m)]
        assert sorted(agent.unique_id for agent in m.agents) == list(range(1, len(m.agents) + 1))
        assert [agent.unique_id for agent in added[before:]] == [people + 1, people + 2]


def test_agents_of_ones_own_change_nothing_unless_they_act():
    m, plain = tiny(), tiny()
    for _ in range(20):
        mesa.Agent(m)
        m.step()
        plain.step()
    assert equal(m, plain)
    assert len(m.agents_by_type[mesa.Agent]) == 20


# --- attributes act at once -------------------------------------------------------------------------------------


def agent(m, kind, index=0):
    return m.agents_by_type[kind][index]


def test_motivation_shows_at_the_desk_and_delivers_that_day():
    m, plain = tiny().run(10), tiny().run(10)
    cadre = agent(m, Cadre)
    assert cadre.motivation == m.cadres.motivation[0] == plain.cadres.motivation[0] < 0.9
    cadre.motivation = 0.9
    assert m.cadres.motivation[0] == cadre.motivation == 0.9
    desk, others = int(cadre.row["desk"]), m.desks.cadres[0] - 1
    assert others == 0 and m.desks.motivation[desk] == pytest.approx(0.9)
    m.step()
    plain.step()
    worth = [one.desks.delivered[desk].sum() / one.desks.paid[desk].sum() for one in (m, plain)]
    assert worth[0] == pytest.approx((0.7 + 0.3 * 0.9) * (1 - cadre.slack))
    assert worth[0] > worth[1]
    assert m.desks.delivered[desk].sum() > plain.desks.delivered[desk].sum()


def test_weights_turn_hours():
    m, plain = tiny().run(10), tiny().run(10)
    cadre = agent(m, Cadre)
    assert dict(cadre.weights) == pytest.approx(dict(agent(plain, Cadre).weights))
    cadre.weights["execute"] = 5.0
    assert m.cadres.weights[0].tolist() == list(cadre.weights.values())
    m.step()
    plain.step()
    assert m.cadres.given[0, EXECUTE] > plain.cadres.given[0, EXECUTE] > 0
    assert cadre.diary["execute"] == m.cadres.given[0, EXECUTE]
    assert sum(cadre.diary.values()) == pytest.approx(8)
    cadre.weights = {"paperwork": 0.5, "residents": 0.25}
    assert dict(cadre.weights) == {"paperwork": 0.5, "execute": cadre.weights["execute"], "residents": 0.25}


def test_weight_on_residents_shows_at_the_desk():
    m = tiny()
    agent(m, Cadre, 1).weights["residents"] = 0.75
    assert m.desks.residents_weight[m.cadres.desk[1]] == pytest.approx(0.75)


def test_knowledge_shows_at_desk_and_street():
    m = tiny()
    agent(m, Cadre, 2).knowledge = 1.0
    assert m.desks.knowledge[m.cadres.desk[2]] == pytest.approx(1.0)
    assert m.streets.knowledge[0] == pytest.approx(m.cadres.knowledge.mean())


def test_a_departments_quality_shows_that_day():
    m = tiny().run(10)
    agent(m, Department, 1).core_quality = 0.1
    before = m.departments.core_quality.copy()
    m.step()
    assert before[1] == 0.1
    assert abs(m.departments.core_quality[1] - 0.1) < 0.02
    assert m.record.column("core_quality")[-1] == pytest.approx(m.departments.core_quality.mean())


def test_a_leaders_groundedness_changes_how_they_hand_on():
    def modes(groundedness):
        m = tiny(central_share=0.9, idea_rate=0.8)
        agent(m, Leader, DISTRICT).groundedness = groundedness
        total = np.zeros(3)
        while m.running:
            m.step()
            total += m.leaders.modes[DISTRICT]
        return total

    relayed, tightened, translated = modes(0.0) - modes(1.0)
    assert tightened > 0 > translated


def test_trust_and_expectation_move_a_streets_means():
    m = tiny(streets=2).run(12)
    resident = agent(m, Resident, 25)
    assert resident.street == 1
    resident.trust, resident.expectation = 0.05, 0.95
    assert (resident.trust, resident.expectation) == (pytest.approx(0.05), pytest.approx(0.95))
    sc, of_street = m.scenario, m.residents.street == 1
    assert m.streets.distance[1] == pytest.approx(m.residents.distance[of_street].sum())
    assert m.streets.expectation[1] == pytest.approx(m.residents.expectation[of_street].sum(), rel=1e-6)
    trust = [one.trust for one in m.agents_by_type[Resident]]
    m.step()
    mean = np.mean([one.trust for one in m.agents_by_type[Resident]])
    assert m.record.column("trust")[-1] == pytest.approx(mean)
    assert len(trust) == sc.streets * sc.residents and min(trust) == pytest.approx(0.05)


# --- what cannot be done is refused in words --------------------------------------------------------------------

WRONG_VALUES = [
    (Cadre, "motivation", 1.5, "motivation of a cadre lies between 0 and 1, not 1.5"),
    (Cadre, "knowledge", -0.1, "knowledge of a cadre lies between 0 and 1"),
    (Cadre, "slack", float("nan"), "slack of a cadre lies between 0 and 1, not nan"),
    (Department, "core_quality", 2, "core_quality of a department lies between 0 and 1"),
    (Leader, "groundedness", float("inf"), "groundedness of a leader lies between 0 and 1"),
    (Resident, "trust", 1.01, "trust of a resident lies between 0 and 1"),
    (Resident, "expectation", -1, "expectation of a resident lies between 0 and 1"),
]


@pytest.mark.parametrize(("kind", "name", "value", "words"), WRONG_VALUES)
def test_values_out_of_range_are_refused(kind, name, value, words):
    one = agent(tiny(), kind)
    before = getattr(one, name)
    with pytest.raises(ValueError, match=words):
        setattr(one, name, value)
    assert getattr(one, name) == before


@pytest.mark.parametrize("kind", [Cadre, Department, Leader])
def test_weights_that_are_none_are_refused(kind):
    weights = agent(tiny(), kind).weights
    before = dict(weights)
    for wrong in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="must be a number of 0 or more"):
            weights[next(iter(weights))] = wrong
    for ask in (lambda: weights["nonsense"], lambda: weights.update(nonsense=1.0)):
        with pytest.raises(KeyError, match=f"nonsense.*known: {', '.join(weights)}"):
            ask()
    with pytest.raises(TypeError, match="cannot be deleted; set it to 0"):
        del weights[next(iter(weights))]
    assert dict(weights) == before


def test_nobody_can_be_removed():
    m = tiny()
    for one in (agent(m, kind) for kind in m.agent_types):
        with pytest.raises(TypeError, match=f"a {type(one).__name__.lower()} cannot be removed .*make a Scenario"):
            one.remove()
    with pytest.raises(TypeError, match="cannot be removed; make a Scenario"):
        m.remove_all_agents()
    with pytest.raises(AttributeError, match="cannot be set"):
        m.agents = []
    assert len(m.agents) == 29
    for one in m.agents:
        for name in ("diary", "street", "grid", "ties", "domain", "level"):
            if isinstance(getattr(type(one), name, None), property) and getattr(type(one), name).fset is None:
                with pytest.raises(AttributeError, match="no setter"):
                    setattr(one, name, 0)


# --- collectors and batches -------------------------------------------------------------------------------------


def collector():
    return mesa.DataCollector({"day": "day", "trust": lambda m: float(m.streets.level[0])},
                              agenttype_reporters={Cadre: {"motivation": "motivation"}})


def test_a_data_collector_collects_every_day():
    m = tiny(collect=collector()).run()
    told = m.datacollector.get_model_vars_dataframe()
    assert told["day"].tolist() == list(range(1, 41))
    assert told["trust"].iloc[-1] == m.streets.level[0] != told["trust"].iloc[0]
    cadres = m.datacollector.get_agenttype_vars_dataframe(Cadre)
    assert len(cadres) == 40 * 3
    last = cadres.xs(40, level="Step")
    assert last["motivation"].tolist() == m.cadres.motivation.tolist()
    assert sorted(last.index) == sorted(one.unique_id for one in m.agents_by_type[Cadre])


def test_collecting_changes_nothing():
    assert equal(tiny(collect=collector()).run(), tiny().run())
    assert not hasattr(tiny(), "datacollector")


def test_a_collector_given_to_two_models_serves_each():
    given = collector()
    one, other = tiny(collect=given).run(), tiny(collect=given, regime="whistle").run(10)
    assert (len(one.datacollector.model_vars["day"]), len(other.datacollector.model_vars["day"])) == (40, 10)


def run_batch(**other):
    return mesa.batch_run(GovernanceModel, number_processes=1, display_progress=False, **other)


def test_a_batch_gives_a_row_a_run():
    rows = run_batch(parameters={**TINY, "regime": ["layered", "whistle"], "rng": [1, 2], "collect": mesa.DataCollector(
        {"served": lambda m: m.measures()["served_need"], "day": "day"})})
    assert [(row["regime"], row["rng"]) for row in rows] == [(arm, seed) for arm in ("layered", "whistle") for seed in (1, 2)]
    for row in rows:
        m = tiny(rng=row["rng"], regime=row["regime"]).run()
        assert (row["served"], row["day"]) == (m.measures()["served_need"], 40)
    assert len({row["served"] for row in rows}) == 4


def test_a_batch_may_take_days_and_agents():
    rows = run_batch(parameters={**TINY, "rng": 1, "collect": mesa.DataCollector(
        {"day": "day"}, {"motivation": lambda one: getattr(one, "motivation", None)})}, data_collection_period=1)
    days = sorted({row["day"] for row in rows})
    assert len(days) == 40
    assert {row["AgentID"] for row in rows if row["Step"] == 30} == set(range(1, 30))


def test_a_batch_without_a_collector_is_told_so():
    with pytest.raises(AttributeError, match="add a DataCollector"):
        run_batch(parameters=TINY)


# --- a page -----------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*early return")  # of Mesa's own
@pytest.mark.skipif(hasattr(mesa, "time"), reason="the page of Mesa 3.5 shows only models with a scenario of Mesa's own")
def test_mesas_own_page_shows_steps_and_resets_it(monkeypatch):
    ipyvuetify, reacton, solara = (pytest.importorskip(name) for name in ("ipyvuetify", "reacton", "solara"))
    try:
        import altair  # noqa: F401
    except ImportError:  # of the page's components for spaces, which this model has none of
        monkeypatch.setitem(sys.modules, "altair", MagicMock())
    from mesa.visualization import SolaraViz, make_plot_component

    shown, m = [], tiny(collect=collector())

    def show(model):
        shown.append((model, model.day))
        return solara.Text(str(len(model.agents)))

    choice = {"type": "Select", "value": "whistle", "values": ["layered", "whistle"]}
    params = {**TINY, "rng": 3, "collect": collector(), "regime": choice}

    @solara.component
    def Page():  # noqa: N802
        with solara.AppLayout():
            SolaraViz(m, components=[show, make_plot_component("trust")], model_params=params)

    _, page = reacton.render(Page(), handle_error=False)
    button = {button.children[-1]: button for button in page.find(ipyvuetify.Btn).widgets if button.children}
    button["Step"].click()
    button["Step"].click()
    assert m.day == m.steps == 2
    assert shown[-1] == (m, 2)
    button["Reset"].click()
    anew = shown[-1][0]
    assert anew is not m
    assert (anew.day, anew.seed, anew.regime, anew.scenario) == (0, 3, WHISTLE, m.scenario)
    page.close()
