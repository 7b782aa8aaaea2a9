"""The bar of controls: scenario, days, pace, seed, link, files, help."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import solara

from model.scenario import load_scenario

from .. import state
from ..files import read, whole
from ..presets import OWN, preset_of, presets
from ..words import word
from . import export
from .visitor import Visitor, rules_of

WORDS_OF_BAR = ("lab", "scenario", "play", "pause", "one_day", "one_week", "reset", "speed", "true_speed", "day_of",
                "seed", "same_seed", "share", "copied", "link", "export", "import", "help", "close",
                "file_png", "chart_svg", "shortcuts", "rules")
SPEEDS = [0.5, 1, 2, 4, 8, 12, 16, 24, 32, 48]
"""Days a second to choose from."""
KEYS = ("k", "d", "w", "r", "?", "arrows", "enter")


@solara.component_vue("vue/controls.vue")
def Bar(words: dict, help: list, key_list: list, presets: list, scenario: str, rules: list, rule: str, playing: bool,
        busy: bool, now: list, last: int, rate: float, speeds: list, seed: int, query: str, files: list,
        file: dict | None, event_preset: Callable,
        event_choose_rules: Callable,
        event_play: Callable, event_days: Callable, event_reset: Callable, event_pace: Callable,
        event_set_seed: Callable, event_ask: Callable, event_bring: Callable):
    """The bar itself."""


def take_preset(me: Visitor, name: str) -> None:
    """Begin anew with a shipped scenario; regimes and seed stay."""
    if name != OWN:
        me.change(scenario=load_scenario(name))


def take_seed(me: Visitor, text: str) -> None:
    """Begin anew with a seed that was typed; what is none becomes a notice."""
    me.attempt(lambda: me.change(seed=whole(text)))


def rule_choices(lang: str) -> list[dict]:
    """The model's own rules and the server's files; nothing where there are none to choose from."""
    names = list(rules_of())
    return [{"name": name, "label": name or word("own_rules", lang)} for name in ("", *names)] if names else []


@solara.component
def Controls(me: Visitor):
    """The bar, told what it shows."""
    lang, frame, definition = state.lang.value, me.frame.value, me.definition.value
    words = solara.use_memo(lambda: {key: word(key, lang) for key in WORDS_OF_BAR}, [lang])
    groups = solara.use_memo(lambda: presets(lang, definition), [lang, definition])
    chosen = solara.use_memo(lambda: preset_of(definition), [definition])
    file, set_file = solara.use_state(None)
    query = solara.use_memo(lambda: urlencode(definition.to_query()), [definition])

    def ask(kind: str) -> None:
        if me.session is not None:
            set_file(export.make(me.session, kind))

    Bar(words=words, help=[word("help_1", lang), word("help_2", lang), word("help_3", lang), word("simulated", lang)],
        key_list=[[word(f"key_{key}", lang), word(f"does_{key}", lang)] for key in KEYS],
        presets=groups, scenario=chosen, rule=definition.rules or "", rules=rule_choices(lang),
        playing=me.playing.value, busy=me.busy.value,
        now=[frame["day"], frame["rate"]] if frame else [0, 0.0], last=definition.scenario.days, rate=me.rate.value,
        speeds=SPEEDS, seed=definition.seed, query=query, file=file,
        files=[{"name": what, "label": word("file_" + what, lang)} for what in export.FILES],
        event_preset=lambda name: take_preset(me, name),
        event_choose_rules=lambda name: me.change(rules=name or None), event_play=lambda _=None: me.play(),
        event_days=me.days,
        event_reset=lambda _=None: me.reset(), event_pace=lambda rate: me.set_rate(float(rate)),
        event_set_seed=lambda text: take_seed(me, text), event_ask=ask,
        event_bring=lambda file: me.attempt(lambda: me.start(read(file))))
