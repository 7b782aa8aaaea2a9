"""The view `where`: a live map of any two numbers, and the smallest change that breaks the reform."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from model.errors import InputError
from model.measures import HEADLINES, MEASURES
from model.scenario import load_scenario

from .. import state
from ..definition import Definition
from ..lab.regimes import regime_bases
from ..links import ANSWER, link
from ..presets import OWN, preset_of, presets
from ..words import measure_label, parameter_label, regime_label, word
from .breaking import Break, Search, Tried, numbers
from .maps import AXES, Map, axis_names, direction_of

OUTCOMES = (*HEADLINES, "worth")
LOOK = 0.4
"""Seconds between two looks at what came."""
OWN_KEYS = ("x", "y", "of", "worth", "break")
MOST_WORTH = 10.0
SAID = ("where_place", "where_a", "where_b", "where_outcome", "where_worth_of", "where_across",
        "where_up", "where_made", "where_better", "where_worse", "where_open", "where_thin",
        "where_failed", "where_none", "where_here", "where_point", "where_points", "where_answer", "where_link",
        "where_copied", "break_title", "break_go", "break_stop", "break_pushes")


@dataclass(frozen=True)
class Asked:
    """What a map is of; its address says all of it."""

    definition: Definition = field(default_factory=Definition)
    x: str = AXES[0]
    y: str = AXES[1]
    outcome: str = OUTCOMES[0]
    worth: float = 1.0
    search: str = ""
    """`main` or `all` where a search was begun."""

    @classmethod
    def of(cls, search: str | None) -> Asked:
        """Read an address; what does not fit is left out."""
        query = dict(parse_qsl(search or ""))
        own = {key: query.pop(key) for key in OWN_KEYS if key in query}
        definition, _notices = Definition.from_query(query)
        names, found = axis_names(), cls(definition)
        for key in ("x", "y"):
            if own.get(key) in names:
                found = replace(found, **{key: own[key]})
        if found.x == found.y:
            found = replace(found, y=next(name for name in AXES if name != found.x))
        if own.get("of") in OUTCOMES:
            found = replace(found, outcome=own["of"])
        return replace(found, worth=_worth(own.get("worth", "")), search=own.get("break", "")
                       if own.get("break") in ("main", "all") else "")

    def query(self) -> dict[str, str]:
        """What the address holds."""
        own = {"x": self.x, "y": self.y, "of": self.outcome}
        own |= {"worth": f"{self.worth:g}"} if self.outcome == "worth" else {}
        return {**self.definition.to_query(), **own, **({"break": self.search} if self.search else {})}


def _worth(text: str) -> float:
    try:
        return min(max(float(text), 0.0), MOST_WORTH)
    except ValueError:
        return 1.0


@solara.component_vue("vue/where.vue")
def Plane(words: dict, told: dict, choice: dict, breaking: dict, event_take: Callable, event_search: Callable,
          event_stop: Callable):
    """The map and what stands beside it."""


@solara.component
def Page():
    """The whole view."""
    lang, router = state.lang.value, solara.use_router()
    first = solara.use_memo(lambda: Asked.of(router.search), [router.search])
    asked, ask = solara.use_state(first)
    _pulse, beat = solara.use_state(0)
    d = asked.definition
    board = solara.use_memo(lambda: Map(d, asked.x, asked.y), [d, asked.x, asked.y])
    search = solara.use_memo(
        lambda: Search(d, asked.outcome, asked.worth, asked.search == "all") if asked.search else None,
        [d, asked.outcome, asked.worth, asked.search])
    stop = sorry(d, lang)

    def run_map() -> Callable[[], None]:
        return _watched(board, beat) if not stop else (lambda: None)

    def run_search() -> Callable[[], None]:
        return _watched(search, beat) if search and not stop else (lambda: None)

    solara.use_effect(run_search, [search])  # first: somebody waits for it
    solara.use_effect(run_map, [board])
    Plane(words={key: word(key, lang) for key in SAID}, told=told(board, asked, stop, lang), choice=choice(asked, lang),
          breaking=broken(search, asked, lang),
          event_take=lambda change: ask(taken(asked, change)),
          event_search=lambda how: ask(replace(asked, search="all" if how == "all" else "main")),
          event_stop=lambda _=None: ask(replace(asked, search="")))


def _watched(job: Map | Search, beat: Callable[[Any], None]) -> Callable[[], None]:
    """Begin a job and tell the page of it now and then; returns what ends both."""
    gone = threading.Event()

    def watch() -> None:
        before: Any = None
        while not gone.wait(LOOK):
            now = (job.done, getattr(job, "phase", ""), job.ended)
            if now != before:
                before = now
                beat(lambda n: n + 1)
            if job.ended:
                return

    def end() -> None:
        gone.set()
        job.stop()

    job.begin()
    threading.Thread(target=watch, daemon=True, name="watch").start()
    return end


def sorry(d: Definition, lang: str) -> str:
    """Why there can be no map."""
    if d.rules:
        return word("where_rules", lang)
    return word("where_log", lang) if d.scenario.needs else ""


def taken(asked: Asked, change: dict[str, Any]) -> Asked:
    """What is asked after a visitor's choice; one that does not fit changes nothing."""
    key, value, d = change["key"], change["value"], asked.definition
    try:
        if key == "place":
            return replace(asked, definition=d if value == OWN else d.with_(scenario=load_scenario(value)), search="")
        if key in ("a", "b"):
            regimes = (value, d.regimes[1]) if key == "a" else (d.regimes[0], value)
            return replace(asked, definition=d.with_(regimes=regimes), search="")
        if key in ("x", "y") and value in axis_names():
            other = {"x": "y", "y": "x"}[key]
            swap = {other: getattr(asked, key)} if getattr(asked, other) == value else {}
            return replace(asked, **{key: value}, **swap)
        if key == "outcome" and value in OUTCOMES:
            return replace(asked, outcome=value, search="")
        if key == "worth":
            return replace(asked, worth=_worth(str(value)), search="")
        if key == "point":
            return replace(asked, definition=d.with_(**{asked.x: value[0], asked.y: value[1]}), search="")
    except (InputError, ValueError):
        pass
    return asked


