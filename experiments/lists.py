"""The lists: scenarios, parameters, measures and rules, as tables."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from agents.context import CONTEXT
from languages.text import LANGUAGES, Text, _, _p, say
from model.errors import InputError, listed_by, near
from model.scenario import PARAMETERS, REGIONS, SCENARIOS, gone, load_scenario

from .console import console
from .words import BASIS, Words

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
DIRECTIONS = {1: _p("column", "more"), -1: _p("column", "less"), 0: _("–")}
"""Which way a measure is better."""
PEOPLE = {"cadres": _("cadres"), "departments": _("departments"), "leaders": _("leaders")}
HEADS: dict[str, Text] = {
    "name": _("name"), "label": _("what it is"), "default_rich": _("rich"), "default_difficult": _("difficult"),
    "range": _("range"), "unit": _("unit"), "basis": _("basis"), "region": _("region"), "description": _("description"),
    "changes": _("changes"), "price": _("price"), "level": _("level"), "layered": _p("regime", "layered"),
    "here": _("here"), "slot": _("slot"), "says": _("rule"), "returns": _("returns"),
    "direction": _p("column", "better")}
"""What columns are called."""
WHOLE = ("name", "slot", "level", "range", "layered", "here", "default_rich", "default_difficult", "direction")
RATIOS = {"label": 6, "unit": 3, "basis": 5, "description": 5, "changes": 4, "says": 6, "source": 4, "price": 4}
"""Columns that are never broken, and how the others share the rest of the line."""


def scenarios() -> Rows:
    """The two regions and every shipped scenario file: what it is, and what it changes of its region's defaults."""
    rows = [{"name": name, "region": name, "description": "", "changes": dict(given)}
            for name, given in REGIONS.items()]
    for path in sorted(SCENARIOS.glob("*.toml")):
        scenario = load_scenario(path)
        changes = {k: v for k, v in scenario.model_dump(mode="json").items() if k in scenario.changed() and k != "name"}
        rows.append({"name": path.stem, "region": scenario.region, "description": description(path),
                     "changes": changes})
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


def parameters(word: str = "") -> Rows:
    """Every number of the model, or those whose name, label or text has a word, in any language."""
    rows = [{"name": p.name, "label": p.label, "text": p.text, "rich": p.default, "difficult": p.difficult,
             "low": p.low, "high": p.high, "unit": p.unit, "source": p.source, "mark": p.mark, "main": p.main,
             "group": p.group} for p in PARAMETERS.values()]
    found = _with(word, rows, "name", "label", "text")
    if not found:
        raise InputError(gone(word) or _("no parameter has {word!r} in its name or its text; {remedy}", word=word,
                                         remedy=near(word, PARAMETERS, listed_by("parameters"), most=2)))
    return found


def _with(word: str, rows: Rows, *keys: str) -> Rows:
    """Rows that have a word under one of the keys, in any language."""
    return [row for row in rows if any(word.lower() in str(say(row[key], lang)).lower()
                                       for key in keys for lang in LANGUAGES)]


def measures() -> Rows:
    """Every measure: label, unit, direction, meaning."""
    from model.measures import MEASURES

    return [{"name": m.name, "label": m.label, "unit": m.unit, "direction": m.direction, "text": m.text}
            for m in MEASURES.values()]


def rules(word: str = "") -> Rows:
    """Every rule slot, or those that speak of a word: group, arguments, what it may return, what it says, its source.

    Raises:
        InputError: none speaks of it.
    """
    from agents.rules import SLOTS

    rows, group = [], ""
    for name in SLOTS:
        group = GROUPS.get(name, group)
        rows.append({**rule(name), "group": group})
    return _with(word, rows, "slot", "arguments", "says") or _no_slot(word)


def _no_slot(name: str) -> NoReturn:
    from agents.rules import SLOTS

    raise InputError(_("there is no rule slot {slot!r}; {remedy}", slot=name,
                       remedy=near(name, SLOTS, listed_by("rules"), most=2)))


def rule(slot: str) -> dict[str, Any]:
    """The contract of one slot: arguments, what it may return, source, code of its default rule.

    Raises:
        InputError: no such slot.
    """
    from agents.arguments import ARGUMENTS
    from agents.rules import SLOTS, contract

    c = contract(slot) if slot in SLOTS else _no_slot(slot)
    given = [{"name": name, "low": a.low, "high": a.high, "unit": a.unit, "says": a.text}
             for name in c.arguments for a in [ARGUMENTS[name]]]
    tables = {"kinds": _kinds()} if slot == "split_attention" else {}
    return {"slot": c.slot, "arguments": list(c.arguments), "given": given, **tables, "low": _finite(c.low),
            "high": _finite(c.high), "unit": c.unit, "says": c.says,
            "source": c.source.removeprefix("Source: "), "code": c.code, "variants": _variants(slot)}


def _kinds() -> dict[str, tuple[str, ...]]:
    """Kinds of work by who does it, in the order of the arrays of `split_attention`."""
    from agents import cadre, department, leader

    return {"cadres": cadre.KINDS, "departments": department.KINDS, "leaders": leader.KINDS}


def _variants(slot: str) -> Rows:
    """Shipped variants of a slot: name, what each says and where from."""
    from inspect import getdoc

    from agents.variants import VARIANTS, says

    return [{"name": name, "says": says(name),
             "source": (getdoc(rule) or "").splitlines()[-1].removeprefix("Source: ")}
            for name, rule in VARIANTS.get(slot, {}).items()]


