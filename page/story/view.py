"""The view `story`: scenes with a guess first, then a run of the model, then what came out beside the guess."""

from __future__ import annotations

import math
import time
from functools import lru_cache
from typing import Any

import solara
import solara.lab

from languages.text import say
from model.measures import MEASURES
from model.scenario import PARAMETERS

from .. import state, static
from ..answer import shown
from ..compiling import COMPILING
from ..definition import Definition
from ..links import link
from ..words import ESSAY, WORDS, measure_label, quoted, regime_label, word
from ..year import year_of
from .scenes import SCENES, Scene, Told
from .telling import TELLER, Progress

ORDER = (*SCENES, "end")
CLOSING = ("whistle", "fail")
"""Scenes whose outcomes the last one brings together."""
GLANCE = 0.15
"""Seconds between two looks at a scene that runs."""
SAID = ("s_next", "s_back", "s_again", "s_my_guess", "s_running", "s_question", "s_answer", "s_in_lab", "s_better",
        "s_worse", "s_unresolved", "s_guessed", "s_end_open", "s_end_scene", "s_end_out", "s_end_lab", "story_title",
        "story_lead", "simulated", "s_play", "s_pause", "s_picture", "s_no_picture")
guesses = solara.reactive({})
"""What a visitor guessed, by scene; their browser keeps it, too."""


@solara.component_vue("vue/story.vue")
def Stage(words: dict, steps: list, at: int, scene: dict, guess: Any, kept: dict, progress: float, told: dict,
          ending: list, closing: list, event_go=None, event_say_guess=None, event_recall=None):
    """One scene."""


@solara.component_vue("vue/actor.vue")
def Actor(packet: dict, source: str, words: dict, sides: list, looks: list):
    """The scene's district, day by day."""


@solara.component
def Page(*_rest):  # what the address has behind the view; Solara would cast it by an annotation
    """The whole view."""
    lang, router = state.lang.value, solara.use_router()
    at = scene_at(router.path)
    done, show = solara.use_state(0.0)
    key, kept = ORDER[at], guesses.value
    guess = kept.get(key)

    def watch() -> Progress | None:
        if key == "end":
            for one in CLOSING:
                wait_for(TELLER.ask(one), show)
            return None
        if guess is None:  # it runs while the person thinks; what comes out does not depend on them
            TELLER.ask(key, soon=False)
            return None
        running = wait_for(TELLER.ask(key), show)
        TELLER.ask(ORDER[at + 1], soon=False) if at + 2 < len(ORDER) else None
        return running

    def tell(value: Any) -> None:
        guesses.set({k: v for k, v in {**kept, key: value}.items() if v is not None})

    def recall(saved: dict[str, Any]) -> None:
        guesses.set({**fitting(saved), **guesses.value})

    task = solara.lab.use_task(watch, dependencies=[key, guess is None], prefer_threaded=True)
    ran = task.value if task.finished and guess is not None else None
    with solara.Column(gap="0", classes=["cs-story-page"]):
        Stage(words={k: word(k, lang) for k in SAID}, at=at, guess=guess, kept=kept,
              progress=done if ran is None else 1.0,
              steps=[{"title": word(f"s_{k}_title", lang), "done": k in kept} for k in ORDER],
              scene=scene_words(key, at, lang), told=outcome(key, guess, ran, lang) if ran else {},
              ending=ending(kept, lang) if key == "end" else [],
              closing=closing(lang) if key == "end" and task.finished else [],
              event_go=lambda n: (show(0.0), router.push(f"/story/{max(0, min(n, len(ORDER) - 1)) + 1}")),
              event_say_guess=tell, event_recall=recall)
        if key != "end":
            Picture(key, guess is not None)


@solara.component
def Picture(key: str, guessed: bool):
    """The scene's district as B's view draws it; the other side only once one has guessed."""
    lang, scene = state.lang.value, SCENES[key]
    definition = definition_of(scene)
    task = solara.lab.use_task(lambda: packet(definition), dependencies=[definition], prefer_threaded=True)
    made = task.value if task.finished else None
    sides = scene.sides if guessed else 1
    names = [f"{side} {regime_label(name, lang)}" for side, name in zip("AB", definition.regimes, strict=True)]
    words = {**shown.stage_words(definition, lang), **{k: word(k, lang) for k in (
        "s_play", "s_pause", "s_picture", "s_no_picture")}, "day_of": word("day_of", lang),
             "looks": [word(f"s_look_{band}", lang) for band in scene.looks]}
    Actor(packet=made or {}, source=static.address("draw.js"), words=words, sides=names[:sides],
          looks=list(scene.looks))


