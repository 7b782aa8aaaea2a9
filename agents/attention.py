"""The budget of a day: one person's hours split over kinds of work; what is not needed is idle, none can be overspent.

Tools for the rule `split_attention`, written so that they compile; arrays have one number a kind of work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def tool(function: Callable) -> Any:
    """Compile a function into the rules that call it; kept on disk where there is a place for it."""
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True, error_model="numpy")(function)


@tool
def water_fill(pull, backlog, hours):
    """Share hours in proportion to pull; what one kind cannot use goes to the others, in the same proportion.

    Args:
        pull: by kind, ≥ 0.
        backlog: by kind, hours that wait.
        hours: of the day.

    Returns:
        Hours by kind, each ≤ its backlog, their sum ≤ hours. Kinds without pull get what others leave.

    Raises:
        ValueError: there is not one pull a kind.
    """
    kinds = len(backlog)
    if len(pull) != kinds:
        raise ValueError("pull and backlog have one number a kind of work each")
    given = np.zeros(kinds)
    for _ in range(kinds):
        total, used, filled = 0.0, 0.0, False
        for k in range(kinds):
            if given[k] < backlog[k]:
                total += max(pull[k], 1e-12)
        if total <= 0.0:
            break
        for k in range(kinds):
            if given[k] < backlog[k]:
                share = max(pull[k], 1e-12) * hours / total
                if given[k] + share >= backlog[k]:
                    share, filled = backlog[k] - given[k], True
                    given[k] = backlog[k]
                else:
                    given[k] += share
                used += share
        if not filled:
            break
        hours -= used
    return given


@tool
def in_order(pull, backlog, hours):
    """Serve what pulls most until it is done or the hours are over, then the next; arguments as in `water_fill`."""
    if len(pull) != len(backlog):
        raise ValueError("pull and backlog have one number a kind of work each")
    given, left = np.zeros(len(backlog)), hours
    for k in np.argsort(-pull, kind="mergesort"):
        given[k] = min(max(left, 0.0), backlog[k])
        left -= given[k]
    return given
