"""Whether only the regime differed: same needs and luck, same common days, equal paid hours, nothing unaccounted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.regimes import parse_regime

if TYPE_CHECKING:
    from .store import Results

HOURS = 1e-9  # relative
LEDGER = 1e-6  # hours


@dataclass
class Neutrality:
    """What was found over all pairs."""

    pairs: int = 0
    broken: Counter = field(default_factory=Counter)
    """In how many pairs each proof fails: world, burn_in, paid_hours, spent."""
    gap: float = 0.0
    """Largest relative difference of a class's paid hours."""
    error: float = 0.0
    """Largest difference between hours paid and hours spent + idle."""
    moved: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By regime that moves hours between classes: the least and the largest share of departments' hours moved."""
    more_hours: list[str] = field(default_factory=list)
    """Arms that add paid hours."""
    set_state: list[str] = field(default_factory=list)
    """Arms whose hooks set what people, places or things are like: more than powers differ there."""

    def note_moved(self, side: dict[str, Any]) -> None:
        """Note what share of departments' hours a side of a pair has moved to other classes."""
        gone = -_moved(side).get("department", 0.0)
        if gone > 0:
            share, name = gone / (side["paid_hours"]["department"] + gone), side.get("regime", "")
            low, high = self.moved.get(name, (share, share))
            self.moved[name] = min(low, share), max(high, share)

    @property
    def neutral(self) -> bool | None:
        """True if every proof holds in every pair; None if no pair finished."""
        if self.more_hours:
            return False
        return not self.broken if self.pairs else None


def prove(pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]], regimes: Sequence[str]) -> Neutrality:
    """Check each pair of what `model.neutrality()` gave."""
    found = Neutrality(more_hours=[r for r in regimes if not parse_regime(r).neutral])
    for a, b in pairs:
        gap = paid_gap(_as_declared(a), _as_declared(b))
        error = _largest(abs(side["spent_plus_idle_error"]) for side in (a, b))
        found.pairs += 1
        found.gap, found.error = max(found.gap, gap), max(found.error, error)
        fails = {"world": a["world"] != b["world"], "burn_in": a["burn_in"] != b["burn_in"],
                 "paid_hours": gap > HOURS, "spent": error >= LEDGER}
        found.broken.update(name for name, fail in fails.items() if fail)
        for side in (a, b):
            found.note_moved(side)
    return found


def _as_declared(side: dict[str, Any]) -> dict[str, float]:
    """Paid hours by class without what the regime moves from one to another; and those of all."""
    paid = side["paid_hours"]
    return {**{c: hours - _moved(side).get(c, 0.0) for c, hours in paid.items()}, "all": math.fsum(paid.values())}


def _moved(side: dict[str, Any]) -> dict[str, float]:
    moved = side.get("moved")
    return moved if isinstance(moved, dict) else {}


def proof_of(results: Results, with_more_hours: bool = True) -> Neutrality:
    """What shows that only the regime differed in a folder; on request without the arms that add hours on purpose."""
    base, *others = (r for r in results.plan.regimes if with_more_hours or parse_regime(r).neutral)
    found = prove(_pairs(results, base, others), [base, *others])
    rows = results.neutrality()
    found.set_state = list(rows.loc[rows["sets_state"] == True, "regime"].unique()) if "sets_state" in rows else []  # noqa: E712
    return found


def _pairs(results: Results, base: str, others: list[str]) -> Iterator[tuple[dict, dict]]:
    table = results.neutrality()
    rows = {(row["point"], row["region"], row["seed"], row["regime"]): row for row in table.to_dict("records")}
    for (*where, regime), row in rows.items():
        for other in others if regime == base else ():
            if (*where, other) in rows:
                yield row, rows[*where, other]


def paid_gap(a: dict[str, float], b: dict[str, float]) -> float:
    """The largest relative difference in paid hours over agent classes."""
    both = [(a.get(c, 0.0), b.get(c, 0.0)) for c in sorted({*a, *b})]
    return _largest(abs(x - y) / max(abs(x), abs(y)) for x, y in both if x != y)


def _largest(values: Iterable[float]) -> float:
    # NaN is no proof of anything: it counts as infinitely wrong
    return max((math.inf if math.isnan(v) else v for v in values), default=0.0)
