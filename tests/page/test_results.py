"""Saved results of the view `evidence`: only what lies under the root, the report's numbers, and the same numbers in the lab."""

import html
import os
import re
import shutil
import sqlite3
from urllib.parse import parse_qsl, urlparse

import pytest
import samples
from access import violations
from click.testing import CliRunner
from conftest import PICTURES
from samples import SETS, undrawn
from told import in_chinese

from experiments.__main__ import main
from experiments.report.answer import answer
from experiments.report.build import sections
from experiments.report.parts import Figure
from experiments.runs import Source
from experiments.store import open_results
from experiments.words import Words
from model.errors import InputError, text_of
from model.measures import MEASURES
from page.definition import Definition
from page.evidence.points import definition_at, picked
from page.evidence.results import read
from page.evidence.shelf import entries, open_named
from page.session import Session

RULES = 'def switching(open_per_cadre):\n    """If many, then some. Assumption."""\n    return 0.1 if 1 < 2 else 0.0\n'


def swept(folder, kind, vary="", **how):
    return samples.swept(folder, kind, vary, name=kind, seeds=2, **how)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A shelf of real, small results; beside it a secret that nobody may open."""
    top = tmp_path_factory.mktemp("shelf")
    root = top / "results"
    swept(root / "deep" / "map", "lhs", "[vary]\nreach = [0.1, 1.0]\nload = [0.5, 2.0]")
    swept(root / "gaming", "grid", "[vary]\ngaming = [0.0, 0.5, 1.0]")
    swept(root / "factorial", "factorial")
    swept(top / "secret", "list")
    swept(root / "own-rules", "list", rules=Source("mine.py", RULES))
    done = CliRunner().invoke(main, ["compare", "--seeds", "2", "--workers", "1", "--out", str(root / "compare"), *SETS])
    assert done.exit_code == 0, done.output
    (root / "leads-out").symlink_to(top / "secret")
    (root / "broken").mkdir()
    (root / "broken" / "results.sqlite").write_bytes(b"no database at all")
    return root


@pytest.fixture
def here(root, monkeypatch):
    monkeypatch.setenv("CHUISHAO_RESULTS", str(root))
    return root


# --- the shelf ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_only_results_under_the_root_are_listed(root):
    assert {e.name for e in entries(root)} == {"deep/map", "gaming", "factorial", "own-rules", "compare", "broken"}
    assert entries(root / "nothing") == []


@pytest.mark.parametrize("name", ["../secret", "leads-out", "/etc", "gaming/../../secret", "", ".", "deep", "gaming\0", "x" * 9999])
def test_no_other_path_can_be_named(root, name):
    with pytest.raises(InputError, match="no results folder") as caught:
        open_named(root, name)
    in_chinese(text_of(caught.value))


def test_a_broken_or_locked_folder_is_one_sentence(here):
    assert "cannot be used" in read("broken", "en")["wrong"]
    assert re.match("无法读取：.*不能使用", read("broken", "zh")["wrong"])
    assert "Traceback" not in read("../secret", "en")["wrong"]


# --- the report --------------------------------------------------------------------------------------------------


def test_what_is_shown_is_the_report_and_its_points(here, monkeypatch):
    undrawn(monkeypatch)
    results, words = open_results(here / "compare"), Words("en")
    told = read("compare", "en")
    assert all(sentence in html.unescape(told["report"]) for sentence in answer(results, words, "whistle"))
    assert told["report"].count("<svg") == sum(isinstance(b, Figure) for s in sections(results, words) for b in s.blocks)
    assert [r["name"] for r in told["choices"]["regions"]] == ["rich", "difficult"]
    third = open_results(here / "deep/map").plan.points()[2]
    assert read("deep/map", "en")["choices"]["points"][2].startswith(f"reach = {third['reach']:.2g}, load = ")


# --- to the lab ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder, region, point, regime", [
    ("deep/map", "rich", 2, "whistle"), ("compare", "difficult", 0, "whistle"), ("factorial", "rich", 0, "whistle-slim")])
def test_a_link_to_the_lab_gives_the_stored_numbers(root, folder, region, point, regime):
    results = open_named(root, folder)
    told = picked(results, point, region, regime, "en")
    query = dict(parse_qsl(urlparse(told["seeds"][1]["href"]).query))
    definition, notices = Definition.from_query(query)
    assert notices == [] and definition == definition_at(results, point, region, regime, told["seeds"][1]["seed"])
    session = Session(definition)
    session.step(definition.scenario.days)
    table = results.runs().set_index(["point", "region", "seed", "regime"])
    for side, name in enumerate((results.plan.regimes[0], regime)):
        stored = table.loc[(point, region, definition.seed, name), list(MEASURES)]
        assert session.measures()[side] == {m: None if v != v else v for m, v in stored.items()}


def test_own_rules_need_a_server_that_has_them(root):
    results = open_named(root, "own-rules")
    told = picked(results, 0, "rich", "whistle", "en")
    assert told["seeds"] == [] and "mine.py" in told["why_not"]
    offered = picked(results, 0, "rich", "whistle", "en", {"mine": RULES})
    assert "rules=mine" in offered["seeds"][0]["href"] and offered["why_not"] == ""


def test_numbers_of_other_code_say_so(root, tmp_path):
    swept(tmp_path / "old", "list")
    with sqlite3.connect(tmp_path / "old" / "results.sqlite") as db:
        db.execute("update runs set code = 'another'")
    assert "Other code" in picked(open_named(tmp_path, "old"), 0, "rich", "whistle", "en")["old"]
    assert picked(open_named(root, "gaming"), 0, "rich", "whistle", "en")["old"] == ""


# --- in the browser -----------------------------------------------------------------------------------------------


def test_saved_results_from_an_empty_shelf_to_the_lab_and_on_a_phone(visit, folder, request):
    """Like a person who has none yet, runs some, and opens them: by keyboard, then in Chinese on a phone."""
    if "CHUISHAO_PAGE" in os.environ:
        pytest.skip("the results of a server that runs already are its own")
    page = visit("/results", dark=True)
    page.wait_for_selector("[data-test=empty] >> text=chuishao compare --out")
    page.screenshot(path=PICTURES / "results-empty-dark.png")
    shutil.copytree(request.getfixturevalue("root"), folder / "results", symlinks=True, dirs_exist_ok=True)
    page = visit("/results")
    page.focus("[data-folder='deep/map']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=picked] .cs-seed", timeout=60_000)
    page.focus("[data-test=point]")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-test=picked]:has-text('2')")
    page.wait_for_function("document.querySelector('[data-test=report]').clientHeight > 1000")
    assert page.frame_locator("[data-test=report]").locator("#map svg").count()
    href = page.get_attribute(".cs-seed", "href")
    assert "reach=" in href and "load=" in href
    assert violations(page) == []
    page.screenshot(path=PICTURES / "results-map.png", full_page=True)
    seed = page.inner_text(".cs-seed >> nth=0")
    page.click(".cs-seed >> nth=0")
    page.wait_for_function(f"(document.querySelector('[data-test=seed]') || {{}}).value === '{seed}'")
    a_report_shows_in_chinese_on_a_phone(visit("/results", lang="zh", width=390, height=844))


def a_report_shows_in_chinese_on_a_phone(page):
    page.click("[data-folder=factorial]")
    page.wait_for_selector("[data-test=report]", timeout=60_000)
    page.frame_locator("[data-test=report]").locator("#ablation >> text=机构减肥 >> nth=0").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=PICTURES / "results-zh-narrow.png", full_page=True)
    page.click("[data-folder=broken]")
    page.wait_for_selector("[data-test=wrong] >> text=无法读取")
