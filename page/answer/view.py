"""The answer view on `/`: headline, both sides day by day, what turns it, and anyone's day beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import reacton.ipyvuetify as rv
import solara

from languages.text import say
from model.measures import HEADLINES

from .. import state, static
from ..files import file_name, read, whole
from ..lab.inputs import described, parse
from ..links import LAB, link
from ..presets import OWN, preset_of, presets
from ..words import measure_label, regime_label, word
from . import day, files, shown
from .pieces import PersonsDay, Picture, Style, day_of
from .visitor import Visitor, visitor

HEAD = {"how": "how", "share": "share", "copied": "copied", "copy": "copy_link", "seed": "seed", "png": "png_legend",
        "bring": "bring_file", "to_lab": "open_lab", "measure": "measure", "interval": "col_interval",
        "verdict": "col_verdict", "command": "how_command", "to_evidence": "how_evidence", "close": "close",
        "progress": "progress_of"}
BESIDE = {"aside": "aside", "place": "place", "strips": "strips", "by_worth": "by_worth", "height": "strip_height",
          "open": "open", "numbers": "all_numbers", "undo": "undo_all", "parts": "parts", "parts_unit": "parts_unit",
          "worth": "worth_title", "dots": "dots_title", "a_dot": "dots_each", "a_better": "a_better",
          "b_better": "b_better"}
NUMBERS = {"numbers": "all_numbers", "search": "search", "close": "close", "marks": "marks", "nothing": "nothing",
           "back": "back_to_default"}



@solara.component_vue("vue/headline.vue")
def _Headline(words: dict, said: list, under: list, turns: bool, thin: bool, running: bool, wanted: int, pairs: int,
              origin: str, how: list, family: list, command: str, query: str, lab: str, seed: str, files: list,
              file: dict | None, stem: str, event_ask: Callable, event_bring: Callable, event_reseed: Callable,
              event_leave: Callable):
    """The answer in two lines, how it was made, and what one takes away."""


@solara.component_vue("vue/aside.vue")
def _Aside(words: dict, places: list, place: str, sliders: list, outcomes: list, parts: list,
           about: dict | None, worth: dict | None, dots: list, hangs: str, on: str, changed: bool, settled: int,
           event_change: Callable, event_preset: Callable, event_flip: Callable, event_numbers: Callable,
           event_undo: Callable):
    """What one can turn, and what gets better and worse."""


@solara.component_vue("vue/numbers.vue")
def _Numbers(words: dict, groups: list, wrong: dict, event_change: Callable, event_close: Callable):
    """Every number of the town."""


@solara.component_vue("vue/notices.vue")
def _Notices(items: list, dismiss: str, event_forget: Callable):
    """Sentences on what did not fit."""


def _said(keys: dict[str, str], lang: str) -> dict[str, Any]:
    return {name: word(key, lang) for name, key in keys.items()}


@solara.component
def Headline(me: Visitor, wire: dict[str, Any] | None, thin: bool):
    """The headline, told what it says."""
    lang, definition = state.lang.value, me.definition.value
    file, set_file = solara.use_state(None)
    router = solara.use_router()
    pairs = wire["pairs"] if wire else 0
    _Headline(
        words=_said(HEAD, lang), said=shown.headline(wire, definition, lang), thin=thin,
        under=shown.under(None if thin and not pairs else wire, me.compiling.value, lang),
        turns=bool(pairs and shown.turns(wire, lang)),
        running=bool(wire and wire["running"]), wanted=wire["wanted"] if wire else 1, pairs=pairs,
        origin=wire["origin"] if wire else "", how=shown.how(wire, lang),
        family=shown.family(wire, lang), command=shown.command(definition, pairs or 1),
        query=urlencode(definition.to_query()), lab=link(definition, LAB), seed=str(definition.seed),
        files=files.files(lang), file=file, stem=file_name(definition),
        event_ask=lambda kind: set_file(files.file(kind, definition, wire, me.year)),
        event_bring=lambda brought: me.attempt(lambda: me.ask(read(brought))),
        event_reseed=lambda text: me.attempt(lambda: me.change(seed=whole(text))), event_leave=router.push)


@solara.component
def Stage(me: Visitor, wire: dict[str, Any] | None, go: dict[str, Any]):
    """The picture, told what it shows."""
    lang, definition, chosen = state.lang.value, me.definition.value, me.chosen.value
    words = solara.use_memo(lambda: shown.stage_words(definition, lang), [definition.scenario, lang])
    names = list(definition.regimes)
    told = (shown.step(wire["pairs"]), wire["running"], wire["curves"]) if wire else (0, False, {})
    labels = tuple(one["label"] for one in told[2].values())  # not lang, which is new before the answer is
    curves = solara.use_memo(lambda: shown.curves(wire), [definition, *told[:2], labels])
    Picture(words=words, packet=me.packet.value, source=static.address("draw.js"), names=names,
            labels={name: regime_label(name, lang) for name in names},
            regimes=[] if definition.rules else shown.regimes(lang), spine=shown.spine(wire, lang),
            curves=curves, happenings=[e.model_dump() for e in definition.events],
            chosen=chosen, go=go, event_take=lambda told: me.take_regime(told["side"], told["name"]),
            event_drop=lambda told: me.attempt(lambda: me.drop(told)), event_choose=me.look, event_settle=me.settle)


@solara.component
def Aside(me: Visitor, wire: dict[str, Any] | None, open_numbers: Callable):
    """What is beside the picture, told what it shows."""
    lang, definition = state.lang.value, me.definition.value
    parts, place = shown.parts(wire, definition, lang), preset_of(definition)
    worth_now = {better: word(f"worth_{better}", lang, x="{x}") for better in ("a", "b", "open", "thin")}
    verdicts = {better: word(f"is_{better}", lang) for better in ("a", "b", "open", "thin")}
    _Aside(words={**_said(BESIDE, lang), "worth_now": worth_now, "verdicts": verdicts},
           places=presets(lang, definition), place=place, sliders=shown.sliders(wire, definition, lang),
           outcomes=[{"name": name, "label": measure_label(name, lang)} for name in HEADLINES],
           parts=parts, about=None if parts else shown.about(definition, lang), worth=shown.worth(wire, lang),
           dots=shown.dots(wire, definition, lang), hangs=shown.hangs(definition, lang), on=shown.ON,
           changed=place == OWN and not definition.scenario.name,
           settled=me.known.value[0],
           event_change=lambda told: me.set_number(told["name"], parse(told["name"], told["value"])),
           event_preset=lambda name: name != OWN and me.take_preset(name),
           event_flip=lambda regime: me.take_regime(1, regime), event_numbers=lambda _=None: open_numbers(True),
           event_undo=lambda _=None: me.take_preset(definition.scenario.region))


@solara.component
def Numbers(me: Visitor, close: Callable):
    """Every number, told what it is."""
    lang, definition = state.lang.value, me.definition.value
    groups = [{**group, "open": n == 0} for n, group in enumerate(described(definition.scenario, lang))]
    meta = word("number_meta", lang, range="{range}", default="{default}", basis="{basis}")
    _Numbers(words={**_said(NUMBERS, lang), "meta": meta}, groups=groups,
             wrong={name: say(text, lang) for name, text in me.wrong.value.items()},
             event_change=lambda told: me.set_number(told["name"], parse(told["name"], told["value"])),
             event_close=lambda _=None: close(False))


@solara.component
def Drawer(me: Visitor, jump: Callable):
    """Somebody's day, told what it shows."""
    lang, definition, chosen, made = state.lang.value, me.definition.value, me.chosen.value, me.person.value
    PersonsDay(**day_of(chosen, made, max(1, chosen["day"]), definition, lang), busy=me.busy.value,
               cases=day.cases(me.cases.value, lang), life=day.life(me.life.value, definition, lang),
               event_close=lambda _=None: me.look(None), event_follow=me.follow, event_jump=jump,
               event_next=lambda _=None: me.look({**chosen, "next": chosen.get("next", 0) + 1}))


