"""Rules against rules: the same scenarios, regimes and seeds under the default rules and under others.

Two questions, both paired: does a regime's difference hold under other rules, and what do the rules themselves change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from languages.text import _, _p
from model.measures import HEADLINES, MEASURES

from .analysis.differences import FAMILY
from .compare import SCHEMA, Arms, Row, arms_of, as_dict, failures
from .manifest import write_json
from .neutrality import proof_of
from .paired import BETTER, OPEN, WORSE, mark, paired
from .plan import SweepPlan
from .rulelist import DEFAULT
from .screen import CELL, cell, said
from .store import Results, result_sets
from .table import capital, failed_sentences, grid, neutral_words
from .words import Words

FILE = "rules"
"""Name of the files that hold everything, as JSON and as a table."""
FIGURES = ("mean_a", "mean_b", "difference", "low", "high", "p_better", "verdict")


def compared(folder: Path) -> RuleComparison | None:
    """The comparison of rules that a folder holds; None if its plan names none, or has several points."""
    sets = result_sets(folder)
    first = next(iter(sets.values()))
    return RuleComparison(sets) if len(sets) > 1 and len(first.plan.points()) == 1 else None


@dataclass
class RuleComparison:
    """A comparison of regimes under each set of rules, the default's first."""

    by_rules: dict[str, Results]

    @property
    def plan(self) -> SweepPlan:
        """The plan, the same under all rules."""
        return self.by_rules[DEFAULT].plan

    @property
    def regions(self) -> list[str]:
        """Names of the regions."""
        return self.by_rules[DEFAULT].regions

    @cached_property
    def reforms(self) -> dict[str, Arms]:
        """What each regime does under each set of rules."""
        return {name: arms_of(results) for name, results in self.by_rules.items()}

    @cached_property
    def _values(self) -> dict[str, pd.DataFrame]:
        return {name: results.runs().set_index(["region", "regime", "seed"])[list(MEASURES)].astype(float)
                for name, results in self.by_rules.items()}

    def moved(self, name: str, region: str, regime: str) -> dict[str, Row]:
        """What these rules change of a regime, against the default rules, by measure.

        Marks are judged among the headlines of this region, regime and set of rules.
        """
        seeds = self.plan.seeds
        arms = [self._values[rules].reindex([(region, regime, seeds.root + n) for n in range(seeds.per_point)])
                for rules in (DEFAULT, name)]
        found = {m: paired(arms[0][m].tolist(), arms[1][m].tolist(), MEASURES[m].direction) for m in MEASURES}
        return {m: {"mean_a": s.mean_a, "mean_b": s.mean_b, "difference": s.difference, "low": s.low, "high": s.high,
                    "p_better": s.p_better, "verdict": mark(s.difference, MEASURES[m].direction, s.p,
                                                           [found[f].p for f in FAMILY if f != m])}
                for m, s in found.items()}

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`: each set's comparison of regimes, and its difference from the default's."""
        return {"schema": SCHEMA, "rules": {name: self._entry(name) for name in self.by_rules}}

    def _entry(self, name: str) -> dict[str, Any]:
        results = self.by_rules[name]
        told = {"code": next((text for _path, text in results.own_rules()), None), **as_dict(results)}
        if name != DEFAULT:
            told["against_default"] = {region: {regime: self.moved(name, region, regime)
                                                for regime in self.plan.regimes} for region in self.regions}
        return told

    def rows(self) -> Iterator[dict[str, Any]]:
        """Everything as a table: a row for each set of rules, region, regime and what it is compared with, measure."""
        base, *others = self.plan.regimes
        for name in self.by_rules:
            for region in self.regions:
                for regime in others:
                    for m, row in self.reforms[name][region, regime].items():
                        figures = {**row, "mean_a": row["base_mean"], "mean_b": row["mean"]}
                        yield {"rules": name, "region": region, "regime": regime, "against": base, "measure": m,
                               **{k: figures[k] for k in FIGURES}}
                for regime in self.plan.regimes if name != DEFAULT else ():
                    for m, row in self.moved(name, region, regime).items():
                        yield {"rules": name, "region": region, "regime": regime,
                               "against": f"{regime}, {DEFAULT} rules", "measure": m, **row}


def write(result: RuleComparison, folder: Path) -> None:
    """All of it as `rules.json` and `rules.csv`, beside the folders of the sets of rules."""
    write_json(folder / f"{FILE}.json", result.as_dict())
    pd.DataFrame(result.rows()).to_csv(folder / f"{FILE}.csv", index=False)


def show(result: RuleComparison, words: Words, out: Console) -> None:
    """Print it all: for each region and regime what the reform does under each rule, then what each rule does."""
    plan, rules = result.plan, list(result.by_rules)
    out.print(Text(words(_("{n} sets of rules, {pairs} paired seeds each: simulated, not a forecast", n=len(rules),
                               pairs=plan.seeds.per_point)), style="bold"))
    out.print()
    if all(results.runs().empty for results in result.by_rules.values()):  # the cause, and no table of dashes
        for name, results in result.by_rules.items():
            _trouble(name, results, words, out)
        return
    for region in result.regions:
        for regime in plan.regimes[1:]:
            rows = {name: result.reforms[name][region, regime] for name in rules}
            _table(words.arm(region, plan.regimes[0], regime), rows, words, out)
            _holds(rows, words, out)
        for regime in plan.regimes:
            rows = {name: result.moved(name, region, regime) for name in rules[1:]}
            title = _("{region}, {regime}: these rules against the default rules", region=words.region(region),
                      regime=words.regime(regime))
            _table(words(title), rows, words, out)
    said(words(_("Paired differences ± half of the 95 % interval; ▲ better, ▼ worse (p below 5 % after Holm's "
                     "correction over the headlines of a line), no mark: not told apart, or zero as printed.")), out,
         "dim")
    for name, results in result.by_rules.items():
        _trouble(name, results, words, out)


def _trouble(name: str, results: Results, words: Words, out: Console) -> None:
    """What is wrong with the comparison under one set of rules, if anything."""
    proof, failed = proof_of(results), failed_sentences(failures(results), results.plan.size, words, most=2)
    if not proof.neutral or failed:
        out.print(f"{name}: " + neutral_words(proof, results.burn_in(), words), soft_wrap=True)
        for line in failed:
            out.print(line, soft_wrap=True)


def _table(title: str, rows: dict[str, dict[str, Row]], words: Words, out: Console) -> None:
    out.print(Text(capital(title), style="bold"))
    table = grid([words(_("rules")), *(words.measure(MEASURES[m]) for m in HEADLINES)], (
        [words(_p("rules", "default")) if name == DEFAULT else name, *(cell(by_measure[m]) for m in HEADLINES)]
        for name, by_measure in rows.items()), 1)
    for column in table.columns[1:]:
        column.min_width = CELL  # a number is never broken
    out.print(table)
    out.print()


def _holds(rows: dict[str, dict[str, Row]], words: Words, out: Console) -> None:
    """For each headline: whether the default's verdict holds under the other rules."""
    rest = [name for name in rows if name != DEFAULT]
    for m in HEADLINES:
        verdict = rows[DEFAULT][m]["verdict"]
        other = [name for name in rest if rows[name][m]["verdict"] != verdict]
        values = {"measure": words.measure(MEASURES[m]), "list": words.list(other or rest), "of": len(rest),
                  "n": len(rest) - len(other),
                  "verdict": {BETTER: _("better"), WORSE: _("worse"), OPEN: _("unresolved")}[verdict]}
        if len(rest) == 1:
            text = _("{measure}: {verdict}; not so under {list}.", **values) if other else _(
                "{measure}: {verdict}, under {list} too.", **values)
        else:
            text = _("{measure}: {verdict}; under {n} of {of} other rules too, otherwise under {list}.",
                     **values) if other else _("{measure}: {verdict}, under all {of} other rules too.", **values)
        said(words(text), out)
    out.print()
