"""The reforms: what each changes of layered, and what that costs."""

from __future__ import annotations

from typing import Any

from languages.text import Text, _, unit
from model.levels import LEVELS, Level
from model.regimes import REFORMS, Regime, parse_regime

from .console import console
from .lists import Rows, print_table
from .words import Words


def reforms(*, name: str | None, lang: str) -> None:
    """Print all shipped reforms, or every level of one regime beside layered."""
    words, out = Words(lang), console()
    if name is None:
        print_table(listed_reforms(), ("name", "description", "changes", "price"), _reform, words, out)
        return
    regime = parse_regime(name)
    print_table(levels_of(regime), ("level", "range", "layered", "here", "description", "price"), _level, words, out)
    for key, function in (*regime.own.rules, *regime.own.hooks) if regime.own else ():
        out.print(words(_("{key} = {name} ({file}), from the switch on", key=key, name=function, file=regime.own.file)))


def listed_reforms() -> Rows:
    """Every shipped reform: what it says, the levels it states, their prices."""
    return [{"name": one.name, "text": one.text, "changes": dict(one.states),
             "price": [LEVELS[key].price for key in one.states]} for one in REFORMS.values()]


def levels_of(regime: Regime) -> Rows:
    """Every level: what layered and this regime have."""
    return [{"name": key, "layered": one.layered, "here": regime.levels.get(key, one.layered)}
            for key, one in LEVELS.items()]


def _reform(row: dict[str, Any], words: Words) -> list[str]:
    changes = "\n".join(f"{key} = {shown(value, words)}" for key, value in row["changes"].items())
    prices = "\n".join(dict.fromkeys(words(price) for price in row["price"]))
    return [row["name"], words(row["text"]), changes, prices]


def _level(row: dict[str, Any], words: Words) -> list[str]:
    one = LEVELS[row["name"]]
    here = "" if row["here"] == row["layered"] else shown(row["here"], words)
    return [f"{one.table}.{row['name']}", words(_range(one)), shown(row["layered"], words), here,
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
