"""The view `where`: a map filled coarse first, judged as `compare` judges, and the smallest change that breaks a reform."""

import threading
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from access import violations
from conftest import PICTURES

from model.scenario import PARAMETERS
from page.definition import Definition
from page.where import breaking, maps, pairs, ship, view
from page.where.breaking import Search
from page.where.maps import COARSE, PAIRS, SIDE, Map, judged, values
from page.where.pairs import KEPT, Store, differences, key_of, run_all
from tests.page.steps import SMALL

TINY = Definition().with_(streets=1, residents=30, cadres=3, days=35, burn_in=5, cooldown=0)


def pair(**b):
    """A pair of which A has 1 everywhere and B what is given."""
    return np.array([[1.0] * len(KEPT), [b.get(name, 1.0) for name in KEPT]])


@pytest.fixture
def made_up(monkeypatch):
    """Instead of runs: cases fall with `reach`, core work by the seed."""
    asked = []

    def run(definition, cancelled=lambda: False):
        asked.append(definition)
        luck = 0.01 * (definition.seed % 7 - 3)
        return pair(served_cases=1 + definition.scenario.reach - 0.5 + luck, served_core=1 + luck)

    monkeypatch.setattr(pairs, "run_pair", run)
    monkeypatch.setattr(pairs, "STORE", Store())
    monkeypatch.setattr(pairs.STORE, "_shipped", {})
    monkeypatch.setattr(pairs.COMPILING, "wait", lambda _seconds: True)
    return asked


# --- pairs --------------------------------------------------------------------------------------------------------


def test_a_pair_is_what_the_command_line_has_of_it():
    from experiments.runs import Task, run_stored

    found = pairs.run_pair(TINY)
    for side, regime in enumerate(TINY.regimes):
        row = run_stored(Task(TINY.scenario, regime, TINY.seed, series=False))["row"]
        assert [None if v != v else v for v in found[side]] == [row[name] for name in KEPT]


def test_nobody_waits_for_a_pair_that_nobody_wants():
    with pytest.raises(pairs.CancelError):
        pairs.run_pair(TINY, lambda: True)


def test_pairs_are_kept_and_one_that_fails_is_told(made_up, monkeypatch):
    told, stop = [], threading.Event()
    run_all([TINY, TINY.with_(reach=0.3), TINY], lambda d, p: told.append((d, p is not None)), stop)
    assert {d for d, _ in told} == {TINY, TINY.with_(reach=0.3)} and all(done for _, done in told)
    before = len(made_up)
    run_all([TINY], lambda d, p: told.append((d, p is not None)), stop)
    assert len(made_up) == before

    def fail(definition, cancelled):
        raise ValueError("a broken model")
    monkeypatch.setattr(pairs, "run_pair", fail)
    run_all([TINY.with_(reach=0.7)], lambda d, p: told.append((d, p is not None)), stop)
    assert told[-1] == (TINY.with_(reach=0.7), False)


def test_a_link_s_words_are_the_key():
    assert key_of(TINY) == key_of(Definition.from_query(TINY.to_query())[0]) != key_of(TINY.with_(seed=1))


def test_what_was_made_by_other_code_is_left_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(ship, "SHIPPED", tmp_path)
    ship.write("rich", {"a=1": pair(served_cases=0.25)})
    assert pairs.read_shipped(tmp_path)["a=1"][1][KEPT.index("served_cases")] == 0.25
    assert pairs.read_shipped(tmp_path, code="another") == {}


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
    page.click("[data-test=to-answer]")
    page.wait_for_selector("[data-test=stage]")
