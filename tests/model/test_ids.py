"""A model is let go of when nobody uses it; its agents are numbered as Mesa does."""

import gc
import weakref

import mesa

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
