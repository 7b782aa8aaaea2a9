"""A town of one's own in a sweep and its report."""

import json

import pytest

from experiments.plan import SweepPlan
from experiments.report.about import towns_section
from experiments.report.parts import ReportWords
from experiments.runs import Task
from experiments.store import identity, scenario_of
from model.errors import InputError
from model.scenario import Scenario, load_scenario


class Folder:
    """Results of one scenario, as far as the section reads them."""

    def __init__(self, scenario):
        self.rows = [(scenario.name or "rich", json.dumps(scenario.model_dump(mode="json")))]

    def _read(self, _query):
        return self.rows


@pytest.mark.parametrize(("lang", "name"), [("en", "Old Town"), ("zh", "老城街道")])
def test_the_report_lists_a_town_by_name(lang, name):
    town = load_scenario("example-town")
    section = towns_section(Folder(town), ReportWords(lang), [])
    streets, departments = section.blocks
    assert [len(streets.rows), len(departments.rows)] == [5, 9]
    first = dict(zip(streets.head[1:], streets.rows[0][1:], strict=True))
    assert streets.rows[0][0] == name and first["residents"] == "620" and first["need_rate"] == "0.03"
    assert first["groundedness"] == "–" and streets.rows[0][1] == "30"


def test_the_report_of_other_scenarios_has_no_such_section():
    assert towns_section(Folder(Scenario()), ReportWords("en"), []) is None


def test_a_town_in_the_store_is_the_town():
    town = load_scenario("example-town")
    again = scenario_of(json.dumps(town.model_dump(mode="json")))
    assert again == town and again.street == town.street
    assert identity(Task(town, "layered", 1)) == identity(Task(again, "layered", 1))
    assert identity(Task(town, "layered", 1)) != identity(Task(town.with_(street=town.street[:4]), "layered", 1))


def test_a_plan_may_not_vary_what_a_town_settles():
    plan = SweepPlan(name="x", regions=("example-town",), design={"kind": "grid"}, vary={"cadres": (10, 20)})
    with pytest.raises(InputError, match="cadres would change nothing"):
        plan.scenarios()
    one_by_one = SweepPlan(name="x", regions=("example-town",), design={"kind": "oat"})
    moved = {name for point in one_by_one.points() for name in point}
    assert "ties" in moved and not moved & set(load_scenario("example-town").settled)
    assert len(one_by_one.scenarios()) == len(one_by_one.points())
