"""`chuishao calibrate --bank DIR`: the fit with its uncertainty; what it runs, prints and writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import Text as Said
from languages.text import _, _p, listed
from model.errors import InputError
from model.scenario import load_scenario

from ..console import console
from ..options import changed
from ..progress import get_ready
from ..runs import ROOT
from ..table import capital, ends, grid, number, or_none, wrapped
from ..words import Words
from .bank import FIGURES, Bank, figures, made, numbers, runs_of
from .posterior import FEWEST, Posterior, goals_of
from .posterior import ends as interval
from .published import TARGETS, warning

CHECKED, CHECK_SEEDS = 40, ROOT + 500_000
"""Draws of the posterior that are run, with seeds behind those of any bank."""
REGION = "region"
MARKS = {"found": _p("figure", "found"), "chosen": _("chosen")}
SHOWN, AT_LEAST = 12, 5
"""So many told numbers are printed; where none is told, so many that are found again best. The files have all."""


@dataclass(frozen=True, eq=False)
class Result:
    """A posterior, and what its draws show when they are run."""

    target: str
    fit: Posterior
    check: pd.DataFrame

    @property
    def region(self) -> str:
        """What the region is called."""
        scenario = self.fit.bank.scenario
        return scenario.name or scenario.region


def calibrate(*, region: str, changes: tuple[str, ...], target: str, level: str | None, seeds: int, budget: int,
              folder: Path, lang: str) -> int:
    """Make or take up the bank, fit, run draws of the posterior, print, write.

    Raises:
        InputError: wrong input, found before anything runs; another bank in the folder, or too few plausible runs.
    """
    given = changed(changes)
    if "days" in given:
        raise InputError(_("--set cannot change days; the fit and its check have their own run lengths"))
    scenario = load_scenario(region, **given)
    bank = Bank(scenario, numbers(scenario, tuple(given)), folder, seeds)
    result = fitted(bank, target, level, budget, get_ready)
    write(result, folder, lang)
    show(result, Words(lang), console())
    return 0


def fitted(bank: Bank, target: str, level: str | None, sets: int, ready: Callable[[], None] = lambda: None) -> Result:
    """A posterior from a bank, with draws of it run on fresh seeds.

    Raises:
        InputError: too few plausible runs.
    """
    fit = Posterior(bank, bank.run(sets, ready=ready), goals_of(target, level))
    if len(fit.plausible) < FEWEST:
        raise InputError(_("only {n} runs of the bank are near the figures, and it takes {fewest}; give --budget more "
                           "sets, and the bank goes on", n=len(fit.plausible), fewest=FEWEST))
    tasks = runs_of(bank.scenario, fit.draws(CHECKED if sets > CHECKED else 5), 1, CHECK_SEEDS)
    ready()
    return Result(target, fit, pd.DataFrame([seen for _run, seen in made(tasks)]))


def write(result: Result, folder: Path, lang: str) -> None:
    """Posterior, recovery and figures as files of the bank's folder."""
    table = pd.DataFrame(result.fit.draws())
    table.insert(0, REGION, result.region)
    table.to_csv(folder / f"posterior-{result.target}.csv", index=False)
    result.fit.recovery.to_csv(folder / f"recovery-{result.target}.csv", index=False, float_format="%.4g")
    (folder / f"posterior-{result.target}.json").write_text(json.dumps(as_dict(result), ensure_ascii=False, indent=1),
                                                            encoding="utf-8")
    from ..charts import posterior as charts
    from ..charts.look import svg

    words = Words(lang)
    for name, chart in (("predictive", charts.predictive(predictive(result, words), words)),
                        ("recovery", charts.recovery(_best(result.fit, "truth", "mean"), words)),
                        ("ranks", charts.ranks(_best(result.fit, "rank"), words))):
        (folder / f"{name}-{result.target}.svg").write_text(svg(chart, name), encoding="utf-8")


