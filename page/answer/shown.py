"""What the answer view's templates are given: plain dictionaries in a visitor's language; no Solara in here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from itertools import count
from typing import Any

from experiments.runs import ROOT
from languages.text import say
from model.measures import HEADLINES
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
STAGE = ("stage", "regime_of", "making", "picture_is", "curtain", "leader_of", "cadre_of", "grid_of", "say_leader",
         "say_department", "say_cadre", "say_grid", "play", "pause", "day_slider", "drop_here", "drop_on", "ghost",
         "pace", "a_second", "remove", "legend")
LEGENDS = {"wait": "legend_wait", "quality": "legend_quality", "up": "legend_up", "down": "legend_down",
           "papers": "legend_papers", "directives": "legend_directives", "people": "legend_people",
           "needs": "legend_needs"}
KINDS = {"emergency": "emergency", "inspection": "inspection", "whistle": "whistle_once",
         "central_work": "central_work"}
HANGING, ON = ("served_policy", "formalism_share"), "campaign_size"
"""Headlines whose sign, whistle against layered assessment, a number decides that no figure is known for."""
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
    out = [*turns(wire, lang), word("under_simulated", lang), word("under_same", lang)]
    if compiling:
        return [*out, word("under_compiling", lang, done=compiling[0], all=compiling[1])]
    if not wire or not wire["pairs"]:
        return [*out, word("under_waiting", lang)]
    thin = any(m["better"] == "thin" for m in wire["measures"].values())
    out.append(word("under_thin" if thin else "under_pairs", lang, n=wire["pairs"], wanted=wire["wanted"]))
    return out if wire["origin"] == "shipped" else [*out, word("under_live", lang, s=wire["seconds"] or 0.0)]


def how(wire: Mapping[str, Any] | None, lang: str) -> list[str]:
    """How the sentence was made."""
    shipped = wire is not None and wire["origin"] == "shipped"
    return [word(f"how_{key}", lang) for key in (1, 2, *["shipped"] * shipped, 3)]


def turns(wire: Mapping[str, Any] | None, lang: str) -> list[str]:
    """Where the judgement turns: at which worth of a core job; nothing where it does not, or is not known."""
    even = (wire or {}).get("worth") or {}
    return [word(f"turns_{even['side']}", lang, x=f"{even['x']:.1f}")] if even.get("side") in ("below", "above") else []


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
    """Curves of all pairs, every other point, a row as base64 of bytes (255: undefined): so a load stays small."""
    return {name: {**curve, "day": curve["day"][1::2], **{
        side: [b64encode(bytes(v % 256 for v in row[1::2])).decode() for row in curve[side]] for side in "ab"}}
        for name, curve in (wire["curves"] if wire else {}).items()}


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
                    "points": [_point(point) for point in strip["points"]]})
    return out


def _point(point: Mapping[str, Any]) -> dict[str, Any]:
    """What a strip is drawn from, with as many digits as can be seen."""
    gains, cov = point["gains"], point["cov"]
    return {"x": point["x"], "better": point["better"], "t": point["t"], "gains": gains and _few(gains),
            "cov": cov and [_few(row) for row in cov]}


def _few(values: list[float]) -> list[float]:
    return [float(f"{v:.4g}") for v in values]


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


def hangs(definition: Definition, lang: str) -> str:
    """What the headlines marked with * hang on; nothing for other regimes."""
    before, after = definition.regimes
    return word("hangs", lang) if before == LAYERED and after.startswith("whistle") else ""


def dots(wire: Mapping[str, Any] | None, definition: Definition, lang: str) -> list[dict[str, Any]]:
    """The headlines' differences, one value a pair."""
    out, noted = [], bool(hangs(definition, lang))
    for name in HEADLINES:
        m = (wire or {"measures": {}})["measures"].get(name)
        if m:
            label = measure_label(name, lang)
            out.append({"name": name, "label": label + " *" * (noted and name in HANGING),
                        "dots": [d for d in m["dots"] if d is not None], "low": m["low"], "high": m["high"],
                        "direction": m["direction"] or 1, "better": m["better"],
                        "said": signed(m["d"], m["unit"], lang), "band": band(label, m, lang)})
    return out
