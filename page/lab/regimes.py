"""A side's regime: a base to start from, switches and control arms, and what each costs."""

from __future__ import annotations

from collections.abc import Callable

import solara

from languages.text import say
from model.levels import LEVELS
from model.regimes import ARMS, CONTROLS, REFORMS, SWITCHES, Regime, parse_regime

from .. import state
from ..settings import own_regimes
from ..words import regime_label, word
from .visitor import Visitor

WORDS = ("base", "choose_regime", "its_price")


@solara.component_vue("vue/regime.vue")
def RegimeChoice(which: str, words: dict, label: str, wished: str, on: list, bases: list, groups: list, says: dict,
                 event_choose: Callable):
    """A side's regime: a base, and switches added or left out."""


def regime_bases(lang: str) -> list[dict]:
    """Regimes to begin from: layered, the shipped reforms that are more than a control arm, and the server's own."""
    texts = {"layered": "", **{name: say(one.text, lang) for name, one in REFORMS.items() if name not in ARMS},
             **dict.fromkeys(own_regimes(), "")}
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
def RegimeOf(me: Visitor, side: int):
    """The regime of a side, told what it shows."""
    lang, name = state.lang.value, me.definition.value.regimes[side]
    groups = solara.use_memo(lambda: switch_groups(lang), [lang])
    bases = solara.use_memo(lambda: regime_bases(lang), [lang])
    wish = parse_regime(me.draft.value.get(f"regime{side}", name), files=False)
    RegimeChoice(which="AB"[side], label=regime_label(name, lang), wished=wish.name, on=sorted(wish.on), bases=bases,
                 groups=groups, says=regime_says(wish, lang), words={key: word(key, lang) for key in WORDS},
                 event_choose=lambda wish: me.wish_regime(side, wish))
