"""The page's answer is that of the command line, on the same seeds, to the last digit."""

import json
import threading
import time

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.__main__ import main
from experiments.runs import ROOT, Source
from languages.text import LANGUAGES
from model.measures import HEADLINES
from model.scenario import PARAMETERS, Event, Scenario
from page import strips
from page.answer import shown
from page.answers import PART_SEEDS, Answer, Answering, answer_of, flips
from page.definition import Definition
from page.ensemble import RUNS, Ensemble
from page.outcome import SHOWN, curves_of, served_by_day
from page.workers import CREW
from page.year import YEARS

SMALL = dict(streets=2, departments=6, cadres=8, residents=120, days=50, burn_in=20, cooldown=30)
DEFINITION = Definition(Scenario(**SMALL))
PAIRS = 4


def wait(until, seconds=60):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def answering():
    news = threading.Event()
    made = Answering(news.set, pairs=PAIRS)
    made.ask(DEFINITION)
    wait(lambda: made.answer.parts["slim"].pairs and len(made.answer.parts["slim"].pairs) == PAIRS)
    assert news.is_set()
    yield made
    made.leave()


@pytest.fixture(scope="module")
def told():
    """What `chuishao compare --json` says."""
    sets = [part for name, value in SMALL.items() if name != "days" for part in ("--set", f"{name}={value}")]
    found = CliRunner().invoke(main, ["compare", "--region", "rich", "--seeds", str(PAIRS), "--days", "50", "--json",
                                      "--workers", "1", *sets])
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def test_check_21_the_verdicts_are_those_of_compare(answering, told):
    ours = answering.answer.wire()
    theirs = told["regions"]["rich"]["measures"]
    assert ours["pairs"] == PAIRS and ours["seeds"] == [ROOT + n for n in range(PAIRS)] and ours["origin"] == "live"
    for name in SHOWN:
        mine, other = ours["measures"][name], theirs[name]
        assert (mine["a"], mine["b"], mine["d"], mine["low"], mine["high"]) == \
            tuple(other[key] for key in ("layered", "whistle", "difference", "low", "high")), name
        direction = {"better": "b", "worse": "a", "unresolved": "open"}[other["verdict"]]
        assert mine["better"] == direction, name
    assert {ours["measures"][name]["better"] for name in HEADLINES} > {"b"}


def test_check_23_the_break_even_is_that_of_compare(answering, told):
    ours = answering.answer.wire()["worth"]
    theirs = next(one for one in told["regions"]["rich"]["worth"]["whistle"]["break_even"] if one["at_policy"] == 1)
    assert (ours["x"], ours["low"], ours["high"], ours["side"]) == \
        tuple(theirs[key] for key in ("value", "low", "high", "side"))
    if ours["x"] is not None:
        assert np.dot(ours["gains"], (1.0, 1.0, ours["x"])) == pytest.approx(0, abs=1e-6)


def test_a_part_is_what_the_switch_adds_on_the_same_seeds(answering):
    answer = answering.answer
    assert set(answer.parts) == {"slim", "dispatch", "triage", "two_way", "mobilise"}
    for name, part in answer.parts.items():
        assert part.on and part.regime == f"whistle-{name}"
        assert [both[1] for both in part.pairs] == [pair[1] for pair in answer.pairs]
    wire = answer.wire("zh")
    assert wire["parts"]["dispatch"]["d"] == pytest.approx(np.mean(
        [b["served_cases"] - a["served_cases"] for a, b in answer.parts["dispatch"].pairs]))
    assert wire["parts"]["dispatch"]["label"] == "吹哨" or wire["parts"]["dispatch"]["label"]
    json.dumps(wire, allow_nan=False)


def test_a_switch_that_is_flipped_has_its_answer_at_once(answering):
    other = Answering(pairs=PAIRS)
    try:
        start = time.perf_counter()
        answer = other.ask(DEFINITION.with_(regimes=("layered", "whistle-slim")))
        assert len(answer.pairs) == PAIRS and not answer.running and time.perf_counter() - start < 5
        assert not answer.parts["slim"].on and answer.parts["slim"].regime == "whistle"
        assert answer.parts["slim"].pairs == answering.answer.parts["slim"].pairs
    finally:
        other.leave()


def test_the_year_is_the_first_pair(answering):
    wait(lambda: answering.year is not None)
    assert answering.year is YEARS.get(DEFINITION)
    assert answering.year.measures[0].items() >= {n: answering.answer.pairs[0][0][n] for n in SHOWN}.items()


def test_a_new_question_drops_the_old_one():
    made = Answering(pairs=200)
    long = DEFINITION.with_(seed=77, days=600)
    made.ask(long)
    run, made._wanted = made._run, PAIRS
    answer = made.ask(DEFINITION)
    assert answer.definition == DEFINITION and answer.pairs
    wait(lambda: not set(run._jobs) & set(CREW._jobs))
    assert run.pairs < 200
    made.leave()