def predictive(result: Result, words: Words) -> pd.DataFrame:
    """What the bank and the posterior's draws show of every figure: figure, who (prior or posterior), value, target."""
    target = {goal.figure.key: goal for goal in result.fit.goals}
    who = {"prior": _("before the fit"), "posterior": _("after it")}
    rows = []
    for key, table in (("prior", result.fit.runs), ("posterior", result.check)):
        for name, figure in figures().items():
            goal = target.get(name)
            rows += [{"figure": words(figure.label), "who": words(who[key]), "value": value,
                      "target": goal.figure.value if goal else None, "scale": goal.scale if goal else None}
                     for value in table[name].dropna()]
    return pd.DataFrame(rows)


def _best(fit: Posterior, *what: str, most: int = 6) -> pd.DataFrame:
    """Of the numbers found again best: name, and what was seen of each run that stood for the world, by column."""
    index = {f.name: k for k, f in enumerate(fit.bank.free)}
    return pd.concat([pd.DataFrame({"name": name, **{key: fit.checked[key][:, index[name]] for key in what}})
                      for name in fit.recovery.sort_values("r", ascending=False)["name"].head(most)])


def as_dict(result: Result) -> dict[str, Any]:
    """The JSON object: what is not told, numbers with intervals and recovery, figures before and after."""
    fit = result.fit
    low, high = interval(fit.found)
    mean, recovery = fit.found.mean(), fit.recovery.set_index("name")
    bank, last = fit.bank, fit.recovery
    rows = {f.name: {"own": getattr(bank.scenario, f.name), "low": f.low, "high": f.high, "mean": f.value(mean[k]),
                     "interval": [f.value(low[k]), f.value(high[k])], "shrunk": float(fit.shrunk[k]),
                     "told": f.name in fit.told, "recovery": or_none(float(recovery["r"].iloc[k])),
                     "inside": float(recovery["inside"].iloc[k]), "rank_p": float(recovery["p"].iloc[k])}
            for k, f in enumerate(bank.free)}
    return {"target": result.target, "region": result.region, "sets": int(fit.runs["set"].nunique()),
            "runs": len(fit.runs), "failed": int(len(fit.runs) - len(fit.whole)), "seeds": bank.seeds,
            "plausible_share": float((fit.implausibility <= 3).mean()), "weighted": fit.found.size,
            "not_told": [f.name for f in bank.free if f.name not in fit.told], "chance": fit.chance,
            "numbers": rows, "pairs": [list(one) for one in fit.pairs()],
            "inside_mean": float(last["inside"].mean()), "rank_p_below_05": float((last["p"] < 0.05).mean()),
            "figures": [_figure(result, name) for name in FIGURES], "warning": warning(result.target)}


def _figure(result: Result, name: str) -> dict[str, Any]:
    goal = next((g for g in result.fit.goals if g.figure.key == name), None)
    def span(values: pd.Series) -> list[float] | None:
        known = values.dropna()
        return [float(v) for v in np.quantile(known, [0.05, 0.5, 0.95])] if len(known) else None
    return {"name": name, "fitted": goal is not None, "value": goal.figure.value if goal else None,
            "scale": goal.scale if goal else None, "prior": span(result.fit.runs[name]),
            "posterior": span(result.check[name]), "luck": float(np.sqrt(result.fit.luck[name]))}


def show(result: Result, words: Words, out: Console) -> None:
    """Print it: first what the figures do not tell."""
    told = as_dict(result)
    out.print(Text(capital(words(_("Posterior of {target} in {region}: simulated, not a forecast", target=TARGETS[
        result.target], region=words.region(result.region)))), style="bold"))
    for sentence in first_sentences(told):
        out.print(wrapped(words(sentence), out.width), soft_wrap=True)
    out.print()
    out.print(_numbers(told, words))
    out.print(_figures(told, words))
    for sentence in sentences(told):
        out.print(wrapped(words(sentence), out.width), soft_wrap=True)
    out.print(wrapped(words(warning(result.target)), out.width), style="bold", soft_wrap=True)


