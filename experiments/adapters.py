"""The model in other people's tools: a plain function for SALib's matrices and for models of the EMA Workbench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.rules import Rules
from languages.text import _
from model.errors import InputError, listed_by, near
from model.measures import HEADLINES
from model.scenario import PARAMETERS, load_scenario

from .analysis.differences import known_measure
from .installed import need
from .runs import ROOT, run_once

if TYPE_CHECKING:
    from ema_workbench import Model


@dataclass(frozen=True)
class Effect:
    """Paired differences of measures between two regimes, as a function of parameters.

    Args:
        measures: names of measures.
        regimes: the second is compared with the first.
        seeds: pairs a call; the same seeds every time.
        region: rich, difficult, or a scenario file.
        fixed: parameters that do not change.
        rules: decision rules, the model's own if None.
    """

    measures: tuple[str, ...] = tuple(HEADLINES)
    regimes: tuple[str, str] = ("layered", "whistle")
    seeds: int = 3
    region: str = "rich"
    fixed: Mapping[str, Any] = field(default_factory=dict)
    rules: Rules | None = None

    def __call__(self, **parameters: float) -> dict[str, float]:
        """Mean difference by measure.

        Raises:
            InputError: a wrong name or value, or a measure that is undefined here: no tool may take it for a number.
        """
        scenario = load_scenario(self.region, **{**self.fixed, **{n: _whole(n, v) for n, v in parameters.items()}})
        rows = [[run_once(scenario, regime, seed, self.rules) for regime in self.regimes]
                for seed in range(ROOT, ROOT + self.seeds)]
        return {name: _difference(rows, name) for name in self.measures}


def over(effect: Effect, names: Sequence[str], matrix: np.ndarray) -> np.ndarray:
    """An effect at every row of a sample, for SALib's analysers.

    Args:
        effect: what to compute.
        names: parameters, one a column (SALib's `problem["names"]`).
        matrix: samples × parameters.

    Returns:
        Samples × measures.
    """
    found = [effect(**dict(zip(names, map(float, row), strict=True))) for row in np.asarray(matrix)]
    return np.array([[one[name] for name in effect.measures] for one in found])


def ema_model(effect: Effect, ranges: Mapping[str, tuple[float, float]]) -> Model:
    """An EMA Workbench model whose uncertainties are parameters and whose outcomes are the effect's measures.

    Args:
        effect: what to compute.
        ranges: parameter: lowest and highest value.

    Raises:
        InputError: a name that is no parameter, or the workbench is not installed.
    """
    need("analysis", _("a model of the EMA Workbench"), "ema_workbench")
    from ema_workbench import IntegerParameter, Model, RealParameter, ScalarOutcome

    unknown = sorted(set(ranges) - set(PARAMETERS))
    if unknown:
        raise InputError(_("{name} is no parameter; {remedy}", name=unknown[0],
                           remedy=near(unknown[0], PARAMETERS, listed_by("parameters"))))
    model = Model("chuishao", function=effect)
    model.uncertainties = [IntegerParameter(n, int(a), int(b)) if PARAMETERS[n].whole else RealParameter(n, a, b)
                           for n, (a, b) in ranges.items()]
    model.outcomes = [ScalarOutcome(name) for name in effect.measures]
    return model


def _whole(name: str, value: float) -> float | int:
    return round(value) if name in PARAMETERS and PARAMETERS[name].whole else float(value)


def _difference(rows: list[list[dict[str, Any]]], name: str) -> float:
    known_measure(name)
    pairs = [(a[name], b[name]) for a, b in rows]
    if any(value is None for pair in pairs for value in pair):
        raise InputError(_("{name} is not defined in some run; choose another measure, or ranges where it is",
                           name=name))
    return float(np.mean([b - a for a, b in pairs]))
