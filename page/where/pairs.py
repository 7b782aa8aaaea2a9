"""Pairs of runs for the maps: two at a time for everybody, remembered by what they are made from, some made before."""

from __future__ import annotations

import gzip
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from experiments.codehash import code_hash
from experiments.engine import usable_cores
from model.measures import HEADLINES, MEASURES, WORTH

from ..compiling import COMPILING
from ..definition import Definition
from ..sides import build, release

KEPT = tuple(dict.fromkeys((*HEADLINES, *WORTH, "wait_p50", "authority")))
"""Measures that are remembered of a run."""
MOST = 20_000
"""Pairs remembered for all visitors, about 200 bytes each."""
SHIPPED = Path(__file__).parent / "shipped"
LOOK = 0.3
"""Seconds between two looks at whether anybody still wants it."""
Pair = np.ndarray
"""Sides × `KEPT`; NaN where undefined."""


class CancelError(Exception):
    """Nobody wants this run any more."""


def key_of(definition: Definition) -> str:
    """What a pair is remembered by: its link, with what links leave out."""
    (a, b), seed = definition.regimes, str(definition.seed)
    return urlencode(sorted({**definition.to_query(), "a": a, "b": b, "seed": seed}.items()))


def run_pair(definition: Definition, cancelled: Callable[[], bool] = lambda: False) -> Pair:
    """Both sides of a definition's seed to the end.

    Raises:
        CancelError: nobody wants it any more.
    """
    sides = build(definition)
    try:
        for m in sides:
            while m.day < m.scenario.horizon:
                if cancelled():
                    raise CancelError
                m.run(30)
        told = [m.measures() for m in sides]
        return np.array([[np.nan if one[k] is None else one[k] for k in KEPT] for one in told], float)
    finally:
        release(sides)


class Store:
    """The last pairs of all visitors, and what was made before by the same code."""

    def __init__(self) -> None:
        self._pairs: OrderedDict[str, Pair] = OrderedDict()
        self._shipped: dict[str, Pair] | None = None
        self._lock = threading.Lock()
        self._asked: dict[str, Pair] | None = None

    def watch(self, asked: dict[str, Pair]) -> None:
        """Note from now on in `asked` whatever is asked for and known."""
        self._asked = asked

    def get(self, definition: Definition) -> Pair | None:
        """A pair, if it is known."""
        key = key_of(definition)
        with self._lock:
            if self._shipped is None:
                self._shipped = read_shipped()
            pair = self._pairs.get(key, self._shipped.get(key))
            if self._asked is not None and pair is not None:
                self._asked[key] = pair
            return pair

    def put(self, definition: Definition, pair: Pair) -> None:
        """Remember a pair."""
        with self._lock:
            self._pairs[key_of(definition)] = pair
            if self._asked is not None:
                self._asked[key_of(definition)] = pair
            while len(self._pairs) > MOST:
                self._pairs.popitem(last=False)


def read_shipped(folder: Path = SHIPPED, code: str | None = None) -> dict[str, Pair]:
    """Pairs made before by this code; those of other code are left aside."""
    found: dict[str, Pair] = {}
    for path in sorted(folder.glob("*.json.gz")):
        told = json.loads(gzip.decompress(path.read_bytes()))
        if told["code"] == (code or code_hash()) and tuple(told["measures"]) == KEPT:
            found |= {key: np.array(pair, float) for key, pair in told["pairs"].items()}
    return found


STORE = Store()
_POOL: ThreadPoolExecutor | None = None


def _pool() -> ThreadPoolExecutor:
    global _POOL
    if _POOL is None:
        _POOL = ThreadPoolExecutor(max(1, usable_cores()), thread_name_prefix="pair")
    return _POOL


def run_all(wanted: Iterable[Definition], each: Callable[[Definition, Pair | None], None],
            stop: threading.Event) -> None:
    """Have pairs run in their order, as many at a time as there are cores; `each` gets those done, None if one failed.

    `wanted` may be a generator that looks at what came before. Ends early where `stop` is set.
    """
    going: dict[Future, Definition] = {}
    rest = iter(wanted)
    while not COMPILING.wait(LOOK):
        if stop.is_set():
            return
    while not stop.is_set():
        while len(going) < usable_cores():
            one = next(rest, None)
            if one is None:
                break
            known = STORE.get(one)
            if known is None:
                going[_pool().submit(run_pair, one, stop.is_set)] = one
            else:
                each(one, known)
            if stop.is_set():
                return
        if not going:
            return
        done, _left = wait(going, LOOK, FIRST_COMPLETED)
        for future in done:
            _take(going.pop(future), future, each)


def _take(one: Definition, future: Future, each: Callable[[Definition, Pair | None], None]) -> None:
    try:
        pair = future.result()
    except CancelError:
        return
    except Exception:  # whatever a model raises: the cell says that it could not be run
        each(one, None)
        return
    STORE.put(one, pair)
    each(one, pair)


def differences(pairs: list[Pair], outcome: str, worth: float = 1.0) -> tuple[list[float], list[float]]:
    """A's and B's values of an outcome: a measure, or `worth`: cases, directives and `worth` × core jobs."""
    if outcome == "worth":
        weights = np.zeros(len(KEPT))
        weights[[KEPT.index(name) for name in WORTH]] = (1.0, 1.0, worth)
        return tuple([float(np.nansum(p[side] * weights)) for p in pairs] for side in (0, 1))
    at = KEPT.index(outcome)
    return tuple([float(p[side][at]) for p in pairs] for side in (0, 1))


def direction_of(outcome: str) -> int:
    """+1 where more is better."""
    return 1 if outcome == "worth" else MEASURES[outcome].direction
