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
LONG = ("mechanism",)
"""Kinds that take minutes, and are run where they are asked for by name."""


def chosen(only: str | None = None) -> list[tuple[str, Maker]]:
    """Kind and maker of the checks asked for: a kind, a group such as `slotted_queue`, or all.

    Raises:
        InputError: no such kind or group.
    """
    every = [(kind, maker) for kind, makers in KINDS.items() for maker in makers]
    found = [(kind, maker) for kind, maker in every
             if (only is None and kind not in LONG) or only in (kind, maker.__name__, f"{kind}.{maker.__name__}")]
    if not found:
        names = [*KINDS, *(f"{k}.{m.__name__}" for k, m in every)]
        raise InputError(_("there is no check {only!r}; give one of {names}", only=only, names=listed(names)))
    return found


def made(kind: str, maker: Maker, quick: bool = False) -> Iterator[Check]:
    """The checks of one group."""
    for check in maker(quick):
        yield replace(check, kind=kind)
