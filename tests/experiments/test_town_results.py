"""A town of one's own in a sweep and its report."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from experiments import sweep
from experiments.analysis.places import by_place
from experiments.compare import arms_of, as_dict
from experiments.plan import SweepPlan, plan_of_text
from experiments.report import places
from experiments.report.about import towns_section
from experiments.runs import Task
from experiments.screen_all import show_all
from experiments.store import identity, open_results, scenario_of
from experiments.words import Words
from model.errors import InputError
from model.scenario import Scenario, load_scenario


class Folder:
    """Results of one scenario, as far as the section reads them."""

    def __init__(self, scenario):
        self.name, self.scenario = scenario.name or "rich", scenario.model_dump(mode="json")

    def scenarios(self):
        return {self.name: [self.scenario]}


@pytest.mark.parametrize(("lang", "name"), [("en", "Old Town"), ("zh", "老城街道")])
def test_the_report_lists_a_town_by_name(lang, name):
    town = load_scenario("example-town")
    section = towns_section(Folder(town), Words(lang), [])
    streets, departments = section.blocks
    assert [len(streets.rows), len(departments.rows)] == [5, 9]
    first = dict(zip(streets.head[1:], streets.rows[0][1:], strict=True))
    assert streets.rows[0][0] == name and first["residents"] == "620" and first["need_rate"] == "0.03"
    assert first["groundedness"] == "–" and streets.rows[0][1] == "30"


def test_the_report_of_other_scenarios_has_no_such_section():
    assert towns_section(Folder(Scenario()), Words("en"), []) is None


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


@pytest.fixture(scope="module")
def townsfolk(tmp_path_factory):
    text = ('name = "town"\nregions = ["example-town"]\n[compare]\nregimes = ["layered", "whistle"]\n[design]\nkind = "list"\n'
            '[fixed]\ndays = 50\nburn_in = 20\ncooldown = 10\n[seeds]\nper_point = 2\n')
    folder = tmp_path_factory.mktemp("town") / "out"
    sweep.run_plan(plan_of_text(text, Path("town.toml")), text, folder, workers=1)
    return open_results(folder)


def test_a_town_is_told_place_by_place(townsfolk):
    table = by_place(townsfolk)
    assert table.groupby(["kind", "measure"]).size().to_dict() == {
        ("street", "served_cases"): 5, ("street", "served_policy"): 5, ("department", "served_core"): 9}
    first = table[(table["kind"] == "street") & (table["place"] == 0)].iloc[0]
    runs = [townsfolk.places()["example-town", regime] for regime in ("layered", "whistle")]
    mean = [sum(told["street"]["served_cases"][0] for told in run.values()) / 2 for run in runs]
    assert (first["pairs"], first["base_mean"], first["mean"]) == (2, mean[0], mean[1])
    assert as_dict(townsfolk)["places"] == table.to_dict("records")


@pytest.mark.parametrize(("lang", "street", "department"), [("en", "North Hills", "Finance"), ("zh", "北山镇", "财政局")])
def test_screen_and_report_name_every_place(townsfolk, lang, street, department):
    report = places.section(townsfolk, Words(lang), ["whistle"])
    assert [len(table.rows) for table in report.blocks] == [5, 9]
    assert (report.blocks[0].rows[-1][0], report.blocks[1].rows[-1][0]) == (street, department)
    out = Console(width=110, file=io.StringIO())
    show_all(townsfolk, arms_of(townsfolk), Words(lang), out)
    assert street in out.file.getvalue() and department in out.file.getvalue()