# --- what is shown ------------------------------------------------------------------------------------------------


def outcome_label(name: str, lang: str) -> str:
    """What an outcome is called."""
    return word("where_worth", lang) if name == "worth" else measure_label(name, lang)


def choice(asked: Asked, lang: str) -> dict[str, Any]:
    """The choices above the map."""
    d, bases = asked.definition, regime_bases(lang)
    regimes = [[{"name": b["name"], "label": b["label"]} for b in bases] for _side in "ab"]
    for some, name in zip(regimes, d.regimes, strict=True):
        if name not in {one["name"] for one in some}:
            some.append({"name": name, "label": regime_label(name, lang)})
    return {"places": presets(lang, d), "place": preset_of(d), "regimes": regimes,
            "a": d.regimes[0], "b": d.regimes[1],
            "outcomes": [{"name": o, "label": outcome_label(o, lang)} for o in OUTCOMES], "outcome": asked.outcome,
            "axes": [{"name": n, "label": parameter_label(n, lang)} for n in axis_names()], "x": asked.x, "y": asked.y,
            "worth": asked.worth, "most_worth": MOST_WORTH, "every": word("break_every", lang, n=len(numbers(True))),
            "lead": word("break_lead", lang, n=len(numbers()), b=regime_label(d.regimes[1], lang)),
            "query": urlencode(asked.query()),
            "base": urlencode({k: v for k, v in d.to_query().items() if k not in (asked.x, asked.y)})}


