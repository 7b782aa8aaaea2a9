"""What the baseline needs in plain Python: the rules on single numbers, keyed luck, the split of one agent's day."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType

import numpy as np

from agents.rules import SLOTS, Rules

_WORD = (1 << 64) - 1
_A, _B, _C = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class PlainNumbers:
    """Stands in for numpy within the default rules, so that the baseline is not charged numpy's cost per call."""

    exp, abs, minimum, maximum = math.exp, abs, min, max

    @staticmethod
    def clip(value, low, high):
        """A number held between two bounds."""
        return low if value < low else high if value > high else value

    @staticmethod
    def where(condition, then, otherwise):
        """One of two numbers."""
        return then if condition else otherwise


def plain_rules(rules: Rules) -> Rules:
    """The same rules for single numbers: defaults run on Python's floats, a rule of one's own as it is."""
    changed = {}
    for slot, field in SLOTS.items():
        rule = getattr(rules, slot)
        if slot == "split_attention":
            changed[slot] = split_day if rule is field.default else _one_agent(rule)
        elif rule is field.default:
            changed[slot] = FunctionType(rule.__code__, {**rule.__globals__, "np": PlainNumbers}, slot)
    return replace(rules, **changed)


def written_rules(rules: Rules) -> Rules:
    """The rules exactly as they stand, number by number; `split_attention` gets arrays of one agent."""
    return replace(rules, split_attention=_one_agent(rules.split_attention))


def _one_agent(rule: Callable) -> Callable:
    def split(weights, urgency, own, backlog, hours, kappa):
        rows = [np.array([v], float) for v in (weights, urgency, own, backlog)]
        return rule(*rows, np.array([hours], float), kappa)[0].tolist()
    return split


def split_day(weights, urgency, own, backlog, hours, kappa) -> list[float]:
    """`split_attention` for one agent, written without arrays."""
    pull = [max((w * u * o) ** kappa, 1e-12) if b > 0 else 0.0
            for w, u, o, b in zip(weights, urgency, own, backlog, strict=True)]
    given, room = [0.0] * len(pull), list(backlog)
    for _ in pull:
        factor, used, full = hours / max(sum(pull), 1e-300), 0.0, False
        for kind, force in enumerate(pull):
            share = force * factor
            take = min(share, room[kind])
            given[kind] += take
            used += take
            if force > 0 and share >= room[kind]:
                pull[kind], full = 0.0, True
            room[kind] -= take
        if not full:
            break
        hours -= used
    return given


class PlainLuck:
    """Luck in [0, 1) of (seed, purpose, keys …): the hash of docs/odd.md §4, written in whole numbers of Python."""

    def __init__(self, seed: int) -> None:
        self.seed, self.starts = seed, {}

    def __call__(self, purpose: str, *keys: int) -> float:
        """The luck of one thing."""
        state = self.starts.get(purpose)
        if state is None:
            state = 0
            for word in (self.seed & _WORD, zlib.crc32(purpose.encode())):
                state = _mix(state + word + _A)
            self.starts[purpose] = state
        for key in keys:
            state = _mix(state + (key + 1) * _A)
        return (state >> 11) * 2.0**-53


def _mix(z: int) -> int:
    z &= _WORD
    z = (z ^ (z >> 30)) * _B & _WORD
    z = (z ^ (z >> 27)) * _C & _WORD
    return z ^ (z >> 31)
