"""Where people work: streets, and the desks inside them; how domains are cut into offices and desks."""

from __future__ import annotations

from typing import Annotated

from .compiled import Floats, Ints, Owner, Row, columns, record, row_of

PAPER, TARGETS, RESIDENTS, SOLVED = range(4)
"""Scores of a desk: reports in time, directives done in time, cases closed in time, cases solved."""

STREET = record(**columns("level distance expectation budget civic voiced idle volunteer_hours volunteers_used "
                          "help_today called_on overdue specificity knowledge ties"), live="i4", late="i4",
                **columns("cadres first_cadre residents first_resident", "i4"))
"""A street. level: where its residents' trust has relaxed to; distance: sum of their distances from it (see
`agents.resident`); expectation: sum; budget, civic: hours its residents have a month, and used this month; voiced:
calls of this week; idle: mean free hours of cadres today; called_on: share of residents called on this week;
overdue, specificity: share and mean of its live copies; ties: level kept at usual outreach;
cadres … first_resident: how many there are, and the first of them in the district's table."""

DESK = record(first_cadre="i4", cadres="i4", to_come="i4", repairing="i4", live="i4", central_live="i4",
              **columns("knowledge motivation residents_weight watched days_of_work case_days open_per_cadre central "
                        "wanted"),
              good=("i4", (4,)), every=("i4", (4,)),
              **columns("waiting press paid delivered", ("f8", (4,))))
"""A desk: where work queues, for the cadres who sit at it. to_come: how many of them have not worked yet today;
repairing: 1 + the cause for which it last asked a repair; knowledge, motivation, residents_weight, watched: means over
them, as they stood when the month began; open_per_cadre, central: live directives and live central works a cadre;
days_of_work, case_days: what waits, at today's pace, of cases ÷ `case_due`; wanted: hours of overheads and of work
due today; good, every: results of the month by score; waiting … delivered: hours of today by queued kind."""


class Structure(Owner):
    """How streets are cut: into the same offices everywhere, and into desks as they have cadres."""

    office_of_domain: Ints
    own_share: Floats
    """By site (street × domain): of the cadres at its desk, the share whose own domain it is."""
    desk_of_site: Ints
    """Desk of the district at which a site (street × domain) is worked on."""


Street = Annotated[Row, row_of(STREET)]
Desk = Annotated[Row, row_of(DESK)]
