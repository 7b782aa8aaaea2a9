"""Points of a sweep, by the kinds of design that statisticians know; scipy and SALib draw them."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from languages.text import _
from model.errors import InputError
from model.scenario import PARAMETERS, Parameter, load_scenario, read_text

if TYPE_CHECKING:
    from .plan import SweepPlan


RUN_LENGTH = ("days", "burn_in", "from_day", "cooldown")
"""Not about the world, so not moved where every number is."""
LEVELS = 4
"""Of a morris design; SALib's default, both to sample and to analyse."""


def points(plan: SweepPlan) -> list[dict[str, Any]]:
    """The points of a plan, each a dict of the values that differ.

    Raises:
        InputError: the plan lacks what its kind of design needs.
    """
    return {"list": _list, "factorial": _list, "grid": _grid, "file": _file, "lhs": _lhs, "sobol": _sobol,
            "morris": _morris, "oat": _oat}[plan.design.kind](plan)


def problem(plan: SweepPlan) -> dict[str, Any]:
    """The plan's ranges as SALib describes a problem: num_vars, names, bounds."""
    return {"num_vars": len(plan.vary), "names": list(plan.vary), "bounds": [list(r) for r in _ranges(plan).values()]}


def _list(plan: SweepPlan) -> list[dict[str, Any]]:
    return [dict(point) for point in plan.point] or [{}]


def _grid(plan: SweepPlan) -> list[dict[str, Any]]:
    if not plan.vary or not all(plan.vary.values()):
        raise InputError(_("vary is empty; a grid needs values, e.g. reach = [0.1, 0.5, 1.0]"))
    return [dict(zip(plan.vary, values, strict=True)) for values in product(*plan.vary.values())]


def _oat(plan: SweepPlan) -> list[dict[str, Any]]:
    """The region as it is, then one number at a time: the values under [vary], or every number moved by `spread`."""
    if len(plan.regions) != 1:
        raise InputError(_("regions names {n}; one number at a time starts from one region", n=len(plan.regions)))
    base = load_scenario(plan.regions[0], **plan.fixed)
    ends = plan.vary or {name: _ends(p, getattr(base, name), plan.design.spread) for name, p in PARAMETERS.items()
                         if name not in (*RUN_LENGTH, *plan.fixed, *base.settled)}
    return [{}, *({name: value} for name, values in ends.items() for value in values
                  if value != getattr(base, name, None))]


def _ends(p: Parameter, value: float, spread: float) -> tuple[float, ...]:
    ends = (max(p.low, value * (1 - spread)), min(p.high, value * (1 + spread)))
    return tuple(round(v) for v in ends) if p.whole else tuple(float(f"{v:.6g}") for v in ends)


def _file(plan: SweepPlan) -> list[dict[str, Any]]:
    import io

    import pandas as pd

    if plan.design.file is None:
        raise InputError(_("file is missing; a design of kind \"file\" needs file = \"points.csv\" under [design]"))
    text = read_text(Path(plan.design.file), _("table of points"), [])
    try:
        table = pd.read_csv(io.StringIO(text))
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(_("{file} is not a table: {error}; write one column a parameter", file=plan.design.file,
                           error=error)) from None
    if table.empty:
        raise InputError(_("{file} holds no points; write one row a point below the names", file=plan.design.file))
    return [{k: v for k, v in row.items() if v == v} for row in table.to_dict("records")]


def _lhs(plan: SweepPlan) -> list[dict[str, Any]]:
    from scipy.stats import qmc

    ranges = _ranges(plan)
    unit = qmc.LatinHypercube(len(ranges), seed=plan.design.seed).random(_count(plan))
    low, high = zip(*ranges.values(), strict=True)
    return _rounded(plan, qmc.scale(unit, low, high))


def _sobol(plan: SweepPlan) -> list[dict[str, Any]]:
    from SALib.sample import sobol

    count = _count(plan)
    if count & (count - 1):
        raise InputError(_("points = {count} is not a power of two; a sobol design needs 64, 128, 256, …",
                           count=count))
    return _rounded(plan, sobol.sample(problem(plan), count, calc_second_order=False, seed=plan.design.seed))


def _morris(plan: SweepPlan) -> list[dict[str, Any]]:
    from SALib.sample import morris

    return _rounded(plan, morris.sample(problem(plan), _count(plan), num_levels=LEVELS, seed=plan.design.seed))


def check_levels(plan: SweepPlan) -> None:
    """Refuse a morris design that has to be rounded: SALib divides by the step it meant, so indices would be biased.

    Raises:
        InputError: the levels of a whole number are not whole.
    """
    for name, (low, high) in _ranges(plan).items() if plan.design.kind == "morris" else ():
        p = PARAMETERS.get(name)
        if p and p.whole and (low % 1 or (high - low) % (LEVELS - 1)):
            example, apart = _whole_range(p, low, high), LEVELS - 1
            raise InputError(_("{name} = {given} has no whole levels, so its Morris index would be biased; give whole "
                               "ends that are a multiple of {apart} apart, e.g. {name} = {example}", name=name,
                               given=list(plan.vary[name]), apart=apart, example=example))


def _whole_range(p: Parameter, low: float, high: float) -> list[int]:
    """A range like the one meant, on whole levels and inside the parameter's own."""
    apart, first = LEVELS - 1, math.ceil(low)
    steps = min(math.ceil((high - first) / apart), math.floor((p.high - first) / apart))
    return [first, first + apart * max(1, steps)]


def _count(plan: SweepPlan) -> int:
    if not plan.design.points:
        raise InputError(_("points is missing; say how many under [design]"))
    return plan.design.points


def _ranges(plan: SweepPlan) -> dict[str, tuple[float, float]]:
    if not plan.vary:
        raise InputError(_("vary is empty; give ranges, e.g. reach = [0.05, 1.0]"))
    for name, pair in plan.vary.items():
        numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in pair)
        if len(pair) != 2 or not numbers or not pair[0] < pair[1]:
            raise InputError(_("{name} = {given} is not a range; give [low, high]", name=name, given=list(pair)))
        p = PARAMETERS.get(name)
        if p and not (p.low <= pair[0] and pair[1] <= p.high):
            raise InputError(_("{name} = {given} leaves {low:g}–{high:g}; give a range inside it", name=name,
                               given=list(pair), low=p.low, high=p.high))
    return {name: (float(pair[0]), float(pair[1])) for name, pair in plan.vary.items()}


def _rounded(plan: SweepPlan, rows: Any) -> list[dict[str, Any]]:
    whole = [name in PARAMETERS and PARAMETERS[name].whole for name in plan.vary]
    return [{name: int(round(v)) if w else float(v) for name, w, v in zip(plan.vary, whole, row, strict=True)}
            for row in rows]
