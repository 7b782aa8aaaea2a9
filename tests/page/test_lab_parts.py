"""The lab's parts without a browser: loop, charts, tables, inputs, files, visitors who leave."""

import json
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
import solara
from solara.server import kernel, kernel_context
from told import in_chinese

from experiments.charts import shares
from experiments.charts.look import palette
from languages.text import Text, say
from model.errors import InputError, text_of
from model.levels import LEVELS
from model.measures import HEADLINES
from model.regimes import ARMS, REFORMS, SWITCHES, parse_regime
from model.scenario import PARAMETERS, Scenario, load_scenario
from page import bundle, compiling, files, presets
from page.definition import Definition
from page.lab import charts, controls, export, inputs, loop, tables, visitor
from page.lab.regimes import regime_bases, regime_says, switch_groups
from page.lab.view import waiting_for
from page.session import Session

SMALL = Definition(Scenario(streets=2, residents=60, cadres=6, days=40, burn_in=20))


class Clock:
    """Time that passes only when somebody waits, or a day is run."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


class FakeRun:
    def __init__(self, clock, cost=0.01, days=10_000):
        self.clock, self.cost, self.days, self.day, self.epoch = clock, cost, days, 0, 1

    @property
    def ended(self):
        return self.day >= self.days

    def step(self, n=1):
        self.clock.now += self.cost
        self.day += n
        return n

    def snapshot(self):
        return {"day": self.day, "epoch": self.epoch}


def played(monkeypatch, *, rate=8.0, seconds=20.0, cost=0.01, answers=True, days=10_000, drawing=0.0):
    """A loop played for some seconds of a clock of our own; what it showed and why it stopped."""
    clock, shown, stopped = Clock(), [], []
    monkeypatch.setattr(loop, "time", clock)
    run = FakeRun(clock, cost, days)

    def show(frame):
        shown.append((clock.now, frame))
        clock.now += drawing
        if answers:
            me.seen(frame["n"])
        if clock.now > 100 + seconds:
            me.pause()

    me = loop.Loop(show, lambda: None, stopped.append, threading.Event())
    me._wake = SimpleNamespace(wait=clock.wait, set=lambda: None, clear=lambda: None)
    me.session, me.rate = run, rate
    me.play().join(20)
    return run, shown, stopped, clock


@pytest.mark.parametrize("rate", [0.5, 4.0, 8.0, 24.0, 48.0])
def test_check_04_days_keep_their_pace_and_the_rate_shown_is_true_within_a_tenth(monkeypatch, rate):
    run, shown, _, clock = played(monkeypatch, rate=rate)
    true = run.day / (clock.now - 100)
    assert abs(true - rate) <= 0.1 * rate
    assert all(abs(frame["rate"] - true) <= 0.1 * true for at, frame in shown[:-1] if at > 110)
    assert len(shown) <= (clock.now - 100) * loop.FRAMES_A_SECOND + 2


def test_check_04_a_model_slower_than_the_pace_is_shown_at_its_own(monkeypatch):
    run, shown, _, clock = played(monkeypatch, rate=48.0, cost=0.1)
    assert all(abs(frame["rate"] - 10) <= 1 for at, frame in shown[:-1] if at > 110)


def test_days_go_before_pictures_where_drawing_is_slow(monkeypatch):
    run, shown, _, clock = played(monkeypatch, rate=8.0, drawing=0.3)
    assert abs(run.day / (clock.now - 100) - 8) <= 2 and len(shown) <= (clock.now - 100) / (0.3 / loop.SHARE) + 3


def test_pictures_are_skipped_while_the_browser_is_behind_and_the_run_pauses_when_nobody_answers(monkeypatch):
    run, shown, stopped, clock = played(monkeypatch, answers=False, seconds=1e9)
    assert stopped == ["silence"]
    assert len(shown) <= loop.IN_FLIGHT + 2  # and one when it stops
    assert loop.SILENCE <= clock.now - 100 <= loop.SILENCE + 2


def test_the_end_of_a_run_is_shown_and_told(monkeypatch):
    run, shown, stopped, _ = played(monkeypatch, days=30)
    assert stopped == ["end"] and shown[-1][1]["day"] == 30


def test_days_asked_for_while_others_run_are_added():
    go, run = threading.Event(), FakeRun(Clock())
    me = loop.Loop(lambda frame: None, lambda: None, lambda why: None, threading.Event())
    me.session = run
    thread = me.play(5, after=go)
    assert me.play(5) is None
    go.set()
    thread.join(10)
    assert run.day == 10


def test_a_stale_loop_ends_and_shows_nothing_more():
    shown, go = [], threading.Event()
    me = loop.Loop(shown.append, lambda: None, lambda why: None, threading.Event())
    me.session = FakeRun(Clock())
    old = me.play(after=go)
    me.session = FakeRun(Clock())
    go.set()
    old.join(10)
    assert not old.is_alive() and shown == []


def test_the_model_is_compiled_once_and_who_waits_is_told_how_far_it_is(monkeypatch):
    go, began = threading.Event(), []

    def prepare(tell):
        began.append(tell)
        tell(3, 9)
        go.wait(20)

    monkeypatch.setattr(compiling, "prepare", prepare)
    compiler = compiling.Compiling()
    assert compiler.now is None and not compiler.wait(0.05) and not compiler.wait(0.05)
    assert compiler.now == (3, 9) and len(began) == 1
    me = SimpleNamespace(compiling=SimpleNamespace(value=compiler.now), definition=SimpleNamespace(value=SMALL))
    assert "3 of 9" in waiting_for(me, "en") and "3/9" in waiting_for(me, "zh")
    go.set()
    assert compiler.wait(60)
    me.compiling.value = None
    assert "The 20 common days" in waiting_for(me, "en") and "20" in waiting_for(me, "zh")


def test_a_visitor_who_comes_while_the_model_is_compiled_waits_for_it(monkeypatch):
    shown, left = [], iter([False, False, True])
    monkeypatch.setattr(visitor, "COMPILING", SimpleNamespace(now=(1, 9), wait=lambda seconds: next(left)))
    me = visitor.Visitor()
    monkeypatch.setattr(me.compiling, "set", shown.append)
    me._make(0, SMALL)
    assert shown == [(1, 9), (1, 9), None] and me.session is not None
    me.leave()


def test_a_model_that_cannot_be_compiled_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr(compiling, "prepare", lambda tell: 1 / 0)
    assert compiling.Compiling().wait(20)


def test_every_shipped_reform_can_be_chosen_and_says_what_it_is_and_costs():
    for lang in ("en", "zh"):
        bases, (switches, controls) = regime_bases(lang), switch_groups(lang)
        chips = [one["name"] for group in (bases, switches["items"], controls["items"]) for one in group]
        assert set(chips) == {"layered", *REFORMS, *SWITCHES} and len(chips) == len(set(chips))
        for name in REFORMS:
            told = regime_says(parse_regime(name if name not in ARMS else f"layered+{name}"), lang)
            assert told["prices"] and (told["text"] or name in ARMS)
    assert regime_says(parse_regime("layered"), "en") == {"text": "", "prices": []}
    assert regime_says(parse_regime("layered+patrol=1"), "zh")["prices"] == [say(LEVELS["patrol"].price, "zh")]


def test_check_08_every_parameter_is_an_input_with_all_that_is_known_of_it():
    for lang in ("en", "zh"):
        shown = {p["name"]: p for group in inputs.described(Scenario(), lang) for p in group["items"]}
        assert set(shown) == set(PARAMETERS)
        for name, p in shown.items():
            assert all(str(p[key]).strip() for key in ("label", "unit", "range", "default", "help", "basis"))
            assert PARAMETERS[name].source in ("A", "C") or PARAMETERS[name].source in p["basis"]
            assert float(p["default"]) == pytest.approx(PARAMETERS[name].default, rel=1e-4)
    assert inputs.described(Scenario(region="difficult"), "en")[0]["items"][4]["default"] == "2"  # staff


def test_a_new_parameter_appears_under_its_heading_without_a_change_of_the_page(monkeypatch):
    one = replace(PARAMETERS["reach"], name="new", group=Text("A new heading"))
    monkeypatch.setattr(inputs, "PARAMETERS", {"streets": PARAMETERS["streets"], "new": one})
    assert inputs.groups_of_scenario.__wrapped__() == {"The district": ["streets"], "A new heading": ["new"]}


def test_check_09_every_shipped_scenario_is_a_preset_and_recognised():
    names = presets.scenario_names()
    assert names[:2] == ["rich", "difficult"] and {"landslide", "double-reduction", "test-site"} <= set(names)
    for name in names:
        definition = Definition().with_(scenario=load_scenario(name))
        assert presets.preset_of(definition) == name
    assert presets.preset_of(Definition().with_(alpha=0.7)) == presets.OWN


def test_check_13_time_use_adds_up_to_all_hours_in_chart_and_table():
    session = Session(SMALL)
    session.step(5)
    hours = [session.time_use(side) for side in (0, 1)]
    for row in tables.time_rows(hours, "en"):
        assert row["cells"][-1] == "100.0"
    groups = {group: group for who in hours[0].values() for group in who}
    (numbers,) = charts.time_numbers(hours, groups)
    pieces = list(zip(*(numbers["pieces"][key] for key in ("row", "start", "end", "text")), strict=True))
    ends = [max(end for row, _, end, _ in pieces if row == n) for n in range(6)]
    assert ends == pytest.approx([1.0] * 6, abs=5e-4)
    assert {text for _, start, end, text in pieces if end - start < 0.04} == {""}


def names_of_data(spec):
    """Data that a specification is given later."""
    found = [spec["data"]["name"]] if "name" in spec.get("data", {}) else []
    return {*found, *(name for layer in spec.get("layer", ()) for name in names_of_data(layer))}


def test_charts_are_plain_json_in_both_themes_and_get_the_numbers_they_name():
    session = Session(SMALL.with_(events=tuple({"day": 2, "kind": kind, "street": 1} for kind in ("emergency", "whistle"))))
    session.step(6)
    names = ["served_cases", "trust"]
    trends = charts.trend_numbers(session.series(names), names, session.marks())
    assert len(trends) == 2 and trends[0]["marks"] == {"x": [2], "mark": ["▲●"]}
    assert [len(column) for column in trends[1]["lines"].values()] == [6, 6, 6]
    time = charts.time_numbers([session.time_use(side) for side in (0, 1)], dict.fromkeys(shares.GROUPS, "x"))
    for dark in (False, True):
        for specs, numbers in ((charts.trends(("Need", "Trust"), ("A", "B"), session.days, dark), trends),
                               (charts.time_use(("a", "b"), tuple(dict.fromkeys(shares.GROUPS, "x").items()), dark), time)):
            assert json.loads(json.dumps(specs)) == specs and len(specs) == len(numbers)
            assert all(set(given) == names_of_data(spec) for spec, given in zip(specs, numbers, strict=True))
            assert palette(dark)["ink"] in json.dumps(specs) and palette(not dark)["ink"] not in json.dumps(specs)


@pytest.mark.slow
def test_the_browser_gets_vega_from_this_server():
    file = bundle.folder() / bundle.address().removeprefix("static/assets/")
    assert file.stat().st_size > 100_000 and "window.vegaEmbed=" in file.read_text(encoding="utf-8")


def test_numbers_are_said_as_people_read_them():
    assert tables.number(0.1234, "share") == "12.3 %" and tables.number(-0.1, "0–1", signed=True) == "−0.100"
    assert tables.number(None, "share") == "–"


def test_one_seed_is_called_neither_better_nor_worse():
    rows = tables.headline_rows({name: [0.4, 0.5, 0.1] for name in HEADLINES}, "zh")
    assert {row["cells"][3] for row in rows} == {"+10.0 %", "+0.100"} and not any("looks" in row for row in rows)


def test_files_come_back_as_they_went(tmp_path):
    session = Session(SMALL)
    session.step(2)
    assert session.inject("whistle", 1, 3) is None
    file = export.make(session, "scenario.toml")
    again = files.read({"name": "mine.toml", "text": file["text"]})
    assert again.scenario.with_(name="") == session.definition.scenario.with_(name="")
    assert again.regimes == session.definition.regimes and again.seed == session.definition.seed
    with pytest.raises(InputError, match="broken.toml.*TOML") as caught:
        files.read({"name": "broken.toml", "text": "= ="})
    assert in_chinese(text_of(caught.value)).startswith("broken.toml：")


def test_a_wish_that_does_not_fit_is_said_in_both_languages_and_not_applied():
    me = visitor.Visitor()
    me.wish("alpha", 7.0)
    assert me.draft.value == {} and "alpha" in me.wrong.value["alpha"]
    assert "超出" in in_chinese(me.wrong.value["alpha"])
    me.wish("alpha", 0.9)
    assert me.draft.value == {"alpha": 0.9} and me.wrong.value == {}
    me.wish("alpha", 0.85)
    assert me.draft.value == {}


def test_a_seed_that_is_none_is_a_notice_in_both_languages():
    me = visitor.Visitor()
    for typed in ("many", "", "-1"):
        me.notices.set(())
        controls.take_seed(me, typed)
        (notice,) = me.notices.value
        assert typed in in_chinese(notice) and "seed" in notice
    assert me.session is None and me.definition.value == Definition()


def test_check_20_a_visitor_who_leaves_takes_his_loop_and_models_along(monkeypatch):
    monkeypatch.setattr("ipywidgets.Widget.close_all", lambda: None)  # those of this process are not this kernel's
    context = kernel_context.VirtualKernelContext(id="leaving", kernel=kernel.Kernel(), session_id="s")
    with context:
        me = visitor.visitor()
        assert visitor.visitor() is me
        me.session = me.loop.session = Session(SMALL)
        thread = me.loop.play(after=me.rendered)
    context.close()
    thread.join(10)
    assert not thread.is_alive()
    assert "leaving" not in visitor.visitor.here and me.session.closed and me.session._models == []


def test_the_page_renders_without_a_server():
    from page.lab.view import Page

    box, context = solara.render(solara.AppLayout(children=[Page()]), handle_error=False)
    me = visitor.visitor()
    context.close()
    me.leave()
    visitor.visitor.here.clear()
    assert me.definition.value == Definition()
