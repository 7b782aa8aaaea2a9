"""Whose the paid hours are: each person's own, and what a regime moves from departments to streets.

The hours of all are the same under every regime but `more_staff`; those of a class move only where a file says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.leader import FIRST_STREET
from agents.work import CLASSES, DAY_HOURS
from languages.text import _

from .errors import InputError
from .regimes import Powers
from .scenario import Scenario


def check_pay(sc: Scenario, powers: Powers) -> None:
    """Refuse what takes more people from departments than they can give.

    Raises:
        InputError: it takes more than half of them.
    """
    people = sum(sc.by_department("staff"))
    if powers.first_secretary and 2 * sc.streets > people:
        raise InputError(_("first_secretary sends a person to each of {streets} streets, more than half of the "
                           "{people} people of departments; give more staff, or fewer streets", streets=sc.streets,
                           people=people))


def pay(d: Any, sc: Scenario, powers: Powers) -> None:
    """Set everybody's paid hours a day, in a `model.district.District` whose streets have just been cut."""
    paid = DAY_HOURS * powers.staff
    staff = d.departments.staff
    d.leaders.hours, d.departments.hours, d.cadres.hours = paid, staff * paid, paid
    if powers.first_secretary:
        d.leaders.hours[FIRST_STREET:] += paid
        d.departments.hours -= paid * sc.streets * staff / staff.sum()
    if powers.sent_down:
        send_down(d, sc, min(powers.sent_down, sc.departments))


def send_down(d: Any, sc: Scenario, number: int) -> None:
    """The first departments' people for core work and answers sit at the streets' desks, in equal parts.

    Those who issue and inspect stay.
    """
    gone = d.departments.hours[:number] * (1 - sc.stay)
    d.departments.hours[:number] -= gone
    here, own = d.structure.desk_of_site, d.structure.own_share
    staff = d.desks.cadres[:here.max() + 1]
    each = np.tile(np.append(gone, np.zeros(sc.departments - number)) / sc.streets, sc.streets)  # by site
    came = np.bincount(here, each)
    heads, experts = came / d.now[0].paid, each / d.now[0].paid
    own[:] = (own * staff[here] + experts) / (staff + heads)[here]
    d.cadres.hours += (came / staff)[d.cadres.desk]


def moved(d: Any, sc: Scenario) -> dict[str, float]:
    """Hours a day that each class has more than under layered, at the same staff."""
    heads = np.array([sc.streets + 2, d.departments.staff.sum(), len(d.cadres)])
    now = np.array([d.leaders.hours.sum(), d.departments.hours.sum(), d.cadres.hours.sum()])
    more = now - heads * d.now[0].paid
    more[np.abs(more) < 1e-9 * now] = 0.0
    return dict(zip(CLASSES, map(float, more), strict=True))
