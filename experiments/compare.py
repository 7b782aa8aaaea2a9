"""What a comparison says: every measure of every regime against the first, region by region.

It is read from the folder of a plan of one point, as `chuishao compare` and `chuishao run` make it. Every regime is
compared with the first one, pair by pair: same scenario, same seed. A measure that is undefined in one run of a pair
leaves that pair out for that measure, so that difference = mean − mean holds over pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from model.measures import MEASURES

from . import logfit
from .analysis.differences import draws_as_json, rows_of
from .analysis.places import by_place
from .analysis.worth import as_json, worth
from .neutrality import proof_of
from .paired import OPEN
from .store import Results
from .table import or_none

SCHEMA = 2
FIGURES = ("difference", "low", "high", "p_better", "variance_ratio", "verdict")
Row = dict[str, Any]
Arms = dict[tuple[str, str], dict[str, Row]]
"""Rows of `differences` by region and regime, then measure; None where there is no value."""
BLANK = {"pairs": 0, **dict.fromkeys(("base_mean", "mean", *FIGURES, "interval", "p")), "verdict": OPEN}


def arms_of(results: Results) -> Arms:
    """Every measure of every regime but the first; blank rows where no pair has finished."""
    base, *others = results.plan.regimes
    there = set(results.runs()["regime"])
    found = {(region, regime, measure): {k: or_none(v) for k, v in row.items()}
             for measure in (MEASURES if base in there and len(there) > 1 else ())
             for (_point, region, regime), row in rows_of(results, measure).items()}
    return {(region, regime): {m: found.get((region, regime, m), BLANK) | {"measure": m} for m in MEASURES}
            for region in results.regions for regime in others}


def failures(results: Results) -> list[dict[str, Any]]:
    """Failed runs as JSON has them."""
    rows = results.failures().rename(columns={"trace": "traceback"})
    return rows[["region", "regime", "seed", "error", "error_zh", "traceback", "replay"]].to_dict("records")


def as_dict(results: Results) -> dict[str, Any]:
    """The JSON object of `--json`.

    `waits`, `log_fit`, `sets_state`, `places`, `notes` and `failed` are there only with something to say.
    """
    arms, base = arms_of(results), results.plan.regimes[0]
    logs, proof, scenarios = LogFit(results), proof_of(results), results.scenarios()
    more = {"waits": {region: table for region in results.regions if (table := logs.waits(region))},
            "log_fit": {region: fit for region in results.regions if (fit := logs.fit(region))},
            "sets_state": proof.set_state, "places": by_place(results).to_dict("records"),
            "draws": draws_as_json(results) if results.plan.posterior else {},
            "notes": notes_of(results, "en"), "notes_zh": notes_of(results, "zh"), "failed": failures(results)}
    return {"schema": SCHEMA, "seeds": results.plan.seeds.per_point, "regimes": list(results.plan.regimes),
            "neutral": proof.neutral,
            "regions": {region: {"horizon": max((s["days"] for s in scenarios.get(region, ())), default=None),
                                 "measures": {m: _entry(base, {r: arms[region, r][m] for r in results.plan.regimes[1:]})
                                              for m in MEASURES},
                                 "worth": _worth(results, region)} for region in results.regions},
            **{key: value for key, value in more.items() if value}}


def _worth(results: Results, region: str) -> dict[str, Any]:
    """By regime but the first; None with fewer than two finished pairs."""
    found = {regime: worth(results, region, regime) for regime in results.plan.regimes[1:]}
    return {regime: as_json(one) if one else None for regime, one in found.items()}


def _entry(base: str, rows: dict[str, Row]) -> dict[str, Any]:
    # two regimes: plain numbers; more: each statistic is a dict by regime, every one against the first
    first = next(iter(rows.values()))
    means = {base: first["base_mean"], **{regime: row["mean"] for regime, row in rows.items()}}
    if len(rows) == 1:
        return {**means, **{name: first[name] for name in FIGURES}}
    return {**means, **{name: {regime: row[name] for regime, row in rows.items()} for name in FIGURES}}


def notes_of(results: Results, lang: str) -> dict[str, list[str]]:
    """What was done with each region's case log, in sentences; in English where a language is not kept."""
    notes = results.manifest().get("notes", {})
    return {region: said.get(lang, said["en"]) for region, said in notes.items()}


class LogFit:
    """A real case log beside the cases of each regime, from what the store keeps of every run."""

    def __init__(self, results: Results) -> None:
        self.regimes, self.cases = results.plan.regimes, results.cases()

    def waits(self, region: str) -> dict[str, dict[str, float | None]]:
        """Waiting times of the log and of each regime's cases (means over seeds); empty without a log."""
        table: dict[str, dict[str, float | None]] = {}
        for regime in self.regimes:
            if found := [run["waits"] for run in self.cases.get((region, regime), ())]:
                table["log"] = found[0]["log"]
                table[regime] = {k: _mean(f["model"][k] for f in found) for k in found[0]["model"]}
        return table

    def curves(self, region: str) -> dict[str, list[logfit.Curves]]:
        """Closing times and backlog of the log (once) and of each regime's runs; empty without a log."""
        found = {regime: [run["curves"] for run in self.cases.get((region, regime), ())] for regime in self.regimes}
        own = {regime: [_curves(one["model"]) for one in some] for regime, some in found.items() if some}
        log = next((some[0]["log"] for some in found.values() if some), None)
        return {"log": [_curves(log)], **own} if log else {}

    def fit(self, region: str) -> dict[str, dict[str, float | None]]:
        """How near each regime comes to the log (means over seeds), and the log's own level; empty without one."""
        curves = self.curves(region)
        log = curves.pop("log", [])
        fits = {who: logfit.mean_distances([logfit.distances(log[0], one) for one in some])
                for who, some in curves.items()}
        return {"log": logfit.level(log[0]), **fits} if log else {}


def _curves(kept: list[list[float]]) -> logfit.Curves:
    return logfit.Curves(*(np.array(values) for values in kept))


def _mean(values: Iterable[float | None]) -> float | None:
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None
