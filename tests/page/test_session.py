"""The run behind the page: the same numbers as batch, steps and reads from any thread, failures as words."""

import json
import threading
import weakref

import pytest
from pictures import days_of
from told import in_chinese

from experiments.runs import Source
from languages.text import say
from model.governance import GovernanceModel
from model.measures import MEASURES
from model.scenario import Scenario
from page import sides
from page.definition import Definition
from page.session import Session
from page.year import year_of

SMALL = Scenario(streets=3, departments=8, cadres=8, residents=120, days=50, burn_in=15)


@pytest.fixture
def definition():
    return Definition(SMALL, ("layered", "whistle"), 5)


def direct(definition: Definition, day: int) -> list[GovernanceModel]:
    """Both sides as a batch has them on a day; after the last with the cool-down."""
    days = None if day == definition.scenario.days else definition.scenario.burn_in + day
    return [GovernanceModel(definition.scenario, regime, rng=definition.seed).run(days) for regime in definition.regimes]


def test_a_day_of_the_page_is_the_same_day_of_a_batch_run(definition):
    session = Session(definition)
    for _ in range(4):
        session.step(10)
        session.snapshot(), session.why("formalism_share"), session.person("cadre", 3)  # looking changes nothing
    models = direct(definition, 40)
    assert session.day == 40
    assert session.measures() == [m.measures() for m in models]
    assert [m.record.digest(55) for m in session._models] == [m.record.digest(55) for m in models]


@pytest.mark.parametrize("regimes", [("whistle-slim", "layered+two_way"), ("whistle", "whistle"),
                                     ("layered+more_staff", "layered")])
def test_any_two_regimes_stand_side_by_side(definition, regimes):
    definition = definition.with_(regimes=regimes)
    session = Session(definition)
    session.step(35)
    assert session.measures() == [m.measures() for m in direct(definition, 35)]


def test_both_sides_are_equal_on_day_0(definition):
    session = Session(definition)
    a, b = session._models
    assert a.record.digest(15) == b.record.digest(15)
    assert session.day == 0 and not session.ended
    one, two = session.snapshot()["sides"]
    assert one == two


def test_a_share_link_gives_day_30_with_injected_events_exactly(definition):
    first = Session(definition)
    first.step(12)
    assert first.inject("whistle", 1, 3) is None
    assert first.inject("emergency", 2) is None
    first.step(5)
    assert first.inject("central_work", 0, 4) is None and first.inject("inspection", 1) is None
    first.step(13)
    second_definition, notices = Definition.from_query(first.definition.to_query())
    assert not notices and second_definition == first.definition
    second = Session(second_definition)
    second.step(30)
    assert first.day == second.day == 30
    assert first.measures() == second.measures()
    assert first.snapshot()["sides"] == second.snapshot()["sides"]
    untouched = Session(definition)
    untouched.step(30)
    assert untouched.measures() != first.measures()


def test_events_reach_both_sides_and_are_marked_on_their_day(definition):
    session = Session(definition)
    session.step(3)
    session.inject("emergency", 1)
    session.step()
    for m in session._models:
        assert ((m.emergencies.born == 18) & (m.emergencies.street == 1)).sum() >= 1
    assert session.marks() == [[3, "emergency", 1]]


def test_a_later_event_of_the_scenario_is_not_marked_before_its_day(definition):
    session = Session(definition.with_(events=({"day": 5, "kind": "inspection", "street": 0, "domain": 0},)))
    session.step(2)
    assert session.marks() == []
    session.step(4)
    assert session.marks() == [[5, "inspection", 0]]


