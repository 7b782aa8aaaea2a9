"""The view `where`: a map filled coarse first, judged as `compare` judges, and the smallest change that breaks a reform."""

import threading
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from access import violations
from conftest import PICTURES

from model.scenario import PARAMETERS
from page import ensemble
from page.definition import Definition
from page.ensemble import MAPS, Pair, run_each
from page.outcome import MEASURED, Side
from page.shipped import making, reading
from page.where import breaking, maps, view
from page.where.breaking import Search
from page.where.maps import COARSE, PAIRS, SIDE, Map, differences, judged, values
from tests.page.steps import SMALL

TINY = Definition().with_(streets=1, residents=30, cadres=3, days=35, burn_in=5, cooldown=0)


def pair(**b):
    """A pair of which A has 1 everywhere and B what is given."""
    return Pair((dict.fromkeys(MEASURED, 1.0), {**dict.fromkeys(MEASURED, 1.0), **b}), None)


@pytest.fixture
def made_up(monkeypatch):
    """Instead of runs: cases fall with `reach`, core work by the seed."""
    asked = []

    def run(wanted, each, stop, rank):
        for definition in wanted:
            asked.append(definition)
            luck = 0.01 * (definition.seed % 7 - 3)
            each(definition, pair(served_cases=1 + definition.scenario.reach - 0.5 + luck, served_core=1 + luck))

    for module in (maps, breaking):
        monkeypatch.setattr(module, "run_each", run)
    return asked


# --- pairs --------------------------------------------------------------------------------------------------------


def told_of(*wanted, stop=None):
    """What `run_each` hands on, by definition."""
    found = {}
    run_each(wanted, lambda definition, pair: found.update({definition: pair}), stop or threading.Event(), MAPS)
    return found


def test_a_pair_is_what_the_command_line_has_of_it_and_what_an_answer_shows_again():
    from experiments.runs import Task, run_stored

    (found,) = told_of(TINY).values()
    assert found.curves is None
    for side, regime in enumerate(TINY.regimes):
        row = run_stored(Task(TINY.scenario, regime, TINY.seed, series=False))["row"]
        assert found.measures[side] == {name: row[name] for name in MEASURED}
    run = ensemble.Ensemble(TINY, 1)
    wait_for(lambda: run.done)
    assert run.known()[0].measures == found.measures and run.known()[0].curves is not None


def wait_for(met, seconds=60):
    until = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_nothing_is_run_for_nobody_and_what_fails_is_told(monkeypatch):
    stop = threading.Event()
    stop.set()
    assert told_of(TINY.with_(seed=3), stop=stop) == {}

    def fail(*_given):
        raise ValueError("a broken model")
    monkeypatch.setattr(ensemble, "begun", fail)
    assert told_of(TINY.with_(seed=4)) == {TINY.with_(seed=4): None}


