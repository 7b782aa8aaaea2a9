"""The view `story`: scenes with a guess first, then a run of the model, then what came out beside the guess."""

from __future__ import annotations

import time
from typing import Any

import solara
import solara.lab

from languages.text import say
from model.measures import MEASURES

from .. import state, views
from ..definition import Definition
from ..links import link
from ..words import ESSAY, WORDS, measure_label, word
from .scenes import SCENES, Scene, Told
from .telling import TELLER, Progress

ORDER = (*SCENES, "end")
GLANCE = 0.15
"""Seconds between two looks at a scene that runs."""
SAID = ("s_next", "s_back", "s_again", "s_my_guess", "s_running", "s_question", "s_answer", "s_in_lab", "s_better",
        "s_worse", "s_unresolved", "s_guessed", "s_end_open", "s_end_scene", "s_end_out", "s_end_lab", "story_title",
        "story_lead", "simulated")


@solara.component_vue("vue/story.vue")
def Stage(words: dict, steps: list, at: int, scene: dict, guess: Any, progress: float, told: dict, ending: list,
          event_go=None, event_say_guess=None):
    """One scene."""


@solara.component
def Page():
    """The whole view."""
    lang = state.lang.value
    at, go = solara.use_state(0)
    guesses, keep = solara.use_state({})
    done, show = solara.use_state(0.0)
    key = ORDER[at]
    guess = guesses.get(key)

    def watch() -> Progress | None:
        if key == "end":
            return None
        if guess is None:  # it runs while the person thinks; what comes out does not depend on him
            TELLER.ask(key, soon=False)
            return None
        running = TELLER.ask(key)
        while not running.ended.wait(GLANCE):
            show(running.done)
        TELLER.ask(ORDER[at + 1], soon=False) if at + 2 < len(ORDER) else None
        return running

    task = solara.lab.use_task(watch, dependencies=[key, guess is None], prefer_threaded=True)
    ran = task.value if task.finished and guess is not None else None
    views.Style()
    Stage(words={k: word(k, lang) for k in SAID}, at=at, guess=guess, progress=done if ran is None else 1.0,
          steps=[{"title": word(f"s_{k}_title", lang), "done": k in guesses} for k in ORDER],
          scene=scene_words(key, at, lang), told=outcome(key, guess, ran, lang) if ran else {},
          ending=ending(guesses, lang) if key == "end" else [],
          event_go=lambda n: (show(0.0), go(max(0, min(n, len(ORDER) - 1)))),
          event_say_guess=lambda value: keep({k: v for k, v in {**guesses, key: value}.items() if v is not None}))


def scene_words(key: str, at: int, lang: str) -> dict[str, Any]:
    """What a scene says before the guess."""
    told = {"key": key, "number": word("s_scene", lang, n=at + 1, of=len(ORDER)), "title": word(f"s_{key}_title", lang),
            "text": word(f"s_{key}_text", lang), "last": key == "end"}
    if key == "end":
        return told
    scene, quote = SCENES[key], WORDS[f"s_{key}_quote"]
    low, high, step, unit = scene.scale
    return {**told, "quote": say(quote, ESSAY), "translation": "" if lang == ESSAY else say(quote, lang),
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
    """The lab on a scene's scenario and first seed."""
    scenario = scene.lab or next(iter(scene.arms.values())).scenario
    return link(Definition(scenario, scene.regimes, scene.seeds[0]))


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
            row |= {f"{side}_text": f"{one[side]:.{one['digits']}f}" for side in ("a", "b")}
        rows.append(row)
    drawn = None if scene.options else float(guess)
    if scene.scale[3] == "percent" and drawn is not None:  # a share of the first bar
        drawn *= sum(made["rows"][0]["parts"].values()) / 100
    return {"kind": made["kind"], "rows": rows, "guess": drawn, "base": made.get("base"),
            "a": label(made["a"], lang) if "a" in made else "", "b": label(made["b"], lang) if "b" in made else ""}


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
