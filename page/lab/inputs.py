"""The panel of inputs, made from `PARAMETERS`: whatever is added to the scenario appears here by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import solara

from experiments.lists import basis
from experiments.words import Words
from languages.text import say
from model.scenario import PARAMETERS, Scenario

from .. import state
from ..words import parameter_label, word
from .visitor import Visitor

WORDS_OF_PANEL = ("inputs", "close", "search", "marks", "meta", "nothing", "pending", "apply", "forget")


@solara.component_vue("vue/inputs.vue")
def Panel(words: dict, groups: list, wished: dict, wrong: dict, count: int, event_change: Callable,
          event_apply: Callable, event_forget: Callable):
    """The panel itself."""


@cache
def groups_of_scenario() -> dict[str, list[str]]:
    """Names of parameters under their headings, in the order of `Scenario`."""
    groups: dict[str, list[str]] = {}
    for name, p in PARAMETERS.items():
        groups.setdefault(p.group, []).append(name)
    return groups


def described(scenario: Scenario, lang: str) -> list[dict[str, Any]]:
    """All that is known of every parameter, by group."""
    return [{"title": say(heading, lang), "items": [_one(name, scenario, lang) for name in names]}
            for heading, names in groups_of_scenario().items()]


def _one(name: str, scenario: Scenario, lang: str) -> dict[str, Any]:
    p = PARAMETERS[name]
    default = p.difficult if scenario.region == "difficult" else p.default
    return {"name": name, "label": parameter_label(name, lang), "value": getattr(scenario, name), "low": p.low,
            "high": p.high, "whole": p.whole, "unit": Words(lang).unit(p.unit),
            "help": say(p.text, lang),
            "basis": basis({"mark": p.mark, "source": p.source}, Words(lang)), "range": f"{p.low:g}–{p.high:g}",
            "default": f"{default:g}"}


def parse(name: str, text: Any) -> Any:
    """What was typed, as the parameter's type; what is no number stays text, for the scenario to refuse in words."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return str(text)
    return int(value) if PARAMETERS[name].whole and value == int(value) else value


@solara.component
def Inputs(me: Visitor):
    """The panel, told what it shows."""
    lang, definition, wished = state.lang.value, me.definition.value, me.draft.value
    words = solara.use_memo(lambda: {key: word(key, lang) for key in WORDS_OF_PANEL}, [lang])
    groups = solara.use_memo(lambda: described(definition.scenario, lang), [definition.scenario, lang])
    Panel(words=words, groups=groups, wished=wished, wrong={k: say(v, lang) for k, v in me.wrong.value.items()},
          count=len(wished), event_apply=lambda _=None: me.apply(), event_forget=lambda _=None: me.forget(),
          event_change=lambda told: me.wish(told["name"], parse(told["name"], told["value"])))
