"""From a stored run to the lab: a point of a results folder as a definition, and the link that opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.codehash import code_hash
from experiments.store import Results, scenario_of
from languages.text import _
from model.errors import InputError
from model.scenario import PARAMETERS, Scenario
from model.town import Place

from ..definition import Definition
from ..links import LAB, link
from ..words import parameter_label, word


def scenario_at(results: Results, point: int, region: str) -> Scenario:
    """The scenario that was run at a point.

    Raises:
        InputError: nothing was run there.
    """
    for found, name, text in results._read("select point, region, scenario from {runs} group by point, region"):
        if (found, name) == (point, region):
            return scenario_of(text)
    raise InputError(_("nothing was run at point {point} in {region}", point=point, region=region))


def obstacle(results: Results, scenario: Scenario, offered: dict[str, str]) -> tuple[str, dict[str, str]] | None:
    """Why the lab cannot repeat these runs: a key of the page's words and its values; None if it can."""
    own = results.own_rules()
    if scenario.needs:
        return "uses_log", {}
    if own and own[0][1] not in offered.values():
        return "uses_rules", {"file": Path(own[0][0]).name}
    try:
        Definition(scenario)
    except InputError:
        return "too_large", {}
    return None


def definition_at(results: Results, point: int, region: str, regime: str, seed: int,
                  offered: dict[str, str] | None = None) -> Definition:
    """What the lab runs to give the same numbers.

    `offered` are the texts of the rules files this server offers, by name.

    Raises:
        InputError: nothing was run there, or the lab cannot run it (see `obstacle`).
    """
    own = results.own_rules()
    rules = next((name for name, text in (offered or {}).items() if own and text == own[0][1]), None)
    return Definition(scenario_at(results, point, region), (results.plan.regimes[0], regime), int(seed), rules)


def picked(results: Results, point: int, region: str, regime: str, lang: str,
           offered: dict[str, str] | None = None) -> dict[str, Any]:
    """What a picked point offers: its changed values, and a link to the lab a seed; or the sentence why not."""
    scenario = scenario_at(results, point, region)
    stop = obstacle(results, scenario, offered or {})
    seeds = [] if stop else finished(results, point, region, regime)
    changed = {k: v for k, v in scenario.changed().items() if k not in ("name", "needs", "events")}
    return {"point": point, "region": region, "regime": regime, "values": [
                [parameter_label(k, lang) if k in PARAMETERS else k, plain(changed[k])]
                for k in sorted(changed, key=lambda k: k not in results.varied)],
            "seeds": [{"seed": s, "href": link(definition_at(results, point, region, regime, s, offered), LAB)}
                      for s in seeds],
            "why_not": word(stop[0], lang, **stop[1]) if stop else "",
            "old": "" if same_code(results) else word("old_code", lang)}


def finished(results: Results, point: int, region: str, regime: str) -> list[int]:
    """Seeds of which both runs are done."""
    table = results.runs()
    rows = table[(table["point"] == point) & (table["region"] == region)]
    base = results.plan.regimes[0]
    done = {name: set(rows.loc[rows["regime"] == name, "seed"]) for name in (base, regime)}
    return sorted(int(seed) for seed in done[base] & done[regime])


def same_code(results: Results) -> bool:
    """Whether today's code made the numbers, as far as the folder says."""
    return all(code == code_hash() for (code,) in results._read("select distinct code from {runs}"))


def plain(value: Any) -> str:
    """A parameter's value as text."""
    if isinstance(value, tuple):
        return f"{len(value)}×" if isinstance(value[0], Place) else ", ".join(f"{v:g}" for v in value)
    return f"{value:g}"