def test_an_event_that_does_not_fit_is_a_sentence_in_both_languages(definition):
    session = Session(definition)
    for kind, street in (("emergency", 9), ("flood", 0), ("emergency", -1)):
        said = session.inject(kind, street)
        assert said is not None and (kind == "flood" or str(street) in in_chinese(said))
        assert kind != "flood" or "'flood'" in in_chinese(said)
    assert session.definition == definition
    for _ in range(64):
        assert session.inject("emergency", 0) is None
    assert "64" in in_chinese(session.inject("emergency", 0))
    assert len(session.definition.events) == 64
    session.step(50)
    assert session.ended and "ended on day 50" in session.inject("whistle", 0)
    assert session.step() == 0 and session.day == 50


def test_a_picture_is_small_and_comes_with_the_days_its_arrows_count():
    session = Session(Definition())
    session.step(45)
    picture = session.snapshot()
    assert len(json.dumps(picture)) <= 16 * 1024 and picture["days"] == 5 and picture["day"] == 45


def test_the_picture_counts_what_went_between_streets_and_departments(definition):
    session = Session(definition)
    asked, whistles = 0, 0.0
    for _ in range(20):
        session.step()
        frame = session.snapshot()
        asked += days_of(frame, 1, "asked")[-1].sum()
        whistles += session._models[1].record.column("whistles")[-1]
    assert asked == whistles > 0


def test_headlines_and_series_are_those_of_the_models(definition):
    session = Session(definition)
    session.step(45)
    a, b = direct(definition, 45)
    for name, (x, y, d) in session.so_far().items():
        assert x == pytest.approx(MEASURES[name].of(a), abs=1e-4)
        assert y == pytest.approx(MEASURES[name].of(b), abs=1e-4)
        assert d == pytest.approx(y - x, abs=1e-4)
    series = session.series(["trust", "formalism_share", "wait_p50"])
    assert series["day"] == list(range(45))
    assert series["trust"][0] == pytest.approx(a.series()["trust"].loc[0:].tolist(), abs=1e-4)
    assert series["wait_p50"] == [[None] * 45] * 2
    json.dumps(series, allow_nan=False)


def test_a_long_series_is_thinned(definition, monkeypatch):
    monkeypatch.setattr("page.outcome.MOST_POINTS", 20)
    session = Session(definition)
    session.step(50)
    series = session.series(["trust"])
    assert len(series["day"]) == len(series["trust"][0]) == 20
    assert series["day"][0] == 0 and series["day"][-1] == 49


def test_time_use_adds_up_to_one_in_each_class(definition):
    session = Session(definition)
    session.step(20)
    for side in (0, 1):
        for shares in session.time_use(side).values():
            assert sum(shares.values()) == pytest.approx(1)
            assert min(shares.values()) >= 0


def test_the_ledger_is_the_models(definition):
    session = Session(definition)
    session.step(20)
    a, _ = direct(definition, 20)
    mine = {(who, act): hours for who, act, hours, _, _ in session.ledger() if hours}
    assert mine == {(who, act): hours for who, act, hours in a.ledger().itertuples(index=False)}
    assert all(d == pytest.approx(y - x) for *_, x, y, d in session.ledger())


@pytest.mark.slow
def test_others_read_while_a_long_step_runs(definition):
    definition = definition.with_(days=500)
    session = Session(definition)
    days = []
    runner = threading.Thread(target=session.step, args=(500,))
    runner.start()
    while runner.is_alive():
        frame = session.snapshot()
        days.append(frame["day"])
        assert len({side["bytes"] != "" for side in frame["sides"]}) == 1
    runner.join()
    assert days == sorted(days) and len(set(days)) > 3
    assert session.measures() == [m.measures() for m in direct(definition, 500)]


def test_after_the_last_day_the_picture_stays_and_the_results_are_those_of_the_whole_run(definition):
    session, before = Session(definition), Session(definition)
    session.step(60)
    before.step(49)
    assert session.ended and session.day == 50
    assert session.measures() == [m.measures() for m in direct(definition, 50)]
    assert all(m.day == m.scenario.horizon for m in session._models)
    year, picture = year_of(definition), session.snapshot()
    for side in (0, 1):
        at, count = next((at, count) for name, at, count in year.lays[side]["fields"] if name == "grid_open")
        assert (days_of(picture, side, "grid_open") == year.frames[side][-6:, at:at + count]).all()
    series = session.series(["trust"])
    assert series["day"] == list(range(50)) and len(session.day_rows()[0]) == 50
    assert session.time_use(0)["cadre"] != before.time_use(0)["cadre"]


