"""Cases that wait together (打包) for the repair of what they seem to have in common, none of them singly."""

from __future__ import annotations

from agents.compiled import District, compiled
from agents.work import NEVER, RESTING, Fate, Stage

from .assign import at_counter

NONE = -1
"""A case that waits for no repair."""


@compiled
def under_repair(stage: int) -> bool:
    """Whether departments have been asked to repair a cause, rightly or wrongly."""
    return stage == Stage.REPAIRING or stage == Stage.MISGROUPED


@compiled
def bundle(d: District, row: int, k: int) -> None:
    """A case waits for the repair of a cause."""
    p = d.problems[row]
    p.bundled, d.died[row] = k, RESTING
    if p.cause != k:
        d.register.misgrouped[d.now[0].misgrouped] = row
        d.now[0].misgrouped += 1


@compiled
def bundle_open_ones(d: District, k: int) -> None:
    """The open cases of a cause wait for its repair, but for those that the counter settles today."""
    for row in d.drawn.members[d.drawn.first_member[k]:d.drawn.first_member[k + 1]]:
        if d.problems[row].fate == Fate.OPEN and not at_counter(d, d.problems[row]):
            bundle(d, row, k)


@compiled
def release(d: District, k: int) -> None:
    """The repair of a cause was misgrouped or given up: its open cases are worked on singly again."""
    for row in d.drawn.members[d.drawn.first_member[k]:d.drawn.first_member[k + 1]]:
        set_free(d, row, k)
    release_misgrouped(d, k)


@compiled
def release_misgrouped(d: District, k: int) -> None:
    """A repair is over: what was wrongly put with it is worked on singly again."""
    wrong, now, kept = d.register.misgrouped, d.now[0], 0
    for row in wrong[:now.misgrouped]:
        set_free(d, row, k)
        if d.problems[row].bundled != NONE:
            wrong[kept] = row
            kept += 1
    now.misgrouped = kept


@compiled
def set_free(d: District, row: int, k: int) -> None:
    """A case no longer waits for this repair, nor, if it has ended, for any."""
    p = d.problems[row]
    if p.bundled == k and p.fate == Fate.OPEN:
        d.died[row] = NEVER
    if p.bundled == k or p.fate != Fate.OPEN:
        p.bundled = NONE
