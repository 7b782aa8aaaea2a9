"""What the picture of one side shows today: short lists of small whole numbers, made from columns at once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents.work import Fate
from model.governance import GovernanceModel
from model.measures import HEADLINES, MEASURES
from model.regimes import parse_regime
from model.structure import Cut, cut, grid_of

from .definition import Definition
from .looking import fits, issued_today, live_copies, threads, trust, waiting_by_place

DIGITS = 4
PAPER_OVERHEADS = [cadres.OVERHEADS.index("inspection"), cadres.OVERHEADS.index("rating")]


def layout(definition: Definition, side: int) -> dict[str, Any]:
    """How many there are on a side after the switch: offices of every street, cadres by street."""
    sc = definition.scenario
    powers = parse_regime(definition.regimes[side]).powers(sc)
    return {"streets": sc.streets, "departments": sc.departments, "offices": cut(sc, powers.offices).offices,
            "cadres": list(sc.by_street("cadres"))}


def frame_of(m: GovernanceModel) -> dict[str, Any]:
    """One side's picture (the contract is in PAGE.md's frame): lists of whole numbers, percent 0–99 unless said."""
    by_department, by_desk = waiting_by_place(m)
    return {**_leaders(m), **_departments(m, by_department), **_desks_and_cadres(m, by_desk), **_grids(m),
            **_directives(m), **_flows(m), "headlines": headlines_of(m)}


def wire(frame: dict[str, Any]) -> str:
    """A frame as compact JSON; a widget's own encoder puts a blank after every number (a third more bytes)."""
    return json.dumps(frame, separators=(",", ":"), allow_nan=False)


def headlines_of(m: GovernanceModel) -> dict[str, float | None]:
    """The headlines of the run so far."""
    return {name: rounded(MEASURES[name].of(m)) for name in HEADLINES}


def rounded(value: float | None) -> float | None:
    """Four digits behind the point; None where undefined."""
    return None if value is None or not np.isfinite(value) else round(float(value), DIGITS)


def percent(share: np.ndarray) -> list[int]:
    """Shares as whole per cent, held to 0–99."""
    return np.clip(np.rint(share * 100), 0, 99).astype(int).tolist()


def _leaders(m: GovernanceModel) -> dict[str, list[int]]:
    led = m.leaders
    modes = np.where(led.modes.any(axis=1), led.modes.argmax(axis=1) + 1, 0)
    return {"leader_load": percent(led.given.sum(axis=1) / led.hours), "leader_mode": modes.tolist()}


def _departments(m: GovernanceModel, waits: np.ndarray) -> dict[str, list[int]]:
    dep, hours = m.departments, m.departments.hours
    issued = np.bincount(m.ideas.domain[issued_today(m)], minlength=m.scenario.departments)
    return {"dep_load": percent((dep.given.sum(axis=1) + dep.rated_today + dep.centre_today) / hours),
            "dep_core": percent(dep.core_quality),
            "dep_respond": percent(dep.given[:, departments.RESPOND] / hours),
            "dep_wait": _days(waits / hours), "down": issued.tolist()}


def _desks_and_cadres(m: GovernanceModel, waits: np.ndarray) -> dict[str, list[int]]:
    cad, shown = m.cadres, shown_cut(m)
    desk, hours = shown.desk_of_cadre, np.bincount(shown.desk_of_cadre, cad.hours)
    joined = np.zeros(len(waits), int)
    joined[m.cut.desk_of_cadre] = desk
    waits = np.bincount(joined, waits, len(hours))
    paper = cad.given[:, cadres.PAPERWORK] + cad.given[:, cadres.POLISH] + cad.overhead[:, PAPER_OVERHEADS].sum(axis=1)
    residents = cad.given[:, cadres.CASEWORK:cadres.POLISH].sum(axis=1)
    return {"desks": np.diff(shown.first_desk).tolist(), "desk_wait": _days(waits / hours),
            "desk_paper": percent(np.bincount(desk, paper, len(hours)) / hours),
            "cadre_paper": percent(paper / cad.hours), "cadre_res": percent(residents / cad.hours)}


def shown_cut(m: GovernanceModel) -> Cut:
    """How streets are cut; on the day of the switch already as the regime will cut them, for that is what starts."""
    sc = m.scenario
    return cut(sc, m.regime.powers(sc).offices) if m.day == sc.burn_in else m.cut


def _days(days: np.ndarray) -> list[int]:
    return np.clip(np.rint(days), 0, 99).astype(int).tolist()


def _grids(m: GovernanceModel) -> dict[str, Any]:
    sc, p = m.scenario, m.problems
    grid, n = grid_of(sc, np.arange(len(m.residents))), len(m.cadres)
    people = np.bincount(grid, minlength=n)
    mean = np.bincount(grid, trust(m), n) / np.maximum(people, 1)
    cases = np.bincount(grid_of(sc, p.resident[p.fate == Fate.OPEN]), minlength=n)
    return {"grid_trust": percent(mean), "grid_open": np.minimum(cases, 99).tolist()}


def _directives(m: GovernanceModel) -> dict[str, list[int]]:
    live, streets = live_copies(m), m.scenario.streets
    street = m.copies.street[live]
    number = np.bincount(street, minlength=streets)
    fit, target = (np.bincount(street, values, streets) / np.maximum(number, 1)
                   for values in (fits(m, live), m.copies.target[live]))
    return {"street_fit": percent(fit), "street_copies": number.tolist(),
            "street_target": np.rint(100 * target).astype(int).tolist()}


def _flows(m: GovernanceModel) -> dict[str, Any]:
    bound = MEASURES["authority"].of(m)
    return {"up": threads(m, answered=False), "back": threads(m, answered=True),
            "bound": [] if bound is None else percent(np.array([bound]))}
