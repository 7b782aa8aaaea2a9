"""The reforms: what each changes of layered, and what that costs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from languages.text import Text, _, say, unit
from model.levels import LEVELS, Level
from model.regimes import REFORMS, Regime, parse_regime, read_reform
from model.scenario import is_file

from .lists import Rows, print_table, tell
from .words import Words


def reforms(*, name: str | None, as_json: bool, lang: str) -> None:
    """Print all shipped reforms, or every level of one regime beside layered."""
    regime = parse_regime(name) if name else None
    rows = levels_of(regime) if regime else listed_reforms()

    def show(words: Words, out: Console) -> None:
        if regime is None:
            print_table(rows, ("name", "description", "changes", "price"), _reform, words, out)
            return
        here = ("here",) if any(row["here"] != row["layered"] for row in rows) else ()
        if name and (about := said_of(name)):
            out.print(words(about) + "\n", soft_wrap=True)
        keys = ("level", "range", "layered", *here, "description", "price")
        grouped = [{**row, "group": f"[{row['table']}]"} for row in rows]  # as a file has them
        print_table(grouped, keys, partial(_level, bool(here)), words, out)
        for key, function in (*regime.own.rules, *regime.own.hooks) if regime.own else ():
            out.print(words(_("{key} = {name} ({file}), from the switch on", key=key, name=function,
                              file=regime.own.file)))

    tell("levels" if regime else "reforms", rows, show, as_json, lang)


def said_of(name: str) -> Text | None:
    """What a shipped reform or a file of one's own says of itself."""
    one = read_reform(Path(name)) if name.endswith(".toml") and is_file(Path(name)) else REFORMS.get(name)
    return one and (_("{name}: {said}", name=one.label, said=one.text) if one.text else one.label)


def listed_reforms() -> Rows:
    """Every shipped reform: what it says, the levels it states, their prices."""
    return [{"name": one.name, "label": one.label, "label_zh": say(one.label, "zh"), "text": one.text,
             "text_zh": say(one.text, "zh"), "changes": dict(one.states),
             "price": [LEVELS[key].price for key in one.states],
             "price_zh": [say(LEVELS[key].price, "zh") for key in one.states]} for one in REFORMS.values()]


def levels_of(regime: Regime) -> Rows:
    """Every level: where it stands, its range, what layered and this regime have, what it does and costs."""
    return [{"table": one.table, "name": key, "layered": one.layered, "here": regime.levels.get(key, one.layered),
             "low": one.low, "high": one.high, "choices": list(one.choices), "unit": one.unit, "label": one.label,
             "label_zh": say(one.label, "zh"), "text": one.text, "text_zh": say(one.text, "zh"), "price": one.price,
             "price_zh": say(one.price, "zh")} for key, one in LEVELS.items()]


def _reform(row: dict[str, Any], words: Words) -> list[str]:
    changes = "\n".join(f"{key} = {shown(value, words)}" for key, value in row["changes"].items())
    prices = "\n".join(f"· {price}" for price in dict.fromkeys(words(price) for price in row["price"]))
    return [row["name"], words(row["text"]), changes, prices]


def _level(with_here: bool, row: dict[str, Any], words: Words) -> list[str]:
    one = LEVELS[row["name"]]
    here = "" if row["here"] == row["layered"] else shown(row["here"], words)
    return [row["name"], words(_range(one)), shown(row["layered"], words), *([here] if with_here else []),
            words(one.text), words(one.price)]


def _range(one: Level) -> Text | str:
    if one.choices:
        return ", ".join(one.choices)
    if isinstance(one.layered, bool):
        return _("yes, no")
    return _("{low:g}–{high:g} {unit}", low=one.low, high=one.high, unit=unit(one.unit))


def shown(value: Any, words: Words) -> str:
    """A level's value."""
    if value is None:
        return words(_("departments"))
    if isinstance(value, bool):
        return words(_("yes") if value else _("no"))
    return f"{value:g}" if isinstance(value, float) else str(value)
