"""Results street by street and department by department."""

import numpy as np
import pytest

from model.by_place import BY_PLACE, by_place
from model.governance import GovernanceModel
from model.measures import MEASURES, counted
from model.scenario import load_scenario


@pytest.fixture(scope="module", params=["layered", "whistle"])
def model(request):
    town = load_scenario("example-town", days=60, burn_in=30, cooldown=20)
    return GovernanceModel(town, request.param, rng=3).run()


def arose(m):
    """How much arose in every place, by measure."""
    cases = counted(m, m.problems.born) & m.problems.reasonable & (m.problems.fate != 0)
    jobs = counted(m, m.jobs.born)
    return {"served_cases": np.bincount(m.problems.street[cases], m.problems.severity[cases], 5),
            "served_policy": np.ones(5),
            "served_core": np.bincount(m.jobs.department[jobs], m.jobs.severity[jobs], 9)}


def test_places_add_up_to_the_town(model):
    told, size = by_place(model), arose(model)
    for kind, names in BY_PLACE.items():
        for name in names:
            values = np.array(told[kind][name])
            assert len(values) == len(size[name]) and np.ptp(values) > 0.01
            assert values @ size[name] / size[name].sum() == pytest.approx(MEASURES[name].of(model), rel=1e-9)


def test_a_place_where_nothing_arose_has_no_value():
    quiet = load_scenario("example-town", days=40, burn_in=10, cooldown=0)
    tables = [*quiet.department[:-1], quiet.department[-1].model_copy(update={"core_rate": 0.0})]
    model = GovernanceModel(quiet.with_(department=tables), rng=1).run()
    assert by_place(model)["department"]["served_core"][-1] is None
