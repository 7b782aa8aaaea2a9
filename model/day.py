"""A day of the model in the order of its phases."""

from __future__ import annotations

from agents.compiled import District, entry

from .cases import route
from .directives import issue_and_transmit, lapse_ideas
from .emergencies import begin_emergencies
from .endings import close
from .jobs import begin_jobs
from .labour import cadres_work, departments_work
from .month import look_back
from .needs import begin_needs, hear_residents
from .patrol import notice_needs
from .record import note_standing
from .room import has_room


@entry
def one_day(d: District) -> None:
    """A working day: the table of contents of the model."""
    arise(d)
    issue_and_transmit(d)
    hear_residents(d)
    notice_needs(d)
    route(d)
    departments_work(d)
    cadres_work(d)
    close(d)
    look_back(d)


@entry
def run_days(d: District, days: int) -> int:
    """Run so many days at once, if nothing has to happen between them; fewer if queues need room. Returns how many."""
    for done in range(days):
        if not has_room(d):
            return done
        one_day(d)
        note_standing(d)
    return days


@entry
def arise(d: District) -> None:
    """What the day brings: ideas lapse, and problems, core jobs and emergencies come."""
    d.now[0].passed = 0
    lapse_ideas(d)
    begin_needs(d)
    begin_jobs(d)
    begin_emergencies(d)
