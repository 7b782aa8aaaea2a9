"""How a street is cut into offices and desks: the same cadres, whatever the number of offices.

An office is where hand-offs and data registers end; a desk is where work queues. With as many cadres as departments, or
more, they are the same blocks of domains. With fewer, the two cuts differ: offices divide the domains evenly, desks
the cadres' places, so that a domain at an edge may queue at the desk beside its office; and with fewer cadres than
offices a desk is one cadre's, and takes the work of several offices or of parts of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .scenario import Scenario


@dataclass(frozen=True)
class Structure:
    """The cut of every street of the district; arrays over domains, cadres or desks of one street."""

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

    @cached_property
    def office_or_none(self) -> np.ndarray:
        """`office_of_domain` with a −1 behind, which is the office of domain −1, none."""
        return np.append(self.office_of_domain, -1)

    @cached_property
    def own_or_none(self) -> np.ndarray:
        """`own_share` with a 0 behind, for domain −1."""
        return np.append(self.own_share, 0.0)


def cut(scenario: Scenario, offices: int) -> Structure:
    """Cut every street into `offices` contiguous blocks of domains."""
    s, d, c = scenario.streets, scenario.departments, scenario.cadres
    offices = min(offices, d)
    desks = min(offices, c)
    domains, cadres = np.arange(d), np.arange(c)
    matched = min(c, d)  # cut by own domains, so that a domain's expert sits at its desk
    desk_of_domain = desks * (matched * domains // d) // matched
    desk_of_cadre = desks * (matched * cadres // c) // matched
    streets = np.arange(s)[:, None] * desks
    return Structure(
        offices=offices,
        desks=desks,
        office_of_domain=offices * domains // d,
        desk_of_domain=desk_of_domain,
        desk_of_cadre=(streets + desk_of_cadre).ravel(),
        staff_of_desk=np.tile(np.bincount(desk_of_cadre, minlength=desks), s),
        own_share=_own_share(d, c, desk_of_domain, desk_of_cadre),
        desk_of_site=(streets + desk_of_domain).ravel(),
    )


def _own_share(departments: int, cadres: int, desk_of_domain: np.ndarray, desk_of_cadre: np.ndarray) -> np.ndarray:
    """A cadre's own domains are those he had when every department had its match (essay: 向上对口)."""
    matched = min(departments, cadres)
    own_of_domain = matched * np.arange(departments) // departments
    own_of_cadre = matched * np.arange(cadres) // cadres
    here = desk_of_domain[:, None] == desk_of_cadre[None, :]
    own = here & (own_of_domain[:, None] == own_of_cadre[None, :])
    return own.sum(axis=1) / here.sum(axis=1)
