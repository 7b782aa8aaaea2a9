"""Every table of a district, as far as its rows are in use, as tests compare them."""

import numpy as np

from agents.calendar import Calendar
from agents.compiled import Owner, fields_of
from agents.lists import Rows
from agents.queues import Queues
from model.district import District, LiveIdeas

IN_USE = {
    Rows: lambda d: {"values": d.values[:d.count[0]]},
    Queues: lambda d: {"work": d.work[d.start[0]:d.stop[-1]], "fresh": d.fresh[:d.head[0].fresh],
                       "done": d.done[:d.head[0].done] - d.start[0], "begun": d.begun[:d.head[0].begun] - d.start[0],
                       "start": d.start - d.start[0], "stop": d.stop - d.start[0], "next": d.next - d.start[0],
                       "hand": np.where(d.hand < 0, -1, d.hand - d.start[0])},
    Calendar: lambda d: {"slips": d.slips[:d.head[0].used]},
    LiveIdeas: lambda d: {"rows": np.concatenate([row[:n] for row, n in zip(d.rows, d.count, strict=True)])},
    District: lambda d: {"requests": d.requests[:d.now[0].requests], "passed": d.passed[:d.now[0].passed],
                         "errands": d.errands[:d.now[0].errands]},
}
"""Rows that hold something; behind them lies anything."""


def tables(owner, name=""):
    """Name → array, of an owner and of the owners in it; rules are none."""
    in_use = IN_USE.get(type(owner), lambda d: {})(owner)
    for part in fields_of(type(owner)):
        value = in_use.get(part, getattr(owner, part))
        if isinstance(value, Owner):
            yield from tables(value, f"{name}{part}.")
        elif isinstance(value, np.ndarray):
            yield f"{name}{part}", value
        else:
            assert part == "rules", part


def differing(one, other):
    """Names of tables that are not the same to the bit; of records, which field."""
    out = []
    for (name, mine), (_, theirs) in zip(tables(one), tables(other), strict=True):
        for field in mine.dtype.names or [None]:
            a, b = (table if field is None else table[field] for table in (mine, theirs))
            if a.shape != b.shape or not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                out.append(name if field is None else f"{name}.{field}")
    return out
