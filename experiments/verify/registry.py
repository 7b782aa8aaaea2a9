"""All checks by kind, and running those that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from languages.text import _, listed
from model.errors import InputError

from . import episodes, equal, facts, mechanisms, queueing, theory
from .check import Check, Maker

KINDS: dict[str, tuple[Maker, ...]] = {
    "theory": (*theory.MAKERS, *queueing.MAKERS), "neutrality": (equal.neutrality,),
    "conservation": (equal.conservation,), "fact": facts.MAKERS, "episode": episodes.MAKERS,
    "mechanism": mechanisms.MAKERS,
}
LONG = (facts.rest, *mechanisms.MAKERS)
"""Makers that take minutes: run with --full, or where they are asked for by name."""

SLOWEST = (facts.volunteers, episodes.adapting, episodes.slimming, equal.neutrality, facts.departments,
           episodes.double_reduction, episodes.landslide, facts.tails, facts.formalism, facts.hierarchy, facts.voice)
"""Makers that are begun first, so that none of them is left at the end with a core idle; neighbours share no runs."""


def chosen(only: str | None = None, full: bool = False) -> list[tuple[str, Maker]]:
    """Kind and maker of the checks asked for: a kind, a group such as `slotted_queue`, or all but the long ones.

    Raises:
        InputError: no such kind or group.
    """
    every = [(kind, maker) for kind, makers in KINDS.items() for maker in makers]
    alone = {kind for kind, makers in KINDS.items() if set(makers) <= set(LONG)}
    found = [(kind, maker) for kind, maker in every if only in (None, kind, maker.__name__, f"{kind}.{maker.__name__}")
             and (full or maker not in LONG or only in (maker.__name__, f"{kind}.{maker.__name__}", *alone))]
    if not found:
        names = [*KINDS, *(f"{k}.{m.__name__}" for k, m in every)]
        raise InputError(_("there is no check {only!r}; give one of {names}", only=only, names=listed(names)))
    return found


def made(kind: str, maker: Maker, quick: bool = False) -> Iterator[Check]:
    """The checks of one group."""
    for check in maker(quick):
        yield replace(check, kind=kind, ok=None if quick and check.open else check.ok)