def first_sentences(told: dict[str, Any]) -> list[Said]:
    """What is not told, before anything else."""
    known = [name for name, row in told["numbers"].items() if row["told"]]
    n, of = len(told["not_told"]), len(told["numbers"])
    said = [_("Of {of} numbers, {n} are NOT determined by these figures: their ranges stay as wide as they were "
              "drawn.", n=n, of=of)]
    said.append(_("Determined to some degree (narrowed by more than luck alone does, {chance:.0%}, and found again "
                  "where known): {names}.",
                  chance=told["chance"], names=listed(_by(told, known))) if known else
                _("None is determined: none is both narrowed by more than luck alone does ({chance:.0%}) and found "
                  "again where known.", chance=told["chance"]))
    if told["pairs"]:
        said.append(_("Stand in for each other: {pairs}.", pairs=listed(
            [f"{a}, {b} ({r:+.2f})".replace("-", "−") for a, b, r in told["pairs"][:5]])))
    return said


def _by(told: dict[str, Any], names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: -told["numbers"][name]["shrunk"])


def sentences(told: dict[str, Any]) -> list[Said]:
    """How it was made, and whether the method finds what is known."""
    said = [_("Bank: {sets} sets of values, {runs} runs, {failed} without a figure; {share:.0%} of the sets are not "
              "ruled out (within three standard deviations, luck of seeds included); weighted, they count as "
              "{size:.0f} equal draws.", sets=told["sets"], runs=told["runs"], failed=told["failed"],
              share=told["plausible_share"], size=told["weighted"]),
            _("Checked with runs of the bank in the place of the world: {inside:.0%} of the true numbers lie in their "
              "90 % intervals; ranks are not uniform (p below 5 %) for {off:.0%} of the numbers.",
              inside=told["inside_mean"], off=told["rank_p_below_05"])]
    missed = [f["name"] for f in told["figures"] if f["fitted"] and f["posterior"] and not (
        f["posterior"][0] - f["scale"] <= f["value"] <= f["posterior"][2] + f["scale"])]
    if missed:
        known = figures()
        said.append(_("The model does NOT reach: {names}.", names=listed([known[name].label for name in missed])))
    return said


def _numbers(told: dict[str, Any], words: Words) -> Table:
    known = [name for name, row in told["numbers"].items() if row["told"]]
    names = _by(told, known)[:SHOWN] or sorted(told["numbers"], key=lambda name: -(
        told["numbers"][name]["recovery"] or 0.0))[:AT_LEAST]
    heads = [_("parameter"), _("as it is set"), _("drawn from"), _("posterior mean"), _("90 % of it"), _("narrower by"),
             _("found again, r")]
    return grid(map(words, heads), ([
        name, f"{row['own']:.3g}", ends(row["low"], row["high"]), f"{row['mean']:.3g}", ends(*row["interval"]),
        f"{row['shrunk']:.0%}", number(row["recovery"], 2)] for name in names for row in [told["numbers"][name]]), 1)


def _figures(told: dict[str, Any], words: Words) -> Table:
    known, rows = figures(), []
    for f in told["figures"]:
        figure = known[f["name"]]
        mark = words(MARKS[figure.mark])
        given = ("–", words(_("not fitted"))) if not f["fitted"] else (
            f"{f['value']:.2f} ± {f['scale']:g}", f"[{figure.source}] {mark}" if figure.source else mark)
        spans = (f"{s[0]:.2f}–{s[2]:.2f}" if s else "–" for s in (f["prior"], f["posterior"]))
        rows.append([words(figure.label), *given, f"{f['luck']:.3f}", *spans])
    heads = [_("figure"), _("value"), _p("figure", "from"), _("luck of a seed"), _("before: 5–95 %"),
             _("after: 5–95 %")]
    return grid(map(words, heads), rows, 1)