def definition_of(scene: Scene) -> Definition:
    """What the picture of a scene, and its link, show."""
    scenario = scene.lab or next(iter(scene.arms.values())).scenario
    return Definition(scenario, scene.regimes, scene.seeds[0])


@lru_cache(maxsize=12)
def packet(definition: Definition) -> dict[str, Any]:
    """The days of a scene for the browser; empty if they cannot be run."""
    COMPILING.wait(600)
    try:
        return year_of(definition).packet()
    except Exception:  # the scene itself says what is wrong; without a picture it can be read as well
        return {}


def wait_for(running: Progress, show: Any) -> Progress:
    """Wait until a scene is told."""
    while not running.ended.wait(GLANCE):
        show(running.done)
    return running


def scene_at(path: str) -> int:
    """The scene an address names, from 0; the first if none."""
    text = path.strip("/").partition("/")[2].strip("/")
    return min(max(int(text), 1), len(ORDER)) - 1 if text.isdecimal() and len(text) < 4 else 0


def fitting(saved: Any) -> dict[str, Any]:
    """What a browser kept, as far as it can be guesses."""
    found = {}
    for key, value in saved.items() if isinstance(saved, dict) else ():
        scene = SCENES.get(key)
        if scene and (value in scene.options if scene.options else isinstance(value, int | float)
                      and not isinstance(value, bool) and math.isfinite(value)):
            found[key] = value
    return found


def scene_words(key: str, at: int, lang: str) -> dict[str, Any]:
    """What a scene says before the guess."""
    told = {"key": key, "number": word("s_scene", lang, n=at + 1, of=len(ORDER)), "title": word(f"s_{key}_title", lang),
            "text": word(f"s_{key}_text", lang), "last": key == "end"}
    if key == "end":
        return told
    scene, quote = SCENES[key], WORDS[f"s_{key}_quote"]
    low, high, step, unit = scene.scale
    return {**told, "quote": quoted(quote), "translation": "" if lang == ESSAY else say(quote, lang),
            "ask": word(f"s_{key}_ask", lang),
            "options": [{"key": o, "label": word(f"opt_{key}_{o}", lang)} for o in scene.options],
            "scale": {"low": low, "high": high, "step": step,
                      "labels": {f"{v:g}": number(v, unit, lang) for v in _steps(low, high, step)}}}


def _steps(low: float, high: float, step: float) -> list[float]:
    return [low + n * step for n in range(round((high - low) / step) + 1)]


def number(value: float, unit: str, lang: str) -> str:
    """A number with its unit."""
    return word(f"s_{unit}", lang, v=value)


def label(key: str, lang: str) -> str:
    """The words for a row or part: the story's own, the page's, or a measure's name."""
    if f"s_{key}" in WORDS:
        return word(f"s_{key}", lang)
    return measure_label(key, lang) if key in MEASURES else word(key, lang)


def outcome(key: str, guess: Any, ran: Progress, lang: str) -> dict[str, Any]:
    """What came out, in words and one picture."""
    if ran.told is None:
        return {"error": word("s_failed", lang, error=ran.error), "lines": [], "chart": {}}
    scene, told = SCENES[key], ran.told
    first = next(iter(scene.arms.values()))
    return {"error": "", "against": against(scene, guess, told, lang),
            "lines": [word(f"s_{name}", lang, **values) for name, values in told.lines],
            "ran": word("s_ran", lang, runs=len(scene.seeds) * len(scene.arms), days=first.scenario.days,
                       seeds=len(scene.seeds)), "href": lab_link(scene), "chart": chart(scene, told, guess, lang)}


def against(scene: Scene, guess: Any, told: Told, lang: str) -> str:
    """The guess beside the truth."""
    if scene.options:
        words = {o: word(f"opt_{scene.key}_{o}", lang) for o in scene.options}
        if guess == told.truth:
            return word("s_hit", lang, guess=words[guess])
        return word("s_miss", lang, guess=words[str(guess)], truth=words[str(told.truth)])
    low, high, _, unit = scene.scale
    off = float(told.truth) - float(guess)
    way = "near" if abs(off) <= 0.06 * (high - low) else "above" if off > 0 else "below"
    return word(f"s_{way}", lang, guess=number(guess, unit, lang), truth=number(float(told.truth), unit, lang))


