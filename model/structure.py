"""How a street is cut into offices and desks: the same cadres, whatever the number of offices.

Offices are the same everywhere; desks are as a street has cadres.

An office is where hand-offs and data registers end; a desk is where work queues. With as many cadres as departments, or
more, they are the same blocks of domains. With fewer, the two cuts differ: offices divide the domains evenly, desks
the cadres' places, so that a domain at an edge may queue at the desk beside its office; and with fewer cadres than
offices a desk is one cadre's, and takes the work of several offices or of parts of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from agents.compiled import District, entry
from agents.queues import FREE, empty_into_fresh

from .assign import CADRE_KINDS, QUEUED
from .scenario import Scenario


@dataclass(frozen=True)
class Cut:
    """The cut of every street of the district; desks are numbered street by street."""

    offices: int
    office_of_domain: np.ndarray
    desk_of_cadre: np.ndarray
    """Of every cadre of the district."""
    own_share: np.ndarray
    """By site (street × domains + domain): of the cadres at its desk, the share whose own domain it is."""
    desk_of_site: np.ndarray
    """Desk of every site."""


def cut(scenario: Scenario, offices: int) -> Cut:
    """Cut every street into `offices` contiguous blocks of domains."""
    d, cadres = scenario.departments, scenario.by_street("cadres")
    offices = min(offices, d)
    streets = [_street(d, c, offices) for c in cadres]
    first = np.append(0, np.cumsum([min(offices, c) for c in cadres]))
    return Cut(
        offices=offices,
        office_of_domain=offices * np.arange(d) // d,
        desk_of_cadre=np.concatenate([at + of_cadre for at, (_, of_cadre, _) in zip(first, streets, strict=False)]),
        own_share=np.concatenate([own for _, _, own in streets]),
        desk_of_site=np.concatenate([at + of_domain for at, (of_domain, _, _) in zip(first, streets, strict=False)]),
    )


@lru_cache(maxsize=256)
def _street(d: int, c: int, offices: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Desk of each domain and of each cadre within one street, and each domain's share of experts at its desk."""
    desks, matched = min(offices, c), min(c, d)
    # a cadre's own domains are those they had when every department had its match (essay: 向上对口); cut by these, so
    # that a domain's expert sits at its desk
    own_of_domain, own_of_cadre = matched * np.arange(d) // d, matched * np.arange(c) // c
    desk_of_domain, desk_of_cadre = desks * own_of_domain // matched, desks * own_of_cadre // matched
    here = desk_of_domain[:, None] == desk_of_cadre[None, :]
    own = here & (own_of_domain[:, None] == own_of_cadre[None, :])
    return desk_of_domain, desk_of_cadre, own.sum(axis=1) / here.sum(axis=1)


def grid_of(sc: Scenario, resident: np.ndarray) -> np.ndarray:
    """Grids, by their cadres' numbers in the district, of residents."""
    cadres, residents = np.array(sc.by_street("cadres")), np.array(sc.by_street("residents"))
    first = np.cumsum(residents) - residents
    street = np.searchsorted(first, resident, side="right") - 1
    within = (resident - first[street]) * cadres[street] // residents[street]
    return (np.cumsum(cadres) - cadres)[street] + within


# --- in a run -------------------------------------------------------------------------------------------------------


def cut_streets(d, scenario: Scenario, offices: int) -> None:
    """Cut a `District`'s streets into so many offices: cadres sit at other desks; what waits moves with its site."""
    new, before = cut(scenario, offices), d.structure.office_of_domain.copy()
    d.structure.office_of_domain[:], d.structure.own_share[:] = new.office_of_domain, new.own_share
    d.structure.desk_of_site[:] = new.desk_of_site
    d.cadres.desk = new.desk_of_cadre
    d.desks.fill(0)
    staff = np.bincount(new.desk_of_cadre)
    held = d.desks[:len(staff)]
    held.cadres, held.first_cadre = staff, np.cumsum(staff) - staff
    _merge_registers(d.register.held.reshape(-1, scenario.item_pool), before, new)
    move_work(d.handle)


def _merge_registers(held: np.ndarray, office_before: np.ndarray, new: Cut) -> None:
    """An office's register holds what the offices merged into it held."""
    before = held.copy()
    for office in range(new.offices):
        held[office] = before[np.unique(office_before[new.office_of_domain == office])].max(axis=0)


@entry
def move_work(d: District) -> None:
    """What waits at desks goes to the desk that now has its site, and leaves the hands of those who sit elsewhere."""
    q = d.desk_work
    empty_into_fresh(q, d.now[0].day, d.died)
    for queue in range(len(q.came)):
        q.came[queue] = 0.0
    for i in range(q.head[0].fresh):
        w = q.fresh[i]
        desk = d.structure.desk_of_site[w.site]
        w.queue = QUEUED * desk + CADRE_KINDS[w.act]
        if w.who > 0 and d.cadres[w.who - 1].desk != desk:
            w.who = FREE
