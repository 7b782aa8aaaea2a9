"""The picture: leaders, departments, streets, cadres and residents of both sides, in one drawing each."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from languages.text import say
from model.levels import LEVELS
from model.regimes import ARMS, CONTROLS, REFORMS, SWITCHES, Regime, parse_regime
from model.scenario import Scenario

from .. import state
from ..words import regime_label, word
from .visitor import Visitor

SIDES = ("A", "B")
MODES = ("none", "relay", "tighten", "translate")
PICTURE = ("city", "district", "street_leader", "cadre", "grid", "look", "say_leader",
           "say_department", "say_cadre", "say_grid")
REGIME = ("base", "choose_regime", "wished", "its_price")
LEGEND = ("load", "respond", "core", "pile", "documents", "whistle", "request", "answer", "paper", "residents", "grid",
          "modes")


@solara.component_vue("vue/hierarchy.vue")
def Hierarchy(which: str, title: str, words: dict, lay: dict, packed: dict, n: int, day: int, whistles: bool,
              chosen: str, event_seen: Callable, event_choose: Callable):
    """One side's drawing."""


@solara.component_vue("vue/legend.vue")
def Legend(words: dict):
    """What shapes and shades mean."""


@solara.component_vue("vue/regime.vue")
def RegimeChoice(which: str, words: dict, label: str, wished: str, on: list, bases: list, groups: list, note: str,
                 says: dict, event_choose: Callable):
    """A side's regime: a base, and switches added or left out."""


PACKED = ("leader_load", "dep_load", "dep_core", "dep_respond", "dep_wait", "desk_wait", "cadre_paper", "cadre_res",
          "grid_trust", "grid_open", "street_fit", "leader_mode")
PLAIN = ("desks", "street_copies", "street_target", "down", "up", "back")


def pack(drawn: dict) -> dict:
    """One side of a frame for the wire: lists of 0–99 become two digits a value, which halves the bytes."""
    return {**{key: "".join(f"{v:02d}" for v in drawn[key]) for key in PACKED}, **{key: drawn[key] for key in PLAIN}}


def picture_words(lang: str, scenario: Scenario) -> dict:
    """Words of the drawing, with the names of streets and departments."""
    return {"streets": [say(scenario.street_name(k), lang) for k in range(scenario.streets)],
            "departments": [say(scenario.department_name(k), lang) for k in range(scenario.departments)],
            **{key: word("pic_" + key, lang) for key in PICTURE}, "modes": [word("mode_" + m, lang) for m in MODES],
            "rows": {row: word("row_" + row, lang) for row in ("departments", "offices", "cadres", "grids")}}


def regime_bases(lang: str) -> list[dict]:
    """Regimes to begin from: layered, and the shipped reforms that are more than a control arm."""
    texts = {"layered": "", **{name: say(one.text, lang) for name, one in REFORMS.items() if name not in ARMS}}
    return [{"name": name, "label": regime_label(name, lang), "help": text} for name, text in texts.items()]


def switch_groups(lang: str) -> list[dict]:
    """Switches and control arms as choices."""
    return [{"title": word(title, lang), "items": [
        {"name": name, "label": say(label, lang).replace("_", " "), "help": say(says, lang)}
        for name, (label, says) in group.items()]} for title, group in (("switches", SWITCHES), ("controls", CONTROLS))]


def regime_says(regime: Regime, lang: str) -> dict:
    """What a regime is, if it is a shipped one, and the prices of all it changes."""
    text = say(REFORMS[regime.name].text, lang) if regime.name in REFORMS else ""
    return {"text": text, "prices": list(dict.fromkeys(say(LEVELS[key].price, lang) for key in regime.levels))}


@solara.component
def Side(me: Visitor, side: int):
    """Regime and drawing of one side."""
    lang, frame, definition = state.lang.value, me.frame.value, me.definition.value
    words = solara.use_memo(lambda: picture_words(lang, definition.scenario), [lang, definition.scenario])
    groups = solara.use_memo(lambda: switch_groups(lang), [lang])
    bases = solara.use_memo(lambda: regime_bases(lang), [lang])
    name = definition.regimes[side]
    wished, chosen = me.draft.value.get(f"regime{side}", name), me.chosen.value
    drawn = frame["sides"][side] if frame and frame["sides"] else None
    bound = word("bound", lang, bound=drawn["bound"][0]) if drawn and drawn["bound"] else ""
    with rv.Html(tag="section", class_=f"cs-half cs-half-{SIDES[side]}",
                 attributes={"aria-label": f"{SIDES[side]}: {regime_label(name, lang)}"}):
        wish = parse_regime(wished, files=False)
        RegimeChoice(which=SIDES[side], label=regime_label(name, lang), wished=wish.name,
                     on=sorted(wish.on), bases=bases, groups=groups, note=bound, says=regime_says(wish, lang),
                     words={key: word(key, lang) for key in REGIME},
                     event_choose=lambda wish: me.wish_regime(side, wish))
        if drawn:
            Hierarchy(which=SIDES[side], title=f"{SIDES[side]}: {regime_label(name, lang)}", words=words,
                      lay=frame["lay"][side], packed=pack(drawn), n=frame["n"], day=frame["day"],
                      whistles=parse_regime(name).levels.get("whistle_due", -1) >= 0,
                      chosen=f"{chosen[1]}-{chosen[2]}" if chosen and chosen[0] == side else "",
                      event_seen=me.loop.seen, event_choose=me.choose)
        elif not me.failure.value:
            rv.Html(tag="p", class_="cs-wait", children=[waiting_for(me, lang)], attributes={"role": "status"})


def waiting_for(me: Visitor, lang: str) -> str:
    """Why there is no picture yet."""
    compiled = me.compiling.value
    return word("compiling", lang, done=compiled[0], all=compiled[1]) if compiled else word(
        "starting", lang, n=me.definition.value.scenario.burn_in)
