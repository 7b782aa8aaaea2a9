"""What becomes of a run: its result, or what made it fail; and runs of one pair, one after the other."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from languages.text import say
from model.errors import text_of

from .codehash import code_hash
from .runs import common_days

Run = Callable[[Any], Any]
Numbered = tuple[int, Any]
"""A task and its place among all tasks."""


@dataclass(frozen=True)
class Outcome:
    """What became of one task: a result, or the sentence (also in Chinese) and traceback of its failure.

    `code` is the hash of the model's code in the process that ran it, None where that cannot say.
    """

    index: int
    result: Any = None
    error: str | None = None
    trace: str = ""
    seconds: float = 0.0
    error_zh: str | None = None
    code: str | None = None

    @property
    def ok(self) -> bool:
        """True if the run finished."""
        return self.error is None


def attempt(run: Run, index: int, task: Any) -> Outcome:
    """Run one task; whatever it raises becomes part of its outcome."""
    start = time.perf_counter()
    try:
        result = run(task)
    except (Exception, SystemExit) as error:  # a researcher's rule may call exit()
        trace = traceback.format_exc()
        traceback.clear_frames(error.__traceback__)  # the model of a failed run is in them
        return raised(index, error, trace, seconds=time.perf_counter() - start, code=code_hash())
    return Outcome(index, result, seconds=time.perf_counter() - start, code=code_hash())


def failed(index: int, said: str) -> Outcome:
    """The outcome of a task that failed."""
    return Outcome(index, error=str(said), error_zh=say(said, "zh"))


def raised(index: int, error: BaseException, trace: str, **more: Any) -> Outcome:
    """The outcome of a task that raised an error, told with the error's kind."""
    en, zh = (f"{type(error).__name__}: {say(text_of(error), lang)}".strip() for lang in ("en", "zh"))
    return Outcome(index, error=en, trace=trace, error_zh=zh, **more)


def in_pairs(tasks: Sequence[Any]) -> Iterator[list[Numbered]]:
    """Tasks with their places, neighbours of one pair together; a task that says no pair is one by itself."""
    for _, some in groupby(enumerate(tasks), lambda numbered: getattr(numbered[1], "pair", numbered[0])):
        yield list(some)


def attempt_pair(run: Run, pair: Iterable[Numbered]) -> Iterator[Outcome]:
    """Run the tasks of one pair one after the other; they share the days before the switch."""
    with common_days():
        for index, task in pair:
            yield attempt(run, index, task)


def run_pair(run: Run, pair: list[Numbered]) -> list[Outcome]:
    """Run the tasks of one pair (called on a worker)."""
    return list(attempt_pair(run, pair))
