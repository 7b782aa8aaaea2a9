"""The story: every scene runs the real model, its words follow the numbers, a person gets through by keyboard."""

import re
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl, urlparse

import pytest
from access import violations
from conftest import PICTURES

from experiments.activities import GROUPS
from model.governance import GovernanceModel
from page.definition import Definition
from page.story import scenes, telling
from page.story import view as story
from page.story.scenes import LESS, MORE, SAME, SCENES, Told, row, verdict
from page.story.telling import Progress, Teller
from page.words import LANGUAGES, WORDS

QUICK = [key for key in SCENES if key not in ("fail", "site", "slim")]


def runs(**arms):
    return {arm: [{"x": v} for v in values] for arm, values in arms.items()}


# --- words follow numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("b, want", [((2, 2.1, 2.2), MORE), ((0, .1, .2), LESS), ((1.1, .9, 1.0), SAME)])
def test_a_verdict_is_the_paired_interval(b, want):
    assert verdict(runs(a=(1, 1, 1), b=b), "a", "b", "x") == want


@pytest.mark.parametrize("direction, want", [(1, "better"), (-1, "worse"), (0, "unresolved")])
def test_a_row_is_better_or_worse_by_the_measures_direction(direction, want):
    assert row(runs(a=(1, 1, 1), b=(2, 2.1, 2.2)), "x", "a", "b", "x", direction)["verdict"] == want


OUTCOMES = {
    "day": ("most", "least"), "order": tuple(f"best_{w}" for w in ("as_is", "relay", "tighten", "translate")),
    "data": ("slim_same", "slim_more", "slim_less"), "slim": tuple(f"{k}_{v}" for k in ("expert", "any", "price") for v in (MORE, SAME, LESS)),
    "whistle": tuple(f"{k}_{v}" for k in ("cases", "core") for v in (MORE, SAME, LESS)),
    "slide": (*(f"first_{v}" for v in ("place", "command", "both")), *(f"after_{v}" for v in (MORE, SAME, LESS))),
    "double": tuple(f"{k}_{v}" for k in ("apart", "noise") for v in (MORE, SAME, LESS)),
    "site": tuple(f"{k}_{v}" for k in ("known", "unknown", "heard") for v in (MORE, SAME, LESS)),
    "fail": tuple(f"{k}_{v}" for k in ("rich", "far", "crying") for v in (MORE, SAME, LESS)),
}


@pytest.mark.parametrize("key", SCENES)
def test_there_is_a_sentence_for_every_outcome(key):
    assert {f"s_{key}_{end}" for end in (*OUTCOMES[key], "title", "text", "quote", "ask")} <= set(WORDS)
    assert {f"opt_{key}_{option}" for option in SCENES[key].options} <= set(WORDS)


def test_no_number_of_a_result_is_written_into_the_words():
    given = {"s_order_text": {"100"}, "s_fail_text": {"5"}, "s_slim_title": {"25", "6"}, "s_slim_quote": {"25", "6"},
             **{f"s_data_slim_{v}": {"25"} for v in (MORE, SAME, LESS)}, "s_offices_25": {"25"}, "s_offices_6": {"6"},
             "s_data_row_layered": {"25"}, "s_data_row_slim": {"6"}, "s_data_row_clear": {"25"}}
    for key, english in WORDS.items():
        if key.startswith("s_"):
            found = set(re.findall(r"\d+", re.sub(r"\{[^}]*\}", "", english)))
            assert found <= given.get(key, set()), key


# --- the scenes on the real model ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told():
    """`told(key)`: a quick scene, told once by the page's own worker."""
    return cache(lambda key: story.settle(key, 300))


@pytest.mark.slow
@pytest.mark.parametrize("key", QUICK)
def test_a_scene_is_told_in_both_languages(told, key):
    ran, scene = told(key), SCENES[key]
    assert ran.error == "" and ran.done == 1.0
    guess = scene.options[0] if scene.options else scene.scale[0]
    for lang in LANGUAGES:
        out = story.outcome(key, guess, ran, lang)
        assert out["against"] and all(out["lines"]) and out["chart"]["rows"]
        assert not re.search(r"[\u4e00-\u9fff]{4}", "".join(out["lines"])) or lang == "zh"
    definition, notices = Definition.from_query(dict(parse_qsl(urlparse(out["href"]).query)))
    assert notices == [] and definition.scenario == (scene.lab or next(iter(scene.arms.values())).scenario)


@pytest.mark.slow
def test_the_day_adds_up_to_eight_hours(told):
    (bar,) = told("day").told.chart["rows"]
    assert set(bar["parts"]) == set(GROUPS) and sum(bar["parts"].values()) == pytest.approx(8)


@pytest.mark.slow
def test_slimming_alone_does_not_lower_the_share_redone(told):
    out = told("data").told
    parts = {row["label"]: row["parts"] for row in out.chart["rows"]}
    assert parts["data_row_clear"]["repeat"] == 0 < parts["data_row_layered"]["repeat"]
    assert 40 < out.truth < 62  # of the hours asked .53 to .6 are rework, of those worked less: it comes after the data
    assert out.lines[1][0] in ("data_slim_same", "data_slim_more")


