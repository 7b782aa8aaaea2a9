"""What would have to be otherwise for the answer to flip: one number moved at a time, ranked by what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError
from model.measures import MEASURES
from model.scenario import PARAMETERS, Scenario, load_scenario

from ..paired import interval, p_value
from ..store import Results
from .differences import BETTER, OPEN, WORSE, judged, known_measure, two_arms

ANSWERS = ("holds", "open", "flips")


def robustness(results: Results, measure: str, regime: str | None = None) -> pd.DataFrame:
    """The paired difference with each number moved, beside the difference where none is.

    Args:
        results: a folder whose plan is of kind oat.
        measure: name of a measure with a direction.
        regime: the other regime; the plan's second if None.

    Returns:
        One row a moved number, what goes most against the answer first: parameter, default, value, mark, pairs,
        difference, low, high (95 %), change (to the first row of the plan, same seeds), change_low, change_high, p,
        verdict (better, worse, unresolved; see `differences`), answer (holds, open, flips: the verdict beside that of
        the plan's unmoved point). Where that point is itself unresolved, a move that stays so
        holds, one that is told apart flips, one with too few pairs is open; the smallest p first. same: whether every
        measure of every run is as at the unmoved point, as where a number belongs to what the plan does not run.
        `attrs` has base: difference, low, high, verdict there.

    Raises:
        InputError: another design, no direction, or the unmoved point has no finished pairs.
    """
    if not known_measure(measure).direction:
        raise InputError(_("{measure!r} is not a measure of which more or less is better; `chuishao measures` lists "
                           "them",
                           measure=measure))
    plan = results.plan
    if plan.design.kind != "oat":
        raise InputError(_("{folder} holds a {kind} design; this needs kind = \"oat\", e.g. `chuishao run "
                           "robustness-rich`", folder=results.folder, kind=plan.design.kind))
    runs = results.runs()
    arms = two_arms(results, runs, measure, regime)
    effects = (arms.iloc[:, 1] - arms.iloc[:, 0]).unstack("seed").droplevel("region")
    if 0 not in effects.index or effects.loc[0].notna().sum() < 2:
        raise InputError(_("the unmoved point has too few finished pairs of {measure}; see `chuishao status`",
                           measure=measure))
    unmoved, direction = load_scenario(plan.regions[0], **plan.fixed), MEASURES[measure].direction
    same = _unchanged(runs[runs["regime"].isin(arms.columns)])
    rows = [{**_row(n, point, effects, unmoved), "same": n in same} for n, point in enumerate(plan.points())
            if n in effects.index]
    marks = {point: verdict for (point, _region, arm), (_pairs, verdict)
             in judged(results, measure).items() if arm == arms.columns[1]}
    return _ranked(pd.DataFrame(rows).assign(verdict=[marks[n] for n in effects.index]), direction)


def tally(table: pd.DataFrame) -> dict[str, int]:
    """How many moves hold, are open, flip, or change nothing at all (same); each is counted once."""
    answers = table["answer"].mask(table["same"], "same")
    return {answer: int((answers == answer).sum()) for answer in (*ANSWERS, "same")}


def _unchanged(runs: pd.DataFrame) -> set[int]:
    """Points where every measure of every run equals that of the run with its seed and regime at point 0."""
    values = runs.set_index(["regime", "seed"])[list(MEASURES)].astype(float)
    points = {n: values[(runs["point"] == n).to_numpy()] for n in runs["point"].unique()}
    return {n for n, part in points.items() if part.equals(points[0].reindex(part.index))}


def _row(n: int, point: dict[str, Any], effects: pd.DataFrame, unmoved: Scenario) -> dict[str, Any]:
    name, value = next(iter(point.items()), (None, None))
    d, change = effects.loc[n].to_numpy(), (effects.loc[n] - effects.loc[0]).to_numpy()
    known = {"parameter": name, "default": None, "value": value, "mark": None}
    if name:
        known |= {"default": getattr(unmoved, name), "mark": PARAMETERS[name].mark}
    return {**known, "pairs": int(np.isfinite(d).sum()), **_estimate("difference", "low", "high", d),
            **_estimate("change", "change_low", "change_high", change), "p": p_value(d)}


def _estimate(mean: str, low: str, high: str, d: np.ndarray) -> dict[str, float]:
    d = d[np.isfinite(d)]
    ends = interval(d)[:2] if len(d) else (None, None)
    return {mean: d.mean() if len(d) else np.nan, low: np.nan if ends[0] is None else ends[0],
            high: np.nan if ends[1] is None else ends[1]}


def _ranked(table: pd.DataFrame, direction: int) -> pd.DataFrame:
    base, moved = table.iloc[0], table.iloc[1:].copy()
    if base["verdict"] == OPEN:  # the answer is that nothing can be told apart
        stays, flips, against = (moved["verdict"] == OPEN) & moved["p"].notna(), moved["verdict"] != OPEN, moved["p"]
    else:
        sign = {BETTER: 1, WORSE: -1}[base["verdict"]]
        stays, flips = moved["verdict"] == base["verdict"], moved["verdict"] == {1: WORSE, -1: BETTER}[sign]
        against = moved["difference"] * direction * sign
    moved["answer"] = np.select([stays, flips], ["holds", "flips"], "open")
    order = against.sort_values(kind="stable", na_position="last").index
    moved = moved.loc[order].reset_index(drop=True)
    moved.attrs["base"] = base[["difference", "low", "high", "verdict"]].to_dict()
    return moved
