"""What the answer view's templates are given: plain dictionaries in a visitor's language; no Solara in here."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Mapping
from itertools import count
from typing import Any

from experiments.activities import group_of
from experiments.runs import ROOT
from languages.text import say
from model.measures import HEADLINES, MEASURES
from model.regimes import REFORMS, SWITCHES
from model.scenario import PARAMETERS, load_scenario

from ..definition import Definition
from ..presets import OWN, preset_of
from ..settings import own_regimes
from ..words import measure_label, parameter_label, regime_label, word
from ..words_answer import WORDS as ANSWER

LAYERED = "layered"
GAIN, PRICE = "served_cases", "served_core"
SPINE = (("served_core", "body"), ("authority", "flow"), ("formalism_share", "clocks"), ("wait_p50", "homes"))
"""Measures on the spine, each beside the band of the picture it belongs to."""
SPINE_NAMES = tuple(name for name, _at in SPINE)
MARKS = {"a": "\x01", "b": "\x02"}
END = "\x03"
COLOURS = {"for_residents": "residents", "core_work": "ink", "directives": "directives", "paper": "forms",
           "assessment": "inspection", "steering": "meetings", "idle": "idle"}
"""Colours of the groups of activities, the same in every view."""
ROWS = {"kind_paperwork": "paper", "kind_execute": "directives", "kind_casework": "for_residents",
        "kind_coordinate": "for_residents", "kind_supervise": "assessment", "civic_voice": "for_residents",
        "civic_forms": "paper", "civic_left": "idle"}
"""Groups of a diary's rows that are no activity of the ledger by themselves."""
STAGE = ("stage", "regime_of", "making", "picture_is", "curtain", "leader_of", "cadre_of", "grid_of", "say_leader",
         "say_department", "say_cadre", "say_grid", "play", "pause", "day_slider", "drop_here", "drop_on", "ghost",
         "pace", "a_second", "remove", "legend")
LEGENDS = {"wait": "legend_wait", "quality": "legend_quality", "up": "legend_up", "down": "legend_down",
           "papers": "legend_papers", "directives": "legend_directives", "people": "legend_people",
           "needs": "legend_needs"}
KINDS = {"emergency": "emergency", "inspection": "inspection", "whistle": "whistle_once",
         "central_work": "central_work"}
NOTHING = "–"
FEW = 8
"""Pairs that are shown one by one."""
TEN = 10
"""Days from which tenths are of no interest."""
_numbers = count(1)


# --- numbers --------------------------------------------------------------------------------------------------------


def number(value: float | None, unit: str, lang: str) -> str:
    """A measure's value as a person writes it."""
    if value is None:
        return NOTHING
    if unit in ("share", "probability") or unit == "0–1":
        return f"{value:.0%}"
    if unit == "days":
        return word("days_of", lang, n=f"{value:.0f}" if value >= TEN else f"{value:.2g}")
    return f"{value:.3g}"


def signed(value: float | None, unit: str, lang: str) -> str:
    """A difference, shares in points of a hundred."""
    if value is None:
        return NOTHING
    points = 100 * value if unit in ("share", "probability", "0–1") else value
    return f"{points + 0.0:+.1f}".replace("-", "−")


def band(name: str, m: Mapping[str, Any], lang: str) -> str:
    """A difference with its interval and verdict, as one line."""
    d, low, high = (signed(m[key], m.get("unit", "share"), lang) for key in ("d", "low", "high"))
    return word("band_said", lang, name=name, d=d, low=low, high=high, verdict=word(f"is_{m['better']}", lang))


# --- the headline ---------------------------------------------------------------------------------------------------


def headline(wire: Mapping[str, Any] | None, definition: Definition, lang: str) -> list[list[dict[str, str | None]]]:
    """Two lines, each of parts {"text", "side"}: what residents gain, and what is paid for it."""
    regime = regime_label(definition.regimes[1], lang)
    measures = wire["measures"] if wire else {}
    gain, price = measures.get(GAIN), measures.get(PRICE)
    if gain is None or gain["a"] is None:
        return [_parts(word("gain_none", lang, regime=regime, before=regime_label(definition.regimes[0], lang)))]
    same = definition.regimes[0] == definition.regimes[1]
    first = "zero" if same else gain["better"]
    lines = [_line(f"gain_{first}", gain, lang, regime=regime)]
    if price is not None and price["a"] is not None:
        lines.append(_line(f"core_{'zero' if same else _joined(first, price['better'])}", price, lang))
    return lines


def _joined(gain: str, price: str) -> str:
    if price in ("open", "thin"):
        return price
    return price + {("b", "a"): "_price", ("a", "b"): "_return"}.get((gain, price), "_too")


def _line(key: str, m: Mapping[str, Any], lang: str, **values: str) -> list[dict[str, str | None]]:
    sides = {side: MARKS[side] + number(m[side], m["unit"], lang) + END for side in "ab"}
    return _parts(word(key, lang, **sides, **values))


