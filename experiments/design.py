"""Points of a sweep, by the kinds of design that statisticians know; scipy and SALib draw them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

from languages.text import _
from model.errors import InputError, listed_by, near
from model.levels import LEVELS as OF_REGIMES
from model.measures import MEASURES, WORTH
from model.regimes import parse_regime
from model.scenario import PARAMETERS, Parameter, Scenario, load_scenario, read_text

from .planfile import PlanFile

RUN_LENGTH = ("days", "burn_in", "from_day", "cooldown")
"""Not about the world, so not moved where every number is."""
SIZES = ("streets", "departments", "cadres", "residents", "staff", "needs_sample")
"""How much of a district is simulated: no assumption about how it works."""
WIDTH, WORTH_OF = "width", "worth_"
"""What a plausible point has besides numbers and levels: how wide its ranges are; before the name of what is worth."""
LEVELS = 4
"""Of a morris design; SALib's default, both to sample and to analyse."""


def points(plan: PlanFile) -> list[dict[str, Any]]:
    """The points of a plan, each a dict of the values that differ.

    Raises:
        InputError: the plan lacks what its kind of design needs.
    """
    return {"list": _list, "factorial": _list, "grid": _grid, "file": _file, "lhs": _lhs, "sobol": _sobol,
            "morris": _morris, "oat": _oat, "plausible": _plausible}[plan.design.kind](plan)


def problem(plan: PlanFile) -> dict[str, Any]:
    """The plan's ranges as SALib describes a problem: num_vars, names, bounds."""
    return {"num_vars": len(plan.vary), "names": list(plan.vary), "bounds": [list(r) for r in _ranges(plan).values()]}


def _list(plan: PlanFile) -> list[dict[str, Any]]:
    return [dict(point) for point in plan.point] or [{}]


def _grid(plan: PlanFile) -> list[dict[str, Any]]:
    if not plan.vary or not all(plan.vary.values()):
        raise InputError(_("vary is empty; a grid needs values, e.g. reach = [0.1, 0.5, 1.0]"))
    return [dict(zip(plan.vary, values, strict=True)) for values in product(*plan.vary.values())]


def _oat(plan: PlanFile) -> list[dict[str, Any]]:
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


def _file(plan: PlanFile) -> list[dict[str, Any]]:
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
    return [{str(k): v for k, v in row.items() if v == v} for row in table.to_dict("records")]


def _lhs(plan: PlanFile) -> list[dict[str, Any]]:
    from scipy.stats import qmc

    ranges = _ranges(plan)
    unit = qmc.LatinHypercube(len(ranges), seed=plan.design.seed).random(_count(plan))
    low, high = zip(*ranges.values(), strict=True)
    return _rounded(plan, qmc.scale(unit, low, high))


def _sobol(plan: PlanFile) -> list[dict[str, Any]]:
    from SALib.sample import sobol

    count = _count(plan)
    if count & (count - 1):
        raise InputError(_("points = {count} is not a power of two; a sobol design needs 64, 128, 256, …",
                           count=count))
    return _rounded(plan, sobol.sample(problem(plan), count, calc_second_order=False, seed=plan.design.seed))


def _morris(plan: PlanFile) -> list[dict[str, Any]]:
    from SALib.sample import morris

    return _rounded(plan, morris.sample(problem(plan), _count(plan), num_levels=LEVELS, seed=plan.design.seed))


def check_levels(plan: PlanFile) -> None:
    """Refuse a morris design that has to be rounded: SALib divides by the step it meant, so indices would be biased.

    Raises:
        InputError: the levels of a whole number are not whole.
    """
    for name, (low, high) in _ranges(plan).items() if plan.design.kind == "morris" else ():
        p = PARAMETERS.get(name)
        if p and p.whole and (low % 1 or (high - low) % (LEVELS - 1)):
            raise InputError(_("{name} = {given} has no whole levels, so its Morris index would be biased; give whole "
                               "ends that are a multiple of {apart} apart", name=name, given=list(plan.vary[name]),
                               apart=LEVELS - 1))


def _count(plan: PlanFile) -> int:
    if not plan.design.points:
        raise InputError(_("points is missing; say how many under [design]"))
    return plan.design.points


def _ranges(plan: PlanFile) -> dict[str, tuple[float, float]]:
    if not plan.vary:
        raise InputError(_("vary is empty; give ranges, e.g. reach = [0.05, 1.0]"))
    for name, pair in plan.vary.items():
        numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in pair)
        if len(pair) != 2 or not numbers or not pair[0] < pair[1]:
            raise InputError(_("{name} = {given} is not a range; give [low, high]", name=name, given=list(pair)))
        p = PARAMETERS.get(name)
        if p and not (p.low <= pair[0] and pair[1] <= p.high):
            raise InputError(_("{name} = {given} goes beyond {low:g}–{high:g}; give a range inside it", name=name,
                               given=list(pair), low=p.low, high=p.high))
    return {name: (float(pair[0]), float(pair[1])) for name, pair in plan.vary.items()}


def _rounded(plan: PlanFile, rows: Any) -> list[dict[str, Any]]:
    whole = [name in PARAMETERS and PARAMETERS[name].whole for name in plan.vary]
    return [{name: int(round(v)) if w else float(v) for name, w, v in zip(plan.vary, whole, row, strict=True)}
            for row in rows]


