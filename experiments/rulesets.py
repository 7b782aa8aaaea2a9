"""Rules against rules: the same scenarios, regimes and seeds under the default rules and under others.

Two questions, both paired: does a regime's difference hold under other rules, and what do the rules themselves change.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.rules import SLOTS
from agents.variants import VARIANTS
from model.errors import InputError
from model.measures import HEADLINES, MEASURES

from .compare import SCHEMA, Comparison, Line, Plan, gather
from .engine import Outcome
from .options import listed, source_of
from .paired import paired
from .runs import Source
from .table import MARKS, capital, neutral_sentence, number, wrapped
from .words import Words

DEFAULT, ALL = "default", "all"
DIGITS = 3


def rule_sets(text: str) -> dict[str, Source | None]:
    """Read `SLOT|VARIANT|FILE.py|all[,…]`: the default rules first, then each by its name.

    A slot stands for its variants, `all` for every shipped one.

    Raises:
        InputError: no such thing, a file that cannot be used, a slot without variants, a name given twice.
    """
    sets: dict[str, Source | None] = {DEFAULT: None}
    for part in listed(text, "--rules-variants", "split_attention"):
        if part in SLOTS and part not in VARIANTS:
            raise InputError(f"slot {part!r} has no variants; those with: {', '.join(VARIANTS)}; or give a file",
                             f"规则 {part!r} 没有变体；有变体的：{'、'.join(VARIANTS)}；或给一个文件")
        for which in chain(*VARIANTS.values()) if part == ALL else VARIANTS.get(part, [part]):
            name = Path(which).stem
            if name in sets:
                raise InputError(f"--rules-variants names {name!r} twice; give different names",
                                 f"--rules-variants 两次写了 {name!r}；请用不同的名称")
            sets[name] = source_of(which)
    return sets


@dataclass
class RuleComparison:
    """A comparison of regimes under each set of rules, the default's first."""

    by_rules: dict[str, Comparison]

    @property
    def plan(self) -> Plan:
        """The plan under the default rules."""
        return self.by_rules[DEFAULT].plan

    def moved(self, name: str, region: str, regime: str) -> dict[str, Line]:
        """What rules change against the default in one regime, by measure."""
        a, b = self.by_rules[DEFAULT], self.by_rules[name]
        return {m: Line(region, m, DEFAULT, name, paired(a.values(region, regime, m), b.values(region, regime, m),
                                                         MEASURES[m].direction)) for m in MEASURES}

    def reform(self, name: str, region: str, regime: str) -> dict[str, Line]:
        """A regime against the first under these rules, by measure."""
        return {line.measure: line for line in self.by_rules[name].lines(region, regime)}

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`: each set's comparison of regimes, and its difference from the default's."""
        return {"schema": SCHEMA, "rules": {name: self._entry(name) for name in self.by_rules}}

    def _entry(self, name: str) -> dict[str, Any]:
        comparison = self.by_rules[name]
        told = {"code": comparison.plan.rules and comparison.plan.rules.text, **comparison.as_dict()}
        if name != DEFAULT:
            told["against_default"] = {
                region: {regime: {m: _figures(line) for m, line in self.moved(name, region, regime).items()}
                         for regime in self.plan.regimes} for region in self.plan.regions}
        return told


def _figures(line: Line) -> dict[str, Any]:
    return {k: getattr(line.stats, k) for k in ("mean_a", "mean_b", "difference", "low", "high", "p_better")}


def plans(plan: Plan, sets: dict[str, Source | None]) -> dict[str, Plan]:
    """The plan under each set of rules."""
    return {name: replace(plan, rules=source) for name, source in sets.items()}


def collect(plans: dict[str, Plan], outcomes: Iterable[Outcome]) -> RuleComparison:
    """Put the outcomes of all plans' tasks, one plan after the other, back in their places."""
    size = len(next(iter(plans.values())).tasks())
    parts: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        parts.setdefault(outcome.index // size, []).append(replace(outcome, index=outcome.index % size))
    return RuleComparison({name: gather(plan, plan.tasks(), parts.get(k, [])) for k, (name, plan) in
                           enumerate(plans.items())})


def write(result: RuleComparison, folder: Path, started: datetime) -> None:
    """A folder a set of rules, each as `compare --out` writes it."""
    from .folder import write as write_one

    for name, comparison in result.by_rules.items():
        write_one(comparison, folder / name, sys.argv, started)


# --- what is printed --------------------------------------------------------------------------------------------------


def show(result: RuleComparison, words: Words, out: Console) -> None:
    """Print it all: for each region and regime what the reform does under each rule, then what each rule does."""
    plan, rules = result.plan, list(result.by_rules)
    out.print(Text(words("rules_title", n=len(rules), pairs=len(plan.seeds)), style="bold"))
    out.print()
    for region in plan.regions:
        for regime in plan.regimes[1:]:
            lines = {name: result.reform(name, region, regime) for name in rules}
            _table(words("arm", region=words.region(region), a=words.regime(plan.regimes[0]), b=words.regime(regime)),
                   lines, words, out)
            _holds(lines, words, out)
        for regime in plan.regimes:
            lines = {name: result.moved(name, region, regime) for name in rules[1:]}
            title = words("against_default", region=words.region(region), regime=words.regime(regime))
            _table(title, lines, words, out)
    out.print(wrapped(words("rules_legend"), out.width), style="dim", soft_wrap=True)
    for name, comparison in result.by_rules.items():
        neutral = comparison.neutrality().neutral
        if not neutral or comparison.failures:
            out.print(f"{name}: " + neutral_sentence(comparison, words), soft_wrap=True)
            out.print(words("failed", failed=len(comparison.failures), runs=len(comparison.tasks)), soft_wrap=True)
            for failure in comparison.failures[:2]:
                out.print("  " + words.why(failure.as_dict()), soft_wrap=True)


def _table(title: str, lines: dict[str, dict[str, Line]], words: Words, out: Console) -> None:
    out.print(Text(capital(title), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(words("rules"), no_wrap=True)
    for name in HEADLINES:
        table.add_column(words.measure(MEASURES[name]), justify="right")
    for name, by_measure in lines.items():
        table.add_row(words("default_rules") if name == DEFAULT else name, *(_cell(by_measure[m]) for m in HEADLINES))
    out.print(table)
    out.print()


def _cell(line: Line) -> Text:
    s = line.stats
    mark, style = MARKS[line.verdict]
    if s.low is None or s.high is None:
        return Text(number(s.difference, DIGITS, True), style=style)
    half = number((s.high - s.low) / 2, DIGITS)
    return Text(f"{mark} {number(s.difference, DIGITS, True)} ±{half}".strip(), style=style)


def _holds(lines: dict[str, dict[str, Line]], words: Words, out: Console) -> None:
    """For each headline: whether the default's verdict holds under the other rules."""
    for m in HEADLINES:
        base = lines[DEFAULT][m].verdict
        other = [name for name, by_measure in lines.items() if by_measure[m].verdict != base]
        rest = [name for name in lines if name != DEFAULT]
        key = ("holds" if not other else "holds_not") + ("_one" if len(rest) == 1 else "")
        verdict = words({1: "better", -1: "worse", 0: "unresolved"}[base])
        out.print(wrapped(words(key, measure=words.measure(MEASURES[m]), verdict=verdict, n=len(rest) - len(other),
                                of=len(rest), list=words.list(other or rest)), out.width), soft_wrap=True)
    out.print()