def _parts(text: str) -> list[dict[str, str | None]]:
    parts: list[dict[str, str | None]] = []
    for piece in text.replace(END, "\x00").replace(MARKS["a"], "\x00a").replace(MARKS["b"], "\x00b").split("\x00"):
        inside = len(parts) % 2 == 1
        parts.append({"text": piece[1:] if inside else piece, "side": piece[:1] if inside else None})
    return [part for part in parts if part["text"]]


def under(wire: Mapping[str, Any] | None, compiling: tuple[int, int] | None, lang: str) -> list[str]:
    """The line under the headline: what kind of sentence it is and what it rests on."""
    out = [word("under_simulated", lang), word("under_same", lang)]
    if compiling:
        return [*out, word("under_compiling", lang, done=compiling[0], all=compiling[1])]
    if not wire or not wire["pairs"]:
        return [*out, word("under_waiting", lang)]
    thin = any(m["better"] == "thin" for m in wire["measures"].values())
    out.append(word("under_thin" if thin else "under_pairs", lang, n=wire["pairs"], wanted=wire["wanted"]))
    return [*out, word("under_shipped", lang) if wire["origin"] == "shipped"
            else word("under_live", lang, s=wire["seconds"] or 0.0)]


def family(wire: Mapping[str, Any] | None, lang: str) -> list[list[str]]:
    """The headlines `chuishao compare` judges together, a row each."""
    rows = []
    for name in HEADLINES:
        m = (wire or {"measures": {}})["measures"].get(name)
        if m:
            low, high = (signed(m[key], m["unit"], lang) for key in ("low", "high"))
            rows.append([measure_label(name, lang), number(m["a"], m["unit"], lang), number(m["b"], m["unit"], lang),
                         signed(m["d"], m["unit"], lang), f"[{low}, {high}]", word(f"is_{m['better']}", lang)])
    return rows


def command(definition: Definition, pairs: int) -> str:
    """What a person types to get the same numbers; nothing where the command line takes other seeds."""
    sc, changed = definition.scenario, definition.changed()
    if definition.seed != ROOT:
        return ""
    known = preset_of(definition)
    if known != OWN and load_scenario(known).events == definition.events:
        where, changed = [f"--region {known}"], {}
    elif definition.events:  # what has happened is in the scenario file that one takes away
        where, changed = ["--region FILE"], {}
    else:
        where = [f"--region {sc.region}"]
    days = [f"--days {changed.pop('days')}"] if "days" in changed else []
    sets = [f"--set {name}={value}" for name, value in changed.items()]
    rules = [f"--rules {definition.rules}"] if definition.rules else []
    return " ".join(["chuishao compare", *where, f"--regimes {','.join(definition.regimes)}",
                     f"--seeds {max(2, pairs)}", *days, *sets, *rules])


# --- the picture ----------------------------------------------------------------------------------------------------


def stage_words(definition: Definition, lang: str) -> dict[str, Any]:
    """Words of the picture."""
    sc = definition.scenario
    return {**{key: word(key, lang) for key in STAGE}, "city": word("pic_city", lang), "day": word("day_n", lang),
            "district": word("pic_district", lang), "day_of": word("day_now", lang), "curve": word("which_curve", lang),
            "lines": word("curve_lines", lang), "none_yet": word("curve_none", lang), "what": word("drop_what", lang),
            "street": word("where", lang), "department": word("domain", lang),
            "streets": [say(sc.street_name(i), lang) for i in range(sc.streets)],
            "departments": [say(sc.department_name(i), lang) for i in range(sc.departments)],
            "kinds": {kind: word(key, lang) for kind, key in KINDS.items()},
            "legends": [{"key": key, "text": word(name, lang)} for key, name in LEGENDS.items()]}


def spine(wire: Mapping[str, Any] | None, lang: str) -> list[dict[str, Any]]:
    """The few numbers between both sides."""
    out = []
    for name, at in SPINE:
        m = (wire or {"measures": {}})["measures"].get(name)
        values = {side: number(m[side], m["unit"], lang) if m else NOTHING for side in "ab"}
        out.append({"name": name, "at": at, "label": word(f"spine_{name}", lang), **values,
                    "better": m["better"] if m else "thin"})
    return out


def curves(wire: Mapping[str, Any] | None) -> dict[str, Any]:
    """Curves of all pairs, a row as base64 of bytes: a third of what numbers would take (255: undefined)."""
    return {name: {**curve, **{side: [b64encode(bytes(v % 256 for v in row)).decode() for row in curve[side]]
                               for side in "ab"}} for name, curve in (wire["curves"] if wire else {}).items()}


def step(pairs: int) -> int:
    """How many pairs the curves are sent for: each of the first, then every fourth, as they hardly move any more."""
    return pairs if pairs <= FEW else pairs - pairs % 4


def regimes(lang: str) -> list[dict[str, str]]:
    """Every regime to choose from."""
    return [{"name": name, "label": regime_label(name, lang)} for name in (LAYERED, *REFORMS, *own_regimes())]


# --- what is beside -------------------------------------------------------------------------------------------------