def test_a_run_forked_at_the_switch_is_the_run_from_its_start():
    scene = SCENES["whistle"]
    arms = {k: replace(a, scenario=a.scenario.with_(streets=2, residents=60, burn_in=20)) for k, a in scene.arms.items()}
    teller = Teller()
    for seed in (1, 2):
        for arm in arms.values():
            assert teller._run(scene, arm, seed) == scene.get(GovernanceModel(arm.scenario, arm.regime, rng=seed).run())


def test_two_tellers_tell_the_same():
    arms = {k: replace(a, scenario=a.scenario.with_(streets=2, burn_in=20)) for k, a in SCENES["data"].arms.items()}
    scene = replace(SCENES["data"], arms=arms)
    assert Teller()._tell(scene, Progress()) == Teller()._tell(scene, Progress())


@pytest.mark.slow
def test_a_failing_model_is_words_and_the_next_scene_goes_on(monkeypatch):
    def fail(_):
        raise ValueError("a broken model")

    teller = Teller()
    monkeypatch.setitem(telling.SCENES, "day", replace(SCENES["day"], get=fail, seeds=(1,)))
    broken, fine = teller.ask("day"), teller.ask("data")
    assert broken.ended.wait(120) and fine.ended.wait(120)
    assert "a broken model" in story.outcome("day", 3, broken, "en")["error"]
    assert fine.told is not None


@pytest.mark.slow
def test_a_scene_that_was_told_is_never_run_again(monkeypatch, told):
    first = told("day").told
    monkeypatch.setattr(GovernanceModel, "run", lambda self: pytest.fail("ran again"))
    assert story.TELLER.ask("day").told is first


@pytest.mark.parametrize("truth, guess, key", [(3.0, 3.2, "Close"), (3.0, 6.0, "less"), (6.0, 1.0, "more")])
def test_a_guess_stands_beside_the_truth(truth, guess, key):
    assert key in story.against(SCENES["day"], guess, Told(truth, [], {}), "en")


def test_a_chosen_answer_is_hit_or_missed():
    assert "that came out" in story.against(scenes.SCENES["whistle"], LESS, Told(LESS, [], {}), "en")
    assert "却是" in story.against(scenes.SCENES["whistle"], MORE, Told(LESS, [], {}), "zh")


@pytest.mark.parametrize("path, at", [("/story", 0), ("/story/1", 0), ("/story/10", 9), ("/story/99", 9), ("/story/x", 0), ("/story/0", 0), ("/story/12345", 0)])
def test_every_scene_has_an_address(path, at):
    assert story.scene_at(path) == at


def test_of_what_a_browser_kept_only_guesses_are_taken():
    kept = {"day": 4.5, "whistle": "less", "slim": "perhaps", "order": "many", "data": True, "nobody": 1, "fail": None}
    assert story.fitting(kept) == {"day": 4.5, "whistle": "less"}
    assert story.fitting(None) == story.fitting([1]) == {}


def test_all_shares_of_a_picture_have_one_axis():
    rows = [{"label": "served_cases", "a": .41, "b": .62, "digits": 3}, {"label": "served_core", "a": .78, "b": .3, "digits": 3},
            {"label": "site_petitions", "a": 3.0, "b": 8.0, "digits": 1}]
    made = [story.paired_row(one, rows) for one in rows]
    assert made[0]["axis"] == made[1]["axis"] == pytest.approx(.9) and made[0]["a_text"] == "41.0 %"
    assert made[2]["axis"] > 8 and made[2]["b_text"] == "8.0"


# --- in the browser -----------------------------------------------------------------------------------------------


def test_a_person_guesses_and_sees_by_keyboard_alone(visit):
    page = visit("/story/1")
    page.wait_for_selector("[data-scene=day]")
    page.wait_for_selector("[data-test=actor][data-sides='1'][data-ready='1']")
    assert page.locator("[data-test=told]").count() == 0  # guess first
    page.focus("[data-test=slider]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("output >> text=4.5 h")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-test=told]:focus >> text=You guessed 4.5 h", timeout=60_000)
    assert violations(page) == []
    page.screenshot(path=PICTURES / "story-day.png", full_page=True)
    page.click("[data-test=language]")
    page.wait_for_selector("[data-test=told] >> text=你猜 4.5 小时")  # the guess is kept
    page.focus("[data-test=next]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-scene=order] h2:focus")
    assert page.url.endswith("/story/2")


def test_the_price_and_the_ending_on_a_phone_in_the_dark(visit):
    page = visit("/story", lang="zh", width=390, height=844, dark=True)
    page.click(".cs-steps li:nth-child(5) a")
    page.click("[data-scene=whistle] [data-option=more]")
    page.wait_for_selector("[data-test=picture]", timeout=120_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.screenshot(path=PICTURES / "story-whistle-zh-narrow-dark.png", full_page=True)
    assert page.get_attribute("[data-test=lab]", "href").startswith("/?")
    page.wait_for_selector("[data-test=actor][data-sides='2'][data-ready='1']")  # B is seen only after the guess
    page.reload()  # the address is the scene's, and the guess is kept
    page.wait_for_selector("[data-scene=whistle] [data-test=picture]")
    page.click(".cs-steps li:nth-child(10) a")
    page.wait_for_selector("[data-test=ending] >> text=你猜")
    page.wait_for_selector("[data-test=closing] section >> nth=3", timeout=300_000)
    assert page.locator("[data-test=ending] tbody tr").count() == len(SCENES)
