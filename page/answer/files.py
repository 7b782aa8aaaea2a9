"""What a visitor of the answer view takes away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..definition import Definition
from ..files import file_name, table, to_take
from ..words import word


def files(lang: str) -> list[dict[str, str]]:
    """What a visitor can take away."""
    return [{"name": name, "label": word(f"file_{name}", lang)} for name in ("days.csv", "answer.csv", "scenario.toml")]


def file(kind: str, definition: Definition, wire: Mapping[str, Any] | None, year: Any) -> dict[str, Any]:
    """A file: {"name", "text", "n"}; n differs each time."""
    a, b = definition.regimes
    text = {"scenario.toml": definition.to_toml, "days.csv": lambda: _days_csv(year, a, b),
            "answer.csv": lambda: _answer_csv(wire)}[kind]()
    return to_take(file_name(definition, kind), text)


def _days_csv(year: Any, a: str, b: str) -> str:
    names = list(year.series) if year else []
    return table(("day", "side", "regime", *names), (
        [day, "AB"[side], regime, *(year.series[name][side][row] for name in names)]
        for side, regime in enumerate((a, b)) for row, day in enumerate(year.series_days if year else ())))


def _answer_csv(wire: Mapping[str, Any] | None) -> str:
    measures = (wire or {"measures": {}})["measures"]
    most = max((len(m["dots"]) for m in measures.values()), default=0)
    pairs = [f"pair_{k + 1}" for k in range(most)]
    return table(("measure", "unit", "a", "b", "b_minus_a", "low", "high", "verdict", *pairs), (
        [name, *(m[key] for key in ("unit", "a", "b", "d", "low", "high", "better")), *m["dots"]]
        for name, m in measures.items()))