@solara.component
def Page():
    """What is seen."""
    me, lang = visitor(), state.lang.value
    router = solara.use_router()
    (go, jump), (numbers, open_numbers) = solara.use_state({}), solara.use_state(False)
    solara.use_effect(lambda: me.arrive(dict(parse_qsl(router.search or ""))), [])
    count, answer = me.known.value
    wire = solara.use_memo(lambda: answer.wire(lang) if answer is not None else None, [count, lang])
    kept = solara.use_ref(None)
    thin = not wire or not wire["pairs"]
    if not thin:
        kept.current = wire
    told = {**wire, "measures": kept.current["measures"], "curves": kept.current["curves"]} \
        if thin and wire and kept.current else wire
    Style()
    notices = [say(text, lang) for text in (*me.notices.value, *((me.error.value,) if me.error.value else ()))]
    looks = {"an": True, "an-open": bool(me.chosen.value), "an-stale": thin or me.stale.value}
    with rv.Html(tag="div", class_=" ".join(name for name, on in looks.items() if on)):
        with rv.Html(tag="div", class_="an-main"):
            Headline(me, told, thin)
            if notices:
                _Notices(items=notices, dismiss=word("dismiss", lang), event_forget=lambda _=None: _forget(me))
            Stage(me, told, go)
        if me.chosen.value:
            Drawer(me, lambda day: jump({"day": day}))
        else:
            Aside(me, told, open_numbers)
        if numbers:
            Numbers(me, open_numbers)


def _forget(me: Visitor) -> None:
    me.notices.set(())
    me.error.set(None)
