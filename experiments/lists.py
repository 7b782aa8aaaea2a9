"""The lists: scenarios, parameters, measures and rules, as tables or JSON."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from agents.context import CONTEXT
from languages.text import Text, _, _p, say
from model.errors import InputError, listed_by, near
from model.scenario import PARAMETERS, REGIONS, SCENARIOS, gone, load_scenario

from .words import Words

Rows = list[dict[str, Any]]
GROUPS = {
    "split_attention": _p("rule group", "Attention and work"),
    "transmission_mode": _p("rule group", "Directives on their way down"),
    "interpretation_hours": _p("rule group", "Directives at the street"),
    "voice_chance": _p("rule group", "Cases"),
    "answer_worth": _p("rule group", "Residents"),
    "survives": _p("rule group", "Feedback and learning"),
    "many_hands": _p("rule group", "Emergencies"),
}
"""What rule slots are about, by the first slot of each group."""
WHOLE = ("name", "slot", "level", "range", "default_rich", "default_difficult", "direction")
RATIOS = {"label": 6, "unit": 3, "basis": 5, "description": 5, "changes": 4, "says": 6, "source": 4, "price": 4,
          "here": 2}
"""Columns that are never broken, and how the others share the rest of the line."""


def scenarios() -> Rows:
    """The two regions and every shipped scenario file: what it is, and what it changes of its region's defaults."""
    rows = [{"name": name, "region": name, "description": "", "description_zh": "",
             "changes": dict(given)}
            for name, given in REGIONS.items()]
    for path in sorted(SCENARIOS.glob("*.toml")):
        scenario = load_scenario(path)
        changes = {k: v for k, v in scenario.model_dump(mode="json").items() if k in scenario.changed() and k != "name"}
        rows.append({"name": path.stem, "region": scenario.region, "description": description(path),
                     "description_zh": say(description(path), "zh"), "changes": changes})
    return rows


def description(path: Path) -> Text:
    """What a scenario file says of itself in its first lines of comment."""
    text = path.read_text(encoding="utf-8-sig")
    said = tomllib.loads(text).get("description")
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return Text(said or " ".join(lines))


def parameters(word: str | None = None) -> Rows:
    """Every number of the model, or those whose name, label or text has a word, in any language.

    Raises:
        InputError: there is none with the word.
    """
    rows = [{"name": p.name, "en": p.label, "label": p.text, "zh": say(p.label, "zh"), "label_zh": say(p.text, "zh"),
             "rich": p.default, "difficult": p.difficult, "low": p.low, "high": p.high, "unit": p.unit,
             "source": p.source, "mark": p.mark, "main": p.main, "group": p.group, "group_zh": say(p.group, "zh")}
            for p in PARAMETERS.values()]
    keys = ("name", "en", "label", "zh", "label_zh")
    if word is None:
        return rows
    rows = [row for row in rows if any(word.lower() in row[key].lower() for key in keys)]
    if not rows:
        raise InputError(gone(word) or _("no parameter has {word!r} in its name or its text; {remedy}", word=word,
                                         remedy=near(word, PARAMETERS, listed_by("parameters"), most=2)))
    return rows


def measures() -> Rows:
    """Every measure: unit, labels, direction, whether it has a day series."""
    from model.measures import MEASURES

    return [{"name": m.name, "label": m.label, "zh": say(m.label, "zh"), "unit": m.unit, "direction": m.direction,
             "daily": m.daily is not None, "text": m.text, "text_zh": say(m.text, "zh")} for m in MEASURES.values()]


def rules(word: str = "") -> Rows:
    """Every rule slot, or those that speak of a word: group, arguments, what it may return, what it says, its source.

    Raises:
        InputError: none speaks of it.
    """
    from agents.rules import SLOTS

    rows, group = [], ""
    for name in SLOTS:
        group = GROUPS.get(name, group)
        row = _short(rule(name))
        rows.append({**row, "group": group, "group_zh": say(group, "zh")})
    found = [row for row in rows if word.lower() in _spoken_of(row)]
    if not found:
        raise InputError(_("there is no rule slot {slot!r}; {remedy}", slot=word,
                           remedy=near(word, SLOTS, listed_by("rules"), most=2)))
    return found


