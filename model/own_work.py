"""Directives that departments carry out themselves (ten years ago, essay §3), and people whom they sent to streets."""

from __future__ import annotations

from agents.compiled import District, Ints, compiled
from agents.lists import append
from agents.work import CENTRAL, PLAIN, Act, Class, Course

from .assign import add_to_department
from .luck import Purpose, luck_of
from .street import end_copy


@compiled
def carries_out(d: District, row: int) -> bool:
    """Whether its department carries an idea out itself."""
    return luck_of(d, Purpose.OWN, row) < d.powers[0].own_policy


@compiled
def carry_out(d: District, row: int) -> None:
    """A department carries a directive out itself, street by street: nobody reports, nobody is inspected."""
    sc, now, idea, streets = d.scenario[0], d.now[0], d.ideas[row], len(d.streets)
    for k in range(row * streets, (row + 1) * streets):
        c = d.copies[k]
        now.who, now.row = Class.COPY, k
        c.own, c.course, c.arrived, c.resources = True, Course.LIVE, now.day, 1.0
        c.allowed = max(int(round(c.due)), 2)
        c.deadline = now.day + c.allowed
        c.exec_hours = d.rules.execution_hours(c.target, c.resources, sc.h_exec)
        c.total_hours = c.exec_hours
        add_to_department(d, c.domain, Act.OWN, d.at[0].copies + k, c.exec_hours / sc.reach, c.allowed,
                          CENTRAL if idea.central else PLAIN, idea.luck)
        append(d.live, k)
    idea.alive = streets


@compiled
def end_own(d: District, copies: Ints) -> None:
    """What departments have carried out is done."""
    for k in copies:
        if d.copies[k].course == Course.LIVE:
            end_copy(d, k, Course.DONE)
