"""What the drawer beside the picture is given: somebody's day on both sides, why, and cases to follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.activities import group_of
from languages.text import say
from model.measures import MEASURES

from ..definition import Definition
from ..words import regime_label, word
from .shown import NOTHING, number, signed

COLOURS = {"for_residents": "residents", "core_work": "ink", "directives": "directives", "paper": "forms",
           "assessment": "inspection", "steering": "meetings", "idle": "idle"}
"""Colours of the groups of activities, the same in every view."""
ROWS = {"kind_paperwork": "paper", "kind_execute": "directives", "kind_casework": "for_residents",
        "kind_coordinate": "for_residents", "kind_supervise": "assessment", "civic_voice": "for_residents",
        "civic_forms": "paper", "civic_left": "idle"}
"""Groups of a diary's rows that are no activity of the ledger by themselves."""


def person(made: Mapping[str, Any] | None, definition: Definition, lang: str) -> dict[str, Any] | None:
    """Somebody's day on both sides: slices of a clock, rows, how things stand, what was worked on."""
    if not made or not made.get("sides"):
        return None
    sides = [_clock(side, which, definition, lang) for which, side in enumerate(made["sides"])]
    keys = list(dict.fromkeys(row[0] for side in made["sides"] for row in side["rows"]))
    hours = [{row[0]: row[1] for row in side["rows"]} for side in made["sides"]]
    state = list(dict.fromkeys(row[0] for side in made["sides"] for row in side["state"]))
    stands = [{row[0]: row[1] for row in side["state"]} for side in made["sides"]]
    rows = [{"label": word(key, lang), "colour": colour(key), **_both(hours, key, ".2f")} for key in keys]
    return {"sides": sides, "rows": rows,
            "state": [{"label": word(key, lang), **_both(stands, key, ".3g")} for key in state]}


def _both(sides: list[dict[str, float]], key: str, form: str) -> dict[str, str]:
    return {side: format(values[key], form) if key in values else NOTHING
            for side, values in zip("ab", sides, strict=True)}


def colour(row: str) -> str:
    """The colour of a diary's row."""
    name = row.removeprefix("act_")
    return COLOURS[ROWS[row] if row in ROWS else group_of(name)]


def _clock(side: Mapping[str, Any], which: int, definition: Definition, lang: str) -> dict[str, Any]:
    total, at, slices = max(side["total"], 1e-9), 0.0, []
    for key, spent, _note in side["rows"]:
        share = spent / total
        slices.append({"from": at, "to": min(1.0, at + share), "colour": colour(key), "label": word(key, lang),
                       "said": word("hours_sum", lang, n=f"{spent:.2f}")})
        at += share
    items = [_item(item, lang) for item in side["items"]]
    return {"name": f"{'AB'[which]} {regime_label(definition.regimes[which], lang)}", "slices": slices, "items": items,
            "total": round(float(side["total"]), 4), "sum": word("hours_sum", lang, n=f"{side['total']:.2g}"),
            "spoken": ", ".join(f"{s['label']} {s['said']}" for s in slices)}


def _item(item: Mapping[str, Any], lang: str) -> str:
    hours = "" if item["hours"] is None else " · " + word("hours_sum", lang, n=f"{item['hours']:.2g}")
    return f"{say(item['text'], lang)}{hours}{' ✓' if item['done'] else ''}"


