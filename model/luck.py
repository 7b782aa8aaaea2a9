"""Keyed luck: a chance is a hash of what it concerns, never the next number of a stream.

The same thing has the same luck in every regime, whatever else happened, so paired runs differ only by their rules.
"""

from __future__ import annotations

import zlib
from enum import IntEnum

import numpy as np

from agents.compiled import PLAIN, District, Word, compiled, entry

GAMMA, FIRST, SECOND = (np.uint64(word) for word in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
ONE, S1, S2, S3, S4 = (np.uint64(word) for word in (1, 30, 27, 31, 11))


Purpose = IntEnum("Purpose", """
    REFUSE INFLATE FIX FALSE_CLOSE PLATFORM ACCEPT RECOGNISE ADAPT HOUSEHOLD DISTURB INSPECT CHARGE PETITION
    DEPTH NEAREST SATISFIED TELL PASS_ON HELPER FIND MISGROUP OWN
""", start=0)
"""What luck is for."""


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator for what is drawn beforehand, one a purpose, so that purposes do not disturb each other."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def starts_of(seed: int) -> np.ndarray:
    """Where the hashes of every purpose start, for one seed."""
    return np.array([_start(seed, purpose.name.lower()) for purpose in Purpose], np.uint64)


def _start(seed: int, purpose: str) -> int:
    """The same hash as `mix`, of seed and purpose, in Python's whole numbers."""
    whole, state = 0xFFFFFFFFFFFFFFFF, 0
    for word in (seed, zlib.crc32(purpose.encode())):
        z = (state + (word & whole) + int(GAMMA)) & whole
        z = (z ^ (z >> 30)) * int(FIRST) & whole
        z = (z ^ (z >> 27)) * int(SECOND) & whole
        state = z ^ (z >> 31)
    return state


@compiled
def mix(state: Word, key: int) -> Word:
    """A hash one key further: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    z = state + (np.uint64(key) + ONE) * GAMMA
    z = (z ^ (z >> S1)) * FIRST
    z = (z ^ (z >> S2)) * SECOND
    return z ^ (z >> S3)


@compiled
def chance(state: Word) -> float:
    """A hash as a number in [0, 1)."""
    return (state >> S4) * 2.0**-53


@entry
def luck_of(d: District, purpose: int, key: int) -> float:
    """Luck in [0, 1) of a thing for a purpose that concerns it once."""
    return chance(mix(d.drawn.luck_starts[purpose], key))


@entry
def luck_of_turn(d: District, purpose: int, key: int, turn: int) -> float:
    """Luck of a thing for a purpose that concerns it again and again."""
    return chance(mix(mix(d.drawn.luck_starts[purpose], key), turn))


@entry
def luck_of_request(d: District, thing: int, department: int, attempt: int) -> float:
    """Luck of asking a department for a thing."""
    return chance(mix(mix(mix(d.drawn.luck_starts[Purpose.ACCEPT], thing), department), attempt))


if PLAIN:
    np.seterr(over="ignore")  # hashes are meant to run over