def test_a_closed_session_holds_no_models_and_its_loop_ends(definition):
    session = Session(definition)
    session.step(2)
    models = [weakref.ref(m) for m in session._models]
    session.close()
    assert [m() for m in models] == [None, None]
    assert session.step(5) == 0 and session.ended
    assert session.snapshot()["sides"] == [] and session.so_far()["served_cases"] == [None] * 3
    assert session._models == []


def test_every_session_has_its_own_epoch(definition):
    first, second = Session(definition), Session(definition)
    assert first.epoch < second.epoch
    assert first.snapshot()["epoch"] == first.epoch


# --- failures ---------------------------------------------------------------------------------------------------

FAILS = """
def switching(open_per_cadre):
    if open_per_cadre > 0.01:
        return 1 / 0
    return 0.0
"""
LATER = """
def each_day(model):
    if model.day == 20:
        model.residents.nobody
"""
ENDLESS = """
def at_start(model):
    pass

def each_day(model):
    while model.day > 16:
        pass
"""


def with_rules(definition, text):
    return Session(definition.with_(rules="mine"), {"mine": Source("mine.py", text)})


def test_a_rule_that_fails_is_told_with_file_line_day_and_agent(definition):
    session = with_rules(definition, FAILS)
    assert session.failure is not None and session.ended
    for word in ("switching", "mine.py, line 4", "day -", "asked for cadre"):
        assert word in session.failure.text
    assert "mine.py 第 4 行" in in_chinese(session.failure.text)
    assert "ZeroDivisionError" in session.failure.details
    assert session.snapshot()["sides"] == [] and session.step() == 0


def test_a_rule_that_fails_later_stops_the_run_and_leaves_the_last_picture(definition):
    session = with_rules(definition, LATER)
    assert session.failure is None
    assert session.step(30) == 5
    assert "day 5" in session.failure.text and "mine.py, line 4" in session.failure.text
    in_chinese(session.failure.text)
    assert len(session.snapshot()["sides"]) == 2
    assert all(session.inject("emergency", 0))


def test_an_endless_rule_ends_as_a_sentence(definition, monkeypatch):
    monkeypatch.setattr(sides, "DAY_LIMIT", 0.3)
    session = with_rules(definition, ENDLESS)
    session.step(10)
    assert "ran longer than" in session.failure.text and "运行超过" in say(session.failure.text, "zh")
    assert "each_day" in session.failure.text and "钩子 each_day 在第" in in_chinese(session.failure.text)


def test_own_rules_give_the_numbers_of_a_batch_run(definition):
    from model.rulebook import rules_from_source

    text = "def switching(open_per_cadre):\n    return min(0.3 * open_per_cadre, 2.0)\n"
    session = with_rules(definition, text)
    session.step(30)
    b = GovernanceModel(SMALL, "whistle", rng=5, rules=rules_from_source(text)).run(45)
    assert session.measures()[1] == b.measures()
    assert session.measures() != [m.measures() for m in direct(definition, 30)]


def test_rules_the_server_does_not_have_are_named_in_a_sentence(definition):
    session = Session(definition.with_(rules="lost"), {"mine": Source("mine.py", "")})
    assert "lost" in session.failure.text and "mine" in session.failure.text


def test_an_error_inside_the_model_stops_this_run_alone(definition, monkeypatch):
    broken, fine = Session(definition), Session(definition)
    monkeypatch.setattr(broken._models[1], "regime", None)
    broken.step(3)
    assert broken.failure is not None and "inside the model" in broken.failure.text
    assert "Traceback" in broken.failure.details
    assert fine.step(3) == 3 and fine.failure is None
