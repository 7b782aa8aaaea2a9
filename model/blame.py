"""For whom a rule was asked when it failed: told from the model's own words at the place that asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .governance import GovernanceModel

LOCALS = (("who", "resident"), ("cadre", "cadre"), ("department", "department"), ("d", "department"),
          ("copy", "copy"), ("at", "copy"), ("street", "street"), ("s", "street"), ("desk", "desk"), ("rows", "row"))
"""What the model calls those it asks rules for, most telling first; arrays of as many rows as are asked about."""


def asked_for(slot: Callable, args: tuple, k: int | None, frame: FrameType | None, m: GovernanceModel) -> str:
    """Whom the rule was asked for, and with what.

    Args:
        slot: the slot's default rule, which names the arguments.
        args: what the rule was given.
        k: which of the cases went wrong (flat), None if all at once.
        frame: the frame that asked.
        m: the model.
    """
    shape = np.broadcast_shapes(*(np.shape(a) for a in args)) if slot.__name__ != "split_attention" else args[3].shape
    if k is None and shape and slot.__name__ != "transmission_mode":
        return f"asked for {shape[0]} at once"
    row = int(np.unravel_index(k, shape)[0]) if shape and k is not None else 0
    return ", ".join(filter(None, [_agent(row, shape[0] if shape else 0, frame, m), _given(slot, args, k, shape)]))


def _agent(row: int, n: int, frame: FrameType | None, m: GovernanceModel) -> str:
    found = frame.f_locals if frame else {}
    for name, kind in LOCALS:
        rows = found.get(name)
        if isinstance(rows, np.ndarray) and rows.shape == (n,) and rows.dtype.kind == "i":
            return "asked for " + _name(kind, int(rows[row]), m)
    for kind, size in _sizes(m).items():
        if n == size:
            return "asked for " + _name(kind, row, m)
    return f"asked for case {row + 1} of {n}" if n > 1 else ""


def _sizes(m: GovernanceModel) -> dict[str, int]:
    sc = m.scenario
    return {"cadre": sc.streets * sc.cadres, "leader": sc.streets + 2, "department": sc.departments,
            "street": sc.streets, "desk": len(m.structure.staff_of_desk)} if hasattr(m, "structure") else {}


def _name(kind: str, row: int, m: GovernanceModel) -> str:
    per = {"resident": m.scenario.residents, "cadre": m.scenario.cadres}.get(kind)
    if per:
        return f"{kind} {row % per} of street {row // per}"
    if kind == "leader":
        return ("the city's leader", "the district's leader")[row] if row < 2 else f"the leader of street {row - 2}"
    if kind == "copy":
        return f"idea {row // m.scenario.streets} on street {row % m.scenario.streets}"
    return f"the problem in row {row}" if kind == "row" else f"{kind} {row}"


def _given(slot: Callable, args: tuple, k: int | None, shape: tuple[int, ...]) -> str:
    names = inspect.signature(slot).parameters
    if slot.__name__ == "split_attention":
        return ""
    values = [np.broadcast_to(a, shape).ravel()[k or 0] if np.ndim(a) else a for a in args]
    return "given " + ", ".join(f"{name} = {_short(v)}" for name, v in zip(names, values, strict=True))


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