def _spoken_of(row: dict[str, Any]) -> str:
    """Where a word is looked for."""
    return " ".join(map(str, (row["slot"], *row["arguments"], row["says"], row["says_zh"]))).lower()


def rule(slot: str) -> dict[str, Any]:
    """The contract of one slot: arguments, what it may return, source, code of its default rule.

    Raises:
        InputError: no such slot.
    """
    from agents.arguments import ARGUMENTS
    from agents.rules import SLOTS, contract

    if slot not in SLOTS:
        raise InputError(_("there is no rule slot {slot!r}; {remedy}", slot=slot,
                           remedy=near(slot, SLOTS, listed_by("rules"), most=2)))
    c = contract(slot)
    given = [{"name": name, "low": a.low, "high": a.high, "unit": a.unit, "en": a.text, "zh": say(a.text, "zh")}
             for name in c.arguments for a in [ARGUMENTS[name]]]
    tables = {"kinds": _kinds()} if slot == "split_attention" else {}
    return {"slot": c.slot, "arguments": list(c.arguments), "given": given, **tables, "low": _finite(c.low),
            "high": _finite(c.high), "unit": c.unit, "says": c.says, "says_zh": say(c.says, "zh"),
            "source": c.source.removeprefix("Source: "), "code": c.code, "variants": _variants(slot)}


def _kinds() -> dict[str, tuple[str, ...]]:
    """Kinds of work by who does it, in the order of the arrays of `split_attention`."""
    from agents import cadre, department, leader

    return {"cadres": cadre.KINDS, "departments": department.KINDS, "leaders": leader.KINDS}


def _variants(slot: str) -> Rows:
    """Shipped variants of a slot: name, what each says and where from, code."""
    from inspect import getdoc

    from agents.variants import VARIANTS, as_rules, says

    return [{"name": name, "says": says(name), "says_zh": say(says(name), "zh"), "code": as_rules(name),
             "source": (getdoc(rule) or "").splitlines()[-1].removeprefix("Source: ")}
            for name, rule in VARIANTS.get(slot, {}).items()]


def as_json(what: str, rows: Any) -> str:
    """One JSON object."""
    return json.dumps({"schema": 1, what: rows}, ensure_ascii=False, indent=1, allow_nan=False)


def show_scenarios(words: Words, out: Console) -> None:
    """Print the scenarios."""
    def cells(row: dict[str, Any]) -> list[str]:
        about = words.say(row["description"] or _("the {region}'s defaults", region=words.region(row["name"])))
        return [row["name"], words.region(row["region"]), about, _changes(row["changes"], words)]

    print_table(scenarios(), ("name", "region", "description", "changes"), cells, words, out)


def show_parameters(words: Words, out: Console, word: str | None = None) -> None:
    """Print the parameters, or those with a word: first the main ones, then the others by group."""
    def cells(row: dict[str, Any]) -> list[str]:
        return [row["name"], f"{row['zh']}：{row['label_zh']}" if words.zh else row["label"],
                f"{row['rich']:g}", f"{row['difficult']:g}",
                f"{row['low']:g}–{row['high']:,g}", _breakable(words.unit(row["unit"])), basis(row, words)]

    keys = ("name", "label", "default_rich", "default_difficult", "range", "unit", "basis")
    rows = parameters(word)
    main = [{**row, "group": _("The main ones")} for row in rows if row["main"]]
    print_table([*main, *(row for row in rows if not row["main"])], keys, cells, words, out)


def show_measures(words: Words, out: Console) -> None:
    """Print the measures."""
    better = {1: "more", -1: "less", 0: "neither"}

    def cells(row: dict[str, Any]) -> list[str]:
        return [row["name"], say(row["label"], words.lang), words.unit(row["unit"]),
                words(better[row["direction"]]), say(row["text"], words.lang)]

    print_table(measures(), ("name", "label", "unit", "direction", "description"), cells, words, out)


