"""What a reader needs to judge a result: neutrality, parameters, own rules, failures, versions."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pandas as pd

from languages.text import _
from model.regimes import Regime, parse_regime
from model.scenario import PARAMETERS, REGIONS, Scenario
from model.town import COUNTS, KINDS, PARAMETER

from ..lists import basis
from ..neutrality import proof_of
from ..runs import Source
from ..store import PLAN, Results, rules_hash
from ..table import capital, neutral_words
from ..words import BASIS, Words
from .parts import Section, Table

FAILURES = 20


def neutrality_section(results: Results, words: Words, regimes: list[str]) -> Section:
    """The proof that only the regime differed."""
    text = [neutral_words(proof_of(results, with_more_hours=False), results.burn_in(), words)]
    paid = [r for r in results.plan.regimes if not parse_regime(r).neutral]
    if paid:
        text.append(words(_("Not counted in this: {arms} adds paid hours on purpose and is not neutral.",
                            arms=words.list([words.regime(r) for r in paid]))))
    return Section("neutrality", words(_("Was the comparison neutral?")), text)


def parameters_section(results: Results, words: Words, regimes: list[str]) -> Section:
    """Every number with the values used, what it rests on, and a mark where it is only assumed."""
    used = results.scenarios()
    head = [words(_("name")), words(_("what it is")), *(capital(words.region(r)) for r in used), words(_("range")),
            words(_("unit")), words(_("basis"))]
    rows, data = [], []
    for p in PARAMETERS.values():
        values = {region: _values(some, p.name) for region, some in used.items()}
        basis_text = basis({"mark": p.mark, "source": p.source}, words)
        cells = [_used(v, REGIONS[used[region][0]["region"]].get(p.name, p.default)) for region, v in values.items()]
        rows.append([p.name, f"{words(p.label)}：{words(p.text)}" if words.zh else p.text,
                     *cells, f"{p.low:g}–{p.high:g}", words.unit(p.unit),
                     (basis_text, "assumed" if p.mark != "found" else "")])
        data.append({"name": p.name, **{r: "; ".join(map(str, v)) for r, v in values.items()}, "low": p.low,
                     "high": p.high, "unit": p.unit, "basis": p.mark, "source": p.source})
    marks = pd.Series([p.mark for p in PARAMETERS.values()]).value_counts()
    text = words(_("{n} numbers ({counts}). Values used here; bold: not the region's default.", n=len(rows),
                   counts=words.list([f"{words(BASIS[m])} {n}" for m, n in marks.items()])))
    table = Table(head, rows, "parameters", pd.DataFrame(data), wide=2)
    return Section("parameters", words(_("Every number and what it rests on")), [text], [table])


def _values(some: list[dict[str, Any]], name: str) -> list[Any]:
    return sorted({s[name] for s in some if name in s})


def _used(values: list[Any], default: float) -> str | tuple[str, str]:
    if not values:
        return "–"
    text = f"{values[0]:g}" if len(values) == 1 else f"{values[0]:.3g} … {values[-1]:.3g} ({len(values)})"
    return text if values == [default] else (text, "changed")


def towns_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Towns of one's own: their streets and departments by name, with the values they were run with."""
    towns = {region: some[0] for region, some in results.scenarios().items() if some[0].get("street") or
             some[0].get("department")}
    if not towns:
        return None
    section = Section("towns", words(_("Streets and departments by name")), [words(_(
        "As the first point of each region has them; what a table leaves out is the scenario's. –: drawn."))])
    for n, (region, values) in enumerate(towns.items(), 1):
        town = Scenario(**{k: v for k, v in values.items() if v is not None})
        for kind in KINDS:
            section.blocks.append(_places(town, kind, f"{COUNTS[kind]}-{n}", words.region(region), words))
    return section


