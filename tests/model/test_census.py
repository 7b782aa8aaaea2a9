"""A model is let go of when nobody uses it; its agents are numbered as Mesa does, and made without detours."""

import gc
import weakref
from contextlib import suppress

import mesa

from model.census import crowd
from model.governance import GovernanceModel
from model.scenario import Scenario

TINY = Scenario(days=35, burn_in=0, streets=1, departments=3, offices_slim=2, cadres=2, residents=20, staff=1)


def test_a_model_that_nobody_uses_is_gone():
    model = GovernanceModel(TINY, rng=1).run()
    watch = weakref.ref(model)
    del model
    gc.collect()
    assert watch() is None


def test_every_model_counts_its_agents_from_one():
    for model in (GovernanceModel(TINY, rng=1), mesa.Model(), GovernanceModel(TINY, rng=2)):
        later = mesa.Agent(model)
        assert sorted(agent.unique_id for agent in model.agents) == list(range(1, len(model.agents) + 1))
        assert later.unique_id == len(model.agents)


def test_nobody_collects_garbage_while_a_crowd_is_made():
    rounds = []
    gc.callbacks.append(lambda phase, info: rounds.append(phase))
    try:
        with crowd():
            rounds.clear()
            kept = [[] for _ in range(5 * gc.get_threshold()[0])]
            inside = len(rounds)
        kept += [[] for _ in range(5 * gc.get_threshold()[0])]
        assert inside == 0 < len(rounds)
    finally:
        gc.callbacks.pop()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with crowd():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_is_on_again_after_a_failure():
    with suppress(ZeroDivisionError), crowd():
        raise ZeroDivisionError
    assert gc.isenabled()
