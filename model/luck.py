"""Keyed luck: a chance is a hash of what it concerns, never the next number of a stream.

The same thing has the same luck in every regime, whatever else happened, so paired runs differ only by their rules.
"""

from __future__ import annotations

import zlib

import numpy as np

# arrays without a dimension, which numpy takes in faster than scalars
_A, _B, _C = (np.array(word, np.uint64) for word in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_S1, _S2, _S3, _S4, _ONE = (np.array(word, np.uint64) for word in (30, 27, 31, 11, 1))


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator for what is drawn beforehand, one a purpose, so that purposes do not disturb each other."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


class Luck:
    """Uniform luck in [0, 1) of (seed, purpose, key, key, …); keys are whole-number arrays."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._starts: dict[str, np.ndarray] = {}
        self._tables: dict[tuple[str, int], np.ndarray] = {}

    def __call__(self, purpose: str, *keys) -> np.ndarray:
        """One luck for each element of the (broadcast) keys, as a 1-d array."""
        state = self._start(purpose)
        for key in keys:
            state = _mix(state + (np.array(key, np.uint64, ndmin=1) + _ONE) * _A)
        return (state >> _S4) * 2.0**-53

    def table(self, purpose: str, size: int) -> np.ndarray:
        """The luck of keys 0 … size − 1, computed once."""
        found = self._tables.get((purpose, size))
        if found is None:
            found = self._tables[purpose, size] = self(purpose, np.arange(size))
        return found

    def _start(self, purpose: str) -> np.ndarray:
        if purpose not in self._starts:
            words = [self._seed & 0xFFFFFFFFFFFFFFFF, zlib.crc32(purpose.encode())]
            state = np.zeros(1, np.uint64)
            for word in words:
                state = _mix(state + np.array([word], np.uint64) + _A)
            self._starts[purpose] = state
        return self._starts[purpose]


def _mix(z: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    z = (z ^ (z >> _S1)) * _B
    z = (z ^ (z >> _S2)) * _C
    return z ^ (z >> _S3)