def list_scenarios(*, lang: str) -> None:
    """Print the scenarios."""
    def cells(row: dict[str, Any], words: Words) -> list[str]:
        about = row["description"] or _("the {region}'s defaults", region=words.region(row["name"]))
        return [row["name"], words.region(row["region"]), words(about), _changes(row["changes"], words)]

    print_table(scenarios(), ("name", "region", "description", "changes"), cells, Words(lang), console())


def list_parameters(*, word: str, lang: str) -> None:
    """Print the parameters, or those with a word: first the main ones, then the others by group."""
    def cells(row: dict[str, Any], words: Words) -> list[str]:
        return [row["name"], f"{words(row['label'])}：{words(row['text'])}" if words.zh else row["text"],
                f"{row['rich']:g}", f"{row['difficult']:g}",
                f"{row['low']:g}–{row['high']:,g}", _breakable(words.unit(row["unit"])), basis(row, words)]

    keys = ("name", "label", "default_rich", "default_difficult", "range", "unit", "basis")
    rows = parameters(word)
    main = [{**row, "group": _("The main ones")} for row in rows if row["main"]]
    shown = [*main, *(row for row in rows if not row["main"])]
    print_table(shown, keys, cells, Words(lang), console())


def list_measures(*, lang: str) -> None:
    """Print the measures."""
    def cells(row: dict[str, Any], words: Words) -> list[str]:
        return [row["name"], words(row["label"]), words.unit(row["unit"]), words(DIRECTIONS[row["direction"]]),
                words(row["text"])]

    print_table(measures(), ("name", "label", "unit", "direction", "description"), cells, Words(lang), console())


def list_rules(*, word: str, lang: str) -> None:
    """Print the rule slots by group, or those that speak of a word; or one slot."""
    from agents.rules import SLOTS

    words, out = Words(lang), console()
    if word in SLOTS:
        _show_rule(rule(word), words, out)
        return

    def cells(row: dict[str, Any], words: Words) -> list[str]:
        return [row["slot"], words(row["says"]).splitlines()[0], returns(row, words)]

    print_table(rules(word), ("slot", "says", "returns"), cells, words, out)
    out.print()
    out.print(words(_("Code, arguments, sources and variants of one: chuishao rules SLOT; a word finds the slots that "
                      "speak of it.")), soft_wrap=True)


def _show_rule(row: dict[str, Any], words: Words, out: Console) -> None:
    """Print one slot's contract and the code of its default rule."""
    slot = row["slot"]

    def headed(name: str, said: str) -> str:
        return words(_("{name}: {said}", name=name, said=said))

    out.print(f"{slot}({', '.join(row['arguments'])})", style="bold")
    for a in row["given"]:
        unit = words.unit(a["unit"])
        unit += " " * (10 - cell_len(unit))  # a Chinese character takes two columns
        out.print(f"  {a['name']:14} {a['low']:g}–{a['high']:g} {unit} {words(a['says'])}")
    for who, kinds in row.get("kinds", {}).items():
        columns = words.list([f"{n} {kind}" for n, kind in enumerate(kinds)])
        out.print("  " + words(_("columns, {who}: {list}", who=PEOPLE[who], list=columns)), soft_wrap=True)
    more = words.list([words(_("{index} ({place})", index=name, place=text)) for name, text in CONTEXT.items()])
    asks = _("by keyword, if it asks for it (def {slot}(…, *, day)): {list}", slot=slot, list=more)
    out.print("  " + words(asks), soft_wrap=True)
    out.print(headed(HEADS["returns"], returns(row, words)) + "\n")
    out.print(f"{words(row['says'])}\n{headed(_('source'), row['source'])}\n")
    out.print(row["code"].rstrip(), soft_wrap=True)
    for v in row["variants"]:
        says = headed(f"\n{words(_('variant'))} {v['name']}", v["says"])
        out.print(f"{says}\n{headed(_('source'), v['source'])}", soft_wrap=True)
    if row["variants"]:
        text = _("Compare them: chuishao compare --rules-variants {slot}", slot=slot)
        out.print("\n" + words(text), soft_wrap=True)


def print_table(rows: Rows, keys: tuple[str, ...], cells: Callable, words: Words, out: Console) -> None:
    """Print a line a row under the words of the keys; a group of rows has its name over it; columns have one width."""
    heads, lines = [words(HEADS[key]) for key in keys], [cells(row, words) for row in rows]
    groups = [row.get("group") for row in rows]
    widths = [max(map(cell_len, column)) if key in WHOLE else None
              for key, column in zip(keys, zip(heads, *lines, strict=True), strict=True)]
    for n, group in enumerate(dict.fromkeys(groups)):
        if group:
            out.print(("\n" if n else "") + words(group), style="bold", soft_wrap=True)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, show_header=n == 0,
                      expand=len(set(groups)) > 1)
        for key, head, width in zip(keys, heads, widths, strict=True):
            table.add_column(head, width=width, no_wrap=key in WHOLE, overflow="fold", ratio=RATIOS.get(key))
        for line in (line for line, of in zip(lines, groups, strict=True) if of == group):
            table.add_row(*line)
        out.print(table)


def basis(row: dict[str, Any], words: Words) -> str:
    """What a number rests on: mark and source."""
    mark = BASIS[row["mark"]]
    return words(mark if row["source"] in ("A", "C") else _("{name}: {said}", name=mark, said=row["source"]))


def _breakable(unit: str) -> str:
    return unit.replace("/", " /") if len(unit) > 8 else unit


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
    more = [words(_("{n} more", n=len(shown) - 6))] if len(shown) > 6 else []
    return ", ".join(shown[:6] + more)
