"""Only the regime differs: shown on a pair that is run while one looks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from experiments.neutrality import prove

from ..compiling import COMPILING
from ..definition import Definition
from ..sides import build, release
from ..words import word


@lru_cache(maxsize=16)
def proof(definition: Definition) -> dict[str, Any]:
    """What both sides of a pair share, as `chuishao compare` proves it of every pair."""
    COMPILING.wait(600)
    sides = build(definition)
    try:
        told = [m.run().neutrality() for m in sides]
    finally:
        release(sides)
    found = prove([(told[0], told[1])], definition.regimes)
    return {"neutral": found.neutral, "broken": sorted(found.broken), "gap": found.gap, "error": found.error,
            "world": [one["world"] for one in told], "burn_in": [one["burn_in"] for one in told],
            "hours": [sum(one["paid_hours"].values()) for one in told],
            "by_class": [one["paid_hours"] for one in told]}


def shown(definition: Definition, lang: str) -> list[dict[str, Any]]:
    """The proofs as rows: what, A, B, whether it holds."""
    p = proof(definition)
    rows = [("world", [w[:12] for w in p["world"]]), ("burn_in", [w[:12] for w in p["burn_in"]]),
            ("paid_hours", [f"{h:,.0f}" for h in p["hours"]]), ("spent", [f"{p['error']:.0e}"] * 2)]
    return [{"label": word(f"proof_{key}", lang), "a": both[0], "b": both[1], "holds": key not in p["broken"]}
            for key, both in rows]
