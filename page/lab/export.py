"""What a visitor takes away: day series, ledger and measures as CSV, and the scenario as a file to run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from model.measures import MEASURES

from ..files import file_name, table, to_take
from ..session import Session

SIDES = ("A", "B")


def series_csv(session: Session) -> str:
    """One row a day and side: day since the switch, side, regime, every measure that has a meaning by day."""
    parts = [rows.reset_index().assign(side=side, regime=regime) for rows, side, regime
             in zip(session.day_rows(), SIDES, session.definition.regimes, strict=False)]
    if not parts:
        return "day,side,regime\n"
    table = pd.concat(parts)
    first = ["day", "side", "regime"]
    return table[first + [c for c in table.columns if c not in first]].to_csv(index=False)


def ledger_csv(session: Session) -> str:
    """Paid hours since the switch by agent class and activity, on both sides."""
    return table(("agent_class", "activity", "hours_a", "hours_b", "b_minus_a"), session.ledger())


def measures_csv(session: Session) -> str:
    """Every measure of the run so far on both sides; empty where undefined."""
    sides = session.measures()
    rows = [[name, measure.unit, *(side[name] for side in sides), _difference(*(side[name] for side in sides))]
            for name, measure in MEASURES.items()] if sides else []
    return table(("measure", "unit", "a", "b", "b_minus_a"), rows)


def scenario_toml(session: Session) -> str:
    """The scenario file of this run, injected events included."""
    return session.definition.to_toml()


FILES: dict[str, Callable[[Session], str]] = {"series.csv": series_csv, "ledger.csv": ledger_csv,
                                              "measures.csv": measures_csv, "scenario.toml": scenario_toml}


def make(session: Session, what: str) -> dict[str, Any]:
    """A file of a run, one of `FILES`, for the browser."""
    return to_take(file_name(session.definition, what), FILES[what](session))


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else b - a
