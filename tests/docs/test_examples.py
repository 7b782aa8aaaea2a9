"""Files that are shipped to be read and run."""

from pathlib import Path

import numpy as np

from model.governance import GovernanceModel
from model.rulebook import load_rules
from model.scenario import Scenario

EXAMPLES = Path(__file__).parents[2] / "docs/examples"


def spread(values):
    return np.ptp(values.reshape(len(values), -1), axis=0).max()


def test_averaged_people_are_alike_within_their_street_every_evening():
    scenario = Scenario(streets=2, residents=60, cadres=4, days=60, burn_in=40, cooldown=0)
    plain = GovernanceModel(scenario, "whistle", rng=1)
    alike = GovernanceModel(scenario, "whistle", rng=1, rules=load_rules(EXAMPLES / "averaged_people.py"))
    for model in (plain, alike):
        model.run()
    for table, names in {"cadres": ("knowledge", "motivation", "ties"), "residents": ("expectation",)}.items():
        for name in names:
            unequal, equal = (getattr(m, table) for m in (plain, alike))
            assert max(spread(unequal[name][unequal.street == s]) for s in range(2)) > 1e-3
            assert max(spread(equal[name][equal.street == s]) for s in range(2)) < 1e-6
    assert np.ptp(alike.departments.groundedness) < 1e-12 < np.ptp(plain.departments.groundedness)
