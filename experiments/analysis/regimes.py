"""Which regimes of a folder are set against its first: all, unless one is asked for."""

from __future__ import annotations

from contextlib import suppress

from languages.text import ENGLISH, _, listed
from model.errors import InputError, near
from model.regimes import parse_regime, said

from ..store import Results


def chosen(results: Results, name: str | None = None) -> list[str]:
    """The regime asked for, in any spelling; all but the plan's first if None.

    Raises:
        InputError: the folder holds no such regime, or it is the one that others are compared with.
    """
    base, *others = results.plan.regimes
    if name is None:
        return others
    own = {said(other, ENGLISH): other for other in others if ":" in other}  # regimes of files go by their own names
    spelt = own.get(name) or _spelt(name)
    if spelt == base:
        raise InputError(_("--regime {name} is what the others are compared with; give one of {others}", name=name,
                           others=listed(others)))
    if spelt not in others:
        raise InputError(_("{folder} holds no regime {name!r}; {remedy}", folder=results.folder, name=name,
                           remedy=near(spelt, others)))
    return [spelt]


def named(results: Results) -> list[str]:
    """All but the first that the plan names itself; a factorial adds every subset of the switches to them."""
    spelt = {_spelt(name) for name in results.plan.compare.regimes}
    others = results.plan.regimes[1:]
    return [name for name in others if name in spelt] or list(others[-1:])


def _spelt(name: str) -> str:
    with suppress(InputError):
        return parse_regime(name).name
    return name