def test_maps_made_before_are_read_unless_by_other_code(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    rich = Definition()
    near = rich.with_(reach=0.3, seed=20260102)
    making._write("rich-maps", {"mark": reading.mark(), "runs": [[near.to_query(), {"whistle": [0.25] * len(MEASURED)}]]})
    reading.preload_maps.cache_clear()
    assert reading.preload_maps(rich)
    assert ensemble.kept(near, "whistle", near.seed) == Side(dict.fromkeys(MEASURED, 0.25), None)
    making._write("rich-maps", {"mark": ["other"], "runs": []})
    reading.preload_maps.cache_clear()
    assert not reading.preload_maps(rich)


# --- the map ------------------------------------------------------------------------------------------------------


def test_every_point_comes_once_the_coarse_first():
    board = Map(TINY, "reach", "load")
    order = board.order()
    assert len(order) == len(set(order)) == SIDE * SIDE
    steps = [board.cells[at].step for at in order]
    assert steps == sorted(steps, reverse=True) and set(steps) == set(COARSE)
    assert [steps.count(s) for s in COARSE] == [9, 16, 56]


@pytest.mark.parametrize("name", ["reach", "load", "items", "theta_mean"])
def test_values_span_the_range_of_a_number(name):
    found, p = values(name), PARAMETERS[name]
    assert (found[0], found[-1], len(found)) == (p.low, p.high, SIDE) and found == sorted(found)
    assert not p.whole or all(v == int(v) for v in found)


def test_a_map_is_filled_and_judged_point_by_point(made_up):
    board = Map(TINY, "reach", "load")
    board.fill()
    assert board.done == board.total == PAIRS * SIDE * SIDE and board.ended
    told = board.told("served_cases")
    assert len(told) == SIDE * SIDE and all(p["pairs"] == PAIRS for p in told)
    assert all(p["verdict"] == ("worse" if p["i"] < 3 else "better") for p in told if abs(board.xs[p["i"]] - 0.5) > 0.1)
    assert all(p["verdict"] == "open" for p in board.told("served_core"))
    said = view.told(board, view.Asked(TINY), "", "en")
    assert "worse at 36 of 81 points" in said["title"]


def test_one_pair_is_thin_whatever_it_says_and_less_formalism_is_better():
    assert judged([pair(served_cases=2.0)], "served_cases")["verdict"] == "thin"
    three = [pair(formalism_share=1.2 + n / 100) for n in range(3)]
    assert judged(three, "formalism_share")["verdict"] == "worse"
    a, b = differences([pair(cases_met=4.0, value_got=2.0, jobs_done=3.0)], "worth", 5.0)
    assert (a, b) == ([7.0], [4.0 + 2.0 + 15.0])


def test_numbers_that_do_not_go_together_are_no_point(made_up):
    board = Map(TINY, "reach", "load")
    board.xs[0] = 7.0  # out of range
    board.fill()
    assert board.ended and sum(p["verdict"] == "failed" for p in board.told("served_cases")) == SIDE


# --- the smallest change ------------------------------------------------------------------------------------------


def test_the_smallest_change_is_found_and_holds_on_fresh_seeds(made_up):
    search = Search(TINY, "served_cases")
    search.look()
    assert search.ended and search.base["verdict"] == "better"
    (found,) = search.found
    assert set(found.point) == {"reach"} and 0.35 < found.point["reach"] < 0.5
    assert found.told["verdict"] == "worse" and found.told["pairs"] == breaking.FRESH_PAIRS
    assert found.distance == pytest.approx((0.8 - found.point["reach"]) / 0.95)
    told = view.broken(search, view.Asked(TINY, search="main"), "en")
    assert told["found"][0]["moved"][0]["from"] == "0.8" and "reach=" in told["found"][0]["href"]
    assert told["pushes"][0]["name"] == "reach"


def test_what_nothing_breaks_is_said_to_be_a_search_and_no_proof(made_up):
    search = Search(TINY, "served_core")
    search.look()
    assert search.found == [] and search.ended
    assert "no proof" in view.broken(search, view.Asked(TINY, outcome="served_core", search="main"), "en")["said"]


def test_where_it_is_worse_already_nothing_is_moved(made_up):
    search = Search(TINY.with_(reach=0.1), "served_cases")
    search.look()
    assert search.pushes == [] and "already" in view.broken(search, view.Asked(TINY, search="main"), "en")["said"]


# --- addresses ----------------------------------------------------------------------------------------------------


def test_an_address_says_all_of_a_map():
    asked = view.Asked(TINY.with_(regimes=("layered", "hotline")), "knowledge", "ties", "worth", 2.5, "all")
    assert view.Asked.of(urlencode(asked.query())) == asked


@pytest.mark.parametrize("bad", ["x=nothing&y=reach", "x=reach&y=reach", "of=nobody", "worth=much", "break=it", "x=streets"])
def test_a_bad_address_is_read_as_far_as_it_goes(bad):
    asked = view.Asked.of(bad)
    assert asked.x in maps.axis_names() and asked.x != asked.y and asked.outcome in view.OUTCOMES and asked.search == ""


@pytest.mark.parametrize("key, value", [("place", "nowhere"), ("a", "no such regime"), ("x", "streets"), ("outcome", "?"), ("worth", "?")])
def test_a_choice_that_does_not_fit_changes_nothing_else(key, value):
    before = view.Asked(TINY)
    after = view.taken(before, {"key": key, "value": value})
    assert (after.definition, after.x, after.y, after.outcome) == (before.definition, before.x, before.y, before.outcome)


def test_choosing_the_other_axis_exchanges_both():
    after = view.taken(view.Asked(TINY), {"key": "x", "value": "load"})
    assert (after.x, after.y) == ("load", "reach")


# --- in the browser -----------------------------------------------------------------------------------------------


def test_a_journey_from_the_map_to_the_answer_and_to_a_break(visit):
    page = visit(f"/where?{SMALL}&cooldown=0&x=reach&y=load&of=served_core")
    page.wait_for_selector(".cs-cell.cs-pale", timeout=120_000)
    page.focus(".cs-cell[aria-selected=true]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    at = page.get_attribute(".cs-cell:focus", "data-at")
    i, j = map(int, at.split("-"))
    href = dict(parse_qsl(page.get_attribute("[data-test=to-answer]", "href").partition("?")[2]))
    assert (float(href["reach"]), float(href["load"])) == (values("reach")[i], values("load")[j])
    page.select_option("[data-test=axis-y]", "knowledge")
    page.wait_for_function("location.search.includes('y=knowledge')")
    page.click("[data-test=break-go]")
    page.wait_for_function("location.search.includes('break=main')")
    page.wait_for_selector("[data-test=break-said][data-ended='1']", timeout=300_000)
    assert violations(page) == []
    page.screenshot(path=PICTURES / "where.png", full_page=True)
    page.click("[data-test=language]")
    page.wait_for_selector("text=用最小的改变让改革失效")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("[data-test=theme]")
    page.wait_for_selector("#app.theme--dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.click("[data-test=to-answer]")
    page.wait_for_selector("[data-test=stage]")