def told(board: Map, asked: Asked, stop: str, lang: str) -> dict[str, Any]:
    """The map's points, rounded, and the sentence above it."""
    points = board.told(asked.outcome, asked.worth)
    counts = {v: sum(p["verdict"] == v for p in points) for v in ("better", "worse", "open", "thin")}
    a, b = (regime_label(name, lang) for name in asked.definition.regimes)
    judged = sum(counts[v] for v in ("better", "worse", "open"))
    title = word("where_count", lang, b=b, all=judged, **{k: counts[k] for k in ("better", "worse", "open")}) \
        if judged else _early(points, a, b, lang)
    percent = asked.outcome != "worth" and MEASURES[asked.outcome].unit == "share"
    done = board.done >= board.total
    return {"title": title, "thin": word("where_rest", lang, n=counts["thin"]) if counts["thin"] else "",
            "stop": stop, "points": [_rounded(p) for p in points], "percent": percent,
            "xs": board.xs, "ys": board.ys, "here": board.here(),
            "label": word("where_map", lang, x=parameter_label(asked.x, lang), y=parameter_label(asked.y, lang)),
            "progress": word("where_all_run", lang, all=board.total) if done
            else word("where_running", lang, done=board.done, all=board.total), "share": board.done / board.total,
            "done": done}


def _early(points: list[dict[str, Any]], a: str, b: str, lang: str) -> str:
    """The sentence while no point has two pairs."""
    sides = [p["side"] for p in points if p["pairs"]]
    if not sides:
        return word("where_begin", lang, a=a, b=b)
    return word("where_ahead", lang, b=b, n=len(sides), ahead=sides.count(1), behind=sides.count(-1))


def _rounded(point: dict[str, Any]) -> dict[str, Any]:
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in point.items()}


def broken(search: Search | None, asked: Asked, lang: str) -> dict[str, Any]:
    """The search so far."""
    if search is None:
        return {"on": False, "found": [], "pushes": [], "said": "", "share": 0.0, "ended": False}
    b = regime_label(asked.definition.regimes[1], lang)
    counts = {"done": search.done, "all": search.total}
    said = word("break_done", lang) if search.ended else word(f"break_{search.phase}", lang, **counts)
    if search.ended and not search.found:
        worse = search.base and search.base["verdict"] == "worse"
        said = word("break_already", lang, b=b) if worse else word("break_none", lang, n=len(search.names), b=b)
    elif search.ended:
        said = word("break_found", lang, b=b)
    return {"on": True, "ended": search.ended, "said": said, "share": search.done / max(1, search.total),
            "found": [_found(one, asked, lang) for one in search.found], "pushes": _pushes(search, lang)}


def _found(one: Break, asked: Asked, lang: str) -> dict[str, Any]:
    scenario, seed = asked.definition.scenario, asked.definition.seed
    moved = [{"label": parameter_label(name, lang), "from": f"{getattr(scenario, name):g}", "to": f"{value:g}"}
             for name, value in one.point.items()]
    key = "break_share" if len(moved) == 1 else "break_shares"
    return {"moved": moved, "share": word(key, lang, share=max(1, round(100 * one.distance))),
            "href": link(one.definition.with_(seed=seed), ANSWER), **_rounded(one.told)}


def _pushes(search: Search, lang: str) -> list[dict[str, Any]]:
    """Each number with B's lead at its low and its high end, those that push hardest against B first."""
    way, rows = direction_of(search.outcome), {}
    for one in search.pushes:
        if one.pairs:
            rows.setdefault(next(iter(one.point)), []).append(one)
    base = way * search.base["d"] if search.base else 0.0

    def ends(some: list[Tried]) -> list[dict[str, Any]]:
        return [{"value": f"{next(iter(t.point.values())):g}", "lead": way * search._told(t)["d"]} for t in some]
    made = [{"name": name, "label": parameter_label(name, lang), "base": base, "ends": ends(some)}
            for name, some in rows.items()]
    return sorted(made, key=lambda row: min(e["lead"] for e in row["ends"]))[:12]
