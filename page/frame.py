"""What the picture of one side shows today: short lists of small whole numbers, made from columns at once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents.work import Fate
from model.directives import RELAY, TIGHTEN, TRANSLATE
from model.governance import GovernanceModel
from model.measures import HEADLINES, MEASURES
from model.regimes import parse_regime
from model.street import fit_of
from model.structure import cut

from .definition import Definition

DIGITS = 4
MODES = (RELAY, TIGHTEN, TRANSLATE)
PAPER_OVERHEADS = [cadres.OVERHEADS.index("inspection"), cadres.OVERHEADS.index("rating")]


def layout(definition: Definition, side: int) -> dict[str, int]:
    """How many there are of everybody on a side after the switch; desks and offices by street."""
    sc = definition.scenario
    powers = parse_regime(definition.regimes[side]).powers(sc)
    structure = cut(sc, powers.offices)
    return {"streets": sc.streets, "departments": sc.departments, "desks": structure.desks, "offices":
            structure.offices, "cadres": sc.cadres, "residents": sc.residents, "staff": sc.staff}


def frame_of(m: GovernanceModel) -> dict[str, Any]:
    """One side's picture (the contract is in PAGE.md's frame): lists of whole numbers, percent 0–99 unless said."""
    return {**_leaders(m), **_departments(m), **_desks_and_cadres(m), **_grids(m), **_directives(m), **_flows(m),
            "headlines": headlines_of(m)}


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


def waiting(m: GovernanceModel) -> tuple[np.ndarray, np.ndarray]:
    """Hours that wait at every department and at every desk."""
    out = []
    for work, places in ((m.department_work, m.scenario.departments), (m.cadre_work, len(m.structure.staff_of_desk))):
        hours, queue = work.peek()
        out.append(np.bincount(queue // work.kinds, hours, places))
    return out[0], out[1]


def _leaders(m: GovernanceModel) -> dict[str, list[int]]:
    modes = [0] * len(m.leaders.given)
    for row, used in m.today.modes.items():
        modes[row] = int(np.bincount(np.array(used, int), minlength=len(MODES)).argmax()) + 1
    return {"leader_load": percent(m.leaders.given.sum(axis=1) / m.paid), "leader_mode": modes}


def _departments(m: GovernanceModel) -> dict[str, list[int]]:
    dep, hours = m.departments, m.scenario.staff * m.paid
    waits, _ = waiting(m)
    issued = np.bincount(m.directives.domain[m.inbox], minlength=m.scenario.departments) if m.inbox else \
        np.zeros(m.scenario.departments, int)
    return {"dep_load": percent((dep.given.sum(axis=1) + dep.rated) / hours),
            "dep_core": percent(dep.core_quality),
            "dep_respond": percent(dep.given[:, departments.RESPOND] / hours),
            "dep_wait": _days(waits / hours), "down": issued.tolist()}


def _desks_and_cadres(m: GovernanceModel) -> dict[str, list[int]]:
    cad, desk, staff = m.cadres, m.structure.desk_of_cadre, m.structure.staff_of_desk
    paper = cad.given[:, cadres.PAPERWORK] + cad.given[:, cadres.POLISH] + cad.overhead[:, PAPER_OVERHEADS].sum(axis=1)
    residents = cad.given[:, cadres.CASEWORK:cadres.POLISH].sum(axis=1)
    _, waits = waiting(m)
    return {"desk_wait": _days(waits / (staff * m.paid)),
            "desk_paper": percent(np.bincount(desk, paper, len(staff)) / (staff * m.paid)),
            "cadre_paper": percent(paper / m.paid), "cadre_res": percent(residents / m.paid)}


def _days(days: np.ndarray) -> list[int]:
    return np.clip(np.rint(days), 0, 99).astype(int).tolist()


def grid_of(m: GovernanceModel, street: np.ndarray, resident: np.ndarray) -> np.ndarray:
    """Grids (street × cadres + cadre) of residents."""
    sc = m.scenario
    return street * sc.cadres + resident * sc.cadres // sc.residents


def _grids(m: GovernanceModel) -> dict[str, Any]:
    sc, p = m.scenario, m.problems
    every = np.arange(sc.streets * sc.residents)
    grid, n = grid_of(m, every // sc.residents, every % sc.residents), sc.streets * sc.cadres
    people = np.bincount(grid, minlength=n)
    trust = np.bincount(grid, m.residents.trust(every), n) / np.maximum(people, 1)
    rows = np.flatnonzero(p.fate == Fate.OPEN)
    cases = np.bincount(grid_of(m, p.street[rows], p.resident[rows]), minlength=n)
    return {"grid_trust": percent(trust), "grid_open": np.minimum(cases, 99).tolist()}


def _directives(m: GovernanceModel) -> dict[str, list[int]]:
    d, streets = m.directives, m.scenario.streets
    s = m.live % streets
    n = np.maximum(np.bincount(s, minlength=streets), 1)
    fit = fit_of(m, m.live) if len(s) else np.empty(0)
    return {"street_fit": percent(np.bincount(s, fit, streets) / n),
            "street_copies": np.bincount(s, minlength=streets).tolist(),
            "street_target": np.rint(100 * np.bincount(s, d.copies.target[m.live], streets) / n).astype(int).tolist()}


def _flows(m: GovernanceModel) -> dict[str, Any]:
    bound = MEASURES["authority"].of(m)
    return {"up": _threads(m, m.today.asked), "back": _threads(m, m.today.answered),
            "bound": 0 if bound is None else percent(np.array([bound]))[0]}


def _threads(m: GovernanceModel, pairs: list[tuple[np.ndarray, np.ndarray]]) -> list[list[int]]:
    """[street, department, count] of what went between them."""
    if not pairs:
        return []
    thing, department = (np.concatenate(column) for column in zip(*pairs, strict=True))
    site, count = np.unique(street_of(m, thing) * m.scenario.departments + department, return_counts=True)
    return np.stack((site // m.scenario.departments, site % m.scenario.departments, count), axis=1).tolist()


def street_of(m: GovernanceModel, thing: np.ndarray) -> np.ndarray:
    """Streets of cases and repairs."""
    repair = thing >= m.at.causes
    case = m.problems.street[np.where(repair, 0, thing)]
    return np.where(repair, m.causes.street[np.where(repair, thing - m.at.causes, 0)], case)