def show_rules(words: Words, out: Console, word: str = "") -> None:
    """Print the rule slots by group, or those that speak of a word."""
    def cells(row: dict[str, Any]) -> list[str]:
        return [row["slot"], words.say(rule(row["slot"])["says"]).splitlines()[0], returns(row, words)]

    rows = rules(word)
    print_table(rows, ("slot", "says", "returns"), cells, words, out)
    out.print()
    out.print(words.say(_("Code, arguments, sources and variants of one: chuishao rules SLOT; a word finds the slots "
                          "that speak of it.")), soft_wrap=True)


def show_rule(slot: str, words: Words, out: Console) -> None:
    """Print one slot's contract and the code of its default rule."""
    row = rule(slot)
    out.print(f"{slot}({', '.join(row['arguments'])})", style="bold")
    for a in row["given"]:
        unit = words.unit(a["unit"])
        out.print(f"  {a['name']:14} {a['low']:g}–{a['high']:g} {unit:10} {say(a['en'], words.lang)}")
    for who, kinds in row.get("kinds", {}).items():
        columns = words.list([f"{n} {kind}" for n, kind in enumerate(kinds)])
        out.print("  " + words.say(_("columns, {who}: {list}", who=words(who), list=columns)), soft_wrap=True)
    more = words.list([f"{name} ({words.say(text)})" for name, text in CONTEXT.items()])
    asks = _("by keyword, if it asks for it (def {slot}(…, *, day)): {list}", slot=slot, list=more)
    out.print("  " + words.say(asks), soft_wrap=True)
    out.print(f"{words('returns')}: {returns(row, words)}\n")
    out.print(f"{say(row['says'], words.lang)}\n{words('source')}: {row['source']}\n")
    out.print(row["code"].rstrip(), soft_wrap=True)
    for v in row["variants"]:
        says = say(v["says"], words.lang)
        out.print(f"\n{words.say(_('variant'))} {v['name']}: {says}\n{words('source')}: {v['source']}", soft_wrap=True)
    if row["variants"]:
        text = _("Compare them: chuishao compare --rules-variants {slot}", slot=slot)
        out.print("\n" + words.say(text), soft_wrap=True)


def print_table(rows: Rows, keys: tuple[str, ...], cells: Callable, words: Words, out: Console) -> None:
    """Print a line a row under the words of the keys; a group of rows has its name over it; columns have one width."""
    heads, lines = [words(key) for key in keys], [cells(row) for row in rows]
    groups = [row.get("group") for row in rows]
    widths = [max(map(cell_len, column)) if key in WHOLE else None
              for key, column in zip(keys, zip(heads, *lines, strict=True), strict=True)]
    for n, group in enumerate(dict.fromkeys(groups)):
        if group:
            out.print(("\n" if n else "") + say(group, words.lang), style="bold", soft_wrap=True)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, show_header=n == 0,
                      expand=len(set(groups)) > 1)
        for key, head, width in zip(keys, heads, widths, strict=True):
            table.add_column(head, width=width, no_wrap=key in WHOLE, overflow="fold", ratio=RATIOS.get(key))
        for line in (line for line, of in zip(lines, groups, strict=True) if of == group):
            table.add_row(*line)
        out.print(table)


def basis(row: dict[str, Any], words: Words) -> str:
    """What a number rests on: mark and source."""
    return words(row["mark"]) + ("" if row["source"] in ("A", "C") else f": {row['source']}")


def _breakable(unit: str) -> str:
    return unit.replace("/", " /") if len(unit) > 8 else unit


def _short(row: dict[str, Any]) -> dict[str, Any]:
    long = ("code", "given", "variants")
    return {k: v.splitlines()[0] if k in ("says", "says_zh") else v for k, v in row.items() if k not in long}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def returns(row: dict[str, Any], words: Words) -> str:
    """What a rule may return: range and unit."""
    low, high, unit = row["low"], row["high"], words.unit(row["unit"])
    if " or " in row["unit"]:  # words, not numbers
        return unit
    span = "" if low is None else f"≥ {low:g}" if high is None else f"{low:g}–{high:g}"
    return f"{span} {unit}".strip() or "–"


def _changes(changes: dict[str, Any], words: Words) -> str:
    shown = [f"{k}={len(v)}×" if isinstance(v, list) else f"{k}={v}" for k, v in changes.items()]
    more = [words("and_more", n=len(shown) - 6)] if len(shown) > 6 else []
    return ", ".join(shown[:6] + more)