def sliders(wire: Mapping[str, Any] | None, definition: Definition, lang: str) -> list[dict[str, Any]]:
    """Six numbers with the strip that says who is better where."""
    out = []
    for name, strip in ((wire or {}).get("strips") or {}).items():
        p, value = PARAMETERS[name], getattr(definition.scenario, name)
        default = p.difficult if definition.scenario.region == "difficult" else p.default
        log = strip.get("scale") == "log"
        ends = word(f"ends_{name}", lang) if f"ends_{name}" in ANSWER else f"{p.low:g} → {p.high:g}"
        out.append({"name": name, "label": parameter_label(name, lang), "help": say(p.text, lang), "low": strip["low"],
                    "high": strip["high"], "value": value, "value0": default, "whole": p.whole,
                    "scale": "log" if log else "linear", "format": "×{v}" if p.unit == "×" else "{v}", "ends": ends,
                    "points": strip["points"]})
    return out


def parts(wire: Mapping[str, Any] | None, definition: Definition, lang: str) -> list[dict[str, Any]]:
    """The switches of side B, each with what it adds here; none where its reform has no switches."""
    told = (wire or {}).get("parts") or {}
    out = []
    for name, part in told.items():
        d = part["d"]
        label = word(f"part_{name}", lang) if f"part_{name}" in ANSWER else part["label"]
        out.append({"name": name, "label": label, "text": say(SWITCHES[name][1], lang) if name in SWITCHES else "",
                    "on": part["on"], "regime": part["regime"], "d": d, "better": part.get("better") or "thin",
                    "said": word("not_known", lang) if d is None else signed(d, "share", lang),
                    "band": "" if d is None else band(label, {"unit": "share", **part}, lang)})
    return out


def about(definition: Definition, lang: str) -> dict[str, str] | None:
    """A reform without switches in words."""
    name = definition.regimes[1].partition("+")[0].partition("-")[0]
    reform = REFORMS.get(name)
    return {"label": regime_label(definition.regimes[1], lang), "text": say(reform.text, lang)} if reform else None


def worth(wire: Mapping[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """What the worth slider is drawn from."""
    w = (wire or {}).get("worth")
    if not w:
        return None
    if w["side"] in ("always", "never"):
        said = word(f"worth_{w['side']}", lang)
    elif w["low"] is None or w["high"] is None:
        said = word("worth_even_only", lang, x=f"{w['x']:.2f}")
    else:
        said = word("worth_even", lang, x=f"{w['x']:.2f}", low=f"{w['low']:.2f}", high=f"{w['high']:.2f}")
    return {**w, "said": said}


def dots(wire: Mapping[str, Any] | None, lang: str) -> list[dict[str, Any]]:
    """The headlines' differences, one value a pair."""
    out = []
    for name in HEADLINES:
        m = (wire or {"measures": {}})["measures"].get(name)
        if m:
            label = measure_label(name, lang)
            out.append({"name": name, "label": label, "dots": [d for d in m["dots"] if d is not None], "low": m["low"],
                        "high": m["high"], "direction": m["direction"] or 1, "better": m["better"],
                        "said": signed(m["d"], m["unit"], lang), "band": band(label, m, lang)})
    return out


# --- the drawer -----------------------------------------------------------------------------------------------------


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


# --- files ----------------------------------------------------------------------------------------------------------


def files(lang: str) -> list[dict[str, str]]:
    """What a visitor can take away."""
    return [{"name": name, "label": word(f"file_{name}", lang)} for name in ("days.csv", "answer.csv", "scenario.toml")]


def file(kind: str, definition: Definition, wire: Mapping[str, Any] | None, year: Any) -> dict[str, Any]:
    """A file: {"name", "text", "n"}; n differs each time."""
    a, b = definition.regimes
    stem = stem_of(definition)
    text = {"scenario.toml": definition.to_toml, "days.csv": lambda: _days_csv(year, a, b),
            "answer.csv": lambda: _answer_csv(wire)}[kind]()
    return {"name": f"{stem}-{kind}", "text": text, "n": next(_numbers)}


def stem_of(definition: Definition) -> str:
    """How files of a question are called."""
    name = definition.scenario.name or definition.scenario.region
    text = f"chuishao-{name}-{definition.regimes[0]}-vs-{definition.regimes[1]}-seed{definition.seed}"
    return "".join(c if c.isalnum() or c in ".+-" else "-" for c in text)


def _days_csv(year: Any, a: str, b: str) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    names = list(year.series) if year else []
    table.writerow(["day", "side", "regime", *names])
    for side, regime in enumerate((a, b)):
        for row, day in enumerate(year.series_days if year else ()):
            table.writerow([day, "AB"[side], regime, *(year.series[name][side][row] for name in names)])
    return out.getvalue()


def _answer_csv(wire: Mapping[str, Any] | None) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    measures = (wire or {"measures": {}})["measures"]
    most = max((len(m["dots"]) for m in measures.values()), default=0)
    pairs = [f"pair_{k + 1}" for k in range(most)]
    table.writerow(["measure", "unit", "a", "b", "b_minus_a", "low", "high", "verdict", *pairs])
    for name, m in measures.items():
        table.writerow([name, m["unit"], m["a"], m["b"], m["d"], m["low"], m["high"], m["better"], *m["dots"]])
    return out.getvalue()