def _plausible(plan: PlanFile) -> list[dict[str, Any]]:
    """Worlds by place in their ranges, −1 (the low end) to 1 (the high end), 0 being the region's own; and how wide.

    A latin hypercube for each width: half of the points have the first, the others share the other half.
    """
    from scipy.stats import qmc

    widths, names = plan.plausible.widths, places(plan)
    rest = _count(plan) // 2 // max(1, len(widths) - 1) if len(widths) > 1 else 0
    sizes = [_count(plan) - rest * (len(widths) - 1), *[rest] * (len(widths) - 1)]
    found = []
    for n, (width, size) in enumerate(zip(widths, sizes, strict=True)):
        drawn = qmc.LatinHypercube(len(names), seed=plan.design.seed + n).random(size) * 2 - 1
        found += [{WIDTH: width, **dict(zip(names, map(float, row), strict=True))} for row in drawn]
    return found


def places(plan: PlanFile) -> list[str]:
    """What is drawn: every assumed number but sizes and lengths, levels, worths."""
    numbers = [name for name, p in PARAMETERS.items() if name in plan.vary or (
        p.mark == "assumed" and name not in (*SIZES, *RUN_LENGTH, *plan.fixed))]
    return [*numbers, *plan.plausible.levels, *(WORTH_OF + name for name in plan.plausible.worths)]


def given(plan: PlanFile) -> Callable[[dict[str, Any], str], dict[str, Any]]:
    """What a point gives the scenario of a region; places in their ranges become values there."""
    if plan.design.kind != "plausible":
        return lambda point, region: point
    bases = {region: load_scenario(region, **plan.fixed) for region in plan.regions}
    return lambda point, region: {name: _number_at(plan, bases[region], name, place, point[WIDTH])
                                  for name, place in point.items() if name in PARAMETERS}


def _number_at(plan: PlanFile, base: Scenario, name: str, place: float, width: float) -> Any:
    p, (low, middle, high) = PARAMETERS[name], number_range(plan, base, name)
    value = _at(place, width, low, middle, high, p.low, p.high)
    return round(value) if p.whole else float(f"{value:.6g}")


def number_range(plan: PlanFile, base: Scenario, name: str) -> tuple[float, float, float]:
    """Low end, value and high end of a number in a region: as stated under `[vary]`, else by `spread` around it."""
    middle = float(getattr(base, name))
    low, high = plan.vary.get(name) or (middle * (1 - plan.design.spread), middle * (1 + plan.design.spread))
    return min(float(low), middle), middle, max(float(high), middle)


def _at(place: float, width: float, low: float, middle: float, high: float, least: float, most: float) -> float:
    """The value at a place of a range widened from the middle, that ends at hard limits."""
    end = max(least, middle + width * (low - middle)) if place < 0 else min(most, middle + width * (high - middle))
    return middle + abs(place) * (end - middle)


def level_at(plan: PlanFile, name: str, place: float, width: float) -> float:
    """A level's value at a place of its range."""
    low, high = plan.plausible.levels[name]
    hard = OF_REGIMES[name]
    return round(_at(place, width, low, (low + high) / 2, high, hard.low, hard.high), 4)


def worth_at(plan: PlanFile, name: str, place: float, width: float) -> float:
    """What an item is worth, in cases, at a place of its range, taken by the log."""
    low, high = map(math.log, plan.plausible.worths[name])
    return math.exp((low + high) / 2 + place * width * (high - low) / 2)


def drawn_values(plan: PlanFile, point: dict[str, Any]) -> dict[str, float]:
    """What a plausible point has that its runs do not tell: its width, levels and worths."""
    told, width = plan.plausible, point[WIDTH]
    return {WIDTH: width, **{name: level_at(plan, name, point[name], width) for name in told.levels},
            **{WORTH_OF + name: worth_at(plan, name, point[WORTH_OF + name], width) for name in told.worths}}


def levels_of(plan: PlanFile, regime: str) -> list[str]:
    """The levels that are drawn for a regime: those it has itself."""
    return [name for name in plan.plausible.levels if name in parse_regime(regime).levels]


def spelt(plan: PlanFile, regime: str, levels: Iterable[str], point: dict[str, Any]) -> str:
    """A regime with a point's levels."""
    return regime + "".join(f"+{name}={level_at(plan, name, point[name], point[WIDTH])}" for name in levels)


def check_plausible(plan: PlanFile) -> None:
    """Make sure that `[plausible]` names what there is.

    Raises:
        InputError: another design, or a name or range that does not fit.
    """
    told, ours = plan.plausible, plan.design.kind == "plausible"
    if not ours and (told.levels or told.worths or told.bands):
        raise InputError(_("[plausible] belongs to a design of kind \"plausible\", not {kind!r}; take it out",
                           kind=plan.design.kind))
    for table, known, remedy in ((told.levels, OF_REGIMES, None), (told.worths, WORTH[1:], None),
                                 (told.bands, MEASURES, listed_by("measures"))):
        for name, (low, high) in table.items():
            if name not in known:
                raise InputError(_("[plausible] names {name!r}; {remedy}", name=name,
                                   remedy=near(name, known, remedy)))
            if not low < high or (table is told.worths and low <= 0):
                raise InputError(_("{name} = {given} is not a range; give [low, high]", name=name, given=[low, high]))
    for name, (low, high) in told.levels.items():
        hard = OF_REGIMES[name]
        if not isinstance(hard.layered, float):
            raise InputError(_("[plausible] draws {name}, which has no numbers in between; take it out", name=name))
        if not (hard.low <= low and high <= hard.high):
            raise InputError(_("{name} = {given} goes beyond {low:g}–{high:g}; give a range inside it", name=name,
                               given=[low, high], low=hard.low, high=hard.high))
    if ours and (not told.widths or min(told.widths) <= 0):
        raise InputError(_("widths = {given} does not fit; give numbers above 0, the plan's own ranges (1) first",
                           given=list(told.widths)))
    if ours and plan.vary:
        _ranges(plan)
