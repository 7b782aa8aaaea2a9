"""For whom a rule was asked when it failed: told from the model's own words at the place that asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import Text

if TYPE_CHECKING:
    from .governance import GovernanceModel

LOCALS = (("who", "resident"), ("cadre", "cadre"), ("department", "department"), ("d", "department"),
          ("copy", "copy"), ("at", "copy"), ("street", "street"), ("s", "street"), ("desk", "desk"), ("rows", "row"))
"""What the model calls those it asks rules for, most telling first; arrays of as many rows as are asked about."""


def asked_for(slot: Callable, args: tuple, k: int | None, frame: FrameType | None, m: GovernanceModel) -> Text:
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
        return f"asked for {shape[0]} at once", f"一次问及 {shape[0]} 个"
    row = int(np.unravel_index(k, shape)[0]) if shape and k is not None else 0
    en, zh = _agent(row, shape[0] if shape else 0, frame, m)
    given, given_zh = _given(slot, args, k, shape)
    return ", ".join(filter(None, (en, given))), "，".join(filter(None, (zh, given_zh)))


def _agent(row: int, n: int, frame: FrameType | None, m: GovernanceModel) -> Text:
    found = frame.f_locals if frame else {}
    for name, kind in LOCALS:
        rows = found.get(name)
        if isinstance(rows, np.ndarray) and rows.shape == (n,) and rows.dtype.kind == "i":
            return _asked(*_name(kind, int(rows[row]), m))
    for kind, size in _sizes(m).items():
        if n == size:
            return _asked(*_name(kind, row, m))
    return _asked(f"case {row + 1} of {n}", f"{n} 例中的第 {row + 1} 例") if n > 1 else ("", "")


def _asked(en: str, zh: str) -> Text:
    return "asked for " + en, "问及" + zh


def _sizes(m: GovernanceModel) -> dict[str, int]:
    sc = m.scenario
    return {"cadre": sc.streets * sc.cadres, "leader": sc.streets + 2, "department": sc.departments,
            "street": sc.streets, "desk": len(m.structure.staff_of_desk)} if hasattr(m, "structure") else {}


KINDS_ZH = {"resident": "居民", "cadre": "干部", "department": "部门", "street": "街道", "desk": "科室"}


def _name(kind: str, row: int, m: GovernanceModel) -> Text:
    per = {"resident": m.scenario.residents, "cadre": m.scenario.cadres}.get(kind)
    if per:
        return f"{kind} {row % per} of street {row // per}", f"街道 {row // per} 的{KINDS_ZH[kind]} {row % per}"
    if kind == "leader" and row < 2:
        return (("the city's leader", "市领导"), ("the district's leader", "区领导"))[row]
    if kind == "leader":
        return f"the leader of street {row - 2}", f"街道 {row - 2} 的领导"
    if kind == "copy":
        idea, street = divmod(row, m.scenario.streets)
        return f"idea {idea} on street {street}", f"街道 {street} 上的设想 {idea}"
    return (f"the problem in row {row}", f"第 {row} 行的诉求") if kind == "row" else (
        f"{kind} {row}", f"{KINDS_ZH[kind]} {row}")


def _given(slot: Callable, args: tuple, k: int | None, shape: tuple[int, ...]) -> Text:
    names = inspect.signature(slot).parameters
    if slot.__name__ == "split_attention":
        return "", ""
    values = [np.broadcast_to(a, shape).ravel()[k or 0] if np.ndim(a) else a for a in args]
    said = ", ".join(f"{name} = {_short(v)}" for name, v in zip(names, values, strict=True))
    return "given " + said, "给定 " + said


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
