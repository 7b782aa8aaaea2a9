"""The reforms: what each changes of layered, and what that costs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from languages.text import Text, _, unit
from model.levels import LEVELS, Level
from model.regimes import REFORMS, Regime, parse_regime, read_reform
from model.scenario import is_file

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
    rows = levels_of(regime)
    here = ("here",) if any(row["here"] != row["layered"] for row in rows) else ()
    if about := said_of(name):
        out.print(words(about) + "\n", soft_wrap=True)
    grouped = [{**row, "group": f"[{LEVELS[row['name']].table}]"} for row in rows]  # as a file has them
    shown = ("level", "range", "layered", *here, "description", "price")
    print_table(grouped, shown, partial(_level, bool(here)), words, out)
    for key, function in (*regime.own.rules, *regime.own.hooks) if regime.own else ():
        out.print(words(_("{key} = {name} ({file}), from the switch on", key=key, name=function, file=regime.own.file)))


def said_of(name: str) -> Text | None:
    """What a shipped reform or a file of one's own says of itself."""
    one = read_reform(Path(name)) if name.endswith(".toml") and is_file(Path(name)) else REFORMS.get(name)
    return one and (_("{name}: {said}", name=one.label, said=one.text) if one.text else one.label)


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
