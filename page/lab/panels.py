"""What is under the picture: headlines, then time use, trends, ledger and why, one tab each."""

from __future__ import annotations

import reacton.ipyvuetify as rv
import solara

from experiments.charts.curves import MARKS
from languages.text import say
from model.measures import HEADLINES, MEASURES

from .. import state
from ..links import link
from ..words import measure_label, regime_label, word
from . import charts, tables
from .pieces import Chart, Select, Tabs
from .tables import Table
from .visitor import TABS, Visitor

LEDGER_ROW = 5
"""Cells of a row of the ledger in a link: class, activity, A, B, B − A; shorter rows only repeat the sentence."""
KINDS = ("emergency", "inspection", "whistle", "central_work")


def sides(me: Visitor, lang: str) -> list[str]:
    """What both sides are called."""
    return [f"{which} {regime_label(name, lang)}"
            for which, name in zip("AB", me.definition.value.regimes, strict=True)]


def kind_words(lang: str) -> dict[str, str]:
    """What kinds of events are called."""
    return {kind: word("whistle_once" if kind == "whistle" else kind, lang) for kind in KINDS}


@solara.component
def Headlines(me: Visitor):
    """The five headlines: both sides and their difference on this seed; what they say over seeds is the answer's."""
    lang, _ = state.lang.value, me.pulse.value
    values = me.session.so_far() if me.session else {name: [None] * 3 for name in HEADLINES}
    with rv.Html(tag="section", class_="cs-card", attributes={"aria-label": word("headlines", lang)}):
        Table(name="headlines", caption=word("headlines", lang), rows=tables.headline_rows(values, lang),
              head=[word("measure", lang), "A", "B", "B − A"])
        if any(three[2] is None for three in values.values()):
            rv.Html(tag="p", class_="cs-soft", children=[word("undefined_yet", lang)])
        if me.session and not me.session.ended:
            rv.Html(tag="p", class_="cs-soft", children=[
                word("still_open", lang, n=me.definition.value.scenario.cooldown)])
        with rv.Html(tag="p"):
            rv.Html(tag="a", attributes={"href": link(me.definition.value), "data-test": "to-answer"},
                    children=[word("over_seeds", lang)])


@solara.component
def NoCurve(names: list[str]):
    """Which measures have no curve by day, if any."""
    lang = state.lang.value
    listed = ", ".join(measure_label(name, lang) for name in names)
    if names:
        rv.Html(tag="p", class_="cs-soft", attributes={"data-test": "no-curve"},
                children=[word("no_curve", lang, list=listed)])


@solara.component
def TimeUse(me: Visitor):
    """Shares of paid hours, stacked to 100 %."""
    lang, _ = state.lang.value, me.pulse.value
    shares = [me.session.time_use(side) for side in (0, 1)]
    groups = list(next(iter(shares[0].values())))
    names = {key: word(key, lang) for key in (*shares[0], *groups)}
    labels = tuple(f"{names[who]} {side}" for who in shares[0] for side in "AB")
    called = {group: names[group] for group in groups}
    Chart(name="time-chart", label=word("time_caption", lang), numbers=charts.time_numbers(shares, called),
          specs=charts.time_use(labels, tuple(called.items()), state.dark.value))
    Table(name="time", caption=word("time_caption", lang), rows=tables.time_rows(shares, lang),
          head=[word("agent_class", lang), *(names[group] for group in groups), word("sum", lang)])


@solara.component
def Trends(me: Visitor):
    """Curves of both sides by day: headlines, and one measure more of the visitor's choice."""
    lang, _ = state.lang.value, me.pulse.value
    daily = [name for name, measure in MEASURES.items() if measure.daily]
    first = [name for name in HEADLINES if name in daily]
    (more, set_more), (further, set_further) = solara.use_state("trust"), solara.use_state("motivation")
    names = list(dict.fromkeys([*first, more, further]))
    titles = [measure_label(name, lang) for name in names]
    rest = [{"name": name, "label": measure_label(name, lang)} for name in daily if name not in first]
    with rv.Html(tag="div", class_="cs-row"):
        Select(label=word("also", lang), name="trend", value=more, event_pick=set_more, items=rest)
        Select(label=word("and", lang), name="trend-2", value=further, event_pick=set_further, items=rest)
    series, marks = me.session.series(names), me.session.marks()
    Chart(name="trend-chart", label=word("trends_label", lang, list=", ".join(titles)),
          specs=charts.trends(tuple(titles), tuple(sides(me, lang)), me.session.days, state.dark.value),
          numbers=charts.trend_numbers(series, names, marks))
    NoCurve([name for name in HEADLINES if name not in daily])
    Marks(me)


@solara.component
def Marks(me: Visitor):
    """Events so far, in words."""
    lang, kinds = state.lang.value, kind_words(state.lang.value)
    marks = me.session.marks() if me.session else []
    with rv.Html(tag="ul", class_="cs-marks", attributes={"data-test": "marks"}):
        for day, kind, street in marks:
            text = word("happened_all", lang, day=day, what=kinds[kind]) if kind == "central_work" else \
                word("happened", lang, day=day, what=kinds[kind],
                     street=say(me.definition.value.scenario.street_name(street), lang))
            rv.Html(tag="li", children=[f"{MARKS[kind]} {text}"])


@solara.component
def Ledger(me: Visitor):
    """Where every paid hour went."""
    lang, _ = state.lang.value, me.pulse.value
    a, b = sides(me, lang)
    Table(name="ledger", caption=word("ledger_caption", lang), rows=tables.ledger_rows(me.session.ledger(), lang),
          head=[word("activity", lang), word("hours_of", lang, side=a), word("hours_of", lang, side=b), "B − A"])


@solara.component
def Why(me: Visitor):
    """The chain from a headline's difference down to hours and counts."""
    lang, _ = state.lang.value, me.pulse.value
    measure, set_measure = solara.use_state(HEADLINES[0])
    Select(label=word("why_of", lang), name="why", value=measure, event_pick=set_measure,
           items=[{"name": name, "label": measure_label(name, lang)} for name in MEASURES])
    chain = me.session.why(measure)
    if not chain:
        rv.Html(tag="p", children=[word("why_none", lang)])
    with rv.Html(tag="ol", class_="cs-why", attributes={"data-test": "why"}):
        for n, link in enumerate(chain):
            with rv.Html(tag="li", class_=f"cs-level-{link['level']} cs-pull-{link['pull']}"):
                rv.Html(tag="p", children=[tables.SIGNS[link["pull"]] + say(link["text"], lang)])
                if any(len(row) == LEDGER_ROW for row in link["rows"]):
                    Table(name=f"why-{n}", caption=word("why_rows", lang), head=["", "A", "B", "B − A"],
                          rows=tables.why_rows(link["rows"], lang))


CONTENTS = {"time": TimeUse, "trends": Trends, "ledger": Ledger, "why": Why}


@solara.component
def Panels(me: Visitor):
    """The tabs and what is under the one chosen."""
    lang, tab = state.lang.value, me.tab.value
    Tabs(label=word("tabs", lang), value=tab, event_pick=me.tab.set,
         items=[{"name": name, "label": word(name, lang)} for name in TABS])
    with rv.Html(tag="div", attributes={"role": "tabpanel", "aria-labelledby": f"cs-tab-{tab}", "id": "cs-tabpanel",
                                        "data-test": f"panel-{tab}"}):
        if me.frame.value and me.frame.value["sides"] and not me.busy.value:
            CONTENTS[tab](me)