def _places(town: Scenario, kind: str, name: str, region: str, words: Words) -> Table:
    """The streets or departments of a town, a row each."""
    street = kind == "street"
    name_of, by_place = (town.street_name, town.by_street) if street else (town.department_name, town.by_department)
    keys = [key for key in PARAMETER[kind] if key not in ("theta", "groundedness")]
    columns = {key: by_place(key) for key in keys}
    drawn = {key: [getattr(place, key) for place in getattr(town, kind)] or [None] * len(columns[keys[0]])
             for key in PARAMETER[kind] if key not in keys}
    rows = [[str(words(name_of(k))), *(_value((columns | drawn)[key][k]) for key in PARAMETER[kind])]
            for k in range(len(columns[keys[0]]))]
    head = [words(_("street") if street else _("department")), *PARAMETER[kind]]
    return Table(head, rows, name, pd.DataFrame(rows, columns=["name", *PARAMETER[kind]]), region, wide=1)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(f"{v:g}" for v in value)
    return "–" if value is None else f"{value:g}"


def rules_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """The researcher's own rules, with their code."""
    own, reforms = results.own_rules(), [r for r in map(parse_regime, results.plan.regimes) if r.own]
    if not own and not reforms:
        return None
    if not own:
        return Section("rules", words(_("Rules of your own")), [words(_(
            "These regimes bring rules of their own, from the switch on: {list}.",
            list=words.list([words.regime(r.name) for r in reforms])))], _texts(reforms))
    files = words.list([f"{Path(path).name} ({rules_hash(Source(path, text))})" for path, text in own])
    section = Section("rules", words(_("Rules of your own")), [words(_(
        "These runs used decision rules from {files}; in brackets the hash of the code.", files=files))])
    section.blocks += [*(text.rstrip() for _, text in own), *_texts(reforms)]
    return section


def _texts(reforms: list[Regime]) -> list[str]:
    """What regimes of one's own are made of: the TOML and the Python of each."""
    return [text.rstrip() for regime in reforms for text in (regime.own.text, regime.own.source)]


def failures_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Runs that failed or were never tried."""
    table, lost = results.failures(), results.missing()
    if table.empty and not lost:
        return None
    section = Section("failures", words(_("Failed or missing runs")))
    if lost:
        section.text.append(words(_("{n} runs of the plan are missing; run the same command again to finish {folder}.",
                                    n=lost, folder=results.folder)))
    if len(table):
        section.text.append(words(_("{failed} of {runs} runs failed; a pair without both runs is left out.",
                                    failed=len(table), runs=len(results.runs()) + len(table))))
        rows = [[words.region(f["region"]), words.regime(f["regime"]), str(f["seed"]), words.why(f), f["replay"]]
                for f in table.head(FAILURES).to_dict("records")]
        head = [words(text) for text in (_("region"), _("regime"), _("seed"), _("error"), _("to repeat"))]
        more = words(_("{n} more", n=len(table) - FAILURES)) if len(table) > FAILURES else ""
        section.blocks.append(Table(head, rows, "failures", table, more, wide=9))
    return section


def versions_section(results: Results, words: Words, regimes: list[str]) -> Section:
    """Commands, code, versions, times, seeds, plan: what repeats the result."""
    said, plan = results.manifest(), results.plan
    section = Section("versions", words(_("How it was made")))
    starts = said.get("starts") or [{}]
    rows = [[start.get("at") or "–", shlex.join(map(str, start.get("argv") or [])), _commit(start, words),
             start.get("code") or "–"] for start in starts]
    head = [words(text) for text in (_("time"), _("command"), _("commit"), _("code hash"))]
    section.blocks.append(Table(head, rows, wide=9))
    last = starts[-1]
    versions = {"python": last.get("python"), **(last.get("versions") or {})}
    section.text.append(words(_("{versions}.", versions=words.list([f"{k} {v}" for k, v in versions.items() if v]))))
    seeds = plan.seeds
    told = {"n": seeds.per_point, "first": seeds.root, "last": seeds.root + seeds.per_point - 1}
    section.text.append(words(
        _("Every point has seeds of its own ({n}), the same for every regime, from {first} on.", **told) if seeds.own
        else _("{n} seeds: {first}–{last}, the same for every regime and point.", **told)))
    section.blocks.append((results.folder / PLAN).read_text(encoding="utf-8").rstrip())
    return section


def _commit(start: dict[str, Any], words: Words) -> str:
    git = start.get("git")
    if not git:
        return "–"
    changed = words(_("(changed since)")) if git["dirty"] else ""
    return f"{git['commit'][:12]} {changed}".rstrip()