def test_an_event_is_on_both_sides_and_the_morning_is_kept(answering):
    made = Answering(pairs=1)
    event = DEFINITION.with_(events=(Event(day=10, kind="emergency", street=1),))
    made.ask(event)
    wait(lambda: made.year is not None)
    assert made.year.packet()["events"] == [[10, "emergency", 1, 0]]
    at = made.year.series_days.index(9)
    for side in (0, 1):
        before, now = answering.year.series["trust"][side], made.year.series["trust"][side]
        assert before[:at + 1] == now[:at + 1]
        assert (answering.year.frames[side][:10] == made.year.frames[side][:10]).all()
        assert (answering.year.frames[side] != made.year.frames[side]).any()
    made.leave()


def test_one_pair_is_thin_and_none_is_nothing():
    one = Ensemble(DEFINITION, 1)
    wait(lambda: one.done)
    wire = answer_of(one).wire()
    assert {m["better"] for m in wire["measures"].values()} == {"thin"} and wire["worth"] is None
    nothing = Answer(DEFINITION).wire()
    assert nothing["pairs"] == 0 and nothing["curves"] == {} and nothing["measures"]["trust"]["d"] is None


def test_reforms_without_switches_have_no_parts():
    assert flips(DEFINITION.with_(regimes=("layered", "hotline"))) == {}
    made = flips(DEFINITION.with_(regimes=("layered", "whistle-slim")))
    assert made["slim"] == (False, "whistle") and made["triage"][0] and PART_SEEDS > 1


def test_curves_are_shares_by_day_and_the_first_is_of_what_arose(answering):
    wire = answering.answer.wire()
    for curve in wire["curves"].values():
        assert np.shape(curve["a"]) == np.shape(curve["b"]) == (PAIRS, len(curve["day"])) and len(curve["day"]) <= 126
    from model.governance import GovernanceModel
    m = GovernanceModel(DEFINITION.scenario, "whistle", rng=ROOT).run()
    sc, p = m.scenario, m.problems
    day = sc.burn_in + 40
    rows = p.reasonable & (p.fate != 0) & (p.born <= day) & (p.born > day - 21)
    met = rows & np.isin(p.fate, (3, 4, 5))
    assert served_by_day(m)[day] == pytest.approx(p.severity[met].sum() / p.severity[rows].sum())
    assert wire["curves"]["served_cases"]["b"][0] == curves_of(m)[0].tolist()


@pytest.mark.slow
def test_own_rules_are_answered_in_the_process():
    mine = {"mine": Source("mine.py", "def switching(open_per_cadre):\n    return min(0.3 * open_per_cadre, 2.0)\n")}
    made = Answering(pairs=2, rules_of=mine)
    made.ask(DEFINITION.with_(rules="mine"))
    wait(lambda: len(made.answer.pairs) == 2 and made.year is not None, 240)
    assert made.answer.wire()["parts"]["slim"]["d"] is None and made.error is None
    made.leave()
    made.ask(DEFINITION.with_(rules="lost"))
    assert "lost" in made.error
    made.leave()


@pytest.mark.slow
def test_strips_fill_in_coarse_first_once_nothing_else_is_asked(monkeypatch):
    monkeypatch.setattr(strips, "SLIDERS", {"reach": strips.SLIDERS["reach"]})
    strips._keys.cache_clear()
    made = Answering(pairs=2)
    made.ask(DEFINITION.with_(seed=5, delta=0.3))
    wait(lambda: len(made.answer.strips["reach"]["points"]) == len(strips.LIVE_AT))
    points = made.answer.wire()["strips"]["reach"]["points"]
    assert [p["x"] for p in points] == sorted(strips.SLIDERS["reach"].at[n] for n in strips.LIVE_AT)
    assert all(p["pairs"] == strips.LIVE_SEEDS and p["better"]["served_cases"] in ("a", "b", "open") for p in points)
    made.leave()
    strips._keys.cache_clear()


def test_what_is_kept_of_a_run_is_small():
    side = next(side for side in RUNS._held.values() if side.curves is not None)
    assert len(side.measures) < 20 and side.curves.nbytes <= 4 * 126


def test_what_policy_and_formalism_hang_on_is_told_for_whistle_and_has_a_slider():
    whistle, hotline = Definition(), Definition().with_(regimes=("layered", "hotline"))
    for lang in LANGUAGES:
        assert shown.hangs(whistle, lang).startswith("*") and shown.hangs(hotline, lang) == ""
    wire = {"measures": {name: {"label": name, "dots": [0.1], "unit": "share", "direction": 1, "better": "b", "d": 0.1,
                                "low": 0.0, "high": 0.2} for name in HEADLINES}}
    marked = {m["name"] for m in shown.dots(wire, whistle, "en") if m["label"].endswith(" *")}
    assert marked == set(shown.HANGING) and shown.ON in strips.SLIDERS
    assert not any("*" in m["label"] for m in shown.dots(wire, hotline, "en"))


def test_every_slider_stays_where_its_number_may_be():
    for name, slider in strips.SLIDERS.items():
        assert PARAMETERS[name].low <= slider.low <= min(slider.at) and max(slider.at) <= slider.high <= PARAMETERS[name].high, name