def lab_link(scene: Scene) -> str:
    """The answer view on a scene's scenario and first seed."""
    return link(definition_of(scene))


def chart(scene: Scene, told: Told, guess: Any, lang: str) -> dict[str, Any]:
    """The picture with words in a language; the guess comes along where it can be drawn."""
    made, unit = told.chart, told.chart.get("unit", "")
    rows = []
    for one in made["rows"]:
        row = {**one, "label": label(one["label"], lang)}
        if made["kind"] == "stack":
            row["parts"] = [{"key": k, "label": label(k, lang), "value": v, "text": number(v, unit, lang)}
                            for k, v in one["parts"].items() if v > 0]
        elif made["kind"] == "bars":
            row |= {"text": number(one["value"], unit, lang), "note": word("s_clear", lang, v=one["note"])}
        else:
            row |= paired_row(one, made["rows"])
        rows.append(row)
    drawn = None if scene.options else float(guess)
    if scene.scale[3] == "percent" and drawn is not None:  # a share of the first bar
        drawn *= sum(made["rows"][0]["parts"].values()) / 100
    return {"kind": made["kind"], "rows": rows, "guess": drawn, "base": made.get("base"),
            "a": label(made["a"], lang) if "a" in made else "", "b": label(made["b"], lang) if "b" in made else ""}


def shares(one: dict[str, Any]) -> bool:
    """Whether a row of a picture of pairs tells shares."""
    return MEASURES[one["label"]].unit == "share" if one["label"] in MEASURES else max(one["a"], one["b"]) <= 1


def paired_row(one: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Its numbers in words, and where its axis ends: all shares of a picture have one axis."""
    if shares(one):
        most = max(max(r["a"], r["b"]) for r in rows if shares(r))
        axis = min(1.0, math.ceil(10 * most + 0.5) / 10)
        return {"axis": axis, "axis_text": f"{100 * axis:.0f} %",
                **{f"{side}_text": f"{100 * one[side]:.1f} %" for side in ("a", "b")}}
    axis = max(one["a"], one["b"]) * 1.08 or 1.0
    return {"axis": axis, "axis_text": f"{axis:.1f}",
            **{f"{side}_text": f"{one[side]:.{one['digits']}f}" for side in ("a", "b")}}


def closing(lang: str) -> list[dict[str, Any]]:
    """What it buys, what it costs, where it turns, and on which assumptions; by the runs of `CLOSING`."""
    told = {key: TELLER.ask(key, soon=False).told for key in CLOSING}
    cards = []
    if (whistle := told["whistle"]) is not None:
        rows = {r["label"]: r for r in whistle.chart["rows"]}
        for card, name, line in (("buys", "served_cases", 0), ("costs", "served_core", 1)):
            row = rows[name]
            numbers = f"{measure_label(name, lang)}: {100 * row['a']:.0f} % → {100 * row['b']:.0f} %"
            cards.append({"key": card, "lines": [word(f"s_{whistle.lines[line][0]}", lang), numbers],
                          "href": link(definition_of(SCENES["whistle"]))})
    if (fail := told["fail"]) is not None:
        cards.append({"key": "turns", "lines": [word(f"s_{name}", lang, **values) for name, values in fail.lines],
                      "href": "/where"})
    assumed = sum(p.mark == "assumed" for p in PARAMETERS.values())
    cards.append({"key": "assumes", "lines": [word("s_close_assumed", lang, n=assumed, of=len(PARAMETERS)),
                                              word("s_close_worth", lang), word("limit_1", lang)],
                  "href": "/evidence/limits"})
    return [{**card, "title": word(f"s_close_{card['key']}", lang), "more": word(f"s_more_{card['key']}", lang)}
            for card in cards]


def ending(guesses: dict[str, Any], lang: str) -> list[dict[str, str]]:
    """All scenes: guess, outcome, link to the lab."""
    rows = []
    for n, (key, scene) in enumerate(SCENES.items()):
        ran = TELLER.ask(key, soon=False) if key in guesses else None
        said = against(scene, guesses[key], ran.told, lang) if ran and ran.told else word("s_end_open", lang)
        rows.append({"at": n, "title": word(f"s_{key}_title", lang), "said": said, "href": lab_link(scene)})
    return rows


def settle(key: str, seconds: float) -> Progress:
    """Wait until a scene is told, for tests and scripts."""
    running, until = TELLER.ask(key), time.monotonic() + seconds
    running.ended.wait(max(0.0, until - time.monotonic()))
    return running