def waterfall(why: Mapping[str, Any] | None, day: int, lang: str) -> dict[str, Any] | None:
    """Why B differs from A: bars from A's value to B's, those that are no part of the sum after it."""
    if not why or why.get("d") is None:
        return None
    unit, direction = why["unit"], MEASURES[why["measure"]].direction or 1
    told = [b for b in why["bars"] if b["d"] is not None]
    ends = [why["a"]]
    for b in told:
        ends.append(ends[-1] + (b["d"] if b["part"] else 0.0))
    low, high = min(0.0 if unit == "share" and min(ends) < 0.15 else min(ends), why["b"]), max(*ends, why["b"])
    pad = (high - low or 1.0) * 0.12
    low, span = low - pad, high - low + 2 * pad
    bars = [_bar(word("why_start", lang), 0.0, why["a"], "an-bg-a-side", number(why["a"], unit, lang), low, span)]
    for b, start in zip(told, ends[:-1], strict=True):
        if b["part"]:
            tone = "an-bg-b" if b["d"] * direction > 0 else "an-bg-a"
            bar = _bar(say(b["what"], lang), start, start + b["d"], tone, signed(b["d"], unit, lang), low, span)
            bars.append({**bar, "text": say(b["text"], lang), "rows": _rows(b, lang), "part": True})
    bars.append(_bar(word("why_end", lang), 0.0, why["b"], "an-bg-b-side", number(why["b"], unit, lang), low, span))
    for b in told:
        if not b["part"]:
            sign = {1: "▲", -1: "▼"}.get(b["pull"], "·")
            bars.append({"what": say(b["what"], lang), "text": say(b["text"], lang), "said": sign, "from": 0,
                         "width": 0, "tone": "", "rows": _rows(b, lang), "part": False})
    return {"title": word("why_title", lang, name=say(why["label"], lang), a=number(why["a"], unit, lang),
                          b=number(why["b"], unit, lang)), "said": word("why_up_to", lang, day=day), "bars": bars}


def _bar(what: str, start: float, end: float, tone: str, said: str, low: float, span: float) -> dict[str, Any]:
    left, right = (max(0.0, min(100.0, 100 * (v - low) / span)) for v in sorted((start, end)))
    return {"what": what, "text": "", "said": said, "from": left, "width": max(0.7, right - left), "tone": tone,
            "rows": [], "part": True}


def _rows(bar: Mapping[str, Any], lang: str) -> list[list[str]]:
    """Rows of the ledger below a bar, and of what moves it: names, A, B, B − A."""
    found = [*bar["rows"], *(row for beside in bar.get("beside", ()) for row in beside["rows"])]
    return [[" · ".join(str(say(name, lang)) for name in row[:-3]), *(f"{v:,.4g}" for v in row[-3:])] for row in found]


def life(made: Mapping[str, Any] | None, definition: Definition, lang: str) -> dict[str, Any] | None:
    """A case's life as two lines."""
    if not made:
        return None
    last = max([definition.scenario.days, *(e["day"] for side in made["sides"] for e in side["events"])])
    ends = [side["closed"] for side in made["sides"]]
    if all(end is not None for end in ends):
        last = max(*ends, *(e["day"] for side in made["sides"] for e in side["events"]), made["born"] + 1)
    sides = []
    for which, side in enumerate(made["sides"]):
        events = [{"day": e["day"], "when": word("case_day", lang, day=e["day"]), "what": _what(e, lang),
                   "text": f"{word('case_day', lang, day=e['day'])}: {_what(e, lang)}"} for e in side["events"]]
        fate = say(side["end"], lang) if side.get("end") else side["fate"]
        said = fate if side["closed"] is None else word("case_ends", lang, fate=fate, day=side["closed"])
        sides.append({"name": f"{'AB'[which]} {regime_label(definition.regimes[which], lang)}", "said": said,
                      "end": side["closed"], "events": events})
    return {"case": made["case"], "title": say(made["title"], lang), "born": made["born"], "last": last, "sides": sides,
            "spoken": "; ".join(f"{side['name']}: {side['said']}" for side in sides)}


def _what(event: Mapping[str, Any], lang: str) -> str:
    what = say(event["what"], lang)
    who = say(event["who"], lang) if event.get("who") else ""
    return f"{what} · {who}" if who else str(what)


def cases(found: tuple[dict[str, Any], ...], lang: str) -> list[dict[str, Any]]:
    """Cases to follow."""
    return [{"case": c["case"], "label": word("case_label", lang, case=c["case"], day=c["born"])} for c in found]
