"""What people work on: records of problems, causes, ideas for directives and their copies, core jobs, requests.

A thing's row in its table is its name. What is drawn beforehand, equal in all regimes, comes first in most records;
what happens to it later comes after. Work in a queue refers to any of them by one number: `At` says where each table
starts.
"""

from __future__ import annotations

from typing import Annotated

from .compiled import Row, columns, record, row_of

AT = record(**columns("copies jobs ideas causes none arrivals", "i8"))
"""Where tables start in the common numbering of things; problems come first, so that a problem's row is its number.
`none` is what work about no single thing refers to; it never ends. Behind `arrivals` problems are slots for trouble
that directives make."""

PROBLEM = record(
    **columns("born street resident fate calls bundled", "i4"), **columns("severity voice_luck luck given hours"),
    **columns("voiced called closed cause", "i4"), domains=("i2", (3,)),
    **columns("parts patience attempt ending", "i2"), **columns("reasonable authority life measured", "?"),
    **columns("tacit satisfaction before"))
"""A need of a resident; what is read most comes first, in one line of memory. resident: of the district; domains: the
first leads, −1 where there is no further one, `parts` how many; cause: −1 none; authority: only departments can solve
it; patience: days until it lapses; voice_luck: `LOGGED` if a case log says it was voiced, `INJECTED` if somebody made
it happen. fate: `Fate`; voiced, called, closed: days on which it was opened first and last, and ended, −1 not yet;
calls: how often opened; attempt: how often work on it has not helped; ending: how it ends today; bundled: the cause
for whose repair it waits, −1 none; measured: its last case was closed as solved; satisfaction: 1 yes, 0 no, with its
last case that ended, nan until one has; given: hours worked on it, before: of these, before the last call."""
LOGGED, INJECTED = -1.0, -2.0
"""Kinds of luck that is no luck: these needs are voiced in any case."""

CAUSE = record(street="i4", domains=("i4", (3,)), parts="i4", hours="f8", luck="f8", known="i4", stage="i4", seen="?")
"""What several problems of a street spring from; repaired once, the later ones do not arise. known: cases voiced so
far; stage: `Stage`; seen: whether somebody has recognised it."""

IDEA = record(born="i4", domain="i4", rank="i4", central="?", value="f8", luck="f8",
              course="i4", carrier="i4", mode="i4", alive="i4", weight="f8", parts="f8")
"""An idea for a directive. rank: its place among all, central ones first; course: `Course`; carrier: the idea that
carries its value, itself or the one it was merged into; mode: how its department hands it on; alive: copies that have
not ended; weight: value carried ÷ its own; parts: ideas in it."""

COPY = record(idea="i4", street="i4", domain="i4", course="i4", arrived="i4", deadline="i4", allowed="i4",
              pending_reports="i4", first_inspection="i4", inspected="i4", adapted="?", own="?",
              **columns("x s due clarity target resources exec_hours total_hours done_hours value_in_time value_got"))
"""A directive as one street has it; row = idea × streets + street. inspected: how often; own: carried out by its
department; x: what it prescribes; s: how far it fixes the how (specificity); due: days it may take; target: × the
idea's; resources: 0–1 that came along; value_in_time, value_got: share of its value got by its deadline, and in
all."""

JOB = record(born="i4", department="i4", street="i4", hours="f8", severity="f8", luck="f8", course="i4", pushed="i4")
"""A core job, a department's own work, which nobody voices. course: `Course`; pushed: `Pushed`."""

EMERGENCY = record(born="i4", street="i4", until="i4",
                   summoned="f8", first="f8", success="f8")
"""A sudden hazard. until: the day its command ends, −1 before it begins; summoned: share of the first
day in which departments were there; first, success: the chance, not a coin, that
its first hours and all of it go well, nan until known."""

REQUEST = record(thing="i4", department="i4", attempt="i4", raised="i4", first="i4", parts="i4", bound="?",
                 hazard="f8", limit="f8")
"""A request no department has accepted yet. thing: case or repair; raised: this attempt's day; first: the first's;
hazard: cumulated chance of acceptance; limit: where its luck lies."""

ANSWER = record(outstanding="i4", raised="i4", due="i4")
"""What a case or repair still waits for: departments that have not done their part; the day on which it was asked for;
the day by which they would answer in time, counted from when they were asked."""

PASSED = record(thing="i4", department="i4", answered="?")
"""What passed between a street and a department today: asked for a thing, or its part of it done."""

ERRAND = record(site="i4", act="i4", hours="f8", luck="f8")
"""Small coordinating work on its way to a desk."""

Problem = Annotated[Row, row_of(PROBLEM)]
Copy = Annotated[Row, row_of(COPY)]
Request = Annotated[Row, row_of(REQUEST)]
