"""How a street is cut into offices and desks: the same cadres, whatever the number of offices.

An office is where hand-offs and data registers end; a desk is where work queues. With as many cadres as departments, or
more, they are the same blocks of domains. With fewer, the two cuts differ: offices divide the domains evenly, desks
the cadres' places, so that a domain at an edge may queue at the desk beside its office; and with fewer cadres than
offices a desk is one cadre's, and takes the work of several offices or of parts of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.compiled import District, entry
from agents.queues import FREE, empty_into_fresh

from .assign import CADRE_KINDS, QUEUED
from .scenario import Scenario


@dataclass(frozen=True)
class Cut:
    """The cut of every street of the district; arrays over domains, cadres or desks of one street unless said."""

    offices: int
    desks: int
    office_of_domain: np.ndarray
    desk_of_domain: np.ndarray
    desk_of_cadre: np.ndarray
    """Of every cadre of the district: street × desks + desk."""
    staff_of_desk: np.ndarray
    """Cadres at each desk of the district."""
    own_share: np.ndarray
    """Of the cadres at a domain's desk, the share whose own domain it is."""
    desk_of_site: np.ndarray
    """District-wide desk of site = street × domains + domain."""


def cut(scenario: Scenario, offices: int) -> Cut:
    """Cut every street into `offices` contiguous blocks of domains."""
    s, d, c = scenario.streets, scenario.departments, scenario.cadres
    offices = min(offices, d)
    desks = min(offices, c)
    domains, cadres = np.arange(d), np.arange(c)
    matched = min(c, d)  # cut by own domains, so that a domain's expert sits at its desk
    desk_of_domain = desks * (matched * domains // d) // matched
    desk_of_cadre = desks * (matched * cadres // c) // matched
    streets = np.arange(s)[:, None] * desks
    return Cut(
        offices=offices,
        desks=desks,
        office_of_domain=offices * domains // d,
        desk_of_domain=desk_of_domain,
        desk_of_cadre=(streets + desk_of_cadre).ravel(),
        staff_of_desk=np.tile(np.bincount(desk_of_cadre, minlength=desks), s),
        own_share=_own_share(d, c, desk_of_domain, desk_of_cadre),
        desk_of_site=(streets + desk_of_domain).ravel(),
    )


def grid_of(sc: Scenario, resident: np.ndarray) -> np.ndarray:
    """Grids (street × cadres + cadre) of residents."""
    return resident // sc.residents * sc.cadres + resident % sc.residents * sc.cadres // sc.residents


def _own_share(departments: int, cadres: int, desk_of_domain: np.ndarray, desk_of_cadre: np.ndarray) -> np.ndarray:
    """A cadre's own domains are those he had when every department had its match (essay: 向上对口)."""
    matched = min(departments, cadres)
    own_of_domain = matched * np.arange(departments) // departments
    own_of_cadre = matched * np.arange(cadres) // cadres
    here = desk_of_domain[:, None] == desk_of_cadre[None, :]
    own = here & (own_of_domain[:, None] == own_of_cadre[None, :])
    return own.sum(axis=1) / here.sum(axis=1)


# --- in a run -------------------------------------------------------------------------------------------------------


def cut_streets(d, scenario: Scenario, offices: int) -> Cut:
    """Cut the streets of a district anew: cadres sit at other desks, and what waits moves with its site.

    Args:
        d: a `model.district.District`.
        scenario: how many there are of everybody.
        offices: of every street.

    Returns:
        The cut.
    """
    new, before = cut(scenario, offices), d.structure.office_of_domain.copy()
    d.structure.office_of_domain[:], d.structure.own_share[:] = new.office_of_domain, new.own_share
    d.structure.desk_of_site[:] = new.desk_of_site
    d.cadres.desk = new.desk_of_cadre
    d.desks.fill(0)
    held = d.desks[:len(new.staff_of_desk)]
    held.cadres, held.first_cadre = new.staff_of_desk, np.searchsorted(new.desk_of_cadre, np.arange(len(held)))
    held.street = np.repeat(np.arange(scenario.streets), new.desks)
    _merge_registers(d.register.held.reshape(-1, scenario.item_pool), before, new)
    move_work(d.handle)
    return new


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
